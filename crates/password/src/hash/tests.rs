//! All schemes at once: published vectors, and what must hold whatever the input.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Vector {
    id: String,
    scheme: String,
    password: String,
    encoded: String,
    #[serde(default)]
    params: Params,
    ok: bool,
}

/// Made with Python's hashlib, passlib, argon2-cffi, PHP, Node.js, OpenSSL and libxcrypt, most by two of them.
fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("../../fixtures/vectors.json")).unwrap()
}

#[test]
fn every_vector_verifies_or_fails_as_it_should() {
    let mut workspace = Workspace::new();
    let mut failures = Vec::new();
    for vector in vectors() {
        let hash = Hash::parse(&vector.scheme, &vector.encoded, &vector.params);
        let ok = hash
            .as_ref()
            .is_ok_and(|hash| hash.verify_in(&vector.password, &mut workspace));
        if ok != vector.ok {
            failures.push(format!("{}: {:?}", vector.id, hash.err()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn malformed_and_hostile_vectors_are_refused_when_parsed() {
    for id in [
        "bcrypt-bad-cost-neg",
        "bcrypt-truncated-neg",
        "md5-length-neg",
        "argon2id-huge-memory-neg",
        "aspnet-v2-truncated-neg",
        "aspnet-v3-as-v2-neg",
        "django-unusable-neg",
    ] {
        let vector = vectors()
            .into_iter()
            .find(|vector| vector.id == id)
            .unwrap();
        assert!(
            Hash::parse(&vector.scheme, &vector.encoded, &vector.params).is_err(),
            "{id}"
        );
    }
}

#[test]
fn what_is_stored_reads_back_as_an_equal_hash() {
    for vector in vectors() {
        let Ok(hash) = Hash::parse(&vector.scheme, &vector.encoded, &vector.params) else {
            continue;
        };
        let params = serde_json::from_str(&serde_json::to_string(hash.params()).unwrap()).unwrap();
        let again = Hash::parse(hash.scheme(), hash.encoded(), &params);
        assert_eq!(again.as_ref(), Ok(&hash), "{}", vector.id);
        assert_eq!(again.unwrap().describe(), hash.describe(), "{}", vector.id);
    }
}

#[test]
fn what_is_recognized_is_what_it_was_said_to_be() {
    for vector in vectors()
        .into_iter()
        .filter(|vector| vector.params == Params::default())
    {
        let said = Hash::parse(&vector.scheme, &vector.encoded, &vector.params);
        match Hash::recognize(&vector.encoded) {
            Ok(hash) => assert!(said.as_ref() == Ok(&hash) || said.is_err(), "{}", vector.id),
            Err(error) => {
                let named = matches!(vector.scheme.as_str(), "md5" | "sha1" | "sha256" | "sha512");
                let is_bare = named
                    || ["wordpress-md5-legacy", "joomla", "des-crypt"]
                        .iter()
                        .any(|name| vector.id.starts_with(name));
                assert!(is_bare || said.is_err(), "{}: {error}", vector.id);
            }
        }
    }
}

#[test]
fn bare_digests_are_never_guessed() {
    for (encoded, candidates) in [
        ("a3c68e193330b110c76ba1a5098cc64c", &["md5", "md4"][..]),
        ("251a455d87c283f1e41d928b63fa6883fa803b7e", &["sha1"]),
        ("483LBceCUpea.", &["des-crypt"]),
        (
            "470b1945bad3777e27c9a1642a3040ec:NaClNaClNaClNaCl",
            &["joomla", "md5"],
        ),
    ] {
        assert_eq!(
            Hash::recognize(encoded),
            Err(ParseError::Ambiguous(candidates.to_vec()))
        );
    }
    assert_eq!(Hash::recognize("hello"), Err(ParseError::Unrecognized));
    assert_eq!(Hash::recognize(""), Err(ParseError::Unrecognized));
}

#[test]
fn the_empty_and_the_endless_password_match_nothing() {
    let unsalted = Hash::parse(
        "md5",
        "d41d8cd98f00b204e9800998ecf8427e",
        &Params::default(),
    )
    .unwrap();
    assert!(!unsalted.verify(""));
    let long = "x".repeat(MAX_PASSWORD_BYTES + 1);
    let digest = hex::encode(crate::digest::Digest::Sha1.of(&[long.as_bytes()]));
    let hash = Hash::parse("sha1", &digest, &Params::default()).unwrap();
    assert!(!hash.verify(&long));
}

#[test]
fn names_are_taken_in_any_case() {
    for (name, scheme) in [
        ("BCRYPT", "bcrypt"),
        ("Bcrypt", "bcrypt"),
        (" bcrypt ", "bcrypt"),
    ] {
        let encoded = "$2a$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";
        assert_eq!(
            Hash::parse(name, encoded, &Params::default())
                .unwrap()
                .scheme(),
            scheme
        );
    }
    assert_eq!(
        Hash::parse("rot13", "uryyb", &Params::default())
            .unwrap_err()
            .code(),
        "unknown_scheme"
    );
}

#[test]
fn descriptions_and_debug_give_nothing_away() {
    for vector in vectors() {
        let Ok(hash) = Hash::parse(&vector.scheme, &vector.encoded, &vector.params) else {
            continue;
        };
        let told = format!(
            "{hash:?} {}",
            serde_json::to_string(&hash.describe()).unwrap()
        );
        let secrets = [
            hash.params().salt.as_deref(),
            hash.params().pepper.as_deref(),
            hash.params().signer_key.as_deref(),
        ];
        for secret in secrets
            .into_iter()
            .flatten()
            .chain(hash.encoded().rsplit('$').next())
        {
            assert!(
                secret.len() < 6 || !told.contains(secret),
                "{}: {told}",
                vector.id
            );
        }
    }
}

#[test]
fn every_scheme_has_a_vector_or_tests_of_its_own() {
    // Those that no vector names, each tested in its own file.
    let elsewhere = [
        "md4",
        "sha224",
        "sha384",
        "md5_salted",
        "sha256_salted",
        "pbkdf2_sha512",
        "pbkdf2_sha512_hex",
        "awscognito",
        "hmac_sha256_utf16_b64",
        "ory",
        "ory-hmac",
        "ldap_ssha",
        "md5_phpass",
        "sha512_symfony",
        "crypt",
        "phpass-sha512",
        "custom",
        "wrapped",
    ];
    let mut covered: Vec<String> = elsewhere.map(str::to_owned).to_vec();
    for vector in vectors() {
        covered.extend(vector.params.password_hasher.clone());
        covered.extend(vector.params.encryption_scheme.clone());
        covered.extend(
            Hash::parse(&vector.scheme, &vector.encoded, &vector.params)
                .map(|hash| hash.scheme().to_owned()),
        );
        covered.push(vector.scheme);
    }
    for (name, aliases) in crate::schemes() {
        let is_covered = aliases
            .iter()
            .chain([&name])
            .any(|name| covered.iter().any(|covered| covered == name));
        assert!(is_covered, "{name} has no test");
    }
}

#[test]
fn every_weak_hash_can_be_wrapped_and_verifies_as_before() {
    let mut workspace = Workspace::new();
    let mut n_wrapped = 0;
    for vector in vectors() {
        let Ok(hash) = Hash::parse(&vector.scheme, &vector.encoded, &vector.params) else {
            continue;
        };
        let wrapped = hash.wrap(&[7; 16], &mut workspace);
        assert_eq!(
            wrapped.is_some(),
            hash.strength() == Strength::Weak,
            "{}",
            vector.id
        );
        let Some(wrapped) = wrapped else { continue };
        n_wrapped += 1;
        assert_eq!(
            wrapped.verify_in(&vector.password, &mut workspace),
            vector.ok,
            "{}",
            vector.id
        );
        assert_eq!(wrapped.strength(), Strength::Strong);
        let stored = serde_json::to_string(wrapped.params()).unwrap();
        let again = Hash::parse(
            "wrapped",
            wrapped.encoded(),
            &serde_json::from_str(&stored).unwrap(),
        );
        assert_eq!(again, Ok(wrapped), "{}", vector.id);
    }
    assert!(n_wrapped > 80, "{n_wrapped}");
}

/// Each cost that a hash text or its parameters can ask for, one step above what is allowed.
#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn costs_that_would_burn_the_server_are_refused_by_name() {
    let b64 = |length: usize| crate::encoding::to_base64(&vec![7; length]);
    let digest = "a3c68e193330b110c76ba1a5098cc64c";
    let none: &[(&str, &str)] = &[];
    let key = b64(32);
    let pbkdf2 = format!("$pbkdf2-sha256$i=5000001,l=32$c2FsdHNhbHQ${key}");
    let long = format!("$pbkdf2-sha256$i=1000,l=600$c2FsdHNhbHQ${}", b64(600));
    let scrypt = format!("$scrypt$ln=24,r=8,p=1$c2FsdHNhbHQ${key}");
    let lanes = format!("$scrypt$ln=14,r=8,p=17$c2FsdHNhbHQ${key}");
    let werkzeug = format!("pbkdf2:sha256:5000001$saltsalt${}", "00".repeat(32));
    let django = format!("pbkdf2_sha256$5000001$saltsalt${key}");
    let keycloak = format!(
        r#"{{"secretData":{{"value":"{key}","salt":"c2FsdHNhbHQ="}},"credentialData":{{"hashIterations":5000001,"algorithm":"pbkdf2-sha256"}}}}"#
    );
    let sha512 = b64(64);
    for (scheme, encoded, set, asked) in [
        (
            "bcrypt",
            "$2b$17$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.",
            none,
            "cost 17",
        ),
        (
            "argon2",
            "$argon2id$v=19$m=1048577,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
            none,
            "memory 1048577",
        ),
        (
            "argon2",
            "$argon2id$v=19$m=65536,t=17,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
            none,
            "passes 17",
        ),
        (
            "argon2",
            "$argon2id$v=19$m=65536,t=1,p=17$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
            none,
            "lanes 17",
        ),
        ("phc-pbkdf2", &pbkdf2, none, "iterations 5000001"),
        ("phc-pbkdf2", &long, none, "key 600"),
        ("scrypt", &scrypt, none, "memory"),
        ("scrypt", &lanes, none, "lanes 17"),
        (
            "scrypt-fields",
            &key,
            &[("salt", "saltsalt"), ("cost", "16777216")],
            "memory",
        ),
        ("werkzeug", &werkzeug, none, "iterations 5000001"),
        ("django", &django, none, "iterations 5000001"),
        ("keycloak", &keycloak, none, "iterations 5000001"),
        (
            "pbkdf2",
            &key,
            &[
                ("salt", "c2FsdA=="),
                ("variant", "salted-pbkdf2-hmac-sha256"),
                ("iterations", "5000001"),
            ],
            "iterations 5000001",
        ),
        (
            "salted-md5",
            "3R7DxhN6rE2Vtte+ceBFzg==",
            &[("salt", "EBES"), ("factor", "5000001")],
            "rounds 5000001",
        ),
        (
            "symfony",
            &sha512,
            &[("salt", "x"), ("iterations", "5000001")],
            "iterations 5000001",
        ),
        (
            "phpass",
            "$P$N4d9sKs1/dnhuyW1zKsS9Yd3AclG4L/",
            none,
            "rounds 25",
        ),
        (
            "drupal",
            "$S$N5Z9pQ2xKxoPEhdoQAXEXneausWQwGkfGWB59Hk/mvJ0ZVvIWNOt",
            none,
            "rounds 25",
        ),
        (
            "sha256-crypt",
            "$5$rounds=5000001$saltstring16byte$xVsivkLKDo/WWHjlSvzbgCQ6JcI4VjHH.vXZ.LjRuK2",
            none,
            "rounds 5000001",
        ),
        (
            "bsdi-crypt",
            "_zzzzCCCCNsA.JhZa9nA",
            none,
            "iterations 16777215",
        ),
        (
            "custom",
            digest,
            &[("formula", "repeat(5000000, md5(password), md5(previous))")],
            "digests 5000001",
        ),
        (
            "custom",
            digest,
            &[("formula", "pbkdf2_md5(password, 'x', 5000001, 16)")],
            "iterations 5000001",
        ),
    ] {
        let mut params = Params::default();
        for (name, value) in set {
            params.set(name, value).unwrap();
        }
        let error = Hash::parse(scheme, encoded, &params).unwrap_err();
        assert_eq!(
            error.code(),
            "cost_out_of_bounds",
            "{scheme} {asked}: {error}"
        );
        assert!(error.to_string().contains(asked), "{scheme}: {error}");
    }
}

proptest! {
    #[test]
    fn parsing_never_panics(scheme in 0..crate::schemes().count(), encoded in ".*", salt in ".*") {
        let (scheme, _) = crate::schemes().nth(scheme).unwrap();
        let _ = Hash::recognize(&encoded);
        let _ = Hash::parse(scheme, &encoded, &Params::default());
        let salt = Some(salt);
        let _ = Hash::parse(scheme, &encoded, &Params { salt, salt_position: Some("prefix".to_owned()), ..Params::default() });
    }

    #[test]
    fn broken_vectors_never_panic(index in 0..244_usize, at in any::<prop::sample::Index>(), with in "[$=,:{}a0.]{0,3}|[^a-z]", cut in 0..4_usize) {
        let vector = &vectors()[index];
        let mut bytes: Vec<char> = vector.encoded.chars().collect();
        let at = at.index(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with.chars());
        let broken: String = bytes.into_iter().collect();
        let _ = Hash::recognize(&broken);
        let _ = Hash::parse(&vector.scheme, &broken, &vector.params);
    }

    #[test]
    fn verifying_never_panics(password in ".*", encoded in prop::sample::select(vec![
        "$2x$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.",
        "$1$28772684$zUiNm8xBHzDBLiSO7OMt4/",
        "_/...CCCCNsA.JhZa9nA",
        "$5$rounds=1000$saltstring16byte$xVsivkLKDo/WWHjlSvzbgCQ6JcI4VjHH.vXZ.LjRuK2",
        "$P$6abcdefghzA/x0J4GJZMZt.nUWubPD.",
        "$argon2id$v=19$m=8,t=1,p=1$EBESExQVFhcYGRobHB0eHw$AAAAAAAAAAAAAAAAAAAAAA",
        "md5$$a3c68e193330b110c76ba1a5098cc64c",
        "$wp$2y$04$abcdefghijklmnopqrstuuJClX3LNOdVkWzUWMXxmJU2oUEhKA8zO",
    ])) {
        prop_assert!(!Hash::recognize(encoded).unwrap().verify(&password));
    }
}
