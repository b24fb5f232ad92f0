//! Passkeys (Web Authentication): what a relying party has to keep of one to let it in again.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A passkey, or a security key used as a second factor.
///
/// A browser offers it only at hosts that its [`rp_id`](Self::rp_id) covers, so it goes on working only if the domain stays.
#[derive(Clone, PartialEq, Eq)]
pub struct Passkey {
    credential_id: Vec<u8>,
    public_key: Vec<u8>,
    /// How often it says it was used; 0 for those that do not count.
    pub sign_count: u32,
    /// The domain that it was made for, where the source says so.
    pub rp_id: Option<String>,
    /// The handle under which the authenticator keeps the person; `None` where the source does not say.
    pub user_handle: Option<Vec<u8>>,
    /// How the authenticator is reached: `internal`, `hybrid`, `usb` …
    pub transports: Vec<String>,
    /// What the person calls it.
    pub name: Option<String>,
    /// Whether it identifies the person by itself, rather than after a password; `None` where the source does not say.
    pub is_discoverable: Option<bool>,
}

/// Why a value is not a passkey's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPasskey {
    /// No id, or one of more than 1023 bytes.
    #[error("a passkey's credential id has 1 to 1023 bytes")]
    CredentialId,
    /// A JSON value of another form than [`Passkey::to_json`] gives.
    #[error("a passkey is an object with a credential_id and a public_key, both in base64url")]
    Form,
    /// Not a COSE key.
    #[error("a passkey's public key is a COSE key")]
    PublicKey,
}

impl Passkey {
    /// A passkey of which only the key is known.
    ///
    /// # Errors
    ///
    /// When the id has a length that none has (Web Authentication Level 3 §4, “Credential ID”), or the key is not a
    /// `COSE_Key` (RFC 9052 §7): a CBOR map of 3 to 23 pairs.
    pub fn new(credential_id: Vec<u8>, public_key: Vec<u8>) -> Result<Self, InvalidPasskey> {
        if !(1..=1023).contains(&credential_id.len()) {
            return Err(InvalidPasskey::CredentialId);
        }
        // RFC 8949 §3.1: major type 5 with the number of pairs in the same byte. An RSA key has the most bytes.
        let is_map = matches!(public_key.first(), Some(0xa3..=0xb7));
        if !is_map || !(30..=2048).contains(&public_key.len()) {
            return Err(InvalidPasskey::PublicKey);
        }
        Ok(Self {
            credential_id,
            public_key,
            sign_count: 0,
            rp_id: None,
            user_handle: None,
            transports: Vec::new(),
            name: None,
            is_discoverable: None,
        })
    }

    /// What [`to_json`](Self::to_json) gave. Only the id and the key must be there.
    ///
    /// # Errors
    ///
    /// When it is of another form, and as [`new`](Self::new).
    pub fn from_json(value: &Value) -> Result<Self, InvalidPasskey> {
        let form = Form::deserialize(value).map_err(|_| InvalidPasskey::Form)?;
        let bytes = |text: &str| {
            BASE64URL
                .decode(text.trim_end_matches('='))
                .map_err(|_| InvalidPasskey::Form)
        };
        let user_handle = form.user_handle.as_deref().map(bytes).transpose()?;
        Ok(Self {
            sign_count: form.sign_count,
            rp_id: form.rp_id,
            user_handle,
            transports: form.transports,
            name: form.name,
            is_discoverable: form.is_discoverable,
            ..Self::new(bytes(&form.credential_id)?, bytes(&form.public_key)?)?
        })
    }

    /// The passkey as a JSON object, bytes in base64url.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let form = Form {
            credential_id: BASE64URL.encode(&self.credential_id),
            public_key: BASE64URL.encode(&self.public_key),
            sign_count: self.sign_count,
            rp_id: self.rp_id.clone(),
            user_handle: self
                .user_handle
                .as_ref()
                .map(|handle| BASE64URL.encode(handle)),
            transports: self.transports.clone(),
            name: self.name.clone(),
            is_discoverable: self.is_discoverable,
        };
        serde_json::to_value(form).unwrap_or_default()
    }

    /// The authenticator's name for the key pair.
    #[must_use]
    pub fn credential_id(&self) -> &[u8] {
        &self.credential_id
    }

    /// The public key, COSE-encoded.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// Whether browsers offer it at `host`: the domain it was made for, or one below that (Web Authentication Level 3
    /// §5.1.3). `None` where the source does not tell the domain.
    #[must_use]
    pub fn works_at(&self, host: &str) -> Option<bool> {
        let rp_id = self.rp_id.as_deref()?;
        let above = host
            .len()
            .checked_sub(rp_id.len())
            .filter(|&at| host.is_char_boundary(at))
            .map(|at| host.split_at(at));
        Some(above.is_some_and(|(below, domain)| {
            domain.eq_ignore_ascii_case(rp_id) && (below.is_empty() || below.ends_with('.'))
        }))
    }
}

/// How it is written as JSON.
#[derive(Serialize, Deserialize)]
struct Form {
    credential_id: String,
    public_key: String,
    #[serde(default)]
    sign_count: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rp_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_handle: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    transports: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is_discoverable: Option<bool>,
}

impl fmt::Debug for Passkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rp_id = self.rp_id.as_deref().unwrap_or("unknown domain");
        let name = self.name.as_deref().unwrap_or("unnamed");
        write!(f, "Passkey(…, {rp_id}, {name}, count {})", self.sign_count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passkey() -> Passkey {
        let mut key = vec![0xa5];
        key.extend([7; 76]);
        Passkey::new(vec![1, 2, 3], key).unwrap()
    }

    #[test]
    fn a_passkey_has_an_id_and_a_cose_key_and_neither_is_printed() {
        let shown = format!("{:?}", passkey());
        assert_eq!(shown, "Passkey(…, unknown domain, unnamed, count 0)");
        let key = passkey().public_key().to_vec();
        for (id, key, error) in [
            (vec![], key.clone(), InvalidPasskey::CredentialId),
            (vec![1; 1024], key, InvalidPasskey::CredentialId),
            (vec![1], b"MFkwEwYH".to_vec(), InvalidPasskey::PublicKey),
            (vec![1], vec![0xa5; 9], InvalidPasskey::PublicKey),
        ] {
            assert_eq!(Passkey::new(id, key), Err(error));
        }
    }

    #[test]
    fn json_keeps_everything() {
        let passkey = Passkey {
            sign_count: 7,
            rp_id: Some("voss.example".to_owned()),
            user_handle: Some(vec![255; 16]),
            transports: vec!["internal".to_owned()],
            name: Some("Laptop".to_owned()),
            is_discoverable: Some(true),
            ..passkey()
        };
        assert_eq!(Passkey::from_json(&passkey.to_json()), Ok(passkey));
        let nothing = serde_json::json!({"credential_id": "AQID"});
        assert_eq!(Passkey::from_json(&nothing), Err(InvalidPasskey::Form));
    }

    #[test]
    fn a_passkey_works_at_its_domain_and_below() {
        let mut passkey = passkey();
        assert_eq!(passkey.works_at("voss.example"), None);
        passkey.rp_id = Some("voss.example".to_owned());
        for (host, works) in [
            ("voss.example", true),
            ("login.voss.example", true),
            ("LOGIN.Voss.Example", true),
            ("avoss.example", false),
            ("example", false),
            ("voss.example.org", false),
            ("ö.example", false),
        ] {
            assert_eq!(passkey.works_at(host), Some(works), "{host}");
        }
    }
}
