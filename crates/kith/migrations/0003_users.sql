-- A row is a person in one environment.
create table users (
    id                          text    not null primary key,
    environment_id              text    not null references environments (id),
    provided_id                 text,             -- the id that the person had in the former system
    given_name                  text,
    family_name                 text,
    folded_name                 text    not null, -- both names, folded for search
    picture                     text,
    locale                      text,             -- the language that they read, a BCP 47 tag
    is_suspended                boolean not null,
    suspended_until             bigint,           -- when a suspension that ends by itself ends or has ended
    is_password_reset_requested boolean not null,
    source                      text    not null, -- where the person came from: 'sign_up', 'api', 'dashboard', or an import source such as 'auth0'
    import_run_id               text,
    properties                  text,             -- JSON object of what the former system knew besides, or null
    total_sign_ins              bigint  not null,
    failed_sign_ins             bigint  not null,
    last_signed_in_at           bigint,
    created_at                  bigint  not null,
    updated_at                  bigint  not null
);

create unique index users_provided_id_key on users (environment_id, provided_id) where provided_id is not null;
create index users_environment_idx on users (environment_id, id);

-- Those who were brought by an import and have signed in since: counted on the dashboard's first page.
create index users_arrived_idx on users (environment_id) where import_run_id is not null and total_sign_ins > 0;

-- A row is a name by which a person is known: an e-mail address, a phone number, a username, an account elsewhere.
create table identities (
    id                 text    not null primary key,
    environment_id     text    not null references environments (id),
    user_id            text    not null references users (id) on delete cascade,
    kind               text    not null, -- 'email', 'phone', 'username', or 'oauth2:<provider>'
    value              text    not null, -- as it was typed
    folded             text    not null, -- as it is compared
    digest             text    not null, -- of environment, kind and folded: what is unique, in 16 characters
    is_verified        boolean not null,
    is_primary         boolean not null,
    profile            text,             -- JSON, what a social provider said
    total_sign_ins     bigint  not null,
    last_signed_in_at  bigint,
    created_at         bigint  not null
);

-- Addresses come in no order, so in a large installation each new one changes a page of this index of its own: the shorter its
-- entries, the fewer pages. It halves what an import of a million people costs.
create unique index identities_digest_key on identities (digest);

-- Whether anybody signs in with a username decides what the sign-in page asks for.
create index identities_username_idx on identities (environment_id) where kind = 'username';

-- One primary a kind; whatever is not primary has its own id there. So the index also finds all identities of a person, and an
-- import writes into one index less.
create unique index identities_primary_key on identities (user_id, kind, (case when is_primary then '' else id end));
