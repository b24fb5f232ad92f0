//! A refused row is refused for the same reason on both engines.

use db::testing::migrated;
use db::{Error, sql};

use crate::{SCHEMA, insert};

/// Runs the statement after one person, `p1` of the team `t1`, was inserted.
async fn refusal(db: &db::Db, statement: &'static str) -> Error {
    let mut tx = db.begin().await.unwrap();
    sql("insert into teams (id, name) values ('t1', 'One')")
        .execute(&mut tx)
        .await
        .unwrap();
    insert(&mut tx, "p1", 1).await.unwrap();
    sql("update people set team_id = 't1', nickname = 'nick'")
        .execute(&mut tx)
        .await
        .unwrap();
    sql(statement).execute(&mut tx).await.unwrap_err()
}

#[tokio::test]
async fn a_unique_violation_names_its_index() {
    let stories = [
        (
            "insert into people (id, email, created_at) values ('p1', 'x', 2)",
            "people_pkey",
        ),
        (
            "insert into people (id, email, created_at) values ('p2', 'P1@example.com', 2)",
            "people_email",
        ),
        (
            "insert into people (id, email, created_at) values ('p2', 'x', 1)",
            "people_oldest",
        ),
        (
            "insert into people (id, email, created_at, team_id, nickname) values ('p2', 'x', 2, 't1', 'nick')",
            "people_team_id_nickname_key",
        ),
    ];
    for db in migrated(SCHEMA).await {
        for (statement, expected) in stories {
            let error = refusal(&db, statement).await;
            assert!(error.is_unique_violation(expected), "{db:?}: {error}");
            assert!(!error.is_unique_violation("another"), "{db:?}: {error}");
        }
    }
}

#[tokio::test]
async fn a_foreign_key_is_enforced() {
    for db in migrated(SCHEMA).await {
        for statement in [
            "insert into people (id, email, created_at, team_id) values ('p2', 'x', 2, 'nobody')",
            "delete from teams",
        ] {
            let error = refusal(&db, statement).await;
            assert!(
                matches!(error, Error::ForeignKeyViolation),
                "{db:?}: {error}"
            );
        }
    }
}

#[tokio::test]
async fn a_missing_value_is_the_engines_own_refusal() {
    for db in migrated(SCHEMA).await {
        let error = refusal(&db, "insert into people (id, created_at) values ('p2', 2)").await;
        assert!(matches!(error, Error::Engine(_)), "{db:?}: {error}");
    }
}
