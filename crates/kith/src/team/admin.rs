//! The dashboard as a whole: its routes, its frame, who may see it.
//!
//! Every screen takes a [`Member`], so none can be forgotten to guard. Failures are told by one layer, as pages.

mod failures;
mod home;
pub mod listing;
mod member;
mod notice;
mod search;
mod set_up;
pub mod words;

use axum::Router;
use axum::middleware;
use axum::response::Response;

pub use member::Member;

use crate::http::routing::{get, post};
use crate::http::{Form, Result};
use crate::{
    apis, applications, drip_feed, exports, imports, mail, organizations, roles, sessions,
    settings, users, workflows,
};

/// Every screen of the dashboard, at paths below its base path.
pub fn routes() -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/setup", get(set_up::show).merge(post(set_up::submit)))
        .route("/search", get(search::show))
        .route("/sign-out", post(sign_out))
        .merge(users::admin::routes())
        .merge(imports::admin::routes())
        .merge(organizations::admin::routes())
        .merge(applications::admin::routes())
        .merge(apis::admin::routes())
        .merge(roles::admin::routes())
        .merge(settings::admin::routes())
        .merge(exports::admin::routes())
        .merge(drip_feed::admin::routes())
        .merge(workflows::admin::routes())
        .merge(mail::admin::routes())
        .layer(middleware::from_fn(failures::as_pages))
}

/// Ends the member's session in this browser.
async fn sign_out(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let cx = member.team();
    let mut tx = cx.db().begin().await?;
    sessions::end(cx, &mut tx, member.session_id()).await?;
    tx.commit().await?;
    let mut response = member.redirect("/");
    sessions::forget_cookie(cx, &mut response);
    Ok(response)
}
