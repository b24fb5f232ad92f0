-- A row is a permission of the business.
create table permissions (
    id          text   not null primary key,
    business_id text   not null references businesses (id),
    key         text   not null,
    name        text   not null,
    description text,
    created_at  bigint not null
);

create unique index permissions_key_key on permissions (business_id, key);

-- A row is a role of the business: a named set of permissions.
create table roles (
    id              text    not null primary key,
    business_id     text    not null references businesses (id),
    key             text    not null,
    name            text    not null,
    description     text,
    is_default_role boolean not null, -- given to people who sign up
    assignment_permission_id text references permissions (id) on delete set null, -- what giving it to others asks for
    created_at      bigint  not null
);

create unique index roles_key_key on roles (business_id, key);

-- A row: the role has the permission.
create table role_permissions (
    role_id       text not null references roles (id) on delete cascade,
    permission_id text not null references permissions (id) on delete cascade,
    primary key (role_id, permission_id)
);

create index role_permissions_permission_idx on role_permissions (permission_id);

-- A row: the member has the role in the organization.
create table member_roles (
    organization_id text   not null,
    user_id         text   not null,
    role_id         text   not null references roles (id) on delete cascade,
    created_at      bigint not null,
    primary key (organization_id, user_id, role_id),
    foreign key (organization_id, user_id) references members (organization_id, user_id) on delete cascade
);

create index member_roles_role_idx on member_roles (role_id);

-- A row: the member has the permission in the organization, beyond those of the roles.
create table member_permissions (
    organization_id text   not null,
    user_id         text   not null,
    permission_id   text   not null references permissions (id) on delete cascade,
    created_at      bigint not null,
    primary key (organization_id, user_id, permission_id),
    foreign key (organization_id, user_id) references members (organization_id, user_id) on delete cascade
);

create index member_permissions_permission_idx on member_permissions (permission_id);
