//! What a format of others has no word for, told for a whole record.

use super::Losses;
use crate::identifier::{Identifier, IdentityKind};
use crate::record::{Identity, Totp, TotpAlgorithm, UserRecord};

/// What a format can say beside identities and passwords; what is false and present in a record is a loss.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each thing that a record may have"
)]
pub(super) struct Says {
    pub(super) picture: bool,
    pub(super) suspension: bool,
    pub(super) reset: bool,
    pub(super) created_at: bool,
    pub(super) last_sign_in_at: bool,
    pub(super) properties: bool,
    pub(super) private_properties: bool,
    pub(super) locale: bool,
}

impl Says {
    /// Tells everything of the record that the format does not say.
    pub(super) fn tell(self, record: &UserRecord, losses: &mut Losses) {
        let absent = [
            (self.picture, record.picture.is_some(), "picture"),
            (
                self.suspension,
                record.suspended == Some(true),
                "is_suspended",
            ),
            (
                self.reset,
                record.must_reset_password == Some(true),
                "is_password_reset_requested",
            ),
            (self.created_at, record.created_at.is_some(), "created_on"),
            (
                self.last_sign_in_at,
                record.last_sign_in_at.is_some(),
                "last_signed_in",
            ),
            (self.properties, !record.properties.is_empty(), "properties"),
            (
                self.private_properties,
                !record.private_properties.is_empty(),
                "private_properties",
            ),
            (self.locale, record.locale.is_some(), "locale"),
            (false, record.suspended_until.is_some(), "suspended_until"),
            (false, !record.recovery_codes.is_empty(), "recovery_codes"),
            (false, !record.passkeys.is_empty(), "passkeys"),
            (false, !record.feature_flags.is_empty(), "feature_flags"),
            (false, !record.organizations.is_empty(), "organizations"),
            (false, !record.alternate_ids.is_empty(), "alternate_ids"),
        ];
        for (_, _, field) in absent
            .into_iter()
            .filter(|(is_said, is_there, _)| !is_said && *is_there)
        {
            losses.add(field, "");
        }
    }
}

/// The primary identity of each kind that most formats have one of.
pub(super) struct Primary<'a> {
    pub(super) email: Option<&'a Identity>,
    pub(super) phone: Option<&'a Identity>,
    pub(super) username: Option<&'a Identity>,
}

impl<'a> Primary<'a> {
    pub(super) fn of(record: &'a UserRecord) -> Self {
        let first = |kind: IdentityKind| {
            let mut of_kind = record.identities.iter().filter(|one| one.kind() == kind);
            let first = of_kind.clone().next();
            of_kind.find(|one| one.primary).or(first)
        };
        Self {
            email: first(IdentityKind::Email),
            phone: first(IdentityKind::Phone),
            username: first(IdentityKind::Username),
        }
    }

    fn is_one(&self, identity: &Identity) -> bool {
        [self.email, self.phone, self.username]
            .into_iter()
            .flatten()
            .any(|primary| std::ptr::eq(primary, identity))
    }

    /// Tells the identities that are none of these, save accounts elsewhere that `says` takes.
    pub(super) fn tell_others(
        &self,
        record: &UserRecord,
        says: impl Fn(&str) -> bool,
        losses: &mut Losses,
    ) {
        for identity in &record.identities {
            let is_said = match &identity.identifier {
                Identifier::Social { provider, .. } => says(provider),
                _ => self.is_one(identity),
            };
            if !is_said {
                losses.add("identities", identity.kind().to_string());
            }
        }
    }
}

/// The one authenticator that a format can say: the first with six digits every 30 seconds over HMAC-SHA-1 (the defaults of
/// RFC 6238), which is what apps make unless they are told otherwise. Others are told.
pub(super) fn usual_totp<'a>(record: &'a UserRecord, losses: &mut Losses) -> Option<&'a Totp> {
    let is_usual = |totp: &&Totp| {
        totp.algorithm == TotpAlgorithm::Sha1 && totp.digits() == 6 && totp.period() == 30
    };
    let usual = record.totp.iter().find(is_usual);
    if record.totp.len() > usize::from(usual.is_some()) {
        losses.add("totp", "");
    }
    usual
}

/// The id under which a person leaves: the one that they came with from the provider to which they return, else ours.
pub(super) fn id_for(record: &UserRecord, provider: &str) -> String {
    let own = record.own.as_deref();
    let goes_back = own.is_none_or(|own| own.source == provider);
    let former = record.provided_id.as_ref();
    let id = former
        .filter(|_| goes_back)
        .or_else(|| own.map(|own| &own.id));
    id.or(former).cloned().unwrap_or_default()
}

/// When the account was made: at the provider where it began, else here.
pub(super) fn created_at(record: &UserRecord) -> Option<i64> {
    record
        .created_at
        .or_else(|| record.own.as_ref().map(|own| own.created_at))
}

/// Both names in one.
pub(super) fn full_name(record: &UserRecord) -> Option<String> {
    let names: Vec<&str> = [&record.given_name, &record.family_name]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    (!names.is_empty()).then(|| names.join(" "))
}

/// The UUID in an id of ours, with its dashes; none in any other id.
pub(super) fn uuid(id: &str) -> Option<String> {
    let digits = id.strip_prefix("kp_").filter(|digits| {
        digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })?;
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32];
    Some(groups.map(|group| &digits[group]).join("-"))
}
