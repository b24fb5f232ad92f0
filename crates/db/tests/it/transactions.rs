//! Who sees what, and when.

use std::sync::Arc;
use std::time::Duration;

use db::testing::{TestDb, migrated};
use db::{Db, Error, Options, sql};

use crate::{SCHEMA, insert, n_people};

#[tokio::test]
async fn a_dropped_transaction_changes_nothing() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "p1", 1).await.unwrap();
        drop(tx);
        // The next writer comes after the rollback.
        db.begin().await.unwrap().commit().await.unwrap();
        assert_eq!(n_people(&db).await, 0, "{db:?}");
    }
}

#[tokio::test]
async fn a_rolled_back_transaction_changes_nothing() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "p1", 1).await.unwrap();
        tx.rollback().await;
        assert_eq!(n_people(&db).await, 0, "{db:?}");
    }
}

#[tokio::test]
async fn a_reader_sees_each_commit_and_nothing_before_it() {
    for db in migrated(SCHEMA).await {
        let mut reader = db.read().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "p1", 1).await.unwrap();
        for expected in [0, 1] {
            let seen: i64 = sql("select count(*) from people")
                .fetch_one(&mut reader)
                .await
                .unwrap();
            assert_eq!(seen, expected, "{db:?}");
            if expected == 0 {
                tx.commit().await.unwrap();
                tx = db.begin().await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_snapshot_sees_what_was_there_when_it_was_taken() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "p1", 1).await.unwrap();
        tx.commit().await.unwrap();
        let mut snapshot = db.snapshot().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "p2", 2).await.unwrap();
        tx.commit().await.unwrap();
        let seen: i64 = sql("select count(*) from people")
            .fetch_one(&mut snapshot)
            .await
            .unwrap();
        assert_eq!(seen, 1, "{db:?}");
        snapshot.commit().await.unwrap();
        assert_eq!(n_people(&db).await, 2, "{db:?}");
    }
}

#[tokio::test]
async fn nothing_is_written_through_a_snapshot() {
    for db in migrated(SCHEMA).await {
        let mut snapshot = db.snapshot().await.unwrap();
        insert(&mut snapshot, "p1", 1).await.unwrap_err();
        drop(snapshot);
        assert_eq!(n_people(&db).await, 0, "{db:?}");
    }
}

#[tokio::test]
async fn a_failed_statement_ends_its_transaction() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "p1", 1).await.unwrap();
        insert(&mut tx, "p1", 2).await.unwrap_err();
        let error = insert(&mut tx, "p2", 3).await.unwrap_err();
        assert!(matches!(error, Error::Aborted), "{db:?}: {error}");
        let error = tx.commit().await.unwrap_err();
        assert!(matches!(error, Error::Aborted), "{db:?}: {error}");
        assert_eq!(n_people(&db).await, 0, "{db:?}");
    }
}

#[tokio::test]
async fn an_abandoned_statement_ends_its_transaction() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "p1", 1).await.unwrap();
        let long = sql(
            "with recursive n (i) as (select 1 union all select i + 1 from n where i < 500000)
             insert into people (id, email, created_at) select 'p2', 'p2', count(*) from n",
        );
        // Polled once and dropped, as when the browser goes away.
        tokio::time::timeout(Duration::ZERO, long.execute(&mut tx))
            .await
            .unwrap_err();
        let error = tx.commit().await.unwrap_err();
        assert!(matches!(error, Error::Aborted), "{db:?}: {error}");
        db.begin().await.unwrap().commit().await.unwrap();
        assert_eq!(n_people(&db).await, 0, "{db:?}");
    }
}

#[tokio::test]
async fn a_deadlock_is_told_as_busy() {
    let Some(db) = migrated(SCHEMA)
        .await
        .into_iter()
        .find(|db| db.engine() == "postgres")
    else {
        return; // One writer has nobody to meet.
    };
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, "p1", 1).await.unwrap();
    insert(&mut tx, "p2", 2).await.unwrap();
    tx.commit().await.unwrap();

    let touch = |id| sql("update people set n_visits = n_visits + 1 where id = $1").bind(id);
    let (mut one, mut two) = (db.begin().await.unwrap(), db.begin().await.unwrap());
    touch("p1").execute(&mut one).await.unwrap();
    touch("p2").execute(&mut two).await.unwrap();
    // Whoever loses has to go, before the other can end.
    let (one, two) = tokio::join!(
        async {
            let outcome = touch("p2").execute(&mut one).await;
            drop(one);
            outcome
        },
        async {
            let outcome = touch("p1").execute(&mut two).await;
            drop(two);
            outcome
        }
    );
    let error = one.and(two).unwrap_err();
    assert!(matches!(error, db::Error::Busy(_)), "{error}");
}

