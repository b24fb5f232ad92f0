//! Files that hold several tables: each is read in a pass of its own, people first.

use super::*;

const SUPABASE: &str = include_str!("../../../../import/fixtures/supabase/auth.sql");
const WORDPRESS: &str = include_str!("../../../../import/fixtures/wordpress/dump.sql");

const DRUPAL: &str = include_str!("../../../../import/fixtures/drupal/dump.sql");
const ASPNET: &str = include_str!("../../../../import/fixtures/aspnet/script.sql");

/// What an import said, without its samples: a dry run shows other ones.
async fn said(cx: &Context, run: &Run) -> (Tally, Summary, Vec<Refusal>) {
    let summary = Summary {
        samples: Vec::new(),
        ..run.summary.clone()
    };
    (run.tally, summary, noted(cx, run).await)
}

#[tokio::test]
async fn a_dump_brings_people_and_then_what_they_had() {
    let file = TempFile::new("auth.sql", SUPABASE);
    for installation in Installation::all().await {
        let cx = installation.cx();
        let run = import_files(&cx, &[&file]).await;
        let parts: Vec<_> = run
            .files
            .iter()
            .map(|file| file.part.as_deref().unwrap())
            .collect();
        assert_eq!(parts, ["auth.users", "auth.identities", "auth.mfa_factors"]);
        assert!(run.files.iter().all(|file| file.number == 0));
        assert_eq!(run.bytes_read, run.bytes());
        // Two people; an account and an authenticator of one of them; an account of nobody, and a factor that stays behind.
        assert_eq!(
            run.tally,
            Tally {
                warnings: 1,
                ..tally(2, 2, 1, 1)
            }
        );
        let notes = noted(&cx, &run).await;
        let codes: Vec<_> = notes
            .iter()
            .map(|note| (note.file, note.code.as_str()))
            .collect();
        assert_eq!(codes, [(1, "no_matching_user"), (2, "not_imported")]);
        let mara = person(&cx, "mara@voss.example").await.unwrap();
        let mut tx = cx.db().read().await.unwrap();
        let identities = users::identities(&mut tx, &mara.id).await.unwrap();
        let google = identities
            .iter()
            .find(|one| one.kind.to_string() == "oauth2:google");
        assert_eq!(google.unwrap().value, "104200000000000000001");
    }
}

#[tokio::test]
async fn a_dump_imported_twice_changes_nothing_the_second_time() {
    for text in [SUPABASE, WORDPRESS] {
        let file = TempFile::new("dump.sql", text);
        for installation in Installation::all().await {
            let cx = installation.cx();
            let first = import_files(&cx, &[&file]).await;
            let before = state(&cx).await;
            let again = import_files(&cx, &[&file]).await;
            assert_eq!((again.tally.created, again.tally.updated), (0, 0));
            assert_eq!(again.tally.refused, first.tally.refused);
            assert_eq!(state(&cx).await, before);
        }
    }
}

#[tokio::test]
async fn a_dry_run_of_a_dump_tells_what_the_import_does() {
    for text in [SUPABASE, WORDPRESS, DRUPAL, ASPNET] {
        let file = TempFile::new("dump.sql", text);
        for installation in Installation::all().await {
            let cx = installation.cx();
            // Everybody belongs to it, also who has a role that nobody knows.
            organizations::ensure_default(&cx).await.unwrap();
            let dry = NewRun {
                is_dry_run: true,
                ..new_run(&[&file])
            };
            let told = import(&cx, dry).await;
            let done = import_files(&cx, &[&file]).await;
            assert_eq!(said(&cx, &told).await, said(&cx, &done).await);
        }
    }
}

#[tokio::test]
async fn the_tables_of_a_dump_may_come_as_files_of_their_own() {
    let users = "ID,user_login,user_pass,user_email,display_name\n1,mara,,mara@voss.example,mara\n";
    let meta = "umeta_id,user_id,meta_key,meta_value\n1,1,first_name,Mara\n2,2,first_name,Nobody\n";
    let (users, meta) = (
        TempFile::new("users.csv", users),
        TempFile::new("meta.csv", meta),
    );
    for installation in Installation::all().await {
        let cx = installation.cx();
        let run = import_files(&cx, &[&meta, &users]).await;
        assert_eq!(run.source, "wordpress");
        assert_eq!(run.tally, tally(1, 1, 0, 1));
        let mara = person(&cx, "mara@voss.example").await.unwrap();
        assert_eq!(mara.given_name.as_deref(), Some("Mara"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_of_a_dump_goes_on_in_the_part_where_it_was() {
    let file = TempFile::new("auth.sql", SUPABASE);
    let (taken, whole) = (Installation::all().await, Installation::all().await);
    for (taken, whole) in taken.into_iter().zip(whole) {
        let (cx, reference) = (taken.cx(), whole.cx());
        let (started, inputs) = start(&cx, new_run(&[&file])).await.unwrap();
        let (mut n_batches, mut other) = (0, None);
        let outcome = run(&cx, started.clone(), &Options::default(), inputs, |_| {
            n_batches += 1;
            // The users are in, and their accounts; another node goes on with the second factors.
            if n_batches == 2 {
                let done = tokio::task::block_in_place(|| {
                    Handle::current().block_on(resumed(&cx, &started, &[&file]))
                });
                other = Some(done);
            }
        })
        .await;
        assert!(matches!(outcome, Err(RunError::TakenOver)), "{outcome:?}");
        let (done, expected) = (other.unwrap(), import_files(&reference, &[&file]).await);
        assert_eq!(said(&cx, &done).await, said(&reference, &expected).await);
        assert_eq!(state(&cx).await, state(&reference).await);
    }
}

#[tokio::test]
async fn a_row_that_is_left_alone_on_purpose_is_noted_and_not_refused() {
    let text =
        "id,email,raw_user_meta_data,deleted_at\n1,mara@voss.example,,2024-01-15 10:30:00+00\n";
    let file = TempFile::new("users.csv", text);
    for installation in Installation::all().await {
        let cx = installation.cx();
        let run = import_files(&cx, &[&file]).await;
        assert_eq!(
            run.tally,
            Tally {
                warnings: 1,
                ..tally(0, 0, 1, 0)
            }
        );
        let notes = noted(&cx, &run).await;
        assert_eq!(
            (notes[0].code.as_str(), notes[0].is_warning),
            ("skipped", true)
        );
    }
}
