//! The schema grows, once.

use db::testing::databases;
use db::{Db, Error, Migration, Options, sql};

const FIRST: Migration = Migration {
    name: "0001_one",
    sql: "create table one (id text primary key);",
};
const SECOND: Migration = Migration {
    name: "0002_two",
    sql: "create table two (id text primary key); insert into two (id) values ('a;b');",
};

#[tokio::test]
async fn migrations_run_once_and_in_order() {
    for db in databases().await {
        assert_eq!(
            db.pending(&[FIRST, SECOND]).await.unwrap(),
            ["0001_one", "0002_two"]
        );
        assert_eq!(db.migrate(&[FIRST]).await.unwrap(), ["0001_one"]);
        assert_eq!(db.pending(&[FIRST, SECOND]).await.unwrap(), ["0002_two"]);
        assert_eq!(db.migrate(&[FIRST, SECOND]).await.unwrap(), ["0002_two"]);
        assert!(db.migrate(&[FIRST, SECOND]).await.unwrap().is_empty());
        let id: String = sql("select id from two")
            .fetch_one(&mut db.read().await.unwrap())
            .await
            .unwrap();
        assert_eq!(id, "a;b");
    }
}

#[tokio::test]
async fn a_migration_of_a_newer_version_is_left_in_peace() {
    for db in databases().await {
        db.migrate(&[FIRST, SECOND]).await.unwrap();
        assert!(db.migrate(&[FIRST]).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_changed_migration_is_refused() {
    for db in databases().await {
        db.migrate(&[FIRST]).await.unwrap();
        let changed = Migration {
            sql: "create table another (id text)",
            ..FIRST
        };
        let error = db.migrate(&[changed, SECOND]).await.unwrap_err();
        assert!(
            matches!(error, Error::MigrationChanged { name: "0001_one" }),
            "{db:?}: {error}"
        );
        assert_eq!(db.pending(&[FIRST, SECOND]).await.unwrap(), ["0002_two"]);
    }
}

#[tokio::test]
async fn a_failed_migration_leaves_nothing_behind() {
    let broken = Migration {
        name: "0002_broken",
        sql: "create table three (id text); create tabel four (id text);",
    };
    for db in databases().await {
        let error = db.migrate(&[FIRST, broken]).await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::Migration {
                    name: "0002_broken",
                    ..
                }
            ),
            "{db:?}: {error}"
        );
        assert_eq!(db.pending(&[FIRST, broken]).await.unwrap(), ["0002_broken"]);
        sql("select * from three")
            .execute(&mut db.read().await.unwrap())
            .await
            .unwrap_err();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_that_start_together_migrate_once() {
    for db in databases().await {
        let beside = Db::connect(db.url(), Options::default()).await.unwrap();
        let (here, there) = tokio::join!(
            db.migrate(&[FIRST, SECOND]),
            beside.migrate(&[FIRST, SECOND])
        );
        let mut ran = [here.unwrap(), there.unwrap()].concat();
        ran.sort_unstable();
        assert_eq!(ran, ["0001_one", "0002_two"], "{db:?}");
        beside.close().await;
    }
}

#[tokio::test]
async fn unique_indexes_that_sqlite_could_not_tell_apart_are_refused() {
    let alike = Migration {
        name: "0001_alike",
        sql: "create table codes (kind text, value text);
              create unique index codes_one on codes (value) where kind = 'one';
              create unique index codes_two on codes (value) where kind = 'two';",
    };
    let distinct = Migration {
        sql: "create table codes (kind text, value text);
              create unique index codes_one on codes (value) where kind = 'one';
              create unique index codes_two on codes (value, (1)) where kind = 'two';",
        ..alike
    };
    let db = &databases().await[0];
    let error = db.migrate(&[alike]).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("codes_one and codes_two cover the same columns"),
        "{error}"
    );
    for db in databases().await {
        db.migrate(&[distinct]).await.unwrap();
        for (kind, index) in [("one", "codes_one"), ("two", "codes_two")] {
            let mut tx = db.begin().await.unwrap();
            let insert = || sql("insert into codes (kind, value) values ($1, 'x')").bind(kind);
            insert().execute(&mut tx).await.unwrap();
            let error = insert().execute(&mut tx).await.unwrap_err();
            assert!(error.is_unique_violation(index), "{db:?}: {error}");
        }
    }
}
