//! Who a token is about (OIDC Core §5.3).

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use oauth::Scopes;
use oauth::claims::Person;
use serde::Serialize;
use serde_json::json;

use super::failure::OAuthFailure;
use crate::context::Context;
use crate::tokens::{self, Verified, bearer};
use crate::users;

/// The second version of the profile, which is also the standard's user info.
#[derive(Debug, Serialize)]
struct Profile {
    sub: String,
    /// The same as `sub`.
    id: String,
    #[serde(flatten)]
    person: Person,
}

/// `GET` and `POST /oauth2/v2/user_profile` and `/oauth2/userinfo`: what the token's scopes release of its person.
pub(super) async fn v2(cx: Context, headers: HeaderMap) -> Result<Response, OAuthFailure> {
    let (id, person) = person(&cx, &headers).await?;
    let profile = Profile {
        sub: id.clone(),
        id,
        person,
    };
    Ok(axum::Json(profile).into_response())
}

/// `GET` and `POST /oauth2/user_profile`: the first version, which SDKs still read.
pub(super) async fn v1(cx: Context, headers: HeaderMap) -> Result<Response, OAuthFailure> {
    let (id, person) = person(&cx, &headers).await?;
    let profile = json!({
        "id": id,
        "preferred_email": person.email,
        "provided_id": person.provided_id,
        "first_name": person.given_name,
        "last_name": person.family_name,
        "picture": person.picture,
    });
    Ok(axum::Json(profile).into_response())
}

async fn person(cx: &Context, headers: &HeaderMap) -> Result<(String, Person), OAuthFailure> {
    let token = bearer::token(headers).ok_or_else(|| {
        OAuthFailure::bearer("send the access token of a person as `Authorization: Bearer …`")
    })?;
    let Verified::Person(token) = tokens::verify(cx, token).await? else {
        return Err(OAuthFailure::bearer(
            "the token is a machine's; there is no person to tell of",
        ));
    };
    let mut tx = cx.db().read().await?;
    let user = users::find(cx, &mut tx, &token.grant.user_id)
        .await?
        .ok_or_else(|| OAuthFailure::bearer("the person was deleted"))?;
    let scopes: Scopes = token.claims.scp.iter().collect();
    Ok((
        user.id.to_string(),
        tokens::person(&user).released_by(&scopes),
    ))
}
