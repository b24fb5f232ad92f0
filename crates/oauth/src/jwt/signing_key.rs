//! A private key, ready to sign.

use std::fmt;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use zeroize::Zeroizing;

use super::jwk::Jwk;

/// RSA-2048: what the SDKs of the hosted service read, and the fastest size that is still acceptable.
const SIGNATURE_LENGTH: usize = 256;

/// An RSA-2048 key pair that signs tokens with RS256.
///
/// Parsing the key costs more than signing with it, so keep this value for as long as the key is current.
pub struct SigningKey {
    pair: RsaKeyPair,
    jwk: Jwk,
    /// The encoded header, with the dot behind it.
    header: String,
}

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The cryptographic library could not make or encode a key.
    #[error("failed to make an RSA key")]
    Unavailable,
    /// The bytes are not a private RSA key in PKCS#8.
    #[error("the signing key is not a private RSA key in PKCS#8, DER")]
    Encoding,
    /// A key of another size.
    #[error("the signing key must have 2048 bits")]
    Size,
}

/// Why a token could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The claims have no form in JSON.
    #[error("failed to write the claims as JSON")]
    Claims(#[from] serde_json::Error),
    /// The cryptographic library refused.
    #[error("failed to sign the token")]
    Signature,
}

impl SigningKey {
    /// Makes a new key. Takes tens of milliseconds or more: not for an asynchronous thread.
    ///
    /// # Errors
    /// [`KeyError::Unavailable`] when the library fails, for want of memory or randomness.
    pub fn generate() -> Result<Self, KeyError> {
        RsaKeyPair::generate(KeySize::Rsa2048)
            .map_err(|_| KeyError::Unavailable)
            .map(Self::new)
    }

    /// Reads a key that [`Self::to_pkcs8`] wrote.
    ///
    /// # Errors
    /// [`KeyError::Encoding`] or [`KeyError::Size`] when the bytes are something else.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let pair = RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::Encoding)?;
        if pair.public_modulus_len() == SIGNATURE_LENGTH {
            Ok(Self::new(pair))
        } else {
            Err(KeyError::Size)
        }
    }

    /// The private key in PKCS#8, DER, for storing. Encrypt it.
    ///
    /// # Errors
    /// [`KeyError::Unavailable`] when the library fails.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().map_err(|_| KeyError::Unavailable)?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The public half, as the JWKS endpoint shows it.
    #[must_use]
    pub fn jwk(&self) -> &Jwk {
        &self.jwk
    }

    /// The name of this key in the header of its tokens.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.jwk.kid
    }

    /// A signed token with these claims (RFC 7515 §3.1).
    ///
    /// # Errors
    /// [`SignError::Claims`] when they do not serialize to JSON; [`SignError::Signature`] when the library fails.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, SignError> {
        let claims = serde_json::to_vec(claims)?;
        let length = self.header.len() + (claims.len() + SIGNATURE_LENGTH).div_ceil(3) * 4 + 4;
        let mut token = String::with_capacity(length);
        token.push_str(&self.header);
        URL_SAFE_NO_PAD.encode_string(&claims, &mut token);

        let mut signature = [0; SIGNATURE_LENGTH];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                token.as_bytes(),
                &mut signature,
            )
            .map_err(|_| SignError::Signature)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    fn new(pair: RsaKeyPair) -> Self {
        let jwk = Jwk::of(pair.public_key());
        let header = encoded_header(&jwk.kid);
        Self { pair, jwk, header }
    }
}

/// The first part of a token, with its dot.
///
/// A widespread validator decodes it with plain base64 and stumbles over `-` and `_`. These two stand for the six-bit
/// values 62 and 63. In ASCII only the low six bits of a byte can reach them, and only as the last byte of three: in
/// `>`, `?`, `~` and DEL. None of those is in this text, whose only variable part is hexadecimal with colons.
fn encoded_header(kid: &str) -> String {
    let mut header =
        URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"RS256","kid":"{kid}","typ":"JWT"}}"#));
    header.push('.');
    header
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.jwk.kid)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_stored_key_is_the_same_key() {
        let key = SigningKey::generate().unwrap();
        let stored = SigningKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(key.jwk(), stored.jwk());
        // RS256 is deterministic (RFC 8017 §8.2), so the same key signs the same text alike.
        let claims = json!({"sub": "kp_1"});
        assert_eq!(key.sign(&claims).unwrap(), stored.sign(&claims).unwrap());
    }

    #[test]
    fn the_public_key_has_what_readers_insist_on() {
        let key = SigningKey::generate().unwrap();
        let jwk = serde_json::to_value(key.jwk()).unwrap();
        assert_eq!(jwk["kty"], "RSA");
        assert_eq!(jwk["use"], "sig");
        assert_eq!(jwk["alg"], "RS256");
        assert_eq!(jwk["e"], "AQAB");
        assert_eq!(jwk["n"].as_str().unwrap().len(), 342);
        assert_eq!(jwk["kid"].as_str().unwrap().len(), 47);
        assert_eq!(jwk.as_object().unwrap().len(), 6);
    }

    #[test]
    fn a_key_of_another_size_or_kind_is_refused() {
        let large = RsaKeyPair::generate(KeySize::Rsa3072).unwrap();
        let large: Pkcs8V1Der<'_> = large.as_der().unwrap();
        assert_eq!(
            SigningKey::from_pkcs8(large.as_ref()).unwrap_err(),
            KeyError::Size
        );
        assert_eq!(
            SigningKey::from_pkcs8(b"not a key").unwrap_err(),
            KeyError::Encoding
        );
    }

    #[test]
    fn the_private_key_never_shows_in_debug_output() {
        let key = SigningKey::generate().unwrap();
        assert_eq!(
            format!("{key:?}"),
            format!("SigningKey {{ kid: \"{}\", .. }}", key.kid())
        );
    }

    proptest! {
        #[test]
        fn the_header_decodes_as_plain_base64_for_every_key(bytes in prop::array::uniform16(any::<u8>())) {
            let kid: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let header = encoded_header(&kid.join(":"));
            prop_assert!(!header.contains(['-', '_']), "{}", header);
        }
    }
}
