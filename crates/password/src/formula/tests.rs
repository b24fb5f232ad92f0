//! What formulas mean, computed with Python's hashlib, and where they are refused.

use proptest::prelude::*;

use super::*;
use crate::ParseError;

const SETTING: Setting = Setting {
    salt: Some((5, true)),
    pepper: Some(7),
    is_text: true,
    iterations: Some(999),
};

/// What the formula comes to for the password `Correct-Horse_42`, in hexadecimal if it is a digest.
fn evaluate(formula: &str) -> String {
    let formula = parse(formula, SETTING).unwrap();
    let value = formula.evaluate(&Inputs {
        password: b"Correct-Horse_42",
        salt: b"s4lty",
        pepper: b"pepper!",
    });
    match formula.outcome {
        Outcome::Digest(..) => hex::encode(value.unwrap()),
        Outcome::Text | Outcome::Input => String::from_utf8(value.unwrap().to_vec()).unwrap(),
    }
}

fn refused(formula: &str) -> (usize, String) {
    match parse(formula, SETTING) {
        Err(ParseError::InvalidFormula { at, problem }) => (at, problem),
        other => panic!("{formula}: {other:?}"),
    }
}

#[test]
fn a_formula_means_what_the_same_line_of_php_means() {
    for (formula, outcome) in [
        (
            "sha1(salt + md5(password) + pepper)",
            "2e884ba7c4cae66574b247201cdb9861e871fa3d",
        ),
        (
            "md5(md5(password) + salt)",
            "846415bfecfd27f12a0d78f32ec4c2dc",
        ),
        (
            "MD5( MD5(salt) + MD5(password) )",
            "8657cbec3776c6a8bdbfa43604c56147",
        ),
        (
            "hmac_sha256(pepper, salt + password)",
            "e40b29ecc4b4229fb7293a5fc91c73ece0068e8d3e52cf19ebade4d49903db71",
        ),
        (
            "base64(raw(hmac_sha256(pepper, salt + password)))",
            "e40b29ecc4b4229fb7293a5fc91c73ece0068e8d3e52cf19ebade4d49903db71",
        ),
        (
            "upper(hex(raw(hmac_sha256(pepper, (salt + password)))))",
            "e40b29ecc4b4229fb7293a5fc91c73ece0068e8d3e52cf19ebade4d49903db71",
        ),
        (
            "repeat(iterations, sha1(salt + password), sha1(previous))",
            "58cc62307d7a79f7ba36b5c565bb795e8131fd20",
        ),
        (
            "sha256(base64(raw(sha1(password))))",
            "bc5ffa241a7ff55472cd1360d643f3277adb34697361e743c6f64ddb38bd5b0f",
        ),
        (
            "pbkdf2_sha256(password, salt, 1000, 48)",
            "0e101eb0c7a915779b9c7fe41aae6910de104b4e99fbe4ecff81eba32ab5b9d3b367ce54ddc55acc3760eec688c10dbe",
        ),
        ("substr(md5(password), 5, 16)", "e193330b110c76ba"),
        (
            "'*' + upper(sha1(raw(sha1(password))))",
            "*091972515DF05EDEB51FE32E58F855158CB03B19",
        ),
    ] {
        assert_eq!(evaluate(formula), outcome, "{formula}");
    }
}

#[test]
fn the_place_of_a_mistake_is_told() {
    for (formula, at, word) in [
        ("sha1(salt + md6(password))", 13, "no function md6"),
        ("sha1(salt + passwrod)", 13, "no passwrod"),
        ("sha1(salt . password)", 11, "joined by +"),
        ("sha1(salt + \"abc)", 13, "not closed"),
        ("sha1(salt + password", 21, "missing"),
        ("sha1(salt + password))", 22, "end of the formula"),
        ("sha1(salt)", 1, "never names the password"),
        ("sha1(username + password)", 6, "column as the salt"),
        ("md5(password) + previous", 17, "repeat"),
        ("utf16le(raw(md5(password)))", 1, "takes text"),
        ("utf16le(password)", 18, "outcome is bytes"),
        ("raw(password)", 1, "around a digest"),
        ("md5(bcrypt(password))", 5, "whole formula"),
        ("bcrypt(raw(md5(password)))", 27, "must be text"),
        ("md5(password + 7)", 16, "number"),
        ("substr(md5(password), 32, 4)", 1, "empty"),
        ("repeat(0, md5(password), md5(previous))", 8, "5,000,000"),
        ("repeat(9, password, previous + previous)", 1, "grows"),
        ("repeat(9, salt, previous + password)", 1, "grows"),
        ("repeat(9, raw(md5(password)), md5(previous))", 1, "both be"),
        ("", 1, "missing"),
        ("md5(password)é", 14, "means nothing"),
    ] {
        let (place, problem) = refused(formula);
        assert!(problem.contains(word), "{formula}: {problem}");
        assert_eq!(place, at, "{formula}: {problem}");
    }
}

