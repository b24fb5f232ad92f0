-- A row is a key pair with which an environment signs tokens. The newest without `retired_at` signs;
-- a retired one still verifies until `expires_at`.
create table signing_keys (
    id             text   not null primary key,
    environment_id text   not null references environments (id),
    kid            text   not null,
    private_key    text   not null, -- PKCS#8, sealed with the secret key
    public_jwk     text   not null,
    created_at     bigint not null,
    retired_at     bigint,
    expires_at     bigint
);

create unique index signing_keys_kid_key on signing_keys (environment_id, kid);
