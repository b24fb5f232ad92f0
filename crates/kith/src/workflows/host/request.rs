//! A call as a program asks for it, read and judged.

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use script::HostError;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::refused;
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::workflows::sigv4::{self, Credentials, Unsigned};

/// What the prelude hands over.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wanted {
    pub(super) url: String,
    pub(super) method: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
    pub(super) response_format: Option<String>,
    aws: Option<Aws>,
}

/// How a call is signed for AWS.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Aws {
    region: String,
    service: String,
    access_key_id: String,
    secret_access_key: Secret,
    session_token: Option<Secret>,
}

/// A call that can be made.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) url: Url,
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// Whether the answer has to be JSON.
    pub(super) format: Format,
}

/// What a program takes for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// JSON, or the run fails.
    Json,
    /// Text.
    Text,
    /// JSON if it is.
    Either,
}

impl Wanted {
    pub(super) fn parse(value: Value) -> Result<Self, HostError> {
        serde_json::from_value(value)
            .map_err(|error| refused(format!("the call can't be understood: {error}")))
    }

    /// The headers that sign it, where it is to be signed.
    pub(super) fn signature(&self, now: Timestamp) -> Result<Vec<(String, String)>, HostError> {
        let Some(aws) = &self.aws else {
            return Ok(Vec::new());
        };
        let credentials = Credentials {
            region: aws.region.clone(),
            service: aws.service.clone(),
            access_key_id: aws.access_key_id.clone(),
            secret_access_key: aws.secret_access_key.clone(),
            session_token: aws.session_token.clone(),
        };
        let request = Unsigned {
            method: &self.method,
            url: &self.address()?,
            headers: &self.headers,
            body: self.body.as_deref().unwrap_or_default().as_bytes(),
        };
        Ok(sigv4::sign(&request, &credentials, now))
    }

    /// What must not be kept of it.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.aws
            .iter()
            .flat_map(|aws| std::iter::once(&aws.secret_access_key).chain(&aws.session_token))
    }

    fn address(&self) -> Result<Url, HostError> {
        Url::parse(&self.url)
            .map_err(|error| refused(format!("the address can't be read: {error}")))
    }

    pub(super) fn prepare(mut self, now: Timestamp) -> Result<Prepared, HostError> {
        self.headers.extend(self.signature(now)?);
        let url = self.address()?;
        let method = match self.method.as_str() {
            "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS" => self.method.parse(),
            _ => "".parse(),
        };
        let method =
            method.map_err(|_| refused(format!("the method {} is not one", self.method)))?;
        let format = match self.response_format.as_deref() {
            Some("json") => Format::Json,
            Some("text") => Format::Text,
            None => Format::Either,
            Some(other) => {
                return Err(refused(format!(
                    "responseFormat is \"json\" or \"text\", not {other}"
                )));
            }
        };
        Ok(Prepared {
            url,
            method,
            headers: headers(&self.headers)?,
            body: self.body.unwrap_or_default().into_bytes(),
            format,
        })
    }
}

/// The headers. Those that say how the message is framed, and to whom it goes, are not the program's.
fn headers(said: &[(String, String)]) -> Result<HeaderMap, HostError> {
    const OURS: &[&str] = &[
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "te",
        "trailer",
        "upgrade",
        "accept-encoding",
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in said {
        let lower = name.to_lowercase();
        if OURS.contains(&lower.as_str()) || lower.starts_with("proxy-") {
            continue;
        }
        let wrong =
            |what: &str| refused(format!("the header {lower} has {what} that can't be sent"));
        let name = HeaderName::try_from(lower.as_str()).map_err(|_| wrong("a name"))?;
        let value = HeaderValue::from_str(value).map_err(|_| wrong("a value"))?;
        headers.append(name, value);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wanted(value: &Value) -> Result<Prepared, HostError> {
        let mut all = json!({"url": "https://legacy.example.com/check", "method": "POST", "headers": [], "body": null});
        all.as_object_mut()
            .unwrap()
            .extend(value.as_object().unwrap().clone());
        Wanted::parse(all)?.prepare(Timestamp::from_millis(1_440_938_160_000))
    }

    #[test]
    fn the_framing_is_not_the_programs() {
        let headers = json!([
            ["Host", "evil.example"],
            ["Content-Length", "1"],
            ["X-Key", "1"],
            ["Proxy-Auth", "x"]
        ]);
        let prepared = wanted(&json!({"headers": headers})).unwrap();
        assert_eq!(prepared.headers.len(), 1);
        assert_eq!(prepared.headers["x-key"], "1");
    }

    #[test]
    fn what_can_not_be_sent_is_refused() {
        assert!(wanted(&json!({"method": "STEAL"})).is_err());
        assert!(wanted(&json!({"url": "nowhere"})).is_err());
        assert!(wanted(&json!({"headers": [["x", "a\nb"]]})).is_err());
        assert!(wanted(&json!({"responseFormat": "xml"})).is_err());
    }

    #[test]
    fn a_call_for_aws_is_signed() {
        let aws = json!({"region": "eu-central-1", "service": "cognito-idp", "accessKeyId": "AKID", "secretAccessKey": "k"});
        let prepared = wanted(&json!({"aws": aws})).unwrap();
        let signed = prepared.headers["authorization"].to_str().unwrap();
        assert!(
            signed
                .starts_with("AWS4-HMAC-SHA256 Credential=AKID/20150830/eu-central-1/cognito-idp/")
        );
        assert_eq!(prepared.headers["x-amz-date"], "20150830T123600Z");
    }
}
