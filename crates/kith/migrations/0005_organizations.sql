-- A row is an organization: a customer of the business, a tenant.
create table organizations (
    id                         text    not null primary key, -- the `org_…` code
    environment_id             text    not null references environments (id),
    name                       text    not null,
    handle                     text,
    external_id                text,
    is_default                 boolean not null,
    is_auto_membership_enabled boolean not null, -- whoever passes its code may join
    is_suspended               boolean not null,
    suspended_at               bigint,
    created_at                 bigint  not null,
    updated_at                 bigint  not null
);

create unique index organizations_handle_key on organizations (environment_id, handle) where handle is not null;
create unique index organizations_external_id_key on organizations (environment_id, external_id) where external_id is not null;
create unique index organizations_default_key on organizations (environment_id) where is_default;

-- A row is a person's membership of an organization.
create table members (
    organization_id   text   not null references organizations (id) on delete cascade,
    user_id           text   not null references users (id) on delete cascade,
    last_signed_in_at bigint,
    created_at        bigint not null,
    primary key (organization_id, user_id)
);

create index members_user_idx on members (user_id);
