//! Rows as exports have them, their hashes made with Python's hashlib, and what the detective says of each.

use super::*;
use crate::digest::Digest;

const PASSWORD: &str = "Correct-Horse_42";

fn detect_one(hash: &str, columns: &[(&str, &str)]) -> Verdict {
    detect_with(hash, columns, &[])
}

fn detect_with(hash: &str, columns: &[(&str, &str)], peppers: &[&str]) -> Verdict {
    let row = Known {
        password: PASSWORD,
        hash,
        columns,
    };
    let hints = Hints {
        peppers,
        ..Hints::default()
    };
    detect(&[row], &hints)
}

fn one(verdict: Verdict) -> Reading {
    match verdict {
        Verdict::One(reading) => *reading,
        other => panic!("{other:?}"),
    }
}

fn md5(text: &str) -> String {
    hex::encode(Digest::Md5.of(&[text.as_bytes()]))
}

fn sha1(text: &str) -> String {
    hex::encode(Digest::Sha1.of(&[text.as_bytes()]))
}

#[test]
fn a_hash_that_says_what_it_is_needs_no_more() {
    for (hash, scheme) in [
        (
            "$2a$10$N9qo8uLOickgx2ZMRZoMye523wyQDvdvMv.I4a2/IIf55jokMUeVG",
            "bcrypt",
        ),
        ("$P$B4d9sKs1/dnhuyW1zKsS9Yd3AclG4L/", "phpass"),
        ("{SSHA}stgaZjJFDWT2VynXv82v1s2yLB6hssPU5fYHGA==", "ldap"),
        ("a3c68e193330b110c76ba1a5098cc64c", "md5"),
        ("483LBceCUpea.", "des-crypt"),
        (
            "ABAREhMUFRYXGBkaGxwdHh8ZO3YMj6LtRFZVuLOnXUPHQel/mBORsK2hpEKG+VfCmg==",
            "aspnet-identity-v2",
        ),
    ] {
        let reading = one(detect_one(hash, &[("email", "mara@voss.example")]));
        let name = Hash::parse(reading.scheme, hash, &reading.params)
            .unwrap()
            .scheme();
        assert_eq!(name, scheme);
    }
}

#[test]
fn salts_are_found_in_columns_by_their_effect_and_not_their_name() {
    for (hash, scheme, position) in [
        ("641667a22c9dec5d6159b514a0d9c702", "md5", "prefix"),
        ("f9931767020d314ca953df2899b6017e", "md5", "suffix"),
        ("dcc6c104c501ddc6d7ca860f9e754074eaae335f", "sha1", "suffix"),
    ] {
        let columns = [
            ("id", "17"),
            ("email", "mara@voss.example"),
            ("extra", "s4lty"),
        ];
        let reading = one(detect_one(hash, &columns));
        assert_eq!(reading.scheme, scheme);
        assert_eq!(reading.params.salt_position.as_deref(), Some(position));
        assert_eq!(reading.salt_column.as_deref(), Some("extra"));
    }
    // Hexadecimal and base64 salts are bytes.
    for (salt, format) in [("68656c6c6f00ff10", "hex"), ("aGVsbG8A/xA=", "base64")] {
        let reading = one(detect_one(
            "3b2c54f9dbaecbfd9c0754882255f900",
            &[("salt", salt)],
        ));
        assert_eq!(reading.params.salt_format.as_deref(), Some(format));
    }
}

#[test]
fn formulas_of_known_programs_are_found() {
    let salt = ("salt", "s4lty");
    for (formula, hash) in [
        ("md5(md5(password) + salt)", md5(&(md5(PASSWORD) + "s4lty"))),
        (
            "md5(md5(salt) + md5(password))",
            md5(&(md5("s4lty") + &md5(PASSWORD))),
        ),
        (
            "sha1(salt + sha1(password))",
            sha1(&("s4lty".to_owned() + &sha1(PASSWORD))),
        ),
        (
            "sha1(salt + sha1(salt + sha1(password)))",
            sha1(&("s4lty".to_owned() + &sha1(&("s4lty".to_owned() + &sha1(PASSWORD))))),
        ),
        ("md5(sha1(password))", md5(&sha1(PASSWORD))),
        (
            "md5(salt + ':' + password)",
            md5(&format!("s4lty:{PASSWORD}")),
        ),
        (
            "sha1(upper(md5(password)))",
            sha1(&md5(PASSWORD).to_uppercase()),
        ),
        (
            "'*' + upper(sha1(raw(sha1(password))))",
            "*091972515DF05EDEB51FE32E58F855158CB03B19".to_owned(),
        ),
        (
            "substr(md5(password), 8, 16)",
            md5(PASSWORD)[8..24].to_owned(),
        ),
    ] {
        let reading = one(detect_one(&hash, &[salt, ("id", "9")]));
        assert_eq!(reading.params.formula.as_deref(), Some(formula));
    }
}

#[test]
fn a_pepper_is_placed() {
    let hash = "2e884ba7c4cae66574b247201cdb9861e871fa3d";
    let columns = [("salt", "s4lty")];
    let reading = one(detect_with(hash, &columns, &["wrong", "pepper!"]));
    assert_eq!(
        reading.params.formula.as_deref(),
        Some("sha1(salt + md5(password) + pepper)")
    );
    assert_eq!(reading.params.pepper.as_deref(), Some("pepper!"));
    let keyed = "e40b29ecc4b4229fb7293a5fc91c73ece0068e8d3e52cf19ebade4d49903db71";
    let reading = one(detect_with(keyed, &columns, &["pepper!"]));
    assert_eq!(
        reading.params.formula.as_deref(),
        Some("hmac_sha256(pepper, salt + password)")
    );
    assert!(!format!("{reading:?}").contains("pepper!"));
}

