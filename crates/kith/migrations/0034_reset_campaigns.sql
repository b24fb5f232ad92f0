-- A row is a campaign: everybody who is still to move is written to, once, and told how to choose a new password.
create table reset_campaigns (
    id             text   not null primary key,
    environment_id text   not null references environments (id),
    link           text   not null, -- where the mail leads
    per_minute     bigint not null, -- how many mails are written a minute, at most
    state          text   not null, -- 'running', 'stopped' or 'done'
    last_user_id   text   not null, -- whoever comes up to here in the order of ids has had their turn; '' before the first
    n_written      bigint not null,
    next_at        bigint not null, -- when the next mails are written
    started_at     bigint not null,
    ended_at       bigint
);

create unique index reset_campaigns_running_key on reset_campaigns (environment_id) where state = 'running';
create index reset_campaigns_environment_idx on reset_campaigns (environment_id, id);
