-- A row is a person of the team environment who administers the business.
create table team_members (
    business_id text   not null references businesses (id),
    user_id     text   not null references users (id) on delete cascade,
    role        text   not null, -- 'owner', 'admin'
    created_at  bigint not null,
    primary key (business_id, user_id)
);

-- A row is a one-time link with which the owner sets up their account.
create table setup_links (
    token_hash  text   not null primary key,
    business_id text   not null references businesses (id),
    sealed_token text  not null, -- so that a repeated set-up prints the same link
    used_at     bigint,
    expires_at  bigint not null,
    created_at  bigint not null
);
