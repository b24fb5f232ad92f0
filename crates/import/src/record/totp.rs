//! The secret of an authenticator app (RFC 6238), with what differs from the usual six digits every 30 seconds.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// RFC 4226 §5.3: at least six digits; apps show no more unless told to.
const USUAL_DIGITS: u8 = 6;
/// 30 seconds: RFC 6238 §4.1.
const USUAL_PERIOD: u32 = 30;

/// An authenticator app's secret and how codes are made of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Totp {
    secret: String,
    /// The hash function of the codes.
    pub algorithm: TotpAlgorithm,
    digits: u8,
    period: u32,
    /// What the person calls the app or device.
    pub name: Option<String>,
}

/// The hash function under an authenticator's codes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TotpAlgorithm {
    /// HMAC-SHA-1: what nearly all apps do.
    #[default]
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

/// Why a value is not an authenticator's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTotp {
    /// The secret is empty or not base32.
    #[error("an authenticator secret is base32: letters A to Z and digits 2 to 7")]
    Secret,
    /// A JSON value of another form than [`Totp::to_json`] gives.
    #[error(
        "an authenticator is an object with a secret, and an algorithm, digits and a period if they are unusual"
    )]
    Form,
    /// A key address that has no secret, or is none.
    #[error("an authenticator's address is of the form otpauth://totp/…?secret=…")]
    Address,
    /// A hash function that RFC 6238 does not know.
    #[error("an authenticator's algorithm is SHA1, SHA256 or SHA512")]
    Algorithm,
    /// Fewer than 6 digits, or more than 8.
    #[error("an authenticator's codes have 6 to 8 digits")]
    Digits,
    /// No period, or one of more than an hour.
    #[error("an authenticator's period is between 1 and 3600 seconds")]
    Period,
}

impl Totp {
    /// The secret in `text`: base32 (RFC 4648 §6), padded or not, in any case, with or without spaces. Codes are the usual
    /// ones: six digits, 30 seconds, HMAC-SHA-1 (the defaults of RFC 6238 and of every app).
    ///
    /// # Errors
    ///
    /// When it is empty or not base32.
    pub fn parse(text: &str) -> Result<Self, InvalidTotp> {
        let secret: String = text
            .trim_end_matches('=')
            .chars()
            .filter(|c| *c != ' ')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let is_base32 = secret
            .bytes()
            .all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b));
        if is_base32 && !secret.is_empty() {
            Ok(Self::usual(secret))
        } else {
            Err(InvalidTotp::Secret)
        }
    }

    /// A secret that is kept as the bytes themselves, as Keycloak does.
    ///
    /// # Errors
    ///
    /// When there are none.
    pub fn from_bytes(secret: &[u8]) -> Result<Self, InvalidTotp> {
        if secret.is_empty() {
            return Err(InvalidTotp::Secret);
        }
        Ok(Self::usual(base32(secret)))
    }

    /// The key address that apps read from a picture, `otpauth://totp/Voss:mara?secret=…&digits=6`.
    ///
    /// # Errors
    ///
    /// When it is not one, or says something that no app does.
    pub fn from_address(address: &str) -> Result<Self, InvalidTotp> {
        let rest = address
            .trim()
            .strip_prefix("otpauth://totp/")
            .ok_or(InvalidTotp::Address)?;
        let (_, query) = rest.split_once('?').ok_or(InvalidTotp::Address)?;
        let value = |wanted: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(name, _)| *name == wanted)
                .map(|(_, value)| value)
        };
        let secret = value("secret").ok_or(InvalidTotp::Address)?;
        let mut totp = Self::parse(&secret.replace("%3D", "="))?;
        if let Some(algorithm) = value("algorithm") {
            totp.algorithm = TotpAlgorithm::parse(algorithm)?;
        }
        if let Some(digits) = value("digits") {
            totp = totp.with_digits(digits.parse().map_err(|_| InvalidTotp::Digits)?)?;
        }
        if let Some(period) = value("period") {
            totp = totp.with_period(period.parse().map_err(|_| InvalidTotp::Period)?)?;
        }
        Ok(totp)
    }

    /// What [`to_json`](Self::to_json) gave. Whatever is absent is as usual.
    ///
    /// # Errors
    ///
    /// When it is of another form, or says something that no app does.
    pub fn from_json(value: &Value) -> Result<Self, InvalidTotp> {
        let form = Form::deserialize(value).map_err(|_| InvalidTotp::Form)?;
        let mut totp = Self::parse(&form.secret)?
            .with_digits(form.digits)?
            .with_period(form.period)?;
        totp.algorithm = TotpAlgorithm::parse(&form.algorithm)?;
        totp.name = form.name;
        Ok(totp)
    }

    /// The authenticator with its secret, as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let form = Form {
            secret: self.secret.clone(),
            algorithm: self.algorithm.as_str().to_owned(),
            digits: self.digits.into(),
            period: self.period,
            name: self.name.clone(),
        };
        serde_json::to_value(form).unwrap_or_default()
    }

    /// The same with codes of so many digits.
    ///
    /// # Errors
    ///
    /// Unless there are 6 to 8.
    pub fn with_digits(self, digits: u32) -> Result<Self, InvalidTotp> {
        match u8::try_from(digits) {
            Ok(digits @ 6..=8) => Ok(Self { digits, ..self }),
            _ => Err(InvalidTotp::Digits),
        }
    }

    /// The same with a new code after so many seconds.
    ///
    /// # Errors
    ///
    /// Unless it is between a second and an hour.
    pub fn with_period(self, seconds: u32) -> Result<Self, InvalidTotp> {
        match seconds {
            1..=3600 => Ok(Self {
                period: seconds,
                ..self
            }),
            _ => Err(InvalidTotp::Period),
        }
    }

    /// The secret as unpadded base32 in upper case. Anyone who has it can make codes: encrypt it before storing.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// How many digits a code has: 6 to 8.
    #[must_use]
    pub fn digits(&self) -> u8 {
        self.digits
    }

    /// After how many seconds there is a new code.
    #[must_use]
    pub fn period(&self) -> u32 {
        self.period
    }

    fn usual(secret: String) -> Self {
        Self {
            secret,
            algorithm: TotpAlgorithm::default(),
            digits: USUAL_DIGITS,
            period: USUAL_PERIOD,
            name: None,
        }
    }
}

