-- A row is an authorization: what one sign-in gave one application. All its tokens fall with it, and it falls with the
-- session in which it was given: whoever signs out is signed out of everything.
create table grants (
    id              text   not null primary key,
    environment_id  text   not null references environments (id),
    application_id  text   not null references applications (id) on delete cascade,
    user_id         text   not null references users (id) on delete cascade,
    session_id      text   not null references sessions (id) on delete cascade,
    organization_id text,
    scopes          text   not null, -- space separated
    audiences       text   not null, -- space separated
    authenticated_at bigint not null,
    revoked_at      bigint,
    expires_at      bigint not null,
    created_at      bigint not null
);

create index grants_application_idx on grants (application_id);
create index grants_user_idx on grants (user_id);
create index grants_session_idx on grants (session_id);
create index grants_expires_idx on grants (expires_at);

-- A row is an authorization code: one use, a minute long.
create table authorization_codes (
    code_hash      text   not null primary key,
    grant_id       text   not null references grants (id) on delete cascade,
    redirect_uri   text   not null,
    challenge      text,             -- PKCE S256
    nonce          text,
    expires_at     bigint not null,
    used_at        bigint,
    created_at     bigint not null
);

create index authorization_codes_grant_idx on authorization_codes (grant_id);
create index authorization_codes_unused_idx on authorization_codes (expires_at) where used_at is null;

-- A row is a refresh token. A used one stays to tell a replay from a parallel request.
create table refresh_tokens (
    token_hash text   not null primary key,
    grant_id   text   not null references grants (id) on delete cascade,
    expires_at bigint not null,
    used_at    bigint,
    created_at bigint not null
);

create index refresh_tokens_grant_idx on refresh_tokens (grant_id);
create index refresh_tokens_expires_idx on refresh_tokens (expires_at);

-- A row ties an access token to its grant, so that both fall together.
create table access_tokens (
    jti        text   not null primary key,
    grant_id   text   not null references grants (id) on delete cascade,
    expires_at bigint not null
);

create index access_tokens_grant_idx on access_tokens (grant_id);
create index access_tokens_expires_idx on access_tokens (expires_at);

-- A row is a token that was revoked by itself before its time.
create table revoked_tokens (
    jti            text   not null primary key,
    environment_id text   not null references environments (id),
    expires_at     bigint not null
);
