-- The environment of whoever has the password, as long as its hash is weak and waits to go under a strong one; else null.
alter table passwords add column weak_in text;

create index passwords_weak_idx on passwords (weak_in, user_id) where weak_in is not null;
