//! The screens of applications in the dashboard: tiles, and an application's pages.

mod add;
mod apis;
mod details;
mod quick_start;
mod secret;

use axum::Router;
use axum::response::Response;
use db::Tx;

use super::view::{ApplicationHead, ApplicationList, ApplicationTile};
use super::{Application, FindError};
use crate::error::Code;
use crate::http::routing::{get, post};
use crate::http::{Failure, Result};
use crate::pages::{Message, Tab};
use crate::team::Member;

/// The screens below `/applications`.
pub fn routes() -> Router {
    let application = Router::new()
        .route("/", get(details::show).merge(post(details::save)))
        .route(
            "/rotate-secret",
            get(secret::ask_rotate).merge(post(secret::rotate)),
        )
        .route(
            "/delete",
            get(details::ask_delete).merge(post(details::delete)),
        )
        .route("/apis", get(apis::show))
        .route("/apis/{api}/authorize", post(apis::authorize))
        .route("/apis/{api}/revoke", post(apis::revoke))
        .route("/quick-start", get(quick_start::show));
    Router::new()
        .route("/applications", get(list))
        .route("/applications/new", get(add::show).merge(post(add::submit)))
        .nest("/applications/{application}", application)
}

async fn list(member: Member) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let applications = super::list(&member.cx, &mut tx).await?;
    Ok(member.show(&ApplicationList {
        settings_url: member.url("/settings"),
        applications: applications
            .iter()
            .map(|application| tile(&member, application))
            .collect(),
        add_url: member.url("/applications/new"),
    }))
}

/// An application as a tile, for Home as well.
#[must_use]
pub fn tile(member: &Member, application: &Application) -> ApplicationTile {
    let url = member.url(&format!("/applications/{}", application.id));
    ApplicationTile {
        name: application.name.clone(),
        kind: application.kind.as_str(),
        quick_start_url: format!("{url}/quick-start"),
        details_url: url,
    }
}

/// The application that an address names.
async fn find(member: &Member, tx: &mut Tx, id: &str) -> Result<Application> {
    let Ok(id) = id.parse() else {
        let message = "there is no such application";
        return Err(Failure::new(Code::APPLICATION_NOT_FOUND, message));
    };
    Ok(super::find(&member.cx, tx, &id).await?)
}

/// The application that an address names, if it may be changed.
async fn find_editable(member: &Member, tx: &mut Tx, id: &str) -> Result<Application> {
    let application = find(member, tx, id).await?;
    if application.is_builtin {
        return Err(FindError::Builtin(application.id).into());
    }
    Ok(application)
}

/// The parts of an application's page: phrase, and path below the application's.
const TABS: &[(&str, &str)] = &[
    ("tab-details", ""),
    ("nav-apis", "/apis"),
    ("application-quick-start", "/quick-start"),
];

fn head(member: &Member, application: &Application, current: &str) -> ApplicationHead {
    let tab = |&(label, path): &(&'static str, &str)| Tab {
        label: Message::new(label),
        url: member.url(&format!("/applications/{}{path}", application.id)),
        is_current: path == current,
    };
    ApplicationHead {
        name: application.name.clone(),
        kind: application.kind.as_str(),
        client_id: application.id.to_string(),
        list_url: member.url("/applications"),
        tabs: TABS.iter().map(tab).collect(),
    }
}
