//! Public keys as clients fetch them (RFC 7517).

use aws_lc_rs::{
    digest::{SHA256, digest},
    rsa::PublicKey,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// A public RSA key for RS256 signatures.
///
/// Readers insist on these six members: they refuse a key without `use`, and look it up by the exact `kid`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Always `RSA`.
    pub kty: String,
    /// Always `sig`.
    pub r#use: String,
    /// Always `RS256`.
    pub alg: String,
    /// Names the key in the header of each token: a fingerprint, 16 bytes in hexadecimal with colons.
    pub kid: String,
    /// The modulus, big-endian, base64url.
    pub n: String,
    /// The public exponent, big-endian, base64url.
    pub e: String,
}

/// Every key with which a living token may have been signed: the body of the JWKS endpoint (RFC 7517 §5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    /// The keys, in no particular order.
    pub keys: Vec<Jwk>,
}

impl Jwk {
    pub(super) fn of(key: &PublicKey) -> Self {
        let n = URL_SAFE_NO_PAD.encode(key.modulus().big_endian_without_leading_zero());
        let e = URL_SAFE_NO_PAD.encode(key.exponent().big_endian_without_leading_zero());
        Self {
            kty: "RSA".to_owned(),
            r#use: "sig".to_owned(),
            alg: "RS256".to_owned(),
            kid: fingerprint(&n, &e),
            n,
            e,
        }
    }
}

impl FromIterator<Jwk> for JwkSet {
    fn from_iter<I: IntoIterator<Item = Jwk>>(keys: I) -> Self {
        Self {
            keys: keys.into_iter().collect(),
        }
    }
}

/// The first half of the key's thumbprint (RFC 7638 §3.1), as fingerprints are usually written: `2a:e0:4f:…`.
///
/// Being made of the key itself, it is the same on every node and after every import of the key. Sixteen bytes tell a
/// handful of keys apart with certainty, and keep tokens short.
fn fingerprint(n: &str, e: &str) -> String {
    let thumbprint = digest(
        &SHA256,
        format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#).as_bytes(),
    );
    let bytes: Vec<String> = thumbprint.as_ref()[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    bytes.join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_half_of_the_standards_thumbprint() {
        // RFC 7638 §3.1: NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi\
                 FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb\
                 9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls\
                 1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let expected = URL_SAFE_NO_PAD
            .decode("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
            .unwrap();
        let expected: Vec<String> = expected[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(fingerprint(n, "AQAB"), expected.join(":"));
    }
}
