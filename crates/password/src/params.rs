//! What a hash needs beside its own text: salts, peppers, project keys, encodings.
//!
//! Exports spell these in many ways; every spelling that we have met is an alias of one field, for JSON as for
//! [`Params::set`]. Numbers may come as text, as they do from CSV. Blank means absent.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::ParseError;

/// Declares the fields once, and from them the struct, its reading by name, and a `Debug` that keeps secrets.
macro_rules! params {
    ($($(#[doc = $doc:literal])+ $field:ident: $kind:ident $shown:ident $(| $alias:literal)*;)+) => {
        /// The parameters that accompany a hash. All optional; which of them a scheme takes is the scheme's affair.
        #[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Params {
            $(
                $(#[doc = $doc])+
                #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
                $(#[serde(alias = $alias)])*
                pub $field: Option<params!(@type $kind)>,
            )+
        }

        impl Params {
            /// The names of all parameters.
            pub(crate) const NAMES: &[&str] = &[$(stringify!($field)),+];

            /// No parameters at all.
            pub(crate) const EMPTY: Params = Params { $($field: None),+ };

            /// Sets a parameter by name, from text. A blank value clears it.
            ///
            /// # Errors
            /// [`ParseError::UnknownParameter`] if there is none of that name; [`ParseError::InvalidRounds`],
            /// [`ParseError::InvalidMemCost`] or [`ParseError::InvalidParameter`] if a number was expected.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), ParseError> {
                let value = (!value.trim().is_empty()).then_some(value);
                match name {
                    $(stringify!($field) $(| $alias)* => {
                        self.$field = value.map(|value| Value::read(stringify!($field), value)).transpose()?;
                    })+
                    _ => return Err(ParseError::UnknownParameter(name.to_owned())),
                }
                Ok(())
            }

            /// The names of the parameters that are present.
            pub fn present(&self) -> impl Iterator<Item = &'static str> {
                [$(self.$field.as_ref().is_some_and(|value| !value.is_blank()).then_some(stringify!($field))),+]
                    .into_iter()
                    .flatten()
            }
        }

        impl fmt::Debug for Params {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut debug = f.debug_struct("Params");
                $(if let Some(value) = &self.$field {
                    params!(@debug $shown debug stringify!($field), value);
                })+
                debug.finish()
            }
        }
    };
    (@type text) => { String };
    (@type number) => { u64 };
    (@debug shown $debug:ident $name:expr, $value:ident) => { $debug.field($name, $value); };
    (@debug secret $debug:ident $name:expr, $value:ident) => { let _ = $value; $debug.field($name, &"…"); };
}

params! {
    /// Salt beside the hash, written as [`salt_format`](Self::salt_format) says.
    salt: text secret;
    /// `prefix` (salt, then password), `suffix`, `either` (both are tried) or `none`.
    salt_position: text shown | "saltPosition" | "saltOrder" | "salt_order";
    /// `string` (as is, backslashes too), `hex` or `base64`.
    salt_format: text shown | "saltFormat" | "salt_encoding" | "saltEncoding";
    /// How the digest is written: `hex` or `base64`. Found by its length when absent.
    hash_encoding: text shown | "hashEncoding";
    /// How the password becomes bytes: `utf8` (the default), `utf16le`, `utf16be`, `latin1`, `ascii` or `binary`.
    password_encoding: text shown | "passwordEncoding";
    /// The flavor of a scheme that has several.
    variant: text shown;
    /// Rounds of the key derivation.
    iterations: number shown | "iterationCount" | "iteration_count" | "hashIterations";
    /// Firebase: the project's signer key, base64.
    signer_key: text secret | "signerKey" | "base64_signer_key";
    /// Firebase: the project's salt separator, base64.
    salt_separator: text shown | "saltSeparator" | "base64_salt_separator";
    /// Firebase: rounds, 1 to 16.
    rounds: number shown;
    /// Firebase: memory cost, 1 to 20.
    mem_cost: number shown | "memCost" | "memory_cost" | "memoryCost";
    /// Secret text that the application adds to each password before hashing.
    pepper: text secret;
    /// Where the pepper goes: `suffix` (the default) or `prefix`.
    pepper_position: text shown | "position" | "pepperPosition";
    /// Digest of a keyed or derived scheme, such as `sha256`.
    digest: text shown | "digestAlgorithm" | "digest_algorithm";
    /// Key of an HMAC, written as [`key_encoding`](Self::key_encoding) says.
    key: text secret;
    /// `utf8` (the default), `hex` or `base64`.
    key_encoding: text shown | "keyEncoding" | "key_format";
    /// The provider's own name of the algorithm (Okta, Keycloak).
    algorithm: text shown;
    /// FusionAuth's name of the algorithm.
    encryption_scheme: text shown | "encryptionScheme";
    /// FusionAuth's rounds, or bcrypt cost.
    factor: number shown;
    /// Okta's bcrypt cost.
    work_factor: number shown | "workFactor";
    /// Clerk's name of the algorithm.
    password_hasher: text shown | "passwordHasher";
    /// Length of the derived key, in bytes.
    keylen: number shown | "keySize" | "key_size" | "key_length";
    /// scrypt: N, a power of two.
    cost: number shown | "N" | "n";
    /// scrypt: r.
    block_size: number shown | "blockSize" | "r";
    /// scrypt or argon2: p, the lanes.
    parallelization: number shown | "parallelism" | "p";
    /// The digest, where a source repeats it beside its own document.
    value: text secret;
    /// The flavor of argon2 (`id`, `i`, `d`), where a source repeats it beside its own document.
    kind: text shown | "type";
    /// The version of argon2, where a source repeats it beside its own document.
    version: text shown;
    /// Memory of argon2 in KiB, where a source repeats it beside its own document.
    memory: number shown | "m";
    /// Passes of argon2, where a source repeats it beside its own document.
    time: number shown | "t";
    /// For a whole file: the scheme of its hashes, whatever the file says. No scheme takes it itself.
    scheme: text shown;
    /// Wrapped: the scheme of the weak hash that is under argon2id.
    inner_scheme: text shown;
    /// Wrapped: the weak hash with zeros for its digest. It may hold a salt.
    inner_hash: text secret;
    /// Custom: how password, salt and pepper make the hash, such as `sha1(salt + md5(password) + pepper)`. It may hold a
    /// secret in quotes.
    formula: text secret;
    /// Custom: where hash and salt stand in the text, such as `{salt}:{hash}`.
    layout: text shown;
}

