//! The screens of roles and permissions in the dashboard. They look alike, so they share their views.

mod permissions;
mod roles;

use axum::Router;

use super::InvalidText;
use crate::http::Form;
use crate::http::routing::{get, post};
use crate::pages::{Message, Problems};

/// The screens below `/settings/roles` and `/settings/permissions`.
pub fn routes() -> Router {
    Router::new()
        .route("/settings/roles", get(roles::list))
        .route(
            "/settings/roles/new",
            get(roles::add).merge(post(roles::create)),
        )
        .route(
            "/settings/roles/{role}",
            get(roles::edit).merge(post(roles::save)),
        )
        .route(
            "/settings/roles/{role}/delete",
            get(roles::ask_delete).merge(post(roles::delete)),
        )
        .route("/settings/permissions", get(permissions::list))
        .route(
            "/settings/permissions/new",
            get(permissions::add).merge(post(permissions::create)),
        )
        .route(
            "/settings/permissions/{permission}",
            get(permissions::edit).merge(post(permissions::save)),
        )
        .route(
            "/settings/permissions/{permission}/delete",
            get(permissions::ask_delete).merge(post(permissions::delete)),
        )
}

/// The fields that both have.
struct Fields {
    name: String,
    key: String,
    description: String,
}

impl Fields {
    fn typed(form: &Form) -> Self {
        let field = |name| form.get(name).to_owned();
        Self {
            name: field("name"),
            key: field("key"),
            description: field("description"),
        }
    }

    fn stored(name: String, key: String, description: Option<String>) -> Self {
        Self {
            name,
            key,
            description: description.unwrap_or_default(),
        }
    }
}

fn invalid(error: InvalidText) -> Problems {
    match error {
        InvalidText::Key => Problems::at("key", Message::new("role-error-key")),
        InvalidText::Name => Problems::at("name", Message::new("role-error-name")),
    }
}

fn key_taken() -> Problems {
    Problems::at("key", Message::new("role-error-key-taken"))
}
