//! How many requests a client and an address may send in a short window, by class of traffic.
//!
//! Counted on each node (token buckets, GCRA); what must hold across nodes, such as lockouts, is counted in the database.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::caller::Bearer;
use super::client;
use super::error::Failure;
use crate::context::{Context, Nested};
use crate::error::Code;

/// The limits of one class of traffic.
pub struct Limits {
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    by_application: DefaultKeyedRateLimiter<String>,
    n_checked: AtomicU64,
}

/// After how many requests those are forgotten who may send as much as anybody again. It costs a look at each of them.
const REQUESTS_REMEMBERED: u64 = 1 << 16;

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
            n_checked: AtomicU64::new(1),
        })
    }

    fn check(&self, address: IpAddr, application: Option<&str>) -> Result<(), u64> {
        let n_checked = self.n_checked.fetch_add(1, Ordering::Relaxed);
        if n_checked.is_multiple_of(REQUESTS_REMEMBERED) {
            self.by_address.retain_recent();
            self.by_application.retain_recent();
        }
        let wait = |not_until: governor::NotUntil<_>| {
            not_until
                .wait_time_from(DefaultClock::default().now())
                .as_secs()
                + 1
        };
        self.by_address
            .check_key(&household(address))
            .map_err(wait)?;
        application.map_or(Ok(()), |id| {
            self.by_application.check_key(&id.to_owned()).map_err(wait)
        })
    }
}

/// The layer: 429 with `Retry-After` and `RateLimit-Reset` past the limit.
pub async fn limit(State(limits): State<Arc<Limits>>, request: Request, next: Next) -> Response {
    let cx = request.extensions().get::<Context>();
    // What comes from within was limited where it came in.
    let is_from_outside = request.extensions().get::<Nested>().is_none();
    if is_from_outside && cx.is_some_and(|cx| cx.config().rate_limit) {
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

/// The address, without the half of an IPv6 address that its holder chooses at will (RFC 4291 §2.5.1).
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Rate = Rate {
        per_second: 1,
        burst: 2,
    };

    #[test]
    fn the_addresses_of_one_ipv6_network_share_a_limit() {
        let limits = Limits::new(SLOW);
        let ask = |address: &str| limits.check(address.parse().unwrap(), None);
        assert_eq!(ask("2001:db8::1"), Ok(()));
        assert_eq!(ask("2001:db8::2"), Ok(()));
        assert!(ask("2001:db8::3").is_err());
        assert_eq!(ask("2001:db8:0:1::3"), Ok(()));
        assert_eq!(ask("192.0.2.1"), Ok(()));
    }

    #[test]
    fn who_may_send_as_much_as_anybody_again_is_forgotten() {
        let fast = Rate {
            per_second: 1_000_000,
            burst: 1,
        };
        let limits = Limits::new(fast);
        for n in 0..=u32::try_from(REQUESTS_REMEMBERED).unwrap() {
            assert_eq!(limits.check(n.to_be_bytes().into(), None), Ok(()));
        }
        let n_remembered = limits.by_address.len() as u64;
        assert!(n_remembered < REQUESTS_REMEMBERED / 2, "{n_remembered}");
    }
}
