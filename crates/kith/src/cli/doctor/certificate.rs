//! Until when a certificate is valid.
//!
//! Of all of X.509 this wants two dates, so it walks the few levels of DER (ITU-T X.690) that lead to them, instead of bringing
//! a parser for the rest.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::finding::Finding;
use crate::config::Config;
use crate::tls;

/// How long before its end a certificate is worth a warning: most are renewed a month ahead.
const SOON_SECONDS: i64 = 14 * 24 * 3600;

/// When a certificate is valid, in Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Validity {
    from: i64,
    until: i64,
}

pub(super) fn check(config: &Config, now: i64) -> Finding {
    const NAME: &str = "certificate";
    let Some(path) = tls::certificate(config) else {
        return Finding::ok(NAME, "TLS is off here");
    };
    let shown = path.display();
    if !path.exists() && config.tls == crate::config::Tls::SelfSigned {
        return Finding::ok(NAME, format!("{shown} is made by the first start"));
    }
    let remedy = "check `tls_cert`: it wants the certificate, then those of its issuers, in PEM";
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            return Finding::failed(NAME, format!("{shown} can't be read: {error}"), remedy);
        }
    };
    match first_in_pem(&text).and_then(|der| validity(&der)) {
        None => Finding::failed(NAME, format!("{shown} holds no certificate"), remedy),
        Some(validity) => judge(&shown.to_string(), validity, now),
    }
}

fn judge(shown: &str, validity: Validity, now: i64) -> Finding {
    const NAME: &str = "certificate";
    let until = day(validity.until);
    if now < validity.from {
        return Finding::failed(
            NAME,
            format!("{shown} is valid from {} on only", day(validity.from)),
            "check the machine's clock",
        );
    }
    if now >= validity.until {
        return Finding::failed(
            NAME,
            format!("{shown} has expired on {until}"),
            "renew it; Kith reads the files again by itself",
        );
    }
    if validity.until - now < SOON_SECONDS {
        return Finding::warning(
            NAME,
            format!("{shown} expires on {until}"),
            "renew it; Kith reads the files again by itself",
        );
    }
    Finding::ok(NAME, format!("{shown} is valid until {until}"))
}

fn day(second: i64) -> String {
    jiff::Timestamp::from_second(second).map_or_else(
        |_| "an unknown day".to_owned(),
        |at| at.strftime("%Y-%m-%d").to_string(),
    )
}

/// The first certificate of a PEM file (RFC 7468 §5), in DER.
fn first_in_pem(text: &str) -> Option<Vec<u8>> {
    let (_, after) = text.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = after.split_once("-----END CERTIFICATE-----")?;
    let body: String = body.split_whitespace().collect();
    STANDARD.decode(body).ok()
}

/// `Certificate ::= { tbsCertificate { [0] version, serialNumber, signature, issuer, validity { notBefore, notAfter } … } … }`
/// (RFC 5280 §4.1).
fn validity(der: &[u8]) -> Option<Validity> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    let (_, certificate, _) = element(der).filter(|(tag, ..)| *tag == SEQUENCE)?;
    let (_, mut fields, _) = element(certificate).filter(|(tag, ..)| *tag == SEQUENCE)?;
    let (tag, _, rest) = element(fields)?;
    if tag == VERSION {
        fields = rest;
    }
    for _ in ["serialNumber", "signature", "issuer"] {
        (_, _, fields) = element(fields)?;
    }
    let (_, dates, _) = element(fields).filter(|(tag, ..)| *tag == SEQUENCE)?;
    let (tag, from, dates) = element(dates)?;
    let from = instant(tag, from)?;
    let (tag, until, _) = element(dates)?;
    Some(Validity {
        from,
        until: instant(tag, until)?,
    })
}

/// The tag and content of the first element, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, length], rest) = der.split_first_chunk()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(length - 0x80))?;
            (
                bytes
                    .iter()
                    .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
                rest,
            )
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// `UTCTime` (YYMMDDHHMMSSZ, where 50 is 1950) or `GeneralizedTime` (YYYYMMDDHHMMSSZ), as RFC 5280 §4.1.2.5 narrows them.
fn instant(tag: u8, text: &[u8]) -> Option<i64> {
    const UTC_TIME: u8 = 0x17;
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let text = match tag {
        UTC_TIME if text.get(..2)? < "50" => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        _ => text.to_owned(),
    };
    let at = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", text).ok()?;
    Some(
        at.to_zoned(jiff::tz::TimeZone::UTC)
            .ok()?
            .timestamp()
            .as_second(),
    )
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::super::finding::State;
    use super::*;

    fn certificate(from: i32, until: i32) -> String {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 3, 1);
        params.not_after = date_time_ymd(until, 3, 1);
        params
            .self_signed(&KeyPair::generate().unwrap())
            .unwrap()
            .pem()
    }

    #[test]
    fn both_dates_are_read_in_both_forms() {
        for (from, until) in [(2024, 2034), (1999, 2060)] {
            let validity = validity(&first_in_pem(&certificate(from, until)).unwrap()).unwrap();
            assert_eq!(day(validity.from), format!("{from}-03-01"));
            assert_eq!(day(validity.until), format!("{until}-03-01"));
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let der = first_in_pem(&certificate(2024, 2034)).unwrap();
        for end in 0..der.len() {
            let _ = validity(&der[..end]);
        }
        for at in 0..200 {
            let mut changed = der.clone();
            changed[at] = 0xff;
            let _ = validity(&changed);
        }
    }

    #[test]
    fn an_end_in_sight_is_a_warning_and_a_passed_one_a_failure() {
        let validity = Validity {
            from: 1_000,
            until: 10_000_000,
        };
        assert_eq!(judge("x", validity, 999).state, State::Failed);
        assert_eq!(judge("x", validity, 1_000).state, State::Ok);
        assert_eq!(
            judge("x", validity, 10_000_000 - SOON_SECONDS + 1).state,
            State::Warning
        );
        assert_eq!(judge("x", validity, 10_000_000).state, State::Failed);
    }
}
