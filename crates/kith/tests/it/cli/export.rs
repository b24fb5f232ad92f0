//! `kith export`: files that are whole or not there, and the way from one database to another.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::Shell;

const PEOPLE: &str = "id,email,email_verified,first_name,external_organization_id,role_key,hashed_password,hashing_method\n\
    p1,ada@example.com,TRUE,Ada,,,$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.,bcrypt\n\
    p2,bob@example.com,FALSE,Bob,,,$6$saltstring16byte$b8GsU.ZGci5nD48byvyC.GWmg2mWiz6tXvhdCovp4yZtz1ESfXfHHpfkN/ygBiwPPjWpnhecB35o8StVAVN.s/,crypt\n\
    p3,,,Nobody,,,,\n";

fn shell() -> Shell {
    let shell = Shell::new();
    fs::write(shell.folder().join("people.csv"), PEOPLE).unwrap();
    let done = shell.kith(&["import", "kinde-csv", "people.csv"]);
    assert_eq!(done.code, 3, "{}", done.stderr);
    shell
}

fn read(shell: &Shell, name: &str) -> String {
    fs::read_to_string(shell.folder().join(name)).unwrap()
}

#[test]
fn an_export_is_its_owners_alone_and_holds_hashes_only_when_asked() {
    let shell = shell();
    let done = shell.kith(&["export", "users", "--out", "users.ndjson"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let text = read(&shell, "users.ndjson");
    assert_eq!(text.lines().count(), 2);
    assert!(!text.contains("$2b$") && !text.contains("$6$"), "{text}");
    let done = shell.kith(&[
        "export",
        "users",
        "--with-passwords",
        "--json",
        "--out",
        "users.ndjson",
    ]);
    assert_eq!(done.json()["users"], 2);
    assert!(read(&shell, "users.ndjson").contains("$2b$04$"));
    let mode = fs::metadata(shell.folder().join("users.ndjson"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    // Nothing is left beside it.
    let left = fs::read_dir(shell.folder()).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with(".kith-export")
    });
    assert_eq!(left.count(), 0);
}

#[test]
fn a_refused_export_leaves_the_file_as_it_was() {
    let shell = shell();
    fs::write(shell.folder().join("out.json"), "precious").unwrap();
    let refused = shell.kith(&[
        "export",
        "organizations",
        "--format",
        "auth0",
        "--out",
        "out.json",
    ]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("no place for organizations"),
        "{}",
        refused.stderr
    );
    assert_eq!(read(&shell, "out.json"), "precious");
    let unknown = shell.kith(&[
        "export", "users", "--format", "myspace", "--out", "out.json",
    ]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("auth0"), "{}", unknown.stderr);
}

#[test]
fn what_a_format_has_no_place_for_is_told_of_each_person() {
    let shell = shell();
    let done = shell.kith(&[
        "export",
        "users",
        "--with-passwords",
        "--format",
        "auth0",
        "--out",
        "users.json",
        "--report",
        "lost.csv",
    ]);
    assert_eq!(done.code, 3, "{}", done.stderr);
    assert!(
        done.stderr.contains("password (sha512-crypt), of 1 people"),
        "{}",
        done.stderr
    );
    let report = read(&shell, "lost.csv");
    assert!(report.starts_with("user,field,detail\r\nkp_"), "{report}");
    assert!(report.contains(",password,\"sha512-crypt\""), "{report}");
    assert!(!report.contains("saltstring"), "{report}");
    let users: serde_json::Value = serde_json::from_str(&read(&shell, "users.json")).unwrap();
    assert_eq!(users.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn one_machine_is_outgrown_by_an_export_and_an_import() {
    let shell = shell();
    let export = |name: &str, url: Option<&str>| {
        let mut arguments = vec!["export", "all", "--with-passwords", "--out", name];
        arguments.extend(url.into_iter().flat_map(|url| ["--database-url", url]));
        let done = shell.kith(&arguments);
        assert_eq!(done.code, 0, "{}", done.stderr);
        read(&shell, name)
    };
    let before = export("before.ndjson", None);
    for db in db::testing::databases().await {
        let url = db.url();
        let done = shell.kith(&[
            "import",
            "kith",
            "before.ndjson",
            "--json",
            "--database-url",
            url,
        ]);
        assert_eq!(done.code, 0, "{}", done.stderr);
        assert_eq!(export("after.ndjson", Some(url)), before);
        let again = shell.kith(&[
            "import",
            "auto",
            "before.ndjson",
            "--json",
            "--database-url",
            url,
        ]);
        assert_eq!(
            again.json()["counts"]["unchanged"],
            again.json()["counts"]["records"],
            "{}",
            again.stdout
        );
    }
}
