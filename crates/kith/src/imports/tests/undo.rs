//! Undoing: everything is again what it was, to the byte.

use std::time::Duration;

use db::sql;

use super::*;
use crate::credentials::password::{NewPassword, SetBy};
use crate::imports::store::parts::PARTS;
use crate::secret::Secret;

/// Tables with rows that hang on people and that no import writes.
const NEVER_IMPORTED: &[&str] = &[
    "grants",
    "import_journal",
    "import_kept",
    "sessions",
    "team_members",
];

/// Every row of every table that tells of people, as text.
async fn dump(cx: &Context) -> Vec<String> {
    const TABLES: &[&str] = &[
        "users",
        "identities",
        "passwords",
        "former_ids",
        "former_credentials",
        "organizations",
        "members",
        "member_roles",
        "member_permissions",
        "roles",
        "sessions",
    ];
    let mut tx = cx.db().read().await.unwrap();
    let mut lines = Vec::new();
    for table in TABLES {
        let rows = sql(format!("select * from {table}"))
            .fetch_all_with(&mut tx, |row| Ok(cells(row)))
            .await
            .unwrap();
        lines.extend(rows.into_iter().map(|row| format!("{table} {row}")));
    }
    lines.sort();
    lines
}

fn cells(row: &db::Row) -> String {
    let mut text = String::new();
    for position in 0.. {
        let cell = row
            .at::<Option<String>>(position)
            .or_else(|_| Ok(row.at::<Option<i64>>(position)?.map(|one| one.to_string())))
            .or_else(|_: db::Error| {
                Ok(row.at::<Option<bool>>(position)?.map(|one| one.to_string()))
            });
        match cell {
            Ok(cell) => write!(text, "{cell:?} ").unwrap(),
            Err::<_, db::Error>(_) => return text,
        }
    }
    text
}

/// A business with another organization, roles, and somebody who signed up here.
pub(super) async fn business(cx: &Context) {
    organizations::ensure_default(cx).await.unwrap();
    let mut tx = cx.db().begin().await.unwrap();
    let new = NewOrganization {
        external_id: Some("acme-7".into()),
        name: "Acme".into(),
        ..NewOrganization::default()
    };
    organizations::create(cx, &mut tx, new).await.unwrap();
    for key in ["admin", "editor"] {
        let new = NewRole {
            key: key.into(),
            name: key.into(),
            ..NewRole::default()
        };
        roles::create(cx, &mut tx, new).await.unwrap();
    }
    tx.commit().await.unwrap();
}

const HEADER: &str = "id,email,phone,first_name,email_verified,hashed_password,hashing_method,external_organization_id,role_key\n";

fn first() -> TempFile {
    let text = format!(
        "{HEADER}1,ada@example.com,,Ada,TRUE,{BCRYPT},bcrypt,,editor\n\
         2,bob@example.com,,Bob,TRUE,,,,\n\
         3,eve@example.com,,Eve,FALSE,,,acme-7,\n"
    );
    TempFile::new("first.csv", &text)
}

/// Changes everybody of the first file in every way, and brings two more.
fn second() -> TempFile {
    let other = BCRYPT.replace("$2b$04$", "$2b$05$");
    let text = format!(
        "{HEADER}1,ada@example.com,+46701234567,Augusta,TRUE,{other},bcrypt,acme-7,\"admin,editor\",\n\
         2,bob@example.com,+46701234568,Robert,TRUE,{BCRYPT},bcrypt,,admin\n\
         3,eve@example.com,,Eva,TRUE,,,,editor\n\
         4,dan@example.com,,Dan,TRUE,{BCRYPT},bcrypt,acme-7,admin\n\
         5,fay@example.com,,Fay,,,,,\n\
         4,dan@example.com,+46701234569,Daniel,TRUE,,,,editor\n"
    );
    TempFile::new("second.csv", &text)
}

/// Undoes a run, which does just what was foretold.
async fn undone(cx: &Context, run: &Run) -> Undone {
    let mut tx = cx.db().read().await.unwrap();
    let now = find(cx, &mut tx, &run.id).await.unwrap().unwrap();
    drop(tx);
    let foreseen = match now.state {
        State::Undoing | State::Undone => None,
        _ => Some(foresee_undo(cx, &now).await.unwrap()),
    };
    let run = super::super::undo(cx, &run.id, |_| {}).await.unwrap();
    assert_eq!(run.state, State::Undone);
    let undone = run.summary.undone.unwrap();
    if let Some(foreseen) = foreseen {
        assert_eq!(foreseen, Foreseen { undone, unseen: 0 });
    }
    undone
}

