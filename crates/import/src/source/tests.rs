use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::plan::Conflict;
use crate::problem::{Problem, ProblemCode};

/// All sample files, those in folders of a sample's own as well.
fn fixtures() -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.push(path);
            }
        }
    }
    all.retain(|path| !path.ends_with("organizations.csv"));
    all.sort();
    all
}

fn read(source: &'static Source, bytes: impl Into<Vec<u8>>) -> Vec<Result<Row, Problem>> {
    read_with(source, bytes, &project(source))
}

/// What the files of a source do not hold: for those that need it, the parameters of an invented project.
fn project(source: &Source) -> Options {
    let mut options = Options::default();
    for name in source.project_params {
        let value = match *name {
            "signer_key" => {
                "lkR4ihfpQlxogwr7oz1LqG6LVDfUuW+XJlOz/DjmjMDUPFyLgAppI8IFDqLpHmBeVLvHd9ngYtOP+0L4xMKOyA=="
            }
            "salt_separator" => "Bw==",
            "rounds" => "8",
            "mem_cost" => "14",
            name => panic!("no sample of {name}"),
        };
        options.hash.set(name, value).unwrap();
    }
    options
}

fn read_with(
    source: &'static Source,
    bytes: impl Into<Vec<u8>>,
    options: &Options,
) -> Vec<Result<Row, Problem>> {
    open(source, Cursor::new(bytes.into()), options)
        .unwrap()
        .collect()
}

fn csv(text: &str) -> Vec<Result<Row, Problem>> {
    read(&kinde_csv::SOURCE, text)
}

