//! The document of the management API, and the page on which people read it.
//!
//! Each slice describes its operations beside their handlers; here they become one router and one document. The
//! router serves exactly what the document says, since both are made from the same list.
//!
//! What is alike for every operation is said here once: the token, the refusals, the server. The document is checked in as
//! `openapi.json`, so that a change of the API is seen in review.

mod docs;
pub mod operations;
mod schema;
#[cfg(test)]
mod tests;
pub mod view;

pub use operations::Operations;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::tag::Tag;
use utoipa::openapi::{
    Components, ContentBuilder, Info, License, OpenApi, Ref, RefOr, ResponseBuilder, Server,
};
use utoipa::{PartialSchema as _, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::pages::{Brand, Layout, Pages};
use crate::{
    apis, applications, credentials, drip_feed, exports, imports, organizations, roles, sessions,
    users, workflows,
};

/// The name of the security scheme, as clients generated from Kinde's document know it.
const SECURITY_SCHEME: &str = "kindeBearerAuth";

/// What operations are grouped by, in the order in which people read.
const TAGS: &[(&str, &str)] = &[
    (
        "Users",
        "People: their profile, their password, the names by which they are known.",
    ),
    (
        "Identities",
        "The names by which people are known: addresses, numbers, usernames, accounts elsewhere.",
    ),
    ("Search", "Finding people."),
    (
        "Organizations",
        "Tenants, their members, and what each member may do there.",
    ),
    (
        "Roles",
        "Named sets of permissions, given to members of organizations.",
    ),
    (
        "Permissions",
        "What a member may do, as the business names it.",
    ),
    (
        "Applications",
        "The programs that people sign in to, and those that act for themselves.",
    ),
    (
        "Callbacks",
        "The addresses to which an application lets people be sent.",
    ),
    (
        "APIs",
        "The APIs that accept access tokens, their scopes, and which applications may ask for them.",
    ),
    ("Imports", "Bringing people in from another provider."),
    (
        "Exports",
        "Taking everything along, to another installation, another provider, or programs of one's own.",
    ),
    (
        "Drip-feed",
        "People who move one by one: which old system is asked about their passwords, how far the move is, and writing to those who are left.",
    ),
    (
        "Workflows",
        "Code of the business that runs when something happens: its versions, encryption keys and runs.",
    ),
    (
        "Environment variables",
        "What workflows read: addresses, keys, switches.",
    ),
];

/// The refusals that every operation knows: status, description.
const REFUSALS: &[(&str, &str)] = &[
    (
        "400",
        "The request can't be understood, or contradicts itself; the message says where.",
    ),
    (
        "403",
        "There is no valid access token, or it lacks the scope that the message names.",
    ),
    (
        "429",
        "Too many requests. `Retry-After` and `RateLimit-Reset` say in how many seconds to come back.",
    ),
];

/// A refusal.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `http::Failure` answers")]
struct Refusal {
    /// What is wrong; one entry.
    errors: Vec<RefusalDetail>,
}

/// What is wrong.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `http::Failure` answers")]
struct RefusalDetail {
    /// A stable code for programs.
    #[schema(example = "INVALID_REQUEST")]
    code: String,
    /// A sentence for people: what is wrong and what to do.
    message: String,
}

/// Every operation of every slice. A slice that has operations has its line here.
fn slices() -> Vec<OpenApiRouter> {
    vec![
        users::api::routes(),
        credentials::api::routes(),
        organizations::api::routes(),
        sessions::api::routes(),
        roles::api::routes(),
        applications::api::routes(),
        apis::api::routes(),
        imports::api::routes(),
        drip_feed::api::routes(),
        exports::api::routes(),
        workflows::api::routes(),
    ]
}

/// The management API with its document at `/api/openapi.json` and the readable page at `/api/docs`.
///
/// # Panics
/// Never: the document is plain data and serializes.
pub fn routes() -> Router {
    let (operations, document) = assemble();
    let document = Arc::new(Document {
        json: serde_json::to_vec(&document)
            .expect("the document is plain data")
            .into(),
        page: OnceLock::new(),
    });
    operations.merge(
        Router::new()
            .route("/api/openapi.json", get(json))
            .route("/api/docs", get(page))
            .with_state(document),
    )
}

/// The document of the management API.
#[must_use]
pub fn document() -> OpenApi {
    assemble().1
}

/// The document as it is served: made once, when the server starts; the page, when it is first asked for.
struct Document {
    json: Bytes,
    page: OnceLock<String>,
}

async fn json(State(document): State<Arc<Document>>) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        // The document holds no secret, and tools in browsers read it.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, document.json.clone())
}

async fn page(State(document): State<Arc<Document>>) -> impl IntoResponse {
    let page = document.page.get_or_init(|| {
        let layout = Layout::hosted("en", Brand::kith(), "");
        Pages::new().render(&layout, &docs::read(&document.json))
    });
    let headers = [(header::CACHE_CONTROL, "public, max-age=300")];
    (headers, Html(page.clone()))
}

fn assemble() -> (Router, OpenApi) {
    let all = OpenApiRouter::with_openapi(empty());
    let all = slices().into_iter().fold(all, OpenApiRouter::merge);
    let (router, mut document) = all.split_for_parts();
    add_refusals(&mut document);
    (router, document)
}

/// The document without an operation.
fn empty() -> OpenApi {
    let mut info = Info::new("Kith management API", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Administers the people, organizations and applications of one environment. \
         Get an access token with the client credentials of a machine to machine application that is authorized for the \
         management API, and send it as `Authorization: Bearer …`. \
         Operations, ids and shapes are those of Kinde's management API, so its SDKs work."
            .to_owned(),
    );
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    info.license = Some(license);
    let mut components = Components::new();
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.bearer_format = Some("JWT".to_owned());
    components.add_security_scheme(SECURITY_SCHEME, SecurityScheme::Http(bearer));
    for (name, schema) in [
        ("Refusal", Refusal::schema()),
        ("RefusalDetail", RefusalDetail::schema()),
    ] {
        components.schemas.insert(name.to_owned(), schema);
    }
    let mut document = OpenApi::new(info, utoipa::openapi::Paths::new());
    document.components = Some(components);
    document.servers = Some(vec![Server::new("/")]);
    document.tags = Some(
        TAGS.iter()
            .map(|(name, description)| {
                let mut tag = Tag::new(*name);
                tag.description = Some((*description).to_owned());
                tag
            })
            .collect(),
    );
    document
}

/// Says of every operation how it refuses, where it doesn't say so itself.
fn add_refusals(document: &mut OpenApi) {
    let schema = Ref::from_schema_name("Refusal");
    let operations = document.paths.paths.values_mut().flat_map(|path| {
        [
            &mut path.get,
            &mut path.post,
            &mut path.put,
            &mut path.patch,
            &mut path.delete,
        ]
        .into_iter()
        .flatten()
    });
    for operation in operations {
        for (status, description) in REFUSALS {
            let content = ContentBuilder::new().schema(Some(schema.clone())).build();
            let refusal = ResponseBuilder::new()
                .description(*description)
                .content("application/json", content)
                .build();
            operation
                .responses
                .responses
                .entry((*status).to_owned())
                .or_insert(RefOr::T(refusal));
        }
    }
}