#[tokio::test]
async fn an_import_that_is_undone_leaves_no_trace_on_people() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        business(&cx).await;
        let empty = dump(&cx).await;
        installation.advance(Duration::from_mins(1));
        let one = import_files(&cx, &[&first()]).await;
        let after_first = dump(&cx).await;
        installation.advance(Duration::from_mins(1));
        let two = import_files(&cx, &[&second()]).await;
        assert_eq!((two.tally.created, two.tally.updated), (2, 4));
        assert_ne!(dump(&cx).await, after_first);
        installation.advance(Duration::from_mins(1));
        let done = undone(&cx, &two).await;
        assert_eq!((done.deleted, done.restored, done.kept), (2, 3, 0));
        assert_eq!(dump(&cx).await, after_first);
        let done = undone(&cx, &one).await;
        assert_eq!((done.deleted, done.restored, done.kept), (3, 0, 0));
        assert_eq!(dump(&cx).await, empty);
        // Once more changes nothing.
        assert_eq!(undone(&cx, &one).await, done);
    }
}

#[tokio::test]
async fn people_who_have_changed_since_are_left_as_they_are_and_listed() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        business(&cx).await;
        let run = import_files(&cx, &[&TempFile::new("users.csv", &people(0, 8))]).await;
        installation.advance(Duration::from_mins(1));
        let ids: Vec<UserId> = {
            let mut ids = Vec::new();
            for number in 0..8 {
                let email = format!("p{number}@example.com");
                ids.push(person(&cx, &email).await.unwrap().id);
            }
            ids
        };
        let mut tx = cx.db().begin().await.unwrap();
        users::record_sign_in(&cx, &mut tx, &ids[0], None)
            .await
            .unwrap();
        let renamed = users::Changes {
            given_name: Some(Some("Nova".into())),
            ..users::Changes::default()
        };
        users::update(&cx, &mut tx, &ids[1], renamed).await.unwrap();
        users::suspend(&cx, &mut tx, &ids[2]).await.unwrap();
        let organization = organizations::default(&cx, &mut tx).await.unwrap().unwrap();
        let rights = organizations::Rights {
            roles: Some(vec!["admin".into()]),
            ..organizations::Rights::default()
        };
        organizations::add_member(&cx, &mut tx, &organization.id, &ids[4], &rights)
            .await
            .unwrap();
        // A stranger's failure is no change.
        users::record_failed_sign_in(&cx, &mut tx, &ids[5])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let hash = password::hash(&cx, &Secret::new("a password of my own"))
            .await
            .unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let new = NewPassword::set_by(SetBy::User);
        password::put(&cx, &mut tx, &ids[3], &hash, &new)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let done = undone(&cx, &run).await;
        assert_eq!((done.deleted, done.restored, done.kept), (3, 0, 5));
        let mut tx = cx.db().read().await.unwrap();
        let kept = kept(&mut tx, &run.id, None, 10).await.unwrap();
        let seen: Vec<_> = kept
            .iter()
            .map(|kept| (&kept.user_id, kept.reason))
            .collect();
        let expected: Vec<_> = ids[..5]
            .iter()
            .zip(0..)
            .map(|(id, number)| {
                let reason = if number == 0 {
                    KeptReason::SignedIn
                } else {
                    KeptReason::Changed
                };
                (id, reason)
            })
            .collect();
        assert_eq!(seen, expected);
        assert!(kept.iter().all(|kept| kept.was_created));
        assert_eq!(kept[1].given_name.as_deref(), Some("Nova"));
        let (rest, after) = (
            super::super::kept(&mut tx, &run.id, Some(&ids[3]), 10),
            &ids[4],
        );
        assert_eq!(rest.await.unwrap()[0].user_id, *after);
    }
}

#[tokio::test]
async fn somebody_changed_by_a_newer_import_is_kept_until_that_is_undone() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        business(&cx).await;
        let one = import_files(&cx, &[&first()]).await;
        installation.advance(Duration::from_mins(1));
        import_files(&cx, &[&second()]).await;
        let done = undone(&cx, &one).await;
        assert_eq!((done.deleted, done.kept), (0, 3));
    }
}

#[tokio::test]
async fn a_person_of_a_run_whom_a_later_batch_changed_is_deleted_too() {
    let text = people(0, 2_100) + "7,p7@example.com,New,,,\n8,p8@example.com,New,,,\n";
    let file = TempFile::new("users.csv", &text);
    for installation in Installation::all().await {
        let cx = installation.cx();
        organizations::ensure_default(&cx).await.unwrap();
        let empty = dump(&cx).await;
        let run = import_files(&cx, &[&file]).await;
        assert_eq!(run.tally, tally(2_100, 2, 0, 0));
        installation.advance(Duration::from_mins(1));
        let eighth = person(&cx, "p8@example.com").await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        users::suspend(&cx, &mut tx, &eighth.id).await.unwrap();
        tx.commit().await.unwrap();
        let done = undone(&cx, &run).await;
        assert_eq!((done.deleted, done.kept), (2_099, 1));
        assert_ne!(dump(&cx).await, empty);
        assert!(person(&cx, "p7@example.com").await.is_none());
    }
}

