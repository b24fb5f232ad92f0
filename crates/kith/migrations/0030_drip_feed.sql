-- A row is how the old system of an environment does.
create table drip_feed_health (
    environment_id text   not null primary key references environments (id),
    failures       bigint not null, -- checks in a row that it has left open
    paused_until   bigint,          -- until when it is left alone, where it is
    typical_ms     bigint not null  -- how long it takes to say no
);

-- A row is a question that the old system is asked, or has just answered. Whoever would ask the same waits for it.
create table drip_feed_questions (
    environment_id text   not null references environments (id),
    fingerprint    text   not null, -- keyed digest of who and which password
    asked_by       text   not null, -- whoever asks it
    answer         text,            -- null until there is one
    expires_at     bigint not null,
    primary key (environment_id, fingerprint)
);

create index drip_feed_questions_expiry_idx on drip_feed_questions (expires_at);

-- A row is a check of a password at the old system.
create table drip_feed_checks (
    id             text   not null primary key,
    environment_id text   not null references environments (id),
    connector      text   not null, -- 'auth0' …, or 'workflow'
    door           text   not null, -- 'sign_in' or 'sign_up'
    outcome        text   not null, -- 'moved', 'wrong', 'locked', 'too_many', 'slow', 'down', 'unclear' or 'refused'
    reason         text,            -- what happened, where that helps; no secrets, nobody's name
    user_id        text,            -- who was moved
    took_ms        bigint not null,
    checked_at     bigint not null
);

create index drip_feed_checks_time_idx on drip_feed_checks (environment_id, checked_at);
create index drip_feed_checks_moved_idx on drip_feed_checks (environment_id, checked_at) where outcome = 'moved';
