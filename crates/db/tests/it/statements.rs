//! What a statement takes and gives back.

use db::testing::migrated;
use db::{Bind, Column, Error, FromRow, Row, Value, escape_like, in_list, placeholders, sql};

use crate::{SCHEMA, insert};

#[tokio::test]
async fn an_insert_returns_what_it_made() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        let made: (String, i64, bool, String) = sql("insert into people (id, email, created_at)
             values ($1, $2, $3)
             returning id, n_visits, is_active, note")
        .bind("p1")
        .bind("ada@example.com")
        .bind(7)
        .fetch_one(&mut tx)
        .await
        .unwrap();
        assert_eq!(made, ("p1".into(), 0, true, "one; two".into()));
    }
}

#[tokio::test]
async fn an_upsert_finds_its_row_by_an_expression() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        let upsert = || {
            sql("insert into people (id, email, created_at) values ($1, $2, $3)
                 on conflict (lower(email)) do update set n_visits = people.n_visits + 1, nickname = excluded.id
                 returning id, n_visits, nickname")
        };
        let first: (String, i64, Option<String>) = upsert()
            .bind("p1")
            .bind("Ada@example.com")
            .bind(1)
            .fetch_one(&mut tx)
            .await
            .unwrap();
        let second: (String, i64, Option<String>) = upsert()
            .bind("p2")
            .bind("ada@EXAMPLE.com")
            .bind(2)
            .fetch_one(&mut tx)
            .await
            .unwrap();
        assert_eq!(first, ("p1".into(), 0, None));
        assert_eq!(second, ("p1".into(), 1, Some("p2".into())));
    }
}

#[tokio::test]
async fn an_upsert_finds_its_row_by_a_partial_index() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "p1", 5).await.unwrap();
        let ignored = sql(
            "insert into people (id, email, created_at) values ('p2', 'p2', 5)
             on conflict (created_at) where is_active do nothing",
        )
        .execute(&mut tx)
        .await
        .unwrap();
        assert_eq!(ignored, 0);
    }
}

#[tokio::test]
async fn booleans_are_booleans() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "p1", 1).await.unwrap();
        insert(&mut tx, "p2", 2).await.unwrap();
        sql("update people set is_active = $1 where id = $2")
            .bind(false)
            .bind("p2")
            .execute(&mut tx)
            .await
            .unwrap();
        let active: Vec<(String, bool)> = sql("select id, is_active from people order by id")
            .fetch_all(&mut tx)
            .await
            .unwrap();
        assert_eq!(active, [("p1".into(), true), ("p2".into(), false)]);
        let named: String = sql("select id from people where is_active and is_active = true")
            .fetch_one(&mut tx)
            .await
            .unwrap();
        assert_eq!(named, "p1");
    }
}

#[tokio::test]
async fn bytes_are_bytes() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        sql("create table pictures (content bytea, thumbnail bytea)")
            .execute(&mut tx)
            .await
            .unwrap();
        // Nothing here is text, and a NUL is a byte like others.
        let content = vec![0, 255, b'1', b'\\', 0];
        let found: (Vec<u8>, Option<Vec<u8>>) =
            sql("insert into pictures values ($1, $2) returning content, thumbnail")
                .bind(content.clone())
                .bind(None::<Vec<u8>>)
                .fetch_one(&mut tx)
                .await
                .unwrap();
        assert_eq!(found, (content, None));
    }
}

#[tokio::test]
async fn nulls_keep_the_type_they_were_bound_with() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        let nulls: (Option<String>, Option<i64>, Option<bool>) = sql("select $1, $2, $3")
            .bind(None::<&str>)
            .bind(None::<i64>)
            .bind(None::<bool>)
            .fetch_one(&mut tx)
            .await
            .unwrap();
        assert_eq!(nulls, (None, None, None));
        sql("select coalesce($1, $2)")
            .bind(None::<i64>)
            .bind(3)
            .execute(&mut tx)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_list_pages_by_key() {
    for db in migrated(&SCHEMA_WITHOUT_OLDEST).await {
        let mut tx = db.begin().await.unwrap();
        for (id, created_at) in [("a", 1), ("b", 2), ("c", 2), ("d", 2), ("e", 3)] {
            insert(&mut tx, id, created_at).await.unwrap();
        }
        let page: Vec<String> = sql("select id from people where (created_at, id) > ($1, $2)
             order by created_at, id limit $3")
        .bind(2)
        .bind("b")
        .bind(2)
        .fetch_all(&mut tx)
        .await
        .unwrap();
        assert_eq!(page, ["c", "d"]);
    }
}

/// The same people, who may have come at the same time.
const SCHEMA_WITHOUT_OLDEST: [db::Migration; 2] = [
    SCHEMA[0],
    db::Migration {
        name: "0002_together",
        sql: "drop index people_oldest",
    },
];

#[tokio::test]
async fn many_rows_go_in_with_one_statement() {
    const COLUMNS: usize = 8;
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        let n_rows = 1_000;
        let values = (0..n_rows).flat_map(|n| {
            [
                Value::from(format!("p{n}")),
                None::<&str>.into_value(),
                format!("p{n}@example.com").into_value(),
                Some("nick").into_value(),
                n.into_value(),
                (n % 2 == 0).into_value(),
                "".into_value(),
                i64::from(n).into_value(),
            ]
        });
        let n_inserted = sql(format!(
            "insert into people (id, team_id, email, nickname, n_visits, is_active, note, created_at) values {}",
            placeholders(1_000, COLUMNS)
        ))
        .bind_all(values)
        .execute(&mut tx)
        .await
        .unwrap();
        assert_eq!(n_inserted, 1_000);
        let (n_visits, n_active): (i64, i64) = sql(
            "select cast(sum(n_visits) as bigint), count(*) filter (where is_active) from people",
        )
        .fetch_one(&mut tx)
        .await
        .unwrap();
        assert_eq!((n_visits, n_active), (499_500, 500));
    }
}

