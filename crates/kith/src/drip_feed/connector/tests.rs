//! Each connector against a stand-in that answers as the provider does.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde_json::{Value, json};
use wiremock::matchers::{body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::testing::Installation;
use crate::time::Timestamp;
use crate::workflows::sigv4;

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
    Installation::all().await.remove(0).app
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

/// A table in the database of a test, which the connector is pointed at.
async fn table(url: &str) {
    use sqlx::Connection as _;
    let mut connection = sqlx::postgres::PgConnection::connect(url).await.unwrap();
    // MD5 of the password with a salt after it, as a home-made system might have it.
    sqlx::raw_sql(
        "create table old_users (id bigint, email text, password_hash text, scheme text, params text, is_suspended boolean);
         insert into old_users values
             (1, 'ada@example.com', '$2b$04$5rmThM2ix6sgjmKGsxfRSuH6mT7tAWMABXt1vu85vLzHZ6Jsd32bO', null, null, false),
             (2, 'bea@example.com', md5('Correct-Horse_42'), 'md5', null, false),
             (3, 'cyd@example.com', md5('Correct-Horse_42'), 'md5', null, true),
             (4, 'dan@example.com', md5('Correct-Horse_42'), null, null, false),
             (5, 'eve@example.com', null, null, null, false)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
}

#[tokio::test]
async fn ones_own_table_is_asked_where_postgresql_runs() {
    let app = app().await;
    for installation in Installation::all().await {
        let url = installation.database_url().to_owned();
        if !url.starts_with("postgres") {
            continue;
        }
        table(&url).await;
        let query = "select id, email, password_hash, scheme, is_suspended from old_users where lower(email) = lower($1);";
        let ask = async |identifier| {
            let fields = [("database_url", url.as_str()), ("query", query)];
            self::ask(&app, "sql", &fields, identifier)
                .await
                .map(|person| person.provided_id)
        };
        assert_eq!(ask("BEA@example.com").await, Ok(Some("2".to_owned())));
        assert_eq!(ask("ada@example.com").await, Err(NotRight::Wrong));
        assert_eq!(ask("cyd@example.com").await, Err(NotRight::Locked));
        assert!(matches!(
            ask("dan@example.com").await,
            Err(NotRight::Unclear(_))
        ));
        assert_eq!(ask("eve@example.com").await, Err(NotRight::Wrong));
        assert_eq!(ask("nobody@example.com").await, Err(NotRight::Wrong));
        assert_eq!(ask("x' or '1'='1").await, Err(NotRight::Wrong));
        let look_up = async |identifier| {
            let fields = [("database_url", url.as_str()), ("query", query)];
            let found = self::look_up(&app, "sql", &fields, identifier).await;
            found.map(|found| found.and_then(|person| person.provided_id))
        };
        assert_eq!(look_up("EVE@example.com").await, Ok(Some("5".to_owned())));
        assert_eq!(look_up("cyd@example.com").await, Err(NotRight::Locked));
        assert_eq!(look_up("nobody@example.com").await, Ok(None));
        // Nothing that the query says is written.
        let fields = [
            ("database_url", url.as_str()),
            (
                "query",
                "delete from old_users where email = $1 returning email",
            ),
        ];
        let written = self::ask(&app, "sql", &fields, "bea@example.com").await;
        assert!(matches!(written, Err(NotRight::Unclear(_))), "{written:?}");
        assert_eq!(ask("bea@example.com").await, Ok(Some("2".to_owned())));
    }
}

/// The setting that names a database of a MySQL or MariaDB server; `cargo xtask test` starts one and sets it.
const MYSQL: &str = "KITH_TEST_MYSQL_URL";

#[tokio::test]
async fn ones_own_table_is_asked_where_mysql_runs() {
    use sqlx::Connection as _;
    #[expect(clippy::disallowed_methods, reason = "which server a test may use")]
    let Ok(url) = std::env::var(MYSQL) else {
        return;
    };
    let app = app().await;
    let table = format!("old_users_{}", hex::encode(app.random_bytes::<8>()));
    let mut connection = sqlx::mysql::MySqlConnection::connect(&url).await.unwrap();
    let made = format!(
        "create table {table} (id bigint unsigned, email varchar(100), password_hash varchar(100) collate utf8mb4_bin,
                               scheme varchar(20), params json, is_suspended tinyint(1), email_verified int);
         insert into {table} values
             (1, 'ada@example.com', '$2b$04$5rmThM2ix6sgjmKGsxfRSuH6mT7tAWMABXt1vu85vLzHZ6Jsd32bO', null, null, 0, 1),
             (2, 'bea@example.com', md5('Correct-Horse_42'), 'md5', null, 0, 1),
             (3, 'cyd@example.com', md5('Correct-Horse_42'), 'md5', null, 1, 1),
             (4, 'dan@example.com', md5('Correct-Horse_42'), null, null, 0, 1),
             (5, 'eve@example.com', null, null, null, 0, 0),
             (6, 'fay@example.com', md5('saltCorrect-Horse_42'), 'md5', '{{\"salt\": \"salt\", \"salt_position\": \"prefix\"}}', 0, null)"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(made))
        .execute(&mut connection)
        .await
        .unwrap();
    let query = format!("select * from {table} where lower(email) = lower($1) or email = $1;");
    let fields = [("database_url", url.as_str()), ("query", query.as_str())];
    let ask = async |identifier| {
        let told = self::ask(&app, "sql", &fields, identifier).await;
        told.map(|person| (person.provided_id, person.identities[0].verified))
    };
    let two = (Some("2".to_owned()), Some(true));
    assert_eq!(ask("BEA@example.com").await, Ok(two.clone()));
    assert_eq!(ask("ada@example.com").await, Err(NotRight::Wrong));
    assert_eq!(ask("cyd@example.com").await, Err(NotRight::Locked));
    let unclear = ask("dan@example.com").await;
    assert!(matches!(unclear, Err(NotRight::Unclear(_))), "{unclear:?}");
    assert_eq!(ask("eve@example.com").await, Err(NotRight::Wrong));
    let six = (Some("6".to_owned()), None);
    assert_eq!(ask("fay@example.com").await, Ok(six));
    for nobody in ["nobody@example.com", "x' or '1'='1"] {
        assert_eq!(ask(nobody).await, Err(NotRight::Wrong));
    }
    let found = look_up(&app, "sql", &fields, "eve@example.com").await;
    let eve = found.unwrap().unwrap();
    assert_eq!(eve.identities[0].verified, Some(false));
    let found = look_up(&app, "sql", &fields, "nobody@example.com").await;
    assert_eq!(found, Ok(None));
    // Nothing that the query says is written.
    let query = format!("delete from {table} where email = $1 returning email");
    let writes = [("database_url", url.as_str()), ("query", query.as_str())];
    let written = self::ask(&app, "sql", &writes, "bea@example.com").await;
    assert!(matches!(written, Err(NotRight::Unclear(_))), "{written:?}");
    assert_eq!(ask("bea@example.com").await, Ok(two));
    let dropped = format!("drop table {table}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(dropped))
        .execute(&mut connection)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_database_that_is_not_there_or_is_none_is_told() {
    let app = app().await;
    for url in ["postgres://127.0.0.1:9/none", "mysql://127.0.0.1:9/none"] {
        let fields = [("database_url", url), ("query", "select 1")];
        let told = ask(&app, "sql", &fields, "ada").await;
        assert!(matches!(told, Err(NotRight::Down(_))), "{told:?}");
    }
    for url in ["", "sqlite://x", "127.0.0.1", "postgres"] {
        let fields = [("database_url", url), ("query", "select 1")];
        let told = ask(&app, "sql", &fields, "ada").await;
        assert!(matches!(told, Err(NotRight::Unclear(_))), "{url}: {told:?}");
    }
}

/// What TLS asks for when it begins (RFC 8446 §4.1.2, RFC 6066 §3): the name of the server, in the clear.
#[tokio::test]
async fn a_database_is_met_at_the_address_that_was_judged_and_called_by_its_name() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let app = app().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("postgres://ada@localhost:{port}/old?sslmode=require");
    let fields = [("database_url", url.as_str()), ("query", "select 1")];
    let greeted = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 8];
        stream.read_exact(&mut request).await.unwrap();
        stream.write_all(b"S").await.unwrap();
        let mut hello = vec![0; 2048];
        let length = stream.read(&mut hello).await.unwrap();
        hello.truncate(length);
        hello
    };
    let (told, hello) = futures::join!(ask(&app, "sql", &fields, "ada"), greeted);
    assert!(matches!(told, Err(NotRight::Down(_))), "{told:?}");
    let names = |name: &[u8]| hello.windows(name.len()).any(|part| part == name);
    assert!(names(b"localhost"));
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
    let cognito = super::find("cognito").unwrap();
    assert!(!cognito.can_find(is_given(&["client_id", "user_pool_id"])));
    assert!(cognito.can_find(is_given(&[
        "user_pool_id",
        "access_key_id",
        "secret_access_key"
    ])));
    assert!(!super::find("auth0").unwrap().can_find(|_| true));
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
