-- How a workflow says no to a password: how long it takes, and the text that it puts under the field.
alter table drip_feed_health add column workflow_ms bigint not null default 0;
alter table drip_feed_health add column workflow_says text;
