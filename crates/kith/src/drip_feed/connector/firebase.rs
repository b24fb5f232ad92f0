//! Firebase Authentication: `accounts:signInWithPassword`, then `accounts:lookup` for what is known of the person.
//!
//! Identity Toolkit REST reference, v1.

use futures::FutureExt as _;
use import::UserRecord;
use serde_json::{Map, Value, json};

use super::call::{self, unexpected};
use super::{Connector, Field, NotRight, Question, claims};

const HOST: &str = "identitytoolkit.googleapis.com";

pub(super) const CONNECTOR: Connector = Connector {
    name: "firebase",
    label: "Firebase",
    fields: &[
        Field::secret("api_key"),
        Field::place("url", "https://identitytoolkit.googleapis.com").optional(),
    ],
    ask: |question| ask(question).boxed(),
    finder: None,
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let body = json!({
        "email": question.identifier,
        "password": question.password.reveal(),
        "returnSecureToken": true,
    });
    let reply = call::post_json(
        question,
        endpoint(question, "signInWithPassword")?,
        &body,
        &[],
    )
    .await?;
    if !reply.status.is_success() {
        let said = reply.body["error"]["message"].as_str().unwrap_or_default();
        let word = said.split([' ', ':']).next().unwrap_or_default();
        return Err(match word {
            "INVALID_LOGIN_CREDENTIALS"
            | "INVALID_PASSWORD"
            | "EMAIL_NOT_FOUND"
            | "INVALID_EMAIL" => NotRight::Wrong,
            "USER_DISABLED" => NotRight::Locked,
            "TOO_MANY_ATTEMPTS_TRY_LATER" | "QUOTA_EXCEEDED" => NotRight::TooMany(None),
            _ => unexpected(reply.status, said),
        });
    }
    let Some(id) = claims::text_of(reply.body.get("localId")) else {
        let reason =
            "Firebase answered without a user id; is the address that of the Identity Toolkit?";
        return Err(NotRight::Unclear(reason.to_owned()));
    };
    let mut account = reply.body.clone();
    let token = reply.text("idToken");
    // With a second factor there is no token yet; the password was right all the same.
    if !token.is_empty() {
        let asked = call::post_json(
            question,
            endpoint(question, "lookup")?,
            &json!({"idToken": token}),
            &[],
        )
        .await?;
        if let Some(known) = asked.body["users"].get(0) {
            account = known.clone();
        }
    }
    let of = |name: &str| account.get(name).cloned().unwrap_or_default();
    let told: Map<String, Value> = [
        ("sub", Value::from(id)),
        ("email", of("email")),
        ("email_verified", of("emailVerified")),
        ("name", of("displayName")),
        ("picture", of("photoUrl")),
        ("phone_number", of("phoneNumber")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect();
    Ok(claims::record(&told))
}

fn endpoint(question: &Question<'_>, verb: &str) -> Result<url::Url, NotRight> {
    let base = question.values.given("url").unwrap_or(HOST);
    let mut url = call::address(base, &format!("/v1/accounts:{verb}"))?;
    url.query_pairs_mut()
        .append_pair("key", question.values.get("api_key"));
    Ok(url)
}
