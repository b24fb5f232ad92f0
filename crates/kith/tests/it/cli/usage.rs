//! What every command does alike.

use super::Shell;

#[test]
fn a_typo_in_a_setting_stops_the_start_and_says_what_was_meant() {
    let said = Shell::new().kith_with(&[("KITH_PUBLIC_ULR", "http://localhost")], &["serve"]);
    assert_eq!(said.code, 2);
    assert!(
        said.stderr.contains("did you mean `public_url`?"),
        "{}",
        said.stderr
    );
    assert_eq!(said.stdout, "");
}

#[test]
fn an_unknown_command_is_a_matter_of_usage() {
    let said = Shell::new().kith(&["serv"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("serve"), "{}", said.stderr);
}

#[test]
fn bootstrap_prints_the_same_client_twice() {
    let shell = Shell::new();
    let first = shell.kith(&["bootstrap", "--json"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert_eq!(first.stdout, shell.kith(&["bootstrap", "--json"]).stdout);
    let rotated = shell.kith(&["bootstrap", "--json", "--rotate"]);
    assert_ne!(first.stdout, rotated.stdout);
}
