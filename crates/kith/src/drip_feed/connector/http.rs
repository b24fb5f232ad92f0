//! One's own endpoint: it is sent who and which password, and answers who that is.
//!
//! The body is `{"email": …, "password": …}` (`"identifier"` in place of `email` where no address was typed). With an encryption
//! key the whole body is one text, as workflows send it with `secureFetch`: base64url of nonce, tag and ciphertext of AES-256-GCM.
//! A status of the 200s says that the password is right; its JSON may describe the person in the words of OpenID Connect, with
//! `organizations` and `roles` beside. 401, 403, 404 and 422 say that it is wrong, 423 that the person is kept out, 429 that it is
//! asked too often; anything else is no answer.

use futures::FutureExt as _;
use import::UserRecord;
use import::identifier::EmailAddress;
use reqwest::Method;
use serde_json::{Value, json};

use super::call::{self, unexpected};
use super::{Connector, Field, NotRight, Question, claims};
use crate::workflows::secure::{Encoding, SecureKey};

pub(super) const CONNECTOR: Connector = Connector {
    name: "http",
    label: "HTTP",
    fields: &[
        Field::place("url", "https://old.example.com/check-password"),
        Field::secret("bearer_token").optional(),
        Field::secret("encryption_key").optional(),
    ],
    ask: |question| ask(question).boxed(),
    finder: None,
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let values = question.values;
    let name = if EmailAddress::parse(question.identifier).is_ok() {
        "email"
    } else {
        "identifier"
    };
    let text =
        json!({name: question.identifier, "password": question.password.reveal()}).to_string();
    let body = match values.given("encryption_key") {
        None => text,
        Some(key) => {
            let key = SecureKey::parse(key, Encoding::Base64Url).ok_or_else(|| {
                NotRight::Unclear(
                    "the encryption key is not 32 bytes in base64; enter it again".to_owned(),
                )
            })?;
            key.encrypt(&text, question.app.random_bytes())
        }
    };
    let bearer = values
        .given("bearer_token")
        .map(|token| format!("Bearer {token}"));
    let caller = question.caller.map(|address| address.to_string());
    let mut headers: Vec<_> = bearer
        .iter()
        .map(|bearer| ("authorization", bearer.as_str()))
        .collect();
    headers.extend(
        caller
            .iter()
            .map(|caller| ("x-forwarded-for", caller.as_str())),
    );
    let url = call::address(values.get("url"), "")?;
    let reply = call::send(
        question,
        (Method::POST, url),
        ("application/json", body),
        &headers,
    )
    .await?;
    match reply.status.as_u16() {
        200..=299 => match &reply.body {
            Value::Object(told) => Ok(claims::record(told)),
            _ => Err(NotRight::Unclear(
                "the endpoint answered with something else than a JSON object; an empty one will do".to_owned(),
            )),
        },
        401 | 403 | 404 | 422 => Err(NotRight::Wrong),
        423 => Err(NotRight::Locked),
        _ => Err(unexpected(reply.status, reply.text("message"))),
    }
}
