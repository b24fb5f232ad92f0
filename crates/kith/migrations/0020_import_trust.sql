-- A row is a person whose imported password was right for the first time: what shows that the hashes of a cohort work.
-- It stays when the person chooses another password, or leaves.
create table password_proofs (
    cohort    bigint not null,
    user_id   text   not null,
    proved_by text   not null, -- 'sign_in', or 'pair': a known password that somebody gave
    proved_at bigint not null,
    primary key (cohort, user_id)
);

-- A row says what a cohort is: passwords of one import, of one scheme with the same parameters.
create table import_cohorts (
    id         bigint not null primary key,
    run_id     text   not null references import_runs (id) on delete cascade,
    scheme     text   not null,
    parameters text   not null, -- for people, such as 'cost 10'; empty where there are none
    strength   text   not null, -- 'weak', 'fair' or 'strong'
    is_salted  boolean not null
);

create index import_cohorts_run_idx on import_cohorts (run_id);

-- A row is what somebody was before an import changed them, so that it can be undone. It goes with the person.
create table import_journal (
    run_id      text not null references import_runs (id) on delete cascade,
    user_id     text not null references users (id) on delete cascade,
    former      text,          -- JSON of the person's rows, sealed; null when this import had made the person
    fingerprint text not null, -- of the person as the import left them: whoever differs from it has changed since
    primary key (run_id, user_id)
);

create index import_journal_user_idx on import_journal (user_id);

-- A row is somebody whom undoing an import left as they are.
create table import_kept (
    run_id  text not null references import_runs (id) on delete cascade,
    user_id text not null references users (id) on delete cascade,
    reason  text not null, -- 'signed_in' or 'changed' since
    primary key (run_id, user_id)
);

create index import_kept_user_idx on import_kept (user_id);
