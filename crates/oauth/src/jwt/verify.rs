//! Reading a token back.

#[cfg(test)]
mod tests;

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
