-- A row is an application: an OAuth client. Its id is the client id.
create table applications (
    id                             text    not null primary key,
    environment_id                 text    not null references environments (id),
    name                           text    not null,
    kind                           text    not null, -- 'reg', 'spa', 'm2m', 'device'
    secret                         text,             -- sealed; null where the kind has none
    previous_secret                text,             -- sealed; still accepted after a rotation that keeps it
    login_uri                      text,
    homepage_uri                   text,
    is_builtin                     boolean not null, -- made by Kith for itself (the dashboard)
    access_token_lifetime          bigint  not null, -- seconds, as all lifetimes here
    id_token_lifetime              bigint  not null,
    refresh_token_lifetime         bigint  not null,
    authenticated_session_lifetime bigint  not null,
    created_at                     bigint  not null,
    updated_at                     bigint  not null
);

create index applications_environment_idx on applications (environment_id, name, id);

-- Kith makes one of a kind for itself; of two nodes that do so at once, one succeeds.
create unique index applications_builtin_key on applications (environment_id, kind) where is_builtin;

-- A row is an address to which an application lets people be sent: kind 'callback' or 'logout'.
create table application_urls (
    application_id text   not null references applications (id) on delete cascade,
    kind           text   not null,
    url            text   not null,
    position       bigint not null,
    primary key (application_id, kind, url)
);

-- A row is an API that accepts our access tokens.
create table apis (
    id                text    not null primary key,
    environment_id    text    not null references environments (id),
    name              text    not null,
    audience          text    not null,
    is_management_api boolean not null,
    created_at        bigint  not null
);

create unique index apis_audience_key on apis (environment_id, audience);
create unique index apis_management_key on apis (environment_id) where is_management_api;

-- A row is a scope that an API knows.
create table api_scopes (
    id          text   not null primary key,
    api_id      text   not null references apis (id) on delete cascade,
    key         text   not null,
    description text,
    created_at  bigint not null
);

create unique index api_scopes_key_key on api_scopes (api_id, key);

-- A row: the application may ask for tokens for the API.
create table api_applications (
    api_id         text   not null references apis (id) on delete cascade,
    application_id text   not null references applications (id) on delete cascade,
    created_at     bigint not null,
    primary key (api_id, application_id)
);

create index api_applications_application_idx on api_applications (application_id);

-- A row: the application may use the scope.
create table api_application_scopes (
    application_id text   not null references applications (id) on delete cascade,
    scope_id       text   not null references api_scopes (id) on delete cascade,
    created_at     bigint not null,
    primary key (application_id, scope_id)
);

create index api_application_scopes_scope_idx on api_application_scopes (scope_id);
