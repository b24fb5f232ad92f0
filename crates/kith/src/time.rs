//! Instants: milliseconds since the Unix epoch, UTC, as the database keeps them.

use std::ops::{Add, Sub};
use std::time::Duration;

/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant so many milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, as tokens count (RFC 7519 §2, `NumericDate`).
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// How long after `earlier` this is; zero when it is not.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// ISO 8601 with microseconds and offset, the form of the management API: `2025-02-12T18:02:23.614000+00:00`.
    #[must_use]
    pub fn iso(self) -> String {
        self.to_jiff()
            .strftime("%Y-%m-%dT%H:%M:%S.%6f+00:00")
            .to_string()
    }

    /// RFC 3339 in whole seconds, for people and `datetime` attributes: `2025-02-12T18:02:23Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.to_jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// The instant that a text in ISO 8601 names; without an offset it is UTC, without a time it is midnight. None when the text
    /// is in another form.
    #[must_use]
    pub fn parse_iso(text: &str) -> Option<Self> {
        let at = text.parse().ok().or_else(|| {
            let civil: jiff::civil::DateTime = text.parse().ok()?;
            Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
        });
        at.map(|at: jiff::Timestamp| Self(at.as_millisecond()))
    }

    fn to_jiff(self) -> jiff::Timestamp {
        // Beyond the years ±9999 there is no calendar; such an instant prints as the epoch.
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

impl db::Bind for Timestamp {
    const NULL: db::Value = db::Value::Int(None);

    fn into_value(self) -> db::Value {
        self.0.into()
    }
}

impl db::Column for Timestamp {
    fn from_value(value: db::Value) -> Result<Self, db::BoxError> {
        i64::from_value(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_prints_as_the_management_api_does() {
        let at = Timestamp::from_millis(1_739_383_343_614);
        assert_eq!(at.iso(), "2025-02-12T18:02:23.614000+00:00");
        assert_eq!(at.rfc3339(), "2025-02-12T18:02:23Z");
        assert_eq!(at.seconds(), 1_739_383_343);
    }

    #[test]
    fn an_instant_is_read_in_any_iso_form() {
        let at = Some(Timestamp::from_millis(1_739_383_343_000));
        for text in [
            "2025-02-12T18:02:23Z",
            "2025-02-12T18:02:23.000000+00:00",
            "2025-02-12T19:02:23+01:00",
            "2025-02-12T18:02:23",
            "2025-02-12 18:02:23",
        ] {
            assert_eq!(Timestamp::parse_iso(text), at, "{text}");
        }
        let midnight = Timestamp::from_millis(1_739_318_400_000);
        assert_eq!(Timestamp::parse_iso("2025-02-12"), Some(midnight));
        assert_eq!(Timestamp::parse_iso("yesterday"), None);
    }

    #[test]
    fn what_lies_ahead_is_no_time_ago() {
        let now = Timestamp::from_millis(1000);
        assert_eq!(now.since(now + Duration::from_secs(1)), Duration::ZERO);
        assert_eq!(
            (now + Duration::from_secs(1)).since(now),
            Duration::from_secs(1)
        );
    }
}
