-- A row is a mail. It is written in the transaction that causes it and sent afterwards; without a mail server it stays readable here.
create table messages (
    id             text   not null primary key,
    environment_id text   not null references environments (id),
    kind           text   not null, -- the template, e.g. 'verification_code'
    recipient      text   not null,
    subject        text   not null,
    body           text   not null, -- JSON {text, html}, sealed: it may hold a code
    state          text   not null, -- 'outbox' (no mail server), 'queued', 'sent', 'failed'
    attempts       bigint not null,
    last_error     text,
    next_attempt_at bigint,
    sent_at        bigint,
    created_at     bigint not null
);

create index messages_environment_idx on messages (environment_id, id);
create index messages_queued_idx on messages (next_attempt_at) where state = 'queued';