fn packed(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

/// What a file became, for a snapshot: each of its parts in the order in which they are read.
fn rendered(bytes: &[u8]) -> String {
    let survey = survey(Cursor::new(bytes.to_vec()), None).unwrap();
    let parts = survey.parts.iter().map(|part| {
        let table = part.table.as_deref();
        let rows = open_table(
            survey.source,
            table,
            Cursor::new(bytes.to_vec()),
            &project(survey.source),
        );
        format!(
            "{:?} of {}\n\n{}",
            part.role,
            part.saw,
            rendered_rows(rows.unwrap())
        )
    });
    parts.collect::<Vec<_>>().join("\n")
}

/// Each row's record without the fields it does not have, or its problem.
fn rendered_rows(rows: impl Iterator<Item = Result<Row, Problem>>) -> String {
    let mut text = String::new();
    for row in rows {
        match row {
            Ok(row) => {
                writeln!(
                    text,
                    "row {}, line {}: {:#?}",
                    row.number, row.line, row.record
                )
                .unwrap();
                for warning in row.warnings {
                    let column = warning.column.unwrap_or_default();
                    writeln!(
                        text,
                        "warning: {column}: {}: {}",
                        warning.code, warning.reason
                    )
                    .unwrap();
                }
            }
            Err(problem) => {
                let column = problem.column.unwrap_or_default();
                writeln!(
                    text,
                    "row {}, line {}: {column}: {}",
                    problem.number, problem.line, problem.code
                )
                .unwrap();
                writeln!(text, "    {}\n    {}", problem.reason, problem.row).unwrap();
            }
        }
        text.push('\n');
    }
    let says_something = |line: &&str| {
        ![": None,", ": [],", ": {},"]
            .iter()
            .any(|end| line.ends_with(end))
    };
    text.lines()
        .filter(says_something)
        .fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn each_fixture_becomes_what_its_snapshot_says() {
    for path in fixtures() {
        let bytes = fs::read(&path).unwrap();
        let name = format!(
            "{}__{}",
            path.parent().unwrap().file_name().unwrap().display(),
            path.file_name().unwrap().display()
        );
        insta::assert_snapshot!(name, rendered(&bytes));
    }
}

#[test]
fn every_source_has_a_fixture_that_it_recognizes() {
    for source in SOURCES {
        let recognizes =
            |path: &PathBuf| detect(&fs::read(path).unwrap()).unwrap().source.name == source.name;
        assert!(
            fixtures().iter().any(recognizes),
            "no fixture of {}",
            source.name
        );
        assert_eq!(find(source.name).unwrap().name, source.name);
    }
    assert!(find("nobody").is_none());
}

#[test]
fn no_problem_of_any_fixture_shows_a_hash_or_a_salt() {
    for path in fixtures() {
        let bytes = fs::read(&path).unwrap();
        for problem in read(detect(&bytes).unwrap().source, bytes)
            .into_iter()
            .filter_map(Result::err)
        {
            let shown = format!("{problem:?}");
            for secret in [
                "$2a$1", "$2b$0", "$2b$1", "5f4dcc3b", "s4lty", "tooshort", "641667a2",
            ] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }
}

#[test]
fn no_row_of_any_fixture_shows_what_somebody_proves_themselves_with() {
    for path in fixtures() {
        let bytes = fs::read(&path).unwrap();
        let rows = read(detect(&bytes).unwrap().source, bytes);
        for row in rows.into_iter().flatten() {
            let shown = row.raw.redacted();
            for secret in [
                "JBSWY3DP",
                "Fn3qTzWb",
                "MTIzNDU2",
                "plain-in-a-file",
                "x2k9q7ab",
                "m4p1r8cd",
                "q9w8e7r6",
                "ABCDE12345",
                "$argon2",
                "$2a$",
                "Ks7OoA",
                "Mdi6v9",
                "b8uFvs",
                "2PcR7at",
                "r8+3nzf8",
                "523wyQDv",
                "QzpS3BD2",
                "edbe356b",
                "75f1c413",
            ] {
                assert!(!shown.contains(secret), "{}: {shown}", path.display());
            }
        }
    }
}

#[test]
fn the_passwords_of_the_fixtures_are_what_they_were() {
    for folder in [
        "aspnet",
        "devise",
        "django",
        "drupal",
        "firebase",
        "fusionauth",
        "joomla",
        "keycloak",
        "kratos",
        "laravel",
        "ldap",
        "logto",
        "okta",
        "phpbb",
        "supabase",
        "supertokens",
        "symfony",
        "wordpress",
        "zitadel",
    ] {
        let is_in = |path: &&PathBuf| path.parent().unwrap().ends_with(folder);
        let mut n_verified = 0;
        for path in fixtures().iter().filter(is_in) {
            let bytes = fs::read(path).unwrap();
            let rows = read(detect(&bytes).unwrap().source, bytes);
            for hash in rows
                .into_iter()
                .flatten()
                .filter_map(|row| row.record.password)
            {
                assert!(hash.verify("Correct-Horse_42"), "{}", path.display());
                n_verified += 1;
            }
        }
        assert!(n_verified > 0, "no password in {folder}");
    }
}

#[test]
fn passwords_without_what_their_project_had_refuse_the_whole_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let bytes = fs::read(root.join("firebase/users.json")).unwrap();
    let open =
        |options: &Options| super::open(&firebase::SOURCE, Cursor::new(bytes.clone()), options);
    let error = open(&Options::default()).err().unwrap();
    assert_eq!(error.code(), "hash_parameters");
    let told = error.to_string();
    assert!(
        told.contains("signer_key, salt_separator, rounds, mem_cost"),
        "{told}"
    );
    let mut options = project(&firebase::SOURCE);
    options.hash.set("rounds", "").unwrap();
    assert!(
        open(&options)
            .err()
            .unwrap()
            .to_string()
            .contains("(rounds)")
    );
    options.hash.set("rounds", "99").unwrap();
    assert!(
        open(&options)
            .err()
            .unwrap()
            .to_string()
            .contains("1 to 16")
    );
    // Without passwords there is nothing to give.
    let text = br#"{"users":[{"localId":"u1","email":"mara@voss.example"}]}"#;
    assert!(super::open(&firebase::SOURCE, text.as_slice(), &Options::default()).is_ok());
}

#[test]
fn the_packing_and_the_encoding_of_a_file_make_no_difference() {
    for path in fixtures() {
        let text = fs::read_to_string(&path).unwrap();
        let source = detect(text.as_bytes()).unwrap().source;
        let expected = rendered(text.as_bytes());
        let marked: Vec<u16> = format!("\u{feff}{text}").encode_utf16().collect();
        for bytes in [
            format!("\u{feff}{text}").into_bytes(),
            marked.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            packed(&text),
        ] {
            assert_eq!(detect(&bytes).unwrap().source.name, source.name);
            assert_eq!(rendered(&bytes), expected);
        }
    }
}

#[test]
fn an_array_of_users_reads_as_lines_do() {
    let lines = r#"{"user_id":"auth0|1","email":"mara@voss.example"}"#;
    let array = format!("[{lines},\n {lines}]");
    assert_eq!(detect(array.as_bytes()).unwrap().source.name, "auth0");
    let records: Vec<_> = read(&auth0::SOURCE, array)
        .into_iter()
        .map(|row| row.unwrap().record)
        .collect();
    assert_eq!(records[0], records[1]);
    assert_eq!(records.len(), 2);
}

#[test]
fn a_file_that_nobody_knows_is_named_by_what_it_has() {
    let error = detect(b"name,price\nx,1\n").unwrap_err();
    assert_eq!(error.code(), "unknown_source");
    assert!(error.to_string().contains("name, price"), "{error}");
    assert_eq!(
        detect(b"{\"price\":1}").unwrap_err().code(),
        "unknown_source"
    );
    assert_eq!(
        detect(b"id,price\n1,1\n").unwrap_err().code(),
        "unknown_source"
    );
    assert_eq!(
        detect(b"id,role_key\n1,admin\n").unwrap().source.name,
        "kinde-csv"
    );
    assert_eq!(detect(b"").unwrap_err().code(), "empty_file");
}

#[test]
fn a_packed_file_is_recognized_by_its_beginning() {
    let rows = (0..20_000).fold("id,email\n".to_owned(), |text, n| {
        text + &format!("{n},p{n}@voss.example\n")
    });
    let packed = packed(&rows);
    assert_eq!(detect(&packed[..4096]).unwrap().source.name, "kinde-csv");
}

#[test]
fn a_packed_file_that_was_cut_ends_with_a_problem() {
    let rows = (0..20_000).fold("id,email\n".to_owned(), |text, n| {
        text + &format!("{n},p{n}@voss.example\n")
    });
    let packed = packed(&rows);
    let rows = read(&kinde_csv::SOURCE, &packed[..packed.len() / 2]);
    let last = rows.last().unwrap().as_ref().unwrap_err();
    assert!(last.ends_file());
    assert!(rows.len() > 1000);
}

#[test]
fn a_file_without_its_main_column_is_refused_whole() {
    let error = |source, text: &'static str| {
        open(source, text.as_bytes(), &Options::default())
            .err()
            .unwrap()
            .code()
    };
    assert_eq!(
        error(&kinde_csv::SOURCE, "first_name\nMara\n"),
        "missing_column"
    );
    assert_eq!(error(&clerk::SOURCE, "id,first_name\n"), "missing_column");
    assert_eq!(
        error(&kinde_csv::SOURCE, "email,roles,role_key\n"),
        "malformed_header"
    );
    assert_eq!(error(&auth0::SOURCE, " \n"), "empty_file");
}

#[test]
fn a_dump_that_names_no_columns_is_refused_with_what_to_do() {
    let dump =
        "-- MySQL dump\nINSERT INTO `wp_users` VALUES (1,'mara','','mara','mara@voss.example');\n";
    let error = open(&wordpress::SOURCE, dump.as_bytes(), &Options::default())
        .err()
        .unwrap();
    assert_eq!(error.code(), "malformed_header");
    assert!(error.to_string().contains("complete inserts"), "{error}");
    let error = detect(b"-- MySQL dump\nINSERT INTO `prices` (`a`) VALUES (1);\n").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("a SQL dump of the tables prices"),
        "{error}"
    );
}

