//! OpenID Connect and OAuth 2.0 at the wire: an endpoint a file.
//!
//! What the protocol means is in the leaf `oauth`; what is given and taken back is in [`crate::tokens`]; who somebody is
//! decides [`crate::sign_in`]. Here requests are read, asked of those three, and answered:
//!
//! ```text
//! browser                                     application
//! GET /oauth2/auth         authorize ─┐       POST /oauth2/token             token
//! GET /oauth2/auth/resume  resume    ◀┘       GET  /oauth2/v2/user_profile   user_profile
//! GET /logout              logout             POST /oauth2/introspect        introspect
//!                                             POST /oauth2/revoke            revoke
//! anyone                                      GET  /.well-known/…            discovery
//! ```
//!
//! Failures have three faces: a page where nobody can be trusted with a redirect, a redirect where the application may hear
//! it, `{"error": …, "error_description": …}` for all who asked without a browser (RFC 6749 §4.1.2.1, §5.2).

mod authorize;
mod organization;
mod resume;

mod token;

mod discovery;
mod introspect;
mod logout;
mod revoke;
mod user_profile;

mod client;
mod cookies;
mod cors;
mod failure;
mod form;
mod redirect;
mod stop;

use axum::routing::MethodRouter;
use axum::{Router, middleware};

use crate::http::routing::{get, post};
use failure::OAuthFailure;

/// The protocol's endpoints, relative to the environment's base path.
pub fn routes() -> Router {
    let open = Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(discovery::document),
        )
        .route(
            "/.well-known/oauth-authorization-server",
            get(discovery::document),
        )
        .route("/.well-known/jwks", get(discovery::jwks))
        .route("/.well-known/jwks.json", get(discovery::jwks))
        .layer(middleware::from_fn(cors::open));
    let for_known_origins = Router::new()
        .route("/oauth2/token", only(post(token::token)))
        .route("/oauth2/revoke", only(post(revoke::revoke)))
        .route("/oauth2/introspect", only(post(introspect::introspect)))
        .route("/oauth2/v2/user_profile", only(both(user_profile::v2)))
        .route("/oauth2/userinfo", only(both(user_profile::v2)))
        .route("/oauth2/user_profile", only(both(user_profile::v1)))
        .layer(middleware::from_fn(cors::for_known_origins));
    Router::new()
        .route(
            "/oauth2/auth",
            get(authorize::by_query).merge(post(authorize::by_form)),
        )
        .route("/oauth2/auth/resume", get(resume::resume))
        .route(
            "/logout",
            get(logout::by_query).merge(post(logout::by_form)),
        )
        .merge(open)
        .merge(for_known_origins)
}

/// Claims about a person are given to both methods (OIDC Core §5.3.1).
fn both<H, T>(handler: H) -> MethodRouter
where
    H: axum::handler::Handler<T, ()> + Clone,
    T: 'static,
{
    get(handler.clone()).merge(post(handler))
}

/// Says in the protocol's own words that another method is no good: clients parse every answer of these endpoints.
fn only(route: MethodRouter) -> MethodRouter {
    route.fallback(async || OAuthFailure::method_not_allowed())
}
