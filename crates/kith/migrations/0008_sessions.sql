-- A row is a browser in which somebody is signed in.
create table sessions (
    id             text    not null primary key,
    environment_id text    not null references environments (id),
    token_hash     text    not null, -- SHA-256 of the cookie
    user_id        text    not null references users (id) on delete cascade,
    application_id text,             -- where the sign-in began
    is_persistent  boolean not null,
    authenticated_at bigint not null,
    last_seen_at   bigint  not null,
    idle_expires_at bigint not null,
    expires_at     bigint  not null,
    initial_ip     text    not null,
    initial_user_agent text not null,
    last_ip        text    not null,
    last_user_agent text   not null,
    created_at     bigint  not null
);

create unique index sessions_token_hash_key on sessions (token_hash);
create index sessions_user_idx on sessions (user_id);

-- A row is a sign-in, sign-up or recovery under way, bound to the browser that began it.
create table sign_ins (
    id             text   not null primary key,
    environment_id text   not null references environments (id),
    browser_hash   text   not null, -- SHA-256 of the browser-trust cookie
    step           text   not null, -- JSON, the state machine
    request        text   not null, -- JSON, what it was begun for
    revision       bigint not null, -- counts up with each step: two answers to one page can't both count
    expires_at     bigint not null,
    created_at     bigint not null
);

create index sign_ins_expires_idx on sign_ins (expires_at);
