//! Whole imports into fresh databases of both engines.

mod dry_run;
mod overtaken;
mod parts;
mod twice;
mod undo;

use std::fmt::Write as _;
use std::io::Write as _;

use import::{RecoveryCode, Totp};
use tokio::runtime::Handle;

use super::*;
use crate::context::Context;
use crate::credentials::former::{self, Former};
use crate::credentials::password::{self, Status};
use crate::id::UserId;
use crate::organizations::{self, NewOrganization};
use crate::paging::{Order, Wanted};
use crate::roles::{self, NewRole};
use crate::testing::Installation;
use crate::users::{self, IdentityKind, User};

/// bcrypt of `Correct-Horse_42`, cost 4.
const BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";

/// A file of its own in a folder of its own.
struct TempFile {
    folder: tempfile::TempDir,
    name: String,
}

impl TempFile {
    fn new(name: &str, content: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut file = std::fs::File::create(folder.path().join(name)).unwrap();
        file.write_all(content.as_bytes()).unwrap();
        Self {
            folder,
            name: name.to_owned(),
        }
    }

    fn input(&self) -> Input {
        Input {
            name: self.name.clone(),
            content: Content::Path(self.folder.path().join(&self.name)),
        }
    }
}

fn new_run(files: &[&TempFile]) -> NewRun {
    NewRun {
        source: None,
        inputs: files.iter().map(|file| file.input()).collect(),
        options: Options::default(),
        is_dry_run: false,
    }
}

async fn import(cx: &Context, new: NewRun) -> Run {
    let options = new.options.clone();
    let (started, inputs) = start(cx, new).await.unwrap();
    run(cx, started, &options, inputs, |_| {}).await.unwrap()
}

async fn import_files(cx: &Context, files: &[&TempFile]) -> Run {
    import(cx, new_run(files)).await
}

fn tally(created: i64, updated: i64, unchanged: i64, refused: i64) -> Tally {
    Tally {
        records: created + updated + unchanged + refused,
        created,
        updated,
        unchanged,
        refused,
        warnings: 0,
    }
}

async fn person(cx: &Context, email: &str) -> Option<User> {
    let mut tx = cx.db().read().await.unwrap();
    users::find_by_identifier(cx, &mut tx, &IdentityKind::Email, email)
        .await
        .unwrap()
        .map(|(user, _)| user)
}

async fn password_of(cx: &Context, user: &UserId) -> Option<Status> {
    let mut tx = cx.db().read().await.unwrap();
    password::status(&mut tx, user).await.unwrap()
}

async fn noted(cx: &Context, run: &Run) -> Vec<Refusal> {
    let mut tx = cx.db().read().await.unwrap();
    refusals(&mut tx, &run.id, &Place::default(), 1_000)
        .await
        .unwrap()
}

/// Everything that an import can change, for comparing.
async fn state(cx: &Context) -> Vec<String> {
    let mut tx = cx.db().read().await.unwrap();
    let mut lines = Vec::new();
    let wanted = Wanted::first(Order::OLDEST_FIRST, 10_000);
    let people = users::list(cx, &mut tx, &users::Filter::default(), &wanted)
        .await
        .unwrap();
    for user in people.items {
        let password = password::status(&mut tx, &user.id).await.unwrap();
        let identities = users::identities(&mut tx, &user.id).await.unwrap();
        let identities: Vec<_> = identities
            .iter()
            .map(|one| (&one.kind, &one.value, one.is_verified, one.is_primary))
            .collect();
        let organizations = organizations::of_user(&mut tx, &user.id).await.unwrap();
        let mut memberships = Vec::new();
        for membership in organizations {
            let id = &membership.organization.id;
            let roles = roles::of_member(&mut tx, id, &user.id).await.unwrap();
            let roles: Vec<_> = roles.into_iter().map(|role| role.key).collect();
            memberships.push((membership.organization.name, roles));
        }
        memberships.sort();
        lines.push(format!(
            "{:?} {:?} {:?} {identities:?} {:?} {memberships:?}",
            user.provided_id,
            user.given_name,
            user.properties,
            password.map(|status| (status.scheme, status.imported_digest)),
        ));
    }
    lines.sort();
    lines
}