#[test]
fn statements_for_one_table_may_name_its_columns_in_any_order() {
    let dump = "INSERT INTO auth_user (id, email, password, is_superuser, last_login) VALUES (1, 'mara@voss.example', '!', false, NULL);\n\
                INSERT INTO auth_user (is_superuser, email, id, password) VALUES (false, 'lee@liu.example', 2, '!');\n\
                INSERT INTO auth_user (id, email) VALUES (3);\n";
    let seen: Vec<_> = read(&django::SOURCE, dump)
        .into_iter()
        .map(|row| match row {
            Ok(row) => format!(
                "{} {}",
                row.record.provided_id.unwrap(),
                row.record.identities[0].value()
            ),
            Err(problem) => format!("{} {}", problem.line, problem.code),
        })
        .collect();
    assert_eq!(
        seen,
        [
            "1 mara@voss.example",
            "2 lee@liu.example",
            "3 malformed_row"
        ]
    );
}

#[test]
fn rows_that_add_to_one_person_are_one_record() {
    let text = "umeta_id,user_id,meta_key,meta_value\n1,1,first_name,Mara\n2,1,nickname,m\n3,1,last_name,Voss\n4,2,first_name,Lee\n5,1,last_name,Other\n";
    let seen: Vec<_> = read(&wordpress::SOURCE, text)
        .into_iter()
        .map(|row| {
            let row = row.unwrap();
            (
                row.number,
                row.line,
                row.record.given_name,
                row.record.family_name,
            )
        })
        .collect();
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(
        seen,
        [
            (1, 2, name("Mara"), name("Voss")),
            (2, 5, name("Lee"), None),
            (3, 6, None, name("Other")),
        ]
    );
}

