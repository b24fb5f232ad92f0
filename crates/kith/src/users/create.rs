//! Creating people, one or many.

use db::Tx;
use import::identifier::Identifier;

use super::store;
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::id::{IdentityId, ImportRunId, OrganizationId, UserId};
use crate::organizations::{self, JoinError};
use crate::time::Timestamp;

/// A person to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// Where they come from.
    pub source: Source,
    /// The id that they had in the former system.
    pub provided_id: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// Address of a portrait.
    pub picture: Option<String>,
    /// The language that they read, a BCP 47 tag.
    pub locale: Option<String>,
    /// The names by which they are known.
    pub identities: Vec<NewIdentity>,
    /// Whether they are kept from signing in.
    pub is_suspended: bool,
    /// When a suspension that ends by itself ends or has ended.
    pub suspended_until: Option<Timestamp>,
    /// Whether they must choose a new password at the next sign-in.
    pub is_password_reset_requested: bool,
    /// What the former system knew besides, a JSON object.
    pub properties: Option<String>,
    /// When they last signed in to the former system.
    pub last_signed_in_at: Option<Timestamp>,
    /// What they keep of another installation of Kith.
    pub kept: Option<Box<Kept>>,
}

/// What a person keeps who comes from another installation of Kith, with everything that they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Their id, if it is free ([`taken_ids`](super::taken_ids) tells).
    pub id: Option<UserId>,
    /// Where they came from in the first place.
    pub source: String,
    /// How often they had signed in.
    pub total_sign_ins: i64,
    /// How often in a row somebody had failed to sign in as them.
    pub failed_sign_ins: i64,
    /// When they were created.
    pub created_at: Timestamp,
    /// When something about them last changed.
    pub updated_at: Timestamp,
    /// What their identities keep, in the order of these.
    pub identities: Vec<KeptIdentity>,
}

/// What an identity keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptIdentity {
    /// Its id, if it is free.
    pub id: Option<IdentityId>,
    /// How often it had served to sign in.
    pub total_sign_ins: i64,
    /// When it last did.
    pub last_signed_in_at: Option<Timestamp>,
    /// When it was added.
    pub created_at: Timestamp,
}

impl NewUser {
    /// A person of whom nothing is known yet.
    #[must_use]
    pub fn from(source: Source) -> Self {
        Self {
            source,
            provided_id: None,
            given_name: None,
            family_name: None,
            picture: None,
            locale: None,
            identities: Vec::new(),
            is_suspended: false,
            suspended_until: None,
            is_password_reset_requested: false,
            properties: None,
            last_signed_in_at: None,
            kept: None,
        }
    }
}

/// A name by which a new person is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIdentity {
    /// The name.
    pub identifier: Identifier,
    /// Whether it is known to be theirs.
    pub is_verified: bool,
    /// Whether it comes before others of its kind. Where none does, the first one is primary.
    pub is_primary: bool,
    /// What a social provider said, JSON.
    pub profile: Option<String>,
}

impl NewIdentity {
    /// A name that nothing else is known of.
    #[must_use]
    pub fn new(identifier: Identifier, is_verified: bool) -> Self {
        Self {
            identifier,
            is_verified,
            is_primary: false,
            profile: None,
        }
    }
}

/// Where a person comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// They signed up.
    SignUp,
    /// The management API.
    Api,
    /// A member of the team, at the dashboard.
    Dashboard,
    /// The set-up link of an installation's owner.
    Setup,
    /// An import.
    Import {
        /// The source's name, such as `auth0`.
        source: &'static str,
        /// The import.
        run: ImportRunId,
    },
    /// They moved when they signed in.
    DripFeed {
        /// The old system, such as `auth0`.
        provider: &'static str,
    },
}

impl Source {
    /// As it is stored.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::Api => "api",
            Self::Dashboard => "dashboard",
            Self::Setup => "setup",
            Self::Import { source, .. } => source,
            Self::DripFeed { provider } => provider,
        }
    }

    /// The import, where it is one.
    #[must_use]
    pub fn import_run(&self) -> Option<&ImportRunId> {
        match self {
            Self::Import { run, .. } => Some(run),
            _ => None,
        }
    }
}

/// What became of a person to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// The person: the new one, or the one who has one of the identities already.
    pub id: UserId,
    /// Whether the person is new.
    pub is_new: bool,
}

