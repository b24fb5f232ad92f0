//! People as the management API shows them.

use std::collections::HashMap;

use db::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::paging::comma_separated;
use crate::id::{OrganizationId, UserId};
use crate::organizations;
use crate::time::Timestamp;
use crate::users::{self, User};

/// What every operation shows of a user.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserProfile {
    /// The user's id.
    id: UserId,
    /// The id that the user had in the former system.
    #[serde(skip_serializing_if = "Option::is_none")]
    provided_id: Option<String>,
    /// The primary phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    /// The primary username.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    /// Whether the user is kept from signing in.
    is_suspended: bool,
    /// Address of a portrait.
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    /// How often the user has signed in.
    total_sign_ins: i64,
    /// How often in a row a sign-in has failed.
    failed_sign_ins: i64,
    /// When the user last signed in, ISO 8601.
    last_signed_in: Option<String>,
    /// When the user was created, ISO 8601.
    created_on: String,
    /// The codes of the user's organizations; with `expand=organizations`.
    #[serde(skip_serializing_if = "Option::is_none")]
    organizations: Option<Vec<OrganizationId>>,
    /// What the user is known by; with `expand=identities`.
    #[serde(skip_serializing_if = "Option::is_none")]
    identities: Option<Vec<KnownBy>>,
}

/// One thing that a user is known by.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct KnownBy {
    /// `email`, `phone`, `username`, or `oauth2:` with a provider.
    #[serde(rename = "type")]
    kind: String,
    /// The address, number or name.
    identity: String,
}

/// A user, alone.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserBody {
    #[serde(flatten)]
    profile: UserProfile,
    /// The primary e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_email: Option<String>,
}

/// A user in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListedUser {
    #[serde(flatten)]
    profile: UserProfile,
    /// The primary e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// When the user last signed in to which organization.
    last_organization_sign_ins: Vec<OrganizationSignIn>,
}

/// When a user last signed in to an organization.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct OrganizationSignIn {
    /// The organization's code.
    org_code: OrganizationId,
    /// ISO 8601.
    last_signed_in: String,
}

impl From<User> for UserBody {
    fn from(mut user: User) -> Self {
        Self {
            preferred_email: user.email.take(),
            profile: user.into(),
        }
    }
}

impl From<User> for UserProfile {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            provided_id: user.provided_id,
            phone: user.phone,
            username: user.username,
            last_name: user.family_name,
            first_name: user.given_name,
            is_suspended: user.is_suspended,
            picture: user.picture,
            total_sign_ins: user.total_sign_ins,
            failed_sign_ins: user.failed_sign_ins,
            last_signed_in: user.last_signed_in_at.map(Timestamp::iso),
            created_on: user.created_at.iso(),
            organizations: None,
            identities: None,
        }
    }
}

/// What `expand` may ask for; unknown words are ignored, since there are some that we have nothing for.
#[derive(Debug, Clone, Copy, Default)]
struct Expand {
    organizations: bool,
    identities: bool,
}

impl Expand {
    fn parse(text: Option<&str>) -> Self {
        let mut expand = Self::default();
        for word in comma_separated(text.unwrap_or_default()) {
            expand.organizations |= word == "organizations";
            expand.identities |= word == "identities";
        }
        expand
    }
}

/// One user as a request wants to see them.
pub(super) async fn single(
    tx: &mut Tx,
    user: User,
    expand: Option<&str>,
) -> Result<UserBody, db::Error> {
    let mut body = UserBody::from(user);
    let extras = Extras::load(tx, &[&body.profile.id.clone()]).await?;
    extras.add_to(&mut body.profile, Expand::parse(expand));
    Ok(body)
}

/// Users of a list as a request wants to see them.
pub(super) async fn listed(
    tx: &mut Tx,
    users: Vec<User>,
    expand: Option<&str>,
) -> Result<Vec<ListedUser>, db::Error> {
    let expand = Expand::parse(expand);
    let extras = Extras::load(tx, &users.iter().map(|user| &user.id).collect::<Vec<_>>()).await?;
    Ok(users
        .into_iter()
        .map(|mut user| {
            let email = user.email.take();
            let mut profile = UserProfile::from(user);
            extras.add_to(&mut profile, expand);
            ListedUser {
                last_organization_sign_ins: extras.sign_ins(&profile.id),
                email,
                profile,
            }
        })
        .collect())
}

/// What hangs on several users, read at once.
struct Extras {
    memberships: HashMap<UserId, Vec<(OrganizationId, Option<Timestamp>)>>,
    identities: HashMap<UserId, Vec<KnownBy>>,
}

impl Extras {
    async fn load(tx: &mut Tx, users: &[&UserId]) -> Result<Self, db::Error> {
        let mut memberships: HashMap<_, Vec<_>> = HashMap::new();
        for (user, organization, last) in organizations::of_users(tx, users).await? {
            memberships
                .entry(user)
                .or_default()
                .push((organization, last));
        }
        let mut identities: HashMap<_, Vec<_>> = HashMap::new();
        for identity in users::identities_of(tx, users).await? {
            identities
                .entry(identity.user_id)
                .or_default()
                .push(KnownBy {
                    kind: identity.kind.to_string(),
                    identity: identity.value,
                });
        }
        Ok(Self {
            memberships,
            identities,
        })
    }

    fn add_to(&self, profile: &mut UserProfile, expand: Expand) {
        if expand.organizations {
            let own = self.memberships.get(&profile.id).into_iter().flatten();
            profile.organizations = Some(own.map(|(id, _)| id.clone()).collect());
        }
        if expand.identities {
            let own = self.identities.get(&profile.id).cloned();
            profile.identities = Some(own.unwrap_or_default());
        }
    }

    fn sign_ins(&self, user: &UserId) -> Vec<OrganizationSignIn> {
        let own = self.memberships.get(user).into_iter().flatten();
        own.filter_map(|(organization, last)| {
            Some(OrganizationSignIn {
                org_code: organization.clone(),
                last_signed_in: last.as_ref()?.iso(),
            })
        })
        .collect()
    }
}
