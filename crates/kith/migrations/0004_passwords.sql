-- A row is a person's password: one a person, whatever the number of identities.
create table passwords (
    user_id         text    not null primary key references users (id) on delete cascade,
    scheme          text    not null,
    encoded         text    not null,
    params          text,             -- JSON of what verification needs besides, sealed when it holds a key
    is_temporary    boolean not null,
    is_proved       boolean not null, -- a sign-in has succeeded with it
    imported_digest text,             -- SHA-256 of the hash as imported: tells a repeated import from a new one
    set_by          text    not null, -- 'import', 'user', 'api', 'dashboard'
    cohort          bigint,           -- which passwords came in together and are hashed alike; null when it was set here
    created_at      bigint  not null,
    updated_at      bigint  not null
);

-- A row is a one-time code that was sent. Only its hash is kept; a newer one for the same purpose replaces it.
create table one_time_codes (
    id             text   not null primary key,
    environment_id text   not null references environments (id),
    subject        text   not null, -- whom and what it proves, e.g. 'sign_in:<flow id>'
    code_hash      text   not null,
    attempts_left  bigint not null,
    expires_at     bigint not null,
    created_at     bigint not null
);

create unique index one_time_codes_subject_key on one_time_codes (environment_id, subject);

-- A row counts failures in a row for one identifier, whether anybody has it or not.
create table lockouts (
    environment_id text   not null references environments (id),
    subject        text   not null, -- SHA-256 of the folded identifier
    failures       bigint not null,
    locked_until   bigint,
    updated_at     bigint not null,
    primary key (environment_id, subject)
);