#[test]
fn a_ban_keeps_its_end_unless_it_has_none() {
    let bans = |until: &str| {
        let text =
            format!("id,email,raw_app_meta_data,banned_until\n1,mara@voss.example,,{until}\n");
        let record = read(&supabase::SOURCE, text).remove(0).unwrap().record;
        (record.suspended, record.suspended_until)
    };
    assert_eq!(
        bans("2024-03-01 09:00:00+00"),
        (None, Some(1_709_283_600_000))
    );
    assert_eq!(bans("infinity"), (Some(true), None));
    assert_eq!(bans(""), (None, None));
}

#[test]
fn columns_may_be_named_by_hand() {
    let options = Options {
        columns: [("mail".to_owned(), "email".to_owned())].into(),
        ..Options::default()
    };
    let rows = read_with(&kinde_csv::SOURCE, "mail\nmara@voss.example\n", &options);
    assert_eq!(
        rows[0].as_ref().unwrap().record.identities[0].value(),
        "mara@voss.example"
    );
}

#[test]
fn parameters_of_a_whole_project_are_given_once() {
    let mut options = Options::default();
    let key =
        "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    for (name, value) in [
        ("signer_key", key),
        ("salt_separator", "Bw=="),
        ("rounds", "8"),
        ("mem_cost", "14"),
    ] {
        options.hash.set(name, value).unwrap();
    }
    let text = "email,hashed_password,hashing_method,salt\n\
                a@voss.example,lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==,firebase-scrypt,42xEC+ixf3L2lw==\n\
                b@voss.example,$2a$10$N9qo8uLOickgx2ZMRZoMye523wyQDvdvMv.I4a2/IIf55jokMUeVG,bcrypt,\n";
    let schemes: Vec<_> = read_with(&kinde_csv::SOURCE, text, &options)
        .into_iter()
        .map(|row| row.unwrap().record.password.unwrap().scheme())
        .collect();
    assert_eq!(schemes, ["firebase-scrypt", "bcrypt"]);
}

#[test]
fn a_verified_clerk_address_is_one_in_the_verified_list() {
    let header = "id,primary_email_address,verified_email_addresses,unverified_email_addresses\n";
    let verified = |row: &str| {
        let row = read(&clerk::SOURCE, format!("{header}{row}\n"))
            .remove(0)
            .unwrap();
        row.record.primary_email().unwrap().verified
    };
    assert_eq!(
        verified("u1,mara@voss.example,mara@voss.example,"),
        Some(true)
    );
    assert_eq!(
        verified("u1,mara@voss.example,Mara@Voss.example,"),
        Some(true)
    );
    assert_eq!(
        verified("u1,mara@voss.example,\"x@voss.example,mara@voss.example\","),
        Some(true)
    );
    assert_eq!(
        verified("u1,mara@voss.example,,mara@voss.example"),
        Some(false)
    );
    assert_eq!(
        verified("u1,mara@voss.example,x@voss.example,"),
        Some(false)
    );
    assert_eq!(verified("u1,mara@voss.example,,"), Some(false));
}

#[test]
fn a_row_refused_later_still_shows_itself_without_secrets() {
    let rows = csv(
        "id,email,hashed_password,hashing_method\n7,mara@voss.example,5f4dcc3b5aa765d61d8327deb882cf99,md5\n",
    );
    let row = rows[0].as_ref().unwrap();
    let conflict = Conflict {
        column: Some("email"),
        code: ProblemCode::DUPLICATE_EMAIL,
        reason: "taken".to_owned(),
    };
    let problem = Problem::of_conflict(row.number, row.line, conflict, &row.raw);
    assert_eq!((problem.number, problem.line), (1, 2));
    assert_eq!(problem.row, "7,mara@voss.example,[redacted],md5");
    assert!(!format!("{rows:?}").contains("5f4dcc3b"));
}

