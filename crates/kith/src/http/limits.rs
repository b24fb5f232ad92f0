//! How many requests a client and an address may send in a short window, by class of traffic.
//!
//! Counted on each node (token buckets, GCRA); what must hold across nodes, such as lockouts, is counted in the database.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::caller::Bearer;
use super::client;
use super::error::Failure;
use crate::context::Context;
use crate::error::Code;

/// The limits of one class of traffic.
pub struct Limits {
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    by_application: DefaultKeyedRateLimiter<String>,
}

/// Requests a second that may go on for ever, and how many may come at once.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// Requests a second.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
}

/// The management API: generous, since nightly jobs come in bursts.
pub const API: Rate = Rate {
    per_second: 100,
    burst: 500,
};

/// The protocol's endpoints: a token a request, from few servers.
pub const PROTOCOL: Rate = Rate {
    per_second: 200,
    burst: 1000,
};

/// Hosted pages and the dashboard: what people press, behind one office's address.
pub const PAGES: Rate = Rate {
    per_second: 20,
    burst: 200,
};

impl Limits {
    /// Limits at this rate, for each address and each application.
    ///
    /// # Panics
    /// When a rate is zero.
    #[must_use]
    pub fn new(rate: Rate) -> Arc<Self> {
        let nonzero = |n| NonZeroU32::new(n).expect("a rate is not zero");
        let quota = Quota::per_second(nonzero(rate.per_second)).allow_burst(nonzero(rate.burst));
        Arc::new(Self {
            by_address: RateLimiter::keyed(quota),
            by_application: RateLimiter::keyed(quota),
        })
    }

    /// Forgets who hasn't been seen lately. Called by the worker now and then.
    pub fn forget(&self) {
        self.by_address.retain_recent();
        self.by_application.retain_recent();
    }

    fn check(&self, address: IpAddr, application: Option<&str>) -> Result<(), u64> {
        let wait = |not_until: governor::NotUntil<_>| {
            not_until
                .wait_time_from(DefaultClock::default().now())
                .as_secs()
                + 1
        };
        self.by_address.check_key(&address).map_err(wait)?;
        application.map_or(Ok(()), |id| {
            self.by_application.check_key(&id.to_owned()).map_err(wait)
        })
    }
}

/// The layer: 429 with `Retry-After` and `RateLimit-Reset` past the limit.
pub async fn limit(State(limits): State<Arc<Limits>>, request: Request, next: Next) -> Response {
    let cx = request.extensions().get::<Context>();
    if cx.is_some_and(|cx| cx.config().rate_limit) {
        let trusted = cx
            .map(|cx| cx.config().trusted_proxies.as_slice())
            .unwrap_or_default();
        let address = client::address(request.extensions(), request.headers(), trusted);
        let application = request
            .extensions()
            .get::<Bearer>()
            .map(|bearer| bearer.application.as_str());
        if let Err(seconds) = limits.check(address, application) {
            return Failure::new(
                Code::RATE_LIMITED,
                format!("too many requests; try again in {seconds} s"),
            )
            .retry_after(seconds)
            .into_response();
        }
    }
    next.run(request).await
}