/// A CSV of so many people, from a number on.
fn people(from: usize, count: usize) -> String {
    let mut text = "id,email,first_name,email_verified,hashed_password,hashing_method\n".to_owned();
    for number in from..from + count {
        writeln!(
            text,
            "{number},p{number}@example.com,Person {number},TRUE,{BCRYPT},bcrypt"
        )
        .unwrap();
    }
    text
}

#[tokio::test]
async fn people_come_in_with_their_passwords() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        organizations::ensure_default(&cx).await.unwrap();
        let run = import_files(&cx, &[&TempFile::new("users.csv", &people(0, 3))]).await;
        assert_eq!(run.state, State::Finished);
        assert_eq!(run.source, "kinde-csv");
        assert_eq!(run.tally, tally(3, 0, 0, 0));
        assert_eq!(run.summary.outlook.with_password, 3);
        assert_eq!(run.summary.schemes["bcrypt"], 3);
        let ada = person(&cx, "p0@example.com").await.unwrap();
        assert_eq!(ada.provided_id.as_deref(), Some("0"));
        assert_eq!(ada.source, "kinde-csv");
        assert_eq!(ada.import_run_id.as_ref(), Some(&run.id));
        assert_eq!(password_of(&cx, &ada.id).await.unwrap().scheme, "bcrypt");
        let mut tx = cx.db().read().await.unwrap();
        let memberships = organizations::of_user(&mut tx, &ada.id).await.unwrap();
        assert!(memberships[0].organization.is_default);
    }
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        organizations::ensure_default(&cx).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let new = NewOrganization {
            external_id: Some("acme-7".into()),
            name: "Acme".into(),
            ..NewOrganization::default()
        };
        organizations::create(&cx, &mut tx, new).await.unwrap();
        let new = NewRole {
            key: "admin".into(),
            name: "Admin".into(),
            ..NewRole::default()
        };
        roles::create(&cx, &mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        let file = TempFile::new(
            "users.csv",
            &format!(
                "id,email,phone,username,hashed_password,hashing_method,external_organization_id,role_key\n\
                 1,ada@example.com,+46701234567,ada,{BCRYPT},bcrypt,acme-7,admin\n\
                 2,bob@example.com,,,,,\"acme-7,nowhere\",\"admin,none\"\n\
                 3,eve@example.com,,,,,,\n\
                 4,,,,{BCRYPT},bcrypt,,\n"
            ),
        );
        let first = import_files(&cx, &[&file]).await;
        let before = state(&cx).await;
        assert_eq!((first.tally.created, first.tally.refused), (3, 1));
        assert!(before[0].contains(r#"[("Acme", ["admin"])]"#), "{before:?}");
        let again = import_files(&cx, &[&file]).await;
        assert_eq!((again.tally.unchanged, again.tally.refused), (3, 1));
        assert_eq!((again.tally.created, again.tally.updated), (0, 0));
        assert_eq!(state(&cx).await, before);
    }
}

#[tokio::test]
async fn refused_rows_are_kept_with_place_and_reason_and_without_secrets() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let file = TempFile::new(
            "users.csv",
            &format!(
                "id,email,hashed_password,hashing_method\n\
                 1,ada@example.com,{BCRYPT},bcrypt\n\
                 2,nobody,{BCRYPT},bcrypt\n\
                 3,ada@example.com,,\n"
            ),
        );
        let run = import_files(&cx, &[&file]).await;
        assert_eq!(run.tally, tally(1, 0, 0, 2));
        let notes = noted(&cx, &run).await;
        let seen: Vec<_> = notes
            .iter()
            .map(|note| {
                (
                    note.number,
                    note.line,
                    note.code.as_str(),
                    note.column.as_deref(),
                )
            })
            .collect();
        let expected = [
            (2, 3, "invalid_email", Some("email")),
            (3, 4, "duplicate_email", Some("email")),
        ];
        assert_eq!(seen, expected);
        assert_eq!(notes[0].content, "2,nobody,[redacted],bcrypt");
        assert_eq!(run.summary.refused["invalid_email"], 1);
    }
}

