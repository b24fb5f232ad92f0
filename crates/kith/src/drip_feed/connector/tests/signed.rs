//! A user pool of Cognito that is asked with a key.

use super::*;
use crate::time::Timestamp;
use crate::workflows::sigv4;

/// A user pool that answers signed requests only.
struct Pool;

const KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

impl wiremock::Respond for Pool {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        let refuse = |kind: &str, said: &str| {
            ResponseTemplate::new(400).set_body_json(json!({"__type": kind, "message": said}))
        };
        if !is_signed(request) {
            return refuse("InvalidSignatureException", "The signature does not match.");
        }
        let body: Value = request.body_json().unwrap();
        assert_eq!(body["UserPoolId"], "eu-central-1_a");
        let action = request.headers["x-amz-target"].to_str().unwrap();
        let action = action.rsplit('.').next().unwrap();
        let user = json!({"Username": "ada", "Enabled": true, "UserAttributes": [
            {"Name": "sub", "Value": "c1"}, {"Name": "email", "Value": "ada@example.com"}, {"Name": "email_verified", "Value": "true"},
        ]});
        match (action, body["Username"].as_str(), body["AuthFlow"].as_str()) {
            ("AdminGetUser", Some("ada@example.com"), _) => {
                ResponseTemplate::new(200).set_body_json(user)
            }
            ("AdminGetUser", ..) => refuse("UserNotFoundException", "User does not exist."),
            ("AdminInitiateAuth", _, Some("ADMIN_USER_PASSWORD_AUTH")) => {
                if body["AuthParameters"]["PASSWORD"] == PASSWORD {
                    let challenge = json!({"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "s"});
                    ResponseTemplate::new(200).set_body_json(challenge)
                } else {
                    refuse("NotAuthorizedException", "Incorrect username or password.")
                }
            }
            _ => refuse("InvalidParameterException", "The flow is not enabled."),
        }
    }
}

/// Whether the request has the signature that these very headers and this body have under the key, as AWS would compute it.
fn is_signed(request: &wiremock::Request) -> bool {
    let text = |name: &str| {
        let value = request.headers.get(name)?;
        Some(value.to_str().ok()?.to_owned())
    };
    let (Some(authorization), Some(date), Some(host)) =
        (text("authorization"), text("x-amz-date"), text("host"))
    else {
        return false;
    };
    let names = authorization.split("SignedHeaders=").nth(1).unwrap();
    let names: Vec<_> = names.split(',').next().unwrap().split(';').collect();
    assert!(names.contains(&"host") && names.contains(&"x-amz-target"));
    let said = names
        .iter()
        .filter(|name| !["host", "x-amz-date"].contains(name));
    let headers: Vec<_> = said
        .map(|name| ((*name).to_owned(), text(name).unwrap_or_default()))
        .collect();
    let url = url::Url::parse(&format!("http://{host}{}", request.url.path())).unwrap();
    let instant = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &date[..4],
        &date[4..6],
        &date[6..8],
        &date[9..11],
        &date[11..13],
        &date[13..15]
    );
    let instant: jiff::Timestamp = instant.parse().unwrap();
    let credentials = sigv4::Credentials {
        region: "eu-central-1".to_owned(),
        service: "cognito-idp".to_owned(),
        access_key_id: "AKIDEXAMPLE".to_owned(),
        secret_access_key: Secret::new(KEY),
        session_token: None,
    };
    let unsigned = sigv4::Unsigned {
        method: request.method.as_str(),
        url: &url,
        headers: &headers,
        body: &request.body,
    };
    let now = Timestamp::from_millis(instant.as_millisecond());
    let expected = sigv4::sign(&unsigned, &credentials, now);
    expected.last().unwrap().1 == authorization
}

#[tokio::test]
async fn cognito_with_a_key_is_asked_by_signed_calls_and_looks_people_up() {
    let app = app().await;
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(Pool)
        .mount(&server)
        .await;
    let url = server.uri();
    let with = |key: &'static str, pool: &'static str| {
        [
            ("region", "eu-central-1"),
            ("client_id", "kith"),
            ("client_secret", "hush"),
            ("user_pool_id", pool),
            ("access_key_id", "AKIDEXAMPLE"),
            ("secret_access_key", key),
            ("url", url.as_str()),
        ]
    };
    let fields = with(KEY, "eu-central-1_a");
    // The profile comes along even where a second factor would be asked for next.
    let ada = ask(&app, "cognito", &fields, "ada@example.com")
        .await
        .unwrap();
    assert_eq!(ada.provided_id.as_deref(), Some("c1"));
    assert!(ada.identities[0].is_verified());
    let found = look_up(&app, "cognito", &fields, "ada@example.com").await;
    assert_eq!(found, Ok(Some(ada)));
    let nobody = look_up(&app, "cognito", &fields, "bea@example.com").await;
    assert_eq!(nobody, Ok(None));
    for fields in [with("another key", "eu-central-1_a"), with(KEY, "")] {
        let refused = ask(&app, "cognito", &fields, "ada@example.com").await;
        assert!(matches!(refused, Err(NotRight::Unclear(_))), "{refused:?}");
        let refused = look_up(&app, "cognito", &fields, "ada@example.com").await;
        assert!(matches!(refused, Err(NotRight::Unclear(_))), "{refused:?}");
    }
    // Without a key nobody can be looked up, and nobody is.
    let without = [fields[0], fields[1], fields[6]];
    let nobody = look_up(&app, "cognito", &without, "ada@example.com").await;
    assert_eq!(nobody, Ok(None));
    let is_given = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        move |field: &str| names.iter().any(|name| name == field)
    };
    let cognito = super::super::find("cognito").unwrap();
    assert!(!cognito.can_find(is_given(&["client_id", "user_pool_id"])));
    assert!(cognito.can_find(is_given(&[
        "user_pool_id",
        "access_key_id",
        "secret_access_key"
    ])));
    assert!(!super::super::find("firebase").unwrap().can_find(|_| true));
}
