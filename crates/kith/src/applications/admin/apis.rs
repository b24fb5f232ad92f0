//! The APIs that an application may ask for tokens for.

use axum::extract::Path;
use axum::response::Response;

use super::{find, head};
use crate::apis::{self, Api};
use crate::applications::Application;
use crate::applications::view::{ApplicationApi, ApplicationApis};
use crate::error::Code;
use crate::http::{Failure, Form, Result};
use crate::id::ApiId;
use crate::pages::{Message, Notice};
use crate::team::Member;

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let application = find(&member, &mut tx, &id).await?;
    let mut rows = Vec::new();
    for api in apis::list(&member.cx, &mut tx).await? {
        let authorized = apis::applications(&member.cx, &mut tx, &api.id).await?;
        let mine = authorized.iter().find(|found| found.id == application.id);
        rows.push(row(
            &member,
            &application,
            &api,
            mine.map(|found| found.n_scopes),
        ));
    }
    let head = head(&member, &application, "/apis");
    Ok(member.show(&ApplicationApis { head, rows }))
}

/// An API; `n_scopes` is how many scopes the application has there, none where it isn't authorized.
fn row(member: &Member, of: &Application, api: &Api, n_scopes: Option<i64>) -> ApplicationApi {
    let url = member.url(&format!("/apis/{}", api.id));
    let own = member.url(&format!("/applications/{}/apis/{}", of.id, api.id));
    ApplicationApi {
        name: api.name.clone(),
        audience: api.audience.clone(),
        is_authorized: n_scopes.is_some(),
        n_scopes: n_scopes.and_then(|n| u64::try_from(n).ok()).unwrap_or(0),
        authorize_action: format!("{own}/authorize"),
        revoke_action: format!("{own}/revoke"),
        scopes_url: format!("{url}/scopes?application={}", of.id),
        url,
    }
}

pub(super) async fn authorize(
    member: Member,
    Path((id, api)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let application = find(&member, &mut tx, &id).await?;
    let pair = (&api_id(&api)?, &application.id);
    apis::authorize(&member.cx, &mut tx, pair).await?;
    tx.commit().await?;
    Ok(told(&member, &application, "api-authorized-notice"))
}

pub(super) async fn revoke(
    member: Member,
    Path((id, api)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let application = find(&member, &mut tx, &id).await?;
    let pair = (&api_id(&api)?, &application.id);
    apis::unauthorize(&member.cx, &mut tx, pair).await?;
    tx.commit().await?;
    Ok(told(&member, &application, "api-revoked-notice"))
}

fn api_id(text: &str) -> Result<ApiId> {
    text.parse()
        .map_err(|_| Failure::new(Code::API_NOT_FOUND, "there is no such API"))
}

fn told(member: &Member, application: &Application, message: &'static str) -> Response {
    let said = Message::new(message).with("application", application.name.as_str());
    let path = format!("/applications/{}/apis", application.id);
    member.done(&path, &Notice::good(said))
}
