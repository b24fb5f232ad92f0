-- A row is the repository that the workflows of an environment come from.
create table workflow_repositories (
    id             text    not null primary key,
    environment_id text    not null references environments (id),
    url            text    not null, -- without a name and a password
    branch         text    not null,
    token          text,             -- sealed; what a private repository asks for
    hook_secret    text    not null, -- sealed; what the repository's server signs its pushes with
    is_polled      boolean not null, -- whether the branch is looked at now and then
    n_requested    bigint  not null, -- how many syncs were asked for
    n_forced       bigint  not null, -- the last of them that deploys also what was tried before
    n_answered     bigint  not null, -- the last of them that was done
    live_commit    text,             -- the last commit that was deployed
    tried_commit   text,             -- the last commit that was built, rightly or not
    checked_at     bigint,           -- when the branch was last looked at
    next_poll_at   bigint  not null,
    leased_until   bigint,           -- while a node works on it
    created_at     bigint  not null,
    created_by     text    not null
);

create unique index workflow_repositories_environment_key on workflow_repositories (environment_id);

-- A row is a sync: a commit that was deployed, or why it was not.
create table workflow_syncs (
    id            text   not null primary key,
    repository_id text   not null references workflow_repositories (id) on delete cascade,
    cause         text   not null, -- 'request', 'push', 'poll'
    commit_id     text,            -- null where the repository could not be read
    code          text,            -- what went wrong, a stable code; null where it was deployed
    message       text,            -- the same in words
    findings      text   not null, -- JSON [finding]: the build log
    deployment_id text,
    started_at    bigint not null,
    ended_at      bigint not null
);

create index workflow_syncs_repository_idx on workflow_syncs (repository_id, id);
