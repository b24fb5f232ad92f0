//! Amazon Cognito: `InitiateAuth` with `USER_PASSWORD_AUTH`, then `GetUser` for the attributes. Neither needs a key of AWS; the
//! app client needs `ALLOW_USER_PASSWORD_AUTH`.
//!
//! Amazon Cognito user pools API reference, `InitiateAuth`, `GetUser`, “Common errors”.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures::FutureExt as _;
use import::UserRecord;
use serde_json::{Map, Value, json};

use super::call::{self, Reply, unexpected};
use super::{Connector, Field, NotRight, Question, claims};

pub(super) const CONNECTOR: Connector = Connector {
    name: "cognito",
    label: "Amazon Cognito",
    fields: &[
        Field::plain("region", "eu-central-1"),
        Field::plain("client_id", ""),
        Field::secret("client_secret").optional(),
        Field::plain("url", "https://cognito-idp.eu-central-1.amazonaws.com").optional(),
    ],
    ask: |question| ask(question).boxed(),
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let values = question.values;
    let client = values.get("client_id");
    let mut parameters = json!({
        "USERNAME": question.identifier,
        "PASSWORD": question.password.reveal(),
    });
    if let Some(secret) = values.given("client_secret") {
        parameters["SECRET_HASH"] = secret_hash(secret, question.identifier, client).into();
    }
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": client,
        "AuthParameters": parameters,
    });
    let reply = call(question, "InitiateAuth", &body).await?;
    if !reply.status.is_success() {
        return Err(refusal(&reply));
    }
    let token = reply.body["AuthenticationResult"]["AccessToken"].as_str();
    let challenge = claims::text_of(reply.body.get("ChallengeName"));
    match (token, challenge) {
        (Some(token), _) => {
            let told = call(question, "GetUser", &json!({"AccessToken": token})).await?;
            if told.status.is_success() {
                Ok(person(&told.body))
            } else {
                Err(unexpected(told.status, told.text("message")))
            }
        }
        // A challenge comes after the password was right: a second factor, a new password.
        (None, Some(_)) => Ok(UserRecord::default()),
        (None, None) => Err(NotRight::Unclear(
            "Cognito answered with neither tokens nor a challenge; is the address that of the user pool's region?".to_owned(),
        )),
    }
}

async fn call(question: &Question<'_>, action: &str, body: &Value) -> Result<Reply, NotRight> {
    let values = question.values;
    let usual = format!("cognito-idp.{}.amazonaws.com", values.get("region"));
    let url = call::address(values.given("url").unwrap_or(&usual), "/")?;
    let target = format!("AWSCognitoIdentityProviderService.{action}");
    let headers = [("x-amz-target", target.as_str())];
    let body = ("application/x-amz-json-1.1", body.to_string());
    call::send(question, (reqwest::Method::POST, url), body, &headers).await
}

fn refusal(reply: &Reply) -> NotRight {
    let said = reply.text("message");
    // The type may come with the name of a service before it.
    let kind = reply.text("__type").rsplit('#').next().unwrap_or_default();
    match kind {
        "NotAuthorizedException" if said.contains("disabled") => NotRight::Locked,
        "NotAuthorizedException" if said.contains("attempts exceeded") => NotRight::TooMany(None),
        // Of a client without its secret, or with a wrong one, no password is right.
        "NotAuthorizedException" if said.contains("client") => unexpected(reply.status, said),
        "NotAuthorizedException"
        | "UserNotFoundException"
        | "UserNotConfirmedException"
        | "PasswordResetRequiredException" => NotRight::Wrong,
        "TooManyRequestsException" | "LimitExceededException" => NotRight::TooMany(None),
        "InternalErrorException" => NotRight::Down(said.to_owned()),
        _ => unexpected(reply.status, said),
    }
}

fn person(user: &Value) -> UserRecord {
    let attributes = user["UserAttributes"].as_array();
    let told: Map<String, Value> = attributes
        .into_iter()
        .flatten()
        .filter_map(|attribute| {
            Some((
                attribute["Name"].as_str()?.to_owned(),
                attribute["Value"].clone(),
            ))
        })
        .collect();
    claims::record(&told)
}

/// Base64 of HMAC-SHA-256 of username and client id under the client's secret (Cognito developer guide, “Computing secret hash
/// values”).
fn secret_hash(secret: &str, username: &str, client: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    BASE64.encode(hmac::sign(&key, format!("{username}{client}").as_bytes()))
}
