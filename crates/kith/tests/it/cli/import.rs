//! `kith import`: what the guides show.

use std::fs;

use serde_json::Value;

use super::Shell;

const HEADER: &str = "id,first_name,last_name,username,primary_email_address,primary_phone_number,verified_email_addresses,unverified_email_addresses,verified_phone_numbers,unverified_phone_numbers,totp_secret,password_digest,password_hasher\n";
const HASH: &str = "$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";

#[test]
fn the_guides_commands_do_what_the_guide_says() {
    let shell = Shell::new();
    let rows = format!(
        "{HEADER}u1,Ada,Example,,ada@example.com,,ada@example.com,,,,,{HASH},bcrypt\nu2,No,Body,,nobody,,,,,,,,\n"
    );
    fs::write(shell.folder().join("users.csv"), rows).unwrap();
    let dry = shell.kith(&[
        "import",
        "clerk",
        "users.csv",
        "--dry-run",
        "--report",
        "refused.csv",
    ]);
    assert_eq!(dry.code, 3, "{}", dry.stderr);
    let report = fs::read_to_string(shell.folder().join("refused.csv")).unwrap();
    assert!(
        report.contains("primary_email_address,invalid_email,") && !report.contains("$2b$"),
        "{report}"
    );
    assert_eq!(counts(&shell, &["import", "clerk", "users.csv"]), (1, 0, 1));
    assert_eq!(counts(&shell, &["import", "auto", "users.csv"]), (0, 1, 1));
}

#[test]
fn auth0s_two_files_are_joined_in_whatever_order_they_come() {
    let shell = Shell::new();
    let write = |name: &str, text: String| fs::write(shell.folder().join(name), text).unwrap();
    let id = "65f0c1d2e3a4b5c6d7e8f901";
    let identities = format!(
        r#"[{{"user_id":"{id}","provider":"auth0","connection":"Username-Password-Authentication","isSocial":false}}]"#
    );
    write(
        "users.json",
        format!(
            "{{\"user_id\":\"auth0|{id}\",\"email\":\"ada@example.com\",\"email_verified\":true,\"identities\":{identities}}}\n"
        ),
    );
    write(
        "passwords.json",
        format!(
            "{{\"_id\":{{\"$oid\":\"{id}\"}},\"email\":\"ada@example.com\",\"email_verified\":true,\"passwordHash\":\"{HASH}\",\"connection\":\"Username-Password-Authentication\"}}\n"
        ),
    );
    let arguments = ["import", "auth0", "passwords.json", "users.json", "--json"];
    let said = shell.kith(&arguments);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let run: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(
        (&run["counts"]["created"], &run["sign_in"]["with_password"]),
        (&1.into(), &1.into()),
        "{run:#}"
    );
    assert_eq!(counts(&shell, &arguments[..4]).0, 0);
}

/// How many were created, unchanged and refused.
fn counts(shell: &Shell, arguments: &[&str]) -> (u64, u64, u64) {
    let said = shell.kith(&[arguments, &["--json"]].concat());
    let run: Value = serde_json::from_str(&said.stdout).unwrap();
    let count = |name: &str| run["counts"][name].as_u64().unwrap();
    (count("created"), count("unchanged"), count("refused"))
}

