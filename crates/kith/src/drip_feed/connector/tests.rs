//! Each connector against a stand-in that answers as the provider does.

mod databases;
mod lookup;
mod signed;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde_json::{Value, json};
use wiremock::matchers::{body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::testing::Installation;

const PASSWORD: &str = "Correct-Horse_42";

/// A stand-in that answers so whatever it is asked.
async fn provider(status: u16, body: &Value) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(status).set_body_json(body);
    Mock::given(method("POST"))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

/// Whoever asks, on whatever database: the connectors don't look at it.
async fn app() -> App {
    Installation::sqlite().await.app
}

async fn ask(
    app: &App,
    name: &str,
    values: &[(&str, &str)],
    identifier: &str,
) -> Result<UserRecord, NotRight> {
    let values = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Secret::new(*value)));
    let values = Values(values.collect());
    let question = Question {
        whose: whose(app, &values, identifier),
        password: &Secret::new(PASSWORD),
    };
    super::find(name).unwrap().ask(&question).await
}

/// Whoever may change an address must not get a key that they may not see.
#[test]
fn a_secret_goes_only_where_it_was_entered_for() {
    let keycloak = super::find("keycloak").unwrap();
    let check = |before: &[(&str, &'static str)], typed: &[(&str, &'static str)]| {
        let of = |all: &[(&str, &'static str)], name: &str| {
            all.iter()
                .find(|field| field.0 == name)
                .map(|field| field.1)
        };
        let field = keycloak.entered_for_elsewhere(|name| of(before, name), |name| of(typed, name));
        field.map(|field| field.name)
    };
    let (here, there) = (
        ("url", "https://login.example.com"),
        ("url", "https://login.example.org"),
    );
    let secret = ("client_secret", "s3cret");
    assert_eq!(check(&[here, secret], &[here]), None);
    assert_eq!(check(&[here, secret], &[here, ("realm", "other")]), None);
    assert_eq!(check(&[here, secret], &[there]), Some("client_secret"));
    assert_eq!(check(&[here, secret], &[]), Some("client_secret"));
    assert_eq!(check(&[here, secret], &[there, secret]), None);
    assert_eq!(check(&[here], &[there]), None);
}

fn whose<'a>(app: &'a App, values: &'a Values, identifier: &'a str) -> Lookup<'a> {
    Lookup {
        app,
        values,
        identifier,
        caller: Some("198.51.100.7".parse().unwrap()),
        patience: Duration::from_millis(500),
    }
}

/// Whom the provider finds; none where it finds nobody.
async fn look_up(
    app: &App,
    name: &str,
    values: &[(&str, &str)],
    identifier: &str,
) -> Result<Option<UserRecord>, NotRight> {
    let values = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Secret::new(*value)));
    let values = Values(values.collect());
    let lookup = whose(app, &values, identifier);
    super::find(name).unwrap().find(&lookup).await
}

fn token(claims: &Value) -> String {
    format!("e30.{}.c2ln", BASE64URL.encode(claims.to_string()))
}

/// The fields of each connector, all calls going to this address.
fn fields(name: &str, url: &str) -> Vec<(&'static str, String)> {
    let client = ("client_id", "kith".to_owned());
    let secret = ("client_secret", "hush".to_owned());
    match name {
        "auth0" => vec![("domain", url.to_owned()), client, secret],
        "cognito" => vec![
            ("region", "eu-central-1".to_owned()),
            client,
            ("url", url.to_owned()),
        ],
        "azure" => vec![
            ("tenant", "acme".to_owned()),
            client,
            ("policy", "B2C_1_ROPC".to_owned()),
            ("host", url.to_owned()),
        ],
        "firebase" => vec![("api_key", "key".to_owned()), ("url", url.to_owned())],
        "keycloak" => vec![
            ("url", url.to_owned()),
            ("realm", "acme".to_owned()),
            client,
        ],
        "supabase" => vec![("url", url.to_owned()), ("api_key", "anon".to_owned())],
        "oauth2" => vec![("token_url", format!("{url}/token")), client, secret],
        "http" => vec![("url", format!("{url}/check"))],
        other => panic!("no fields for {other}"),
    }
}

async fn ask_at(app: &App, name: &str, server: &MockServer) -> Result<UserRecord, NotRight> {
    let fields = fields(name, &server.uri());
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    ask(app, name, &fields, "ada@example.com").await
}

