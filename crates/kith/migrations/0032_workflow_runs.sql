-- A row is a run of a workflow. Secrets were taken out before it was written.
create table workflow_runs (
    id             text   not null primary key,
    environment_id text   not null references environments (id),
    workflow_id    text   not null references workflows (id) on delete cascade,
    version_id     text   not null,
    fires_on       text   not null,
    outcome        text   not null, -- 'succeeded', 'denied', 'invalidated', 'failed', 'failed_and_went_on'
    duration_ms    bigint not null,
    document       text   not null, -- JSON {event, lines, calls, effects, failure, usage}
    search         text   not null, -- what people search in, in small letters
    created_at     bigint not null
);

create index workflow_runs_environment_idx on workflow_runs (environment_id, id);
create index workflow_runs_workflow_idx on workflow_runs (workflow_id, id);
