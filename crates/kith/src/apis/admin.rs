//! The screens of APIs in the dashboard: the list, an API's page, who is authorized, and for which scopes.

mod add;
mod authorize;
mod delete;
mod details;
mod scopes;

use axum::Router;
use axum::response::Response;
use db::Tx;

use super::view::{ApiList, ApiRow};
use super::{Api, AuthorizedApplication};
use crate::error::Code;
use crate::http::routing::{get, post};
use crate::http::{Failure, Result};
use crate::team::Member;

/// The screens below `/apis`.
pub fn routes() -> Router {
    let api = Router::new()
        .route("/", get(details::show))
        .route(
            "/applications",
            get(authorize::show).merge(post(authorize::save)),
        )
        .route("/scopes", get(scopes::show).merge(post(scopes::save)))
        .route("/scopes/new", post(details::add_scope))
        .route("/scopes/{scope}/delete", post(details::delete_scope))
        .route("/delete", get(delete::ask).merge(post(delete::delete)));
    Router::new()
        .route("/apis", get(list))
        .route("/apis/new", get(add::show).merge(post(add::submit)))
        .nest("/apis/{api}", api)
}

async fn list(member: Member) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let mut rows = Vec::new();
    for api in super::list(&member.cx, &mut tx).await? {
        let authorized = super::applications(&member.cx, &mut tx, &api.id).await?;
        rows.push(row(&member, api, &authorized));
    }
    let add_url = member.url("/apis/new");
    Ok(member.show(&ApiList { rows, add_url }))
}

fn row(member: &Member, api: Api, authorized: &[AuthorizedApplication]) -> ApiRow {
    let url = url(member, &api);
    ApiRow {
        name: api.name,
        audience: api.audience,
        is_management: api.is_management_api,
        n_applications: u64::try_from(authorized.len()).unwrap_or(u64::MAX),
        authorize_url: format!("{url}/applications"),
        scopes_url: format!("{url}/scopes"),
        url,
    }
}

/// The address of an API's page.
fn url(member: &Member, api: &Api) -> String {
    member.url(&format!("/apis/{}", api.id))
}

/// The API that an address names.
async fn find(member: &Member, tx: &mut Tx, id: &str) -> Result<Api> {
    let Ok(id) = id.parse() else {
        return Err(Failure::new(Code::API_NOT_FOUND, "there is no such API"));
    };
    Ok(super::find(&member.cx, tx, &id).await?)
}
