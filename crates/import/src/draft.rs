//! A record in the making: what every source does alike, once it knows which value is which.

mod accounts;
mod factors;
mod fields;

use password::{Hash, Params, ParseError};

use crate::identifier::Identifier;
use crate::problem::{ProblemCode, Refusal, Warning};
use crate::record::{Identity, RecordRole, UserRecord};
use crate::value;

pub(crate) use accounts::provider;
pub(crate) use factors::base64_bytes;

/// A record so far, and what could not be taken of it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Draft {
    pub(crate) record: UserRecord,
    pub(crate) warnings: Vec<Warning>,
}

impl Draft {
    /// Adds an identity, unless it is there already; then it can only become verified. The first of its kind is the
    /// primary one.
    pub(crate) fn identify(
        &mut self,
        identifier: Identifier,
        verified: Option<bool>,
    ) -> &mut Identity {
        let kind = identifier.kind();
        let identities = &mut self.record.identities;
        let known = identities
            .iter()
            .position(|known| known.identifier.is(&kind, identifier.folded()));
        let index = known.unwrap_or_else(|| {
            let primary = identities.iter().all(|known| known.kind() != kind);
            identities.push(Identity {
                primary,
                ..Identity::new(identifier)
            });
            identities.len() - 1
        });
        let identity = &mut identities[index];
        // None < Some(false) < Some(true).
        identity.verified = identity.verified.max(verified);
        identity
    }

    /// The value, or a warning in its place. For exports that nobody edits by hand: a person should not stay behind
    /// because one of their numbers is of a form that cannot be taken.
    pub(crate) fn spare<T>(&mut self, value: Result<Option<T>, Refusal>) -> Option<T> {
        value.unwrap_or_else(|refusal| {
            self.warnings.push(refusal.into());
            None
        })
    }

    /// The hash; a warning in the place of one that nobody outside the provider that made it can check. The person then
    /// chooses a password at the first sign-in. Any other fault of a hash may be mended, so it refuses the row.
    pub(crate) fn spare_uncheckable(
        &mut self,
        hash: Result<Option<Hash>, Refusal>,
    ) -> Result<Option<Hash>, Refusal> {
        match hash {
            Err(refusal)
                if refusal.code == ProblemCode::UNSUPPORTED_SCHEME
                    || refusal.code == ProblemCode::NO_PASSWORD =>
            {
                self.warnings.push(refusal.into());
                Ok(None)
            }
            hash => hash,
        }
    }

    /// Begins what adds to the person who has this id.
    pub(crate) fn addition(provided_id: String) -> Self {
        let mut draft = Self::default();
        draft.record.role = RecordRole::Addition;
        draft.record.provided_id = Some(provided_id);
        draft
    }

    /// Takes a ban that ends by itself. One that ends when calendars do is for good.
    pub(crate) fn ban(&mut self, until: Option<i64>) {
        match until {
            Some(until) if until >= value::FOR_EVER => self.record.suspended = Some(true),
            until => self.record.suspended_until = until,
        }
    }

    /// Takes what a further row adds to the same person.
    pub(crate) fn join(&mut self, other: Self) {
        let (ours, theirs) = (&mut self.record, other.record);
        ours.given_name = ours.given_name.take().or(theirs.given_name);
        ours.family_name = ours.family_name.take().or(theirs.family_name);
        ours.picture = ours.picture.take().or(theirs.picture);
        ours.suspended = ours.suspended.max(theirs.suspended);
        ours.locale = ours.locale.take().or(theirs.locale);
        ours.suspended_until = ours.suspended_until.max(theirs.suspended_until);
        ours.totp.extend(theirs.totp);
        ours.recovery_codes.extend(theirs.recovery_codes);
        ours.passkeys.extend(theirs.passkeys);
        ours.organizations.extend(theirs.organizations);
        ours.properties.extend(theirs.properties);
        ours.private_properties.extend(theirs.private_properties);
        ours.feature_flags.extend(theirs.feature_flags);
        for identity in theirs.identities {
            let profile = identity.profile;
            let known = self.identify(identity.identifier, identity.verified);
            known.profile = known.profile.take().or(profile);
        }
        self.warnings.extend(other.warnings);
    }