/// How it is written as JSON.
#[derive(Serialize, Deserialize)]
struct Form {
    secret: String,
    #[serde(default = "usual_algorithm")]
    algorithm: String,
    #[serde(default = "usual_digits")]
    digits: u32,
    #[serde(default = "usual_period")]
    period: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

fn usual_algorithm() -> String {
    TotpAlgorithm::default().as_str().to_owned()
}

fn usual_digits() -> u32 {
    USUAL_DIGITS.into()
}

fn usual_period() -> u32 {
    USUAL_PERIOD
}

impl TotpAlgorithm {
    /// The name as key addresses have it: `SHA1`, `SHA256` or `SHA512`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    /// The hash function called `name`, such as `SHA1`, `sha-256` or Keycloak's `HmacSHA512`.
    ///
    /// # Errors
    ///
    /// When it is none of the three.
    pub fn parse(name: &str) -> Result<Self, InvalidTotp> {
        let name = name.trim().to_ascii_uppercase().replace('-', "");
        let name = name.strip_prefix("HMAC").unwrap_or(&name);
        [Self::Sha1, Self::Sha256, Self::Sha512]
            .into_iter()
            .find(|algorithm| algorithm.as_str() == name)
            .ok_or(InvalidTotp::Algorithm)
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (algorithm, digits) = (self.algorithm.as_str(), self.digits);
        write!(
            f,
            "Totp(…, {algorithm}, {digits} digits, {} s)",
            self.period
        )
    }
}

/// Unpadded base32 (RFC 4648 §6).
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for group in bytes.chunks(5) {
        let mut bits = [0; 8];
        bits[3..3 + group.len()].copy_from_slice(group);
        let bits = u64::from_be_bytes(bits);
        for position in 0..(group.len() * 8).div_ceil(5) {
            let index = bits >> (35 - 5 * position) & 31;
            text.push(char::from(ALPHABET[usize::try_from(index).unwrap_or(0)]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authenticator_secret_is_base32_and_never_printed() {
        let totp = Totp::parse("jbsw y3dp ehpk 3pxp==").unwrap();
        assert_eq!(totp.secret(), "JBSWY3DPEHPK3PXP");
        assert_eq!(format!("{totp:?}"), "Totp(…, SHA1, 6 digits, 30 s)");
        for text in ["", "==", "JBSW1", "JBSW-Y3"] {
            assert_eq!(Totp::parse(text), Err(InvalidTotp::Secret), "{text}");
        }
    }

    /// RFC 4648 §10.
    #[test]
    fn raw_bytes_become_base32() {
        for (bytes, text) in [
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(Totp::from_bytes(bytes.as_bytes()).unwrap().secret(), text);
        }
        assert_eq!(Totp::from_bytes(b""), Err(InvalidTotp::Secret));
    }

    #[test]
    fn an_address_says_everything_about_its_codes() {
        let totp = Totp::from_address(
            "otpauth://totp/Voss:mara?secret=JBSWY3DP%3D&issuer=Voss&algorithm=SHA256&digits=8&period=60",
        )
        .unwrap();
        assert_eq!(totp.secret(), "JBSWY3DP");
        assert_eq!(totp.algorithm, TotpAlgorithm::Sha256);
        assert_eq!((totp.digits(), totp.period()), (8, 60));
        for (address, error) in [
            ("otpauth://hotp/x?secret=JBSWY3DP", InvalidTotp::Address),
            ("otpauth://totp/x", InvalidTotp::Address),
            ("otpauth://totp/x?issuer=Voss", InvalidTotp::Address),
            (
                "otpauth://totp/x?secret=JBSWY3DP&digits=12",
                InvalidTotp::Digits,
            ),
            (
                "otpauth://totp/x?secret=JBSWY3DP&period=0",
                InvalidTotp::Period,
            ),
            (
                "otpauth://totp/x?secret=JBSWY3DP&algorithm=MD5",
                InvalidTotp::Algorithm,
            ),
        ] {
            assert_eq!(Totp::from_address(address), Err(error), "{address}");
        }
    }

    #[test]
    fn json_keeps_everything_and_needs_only_the_secret() {
        let mut totp = Totp::parse("JBSWY3DP").unwrap().with_digits(8).unwrap();
        totp.algorithm = TotpAlgorithm::Sha512;
        totp.name = Some("Phone".to_owned());
        assert_eq!(Totp::from_json(&totp.to_json()), Ok(totp));
        let short = serde_json::json!({"secret": "JBSWY3DP"});
        assert_eq!(Totp::from_json(&short), Totp::parse("JBSWY3DP"));
        let nothing = serde_json::json!({"digits": 6});
        assert_eq!(Totp::from_json(&nothing), Err(InvalidTotp::Form));
    }

    #[test]
    fn an_algorithm_has_many_spellings() {
        for name in ["SHA256", "sha-256", "HmacSHA256", " Sha256 "] {
            assert_eq!(TotpAlgorithm::parse(name), Ok(TotpAlgorithm::Sha256));
        }
    }
}
