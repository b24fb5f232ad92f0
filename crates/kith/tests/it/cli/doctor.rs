//! `kith doctor`.

use super::{Said, Shell};

/// The state of one check.
fn state(said: &Said, name: &str) -> String {
    let json = said.json();
    let checks = json["checks"].as_array().expect("there are checks");
    let check = checks
        .iter()
        .find(|check| check["name"] == name)
        .unwrap_or_else(|| panic!("no check {name} in {json}"));
    check["state"].as_str().expect("a state").to_owned()
}

#[test]
fn before_the_first_start_nothing_is_wrong_and_nothing_is_made() {
    let shell = Shell::new();
    let said = shell.kith(&[
        "doctor",
        "--json",
        "--listen",
        "127.0.0.1:1",
        "--public-url",
        "http://localhost:1",
    ]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(state(&said, "database"), "ok");
    assert_eq!(state(&said, "mail"), "warning");
    assert_eq!(std::fs::read_dir(shell.folder()).unwrap().count(), 0);
}

#[test]
fn after_the_first_start_the_database_is_up_to_date_and_its_secrets_open() {
    let shell = Shell::new();
    assert_eq!(shell.kith(&["bootstrap"]).code, 0);
    let said = shell.kith(&["doctor", "--json"]);
    assert_eq!(state(&said, "database"), "ok");
    assert_eq!(state(&said, "secret key"), "ok");
    assert_eq!(state(&said, "clock"), "ok");
}

#[test]
fn another_secret_key_is_a_failure_with_a_remedy() {
    let shell = Shell::new();
    assert_eq!(shell.kith(&["bootstrap"]).code, 0);
    let other = ("KITH_SECRET_KEY", "another key, as long as keys have to be");
    let said = shell.kith_with(&[other], &["doctor", "--json"]);
    assert_eq!(said.code, 1);
    assert_eq!(state(&said, "secret key"), "failed");
    let said = shell.kith_with(&[other], &["doctor"]);
    assert!(said.stdout.contains("FAILED   secret key"), "{said:?}");
    assert!(said.stdout.contains("→ give Kith the key"), "{said:?}");
}

#[test]
fn a_lost_secret_key_is_told_while_the_database_is_still_there() {
    let shell = Shell::new();
    assert_eq!(shell.kith(&["bootstrap"]).code, 0);
    std::fs::remove_file(shell.folder().join("kith-data/secret.key")).unwrap();
    let said = shell.kith(&["doctor", "--json"]);
    assert_eq!(
        (said.code, state(&said, "secret key").as_str()),
        (1, "failed")
    );
}

#[test]
fn a_setting_that_cannot_work_is_a_finding() {
    let shell = Shell::new();
    let said = shell.kith_with(&[("KITH_LISTNE", "127.0.0.1:80")], &["doctor", "--json"]);
    assert_eq!(
        (said.code, state(&said, "settings").as_str()),
        (1, "failed")
    );
    assert!(said.stdout.contains("did you mean `listen`"), "{said:?}");
}

#[test]
fn an_unreachable_database_and_mail_server_are_told() {
    let shell = Shell::new();
    let url = "postgres://kith:secret@127.0.0.1:9/kith";
    let said = shell.kith(&["doctor", "--json", "--database-url", url]);
    assert_eq!(
        (said.code, state(&said, "database").as_str()),
        (1, "failed")
    );
    assert!(!said.stdout.contains("secret@"), "{said:?}");

    assert_eq!(shell.kith(&["bootstrap"]).code, 0);
    let said = shell.kith(&["doctor", "--json", "--smtp-url", "smtp://127.0.0.1:9"]);
    assert_eq!((said.code, state(&said, "mail").as_str()), (1, "failed"));
}