    /// The finished record.
    ///
    /// # Errors
    ///
    /// When nothing in it tells who it is about.
    pub(crate) fn finish(self) -> Result<Self, Refusal> {
        let record = &self.record;
        let is_about_somebody = record.provided_id.is_some() || !record.identities.is_empty();
        if is_about_somebody || record.role == RecordRole::Definition {
            return Ok(self);
        }
        let has_password = record.password.is_some();
        Err(if has_password {
            Refusal::new(
                ProblemCode::PASSWORD_WITHOUT_IDENTITY,
                "a password needs an e-mail address, a phone number or a username to go with it; add one",
            )
        } else {
            Refusal::new(
                ProblemCode::MISSING_IDENTIFIER,
                "nothing tells who this is; add an e-mail address, a phone number, a username or an id",
            )
        })
    }
}

/// The parameters that a row may have beside its hash, as the custom CSV and NDJSON name them.
pub(crate) const SETTINGS: [&str; 9] = [
    "salt",
    "salt_position",
    "salt_format",
    "variant",
    "iterations",
    "signer_key",
    "salt_separator",
    "rounds",
    "mem_cost",
];

/// A hash and the columns that describe it.
pub(crate) struct Credential<'a> {
    /// The column of the hash, to blame by default.
    pub(crate) column: &'a str,
    /// The scheme's name in the file; blank if it has none.
    pub(crate) scheme: &'a str,
    pub(crate) encoded: &'a str,
    /// What the row says beside the hash, by the parameters' names; blank where it says nothing.
    pub(crate) settings: &'a [(&'static str, &'a str)],
    /// What was said once for all rows. What a row says goes before it.
    pub(crate) defaults: &'a Params,
}

impl Credential<'_> {
    /// The parsed hash; `None` when there is no hash.
    pub(crate) fn parse(&self) -> Result<Option<Hash>, Refusal> {
        if self.encoded.trim().is_empty() {
            return Ok(None);
        }
        self.hash().map(Some).map_err(|error| {
            let column = match &error {
                ParseError::MissingParameter { parameter, .. }
                | ParseError::UnexpectedParameter { parameter, .. }
                | ParseError::InvalidParameter { parameter, .. } => parameter,
                ParseError::InvalidSignerKey => "signer_key",
                ParseError::InvalidSaltSeparator => "salt_separator",
                ParseError::InvalidRounds => "rounds",
                ParseError::InvalidMemCost => "mem_cost",
                _ => self.column,
            };
            let reason = match &error {
                // The name comes from the file, and where cells have shifted it can be anything.
                ParseError::UnknownScheme(name) if is_plain(name) => {
                    format!("no hashing method is called {name}; use the name of one, such as bcrypt, md5 or sha256")
                }
                ParseError::UnknownScheme(_) => {
                    "the hashing method is not a name; write that of one, such as bcrypt, md5 or sha256".to_owned()
                }
                error => error.to_string(),
            };
            Refusal::at(column, ProblemCode::of_hash(&error), reason)
        })
    }

    fn hash(&self) -> Result<Hash, ParseError> {
        let given = self.defaults.scheme.as_deref();
        let given = given.or(self.defaults.formula.as_ref().map(|_| "custom"));
        let Some(given) = given else {
            return self.hash_as_said(self.defaults);
        };
        let defaults = Params {
            scheme: None,
            ..self.defaults.clone()
        };
        // What was found out about the file knows better than the file. A file may mix schemes all the same.
        let params = self.params(&defaults)?;
        Hash::parse(given, self.encoded, &params)
            .or_else(|error| self.hash_as_said(&defaults).map_err(|_| error))
    }

    /// The hash by what the row says of it.
    fn hash_as_said(&self, defaults: &Params) -> Result<Hash, ParseError> {
        let scheme = self.scheme.trim();
        if scheme.is_empty() {
            return Hash::recognize(self.encoded);
        }
        let none = Params::default();
        let whole = Hash::parse(scheme, self.encoded, &self.params(defaults)?);
        match whole {
            // A file may mix schemes: a pepper given for all rows means nothing to those of another scheme.
            Err(ParseError::UnexpectedParameter { .. }) if *defaults != none => {
                Hash::parse(scheme, self.encoded, &self.params(&none)?)
            }
            outcome => outcome,
        }
    }

    fn params(&self, defaults: &Params) -> Result<Params, ParseError> {
        let mut params = defaults.clone();
        for (name, value) in self.settings {
            if !value.trim().is_empty() {
                params.set(name, value)?;
            }
        }
        // bcrypt carries its own salt. A further one beside it means something only if it also has a position.
        if self.scheme.trim().eq_ignore_ascii_case("bcrypt") && params.salt_position.is_none() {
            params.salt = None;
            params.salt_format = None;
        }
        Ok(params)
    }
}

