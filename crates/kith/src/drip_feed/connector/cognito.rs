//! Amazon Cognito, in one of two ways.
//!
//! Without a key of AWS: `InitiateAuth` with `USER_PASSWORD_AUTH`, then `GetUser` for the attributes; the app client needs
//! `ALLOW_USER_PASSWORD_AUTH`. With one: `AdminInitiateAuth` with `ADMIN_USER_PASSWORD_AUTH`, then `AdminGetUser`, both signed; the
//! app client needs `ALLOW_ADMIN_USER_PASSWORD_AUTH`, and people can be looked up without a password.
//!
//! Amazon Cognito user pools API reference, `InitiateAuth`, `GetUser`, `AdminInitiateAuth`, `AdminGetUser`, “Common errors”.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures::FutureExt as _;
use import::UserRecord;
use serde_json::{Map, Value, json};

use super::call::{self, Reply, unexpected};
use super::{Connector, Field, Finder, Lookup, NotRight, Question, Values, claims};
use crate::secret::Secret;
use crate::workflows::sigv4::{self, Credentials, Unsigned};

/// What a key of AWS is filled in with.
const ADMIN_FIELDS: [&str; 3] = ["user_pool_id", "access_key_id", "secret_access_key"];

pub(super) const CONNECTOR: Connector = Connector {
    name: "cognito",
    label: "Amazon Cognito",
    fields: &[
        Field::place("region", "eu-central-1"),
        Field::plain("client_id", ""),
        Field::secret("client_secret").optional(),
        Field::plain("user_pool_id", "eu-central-1_aB3dE5fG7").optional(),
        Field::secret("access_key_id").optional(),
        Field::secret("secret_access_key").optional(),
        Field::place("url", "https://cognito-idp.eu-central-1.amazonaws.com").optional(),
    ],
    ask: |question| ask(question).boxed(),
    finder: Some(Finder {
        needs: &ADMIN_FIELDS,
        find: |lookup| find(lookup).boxed(),
    }),
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let values = question.values;
    let client = values.get("client_id");
    let credentials = credentials(values)?;
    let mut parameters = json!({
        "USERNAME": question.identifier,
        "PASSWORD": question.password.reveal(),
    });
    if let Some(secret) = values.given("client_secret") {
        parameters["SECRET_HASH"] = secret_hash(secret, question.identifier, client).into();
    }
    let mut body = json!({"ClientId": client, "AuthParameters": parameters});
    let (action, flow) = if credentials.is_some() {
        body["UserPoolId"] = values.get("user_pool_id").into();
        ("AdminInitiateAuth", "ADMIN_USER_PASSWORD_AUTH")
    } else {
        ("InitiateAuth", "USER_PASSWORD_AUTH")
    };
    body["AuthFlow"] = flow.into();
    let reply = call(question, action, &body, credentials.as_ref()).await?;
    if !reply.status.is_success() {
        return Err(refusal(&reply));
    }
    let token = reply.body["AuthenticationResult"]["AccessToken"].as_str();
    let challenge = claims::text_of(reply.body.get("ChallengeName"));
    if token.is_none() && challenge.is_none() {
        return Err(NotRight::Unclear(
            "Cognito answered with neither tokens nor a challenge; is the address that of the user pool's region?".to_owned(),
        ));
    }
    match (credentials, token) {
        (Some(credentials), _) => {
            let told = get_user(question, &credentials).await?;
            told.ok_or(NotRight::Wrong)
        }
        (None, Some(token)) => {
            let body = json!({"AccessToken": token});
            let told = call(question, "GetUser", &body, None).await?;
            if told.status.is_success() {
                Ok(person(&told.body))
            } else {
                Err(unexpected(told.status, told.text("message")))
            }
        }
        // A challenge comes after the password was right: a second factor, a new password.
        (None, None) => Ok(UserRecord::default()),
    }
}

async fn find(lookup: &Lookup<'_>) -> Result<Option<UserRecord>, NotRight> {
    match credentials(lookup.values)? {
        Some(credentials) => get_user(lookup, &credentials).await,
        None => Ok(None),
    }
}

/// Somebody of the user pool, by whatever name they may sign in with; none where there is nobody.
async fn get_user(
    lookup: &Lookup<'_>,
    credentials: &Credentials,
) -> Result<Option<UserRecord>, NotRight> {
    let body = json!({
        "UserPoolId": lookup.values.get("user_pool_id"),
        "Username": lookup.identifier,
    });
    let told = call(lookup, "AdminGetUser", &body, Some(credentials)).await?;
    if told.status.is_success() {
        return match told.body["Enabled"].as_bool() {
            Some(false) => Err(NotRight::Locked),
            _ => Ok(Some(person(&told.body))),
        };
    }
    match refusal(&told) {
        NotRight::Wrong => Ok(None),
        not_right => Err(not_right),
    }
}

/// What requests are signed with; none where no key was filled in.
fn credentials(values: &Values) -> Result<Option<Credentials>, NotRight> {
    let given = ADMIN_FIELDS.map(|name| values.given(name));
    match given {
        [None, None, None] => Ok(None),
        [Some(_), Some(id), Some(key)] => Ok(Some(Credentials {
            region: values.get("region").to_owned(),
            service: "cognito-idp".to_owned(),
            access_key_id: id.to_owned(),
            secret_access_key: Secret::new(key),
            session_token: None,
        })),
        _ => Err(NotRight::Unclear(
            "the ID of the user pool, the ID of the access key and the key itself belong together; fill in all three, or none".to_owned(),
        )),
    }
}

async fn call(
    lookup: &Lookup<'_>,
    action: &str,
    body: &Value,
    credentials: Option<&Credentials>,
) -> Result<Reply, NotRight> {
    let values = lookup.values;
    let usual = format!("cognito-idp.{}.amazonaws.com", values.get("region"));
    let url = call::address(values.given("url").unwrap_or(&usual), "/")?;
    let body = body.to_string();
    let mut headers = vec![(
        "x-amz-target".to_owned(),
        format!("AWSCognitoIdentityProviderService.{action}"),
    )];
    if let Some(credentials) = credentials {
        let unsigned = Unsigned {
            method: "POST",
            url: &url,
            headers: &headers,
            body: body.as_bytes(),
        };
        headers.extend(sigv4::sign(&unsigned, credentials, lookup.app.now()));
    }
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let body = ("application/x-amz-json-1.1", body);
    call::send(lookup, (reqwest::Method::POST, url), body, &headers).await
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