fn findings(text: &str, options: &Options) -> Vec<String> {
    let mut reader = open(
        &kinde_csv::SOURCE,
        Cursor::new(text.as_bytes().to_vec()),
        options,
    )
    .unwrap();
    reader.by_ref().for_each(drop);
    let shown = |finding: crate::Finding| {
        format!("{} {}", finding.code, finding.column.unwrap_or_default())
    };
    reader.findings().into_iter().map(shown).collect()
}

#[test]
fn a_column_that_tells_open_accounts_is_no_proof_of_addresses() {
    let options = Options {
        columns: [("accountEnabled".to_owned(), "email_verified".to_owned())].into(),
        ..Options::default()
    };
    let text = "email,accountEnabled\nmara@voss.example,TRUE\n";
    assert_eq!(
        findings(text, &options),
        ["suspicious_mapping accountEnabled"]
    );
    assert_eq!(
        findings(text, &Options::default()),
        ["suspicious_mapping accountEnabled"]
    );
}

#[test]
fn addresses_that_are_all_proven_are_doubted() {
    let file = |first: &str| {
        let rows = (1..20).fold(
            format!("email,email_verified\np@voss.example,{first}\n"),
            |text, n| text + &format!("p{n}@voss.example,TRUE\n"),
        );
        findings(&rows, &Options::default())
    };
    assert_eq!(file("TRUE"), ["suspicious_mapping email_verified"]);
    assert_eq!(file("FALSE"), Vec::<String>::new());
}

#[test]
fn codes_of_organizations_are_doubted_as_external_ids() {
    let rows = (0..20).fold("email,external_organization_id\n".to_owned(), |text, n| {
        text + &format!("p{n}@voss.example,org_{n}\n")
    });
    assert_eq!(
        findings(&rows, &Options::default()),
        ["suspicious_mapping external_organization_id"]
    );
}

proptest! {
    #[test]
    fn reading_never_panics_and_is_the_same_each_time(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = detect(&bytes);
        for source in SOURCES {
            let read = || match open(source, Cursor::new(bytes.clone()), &Options::default()) {
                Ok(reader) => format!("{:?}", reader.collect::<Vec<_>>()),
                Err(error) => error.code().to_owned(),
            };
            prop_assert_eq!(read(), read());
        }
    }

    #[test]
    fn a_damaged_file_never_panics(which in 0..100_usize, at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let files = fixtures();
        let mut bytes = fs::read(&files[which % files.len()]).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        for source in SOURCES {
            if let Ok(reader) = open(source, Cursor::new(bytes.clone()), &Options::default()) {
                reader.for_each(drop);
            }
        }
    }

    #[test]
    fn a_value_of_another_type_never_panics(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        kind in 0..OTHER_VALUES.len(),
    ) {
        let (source, file) = &JSON_FIXTURES[which.index(JSON_FIXTURES.len())];
        let mut file = file.clone();
        let mut n_before = at.index(file.to_string().matches([':', ',']).count());
        if let Some(value) = nth(&mut file, &mut n_before) {
            *value = serde_json::from_str(OTHER_VALUES[kind]).unwrap();
        }
        if let Ok(reader) = open(source, Cursor::new(file.to_string().into_bytes()), &project(source)) {
            reader.for_each(drop);
        }
    }
}

/// The sample files that are one JSON value, with their sources.
static JSON_FIXTURES: LazyLock<Vec<(&Source, Value)>> = LazyLock::new(|| {
    let json = |path: PathBuf| {
        let text = fs::read_to_string(&path).ok()?;
        let source = detect(text.as_bytes()).unwrap().source;
        Some((source, serde_json::from_str(&text).ok()?))
    };
    fixtures().into_iter().filter_map(json).collect()
});

/// What may stand in the place of any value.
const OTHER_VALUES: &[&str] = &[
    "null",
    "true",
    "-1",
    "1e300",
    r#""""#,
    r#""x""#,
    "[]",
    "[[]]",
    r#"["x"]"#,
    "{}",
    r#"{"a":{"a":1}}"#,
];

/// The values inside a value, however deep, itself first: the one that has `n_before` before it.
fn nth<'a>(value: &'a mut Value, n_before: &mut usize) -> Option<&'a mut Value> {
    if *n_before == 0 {
        return Some(value);
    }
    *n_before -= 1;
    match value {
        Value::Array(values) => values.iter_mut().find_map(|value| nth(value, n_before)),
        Value::Object(members) => members.values_mut().find_map(|value| nth(value, n_before)),
        _ => None,
    }
}
