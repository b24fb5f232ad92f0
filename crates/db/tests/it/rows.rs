//! Many rows at once.

use db::testing::migrated;
use db::{Error, Migration, Rows, Tx, Value, rows, sql};

const SCHEMA: &[Migration] = &[Migration {
    name: "0001_things",
    sql: "create table things (
              name    text    not null primary key,
              note    text,
              size    bigint,
              is_new  boolean,
              content bytea
          )",
}];

const COLUMNS: &[&str] = &["name", "note", "size", "is_new", "content"];

fn thing(name: &str, note: Option<&str>) -> [Value; 5] {
    [
        name.into(),
        note.into(),
        Some(7_i64).filter(|_| note.is_some()).into(),
        note.map(|_| true).into(),
        note.map(|note| vec![0, 255, u8::try_from(note.len()).unwrap()])
            .into(),
    ]
}

/// Texts that a format in the way could take for something else.
fn awkward() -> Rows {
    let mut things = rows("things", COLUMNS);
    things.push(thing("plain", Some("")));
    things.push(thing("tab\tand\nline\r\\N\\.", Some("\\N")));
    things.push(thing("ångström {\"a\",NULL}", None));
    things
}

type Thing = (
    String,
    Option<String>,
    Option<i64>,
    Option<bool>,
    Option<Vec<u8>>,
);

async fn all(tx: &mut Tx) -> Vec<Thing> {
    sql("select name, note, size, is_new, content from things order by name")
        .fetch_all(tx)
        .await
        .unwrap()
}

#[tokio::test]
async fn rows_arrive_as_they_are_whichever_way_they_take() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        awkward().insert(&mut tx).await.unwrap();
        let inserted = all(&mut tx).await;
        assert_eq!(inserted.len(), 3);
        assert_eq!(inserted[1].0, "tab\tand\nline\r\\N\\.");
        assert_eq!(inserted[1].1.as_deref(), Some("\\N"));
        assert_eq!(inserted[1].4, Some(vec![0, 255, 2]));
        assert_eq!(
            inserted[2],
            ("ångström {\"a\",NULL}".into(), None, None, None, None)
        );
        sql("delete from things").execute(&mut tx).await.unwrap();
        let upserted = awkward().upsert(&mut tx, "on conflict do nothing").await;
        upserted.unwrap();
        assert_eq!(all(&mut tx).await, inserted);
        rows("things", COLUMNS).insert(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn any_number_of_rows_arrives() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        let mut things = rows("things", COLUMNS);
        for n in 0..2_345 {
            things.push(thing(&format!("{n:09}{:500}", ""), None));
        }
        assert_eq!(things.len(), 2_345);
        things.insert(&mut tx).await.unwrap();
        let n_things: i64 = sql("select count(*) from things")
            .fetch_one(&mut tx)
            .await
            .unwrap();
        assert_eq!(n_things, 2_345);
    }
}

#[tokio::test]
async fn a_row_that_is_there_is_refused_or_dealt_with() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        awkward().insert(&mut tx).await.unwrap();
        let mut changed = rows("things", COLUMNS);
        changed.push(thing("plain", Some("changed")));
        changed.push(thing("new", None));
        let update = "on conflict (name) do update set note = excluded.note";
        changed.upsert(&mut tx, update).await.unwrap();
        let notes: Vec<_> = all(&mut tx).await.into_iter().map(|one| one.1).collect();
        assert!(notes.contains(&Some("changed".into())) && notes.len() == 4);
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let refused = awkward().insert(&mut tx).await.unwrap_err();
        assert!(refused.is_unique_violation("things_pkey"), "{refused:?}");
        let after = sql("select 1").execute(&mut tx).await.unwrap_err();
        assert!(matches!(after, Error::Aborted));
        drop(tx);
        // The connection is of use all the same.
        assert_eq!(all(&mut db.read().await.unwrap()).await.len(), 4);
        let mut nul = rows("things", COLUMNS);
        nul.push(thing("a\0b", None));
        let refused = nul.insert(&mut db.begin().await.unwrap()).await;
        assert!(matches!(refused, Err(Error::NulInText)));
    }
}

#[tokio::test]
async fn a_bulk_load_is_there_for_the_next_statement() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap().in_bulk();
        for n in 0..50 {
            let mut things = rows("things", COLUMNS);
            things.push(thing(&format!("{n:02}"), None));
            things.insert(&mut tx).await.unwrap();
            // Each meets those before.
            let mut again = rows("things", COLUMNS);
            again.push(thing(&format!("{n:02}"), Some("again")));
            let update = "on conflict (name) do update set note = excluded.note";
            again.upsert(&mut tx, update).await.unwrap();
        }
        let found = all(&mut tx).await;
        assert_eq!(found.len(), 50);
        assert!(found.iter().all(|one| one.1.as_deref() == Some("again")));
        awkward().insert(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(all(&mut db.read().await.unwrap()).await.len(), 53);
    }
}

#[tokio::test]
async fn what_a_bulk_load_fails_with_is_answered_once_and_undoes_it() {
    for db in migrated(SCHEMA).await {
        let twice = async || {
            let mut tx = db.begin().await.unwrap().in_bulk();
            awkward().insert(&mut tx).await.unwrap();
            awkward().insert(&mut tx).await.unwrap();
            let mut later = rows("things", COLUMNS);
            later.push(thing("later", None));
            later.insert(&mut tx).await.unwrap();
            tx
        };
        let is_refusal = |error: &Error| error.is_unique_violation("things_pkey");
        let refused = twice().await.commit().await.unwrap_err();
        assert!(is_refusal(&refused), "{refused:?}");
        let refused = twice().await.caught_up().await.unwrap_err();
        assert!(is_refusal(&refused), "{refused:?}");
        let mut tx = twice().await;
        let refused = sql("select 1").execute(&mut tx).await.unwrap_err();
        assert!(is_refusal(&refused), "{refused:?}");
        let after = sql("select 1").execute(&mut tx).await.unwrap_err();
        assert!(matches!(after, Error::Aborted));
        assert!(matches!(tx.commit().await, Err(Error::Aborted)));
        twice().await.rollback().await;
        // Dropped while rows are on their way.
        drop(twice().await);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(all(&mut tx).await.len(), 0);
    }
}
