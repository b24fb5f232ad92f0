//! The schemes, one file each, and the list of them.
//!
//! A scheme reads its hashes into something that can verify; nothing here is decided by its callers. Several schemes
//! only sort: `crypt`, `wordpress`, `clerk`, `okta` and others hand the text to the scheme that it turns out to be.

use std::sync::Arc;

use subtle::ConstantTimeEq as _;

use crate::describe::Facts;
use crate::{Params, ParseError, Pbkdf2, Workspace};

mod argon2;
mod aspnet;
mod bcrypt;
mod bcrypt_prehashed;
mod clerk;
mod crypt;
mod custom;
mod des_crypt;
mod django;
mod drupal;
mod firebase;
mod fusionauth;
mod hmac;
mod joomla;
mod keycloak;
mod ldap;
mod logto;
mod md5_crypt;
mod okta;
mod ory;
mod pbkdf2;
mod pbkdf2_strings;
mod phpass;
mod raw;
mod scrypt;
mod sha_crypt;
mod symfony;
mod werkzeug;
mod wordpress;
mod wrapped;
mod yescrypt;

pub(crate) use self::argon2::encode as encode_argon2;
pub(crate) use self::bcrypt::hash as bcrypt_hash;
pub(crate) use self::bcrypt_prehashed::hash_passlib as bcrypt_sha256_hash;
pub(crate) use self::pbkdf2_strings::phc as phc_pbkdf2;
pub(crate) use self::wrapped::wrap;

/// Every scheme. Recognition goes from top to bottom and stops at the first that claims a text.
static SCHEMES: &[&Scheme] = &[
    &self::argon2::SCHEME,
    &self::aspnet::V2,
    &self::aspnet::V3,
    &self::bcrypt::SCHEME,
    &self::bcrypt_prehashed::DJANGO,
    &self::bcrypt_prehashed::PASSLIB,
    &self::django::SCHEME,
    &self::clerk::SCHEME,
    &self::clerk::MD5_SALTED,
    &self::clerk::SHA256_SALTED,
    &self::clerk::PBKDF2_SHA1,
    &self::clerk::PBKDF2_SHA256,
    &self::clerk::PBKDF2_SHA512,
    &self::clerk::PBKDF2_SHA512_HEX,
    &self::clerk::HMAC_UTF16,
    &self::clerk::COGNITO,
    &self::crypt::SCHEME,
    &self::custom::SCHEME,
    &self::des_crypt::DES,
    &self::des_crypt::BSDI,
    &self::drupal::SCHEME,
    &self::firebase::SCHEME,
    &self::firebase::CLERK,
    &self::firebase::ORY,
    &self::firebase::SUPERTOKENS,
    &self::fusionauth::SCHEME,
    &self::fusionauth::SALTED_MD5,
    &self::fusionauth::SALTED_SHA256,
    &self::fusionauth::SALTED_HMAC_SHA256,
    &self::fusionauth::PHPASS_MD5,
    &self::fusionauth::PHPASS_SHA512,
    &self::hmac::SCHEME,
    &self::joomla::SCHEME,
    &self::keycloak::SCHEME,
    &self::ldap::SCHEME,
    &self::ldap::CLERK,
    &self::logto::SCHEME,
    &self::md5_crypt::MD5,
    &self::md5_crypt::APR1,
    &self::okta::SCHEME,
    &self::ory::SCHEME,
    &self::ory::TEMPLATE,
    &self::ory::HMAC,
    &self::pbkdf2::SCHEME,
    &self::pbkdf2_strings::PASSLIB,
    &self::pbkdf2_strings::PHC,
    &self::phpass::SCHEME,
    &self::phpass::MD5,
    &self::raw::MD4,
    &self::raw::MD5,
    &self::raw::SHA1,
    &self::raw::SHA224,
    &self::raw::SHA256,
    &self::raw::SHA384,
    &self::raw::SHA512,
    &self::scrypt::SCHEME,
    &self::scrypt::FIELDS,
    &self::sha_crypt::SHA256,
    &self::sha_crypt::SHA512,
    &self::symfony::SCHEME,
    &self::symfony::CLERK,
    &self::werkzeug::SCHEME,
    &self::wordpress::SCHEME,
    &self::wrapped::SCHEME,
    &self::yescrypt::SCHEME,
];

