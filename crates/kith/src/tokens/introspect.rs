//! Telling about a token (RFC 7662).

use serde::Serialize;

use super::{Grant, TokenError, Verified, store, verify};
use crate::applications::Client;
use crate::context::Context;
use crate::secret::Secret;

/// Who asks about a token.
pub enum Asker<'a> {
    /// A holder of a token for the management API, who may know of every token.
    Management,
    /// An application, which may know of its own tokens and of those for the APIs that it is authorized for.
    Client(&'a Client),
}

/// What is told of a good token. Of any other one nothing is told but that it is not good (RFC 7662 §2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Introspection {
    /// Always true.
    pub active: bool,
    /// The APIs that it is for.
    pub aud: Vec<String>,
    /// Whose token it is.
    pub client_id: String,
    /// When it expires, Unix seconds.
    pub exp: i64,
    /// When it was issued, Unix seconds.
    pub iat: i64,
    /// Who issued it.
    pub iss: String,
    /// What it allows.
    pub scope: String,
    /// The person; a machine's token has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// `Bearer` for an access token; a refresh token has no type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    /// The token's own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
}

/// What the asker may know of the token; `None` when it isn't good, or not the asker's affair. Not to be called with a
/// transaction open.
///
/// # Errors
/// When keys or database fail.
pub async fn introspect(
    cx: &Context,
    token: &Secret,
    asker: &Asker<'_>,
) -> Result<Option<Introspection>, TokenError> {
    let about = match verify(cx, token.reveal()).await {
        Ok(Verified::Person(token)) => of_person(*token),
        Ok(Verified::Machine(_, token)) => of_machine(*token),
        // Refresh tokens are no JWTs.
        Err(TokenError::Invalid(_)) => match of_refresh_token(cx, token).await? {
            Some(about) => about,
            None => return Ok(None),
        },
        Err(TokenError::NotAnAccessToken | TokenError::NotForManagement | TokenError::Revoked) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    Ok(Some(about).filter(|about| asker.may_know(about)))
}

impl Asker<'_> {
    fn may_know(&self, about: &Introspection) -> bool {
        match self {
            Self::Management => true,
            Self::Client(client) => {
                let is_for_its_api =
                    |audience: &String| client.apis.iter().any(|api| api.audience == *audience);
                about.client_id == client.id.as_str() || about.aud.iter().any(is_for_its_api)
            }
        }
    }
}

fn of_person(token: super::PersonToken) -> Introspection {
    let claims = token.claims;
    Introspection {
        active: true,
        aud: claims.aud,
        client_id: claims.azp,
        exp: claims.exp,
        iat: claims.iat,
        iss: claims.iss,
        scope: claims.scp.join(" "),
        sub: Some(claims.sub),
        token_type: Some("Bearer"),
        jti: Some(claims.jti),
    }
}

fn of_machine(claims: oauth::claims::MachineToken) -> Introspection {
    Introspection {
        active: true,
        aud: claims.aud,
        client_id: claims.azp,
        exp: claims.exp,
        iat: claims.iat,
        iss: claims.iss,
        scope: claims.scope,
        sub: None,
        token_type: Some("Bearer"),
        jti: Some(claims.jti),
    }
}

async fn of_refresh_token(
    cx: &Context,
    token: &Secret,
) -> Result<Option<Introspection>, db::Error> {
    let mut tx = cx.db().read().await?;
    let found = store::find_refresh_token(&mut tx, cx, &token.digest()).await?;
    let is_good = |found: &store::RefreshToken| {
        found.is_alive && found.used_at.is_none() && found.expires_at > cx.now()
    };
    Ok(found.filter(is_good).map(|found| {
        let Grant {
            user_id,
            application_id,
            scopes,
            audiences,
            ..
        } = found.grant;
        Introspection {
            active: true,
            aud: audiences,
            client_id: application_id.to_string(),
            exp: found.expires_at.seconds(),
            iat: found.created_at.seconds(),
            iss: cx.environment().base_url.clone(),
            scope: scopes.to_string(),
            sub: Some(user_id.to_string()),
            token_type: None,
            jti: None,
        }
    }))
}