#[tokio::test]
async fn unknown_organizations_and_roles_are_warnings() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        organizations::ensure_default(&cx).await.unwrap();
        let file = TempFile::new(
            "users.csv",
            "email,external_organization_id,role_key\nada@example.com,nowhere,admin\nbob@example.com,,admin\n",
        );
        let run = import_files(&cx, &[&file]).await;
        assert_eq!((run.tally.created, run.tally.warnings), (2, 2));
        let codes: Vec<_> = noted(&cx, &run)
            .await
            .into_iter()
            .map(|note| (note.number, note.code, note.is_warning))
            .collect();
        assert_eq!(
            codes,
            [
                (1, "unknown_organization".to_owned(), true),
                (2, "unknown_role".to_owned(), true)
            ]
        );
        assert!(state(&cx).await[0].ends_with(r#"[("Default Organization", [])]"#));
    }
}

#[tokio::test]
async fn passwords_of_a_second_file_find_their_people() {
    const USERS: &str = r#"{"user_id":"auth0|5f0000000000000000000001","email":"ada@example.com","email_verified":true,"created_at":"2020-01-01T00:00:00.000Z","identities":[{"connection":"Username-Password-Authentication","user_id":"5f0000000000000000000001","provider":"auth0","isSocial":false}]}
{"user_id":"auth0|5f0000000000000000000002","email":"bob@example.com","email_verified":true,"created_at":"2020-01-01T00:00:00.000Z","identities":[{"connection":"Username-Password-Authentication","user_id":"5f0000000000000000000002","provider":"auth0","isSocial":false}]}
"#;
    let passwords = format!(
        r#"{{"_id":{{"$oid":"5f0000000000000000000001"}},"email":"ada@example.com","email_verified":true,"passwordHash":"{BCRYPT}","password_set_date":{{"$date":"2020-01-01T00:00:00.000Z"}},"tenant":"x","connection":"Username-Password-Authentication","_tmp_is_unique":true}}
{{"_id":{{"$oid":"5f0000000000000000000009"}},"email":"zed@example.com","email_verified":true,"passwordHash":"{BCRYPT}","password_set_date":{{"$date":"2020-01-01T00:00:00.000Z"}},"tenant":"x","connection":"Username-Password-Authentication","_tmp_is_unique":true}}
"#
    );
    for installation in Installation::all().await {
        let cx = installation.cx();
        let (users, passwords) = (
            TempFile::new("users.json", USERS),
            TempFile::new("passwords.json", &passwords),
        );
        let run = import_files(&cx, &[&passwords, &users]).await;
        assert_eq!(run.source, "auth0");
        assert!(!run.files[0].is_passwords && run.files[1].is_passwords);
        assert_eq!(run.tally, tally(2, 1, 0, 1));
        assert_eq!(run.summary.outlook.with_password, 1);
        assert_eq!(run.summary.outlook.with_code, 1);
        let ada = person(&cx, "ada@example.com").await.unwrap();
        assert_eq!(password_of(&cx, &ada.id).await.unwrap().scheme, "bcrypt");
        let notes = noted(&cx, &run).await;
        assert_eq!(
            (notes[0].file, notes[0].code.as_str()),
            (1, "no_matching_user")
        );
    }
}