/// Why a person was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Somebody has one of the identities: another transaction was faster, or two of the new people share it.
    #[error("another user has this e-mail address, phone number or username")]
    IdentityTaken,
    /// Somebody has the provided id.
    #[error("another user has this provided id")]
    ProvidedIdTaken,
    /// The organization to join doesn't exist, or the database failed while joining.
    #[error(transparent)]
    Join(#[from] JoinError),
    /// The database failed.
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for CreateError {
    fn from(error: db::Error) -> Self {
        if error.is_unique_violation("identities_digest_key") {
            Self::IdentityTaken
        } else if error.is_unique_violation("users_provided_id_key") {
            Self::ProvidedIdTaken
        } else {
            Self::Db(error)
        }
    }
}

impl Coded for CreateError {
    fn code(&self) -> Code {
        match self {
            Self::IdentityTaken => Code::IDENTITY_TAKEN,
            Self::ProvidedIdTaken => Code::PROVIDED_ID_TAKEN,
            Self::Join(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Creates a person, as a member of the organization or else of the default one, with the roles that new people get.
///
/// Somebody who has one of the identities already is left as they are, and named in the answer.
///
/// # Errors
/// [`CreateError`], one variant for each reason. [`CreateError::IdentityTaken`] only when another transaction created the
/// person at the same time: done again, it names them.
pub async fn create(
    cx: &Context,
    tx: &mut Tx,
    new: NewUser,
    organization: Option<&OrganizationId>,
) -> Result<Created, CreateError> {
    let identifiers = new.identities.iter().map(|identity| &identity.identifier);
    if let Some(id) = store::owner_of_any(tx, cx, identifiers).await? {
        return Ok(Created { id, is_new: false });
    }
    let source = new.source.as_str().to_owned();
    let mut ids = create_many(cx, tx, vec![new]).await?;
    let id = ids.remove(0);
    organizations::join(cx, tx, &id, organization).await?;
    let event = Event::UserCreated {
        user_id: id.clone(),
        source,
    };
    events::record(cx, tx, &event).await?;
    Ok(Created { id, is_new: true })
}

/// Creates many people at once and returns their ids in the same order. They join no organization, and no event tells of
/// each: an import brings memberships of its own and tells once.
///
/// # Errors
/// [`CreateError::IdentityTaken`], [`CreateError::ProvidedIdTaken`], and when the database fails. Nothing of the transaction
/// can be kept then.
pub async fn create_many(
    cx: &Context,
    tx: &mut Tx,
    mut new: Vec<NewUser>,
) -> Result<Vec<UserId>, CreateError> {
    for user in &mut new {
        elect_primaries(&mut user.identities);
    }
    let ids: Vec<UserId> = new
        .iter()
        .map(|user| {
            let kept = user.kept.as_ref().and_then(|kept| kept.id.clone());
            kept.unwrap_or_else(|| cx.new_id())
        })
        .collect();
    store::insert_many(tx, cx, &ids, new).await?;
    Ok(ids)
}

/// Leaves one primary of each kind: the first that says so, else the first.
fn elect_primaries(identities: &mut [NewIdentity]) {
    for position in 0..identities.len() {
        let kind = identities[position].identifier.kind();
        let same_kind = |other: &NewIdentity| other.identifier.kind() == kind;
        let before = &identities[..position];
        if before.iter().any(same_kind) {
            continue;
        }
        let primary = identities
            .iter()
            .position(|other| same_kind(other) && other.is_primary)
            .unwrap_or(position);
        for (at, identity) in identities.iter_mut().enumerate().skip(position) {
            if identity.identifier.kind() == kind {
                identity.is_primary = at == primary;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::{EmailAddress, Username};

    fn email(text: &str, is_primary: bool) -> NewIdentity {
        NewIdentity {
            is_primary,
            ..NewIdentity::new(Identifier::Email(EmailAddress::parse(text).unwrap()), false)
        }
    }

    #[test]
    fn each_kind_has_one_primary() {
        let username = Identifier::Username(Username::parse("ada").unwrap());
        let mut identities = vec![
            email("a@example.com", false),
            NewIdentity::new(username, false),
            email("b@example.com", true),
            email("c@example.com", true),
        ];
        elect_primaries(&mut identities);
        let primaries: Vec<bool> = identities.iter().map(|one| one.is_primary).collect();
        assert_eq!(primaries, [false, true, true, false]);
    }

    #[test]
    fn the_first_is_primary_where_none_says_so() {
        let mut identities = vec![email("a@example.com", false), email("b@example.com", false)];
        elect_primaries(&mut identities);
        assert!(identities[0].is_primary && !identities[1].is_primary);
    }
}
