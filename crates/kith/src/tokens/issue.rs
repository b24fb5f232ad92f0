//! What tokens say about a person, and their signatures.

use db::Tx;
use oauth::claims::{self, AccessToken, IdToken, Issue, Person, TokenKind};
use oauth::{ErrorCode, OAuthError, Scopes};

use super::extend::{self, About, extended};
use super::issue_code::authorized_audiences;
use super::{Grant, GrantError, store};
use crate::applications::Client;
use crate::context::Context;
use crate::id::OrganizationId;
use crate::secret::Secret;
use crate::users::{self, User};
use crate::workflows::{self, TokensOrigin};
use crate::{keys, organizations, roles};

/// The answer of the token endpoint.
#[derive(Debug)]
pub struct Tokens {
    /// The access token, a signed JWT.
    pub access_token: Secret,
    /// The ID token, where `openid` was granted.
    pub id_token: Option<Secret>,
    /// The next refresh token, where `offline` was granted.
    pub refresh_token: Option<Secret>,
    /// For how many seconds the access token is good.
    pub expires_in: u64,
    /// For how many seconds the refresh token is good.
    pub refresh_expires_in: u64,
    /// What the access token allows.
    pub scopes: Scopes,
}

/// Tokens whose claims are settled and recorded, and that are not signed yet.
#[derive(Debug)]
pub(super) struct Draft {
    access: AccessToken,
    id: Option<IdToken>,
    refresh_token: Option<Secret>,
    expires_in: u64,
    refresh_expires_in: u64,
    scopes: Scopes,
    about: About,
}

/// The next tokens of a grant, with these scopes of it, and the nonce of the request. Recorded in the transaction.
///
/// # Errors
/// [`GrantError::Refused`] when the person no longer belongs to the organization of the grant, or that is suspended.
pub(super) async fn draft(
    cx: &Context,
    tx: &mut Tx,
    client: &Client,
    (grant, scopes, nonce): (&Grant, Scopes, Option<String>),
    origin: TokensOrigin,
) -> Result<Draft, GrantError> {
    let user = users::find(cx, tx, &grant.user_id)
        .await?
        .ok_or_else(|| GrantError::invalid("the person was deleted"))?;
    let memberships = organizations::of_user(tx, &user.id).await?;
    let permissions = match &grant.organization_id {
        Some(id) => {
            check_membership(&memberships, id)?;
            roles::permissions_of_member(tx, id, &user.id).await?
        }
        None => Vec::new(),
    };

    let now = cx.now();
    let lifetimes = client.lifetimes;
    let issue = |lifetime| Issue {
        issuer: cx.environment().base_url.clone(),
        issued_at: now.seconds(),
        expires_at: (now + lifetime).seconds(),
        jti: random_uuid(cx),
    };
    let mut access = AccessToken::new(
        issue(lifetimes.access_token),
        client.id.as_str(),
        user.id.as_str(),
    );
    // What the application may call now, which may be less than when the person signed in.
    access.aud = authorized_audiences(&client.apis, &grant.audiences);
    access.scp = scopes.to_vec();
    access.org_code = grant.organization_id.as_ref().map(ToString::to_string);
    access.permissions = permissions;

    let id = scopes.contains("openid").then(|| {
        let mut id = IdToken::new(
            issue(lifetimes.id_token),
            client.id.as_str(),
            user.id.as_str(),
        );
        id.org_codes = memberships
            .iter()
            .map(|membership| membership.organization.id.to_string())
            .collect();
        id.auth_time = Some(grant.authenticated_at.seconds());
        id.rat = Some(grant.created_at.seconds());
        id.nonce = nonce;
        id.person = person(&user).released_by(&scopes);
        id
    });

    let access_expires_at = now + lifetimes.access_token;
    store::insert_access_token(tx, &grant.id, &access.jti, access_expires_at).await?;
    let refresh_expires_at = grant.expires_at.min(now + lifetimes.refresh_token);
    let refresh_token = grant
        .scopes
        .wants_refresh_token()
        .then(|| cx.random_token());
    if let Some(token) = &refresh_token {
        let period = (now, refresh_expires_at);
        store::insert_refresh_token(tx, &grant.id, &token.digest(), period).await?;
    }
    Ok(Draft {
        access,
        id,
        refresh_token,
        expires_in: lifetimes.access_token.as_secs(),
        refresh_expires_in: refresh_expires_at.since(now).as_secs(),
        scopes,
        about: About {
            client_id: client.id.to_string(),
            person: known(user),
            organization: grant.organization_id.as_ref().map(ToString::to_string),
            origin,
        },
    })
}

impl Draft {
    /// The digest of the refresh token that was recorded.
    pub(super) fn refresh_digest(&self) -> Option<String> {
        self.refresh_token.as_ref().map(Secret::digest)
    }

    /// The tokens, signed, with what a workflow adds to them. Not to be called with a transaction open.
    pub(super) async fn sign(mut self, cx: &Context) -> Result<Tokens, GrantError> {
        let effects = extend::for_person(cx, &self.about, (&self.access, self.id.as_ref())).await?;
        let key = keys::current(cx).await?;
        let access_token = if effects.access_token.is_empty() {
            key.sign(&self.access)?
        } else {
            key.sign(&extended(
                TokenKind::Access,
                &self.access,
                effects.access_token,
            ))?
        };
        let id_token = match &mut self.id {
            Some(id) => {
                id.at_hash = Some(claims::at_hash(&access_token));
                let signed = if effects.id_token.is_empty() {
                    key.sign(id)?
                } else {
                    key.sign(&extended(TokenKind::Id, id, effects.id_token))?
                };
                Some(Secret::new(signed))
            }
            None => None,
        };
        Ok(Tokens {
            access_token: Secret::new(access_token),
            id_token,
            refresh_token: self.refresh_token,
            expires_in: self.expires_in,
            refresh_expires_in: self.refresh_expires_in,
            scopes: self.scopes,
        })
    }
}

/// What ID tokens and profiles tell of a person, before scopes take some of it away.
#[must_use]
pub fn person(user: &User) -> Person {
    Person {
        email: user.email.clone(),
        email_verified: user.email.as_ref().map(|_| user.is_email_verified),
        name: users::full_name(user.given_name.as_deref(), user.family_name.as_deref()),
        given_name: user.given_name.clone(),
        family_name: user.family_name.clone(),
        picture: user.picture.clone(),
        preferred_username: user.username.clone(),
        phone_number: user.phone.clone(),
        provided_id: user.provided_id.clone(),
        updated_at: Some(user.updated_at.seconds()),
    }
}

/// The person as workflows see them.
fn known(user: User) -> workflows::Person {
    workflows::Person {
        id: Some(user.id.to_string()),
        identity_id: None,
        email: user.email,
        phone: user.phone,
        username: user.username,
        given_name: user.given_name,
        family_name: user.family_name,
    }
}

/// A token's own name (RFC 7519 §4.1.7).
pub(super) fn random_uuid(cx: &Context) -> String {
    uuid::Builder::from_random_bytes(cx.random_bytes())
        .into_uuid()
        .to_string()
}

fn check_membership(
    memberships: &[organizations::Membership],
    id: &OrganizationId,
) -> Result<(), GrantError> {
    let membership = memberships
        .iter()
        .find(|membership| membership.organization.id == *id)
        .ok_or_else(|| {
            GrantError::invalid("the person no longer belongs to the organization; sign in again")
        })?;
    if membership.organization.is_suspended {
        return Err(OAuthError::new(
            ErrorCode::InvalidGrant,
            "the organization is suspended; sign in to another one",
        )
        .into());
    }
    Ok(())
}
