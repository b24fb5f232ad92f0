//! The hosted pages: each a form whose answer leads to the page of the next step (POST, 303, GET). None needs a script.

mod visit;

mod forms;
mod proofs;

use axum::Router;

use crate::http::routing::{get, post};

/// The pages, below the environment's base.
pub fn routes() -> Router {
    Router::new()
        .route(
            "/login",
            get(forms::show_sign_in).merge(post(forms::identify)),
        )
        .route(
            "/register",
            get(forms::show_sign_up).merge(post(forms::sign_up)),
        )
        .route(
            "/login/reset",
            get(forms::show_reset).merge(post(forms::recover)),
        )
        .route(
            "/login/password",
            get(proofs::show_password).merge(post(proofs::prove_password)),
        )
        .route(
            "/login/code",
            get(proofs::show_code).merge(post(proofs::prove_code)),
        )
        .route("/login/code/resend", post(proofs::resend_code))
        .route(
            "/login/new-password",
            get(proofs::show_choose_password).merge(post(proofs::choose_password)),
        )
        .route(
            "/login/organization",
            get(proofs::show_organizations).merge(post(proofs::choose_organization)),
        )
}
