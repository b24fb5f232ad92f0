//! The screens of users in the dashboard: the list, and a person's pages.

mod activity;
mod add;
mod details;
mod identities;
mod list;
mod organizations;
mod password;
mod state;

use axum::Router;
use db::Tx;

use super::view::UserHead;
use super::{NotFound, User};
use crate::http::Result;
use crate::http::routing::{get, post};
use crate::pages::{Message, Tab};
use crate::team::Member;

/// The screens below `/users`.
pub fn routes() -> Router {
    let person = Router::new()
        .route("/", get(details::show).merge(post(details::save)))
        .route("/suspend", post(state::suspend))
        .route("/unsuspend", post(state::unsuspend))
        .route("/delete", get(state::ask_delete).merge(post(state::delete)))
        .route("/require-reset", post(password::require_reset))
        .route("/cancel-reset", post(password::cancel_reset))
        .route(
            "/temporary-password",
            get(password::ask).merge(post(password::set)),
        )
        .route(
            "/identities",
            get(identities::show).merge(post(identities::add)),
        )
        .route(
            "/identities/{identity}/primary",
            post(identities::make_primary),
        )
        .route(
            "/identities/{identity}/delete",
            get(identities::ask_delete).merge(post(identities::delete)),
        )
        .route("/organizations", get(organizations::show))
        .route("/activity", get(activity::show));
    Router::new()
        .route("/users", get(list::show))
        .route("/users/new", get(add::show).merge(post(add::submit)))
        .nest("/users/{user}", person)
}

/// The person whom an address names.
async fn find(member: &Member, tx: &mut Tx, id: &str) -> Result<User> {
    let id = id.parse().map_err(|_| NotFound)?;
    Ok(super::find(&member.cx, tx, &id).await?.ok_or(NotFound)?)
}

/// What else somebody is known by, beside what they are called.
fn contact(user: &User) -> Option<String> {
    let known_by = [&user.email, &user.phone, &user.username];
    let contact = known_by.into_iter().flatten().next()?;
    (*contact != user.display_name()).then(|| contact.clone())
}

/// The parts of a person's page: phrase, and path below the person's.
const TABS: &[(&str, &str)] = &[
    ("tab-details", ""),
    ("user-tab-identities", "/identities"),
    ("nav-organizations", "/organizations"),
    ("user-tab-activity", "/activity"),
];

fn head(member: &Member, user: &User, current: &str) -> UserHead {
    let tab = |&(label, path): &(&'static str, &str)| Tab {
        label: Message::new(label),
        url: member.url(&format!("/users/{}{path}", user.id)),
        is_current: path == current,
    };
    UserHead {
        id: user.id.to_string(),
        name: user.display_name(),
        contact: contact(user),
        is_suspended: user.is_suspended,
        list_url: member.url("/users"),
        tabs: TABS.iter().map(tab).collect(),
    }
}

/// Where somebody came from, in words.
fn source(user: &User) -> Message {
    match user.source.as_str() {
        "sign_up" => Message::new("user-source-sign-up"),
        "api" => Message::new("user-source-api"),
        "dashboard" | "setup" => Message::new("user-source-dashboard"),
        name => Message::new("user-source-import").with("source", label(name)),
    }
}

/// What an import's source calls itself.
fn label(source: &str) -> &str {
    import::source::find(source).map_or(source, |source| source.label)
}