#[tokio::test]
async fn as_many_rows_as_advised_fit_into_one_insert() {
    for db in migrated(SCHEMA).await {
        for columns in [1, 8, 60, 400] {
            let rows = db.rows_per_insert(columns);
            assert!(rows >= 1);
            let statement = format!(
                "with t as (values {}) select count(*) from t",
                placeholders(rows, columns)
            );
            let values = (0..rows * columns).map(|_| Value::from("x"));
            let mut tx = db.read().await.unwrap();
            let n: i64 = sql(statement)
                .bind_all(values)
                .fetch_one(&mut tx)
                .await
                .unwrap();
            assert_eq!(usize::try_from(n).unwrap(), rows);
        }
    }
}

#[tokio::test]
async fn a_pattern_respects_case_and_escapes() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        for (n, id) in ["100%", "1000", "A_b", "Axb", "a_c"]
            .into_iter()
            .enumerate()
        {
            insert(&mut tx, id, i64::try_from(n).unwrap())
                .await
                .unwrap();
        }
        for (typed, expected) in [
            ("0%", vec!["100%"]),
            ("A_", vec!["A_b"]),
            ("xb", vec!["Axb"]),
        ] {
            let found: Vec<String> =
                sql(r"select id from people where id like $1 escape '\' order by id")
                    .bind(format!("%{}%", escape_like(typed)))
                    .fetch_all(&mut tx)
                    .await
                    .unwrap();
            assert_eq!(found, expected, "{typed}");
        }
    }
}

#[tokio::test]
async fn a_list_of_values_is_searched_even_if_it_is_empty() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        for (id, created_at) in [("a", 1), ("b", 2), ("c", 3)] {
            insert(&mut tx, id, created_at).await.unwrap();
        }
        for wanted in [vec!["a", "c"], vec![]] {
            let found: Vec<String> = sql(format!(
                "select id from people where id in ({}) order by id",
                in_list(1, wanted.len())
            ))
            .bind_all(wanted.iter().map(|id| Value::from(*id)))
            .fetch_all(&mut tx)
            .await
            .unwrap();
            assert_eq!(found, wanted);
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Mood {
    Calm,
}

impl Bind for Mood {
    const NULL: Value = Value::Text(None);

    fn into_value(self) -> Value {
        "calm".into()
    }
}

impl Column for Mood {
    fn from_value(value: Value) -> Result<Self, db::BoxError> {
        match String::from_value(value)?.as_str() {
            "calm" => Ok(Self::Calm),
            other => Err(format!("{other:?} is no mood").into()),
        }
    }
}

#[derive(Debug, PartialEq)]
struct Person {
    id: String,
    mood: Option<Mood>,
}

impl FromRow for Person {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            mood: row.get("nickname")?,
        })
    }
}

#[tokio::test]
async fn types_of_the_application_go_in_and_come_out() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        for (n, mood) in [Some(Mood::Calm), None].iter().enumerate() {
            insert(&mut tx, &format!("p{n}"), i64::try_from(n).unwrap())
                .await
                .unwrap();
            sql("update people set nickname = $1 where id = $2")
                .bind(mood)
                .bind(format!("p{n}"))
                .execute(&mut tx)
                .await
                .unwrap();
        }
        let people: Vec<Person> = sql("select id, nickname from people order by id")
            .fetch_all(&mut tx)
            .await
            .unwrap();
        assert_eq!(
            people,
            [
                Person {
                    id: "p0".into(),
                    mood: Some(Mood::Calm)
                },
                Person {
                    id: "p1".into(),
                    mood: None
                }
            ]
        );
    }
}

#[tokio::test]
async fn a_column_that_cannot_be_read_is_named() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "p1", 1).await.unwrap();
        sql("update people set nickname = 'wild'")
            .execute(&mut tx)
            .await
            .unwrap();
        let error = sql("select id, nickname from people")
            .fetch_one::<Person>(&mut tx)
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "column nickname: \"wild\" is no mood");
        let error = sql("select id from people")
            .fetch_one::<i64>(&mut tx)
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "column #0: expected an integer, found text"
        );
        let error = sql("select cast(1 as real)")
            .fetch_one::<i64>(&mut tx)
            .await
            .unwrap_err();
        assert!(error.to_string().contains("write cast"), "{error}");
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_missing_row_is_none_or_not_found() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.read().await.unwrap();
        let none: Option<String> = sql("select id from people")
            .fetch_optional(&mut tx)
            .await
            .unwrap();
        assert_eq!(none, None);
        let error = sql("select id from people")
            .fetch_one::<String>(&mut tx)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::NotFound));
    }
}

#[tokio::test]
async fn text_with_a_nul_byte_is_refused_before_it_is_sent() {
    for db in migrated(SCHEMA).await {
        let mut tx = db.begin().await.unwrap();
        let error = insert(&mut tx, "p\0", 1).await.unwrap_err();
        assert!(matches!(error, Error::NulInText));
        insert(&mut tx, "p1", 1).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[test]
fn bound_values_do_not_show_in_debug_output() {
    let query = sql("select $1").bind("hunter2");
    assert!(!format!("{query:?}").contains("hunter2"));
}
