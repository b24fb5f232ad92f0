//! Proving, verifying, catching up and undoing an import on the command line.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{Said, Shell};

const HEADER: &str = "id,email,first_name,email_verified,hashed_password,hashing_method\n";
/// bcrypt of `Correct-Horse_42`, cost 4.
const HASH: &str = "$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";

fn write(shell: &Shell, name: &str, text: &str) {
    fs::write(shell.folder().join(name), text).unwrap();
}

fn import(shell: &Shell, name: &str) -> Value {
    let said = shell.kith(&["import", "auto", name, "--json"]);
    assert!([0, 3].contains(&said.code), "{said:?}");
    said.json()
}

/// `kith` with a standard input.
fn with_input(shell: &Shell, input: &str, arguments: &[&str]) -> Said {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kith"))
        .args(arguments)
        .current_dir(shell.folder())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    Said::of(&child.wait_with_output().unwrap())
}

#[test]
fn a_cohort_is_unproved_until_a_known_password_has_shown_that_it_works() {
    let shell = Shell::new();
    // The second one's hash is another password's: it was not understood, for all that anybody knows.
    let rows = format!(
        "{HEADER}1,ada@example.com,Ada,TRUE,{HASH},bcrypt\n2,bob@example.com,Bob,TRUE,{HASH},bcrypt\n"
    );
    write(&shell, "users.csv", &rows);
    let run = import(&shell, "users.csv");
    let id = run["id"].as_str().unwrap();
    let cohort = &run["cohorts"][0];
    assert_eq!(
        (&cohort["scheme"], &cohort["people"], &cohort["proved"]),
        (&"bcrypt".into(), &2.into(), &0.into())
    );
    let shown = shell.kith(&["import", "show", id]).stdout;
    assert!(shown.contains("0  of 2: kinde-csv · bcrypt"), "{shown}");
    assert!(shown.contains("nobody knows yet"), "{shown}");
    let verified = shell.kith(&["verify", "auto", "users.csv"]);
    assert_eq!(verified.code, 0, "{verified:?}");
    assert!(verified.stdout.contains("nobody knows yet"), "{verified:?}");

    let pairs = "identifier,password\nada@example.com,wrong\nzed@example.com,x\n";
    let said = with_input(&shell, pairs, &["import", "prove", id, "-"]);
    assert_eq!(said.code, 3, "{said:?}");
    assert!(
        said.stdout
            .contains("ada@example.com: the password is WRONG")
    );
    assert!(said.stdout.contains("zed@example.com: nobody here"));

    write(
        &shell,
        "known.ndjson",
        "{\"identifier\":\"Ada@Example.com\",\"password\":\"Correct-Horse_42\"}\n",
    );
    let said = shell.kith(&["import", "prove", id, "known.ndjson", "--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    let proofs = said.json();
    assert_eq!(proofs["proofs"][0]["outcome"], "proved", "{proofs:#}");
    assert_eq!(proofs["cohorts"][0]["proved"], 1);
    assert!(!said.stdout.contains("Correct-Horse"));
    let shown = shell.kith(&["import", "show", id]).stdout;
    assert!(shown.contains("1  of 2: kinde-csv · bcrypt"), "{shown}");
    assert!(!shown.contains("nobody knows yet"), "{shown}");
}

#[test]
fn a_person_can_be_tried_wrongly_a_few_times_only() {
    let shell = Shell::new();
    let rows = format!("{HEADER}1,ada@example.com,Ada,TRUE,{HASH},bcrypt\n");
    write(&shell, "users.csv", &rows);
    let id = import(&shell, "users.csv")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let wrong = format!("identifier,password\n{}", "1,wrong\n".repeat(6));
    let said = with_input(&shell, &wrong, &["import", "prove", &id, "-"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stderr.contains("too many wrong passwords"), "{said:?}");
}

#[test]
fn what_is_missing_is_told_row_by_row() {
    let shell = Shell::new();
    let rows =
        format!("{HEADER}1,ada@example.com,Ada,TRUE,{HASH},bcrypt\n2,bob@example.com,Bob,TRUE,,\n");
    write(&shell, "users.csv", &rows);
    let empty = shell.kith(&["verify", "auto", "users.csv", "--json"]);
    assert_eq!(empty.code, 3, "{empty:?}");
    assert_eq!(empty.json()["missing_by_code"]["missing_person"], 2);
    import(&shell, "users.csv");
    assert_eq!(shell.kith(&["verify", "auto", "users.csv"]).code, 0);
    let newer = format!(
        "{HEADER}1,ada@example.com,Augusta,TRUE,{HASH},bcrypt\n2,bob@example.com,Bob,TRUE,{HASH},bcrypt\n3,eve@example.com,Eve,TRUE,,\n4,nobody,,,{HASH},bcrypt\n"
    );
    write(&shell, "newer.csv", &newer);
    let said = shell.kith(&["verify", "auto", "newer.csv", "--report", "missing.csv"]);
    assert_eq!(said.code, 3, "{said:?}");
    let report = fs::read_to_string(shell.folder().join("missing.csv")).unwrap();
    let lines: Vec<_> = report.lines().collect();
    for (line, start) in lines[1..].iter().zip([
        "0,1,2,,different_profile,",
        "0,2,3,,missing_password,",
        "0,3,4,,missing_person,",
        "0,4,5,email,invalid_email,",
    ]) {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!(lines.len(), 5);
    assert!(!report.contains("$2b$"), "{report}");
}

#[test]
fn an_import_is_undone_and_leaves_who_was_there_before() {
    let shell = Shell::new();
    let first = format!("{HEADER}1,ada@example.com,Ada,TRUE,,\n");
    let second = format!(
        "{HEADER}1,ada@example.com,Augusta,TRUE,{HASH},bcrypt\n2,bob@example.com,Bob,TRUE,{HASH},bcrypt\n"
    );
    write(&shell, "first.csv", &first);
    write(&shell, "second.csv", &second);
    import(&shell, "first.csv");
    let run = import(&shell, "second.csv");
    let id = run["id"].as_str().unwrap();
    let foreseen = shell.kith(&["import", "undo", id, "--dry-run", "--json"]);
    assert_eq!(foreseen.code, 0, "{foreseen:?}");
    let expected = json!({"deleted": 1, "restored": 1, "kept": 0, "unseen": 0});
    assert_eq!(foreseen.json(), expected);
    let said = shell.kith(&["import", "undo", id, "--report", "kept.csv", "--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    let undone = said.json();
    assert_eq!(undone["state"], "undone");
    assert_eq!(
        (&undone["undone"]["deleted"], &undone["undone"]["restored"]),
        (&1.into(), &1.into())
    );
    let kept = fs::read_to_string(shell.folder().join("kept.csv")).unwrap();
    assert_eq!(kept, "user_id,email,was_created,reason\r\n");
    assert_eq!(shell.kith(&["verify", "auto", "first.csv"]).code, 0);
    let missing = shell
        .kith(&["verify", "auto", "second.csv", "--json"])
        .json();
    assert_eq!(missing["missing"], 2);
    // Once more is no error, and the import can be done again.
    assert_eq!(shell.kith(&["import", "undo", id]).code, 0);
    let again = import(&shell, "second.csv");
    assert_eq!(
        (&again["counts"]["created"], &again["counts"]["updated"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn a_newer_export_brings_what_has_changed_and_tells_who_is_gone() {
    let shell = Shell::new();
    let first = format!(
        "{HEADER}1,ada@example.com,Ada,TRUE,{HASH},bcrypt\n2,bob@example.com,Bob,TRUE,{HASH},bcrypt\n3,eve@example.com,Eve,TRUE,{HASH},bcrypt\n"
    );
    let other = HASH.replace("$04$", "$05$");
    let newer = format!(
        "{HEADER}1,ada@example.com,Ada,TRUE,{other},bcrypt\n2,robert@example.com,Bob,TRUE,{HASH},bcrypt\n4,dan@example.com,Dan,TRUE,{HASH},bcrypt\n"
    );
    write(&shell, "first.csv", &first);
    write(&shell, "newer.csv", &newer);
    import(&shell, "first.csv");
    let dry = shell
        .kith(&["import", "auto", "newer.csv", "--dry-run", "--json"])
        .json();
    let run = import(&shell, "newer.csv");
    for told in [&dry, &run] {
        let counts = &told["counts"];
        assert_eq!(
            (&counts["created"], &counts["updated"], &counts["refused"]),
            (&1.into(), &1.into(), &1.into()),
            "{told:#}"
        );
        // An address that was changed over there is told, and left to people.
        assert_eq!(told["refused_by_code"]["duplicate_id"], 1);
        let gone = &told["findings"][0];
        assert_eq!(
            (&gone["code"], &gone["count"]),
            (&"not_in_export".into(), &1.into())
        );
        assert!(gone["reason"].as_str().unwrap().contains("eve@example.com"));
    }
}

#[test]
fn a_column_that_would_let_strangers_in_is_refused_unless_somebody_insists() {
    let shell = Shell::new();
    write(
        &shell,
        "users.csv",
        "id,mail,accountEnabled\n1,ada@example.com,true\n2,bob@example.com,false\n",
    );
    write(
        &shell,
        "map.toml",
        "\"mail\" = \"email\"\n\"accountEnabled\" = \"email_verified\"\n",
    );
    let base = ["import", "kinde-csv", "users.csv", "--map", "map.toml"];
    let dry = shell.kith(&[&base[..], &["--dry-run", "--json"]].concat());
    assert_eq!(dry.code, 0, "{dry:?}");
    assert_eq!(dry.json()["findings"][0]["level"], "refuse");
    let refused = shell.kith(&base);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stderr.contains("accountEnabled"), "{refused:?}");
    assert!(refused.stderr.contains("--force"), "{refused:?}");
    let list = shell.kith(&["import", "list", "--json"]).json();
    assert_eq!(list["imports"].as_array().map(Vec::len), Some(1));
    let forced = shell.kith(&[&base[..], &["--force", "--json"]].concat());
    assert_eq!(forced.code, 0, "{forced:?}");
    assert_eq!(forced.json()["counts"]["created"], 2);
}
