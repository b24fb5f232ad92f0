-- A row is a key pair with which an environment signs tokens. The oldest that isn't retired yet signs; the others are shown
-- to verifiers, a retired one until `expires_at`. `retired_at` may lie ahead: until then the next key is only announced.
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

-- Of two nodes that make the first or the next key at once, one succeeds.
create unique index signing_keys_newest_key on signing_keys (environment_id) where retired_at is null;
