//! Reading a token back.

use std::fmt;

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use super::{
    Claims,
    jwk::{Jwk, JwkSet},
};

/// Longer texts are not looked at. Our largest tokens stay under the 16 KiB that proxies allow a header.
const MAX_LENGTH: usize = 64 * 1024;

/// The public keys whose tokens are ours, parsed once and kept.
pub struct VerifyingKeys(Vec<(String, ParsedPublicKey)>);

/// Why a token is not accepted. None of them quotes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum VerifyError {
    /// Not three parts of base64url with JSON objects inside, or without an expiry.
    #[error("the token is malformed")]
    Malformed,
    /// Signed with something else than RS256, or not at all.
    #[error("the token must be signed with RS256")]
    Algorithm,
    /// The header makes an extension critical; we have none (RFC 7515 §4.1.11).
    #[error("the token demands an extension that is not supported")]
    Critical,
    /// No key of ours has the name that the header gives.
    #[error("the token is signed with an unknown key")]
    UnknownKey,
    /// The signature does not belong to this text and key.
    #[error("the signature of the token is wrong")]
    Signature,
    /// Past its `exp` (RFC 7519 §4.1.4).
    #[error("the token has expired; get a new one")]
    Expired,
    /// Before its `nbf` (RFC 7519 §4.1.5).
    #[error("the token is not valid yet")]
    NotYetValid,
}

impl VerifyError {
    /// The stable code, for programs and logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "token_malformed",
            Self::Algorithm => "token_algorithm",
            Self::Critical => "token_critical_extension",
            Self::UnknownKey => "token_unknown_key",
            Self::Signature => "token_signature",
            Self::Expired => "token_expired",
            Self::NotYetValid => "token_not_yet_valid",
        }
    }
}

/// The claims of `token`, if one of `keys` signed it and `now` is within its time.
///
/// `now` and `leeway` are seconds; the leeway forgives clocks that differ. Issuer, audience and kind are for the caller
/// to compare, who alone knows what to expect.
///
/// # Errors
/// A [`VerifyError`] for the first thing that is wrong; time comes last, so that it is never told of a forgery.
pub fn verify(
    token: &str,
    keys: &VerifyingKeys,
    now: i64,
    leeway: u32,
) -> Result<Claims, VerifyError> {
    let claims = verify_ignoring_time(token, keys)?;
    let leeway = i64::from(leeway);
    let expires_at = instant(&claims, "exp")?.ok_or(VerifyError::Malformed)?;
    if now.saturating_sub(leeway) >= expires_at {
        return Err(VerifyError::Expired);
    }
    match instant(&claims, "nbf")? {
        Some(starts_at) if now.saturating_add(leeway) < starts_at => Err(VerifyError::NotYetValid),
        _ => Ok(claims),
    }
}

/// As [`verify`], without looking at `exp` and `nbf`: an expired token still tells whose it was.
///
/// # Errors
/// A [`VerifyError`] for the first thing that is wrong.
pub fn verify_ignoring_time(token: &str, keys: &VerifyingKeys) -> Result<Claims, VerifyError> {
    let (signed, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(VerifyError::Malformed)?;
    if token.len() > MAX_LENGTH || claims.contains('.') {
        return Err(VerifyError::Malformed);
    }
    let header: Header =
        serde_json::from_slice(&decode(header)?).map_err(|_| VerifyError::Malformed)?;
    if header.alg != "RS256" {
        return Err(VerifyError::Algorithm);
    }
    if header.crit.is_some() {
        return Err(VerifyError::Critical);
    }
    let key = header
        .kid
        .and_then(|kid| keys.find(&kid))
        .ok_or(VerifyError::UnknownKey)?;
    key.verify_sig(signed.as_bytes(), &decode(signature)?)
        .map_err(|_| VerifyError::Signature)?;
    serde_json::from_slice(&decode(claims)?).map_err(|_| VerifyError::Malformed)
}

/// The members that decide. Whatever else a header has, such as a key of its own or an address of one, is not read.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde::de::IgnoredAny>,
}

fn decode(part: &str) -> Result<Vec<u8>, VerifyError> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| VerifyError::Malformed)
}

/// A `NumericDate`, which may have a fraction (RFC 7519 §2), in whole seconds.
fn instant(claims: &Claims, name: &str) -> Result<Option<i64>, VerifyError> {
    let Some(value) = claims.get(name) else {
        return Ok(None);
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a fraction of a second is dropped, and the cast saturates"
    )]
    let seconds = value
        .as_i64()
        .or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64));
    seconds.map(Some).ok_or(VerifyError::Malformed)
}

impl VerifyingKeys {
    fn find(&self, kid: &str) -> Option<&ParsedPublicKey> {
        self.0
            .iter()
            .find(|(name, _)| name == kid)
            .map(|(_, key)| key)
    }
}

impl<'a> FromIterator<&'a Jwk> for VerifyingKeys {
    /// Collects the keys that can verify RS256. Others are left out: a set may hold keys for other uses (RFC 7517 §5).
    fn from_iter<I: IntoIterator<Item = &'a Jwk>>(keys: I) -> Self {
        Self(
            keys.into_iter()
                .filter_map(|jwk| Some((jwk.kid.clone(), parse(jwk)?)))
                .collect(),
        )
    }
}

impl From<&JwkSet> for VerifyingKeys {
    fn from(set: &JwkSet) -> Self {
        set.keys.iter().collect()
    }
}

impl fmt::Debug for VerifyingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(kid, _)| kid))
            .finish()
    }
}

fn parse(jwk: &Jwk) -> Option<ParsedPublicKey> {
    if (jwk.kty.as_str(), jwk.r#use.as_str(), jwk.alg.as_str()) != ("RSA", "sig", "RS256") {
        return None;
    }
    let components = RsaPublicKeyComponents {
        n: URL_SAFE_NO_PAD.decode(&jwk.n).ok()?,
        e: URL_SAFE_NO_PAD.decode(&jwk.e).ok()?,
    };
    components
        .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        .ok()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{super::SigningKey, *};

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
}
