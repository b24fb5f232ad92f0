//! What a workflow adds to tokens, between their claims and their signature. No transaction is open meanwhile.

use oauth::claims::{TokenKind, add_custom};
use oauth::jwt::Claims;
use oauth::{ErrorCode, OAuthError};
use serde::Serialize;
use serde_json::Value;

use super::GrantError;
use crate::context::Context;
use crate::workflows::{self, Caller, Effects, Moment, Person, TokensOrigin, Trigger};

/// Of whom and for what a person's tokens are.
#[derive(Debug, Clone)]
pub(super) struct About {
    pub(super) client_id: String,
    pub(super) person: Person,
    pub(super) organization: Option<String>,
    pub(super) origin: TokensOrigin,
}

/// What the live workflow wants in a person's tokens; nothing where none is live.
///
/// # Errors
/// [`GrantError::Refused`] when it denies them; [`GrantError::Workflow`] when it failed, or could not be run.
pub(super) async fn for_person(
    cx: &Context,
    about: &About,
    (access, id): (&impl Serialize, Option<&impl Serialize>),
) -> Result<Effects, GrantError> {
    if !workflows::listens(cx, Trigger::UserTokens)
        .await
        .map_err(workflows::FireError::from)?
    {
        return Ok(Effects::default());
    }
    let access_token = claims(access);
    let audiences = access_token
        .get("aud")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let moment = Moment::UserTokens {
        user: about.person.clone(),
        organization: about.organization.clone(),
        audiences: audiences
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        origin: about.origin,
        id_token: id.map(claims).unwrap_or_default(),
        access_token,
    };
    let caller = Caller::of(cx).for_client(about.client_id.as_str());
    let effects = workflows::fire(cx, moment, &caller)
        .await?
        .unwrap_or_default();
    match effects.denied {
        Some(reason) => Err(OAuthError::new(ErrorCode::AccessDenied, reason).into()),
        None => Ok(effects),
    }
}

/// Likewise for a machine's token.
///
/// # Errors
/// As [`for_person`].
pub(super) async fn for_machine(
    cx: &Context,
    client_id: &str,
    token: &impl Serialize,
) -> Result<Claims, GrantError> {
    if !workflows::listens(cx, Trigger::MachineToken)
        .await
        .map_err(workflows::FireError::from)?
    {
        return Ok(Claims::new());
    }
    let token = claims(token);
    let texts = |name: &str| {
        let all = token
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        all.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let moment = Moment::MachineToken {
        audiences: texts("aud"),
        scopes: texts("scp"),
        token: token.clone(),
    };
    let caller = Caller::of(cx).for_client(client_id);
    let effects = workflows::fire(cx, moment, &caller).await?;
    Ok(effects.unwrap_or_default().m2m_token)
}

/// The token's claims with those that are added. What only the issuer may say stays as it is.
pub(super) fn extended(kind: TokenKind, token: &impl Serialize, custom: Claims) -> Claims {
    let mut claims = claims(token);
    // The run's own log has told already which were refused.
    let _ = add_custom(&mut claims, kind, custom);
    claims
}

fn claims(token: &impl Serialize) -> Claims {
    match serde_json::to_value(token) {
        Ok(Value::Object(claims)) => claims,
        _ => Claims::new(),
    }
}
