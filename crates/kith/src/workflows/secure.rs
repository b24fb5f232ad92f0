//! A body that only the receiver reads, as `kinde.secureFetch` and the connector to one's own endpoint send it: AES-256-GCM under a
//! key that both have.
//!
//! What is sent is one text: nonce (12 bytes), tag (16 bytes) and ciphertext, in base64. Which base64 the receiver expects is a
//! setting of the key: documentation says base64url, and the published receiver for .NET reads only the standard alphabet.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

/// How a key's messages are written.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// base64url without padding (RFC 4648 §5).
    #[default]
    Base64Url,
    /// The standard alphabet with padding (RFC 4648 §4).
    Base64,
}

impl Encoding {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Base64Url => "base64url",
            Self::Base64 => "base64",
        }
    }

    /// The encoding of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "base64url" => Some(Self::Base64Url),
            "base64" => Some(Self::Base64),
            _ => None,
        }
    }
}

/// A key that encrypts what is sent.
pub struct SecureKey {
    bytes: Zeroizing<[u8; 32]>,
    encoding: Encoding,
}

impl SecureKey {
    /// The key that people were shown, in standard base64; none where it isn't one.
    #[must_use]
    pub fn parse(text: &str, encoding: Encoding) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
        Some(Self {
            bytes: Zeroizing::new(bytes.as_slice().try_into().ok()?),
            encoding,
        })
    }

    /// The key as people are shown it.
    pub(super) fn show(bytes: &[u8; 32]) -> String {
        STANDARD.encode(bytes)
    }

    /// The key as people were shown it.
    pub(super) fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.bytes.as_ref()))
    }

    /// The text, encrypted. `nonce` must be fresh random bytes.
    ///
    /// # Panics
    /// Never: AES-256 takes 32 bytes, and AES-GCM refuses only texts of 64 GiB and more.
    #[must_use]
    pub fn encrypt(&self, text: &str, nonce: [u8; NONCE_LEN]) -> String {
        let key =
            UnboundKey::new(&AES_256_GCM, self.bytes.as_ref()).expect("AES-256 takes 32 bytes");
        let mut bytes = text.as_bytes().to_vec();
        let tag = LessSafeKey::new(key)
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::empty(),
                &mut bytes,
            )
            .expect("the text is short");
        let message = [&nonce, tag.as_ref(), &bytes].concat();
        match self.encoding {
            Encoding::Base64Url => URL_SAFE_NO_PAD.encode(message),
            Encoding::Base64 => STANDARD.encode(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const TEXT: &str = r#"{"email":"lee@example.com","password":"Correct-Horse_42"}"#;
    const NONCE: [u8; 12] = [
        0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab,
    ];

    #[test]
    fn the_worked_example_comes_out() {
        let standard = "oKGio6SlpqeoqaqrgTKQceGHm5/f639tPY+rnZ06GUAkom6dWEfrtmI6paYRwSl895khA/EsCqQPygZypRk1m40YcX4w7natag6usShpNS095ChcPA==";
        let url = "oKGio6SlpqeoqaqrgTKQceGHm5_f639tPY-rnZ06GUAkom6dWEfrtmI6paYRwSl895khA_EsCqQPygZypRk1m40YcX4w7natag6usShpNS095ChcPA";
        let encrypt = |encoding| {
            SecureKey::parse(KEY, encoding)
                .unwrap()
                .encrypt(TEXT, NONCE)
        };
        assert_eq!(encrypt(Encoding::Base64), standard);
        assert_eq!(encrypt(Encoding::Base64Url), url);
    }

    #[test]
    fn an_independent_implementation_decrypts_it() {
        use aes_gcm::aead::{Aead as _, KeyInit as _};
        let message = SecureKey::parse(KEY, Encoding::Base64)
            .unwrap()
            .encrypt(TEXT, NONCE);
        let message = STANDARD.decode(message).unwrap();
        let (nonce, rest) = message.split_at(12);
        let (tag, ciphertext) = rest.split_at(16);
        // That crate wants the tag at the end.
        let sealed = [ciphertext, tag].concat();
        let key: [u8; 32] = STANDARD.decode(KEY).unwrap().try_into().unwrap();
        let nonce: [u8; 12] = nonce.try_into().unwrap();
        let opened = aes_gcm::Aes256Gcm::new(&key.into()).decrypt(&nonce.into(), sealed.as_slice());
        assert_eq!(opened.unwrap(), TEXT.as_bytes());
    }

    #[test]
    fn a_key_has_32_bytes() {
        assert!(SecureKey::parse("AAEC", Encoding::Base64).is_none());
        assert_eq!(
            SecureKey::parse(KEY, Encoding::Base64)
                .unwrap()
                .text()
                .as_str(),
            KEY
        );
    }
}