#[test]
fn what_is_not_there_is_asked_for() {
    let nothing = Setting {
        salt: None,
        pepper: None,
        iterations: None,
        ..SETTING
    };
    for (formula, missing) in [
        ("md5(salt + password)", "salt"),
        ("md5(password + pepper)", "pepper"),
        ("repeat(iterations, password, md5(previous))", "iterations"),
    ] {
        let error = parse(formula, nothing).unwrap_err();
        assert!(
            matches!(error, ParseError::MissingParameter { parameter, .. } if parameter == missing),
            "{formula}: {error}"
        );
    }
}

#[test]
fn a_formula_that_would_burn_the_server_is_refused() {
    for formula in [
        "repeat(4000000, md5(password), sha1(md5(previous)))",
        "repeat(3000, md5(password), repeat(3000, previous, md5(previous)))",
        "pbkdf2_sha512(password, salt, 5000001, 64)",
        "pbkdf2_sha1(password, salt, 1000000, 512)",
        "pbkdf2_sha512(password, salt, 1000, 100000)",
    ] {
        let code = parse(formula, SETTING).unwrap_err().code();
        assert_eq!(code, "cost_out_of_bounds", "{formula}");
    }
    let nested = format!("{}password{}", "md5(".repeat(40), ")".repeat(40));
    assert!(refused(&nested).1.contains("nests"));
    let mut repeats = "md5(previous)".to_owned();
    for _ in 0..20 {
        repeats = format!("repeat(2, md5(password), {repeats})");
    }
    assert!(refused(&repeats).1.contains("within"));
    assert!(refused(&" ".repeat(1001)).1.contains("1,000"));
}

#[test]
fn a_long_password_may_cost_too_much_where_a_usual_one_does_not() {
    let formula = parse(
        "repeat(4000000, md5(password), md5(previous + password))",
        SETTING,
    );
    let formula = formula.unwrap();
    let long = "x".repeat(crate::MAX_PASSWORD_BYTES);
    let inputs = Inputs {
        password: long.as_bytes(),
        salt: b"",
        pepper: b"",
    };
    assert!(formula.evaluate(&inputs).is_none());
}

#[test]
fn encodings_are_those_of_old_servers() {
    let evaluate = |formula: &str, password: &str| {
        let inputs = Inputs {
            password: password.as_bytes(),
            salt: b"00ff10",
            pepper: b"",
        };
        let value = parse(formula, SETTING).unwrap().evaluate(&inputs);
        value.map(hex::encode)
    };
    assert_eq!(
        evaluate("md5(latin1(password))", "pässwörd").unwrap(),
        "2ca67a2dbf3a2f52ef5126a2ae8f8a2f"
    );
    // Base64 PuB2bK4aDvtRb+m9khe5guIUTaY=
    assert_eq!(
        evaluate("sha1(unhex(salt) + utf16le(password))", "Correct-Horse_42").unwrap(),
        "3ee0766cae1a0efb516fe9bd9217b982e2144da6"
    );
    assert_eq!(evaluate("md5(unhex(password))", "not hexadecimal"), None);
}

proptest! {
    #[test]
    fn reading_never_panics(formula in "[a-z0-9(), +\"']{0,60}|.{0,40}") {
        let _ = parse(&formula, SETTING);
    }

    #[test]
    fn what_can_be_read_can_be_computed(
        words in prop::collection::vec(prop::sample::select(vec![
            "md5(", "raw(sha1(", "repeat(3,", "hex(", "lower(", "password", "salt", ")", ")", ",", "+", "previous", "'x'",
            "substr(", "0", "9", "base64(",
        ]), 1..14),
        password in ".{1,40}",
    ) {
        if let Ok(formula) = parse(&words.concat(), SETTING) {
            let inputs = Inputs { password: password.as_bytes(), salt: b"s4lty", pepper: b"pepper!" };
            let value = formula.evaluate(&inputs);
            if let (Some(value), Outcome::Digest(length, _)) = (value, formula.outcome) {
                prop_assert_eq!(value.len(), length);
            }
        }
    }
}