#[test]
fn a_salt_within_the_text_is_found() {
    let digest = sha1(&("abcdefghi".to_owned() + PASSWORD));
    for (hash, layout) in [
        (format!("abcdefghi{digest}"), "{salt:9}{hash}"),
        (format!("{digest}:abcdefghi"), "{hash}:{salt}"),
        (format!("sha1$abcdefghi${digest}$x"), "sha1${salt}${hash}$x"),
    ] {
        let reading = one(detect_one(&hash, &[("id", "3")]));
        assert_eq!(reading.params.layout.as_deref(), Some(layout));
        assert_eq!(reading.salt_column, None);
    }
}

#[test]
fn rounds_are_counted_whatever_their_number() {
    // SHA-1 of salt and password, a thousand times in all.
    let reading = one(detect_one(
        "58cc62307d7a79f7ba36b5c565bb795e8131fd20",
        &[("salt", "s4lty")],
    ));
    assert_eq!(
        reading.params.formula.as_deref(),
        Some("repeat(999, sha1(salt + password), sha1(previous))")
    );
    let key = Digest::Sha256.pbkdf2(PASSWORD.as_bytes(), b"s4lty", 4321, 48);
    let reading = one(detect_one(
        &hex::encode(key),
        &[("salt", "s4lty"), ("id", "x")],
    ));
    assert_eq!(
        reading.params.formula.as_deref(),
        Some("pbkdf2_sha256(password, salt, 4321, 48)")
    );
    assert!(
        reading
            .assumed
            .iter()
            .any(|text| text.contains("iterations"))
    );
}

#[test]
fn ten_thousand_rounds_are_within_the_patience_of_a_page() {
    let key = Digest::Sha256.pbkdf2(PASSWORD.as_bytes(), b"s4lty", 10_000, 32);
    let columns = [
        ("salt", "s4lty"),
        ("id", "x"),
        ("email", "mara@voss.example"),
    ];
    let reading = one(detect_one(&hex::encode(key), &columns));
    assert_eq!(
        reading.params.formula.as_deref(),
        Some("pbkdf2_sha256(password, salt, 10000, 32)")
    );
}

#[test]
fn bcrypt_over_an_older_digest_is_found() {
    let made = crate::Native::Bcrypt { cost: 4 }.hash(
        &sha1(PASSWORD),
        &[7; 16],
        &mut crate::Workspace::new(),
    );
    let reading = one(detect_one(made.encoded(), &[]));
    assert_eq!(
        reading.params.formula.as_deref(),
        Some("crypt(sha1(password))")
    );
}

#[test]
fn what_one_row_cannot_tell_is_ambiguous_and_another_decides() {
    let hash = md5(&format!("s4lty{PASSWORD}"));
    let twice = [("salt", "s4lty"), ("nickname", "s4lty")];
    match detect_one(&hash, &twice) {
        Verdict::Ambiguous(readings) => {
            let columns: Vec<_> = readings
                .iter()
                .map(|reading| reading.salt_column.as_deref())
                .collect();
            assert_eq!(columns, [Some("salt"), Some("nickname")]);
        }
        other => panic!("{other:?}"),
    }
    let other_hash = md5("m4r4secret");
    let rows = [
        Known {
            password: PASSWORD,
            hash: &hash,
            columns: &twice,
        },
        Known {
            password: "secret",
            hash: &other_hash,
            columns: &[("salt", "m4r4"), ("nickname", "mara")],
        },
    ];
    assert_eq!(
        one(detect(&rows, &Hints::default())).salt_column.as_deref(),
        Some("salt")
    );
}

#[test]
fn rows_that_were_hashed_differently_have_no_reading() {
    let (first, second) = (md5(PASSWORD), sha1(PASSWORD));
    let row = |hash| Known {
        password: PASSWORD,
        hash,
        columns: &[],
    };
    let verdict = detect(&[row(&first), row(&second)], &Hints::default());
    assert!(matches!(verdict, Verdict::None { .. }), "{verdict:?}");
    assert_eq!(
        detect(&[], &Hints::default()),
        Verdict::None {
            was_all_tried: true
        }
    );
}

#[test]
fn a_wrong_password_is_never_explained() {
    for hash in [
        "a3c68e193330b110c76ba1a5098cc64d",
        "$P$B4d9sKs1/dnhuyW1zKsS9Yd3AclG4L.",
        "not a hash at all",
        "",
    ] {
        let verdict = detect_one(hash, &[("salt", "s4lty"), ("email", "mara@voss.example")]);
        assert!(
            matches!(verdict, Verdict::None { .. }),
            "{hash}: {verdict:?}"
        );
    }
}

#[test]
fn what_was_taken_for_granted_is_said() {
    let hash = sha1(&format!("mara{PASSWORD}"));
    let reading = one(detect_one(&hash, &[("username", "mara")]));
    assert!(
        reading
            .assumed
            .iter()
            .any(|text| text.contains("username is in lowercase"))
    );
    assert!(reading.assumed.iter().any(|text| text.contains("ASCII")));
    let hash = hex::encode(Digest::Md5.of(&[b"p\xe4ssw\xf6rd"]));
    let row = Known {
        password: "pässwörd",
        hash: &hash,
        columns: &[],
    };
    let reading = one(detect(&[row], &Hints::default()));
    assert_eq!(
        reading.params.formula.as_deref(),
        Some("md5(latin1(password))")
    );
    assert_eq!(reading.assumed, Vec::<String>::new());
}
