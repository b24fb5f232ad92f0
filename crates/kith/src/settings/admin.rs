//! The screens of settings in the dashboard: one page with groups, and the pages that belong to nobody else.

mod email;
mod index;
mod protection;

use axum::Router;
use axum::response::Response;

pub use index::groups;

use super::view::EnvironmentDetails;
use crate::environments::PRODUCTION;
use crate::http::routing::{get, post};
use crate::team::Member;

/// The screens below `/settings`, save those of roles and permissions.
pub fn routes() -> Router {
    Router::new()
        .route("/settings", get(index::show))
        .route("/settings/environment", get(environment))
        .route(
            "/settings/attack-protection",
            get(protection::show).merge(post(protection::save)),
        )
        .route("/settings/email", get(email::show).merge(post(email::save)))
        .route("/settings/email/test", post(email::test))
}

async fn environment(member: Member) -> Response {
    let environment = member.cx.environment();
    let issuer = environment.base_url.clone();
    member.show(&EnvironmentDetails {
        settings_url: member.url("/settings"),
        name: environment.name.clone(),
        code: environment.id.to_string(),
        is_production: environment.code == PRODUCTION,
        discovery_url: format!("{issuer}/.well-known/openid-configuration"),
        issuer,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}