#[test]
fn ones_own_table_is_understood_shown_and_corrected() {
    let shell = Shell::new();
    let write = |name: &str, text: &str| fs::write(shell.folder().join(name), text).unwrap();
    write(
        "kunden.csv",
        &format!(
            "Nr;E-Mail-Adresse;Kennwort;Vorname;Firma\n\
             6;eve@example.com;{HASH};Eve;Acme\n7;ada@example.com;{HASH};Ada;Acme\n\
             8;nobody;{HASH};No;Acme\n9;bob@example.com;{HASH};Bob;Acme\n"
        ),
    );
    let shown = shell.kith(&[
        "import",
        "map",
        "kunden.csv",
        "--write",
        "map.toml",
        "--json",
    ]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let columns = shown.json()["columns"].clone();
    assert_eq!(columns[1]["field"], "email");
    assert_eq!(columns[2]["sample"], "[redacted]");
    assert_eq!(columns[0]["is_taken"], false);

    let map = fs::read_to_string(shell.folder().join("map.toml")).unwrap();
    assert!(map.contains("\"Kennwort\" = \"hashed_password\""), "{map}");
    let map = map.replace("# \"Nr\" = \"id\"", "\"Nr\" = \"id\"");
    write("map.toml", &map);
    let dry = shell.kith(&[
        "import",
        "auto",
        "kunden.csv",
        "--map",
        "map.toml",
        "--dry-run",
    ]);
    assert_eq!(dry.code, 3, "{}", dry.stderr);
    assert!(
        dry.stdout.contains("4 of 5 columns are taken"),
        "{}",
        dry.stdout
    );
    let arguments = ["import", "csv", "kunden.csv", "--map", "map.toml"];
    assert_eq!(counts(&shell, &arguments), (3, 0, 1));
    assert_eq!(counts(&shell, &arguments), (0, 3, 1));
}

#[test]
fn several_files_are_mapped_by_one_map_file() {
    let shell = Shell::new();
    let write = |name: &str, text: &str| fs::write(shell.folder().join(name), text).unwrap();
    write(
        "people.txt",
        "Nr|E-Mail|Angelegt am\n7|ada@example.com|03/04/2021\n",
    );
    write("logins.csv", "Kennung,Nr\nada_l,7\n");
    let map = ["import", "map", "people.txt", "logins.csv"];
    let shown = shell.kith(&map);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    for said in [
        "separated by pipe",
        "separated by comma",
        "d/m/y or m/d/y?",
        "Please check: the dates of",
    ] {
        assert!(shown.stdout.contains(said), "{said}: {}", shown.stdout);
    }
    let written = shell.kith(&[map.as_slice(), &["--write", "map.toml", "--json"]].concat());
    assert_eq!(written.json()["files"][1]["separator"], "comma");
    let text = fs::read_to_string(shell.folder().join("map.toml")).unwrap();
    let decided = text
        .replace(
            "# \"Angelegt am\" = \"d/m/y\"",
            "\"Angelegt am\" = \"d/m/y\"",
        )
        .replace("# \"Nr\" = \"id\"", "\"Nr\" = \"id\"")
        .replace("# \"Kennung\" = \"property\"", "\"Kennung\" = \"username\"");
    assert_ne!(decided, text);
    write("map.toml", &decided);
    let seen = shell.kith(&[map.as_slice(), &["--map", "map.toml"]].concat());
    assert!(!seen.stdout.contains("the dates of"), "{}", seen.stdout);
    let import = [
        "import",
        "csv",
        "people.txt",
        "logins.csv",
        "--map",
        "map.toml",
    ];
    assert_eq!(counts(&shell, &import), (1, 0, 0));
    let export = shell.kith(&["export", "users", "--out", "-"]);
    for said in ["2021-04-03T00:00:00.000Z", "\"ada_l\""] {
        assert!(export.stdout.contains(said), "{said}: {}", export.stdout);
    }
    write("map.toml", "\"Kenung\" = \"username\"\n");
    let refused = shell.kith(&import);
    assert_eq!(refused.code, 1, "{}", refused.stdout);
    assert!(refused.stderr.contains("Kenung"), "{}", refused.stderr);
    write(
        "map.toml",
        "[files.\"others.csv\"]\nKennung = \"username\"\n",
    );
    let refused = shell.kith(&import);
    assert!(
        refused.stderr.contains("no file of this name"),
        "{}",
        refused.stderr
    );
}

#[test]
fn organizations_come_before_the_people_who_belong_to_them() {
    let shell = Shell::new();
    let write = |name: &str, text: &str| fs::write(shell.folder().join(name), text).unwrap();
    write("organizations.csv", "name,id\nAcme,acme-7\n,nameless\n");
    let import = |more: &[&str]| {
        let arguments = [
            &["import", "organizations", "organizations.csv", "--json"],
            more,
        ]
        .concat();
        let said = shell.kith(&arguments);
        assert_eq!(said.code, 3, "{}", said.stderr);
        said.json()
    };
    assert_eq!(import(&["--dry-run"])["counts"]["created"], 1);
    assert_eq!(import(&[])["counts"]["created"], 1);
    let again = import(&[]);
    assert_eq!(again["counts"]["unchanged"], 1);
    assert_eq!(again["refusals"][0]["line"], 3);
    assert_eq!(again["refusals"][0]["code"], "missing_name");

    write(
        "users.csv",
        "email,external_organization_id\nada@example.com,acme-7\n",
    );
    let said = shell.kith(&["import", "auto", "users.csv", "--json"]);
    assert_eq!(said.json()["counts"]["warnings"], 0, "{}", said.stdout);
}

#[test]
fn the_list_of_sources_says_which_parameters_of_a_project_each_needs() {
    let said = Shell::new().kith(&["import", "--list", "--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    let sources = said.json();
    let params = |name: &str| {
        let sources = sources["sources"].as_array().unwrap();
        let source = sources.iter().find(|source| source["name"] == name);
        source.unwrap()["project_params"].clone()
    };
    let firebase = params("firebase");
    assert!(
        firebase.as_array().unwrap().contains(&"signer_key".into()),
        "{firebase}"
    );
    assert_eq!(params("auth0"), serde_json::json!([]));
}
