//! `kith hash`, and what the detective does for an import.

use std::fs;

use serde_json::{Value, json};

use super::Shell;

const MD5: &str = "a3c68e193330b110c76ba1a5098cc64c";

#[test]
fn a_batch_answers_every_published_vector_in_order() {
    let shell = Shell::new();
    let vectors: Vec<Value> =
        serde_json::from_str(include_str!("../../../../password/fixtures/vectors.json")).unwrap();
    let lines: Vec<String> = vectors.iter().map(Value::to_string).collect();
    let said = shell.kith_fed(&lines.join("\n"), &["hash", "verify", "--batch"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let answers: Vec<Value> = said
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), vectors.len());
    for (vector, answer) in vectors.iter().zip(answers) {
        assert_eq!(answer["ok"], vector["ok"], "{}", vector["id"]);
        assert!(answer["error"].is_null() || answer["ok"] == false);
    }
}

#[test]
fn inspect_tells_what_becomes_of_a_hash_and_nothing_of_it() {
    let shell = Shell::new();
    let said = shell.kith_fed(MD5, &["hash", "inspect", "--scheme", "md5"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(
        said.stdout.contains("weak") && said.stdout.contains("argon2id"),
        "{said:?}"
    );
    assert!(!said.stdout.contains(&MD5[..8]));
    let formula = "--hash-param=formula=md5(md5(password) + salt)";
    let arguments = ["hash", "verify", formula, "--hash-param=salt=s4lty"];
    let hash = "846415bfecfd27f12a0d78f32ec4c2dc";
    let right = shell.kith_fed(&format!("{hash}\nCorrect-Horse_42\n"), &arguments);
    assert_eq!(right.code, 0, "{right:?}");
    let wrong = shell.kith_fed(&format!("{hash}\ncorrect-horse_42\n"), &arguments);
    assert_eq!(wrong.code, 1, "{wrong:?}");
    let broken = ["hash", "verify", "--hash-param=formula=md5(pasword)"];
    let said = shell.kith_fed(&format!("{hash}\nx\n"), &broken);
    assert!(said.stderr.contains("character 5"), "{said:?}");
}

#[test]
fn the_detective_answers_one_several_or_nothing() {
    let shell = Shell::new();
    let row = |columns: Value| {
        json!({"password": "Correct-Horse_42", "hash": "846415bfecfd27f12a0d78f32ec4c2dc", "columns": columns})
            .to_string()
    };
    let ask = |rows: &str| shell.kith_fed(rows, &["hash", "detect", "--json"]);
    let one = ask(&row(json!({"id": "7", "extra": "s4lty"})));
    assert_eq!(one.code, 0, "{one:?}");
    let reading = &one.json()["readings"][0];
    assert_eq!(reading["params"]["formula"], "md5(md5(password) + salt)");
    assert_eq!(reading["salt_column"], "extra");
    let several = ask(&row(json!({"nick": "s4lty", "extra": "s4lty"})));
    assert_eq!(
        (several.code, &several.json()["verdict"]),
        (3, &json!("ambiguous"))
    );
    let nothing = ask(&row(json!({"id": "7"})));
    assert_eq!(
        (nothing.code, &nothing.json()["verdict"]),
        (3, &json!("none"))
    );
    let malformed = ask("{\"password\": \"hunter2\"");
    assert_eq!(malformed.code, 1);
    assert!(!malformed.stderr.contains("hunter2"), "{malformed:?}");
}

#[test]
fn one_known_password_makes_a_file_importable() {
    let shell = Shell::new();
    let people = "email,token,extra\n\
                  ada@example.com,0123456789abcdef0123456789abcdef,x1\n\
                  mara@example.com,846415bfecfd27f12a0d78f32ec4c2dc,s4lty\n";
    fs::write(shell.folder().join("people.csv"), people).unwrap();
    let known = "{\"identifier\": \"mara@example.com\", \"password\": \"Correct-Horse_42\"}";
    let arguments = [
        "import",
        "kinde-csv",
        "people.csv",
        "--detect",
        "-",
        "--json",
    ];
    let said = shell.kith_fed(known, &arguments);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        said.stderr
            .contains("md5(md5(password) + salt), salt in column extra"),
        "{said:?}"
    );
    assert_eq!(said.json()["counts"]["created"], 2, "{said:?}");
    assert_eq!(said.json()["weak_hashes_waiting"], 2, "{said:?}");
    let wrong = "{\"identifier\": \"mara@example.com\", \"password\": \"wrong-horse\"}";
    let said = shell.kith_fed(wrong, &arguments);
    assert_eq!(said.code, 1);
    assert!(said.stderr.contains("nothing was imported"), "{said:?}");
    assert!(!said.stderr.contains("wrong-horse"));
}