#[expect(clippy::disallowed_methods, reason = "the test ends the task itself")]
#[tokio::test]
async fn an_undo_that_was_killed_goes_on_to_the_same_end() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        organizations::ensure_default(&cx).await.unwrap();
        let file = TempFile::new("users.csv", &people(0, 1_200));
        import_files(&cx, &[&file]).await;
        let before = dump(&cx).await;
        installation.advance(Duration::from_mins(1));
        let text = people(0, 1_200).replace("Person", "New") + &people(5_000, 1_200);
        let text = text.replacen(
            "id,email,first_name,email_verified,hashed_password,hashing_method\n5",
            "5",
            1,
        );
        let run = import_files(&cx, &[&TempFile::new("more.csv", &text)]).await;
        assert_eq!((run.tally.created, run.tally.updated), (1_200, 1_200));
        for stop_after in [1, 2, 3, 1, 1, 1] {
            let (cx, id) = (cx.clone(), run.id.clone());
            let (sender, receiver) = tokio::sync::oneshot::channel();
            let mut sender = Some(sender);
            let mut batches = 0;
            let task = tokio::task::spawn(async move {
                super::super::undo(&cx, &id, |_| {
                    batches += 1;
                    if batches == stop_after {
                        sender.take().map(|sender| sender.send(()));
                    }
                })
                .await
            });
            // Ended by itself or between two batches: both are well.
            let _ = receiver.await;
            task.abort();
            let _ = task.await;
        }
        let done = undone(&cx, &run).await;
        assert_eq!((done.deleted, done.restored, done.kept), (1_200, 1_200, 0));
        assert_eq!(dump(&cx).await, before);
    }
}

#[tokio::test]
async fn what_is_at_work_or_changed_nothing_is_not_undone() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let file = TempFile::new("users.csv", &people(0, 3));
        let dry = NewRun {
            is_dry_run: true,
            ..new_run(&[&file])
        };
        let dry = import(&cx, dry).await;
        let refused = super::super::undo(&cx, &dry.id, |_| {}).await;
        assert!(matches!(refused, Err(UndoError::DryRun)), "{refused:?}");
        let (started, _) = start(&cx, new_run(&[&file])).await.unwrap();
        let refused = super::super::undo(&cx, &started.id, |_| {}).await;
        assert!(
            matches!(refused, Err(UndoError::State("running"))),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn an_import_tells_once_and_not_of_each_person() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        business(&cx).await;
        import_files(&cx, &[&first()]).await;
        let run = import_files(&cx, &[&second()]).await;
        undone(&cx, &run).await;
        let mut tx = cx.db().read().await.unwrap();
        let kinds: Vec<String> = sql(
            "select kind from events where kind like 'import%' or user_id is not null order by id",
        )
        .fetch_all(&mut tx)
        .await
        .unwrap();
        let once = ["import.run.started", "import.run.finished"];
        assert_eq!(kinds, [&once[..], &once, &["import.run.undone"]].concat());
    }
}

#[tokio::test]
async fn whatever_hangs_on_people_is_undone_or_never_imported() {
    // The schema is one text for both engines; SQLite tells of it.
    let installation = Installation::sqlite().await;
    let cx = installation.cx();
    let mut tx = cx.db().read().await.unwrap();
    let mut hanging: Vec<String> = sql("select distinct tables.name
           from sqlite_master tables, pragma_foreign_key_list(tables.name) keys
          where tables.type = 'table' and keys.\"table\" in ('users', 'members')")
    .fetch_all(&mut tx)
    .await
    .unwrap();
    hanging.retain(|table| {
        let is_part = PARTS.iter().any(|part| part.table == table);
        !is_part && !NEVER_IMPORTED.contains(&table.as_str())
    });
    assert!(
        hanging.is_empty(),
        "give these tables a line in PARTS, or say here that no import writes them: {hanging:?}"
    );
    for part in PARTS {
        let columns: Vec<String> = sql(format!(
            "select name from pragma_table_info('{}')",
            part.table
        ))
        .fetch_all(&mut tx)
        .await
        .unwrap();
        let known: Vec<&str> = part.columns.iter().map(|column| column.name).collect();
        assert_eq!(columns, known, "the columns of {}", part.table);
    }
}
