-- A row is an import: one attempt to bring people in from one export, remembered for good.
create table import_runs (
    id              text    not null primary key,
    environment_id  text    not null references environments (id),
    source          text    not null,
    state           text    not null, -- 'uploading', 'checking', 'checked', 'running', 'stopped', 'finished', 'failed', 'cancelled', 'undoing', 'undone'
    is_dry_run      boolean not null,
    options         text    not null, -- JSON, sealed: parameters of hashes may be keys
    files           text    not null, -- JSON: name, role, bytes, digest of each file
    n_records       bigint  not null, -- records read so far
    n_created       bigint  not null,
    n_updated       bigint  not null,
    n_unchanged     bigint  not null,
    n_refused       bigint  not null,
    n_warnings      bigint  not null,
    findings        text    not null, -- JSON: sign-in outlook, schemes, refusals by code, suspicious mappings
    bytes_read      bigint  not null, -- of all files, as they are on disk
    file_position   bigint  not null, -- index of the file being read
    record_position bigint  not null, -- records of that file already committed
    error_code      text,
    error_message   text,
    started_by      text    not null,
    owner           text,             -- a token of whoever works on it
    lease_until     bigint,           -- until when they are waited for; of files that wait for a decision, until when they are kept
    created_at      bigint  not null,
    started_at      bigint,
    finished_at     bigint
);

create index import_runs_environment_idx on import_runs (environment_id, id);

-- A row is a file that is uploaded for an import: on its way, or whole. It goes when the run is over, after its pieces.
create table import_uploads (
    run_id   text   not null references import_runs (id) on delete cascade,
    file     bigint not null, -- which one of the run, from 0
    name     text   not null,
    received bigint not null, -- so many bytes of it are here
    bytes    bigint,          -- its size, where somebody has said it
    primary key (run_id, file)
);

-- A row is a piece of an uploaded file. Each piece begins where the one before ends.
create table import_chunks (
    run_id   text   not null references import_runs (id) on delete cascade,
    file     bigint not null,
    position bigint not null, -- how many bytes of the file lie before
    content  bytea  not null,
    primary key (run_id, file, position)
);

-- A row is a row of the file that did not go in, and why.
create table import_refusals (
    run_id      text   not null references import_runs (id) on delete cascade,
    file        bigint not null,
    number      bigint not null,
    line        bigint not null,
    column_name text,
    code        text   not null,
    reason      text   not null,
    content     text   not null, -- the row, secrets blanked
    is_warning  boolean not null,
    primary key (run_id, file, number, code)
);

-- A row is another id that a person had in the former system, such as that of an account that was linked to theirs.
create table former_ids (
    environment_id text not null references environments (id),
    former_id      text not null,
    user_id        text not null references users (id) on delete cascade,
    primary key (environment_id, former_id)
);

create index former_ids_user_idx on former_ids (user_id);
