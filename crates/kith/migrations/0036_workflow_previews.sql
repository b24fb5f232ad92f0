-- A sign-in that began with a preview link, and the code that it ends with, know which deployment is previewed; a run says whether it was
-- one of a preview.
alter table sign_ins add column preview_deployment_id text;
alter table authorization_codes add column preview_deployment_id text;
alter table workflow_runs add column is_preview boolean not null default false;