/// One way of turning passwords into hashes.
pub(crate) struct Scheme {
    /// The stable name: stored beside hashes, so it never changes.
    pub(crate) name: &'static str,
    /// Other names, as sources spell it.
    pub(crate) aliases: &'static [&'static str],
    /// The parameters that it reads, or knowingly ignores.
    pub(crate) parameters: &'static [&'static str],
    /// Whether a text is unmistakably of this scheme.
    pub(crate) recognize: fn(&str) -> bool,
    /// Reads the text.
    pub(crate) read: fn(&str, &Params) -> Result<Parsed, ParseError>,
}

impl Scheme {
    /// Reads the text, after refusing parameters that belong to other schemes.
    pub(crate) fn parse(&self, encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
        params.only(self.name, self.parameters)?;
        (self.read)(encoded, params)
    }

    fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
            || self
                .aliases
                .iter()
                .any(|alias| alias.eq_ignore_ascii_case(name))
    }
}

/// For [`Scheme::recognize`]: a text that does not say what it is.
pub(crate) fn never(_: &str) -> bool {
    false
}

/// A hash that was read.
pub(crate) struct Parsed {
    /// The stable name of the scheme that it turned out to be.
    pub(crate) scheme: &'static str,
    /// The text to store, where it differs from the one that was read.
    pub(crate) encoded: Option<String>,
    /// The parameters to store.
    pub(crate) params: Params,
    /// What checks passwords.
    pub(crate) verifier: Arc<dyn Verify>,
}

impl Parsed {
    /// A hash whose text says everything, stored as it was read.
    pub(crate) fn new(scheme: &'static str, verifier: impl Verify + 'static) -> Self {
        Self {
            scheme,
            encoded: None,
            params: Params::EMPTY,
            verifier: Arc::new(verifier),
        }
    }

    /// Stores this text instead of the one that was read.
    pub(crate) fn stored_as(mut self, encoded: impl Into<String>) -> Self {
        self.encoded = Some(encoded.into());
        self
    }

    /// Stores these parameters beside the text.
    pub(crate) fn with_params(mut self, params: Params) -> Self {
        self.params = params;
        self
    }
}

/// Hands the text to the first of these schemes that claims it.
pub(crate) fn delegate(encoded: &str, schemes: &[&Scheme]) -> Option<Result<Parsed, ParseError>> {
    let scheme = schemes.iter().find(|scheme| (scheme.recognize)(encoded))?;
    Some((scheme.read)(encoded, &Params::EMPTY).map(|mut parsed| {
        parsed.encoded.get_or_insert_with(|| encoded.to_owned());
        parsed
    }))
}

/// A hash that can check passwords: a function, and what it must come to.
///
/// The two are apart so that a stronger hash can be laid over what the function comes to, see `wrapped.rs`.
pub(crate) trait Verify: Send + Sync {
    /// What the password comes to, in each reading that the hash leaves open: one, save where the source does not say
    /// on which side a salt goes and the like. None when computing it would cost too much. The password is neither
    /// empty nor over the limit.
    fn outcomes(&self, password: &str, workspace: &mut Workspace) -> Vec<Vec<u8>>;

    /// What one of them is if the password is the right one.
    fn expected(&self) -> &[u8];

    /// What may be told about the hash.
    fn facts(&self) -> Facts;

    /// The parts of the hash, where it is PBKDF2 in whatever layout.
    fn pbkdf2(&self) -> Option<Pbkdf2> {
        None
    }

    /// How many outcomes a password has.
    fn readings(&self) -> usize {
        1
    }
}

/// Whether the password is the one of the hash. Every reading is compared, whichever fits.
pub(crate) fn verifies(hash: &dyn Verify, password: &str, workspace: &mut Workspace) -> bool {
    hash.outcomes(password, workspace)
        .iter()
        .fold(false, |matches, outcome| {
            matches | same(outcome, hash.expected())
        })
}

/// Compares in time that depends on the lengths only.
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

/// A malformed hash.
pub(crate) fn malformed(scheme: &'static str, problem: &'static str) -> ParseError {
    ParseError::Malformed { scheme, problem }
}