/// What each provider says, and what that means.
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn cases() -> Vec<(&'static str, u16, Value, Result<(), NotRight>)> {
    let oauth = |error: &str, said: &str| json!({"error": error, "error_description": said});
    let aws = |kind: &str, said: &str| json!({"__type": kind, "message": said});
    let google = |said: &str| json!({"error": {"code": 400, "message": said}});
    vec![
        ("auth0", 200, json!({"access_token": "a"}), Ok(())),
        (
            "auth0",
            403,
            oauth("mfa_required", "Multifactor authentication required"),
            Ok(()),
        ),
        (
            "auth0",
            403,
            oauth("invalid_grant", "Wrong email or password."),
            Err(NotRight::Wrong),
        ),
        (
            "auth0",
            401,
            oauth("unauthorized", "user is blocked"),
            Err(NotRight::Locked),
        ),
        (
            "auth0",
            429,
            oauth(
                "too_many_attempts",
                "Your account has been blocked after multiple consecutive login attempts.",
            ),
            Err(NotRight::TooMany(None)),
        ),
        (
            "azure",
            200,
            json!({"id_token": token(&json!({"oid": "1", "emails": ["ada@example.com"]}))}),
            Ok(()),
        ),
        (
            "azure",
            400,
            oauth(
                "access_denied",
                "AADB2C90225: The username or password provided in the request are invalid.",
            ),
            Err(NotRight::Wrong),
        ),
        (
            "azure",
            400,
            oauth(
                "access_denied",
                "AADB2C90114: The user's account has been temporarily locked.",
            ),
            Err(NotRight::Locked),
        ),
        ("keycloak", 200, json!({"access_token": "a"}), Ok(())),
        (
            "keycloak",
            400,
            oauth("invalid_grant", "Account is not fully set up"),
            Ok(()),
        ),
        (
            "keycloak",
            401,
            oauth("invalid_grant", "Invalid user credentials"),
            Err(NotRight::Wrong),
        ),
        (
            "keycloak",
            400,
            oauth("invalid_grant", "Account disabled"),
            Err(NotRight::Locked),
        ),
        ("oauth2", 200, json!({"access_token": "a"}), Ok(())),
        (
            "oauth2",
            400,
            oauth("invalid_grant", ""),
            Err(NotRight::Wrong),
        ),
        (
            "cognito",
            200,
            json!({"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "s"}),
            Ok(()),
        ),
        (
            "cognito",
            400,
            aws("NotAuthorizedException", "Incorrect username or password."),
            Err(NotRight::Wrong),
        ),
        (
            "cognito",
            400,
            aws(
                "com.amazonaws#UserNotFoundException",
                "User does not exist.",
            ),
            Err(NotRight::Wrong),
        ),
        (
            "cognito",
            400,
            aws("NotAuthorizedException", "User is disabled."),
            Err(NotRight::Locked),
        ),
        (
            "cognito",
            400,
            aws("NotAuthorizedException", "Password attempts exceeded"),
            Err(NotRight::TooMany(None)),
        ),
        (
            "cognito",
            400,
            aws("TooManyRequestsException", "Rate exceeded"),
            Err(NotRight::TooMany(None)),
        ),
        (
            "firebase",
            200,
            json!({"localId": "f1", "email": "ada@example.com", "mfaPendingCredential": "m"}),
            Ok(()),
        ),
        (
            "firebase",
            400,
            google("INVALID_LOGIN_CREDENTIALS"),
            Err(NotRight::Wrong),
        ),
        (
            "firebase",
            400,
            google("USER_DISABLED"),
            Err(NotRight::Locked),
        ),
        (
            "firebase",
            400,
            google(
                "TOO_MANY_ATTEMPTS_TRY_LATER : Access to this account has been temporarily disabled.",
            ),
            Err(NotRight::TooMany(None)),
        ),
        (
            "supabase",
            200,
            json!({"user": {"id": "s1", "email": "ada@example.com", "email_confirmed_at": "2025-01-01T00:00:00Z"}}),
            Ok(()),
        ),
        (
            "supabase",
            400,
            json!({"error_code": "email_not_confirmed", "msg": "Email not confirmed"}),
            Ok(()),
        ),
        (
            "supabase",
            400,
            json!({"error_code": "invalid_credentials", "msg": "Invalid login credentials"}),
            Err(NotRight::Wrong),
        ),
        (
            "supabase",
            400,
            json!({"error": "invalid_grant", "error_description": "Invalid login credentials"}),
            Err(NotRight::Wrong),
        ),
        (
            "supabase",
            403,
            json!({"error_code": "user_banned", "msg": "User is banned"}),
            Err(NotRight::Locked),
        ),
        ("http", 200, json!({}), Ok(())),
        ("http", 401, json!({}), Err(NotRight::Wrong)),
        ("http", 404, json!({}), Err(NotRight::Wrong)),
        ("http", 423, json!({}), Err(NotRight::Locked)),
    ]
}

#[tokio::test]
async fn what_each_provider_says_is_understood() {
    let app = app().await;
    for (name, status, body, expected) in cases() {
        let said = ask_at(&app, name, &provider(status, &body).await).await;
        assert_eq!(said.map(|_| ()), expected, "{name} {status} {body}");
    }
}

#[tokio::test]
async fn whatever_is_no_plain_yes_is_none() {
    let app = app().await;
    for connector in CONNECTORS
        .iter()
        .filter(|connector| !["sql", "ldap"].contains(&connector.name))
    {
        let name = connector.name;
        let page = ResponseTemplate::new(200).set_body_raw("<h1>Please sign in</h1>", "text/html");
        let elsewhere =
            ResponseTemplate::new(302).insert_header("location", "https://example.com/");
        let denied = ResponseTemplate::new(400).set_body_json(json!({"error": "invalid_client"}));
        for answer in [page, elsewhere, denied] {
            let server = MockServer::start().await;
            Mock::given(method("POST"))
                .respond_with(answer)
                .mount(&server)
                .await;
            let said = ask_at(&app, name, &server).await.unwrap_err();
            assert!(matches!(said, NotRight::Unclear(_)), "{name}: {said:?}");
        }
        if name != "http" {
            // Only one's own endpoint may say yes with an empty object.
            let said = ask_at(&app, name, &provider(200, &json!({})).await)
                .await
                .unwrap_err();
            assert!(matches!(said, NotRight::Unclear(_)), "{name}: {said:?}");
        }
        let busy = ResponseTemplate::new(429).insert_header("retry-after", "17");
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .respond_with(busy)
            .mount(&server)
            .await;
        let said = ask_at(&app, name, &server).await;
        assert_eq!(
            said,
            Err(NotRight::TooMany(Some(Duration::from_secs(17)))),
            "{name}"
        );
        let said = ask_at(&app, name, &provider(503, &json!({})).await).await;
        assert!(matches!(said, Err(NotRight::Down(_))), "{name}: {said:?}");
        let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .respond_with(slow)
            .mount(&server)
            .await;
        assert_eq!(
            ask_at(&app, name, &server).await,
            Err(NotRight::Slow),
            "{name}"
        );
    }
}

#[tokio::test]
async fn nobody_at_the_other_end_and_a_false_certificate_are_down() {
    let app = app().await;
    for url in ["http://127.0.0.1:9", "https://127.0.0.1:9"] {
        let fields = fields("http", url);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let said = ask(&app, "http", &fields, "ada@example.com").await;
        assert!(matches!(said, Err(NotRight::Down(_))), "{said:?}");
    }
    // A server that speaks no TLS.
    let server = provider(200, &json!({})).await;
    let url = server.uri().replace("http://", "https://");
    let fields = [("url", url.as_str())];
    let said = ask(&app, "http", &fields, "ada@example.com").await;
    assert!(matches!(said, Err(NotRight::Down(_))), "{said:?}");
}

#[tokio::test]
async fn auth0_is_told_where_the_person_sits_and_tells_who_they_are() {
    let app = app().await;
    let server = MockServer::start().await;
    let claims = json!({"sub": "auth0|1", "email": "ada@example.com", "email_verified": true, "given_name": "Ada"});
    Mock::given(path("/oauth/token"))
        .and(header("auth0-forwarded-for", "198.51.100.7"))
        .and(body_string_contains(PASSWORD))
        .and(body_string_contains("password-realm"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id_token": token(&claims)})))
        .expect(1)
        .mount(&server)
        .await;
    let uri = server.uri();
    let fields = [
        ("domain", uri.as_str()),
        ("client_id", "kith"),
        ("client_secret", "hush"),
        ("connection", "Users"),
    ];
    let person = ask(&app, "auth0", &fields, "ada@example.com")
        .await
        .unwrap();
    assert_eq!(person.provided_id.as_deref(), Some("auth0|1"));
    assert_eq!(person.given_name.as_deref(), Some("Ada"));
    assert!(person.identities[0].is_verified());
}

#[tokio::test]
async fn cognito_tells_attributes_and_firebase_is_looked_up() {
    let app = app().await;
    let server = MockServer::start().await;
    Mock::given(header(
        "x-amz-target",
        "AWSCognitoIdentityProviderService.InitiateAuth",
    ))
    .respond_with(
        ResponseTemplate::new(200)
            .set_body_json(json!({"AuthenticationResult": {"AccessToken": "a"}})),
    )
    .mount(&server)
    .await;
    Mock::given(header("x-amz-target", "AWSCognitoIdentityProviderService.GetUser"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"Username": "ada", "UserAttributes": [
            {"Name": "sub", "Value": "c1"}, {"Name": "email", "Value": "ada@example.com"}, {"Name": "email_verified", "Value": "true"},
        ]})))
        .mount(&server)
        .await;
    let person = ask_at(&app, "cognito", &server).await.unwrap();
    assert_eq!(person.provided_id.as_deref(), Some("c1"));
    assert!(person.identities[0].is_verified());

    let server = MockServer::start().await;
    Mock::given(path("/v1/accounts:signInWithPassword"))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({"localId": "f1", "idToken": "t"})),
        )
        .mount(&server)
        .await;
    Mock::given(path("/v1/accounts:lookup"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"users": [{
            "localId": "f1", "email": "ada@example.com", "emailVerified": true, "displayName": "Ada King",
        }]})))
        .mount(&server)
        .await;
    let person = ask_at(&app, "firebase", &server).await.unwrap();
    assert_eq!(person.provided_id.as_deref(), Some("f1"));
    assert_eq!(person.family_name.as_deref(), Some("King"));
}

