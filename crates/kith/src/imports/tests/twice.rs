//! Whatever a file says, saying it twice says nothing new.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::*;

/// bcrypt of something else.
const OTHER: &str = "$2a$10$N9qo8uLOickgx2ZMRZoMye523wyQDvdvMv.I4a2/IIf55jokMUeVG";

/// Tables whose few values make rows meet, agree and contradict one another.
fn tables() -> impl Strategy<Value = String> {
    let one_of = |values: &'static [&'static str]| prop::sample::select(values);
    let row = (
        one_of(&["1", "2", "3"]),
        one_of(&[
            "ann@example.com",
            "Ann@example.com",
            "bob@example.com",
            "cyd@example.com",
        ]),
        one_of(&["", "TRUE", "FALSE"]),
        one_of(&["", "ann", "bob"]),
        one_of(&["", "Ann", "Bob"]),
        one_of(&["", BCRYPT, OTHER]),
        one_of(&["", "TRUE", "FALSE"]),
        one_of(&["", "admin", "owner"]),
    );
    prop::collection::vec(row, 1..7).prop_map(|rows| {
        let mut text = String::from(
            "id,email,email_verified,username,first_name,hashed_password,is_suspended,role_key\n",
        );
        for (id, email, verified, username, name, hash, suspended, role) in rows {
            writeln!(
                text,
                "{id},{email},{verified},{username},{name},{hash},{suspended},{role}"
            )
            .unwrap();
        }
        text
    })
}

#[tokio::test]
async fn any_small_file_twice_changes_nothing() {
    let mut runner = TestRunner::deterministic();
    for installation in Installation::all().await {
        let cx = installation.cx();
        organizations::ensure_default(&cx).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let new = NewRole {
            key: "admin".into(),
            name: "Admin".into(),
            ..NewRole::default()
        };
        roles::create(&cx, &mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        // Each file meets the people whom those before have left.
        for _ in 0..40 {
            let table = tables().new_tree(&mut runner).unwrap().current();
            let file = TempFile::new("users.csv", &table);
            let first = import_files(&cx, &[&file]).await;
            let after_first = state(&cx).await;
            let second = import_files(&cx, &[&file]).await;
            assert_eq!(second.tally.created, 0, "{table}");
            assert_eq!(second.tally.records, first.tally.records, "{table}");
            assert_eq!(state(&cx).await, after_first, "{table}");
        }
    }
}