/// The scheme of that name or alias, any case.
pub(crate) fn find(name: &str) -> Result<&'static Scheme, ParseError> {
    let name = name.trim();
    SCHEMES
        .iter()
        .find(|scheme| scheme.is_called(name))
        .copied()
        .ok_or_else(|| {
            ParseError::UnknownScheme(if looks_like_a_name(name) { name } else { "…" }.to_owned())
        })
}

/// Whether a text may be repeated in a message. Where columns were mixed up it is the hash.
fn looks_like_a_name(text: &str) -> bool {
    text.len() < 32
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}

/// The stable names of all schemes, each with its other names.
pub fn names() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    SCHEMES.iter().map(|scheme| (scheme.name, scheme.aliases))
}

/// The scheme that a text is unmistakably of.
pub(crate) fn recognize(encoded: &str) -> Result<&'static Scheme, ParseError> {
    if crypt::is_locked(encoded) {
        return Err(ParseError::NoPassword);
    }
    if let Some(scheme) = SCHEMES.iter().find(|scheme| (scheme.recognize)(encoded)) {
        return Ok(scheme);
    }
    match candidates(encoded) {
        candidates if candidates.is_empty() => Err(ParseError::Unrecognized),
        candidates => Err(ParseError::Ambiguous(candidates)),
    }
}

/// The schemes that a text without any mark could be of, by its shape.
fn candidates(encoded: &str) -> Vec<&'static str> {
    let is_hex = encoded.bytes().all(|byte| byte.is_ascii_hexdigit());
    match encoded.len() {
        32 if is_hex => vec!["md5", "md4"],
        40 if is_hex => vec!["sha1"],
        56 if is_hex => vec!["sha224"],
        64 if is_hex => vec!["sha256", "scrypt-fields"],
        96 if is_hex => vec!["sha384"],
        128 if is_hex => vec!["sha512"],
        13 if crate::encoding::is_crypt64(encoded) => vec!["des-crypt"],
        _ if django::is_ambiguous(encoded) => vec!["django", "pbkdf2_sha256"],
        _ if joomla::is_ambiguous(encoded) => vec!["joomla", "md5"],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_schemes_share_a_name() {
        let mut seen = HashSet::new();
        for scheme in SCHEMES {
            for name in scheme.aliases.iter().chain([&scheme.name]) {
                assert!(
                    seen.insert(name.to_ascii_lowercase()),
                    "{name} is taken twice"
                );
            }
        }
    }

    /// `docs/password-hashes.md` lists them all; what is said of each is written by hand.
    #[test]
    fn the_guide_has_every_scheme_with_its_names_and_parameters() {
        let guide = include_str!("../../../docs/password-hashes.md");
        let listed = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            names.join(", ")
        };
        let mut missing = Vec::new();
        for scheme in SCHEMES {
            let parameters = if scheme.parameters == Params::NAMES {
                "those of what it is over".to_owned()
            } else {
                listed(scheme.parameters)
            };
            let row = format!(
                "| `{}` | {} | {parameters} | ",
                scheme.name,
                listed(scheme.aliases)
            );
            if !guide.contains(&row) {
                missing.push(row);
            }
        }
        assert!(missing.is_empty(), "missing rows:\n{}", missing.join("\n"));
        let n_rows = guide
            .lines()
            .filter(|line| line.starts_with("| `") && line.matches(" | ").count() == 3);
        assert_eq!(
            n_rows.count(),
            SCHEMES.len(),
            "rows of schemes that are no more"
        );
    }

    #[test]
    fn an_unknown_name_is_repeated_unless_it_is_a_hash() {
        let message = |name: &str| find(name).err().map(|error| error.to_string()).unwrap();
        assert!(message("rot13").contains("rot13"));
        for hash in [
            "$2y$04$abc",
            "a3c68e193330b110c76ba1a5098cc64c",
            "{SHA}JRpFXYfCg/HkHZKLY/pog/qAO34=",
        ] {
            assert!(!message(hash).contains(hash), "{hash}");
        }
    }

    #[test]
    fn every_scheme_takes_parameters_that_exist() {
        for scheme in SCHEMES {
            for name in scheme.parameters {
                Params::default()
                    .set(name, "1")
                    .unwrap_or_else(|error| panic!("{}: {error}", scheme.name));
            }
        }
    }
}