/// The run as it stands, ready to go on with these files.
async fn resumed(cx: &Context, run: &Run, files: &[&TempFile]) -> Run {
    let inputs = files.iter().map(|file| file.input()).collect();
    let (found, options, inputs) = resume(cx, &run.id, inputs).await.unwrap();
    super::run(cx, found, &options, inputs, |_| {})
        .await
        .unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the test ends the task itself")]
#[tokio::test]
async fn an_import_that_was_killed_goes_on_and_ends_as_if_it_had_not_been() {
    // More than two batches, with a person of the first batch repeated in the last.
    let text = people(0, 4_500) + "7,p7@example.com,,,,\n1,other@example.com,,,,\n";
    let file = TempFile::new("users.csv", &text);
    let (killed, whole) = (Installation::all().await, Installation::all().await);
    for (killed, whole) in killed.into_iter().zip(whole) {
        let (cx, reference) = (killed.cx(), whole.cx());
        let (started, inputs) = start(&cx, new_run(&[&file])).await.unwrap();
        let id = started.clone();
        let task = {
            let cx = cx.clone();
            let (first_batch, batches) = tokio::sync::oneshot::channel();
            let mut first_batch = Some(first_batch);
            let task = tokio::task::spawn(async move {
                let watch = move |_: &Progress| {
                    if let Some(first_batch) = first_batch.take() {
                        first_batch.send(()).unwrap();
                    }
                };
                super::run(&cx, started, &Options::default(), inputs, watch).await
            });
            batches.await.unwrap();
            task
        };
        // Somewhere in the second batch.
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        let mut tx = cx.db().read().await.unwrap();
        let halfway = find(&cx, &mut tx, &id.id).await.unwrap().unwrap();
        drop(tx);
        assert_eq!(halfway.state, State::Running);
        assert!(halfway.position.record >= 1_000, "{halfway:?}");
        // Whoever goes on looked before the last batch was written.
        let (_, options, inputs) = resume(&cx, &id.id, vec![file.input()]).await.unwrap();
        let done = super::run(&cx, id, &options, inputs, |_| {}).await.unwrap();
        assert_eq!(done.state, State::Finished);
        let expected = import_files(&reference, &[&file]).await;
        assert_eq!(done.tally, expected.tally);
        assert_eq!(done.tally, tally(4_500, 0, 1, 1));
        assert_eq!(done.summary, expected.summary);
        assert_eq!(state(&cx).await, state(&reference).await);
        assert_eq!(noted(&cx, &done).await, noted(&reference, &expected).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_lost_a_run_writes_nothing_more() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let file = TempFile::new("users.csv", &people(0, 5_000));
        let (started, inputs) = start(&cx, new_run(&[&file])).await.unwrap();
        let mut other = None;
        let options = Options::default();
        let outcome = super::run(&cx, started.clone(), &options, inputs, |_| {
            // Another node takes the run over between two batches, and finishes it first.
            if other.is_none() {
                let done = tokio::task::block_in_place(|| {
                    Handle::current().block_on(resumed(&cx, &started, &[&file]))
                });
                other = Some(done);
            }
        })
        .await;
        assert!(matches!(outcome, Err(RunError::TakenOver)), "{outcome:?}");
        assert_eq!(other.unwrap().tally, tally(5_000, 0, 0, 0));
    }
}

#[tokio::test]
async fn an_import_goes_on_with_the_same_file_only() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let file = TempFile::new("users.csv", &people(0, 3));
        let (started, _) = start(&cx, new_run(&[&file])).await.unwrap();
        let other = TempFile::new("users.csv", &people(0, 4));
        let refused = resume(&cx, &started.id, vec![other.input()]).await;
        assert!(
            matches!(refused, Err(StartError::Changed(_))),
            "{refused:?}"
        );
        let done = resumed(&cx, &started, &[&file]).await;
        assert_eq!(done.tally.created, 3);
        let refused = resume(&cx, &started.id, vec![file.input()]).await;
        assert!(
            matches!(refused, Err(StartError::State("finished"))),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn a_dry_run_tells_what_the_import_does_and_changes_nothing() {
    // The second batch repeats people of the first: with another address, with nothing new, with a new name.
    let mut text = people(0, 2_500);
    write!(
        text,
        "1,other@example.com,,,,\n2,p2@example.com,,,,\n3,p3@example.com,New,,,\nx,nobody,,,{BCRYPT},\n"
    )
    .unwrap();
    let file = TempFile::new("users.csv", &text);
    for installation in Installation::all().await {
        let cx = installation.cx();
        organizations::ensure_default(&cx).await.unwrap();
        import_files(&cx, &[&TempFile::new("some.csv", &people(0, 1))]).await;
        let before = state(&cx).await;
        let dry = NewRun {
            is_dry_run: true,
            ..new_run(&[&file])
        };
        let told = import(&cx, dry).await;
        assert_eq!(told.state, State::Checked);
        assert_eq!(state(&cx).await, before);
        let done = import_files(&cx, &[&file]).await;
        assert_eq!(told.tally, done.tally);
        assert_eq!(told.tally, tally(2_499, 1, 2, 2));
        assert_eq!(told.summary, done.summary);
        let of = |outcome| {
            let samples = told.summary.samples.iter();
            samples.filter(move |sample| sample.outcome == outcome)
        };
        assert_eq!(of(SampleOutcome::Created).count(), 5);
        assert_eq!(of(SampleOutcome::Unchanged).count(), 2);
        let changed = of(SampleOutcome::Updated).next().unwrap();
        let name = &changed.changes[0];
        assert_eq!(changed.contact, "p3@example.com");
        assert_eq!(name.field, SampleField::FirstName);
        assert_eq!(name.after.as_deref(), Some("New"));
        assert_eq!(noted(&cx, &told).await, noted(&cx, &done).await);
    }
}

#[tokio::test]
async fn what_proves_a_person_beside_a_password_comes_along_once_and_sealed() {
    for installation in Installation::all().await {
        let cx = &installation.cx();
        let row = |more: &str| {
            format!(r#"{{"id":"l-1","email":"mara@voss.example","locale":"sv_SE"{more}}}"#)
        };
        let file = TempFile::new(
            "users.ndjson",
            &row(r#","totp":[{"secret":"JBSWY3DPEHPK3PXP"}],"recovery_codes":["abcd","efgh"]"#),
        );
        assert_eq!(import_files(cx, &[&file]).await.tally, tally(1, 0, 0, 0));
        assert_eq!(import_files(cx, &[&file]).await.tally, tally(0, 0, 1, 0));
        let user = person(cx, "mara@voss.example").await.unwrap();
        assert_eq!(user.locale.as_deref(), Some("sv-SE"));

        // A later export has other codes; those that came first stay.
        let other = TempFile::new("users.ndjson", &row(r#","recovery_codes":["ijkl"]"#));
        assert_eq!(import_files(cx, &[&other]).await.tally, tally(0, 0, 1, 0));
        let mut tx = cx.db().read().await.unwrap();
        let kept = former::kept(cx, &mut tx, &[&user.id]).await.unwrap();
        let code = |text: &str| Former::RecoveryCode(RecoveryCode::parse(text).unwrap());
        let totp = Former::Totp(Totp::parse("JBSWY3DPEHPK3PXP").unwrap());
        let mut of_user = kept[&user.id].clone();
        of_user.sort_by_key(Former::kind);
        assert_eq!(of_user, [totp, code("abcd"), code("efgh")]);
    }
}

#[tokio::test]
async fn a_suspension_that_ends_by_itself_comes_along_and_ends() {
    for installation in Installation::all().await {
        let cx = &installation.cx();
        let file = TempFile::new(
            "users.ndjson",
            &format!(
                "{{\"email\":\"mara@voss.example\",\"suspended_until\":{}}}\n\
                 {{\"email\":\"lee@liu.example\",\"suspended_until\":1000}}\n",
                cx.now().millis() + 60_000
            ),
        );
        assert_eq!(import_files(cx, &[&file]).await.tally, tally(2, 0, 0, 0));
        assert_eq!(import_files(cx, &[&file]).await.tally, tally(0, 0, 2, 0));
        let user = person(cx, "mara@voss.example").await.unwrap();
        assert!(user.is_suspended && user.is_kept_out(cx.now()));
        assert!(!person(cx, "lee@liu.example").await.unwrap().is_suspended);

        installation.advance(std::time::Duration::from_secs(61));
        assert!(!user.is_kept_out(cx.now()));
        users::end_suspensions(cx).await.unwrap();
        assert!(!person(cx, "mara@voss.example").await.unwrap().is_suspended);
        assert_eq!(import_files(cx, &[&file]).await.tally, tally(0, 0, 2, 0));
    }
}