#[tokio::test]
async fn keycloak_tells_roles_and_userinfo_adds_to_a_token() {
    let app = app().await;
    let access = token(
        &json!({"realm_access": {"roles": ["admin", "offline_access", "default-roles-acme"]}}),
    );
    let server = provider(
        200,
        &json!({"access_token": access, "id_token": token(&json!({"sub": "k1"}))}),
    )
    .await;
    let person = ask_at(&app, "keycloak", &server).await.unwrap();
    assert_eq!(person.organizations[0].roles, ["admin"]);

    let server = provider(200, &json!({"access_token": "a"})).await;
    Mock::given(method("GET"))
        .and(header("authorization", "Bearer a"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(json!({"sub": "o1", "email": "ada@example.com"})),
        )
        .mount(&server)
        .await;
    let (token_url, userinfo) = (
        format!("{}/token", server.uri()),
        format!("{}/me", server.uri()),
    );
    let fields = [
        ("token_url", token_url.as_str()),
        ("client_id", "kith"),
        ("userinfo_url", userinfo.as_str()),
    ];
    let person = ask(&app, "oauth2", &fields, "ada").await.unwrap();
    assert_eq!(person.provided_id.as_deref(), Some("o1"));
}

#[tokio::test]
async fn ones_own_endpoint_is_sent_nothing_that_can_be_read_on_the_way() {
    let app = app().await;
    let server = provider(200, &json!({"id": "7", "email": "ada@example.com", "organizations": [{"id": "acme", "roles": ["admin"]}]})).await;
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let url = server.uri();
    let fields = [("url", url.as_str()), ("encryption_key", key)];
    let person = ask(&app, "http", &fields, "ada@example.com").await.unwrap();
    assert_eq!(person.provided_id.as_deref(), Some("7"));
    assert_eq!(person.organizations[0].external_id.as_deref(), Some("acme"));
    let sent = server.received_requests().await.unwrap().remove(0);
    let body = String::from_utf8(sent.body).unwrap();
    assert!(!body.contains(PASSWORD) && !body.contains("ada"));
    assert!(
        body.len() > 60
            && body
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    );
    let fields = [("url", url.as_str()), ("encryption_key", "short")];
    assert!(matches!(
        ask(&app, "http", &fields, "ada").await,
        Err(NotRight::Unclear(_))
    ));
}

#[test]
fn names_are_told_apart_and_fields_have_one_meaning_each() {
    let mut names: Vec<_> = CONNECTORS.iter().map(|connector| connector.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CONNECTORS.len());
    for connector in CONNECTORS {
        assert!(!connector.fields.is_empty() && !connector.label.is_empty());
    }
}