fn is_plain(name: &str) -> bool {
    name.len() <= 32
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_ ".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";

    fn credential<'a>(scheme: &'a str, encoded: &'a str, defaults: &'a Params) -> Credential<'a> {
        Credential {
            column: "hashed_password",
            scheme,
            encoded,
            settings: &[],
            defaults,
        }
    }

    #[test]
    fn the_first_of_a_kind_is_primary_and_none_comes_twice() {
        let mut draft = Draft::default();
        for (address, verified) in [
            ("Mara@voss.example", None),
            ("m@voss.example", None),
            ("mara@VOSS.example", Some(true)),
        ] {
            let identifier = value::email("email", address).unwrap().unwrap();
            draft.identify(identifier, verified);
        }
        let seen: Vec<_> = draft
            .record
            .identities
            .iter()
            .map(|identity| (identity.value(), identity.verified, identity.primary))
            .collect();
        assert_eq!(
            seen,
            [
                ("Mara@voss.example", Some(true), true),
                ("m@voss.example", None, false)
            ]
        );
    }

    #[test]
    fn a_record_about_nobody_is_refused() {
        let refusal = Draft::default().finish().unwrap_err();
        assert_eq!(refusal.code, ProblemCode::MISSING_IDENTIFIER);
        let mut draft = Draft::default();
        draft.record.password = credential("bcrypt", BCRYPT, &Params::default())
            .parse()
            .unwrap();
        let refusal = draft.finish().unwrap_err();
        assert_eq!(refusal.code, ProblemCode::PASSWORD_WITHOUT_IDENTITY);
    }

    #[test]
    fn a_hash_without_a_method_is_recognized_by_its_form() {
        let none = Params::default();
        let hash = credential("", BCRYPT, &none).parse().unwrap().unwrap();
        assert_eq!(hash.scheme(), "bcrypt");
        assert_eq!(credential("bcrypt", " ", &none).parse().unwrap(), None);
    }

    #[test]
    fn a_scheme_that_was_given_for_all_rows_is_tried_before_what_a_row_says() {
        let mut given = Params::default();
        given.set("formula", "md5(md5(password) + salt)").unwrap();
        let settings = [("salt", "s4lty")];
        let of = |encoded, scheme| Credential {
            settings: &settings,
            ..credential(scheme, encoded, &given)
        };
        let digest = "846415bfecfd27f12a0d78f32ec4c2dc";
        for scheme in ["", "md5", "custom"] {
            let hash = of(digest, scheme).parse().unwrap().unwrap();
            assert_eq!(hash.scheme(), "custom");
            assert!(hash.verify("Correct-Horse_42"), "{scheme}");
        }
        assert_eq!(of(BCRYPT, "").parse().unwrap().unwrap().scheme(), "bcrypt");
        let mut given = Params::default();
        given.set("scheme", "sha1").unwrap();
        let hash = credential("", "251a455d87c283f1e41d928b63fa6883fa803b7e", &given).parse();
        assert_eq!(hash.unwrap().unwrap().scheme(), "sha1");
    }

    #[test]
    fn a_reason_never_repeats_what_may_be_a_hash() {
        let refusal = credential("5f4dcc3b5aa765d61d8327deb882cf99/", "x", &Params::default())
            .parse()
            .unwrap_err();
        assert_eq!(refusal.code, ProblemCode::UNSUPPORTED_HASH);
        assert!(!refusal.reason.contains("5f4d"), "{}", refusal.reason);
    }

    #[test]
    fn what_was_said_for_all_rows_yields_to_the_row_and_to_its_scheme() {
        let mut defaults = Params::default();
        defaults.set("salt_position", "suffix").unwrap();
        let digest = "641667a22c9dec5d6159b514a0d9c702";
        let settings = [("salt", "s4lty"), ("salt_position", "prefix")];
        let md5 = Credential {
            settings: &settings,
            ..credential("md5", digest, &defaults)
        };
        let hash = md5.parse().unwrap().unwrap();
        assert_eq!(hash.params().salt_position.as_deref(), Some("prefix"));
        defaults.set("signer_key", "a2V5").unwrap();
        assert!(credential("bcrypt", BCRYPT, &defaults).parse().is_ok());
    }
}
