-- A row is something that happened, written in the transaction that made it happen.
create table events (
    id             text   not null primary key,
    environment_id text   not null references environments (id),
    kind           text   not null,
    user_id        text,
    actor          text   not null,
    payload        text   not null,
    created_at     bigint not null
);

create index events_user_idx on events (user_id, id);
create index events_environment_idx on events (environment_id, id);
