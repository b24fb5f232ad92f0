//! Tokens of strangers: none is accepted that was not signed here, nothing that stands in one breaks the reader, and what was signed
//! is read as it was.
//!
//! The input is a token, or lines: a header, claims, and a signature, which are put together here as a token is.

#![no_main]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use oauth::jwt::{JwkSet, SigningKey, VerifyingKeys, verify, verify_ignoring_time};

static KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate().expect("a key can be made"));

static KEYS: LazyLock<VerifyingKeys> = LazyLock::new(|| [KEY.jwk()].into_iter().collect());

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    refused(text);
    let mut lines = text.splitn(3, '\n');
    let (header, claims) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
    let signature = lines.next().unwrap_or("");
    let encode = |part: &str| URL_SAFE_NO_PAD.encode(part.replace("KID", KEY.kid()));
    let (header, encoded) = (encode(header), encode(claims));
    refused(&format!("{header}.{encoded}.{}", encode(signature)));
    signed(claims);
    if let Ok(set) = serde_json::from_str::<JwkSet>(text) {
        let _ = VerifyingKeys::from(&set);
    }
});

/// Nobody but the key signs, and the fuzzer doesn't have it.
fn refused(token: &str) {
    for now in [i64::MIN, 0, i64::MAX] {
        assert!(verify(token, &KEYS, now, 60).is_err(), "a forgery is taken");
    }
    assert!(
        verify_ignoring_time(token, &KEYS).is_err(),
        "a forgery is taken"
    );
}

/// Any claims can be signed, and are read back, whatever their times are.
fn signed(claims: &str) {
    let Ok(serde_json::Value::Object(claims)) = serde_json::from_str(claims) else {
        return;
    };
    let Ok(token) = KEY.sign(&claims) else { return };
    if let Ok(read) = verify_ignoring_time(&token, &KEYS) {
        // Their names: a number beyond those that JSON says exactly may differ in its last digit.
        let read = serde_json::to_value(read).unwrap_or_default();
        assert!(
            read.as_object()
                .is_some_and(|read| read.keys().eq(claims.keys()))
        );
    }
    for now in [i64::MIN, 0, i64::MAX] {
        let _ = verify(&token, &KEYS, now, u32::MAX);
    }
}
