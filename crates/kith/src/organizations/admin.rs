//! The screens of organizations in the dashboard: the list, an organization's page, its members and their roles.

mod add;
mod delete;
mod details;
mod import;
mod list;
mod roles;
mod users;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use db::Tx;

use super::view::OrganizationHead;
use super::{CreateError, InvalidText, NotFound, Organization};
use crate::http::Result;
use crate::http::routing::{get, post};
use crate::pages::{Message, Problems, Tab};
use crate::team::Member;

/// The screens below `/organizations`.
pub fn routes() -> Router {
    let organization = Router::new()
        .route("/", get(details::show).merge(post(details::save)))
        .route("/delete", get(delete::ask).merge(post(delete::delete)))
        .route("/users", get(users::show).merge(post(users::add)))
        .route("/users/{user}/add", post(users::add_again))
        .route("/users/{user}/remove", post(users::remove))
        .route(
            "/users/{user}/roles",
            get(roles::show).merge(post(roles::save)),
        );
    // The file is kept on the disk as it arrives, whatever its size.
    let import = get(import::show)
        .merge(post(import::submit))
        .layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/organizations", get(list::show))
        .route("/organizations/import", import)
        .route(
            "/organizations/new",
            get(add::show).merge(post(add::submit)),
        )
        .nest("/organizations/{organization}", organization)
}

/// The organization that an address names.
async fn find(member: &Member, tx: &mut Tx, id: &str) -> Result<Organization> {
    let id = id.parse().map_err(|_| NotFound)?;
    Ok(super::find(&member.cx, tx, &id).await?.ok_or(NotFound)?)
}

/// The address of an organization's page.
fn url(member: &Member, organization: &Organization) -> String {
    member.url(&format!("/organizations/{}", organization.id))
}

fn head(member: &Member, organization: &Organization, current: &str) -> OrganizationHead {
    let tab = |(label, path): (&'static str, &str)| Tab {
        label: Message::new(label),
        url: format!("{}{path}", url(member, organization)),
        is_current: path == current,
    };
    OrganizationHead {
        code: organization.id.to_string(),
        name: organization.name.clone(),
        is_default: organization.is_default,
        list_url: member.url("/organizations"),
        tabs: [("tab-details", ""), ("nav-users", "/users")]
            .map(tab)
            .into(),
    }
}

/// What is wrong with the form, or the failure that is no fault of the form.
fn problems(error: CreateError) -> Result<Problems> {
    let (field, message) = match error {
        CreateError::Invalid(InvalidText::Name) => ("name", "organization-error-name"),
        CreateError::Invalid(InvalidText::ExternalId) => {
            ("external_id", "organization-error-external-id")
        }
        CreateError::ExternalIdTaken => ("external_id", "organization-error-external-id-taken"),
        error => return Err(error.into()),
    };
    Ok(Problems::at(field, Message::new(message)))
}
