-- A row is a business: the company that runs this installation. Roles and permissions belong to it.
create table businesses (
    id         text   not null primary key,
    name       text   not null,
    created_at bigint not null
);

-- A row is an environment of a business: its own issuer, keys, users and applications.
-- `code` is 'production', 'team' (where the people who administer the business live) or one chosen later.
create table environments (
    id          text   not null primary key,
    business_id text   not null references businesses (id),
    code        text   not null,
    name        text   not null,
    created_at  bigint not null
);

create unique index environments_code_key on environments (business_id, code);

-- A row is one group of settings of an environment, as a JSON document; what is absent has its default.
create table settings (
    environment_id text   not null references environments (id),
    name           text   not null,
    document       text   not null,
    updated_at     bigint not null,
    primary key (environment_id, name)
);