impl Params {
    /// Refuses every present parameter that is not among `accepted`.
    pub(crate) fn only(&self, scheme: &'static str, accepted: &[&str]) -> Result<(), ParseError> {
        match self.present().find(|name| !accepted.contains(name)) {
            Some(parameter) => Err(ParseError::UnexpectedParameter { scheme, parameter }),
            None => Ok(()),
        }
    }
}

/// The text of a parameter, unless it is absent or blank.
pub(crate) fn filled(parameter: Option<&String>) -> Option<&str> {
    parameter
        .map(String::as_str)
        .filter(|text| !text.trim().is_empty())
}

/// The text of a parameter that the scheme cannot do without.
pub(crate) fn required<'a>(
    scheme: &'static str,
    name: &'static str,
    parameter: Option<&'a String>,
) -> Result<&'a str, ParseError> {
    filled(parameter).ok_or(ParseError::MissingParameter {
        scheme,
        parameter: name,
    })
}

/// A parameter's value: text or number.
trait Value: Sized {
    fn read(name: &'static str, text: &str) -> Result<Self, ParseError>;
    fn is_blank(&self) -> bool;
}

impl Value for String {
    fn read(_: &'static str, text: &str) -> Result<Self, ParseError> {
        Ok(text.to_owned())
    }

    fn is_blank(&self) -> bool {
        self.trim().is_empty()
    }
}

impl Value for u64 {
    fn read(name: &'static str, text: &str) -> Result<Self, ParseError> {
        text.trim().parse().map_err(|_| match name {
            "rounds" => ParseError::InvalidRounds,
            "mem_cost" => ParseError::InvalidMemCost,
            parameter => ParseError::InvalidParameter {
                parameter,
                expected: "a whole number",
            },
        })
    }

    fn is_blank(&self) -> bool {
        false
    }
}

/// Reads text or a number from either, and nothing from null or blank text.
fn lenient<'de, D: Deserializer<'de>, T: Value>(deserializer: D) -> Result<Option<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Raw {
        Text(String),
        Number(serde_json::Number),
    }
    let text = match Option::<Raw>::deserialize(deserializer)? {
        None => return Ok(None),
        Some(Raw::Text(text)) => text,
        Some(Raw::Number(number)) => number.to_string(),
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    T::read("a numeric parameter", &text)
        .map(Some)
        .map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_their_aliases_mean_the_same_field() {
        let mut params = Params::default();
        params.set("signerKey", "a2V5").unwrap();
        params.set("mem_cost", "14").unwrap();
        let read: Params =
            serde_json::from_str(r#"{"signer_key":"a2V5","memCost":"14","salt":"","rounds":null}"#)
                .unwrap();
        assert_eq!(params, read);
        assert_eq!(
            serde_json::to_string(&read).unwrap(),
            r#"{"signer_key":"a2V5","mem_cost":14}"#
        );
    }

    #[test]
    fn a_bad_number_says_which_parameter() {
        let mut params = Params::default();
        assert_eq!(
            params.set("rounds", "eight").unwrap_err().code(),
            "invalid_rounds"
        );
        assert_eq!(
            params.set("memCost", "-1").unwrap_err().code(),
            "invalid_mem_cost"
        );
        assert_eq!(
            params.set("iterations", "1e9").unwrap_err().code(),
            "invalid_parameter"
        );
        assert_eq!(
            params.set("speed", "1").unwrap_err().code(),
            "unknown_parameter"
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        let mut params = Params::default();
        for name in ["salt", "pepper", "key", "signer_key", "value"] {
            params.set(name, "hunter2hunter2").unwrap();
        }
        params.set("iterations", "24000").unwrap();
        let shown = format!("{params:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("24000"));
    }
}
