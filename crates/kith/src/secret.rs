//! Secrets in memory and at rest.
//!
//! [`Secret`] holds what must not be seen: it has no `Display`, a blank `Debug`, is wiped when dropped and compared in
//! constant time. [`Sealer`] encrypts what the database keeps (client secrets, private keys, mail with codes in it) with
//! AES-256-GCM under the installation's `secret_key`, bound to its purpose: a client secret pasted into another column
//! doesn't open there.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, hkdf, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A text that must not be seen.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps the text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself, for the one place that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// SHA-256 in hex: what the database keeps of a token, to find it without holding it.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(self.0.as_bytes())
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// SHA-256 of the bytes, in lowercase hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}

/// A sealed text did not open: it was changed, or sealed with another key or for another purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored secret doesn't open: is `secret_key` the one with which it was stored?")]
pub struct Unsealable;

/// Encrypts and decrypts what the database keeps.
pub struct Sealer {
    key: LessSafeKey,
    fingerprint_key: hmac::Key,
}

impl Sealer {
    /// A sealer whose key is derived from the installation's secret key (HKDF-SHA-256, RFC 5869).
    ///
    /// # Panics
    /// Never: 32 bytes are within what HKDF-SHA-256 gives and what AES-256 takes.
    #[must_use]
    pub fn new(secret_key: &Secret) -> Self {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"kith sealer v1");
        let master = salt.extract(secret_key.reveal().as_bytes());
        let derived = |purpose: &[u8]| {
            let mut key = Zeroizing::new([0u8; 32]);
            master
                .expand(&[purpose], hkdf::HKDF_SHA256)
                .and_then(|okm| okm.fill(key.as_mut()))
                .expect("HKDF-SHA-256 gives 32 bytes");
            key
        };
        let key = UnboundKey::new(&AES_256_GCM, derived(b"aes-256-gcm").as_ref())
            .expect("AES-256 takes 32 bytes");
        Self {
            key: LessSafeKey::new(key),
            fingerprint_key: hmac::Key::new(hmac::HMAC_SHA256, derived(b"fingerprint").as_ref()),
        }
    }

    /// A digest by which the same text is known again, and that nobody without the installation's secret key can test guesses
    /// against (HMAC-SHA-256).
    ///
    /// # Panics
    /// Never: SHA-256 gives 32 bytes.
    #[must_use]
    pub fn fingerprint(&self, text: &[u8]) -> [u8; 32] {
        let tag = hmac::sign(&self.fingerprint_key, text);
        tag.as_ref().try_into().expect("SHA-256 gives 32 bytes")
    }

    /// The text encrypted for one purpose, as base64url. `nonce` must be fresh random bytes.
    ///
    /// # Panics
    /// Never: AES-GCM refuses only texts of 64 GiB and more.
    #[must_use]
    pub fn seal(&self, purpose: &str, text: &[u8], nonce: [u8; NONCE_LEN]) -> String {
        let mut bytes = text.to_vec();
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(purpose.as_bytes()),
                &mut bytes,
            )
            .expect("the text is short");
        let mut sealed = nonce.to_vec();
        sealed.append(&mut bytes);
        BASE64URL.encode(sealed)
    }

    /// What was sealed for this purpose.
    ///
    /// # Errors
    /// [`Unsealable`] when the text was changed, or sealed with another key or for another purpose.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let bytes = BASE64URL.decode(sealed).map_err(|_| Unsealable)?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN).ok_or(Unsealable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unsealable)?;
        let mut rest = Zeroizing::new(rest.to_vec());
        let length = self
            .key
            .open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut rest)
            .map_err(|_| Unsealable)?
            .len();
        rest.truncate(length);
        Ok(rest)
    }

    /// [`Sealer::open`] for what was a text.
    ///
    /// # Errors
    /// As [`Sealer::open`].
    pub fn open_text(&self, purpose: &str, sealed: &str) -> Result<Secret, Unsealable> {
        let bytes = self.open(purpose, sealed)?;
        std::str::from_utf8(&bytes)
            .map(Secret::new)
            .map_err(|_| Unsealable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_only() {
        let sealer = Sealer::new(&Secret::new("a key"));
        let hidden = sealer.seal("client_secret", b"hush", [7; NONCE_LEN]);
        assert_eq!(
            sealer.open_text("client_secret", &hidden).unwrap().reveal(),
            "hush"
        );
        assert_eq!(sealer.open_text("private_key", &hidden), Err(Unsealable));
        assert_eq!(
            Sealer::new(&Secret::new("another")).open_text("client_secret", &hidden),
            Err(Unsealable)
        );
        assert!(!hidden.contains("hush"));
    }

    #[test]
    fn a_fingerprint_depends_on_the_text_and_the_key() {
        let sealer = Sealer::new(&Secret::new("a key"));
        assert_eq!(sealer.fingerprint(b"hush"), sealer.fingerprint(b"hush"));
        assert_ne!(sealer.fingerprint(b"hush"), sealer.fingerprint(b"rush"));
        assert_ne!(
            sealer.fingerprint(b"hush"),
            Sealer::new(&Secret::new("another")).fingerprint(b"hush")
        );
    }

    #[test]
    fn a_secret_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hush")), "Secret(…)");
        assert_eq!(Secret::new("a"), Secret::new("a"));
        assert_ne!(Secret::new("a"), Secret::new("b"));
    }
}
