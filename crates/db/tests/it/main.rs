//! The same stories on both engines.
#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails as the test does"
)]

mod constraints;
mod migrations;
mod rows;
mod statements;
mod transactions;

use db::Migration;

/// What the stories are told about.
const SCHEMA: &[Migration] = &[Migration {
    name: "0001_people",
    sql: "create table teams (
              id   text primary key,
              name text not null
          );

          -- A person; a semicolon in a comment; and one in a text ends no statement.
          create table people (
              id         text primary key,
              team_id    text references teams (id),
              email      text not null,
              nickname   text,
              n_visits   bigint  not null default 0,
              is_active  boolean not null default true,
              note       text    not null default 'one; two',
              created_at bigint  not null,
              unique (team_id, nickname)
          );
          create unique index people_email on people (lower(email));
          create unique index people_oldest on people (created_at) where is_active;
          create index people_page on people (created_at, id);",
}];

/// Inserts a person with an address made of the id.
async fn insert(tx: &mut db::Tx, id: &str, created_at: i64) -> Result<u64, db::Error> {
    db::sql("insert into people (id, email, created_at) values ($1, $2, $3)")
        .bind(id)
        .bind(format!("{id}@example.com"))
        .bind(created_at)
        .execute(tx)
        .await
}

/// How many people the database has committed.
async fn n_people(db: &db::Db) -> i64 {
    let mut tx = db.read().await.unwrap();
    db::sql("select count(*) from people")
        .fetch_one(&mut tx)
        .await
        .unwrap()
}
