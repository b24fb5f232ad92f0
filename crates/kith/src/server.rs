//! The server: the routes of every slice, the layers around them, the listener.
//!
//! One router an environment, since each has its own pages, cookies and issuer under its own base address: what is asked at
//! `admin_url` goes to the team's, all else to production's.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use futures::future::BoxFuture;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use url::Url;

use crate::context::{Actor, App, Context, LocalServer, Nested};
use crate::environments::{Environment, Environments};
use crate::error::Code;
use crate::http::limits::{self, Limits, Rate};
use crate::http::{Failure, headers};
use crate::{metrics, oidc, openapi, outgoing, pages, sign_in, team, tokens, workflows};

/// The whole server as one router.
pub fn router(app: &App, environments: &Environments) -> Router {
    let api = limited(openapi::routes(), limits::API)
        .layer(middleware::from_fn(tokens::bearer::authenticate))
        .layer(middleware::from_fn(metrics::count));
    let pushes = limited(workflows::api::push::routes(), limits::PAGES)
        .layer(middleware::from_fn(metrics::count));
    let served = hosted().merge(api).merge(pushes);
    let production = in_environment(app, &environments.production, served);
    let dashboard = limited(team::routes(), limits::PAGES).layer(Extension(team::Administered(
        environments.production.clone(),
    )));
    let team = in_environment(app, &environments.team, hosted().merge(dashboard));
    let by_address = Arc::new(ByAddress::new(app, production, team));
    let within: Arc<dyn LocalServer> = Arc::clone(&by_address) as _;
    app.set_local_server(Arc::downgrade(&within));
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready).with_state(app.clone()))
        .merge(metrics::routes(app))
        .fallback(move |request: Request| {
            let by_address = Arc::clone(&by_address);
            async move { by_address.call(request).await }
        })
        .layer(CatchPanicLayer::custom(panicked))
}

/// What every environment serves: the protocol, the hosted pages, their assets.
fn hosted() -> Router {
    Router::new()
        .merge(limited(oidc::routes(), limits::PROTOCOL))
        .merge(limited(sign_in::routes(), limits::PAGES))
        .merge(pages::assets::routes())
        .layer(middleware::from_fn(metrics::count))
}

fn limited(routes: Router, rate: Rate) -> Router {
    routes.layer(middleware::from_fn_with_state(
        Limits::new(rate),
        limits::limit,
    ))
}

/// Gives every request its context, and every answer its headers.
fn in_environment(app: &App, environment: &Arc<Environment>, routes: Router) -> Router {
    routes
        .fallback(sign_in::not_found)
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(headers::secure))
        .layer(Extension(app.at(Arc::clone(environment), Actor::Browser)))
        .layer(middleware::from_fn(log_request))
}

/// The choice of the router by the address that was asked.
struct ByAddress {
    production: Router,
    team: Router,
    /// The dashboard's host, where it has one of its own.
    team_host: Option<String>,
    team_path: String,
}

impl ByAddress {
    fn new(app: &App, production: Router, team: Router) -> Self {
        let host = |url: &str| {
            Url::parse(url)
                .ok()
                .and_then(|url| Some((url.host_str()?.to_owned(), url.port())))
                .map(|(host, port)| port.map_or(host.clone(), |port| format!("{host}:{port}")))
        };
        let (public, admin) = (
            host(&app.config().public_url),
            host(&app.config().admin_url),
        );
        let team_path = Url::parse(&app.config().admin_url).map_or_else(
            |_| "/admin".to_owned(),
            |url| url.path().trim_end_matches('/').to_owned(),
        );
        Self {
            production,
            team,
            team_host: admin.filter(|admin| Some(admin) != public.as_ref()),
            team_path,
        }
    }

