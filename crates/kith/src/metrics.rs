//! Metrics: Prometheus text at `/metrics`, for callers on this machine, or on a port of their own with `metrics_listen`.

use std::net::SocketAddr;
use std::sync::OnceLock;

use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::context::App;
use crate::error::Code;
use crate::http::Failure;

/// Bounds of the request-duration histogram, in seconds.
const BUCKETS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
];

/// The recorder is the `metrics` crate's own global; there is one a process.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// `/metrics`. On the main port only this machine may read it; the port that `metrics_listen` names is the operator's own.
pub fn routes(app: &App) -> Router {
    recorder();
    if app.config().metrics_listen.is_some() {
        return Router::new();
    }
    Router::new().route("/metrics", get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| {
        if peer.ip().to_canonical().is_loopback() {
            render().into_response()
        } else {
            Failure::new(Code::FORBIDDEN, "metrics are for this machine only; set `metrics_listen` to serve them elsewhere").into_response()
        }
    }))
}

/// Serves the metrics on their own port, where one is set, until the process stops.
///
/// # Errors
/// When the port can't be listened on.
pub async fn serve(app: &App) -> anyhow::Result<()> {
    let Some(address) = app.config().metrics_listen else {
        return Ok(());
    };
    let listener = tokio::net::TcpListener::bind(address).await?;
    let stopping = app.stopping().clone();
    app.spawn(async move {
        let router = Router::new().route("/metrics", get(async || render()));
        if let Err(error) = axum::serve(listener, router)
            .with_graceful_shutdown(stopping.cancelled_owned())
            .await
        {
            tracing::error!(cause = %error, "the metrics port failed");
        }
    });
    Ok(())
}

/// Counts a request by its route's pattern, never by its path, which may name a person.
pub async fn count(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().as_str().to_owned();
    let started = std::time::Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    let labels = [("method", method), ("route", route), ("status", status)];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels)
        .record(started.elapsed().as_secs_f64());
    response
}

fn render() -> String {
    recorder().map(PrometheusHandle::render).unwrap_or_default()
}

fn recorder() -> Option<&'static PrometheusHandle> {
    RECORDER
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets(BUCKETS)
                .and_then(PrometheusBuilder::install_recorder)
                .ok()
        })
        .as_ref()
}
