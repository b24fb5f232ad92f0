-- A row is what a person proved themselves with in the former system beside a password: an authenticator app's secret, a recovery
-- code, a passkey.
create table former_credentials (
    user_id    text   not null references users (id) on delete cascade,
    kind       text   not null, -- 'totp', 'recovery_code', 'passkey'
    number     bigint not null, -- which of the person's of this kind, from 0
    content    text   not null, -- JSON, sealed
    created_at bigint not null,
    primary key (user_id, kind, number)
);
