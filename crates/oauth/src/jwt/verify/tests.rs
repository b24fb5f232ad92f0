use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::jwt::SigningKey;

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());
static KEYS: LazyLock<VerifyingKeys> = LazyLock::new(|| [KEY.jwk()].into_iter().collect());

const NOW: i64 = 1_800_000_000;

fn token() -> String {
    KEY.sign(&json!({"sub": "kp_1", "exp": NOW + 60})).unwrap()
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The good token with another header in front.
fn with_header(header: &Value) -> String {
    let token = token();
    format!("{}.{}", part(header), token.split_once('.').unwrap().1)
}

fn refusal(token: &str) -> VerifyError {
    verify(token, &KEYS, NOW, 0).unwrap_err()
}

#[test]
fn what_was_signed_is_read_back() {
    let claims = verify(&token(), &KEYS, NOW, 0).unwrap();
    assert_eq!(
        Value::Object(claims),
        json!({"sub": "kp_1", "exp": NOW + 60})
    );
}

#[test]
fn only_rs256_is_accepted() {
    for alg in [
        "none", "None", "HS256", "RS384", "PS256", "ES256", "rs256", "",
    ] {
        assert_eq!(
            refusal(&with_header(&json!({"alg": alg, "kid": KEY.kid()}))),
            VerifyError::Algorithm,
            "{alg}"
        );
    }
    let unsigned = format!(
        "{}.{}.",
        part(&json!({"alg": "none"})),
        part(&json!({"exp": NOW + 60}))
    );
    assert_eq!(refusal(&unsigned), VerifyError::Algorithm);
}

#[test]
fn a_key_that_the_token_brings_along_is_not_used() {
    let stranger = SigningKey::generate().unwrap();
    let token = stranger.sign(&json!({"exp": NOW + 60})).unwrap();
    assert_eq!(refusal(&token), VerifyError::UnknownKey);
    for extra in ["jwk", "jku", "x5u", "x5c"] {
        let header = json!({"alg": "RS256", "kid": stranger.kid(), extra: stranger.jwk()});
        assert_eq!(
            refusal(&with_header(&header)),
            VerifyError::UnknownKey,
            "{extra}"
        );
        let header = json!({"alg": "RS256", "kid": KEY.kid(), extra: stranger.jwk()});
        assert_eq!(
            refusal(&with_header(&header)),
            VerifyError::Signature,
            "{extra}"
        );
    }
}

#[test]
fn the_key_must_be_named_exactly() {
    for kid in [
        json!(null),
        json!(KEY.kid().to_uppercase() + "0"),
        json!(""),
        json!(KEY.kid().replace(':', "")),
    ] {
        assert_eq!(
            refusal(&with_header(&json!({"alg": "RS256", "kid": kid}))),
            VerifyError::UnknownKey,
            "{kid}"
        );
    }
    assert_eq!(
        refusal(&with_header(&json!({"alg": "RS256"}))),
        VerifyError::UnknownKey
    );
}

#[test]
fn critical_extensions_are_refused() {
    let header = json!({"alg": "RS256", "kid": KEY.kid(), "crit": ["b64"], "b64": false});
    assert_eq!(refusal(&with_header(&header)), VerifyError::Critical);
}

#[test]
fn another_text_has_another_signature() {
    let token = token();
    let parts: Vec<&str> = token.split('.').collect();
    let forged = part(&json!({"sub": "kp_2", "exp": NOW + 60}));
    assert_eq!(
        refusal(&[parts[0], &forged, parts[2]].join(".")),
        VerifyError::Signature
    );
    assert_eq!(
        refusal(&[parts[0], parts[1], ""].join(".")),
        VerifyError::Signature
    );
}

#[test]
fn it_ends_at_exp_and_starts_at_nbf_with_leeway_on_both_sides() {
    let token = KEY.sign(&json!({"nbf": 100, "exp": 200})).unwrap();
    for (now, leeway, expected) in [
        (99, 0, Err(VerifyError::NotYetValid)),
        (99, 1, Ok(())),
        (100, 0, Ok(())),
        (199, 0, Ok(())),
        (200, 0, Err(VerifyError::Expired)),
        (204, 5, Ok(())),
        (205, 5, Err(VerifyError::Expired)),
        (i64::MAX, u32::MAX, Err(VerifyError::Expired)),
        (i64::MIN, u32::MAX, Err(VerifyError::NotYetValid)),
    ] {
        assert_eq!(
            verify(&token, &KEYS, now, leeway).map(drop),
            expected,
            "{now} {leeway}"
        );
    }
    assert!(verify_ignoring_time(&token, &KEYS).is_ok());
}

#[test]
fn a_token_without_a_readable_expiry_is_refused() {
    for claims in [
        json!({}),
        json!({"exp": "soon"}),
        json!({"exp": null}),
        json!({"exp": NOW + 60, "nbf": "x"}),
        json!([1]),
    ] {
        assert_eq!(
            refusal(&KEY.sign(&claims).unwrap()),
            VerifyError::Malformed,
            "{claims}"
        );
    }
    assert!(verify(&KEY.sign(&json!({"exp": 200.5})).unwrap(), &KEYS, 199, 0).is_ok());
}

#[test]
fn whatever_is_not_three_parts_of_base64url_is_malformed() {
    let token = token();
    for text in [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c",
        &format!("{token}.x"),
        &format!("{token}="),
        &format!(" {token}"),
        &"a".repeat(MAX_LENGTH),
    ] {
        assert_eq!(refusal(text), VerifyError::Malformed, "{text:.60}");
    }
    // Base64 that decodes to the same bytes in two spellings would give one token two texts.
    let last = token.chars().last().unwrap();
    let other = if last == 'A' {
        'B'
    } else {
        char::from(last as u8 + 1)
    };
    let respelled = format!("{}{other}", &token[..token.len() - 1]);
    assert_ne!(
        verify(&respelled, &KEYS, NOW, 0),
        verify(&token, &KEYS, NOW, 0)
    );
}

#[test]
fn keys_for_other_uses_are_left_out() {
    let mut jwk = KEY.jwk().clone();
    jwk.r#use = "enc".to_owned();
    let mut broken = KEY.jwk().clone();
    broken.n = "AQAB".to_owned();
    broken.kid = "broken".to_owned();
    let keys = VerifyingKeys::from(&JwkSet {
        keys: vec![jwk, broken],
    });
    assert!(verify(&token(), &keys, NOW, 0).is_err());
}

proptest! {
    #[test]
    fn reading_never_panics(text in "[a-zA-Z0-9_.{}\"-]{0,200}") {
        prop_assert!(verify(&text, &KEYS, NOW, 0).is_err());
    }

    #[test]
    fn a_changed_character_is_noticed(at in any::<prop::sample::Index>(), to in "[a-zA-Z0-9_.-]") {
        let token = token();
        let at = at.index(token.len());
        let changed = format!("{}{to}{}", &token[..at], &token[at + 1..]);
        prop_assert!(changed == token || verify(&changed, &KEYS, NOW, 0).is_err());
    }
}
