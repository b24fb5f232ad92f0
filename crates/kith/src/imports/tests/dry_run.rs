//! A dry run tells what the import does: the same numbers, and the same report byte for byte.

use std::path::{Path, PathBuf};

use futures::TryStreamExt as _;
use proptest::prelude::*;

use super::*;
use crate::imports::report::{Format, stream};

/// The report of a run, in both formats.
async fn report(cx: &Context, run: &Run) -> Vec<u8> {
    let mut bytes = Vec::new();
    for format in [Format::Csv, Format::Ndjson] {
        let pieces: Vec<bytes::Bytes> = stream(cx, &run.id, format).try_collect().await.unwrap();
        bytes.extend(pieces.concat());
    }
    bytes
}

/// What a run says of itself, without what only one of the two has.
fn said(run: &Run) -> String {
    let summary = Summary {
        samples: Vec::new(),
        expected: None,
        ..run.summary.clone()
    };
    let summary = serde_json::to_string_pretty(&summary).unwrap();
    format!("{:?}\n{:?}\n{summary}", run.tally, run.failure)
}

/// Imports the files, first without consequence; both must say the same.
async fn assert_same(cx: &Context, inputs: Vec<Input>, source: Option<&str>) {
    let new = |is_dry_run| NewRun {
        source: source.map(str::to_owned),
        inputs: inputs.clone(),
        options: Options::default(),
        is_dry_run,
    };
    let before = state(cx).await;
    let told = import(cx, new(true)).await;
    assert_eq!(state(cx).await, before);
    let done = import(cx, new(false)).await;
    assert_eq!(said(&told), said(&done));
    let (told, done) = (report(cx, &told).await, report(cx, &done).await);
    assert_eq!(
        String::from_utf8_lossy(&told),
        String::from_utf8_lossy(&done)
    );
}

/// Every sample file, by the name of its folder, which is that of the provider.
fn fixtures() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../import/fixtures");
    let mut files = Vec::new();
    let folders = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    for folder in folders.filter(|path| path.is_dir()) {
        let provider = folder.file_name().unwrap().to_string_lossy().into_owned();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                files.push((provider.clone(), path));
            }
        }
    }
    files.sort();
    files
}

#[tokio::test]
async fn a_dry_run_of_every_sample_tells_what_the_import_does() {
    let mut n_tried = 0;
    for (_, path) in fixtures() {
        let input = Input {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            content: Content::Path(path.clone()),
        };
        // One engine is enough here: planning knows of none.
        let installation = Installation::sqlite().await;
        let cx = installation.cx();
        organizations::ensure_default(&cx).await.unwrap();
        let new = NewRun {
            source: None,
            inputs: vec![input.clone()],
            options: Options::default(),
            is_dry_run: true,
        };
        // Some samples need what only a person knows, such as a project's signer key.
        if start(&cx, new).await.is_err() {
            continue;
        }
        n_tried += 1;
        // Into an empty business, and once more over what is there by then.
        assert_same(&cx, vec![input.clone()], None).await;
        assert_same(&cx, vec![input], None).await;
    }
    assert!(n_tried >= 9, "only {n_tried} samples were tried");
}

#[tokio::test]
async fn a_dry_run_knows_what_a_row_made_of_somebody_whom_another_key_finds_later() {
    let installation = Installation::sqlite().await;
    let cx = installation.cx();
    let file = |name: &str, row: &str| TempFile::new(name, &format!("{HEADER}{row}\n"));
    import_files(&cx, &[&file("here.csv", ",,+46701234568,ada,,,,,,")]).await;
    let first = file("a.csv", ",ada+news@example.com,,ada,,,,,,");
    let second = file("b.csv", ",ada@example.com,+46701234568,,,,,,,");
    assert_same(&cx, vec![first.input(), second.input()], None).await;
}

/// A row of a table with few different people, so that rows meet each other.
fn row() -> impl Strategy<Value = String> {
    let id = prop_oneof![Just(""), Just("1"), Just("2"), Just("3")];
    let email = prop_oneof![
        2 => Just(""),
        3 => Just("ada@example.com"),
        2 => Just("Ada@Example.com"),
        2 => Just("ada+news@example.com"),
        2 => Just("bob@example.com"),
        1 => Just("eve@mailinator.com"),
        1 => Just("nobody"),
    ];
    let phone = prop_oneof![3 => Just(""), 1 => Just("+46701234567"), 1 => Just("+46701234568")];
    let username = prop_oneof![3 => Just(""), 1 => Just("ada"), 1 => Just("Ada")];
    let name = prop_oneof![Just(""), Just("Ada"), Just("Augusta")];
    let verified = prop_oneof![Just(""), Just("TRUE"), Just("FALSE")];
    let password = prop_oneof![
        3 => Just(",".to_owned()),
        2 => Just(format!("{BCRYPT},bcrypt")),
        1 => Just(format!("{},bcrypt", BCRYPT.replace("$04$", "$05$"))),
        1 => Just("a3c68e193330b110c76ba1a5098cc64c,md5".to_owned()),
        1 => Just("x,nothing".to_owned()),
    ];
    let organization = prop_oneof![3 => Just(""), 1 => Just("acme-7"), 1 => Just("nowhere")];
    let role = prop_oneof![3 => Just(""), 1 => Just("admin"), 1 => Just("none")];
    (
        id,
        email,
        phone,
        username,
        name,
        verified,
        password,
        (organization, role),
    )
        .prop_map(|(id, email, phone, username, name, verified, password, (organization, role))| {
            format!(
                "{id},{email},{phone},{username},{name},{verified},{password},{organization},{role}\n"
            )
        })
}

const HEADER: &str = "id,email,phone,username,first_name,email_verified,hashed_password,hashing_method,external_organization_id,role_key\n";

/// So many rows of others, which push what follows into another batch.
fn others(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        writeln!(text, "o{number},o{number}@example.com,,,,,,,,").unwrap();
    }
    text
}

#[tokio::test]
async fn a_dry_run_knows_that_new_people_join_the_default_organization() {
    let installation = Installation::sqlite().await;
    let cx = installation.cx();
    super::undo::business(&cx).await;
    let file = |name: &str, row: &str| TempFile::new(name, &format!("{HEADER}{row}\n"));
    let first = file("a.csv", "3,bob@example.com,,,,,,,,");
    let second = file("b.csv", "3,bob@example.com,,,,FALSE,,,,none");
    assert_same(&cx, vec![first.input(), second.input()], None).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_dry_run_tells_what_the_import_does_however_rows_collide(
        first in prop::collection::vec(row(), 1..12),
        second in prop::collection::vec(row(), 1..12),
        here in prop::collection::vec(row(), 0..4),
        n_others in prop_oneof![Just(0_usize), Just(1_995)],
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let installation = Installation::sqlite().await;
            let cx = installation.cx();
            super::undo::business(&cx).await;
            let file = |name: &str, rows: &[String], n_others| {
                TempFile::new(name, &(HEADER.to_owned() + &others(n_others) + &rows.concat()))
            };
            import_files(&cx, &[&file("here.csv", &here, 0)]).await;
            let (first, second) = (file("a.csv", &first, n_others), file("b.csv", &second, 0));
            assert_same(&cx, vec![first.input(), second.input()], None).await;
        });
    }
}
