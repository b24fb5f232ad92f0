//! Whether an access token is good, and what it allows.

use oauth::claims::{AccessToken, MachineToken, TokenKind};
use oauth::jwt::{Claims, VerifyError};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Grant, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::ApplicationId;
use crate::keys;
use crate::keys::KeysError;

/// A good access token.
#[derive(Debug)]
pub enum Verified {
    /// A person's.
    Person(Box<PersonToken>),
    /// A machine's, with the application that it belongs to.
    Machine(ApplicationId, Box<MachineToken>),
}

/// A person's access token, with its living grant.
#[derive(Debug)]
pub struct PersonToken {
    /// What it says.
    pub claims: AccessToken,
    /// What it is a copy of.
    pub grant: Grant,
}

/// An access token is not good.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It is malformed, forged or expired.
    #[error(transparent)]
    Invalid(#[from] VerifyError),
    /// It was signed by us for somebody else, or is an ID token, which opens nothing.
    #[error("the token is not an access token of this issuer")]
    NotAnAccessToken,
    /// It is for another API, or a person's.
    #[error(
        "the token is not for the management API; ask for one with client_credentials and its audience"
    )]
    NotForManagement,
    /// It was revoked, or its person or application may no longer use it.
    #[error("the token was revoked")]
    Revoked,
    /// The keys can't be read.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for TokenError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(_) | Self::NotAnAccessToken | Self::NotForManagement | Self::Revoked => {
                Code::INVALID_TOKEN
            }
            Self::Keys(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

/// What a good access token says. Its audience is for the caller to compare. Not to be called with a transaction open.
///
/// Clocks need no leeway: the one that signed it is ours.
///
/// # Errors
/// [`TokenError`] with what is wrong with it; forgeries are told apart before the database is asked.
pub async fn verify(cx: &Context, token: &str) -> Result<Verified, TokenError> {
    let keys = keys::verifying(cx).await?;
    let claims = oauth::jwt::verify(token, &keys, cx.now().seconds(), 0)?;
    if claims.get("iss").and_then(Value::as_str) != Some(&cx.environment().base_url) {
        return Err(TokenError::NotAnAccessToken);
    }
    match TokenKind::of(&claims) {
        Some(TokenKind::Access) => {
            let claims: AccessToken = read(claims)?;
            let mut tx = cx.db().read().await?;
            let grant = store::find_grant_of_access_token(&mut tx, cx, &claims.jti)
                .await?
                .ok_or(TokenError::Revoked)?;
            Ok(Verified::Person(Box::new(PersonToken { claims, grant })))
        }
        Some(TokenKind::Machine) => {
            let claims: MachineToken = read(claims)?;
            let application: ApplicationId = claims
                .azp
                .parse()
                .map_err(|_| TokenError::NotAnAccessToken)?;
            let mut tx = cx.db().read().await?;
            if !store::is_machine_token_alive(&mut tx, cx, &application, &claims.jti).await? {
                return Err(TokenError::Revoked);
            }
            Ok(Verified::Machine(application, Box::new(claims)))
        }
        Some(TokenKind::Id) | None => Err(TokenError::NotAnAccessToken),
    }
}

/// The claims by name. A workflow may have put another shape into a claim that is not the issuer's own; such a claim is for those who
/// asked for it, and here it counts as absent.
fn read<T: DeserializeOwned>(mut claims: Claims) -> Result<T, TokenError> {
    const OURS: &[&str] = &[
        "iss", "sub", "aud", "azp", "exp", "iat", "jti", "scp", "gty", "scope", "v", "org_code",
    ];
    if let Ok(read) = serde_json::from_value(Value::Object(claims.clone())) {
        return Ok(read);
    }
    claims.retain(|name, _| OURS.contains(&name.as_str()));
    serde_json::from_value(Value::Object(claims)).map_err(|_| TokenError::NotAnAccessToken)
}
