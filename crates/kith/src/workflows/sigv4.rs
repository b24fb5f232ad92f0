//! AWS Signature Version 4, so that no workflow has to write it.
//!
//! Pure: the request and the instant go in, the headers to add come out. The canonical forms are those of the AWS General Reference,
//! "Create a signed AWS API request"; the tests are AWS's own vectors.

use std::fmt::Write as _;

use aws_lc_rs::hmac;
use url::Url;

use crate::secret::{Secret, sha256_hex};
use crate::time::Timestamp;

/// For what a request is signed, and with which key.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Such as `eu-central-1`.
    pub region: String,
    /// Such as `cognito-idp`.
    pub service: String,
    /// The key's id.
    pub access_key_id: String,
    /// The key.
    pub secret_access_key: Secret,
    /// With temporary credentials.
    pub session_token: Option<Secret>,
}

/// A request that is to be signed.
#[derive(Debug, Clone, Copy)]
pub struct Unsigned<'a> {
    /// In capitals.
    pub method: &'a str,
    /// Where to.
    pub url: &'a Url,
    /// What it says already; each is signed.
    pub headers: &'a [(String, String)],
    /// The whole body.
    pub body: &'a [u8],
}

/// The headers to add: `x-amz-date`, `x-amz-security-token` where there is one, and `authorization`.
#[must_use]
pub fn sign(
    request: &Unsigned<'_>,
    credentials: &Credentials,
    now: Timestamp,
) -> Vec<(String, String)> {
    let instant = compact(now);
    let day = &instant[..8];
    let mut added = vec![("x-amz-date".to_owned(), instant.clone())];
    if let Some(token) = &credentials.session_token {
        added.push(("x-amz-security-token".to_owned(), token.reveal().to_owned()));
    }
    let headers = canonical_headers(request, &added);
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(";");
    let canonical = format!(
        "{}\n{}\n{}\n{}\n{names}\n{}",
        request.method,
        canonical_path(request.url, &credentials.service),
        canonical_query(request.url),
        headers
            .iter()
            .fold(String::new(), |text, (name, value)| text
                + name
                + ":"
                + value
                + "\n"),
        sha256_hex(request.body),
    );
    let scope = format!(
        "{day}/{}/{}/aws4_request",
        credentials.region, credentials.service
    );
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{instant}\n{scope}\n{}",
        sha256_hex(canonical.as_bytes())
    );
    let signature = hex::encode(mac(&signing_key(credentials, day), &to_sign));
    let id = &credentials.access_key_id;
    added.push((
        "authorization".to_owned(),
        format!(
            "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"
        ),
    ));
    added
}

/// `20150830T123600Z`.
fn compact(now: Timestamp) -> String {
    let mut text: String = now
        .rfc3339()
        .chars()
        .filter(|c| !matches!(c, '-' | ':'))
        .collect();
    text.truncate(15);
    text + "Z"
}

fn signing_key(credentials: &Credentials, day: &str) -> Vec<u8> {
    let first = format!("AWS4{}", credentials.secret_access_key.reveal());
    [
        day,
        credentials.region.as_str(),
        credentials.service.as_str(),
        "aws4_request",
    ]
    .iter()
    .fold(first.into_bytes(), |key, part| mac(&key, part))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
        .as_ref()
        .to_vec()
}

/// Names in small letters and in order, values of one name together, runs of spaces as one.
fn canonical_headers(request: &Unsigned<'_>, added: &[(String, String)]) -> Vec<(String, String)> {
    let port = request
        .url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let host = format!("{}{port}", request.url.host_str().unwrap_or_default());
    let mut all = vec![("host".to_owned(), host)];
    let said = request.headers.iter().chain(added);
    for (name, value) in said {
        let name = name.to_lowercase();
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        match all.iter_mut().find(|(known, _)| *known == name) {
            Some(_) if name == "host" => {}
            Some((_, known)) => *known = format!("{known},{value}"),
            None => all.push((name, value)),
        }
    }
    all.sort();
    all
}

/// The path, encoded again as every service but S3 wants it.
fn canonical_path(url: &Url, service: &str) -> String {
    let path = url.path();
    if service == "s3" {
        return path.to_owned();
    }
    let mut folders: Vec<String> = Vec::new();
    for part in path.split('/').skip(1).filter(|part| !part.is_empty()) {
        folders.push(encode(part));
    }
    let tail = if path.len() > 1 && path.ends_with('/') {
        "/"
    } else {
        ""
    };
    format!("/{}{tail}", folders.join("/"))
}

fn canonical_query(url: &Url) -> String {
    let mut pairs: Vec<_> = url
        .query_pairs()
        .map(|(name, value)| (encode(&name), encode(&value)))
        .collect();
    pairs.sort();
    let pairs: Vec<_> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

/// Every byte but the unreserved ones (RFC 3986 §2.3) as `%XX`.
fn encode(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            shown.push(char::from(byte));
        } else {
            // A text takes whatever is written.
            let _ = write!(shown, "%{byte:02X}");
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2015-08-30T12:36:00Z, the instant of AWS's test suite.
    const NOW: Timestamp = Timestamp::from_millis(1_440_938_160_000);

    fn credentials() -> Credentials {
        Credentials {
            region: "us-east-1".to_owned(),
            service: "service".to_owned(),
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session_token: None,
        }
    }

    fn signature(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> String {
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let url = Url::parse(url).unwrap();
        let request = Unsigned {
            method,
            url: &url,
            headers: &headers,
            body: body.as_bytes(),
        };
        let added = sign(&request, &credentials(), NOW);
        let authorization = &added.last().unwrap().1;
        authorization
            .rsplit_once("Signature=")
            .unwrap()
            .1
            .to_owned()
    }

    #[test]
    fn the_published_vectors_come_out() {
        let here = "https://example.amazonaws.com/";
        // get-vanilla
        assert_eq!(
            signature("GET", here, &[], ""),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        );
        // get-vanilla-query-order-key-case
        assert_eq!(
            signature(
                "GET",
                &format!("{here}?Param2=value2&Param1=value1"),
                &[],
                ""
            ),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
        );
        // post-vanilla
        assert_eq!(
            signature("POST", here, &[], ""),
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
        );
        // post-x-www-form-urlencoded
        assert_eq!(
            signature(
                "POST",
                here,
                &[("Content-Type", "application/x-www-form-urlencoded")],
                "Param1=value1"
            ),
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
        );
        // get-header-key-duplicate
        assert_eq!(
            signature(
                "GET",
                here,
                &[
                    ("My-Header1", "value2"),
                    ("My-Header1", "value2"),
                    ("My-Header1", "value1")
                ],
                ""
            ),
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"
        );
    }

    #[test]
    fn a_session_token_is_sent_and_signed() {
        let url = Url::parse("https://cognito-idp.eu-central-1.amazonaws.com/").unwrap();
        let request = Unsigned {
            method: "POST",
            url: &url,
            headers: &[],
            body: b"{}",
        };
        let credentials = Credentials {
            session_token: Some(Secret::new("token")),
            ..credentials()
        };
        let added = sign(&request, &credentials, NOW);
        assert_eq!(
            added[0],
            ("x-amz-date".to_owned(), "20150830T123600Z".to_owned())
        );
        assert_eq!(
            added[1],
            ("x-amz-security-token".to_owned(), "token".to_owned())
        );
        assert!(
            added[2]
                .1
                .contains("SignedHeaders=host;x-amz-date;x-amz-security-token")
        );
    }
}