#[tokio::test]
async fn a_failed_statement_leaves_a_reader_as_it_was() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.read().await.unwrap();
        sql("select nothing from nowhere")
            .execute(&mut tx)
            .await
            .unwrap_err();
        let n: i64 = sql("select count(*) from people")
            .fetch_one(&mut tx)
            .await
            .unwrap();
        assert_eq!(n, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_wait_for_one_another_and_never_fail() {
    const WRITERS: i64 = 8;
    const TRANSACTIONS: i64 = 200;
    for db in migrated(SCHEMA).await {
        let db: Arc<TestDb> = Arc::new(db);
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            let db = Arc::clone(&db);
            writers.spawn(async move {
                for n in 0..TRANSACTIONS {
                    let mut tx = db.begin().await.unwrap();
                    // A read first: in a transaction that begins as a reader, this is what makes the
                    // write that follows fail as busy.
                    let _: i64 = sql("select count(*) from people")
                        .fetch_one(&mut tx)
                        .await
                        .unwrap();
                    insert(
                        &mut tx,
                        &format!("p{writer}-{n}"),
                        writer * TRANSACTIONS + n,
                    )
                    .await
                    .unwrap();
                    tx.commit().await.unwrap();
                }
            });
        }
        while let Some(finished) = writers.join_next().await {
            finished.unwrap();
        }
        assert_eq!(n_people(&db).await, WRITERS * TRANSACTIONS);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_may_write_too() {
    for db in migrated(SCHEMA).await {
        let beside = db::Db::connect(db.url(), db::Options::default())
            .await
            .unwrap();
        let (one, two) = (db.begin().await.unwrap(), beside.clone());
        let mut one = one;
        let waiting = tokio::task::JoinSet::from_iter([async move {
            let mut tx = two.begin().await.unwrap();
            insert(&mut tx, "p2", 2).await.unwrap();
            tx.commit().await.unwrap();
        }]);
        insert(&mut one, "p1", 1).await.unwrap();
        one.commit().await.unwrap();
        waiting.join_all().await;
        assert_eq!(n_people(&beside).await, 2);
        beside.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_together_all_open_a_new_file() {
    let folder = tempfile::tempdir().unwrap();
    for attempt in 0..20 {
        let url = format!("sqlite://{}/{attempt}.db", folder.path().display());
        let opening = (0..8).map(|_| {
            let url = url.clone();
            async move {
                let db = db::Db::connect(&url, db::Options::default()).await.unwrap();
                db.migrate(SCHEMA).await.unwrap();
            }
        });
        opening
            .collect::<tokio::task::JoinSet<()>>()
            .join_all()
            .await;
    }
}

#[tokio::test]
async fn two_workers_never_claim_the_same_row() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "p1", 1).await.unwrap();
        insert(&mut tx, "p2", 2).await.unwrap();
        tx.commit().await.unwrap();

        let claim = format!(
            "update people set n_visits = 1 where id = (
                 select id from people where n_visits = 0 order by id limit 1{})
             returning id",
            db.skip_locked()
        );
        let mut first = db.begin().await.unwrap();
        let taken: String = sql(claim.clone()).fetch_one(&mut first).await.unwrap();
        assert_eq!(taken, "p1");
        if db.engine() == "sqlite" {
            // There is no second writer before the first is done.
            first.commit().await.unwrap();
            first = db.read().await.unwrap();
        }
        let mut second = db.begin().await.unwrap();
        let taken: String = sql(claim).fetch_one(&mut second).await.unwrap();
        assert_eq!(taken, "p2");
        drop(first);
    }
}

#[tokio::test]
async fn a_reader_cannot_write_into_sqlite() {
    let db = &migrated(SCHEMA).await[0];
    let mut tx = db.read().await.unwrap();
    insert(&mut tx, "p1", 1).await.unwrap_err();
    assert_eq!(n_people(db).await, 0);
}

#[tokio::test]
async fn a_database_in_memory_serves_readers_and_writers() {
    let db = db::Db::connect("sqlite::memory:", db::Options::default())
        .await
        .unwrap();
    db.migrate(SCHEMA).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, "p1", 1).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(n_people(&db).await, 1);
    db.ping().await.unwrap();
}

#[tokio::test]
async fn the_database_answers_and_tidies_up() {
    for db in migrated(SCHEMA).await {
        db.ping().await.unwrap();
        db.checkpoint().await.unwrap();
        db.close().await;
        assert!(
            matches!(db.ping().await, Err(Error::Unavailable(_))),
            "{db:?}"
        );
    }
}

#[tokio::test]
async fn a_wrong_address_is_told_without_its_password() {
    for url in [
        "mysql://kith:hunter2@db.example/kith",
        "kith:hunter2",
        "postgres://kith:hunter2@db.example:port/kith",
    ] {
        let error = db::Db::connect(url, db::Options::default())
            .await
            .unwrap_err();
        assert!(matches!(error, db::Error::Url(_)), "{error}");
        assert!(
            !format!("{error} {error:?}").contains("hunter2"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_missing_folder_is_told_at_once() {
    let error = db::Db::connect("sqlite:///nowhere/at/all/kith.db", db::Options::default())
        .await
        .unwrap_err();
    assert!(matches!(error, db::Error::Unavailable(_)), "{error}");
}

#[tokio::test]
async fn a_bulk_load_sees_who_waits_in_this_process_and_who_might_in_another() {
    let db = TestDb::sqlite().await;
    let tx = db.begin().await.unwrap();
    assert!(!tx.is_awaited());
    let until_awaited = async {
        while !tx.is_awaited() {
            tokio::task::yield_now().await;
        }
        tx.rollback().await;
    };
    let ((), waited) = tokio::join!(until_awaited, db.begin());
    waited.unwrap().rollback().await;
    let tx = db.begin().await.unwrap();
    assert!(!tx.is_awaited());
    // As another process has it open: with a handle of its own.
    let other = Db::connect(db.url(), Options::default()).await.unwrap();
    assert!(tx.is_awaited());
    tx.rollback().await;
    // Its turn comes in the room that is made, whichever way it waits.
    let loading = async {
        loop {
            let tx = db.begin().await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
            tx.rollback().await;
            db.make_room().await;
        }
    };
    tokio::select! {
        () = loading => {}
        tx = other.begin() => tx.unwrap().rollback().await,
    }
    other.close().await;
}
