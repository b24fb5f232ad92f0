-- A row is a set of files that was deployed, once for each content.
create table workflow_bundles (
    environment_id text   not null references environments (id),
    hash           text   not null, -- SHA-256 of `files`, hex
    files          bytea  not null, -- JSON {path: text}, gzip
    created_at     bigint not null,
    primary key (environment_id, hash)
);

-- A row is a workflow: code of the business that runs when something happens here.
create table workflows (
    id              text   not null primary key,
    environment_id  text   not null references environments (id),
    code            text   not null, -- the id that its author gave it
    name            text   not null,
    fires_on        text   not null, -- the trigger's id
    live_version_id text,            -- the version that runs; null while none does
    created_at      bigint not null,
    updated_at      bigint not null
);

create unique index workflows_code_key on workflows (environment_id, code);
create unique index workflows_trigger_key on workflows (environment_id, fires_on) where live_version_id is not null;

-- A row is a version of a workflow: one deployment of its code.
create table workflow_versions (
    id             text   not null primary key,
    workflow_id    text   not null references workflows (id) on delete cascade,
    number         bigint not null, -- from 1, in the order of deployment
    deployment_id  text   not null, -- what was deployed together
    state          text   not null, -- 'live', 'deployed', 'deactivated', 'failed', 'processing', 'draft'
    bundle_hash    text   not null,
    entry          text   not null, -- the file that is the workflow
    settings       text   not null, -- JSON
    build_log      text   not null, -- JSON [finding]
    source         text   not null, -- JSON {kind, …}: where the files came from
    deployed_by    text   not null,
    created_at     bigint not null
);

create unique index workflow_versions_number_key on workflow_versions (workflow_id, number);
create index workflow_versions_bundle_idx on workflow_versions (bundle_hash);

-- A row is a key with which a workflow encrypts what it sends.
create table workflow_keys (
    id          text    not null primary key,
    workflow_id text    not null references workflows (id) on delete cascade,
    secret      text    not null, -- sealed
    encoding    text    not null, -- 'base64url', 'base64'
    is_active   boolean not null,
    created_at  bigint  not null
);

create unique index workflow_keys_active_key on workflow_keys (workflow_id) where is_active;

-- A row is a variable that workflows of an environment can read.
create table environment_variables (
    id             text    not null primary key,
    environment_id text    not null references environments (id),
    key            text    not null,
    value          text    not null, -- sealed where it is a secret
    is_secret      boolean not null,
    created_at     bigint  not null,
    updated_at     bigint  not null
);

create unique index environment_variables_key_key on environment_variables (environment_id, key);

-- A row counts the changes of what runs in an environment, so that every node notices them.
create table workflow_revisions (
    environment_id text   not null primary key references environments (id),
    revision       bigint not null
);