    async fn call(&self, mut request: Request) -> Response {
        let path = request.uri().path();
        let below = path
            .strip_prefix(&self.team_path)
            .filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let is_teams_host = self
            .team_host
            .as_deref()
            .is_none_or(|host| asked_host(request.headers(), request.uri()) == Some(host));
        let router = if let Some(rest) = below.filter(|_| is_teams_host) {
            let path = if rest.is_empty() {
                "/".to_owned()
            } else {
                rest.to_owned()
            };
            *request.uri_mut() = with_path(request.uri(), &path);
            &self.team
        } else {
            // A configured trailing slash makes some clients ask for `//.well-known/jwks.json`.
            if path.starts_with("//") {
                let path = format!("/{}", path.trim_start_matches('/'));
                *request.uri_mut() = with_path(request.uri(), &path);
            }
            &self.production
        };
        match router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// Asked from within, for production: the same router, the same layers, no network.
impl LocalServer for ByAddress {
    fn call(
        &self,
        request: outgoing::Request,
        from: &Context,
    ) -> BoxFuture<'static, outgoing::Answer> {
        let (router, nesting) = (self.production.clone(), Nested(from.nesting()));
        Box::pin(async move {
            let mut asked = Request::new(Body::from(request.body));
            *asked.method_mut() = request.method;
            *asked.headers_mut() = request.headers;
            *asked.uri_mut() = request.url[url::Position::BeforePath..]
                .parse()
                .unwrap_or_default();
            asked.extensions_mut().insert(nesting);
            let answer = match router.oneshot(asked).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            };
            let (parts, body) = answer.into_parts();
            // An answer of ours that is larger than was asked for, or breaks off, counts as empty, and its status tells.
            let body = axum::body::to_bytes(body, request.max_bytes).await;
            outgoing::Answer {
                status: if body.is_ok() {
                    parts.status
                } else {
                    StatusCode::BAD_GATEWAY
                },
                headers: parts.headers,
                body: body.unwrap_or_default().to_vec(),
            }
        })
    }
}

fn asked_host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| uri.authority().map(axum::http::uri::Authority::as_str))
}

fn with_path(uri: &Uri, path: &str) -> Uri {
    let query = uri
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    format!("{path}{query}")
        .parse()
        .unwrap_or_else(|_| uri.clone())
}

/// Whether requests can be served: the database answers and is up to date.
async fn ready(axum::extract::State(app): axum::extract::State<App>) -> Response {
    let is_ready = async {
        app.db().ping().await?;
        Ok::<_, db::Error>(app.db().pending(crate::MIGRATIONS).await?.is_empty())
    };
    match is_ready.await {
        Ok(true) => "ready\n".into_response(),
        Ok(false) => {
            Failure::new(Code::UNAVAILABLE, "the database is not up to date yet").into_response()
        }
        Err(error) => Failure::from(error).into_response(),
    }
}

/// One line a request: never the query, which may hold codes.
async fn log_request(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = std::time::Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, path, status, duration_ms, "{method} {path} {status}");
    response
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the panic over"
)]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> axum::http::Response<Body> {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(what, "a request panicked");
    Failure::new(Code::INTERNAL, "something failed on our side; try again").into_response()
}

/// Serves until the process is asked to stop, then finishes what is in flight within `shutdown_grace`.
///
/// # Errors
/// When the address can't be listened on, or the certificate can't be used.
pub async fn serve(
    app: &App,
    router: Router,
    listener: std::net::TcpListener,
) -> anyhow::Result<()> {
    listener.set_nonblocking(true)?;
    let handle = axum_server::Handle::new();
    let (stopping, grace, watched) = (
        app.stopping().clone(),
        app.config().shutdown_grace,
        handle.clone(),
    );
    app.spawn(async move {
        stopping.cancelled().await;
        watched.graceful_shutdown(Some(grace));
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    match crate::tls::acceptor(app).await? {
        None => {
            axum_server::from_tcp(listener)?
                .handle(handle)
                .serve(service)
                .await?;
        }
        Some(acceptor) => {
            axum_server::from_tcp(listener)?
                .acceptor(acceptor)
                .handle(handle)
                .serve(service)
                .await?;
        }
    }
    Ok(())
}
