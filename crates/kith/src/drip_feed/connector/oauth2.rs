//! Any server with the password grant of OAuth 2.0 (RFC 6749 §4.3), and a user info endpoint where it has one (OpenID Connect
//! Core 1.0 §5.3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures::FutureExt as _;
use import::UserRecord;

use super::{Connector, Field, NotRight, Question, call, claims, grant};

pub(super) const CONNECTOR: Connector = Connector {
    name: "oauth2",
    label: "OAuth 2.0",
    fields: &[
        Field::place("token_url", "https://login.example.com/oauth/token"),
        Field::plain("client_id", ""),
        Field::secret("client_secret").optional(),
        Field::plain("scope", "openid profile email").optional(),
        Field::place("userinfo_url", "https://login.example.com/userinfo").optional(),
    ],
    ask: |question| ask(question).boxed(),
    finder: None,
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let values = question.values;
    let url = call::address(values.get("token_url"), "")?;
    let scope = values.given("scope").unwrap_or("openid profile email");
    let mut form = vec![("grant_type", "password"), ("scope", scope)];
    let client = values.get("client_id");
    // A secret goes into the header (RFC 6749 §2.3.1), which every server must take.
    let basic = values.given("client_secret").map(|secret| {
        format!(
            "Basic {}",
            BASE64.encode(format!("{}:{}", encoded(client), encoded(secret)))
        )
    });
    if basic.is_none() {
        form.push(("client_id", client));
    }
    let headers: Vec<_> = basic
        .iter()
        .map(|basic| ("authorization", basic.as_str()))
        .collect();
    let outcome = grant::ask(question, url, &form, &headers).await?;
    let grant::Outcome::Granted(granted) = &outcome else {
        return Ok(outcome.record());
    };
    let mut known = granted.claims();
    if let Some(userinfo) = values.given("userinfo_url") {
        let url = call::address(userinfo, "")?;
        let reply = call::get(question, url, granted.access_token()).await?;
        let told = reply.body.as_object().filter(|_| reply.status.is_success());
        let Some(told) = told else {
            return Err(call::unexpected(
                reply.status,
                "the user info endpoint tells nothing",
            ));
        };
        known.extend(told.clone());
    }
    Ok(claims::record(&known))
}

/// As a form encodes it (RFC 6749 §2.3.1).
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
