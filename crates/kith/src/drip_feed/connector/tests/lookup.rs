//! Looking people up without a password, with client credentials of an administrator.

use wiremock::matchers::query_param;

use super::*;

const EMAIL: &str = "ada@example.com";

/// A stand-in that gives this application a token, and answers whoever brings it.
struct Admin(MockServer);

impl Admin {
    /// One whose token endpoint is there, and wants this of the body.
    async fn new(token_path: &str, wants: &[&str]) -> Self {
        let server = MockServer::start().await;
        let mut mock = Mock::given(method("POST")).and(path(token_path));
        for part in wants {
            mock = mock.and(body_string_contains(*part));
        }
        let token = json!({"access_token": "admin-token", "token_type": "Bearer"});
        mock.respond_with(ResponseTemplate::new(200).set_body_json(token))
            .mount(&server)
            .await;
        let refusal = json!({"error": "unauthorized_client", "error_description": "Invalid client or Invalid client credentials"});
        Mock::given(method("POST"))
            .respond_with(ResponseTemplate::new(401).set_body_json(refusal))
            .with_priority(200)
            .mount(&server)
            .await;
        Self(server)
    }

    /// Answers so at this path, and to this query.
    async fn at(self, at: &str, query: &[(&str, &str)], status: u16, body: Value) -> Self {
        let mut mock = Mock::given(method("GET"))
            .and(path(at))
            .and(header("authorization", "Bearer admin-token"));
        for (name, value) in query {
            mock = mock.and(query_param(*name, *value));
        }
        let answer = ResponseTemplate::new(status).set_body_json(body);
        mock.respond_with(answer).mount(&self.0).await;
        self
    }
}

async fn realm() -> Admin {
    let at = "/realms/acme/protocol/openid-connect/token";
    Admin::new(
        at,
        &[
            "grant_type=client_credentials",
            "client_id=lookup",
            "client_secret=hush",
        ],
    )
    .await
}

async fn keycloak(
    app: &App,
    server: &Admin,
    secret: &str,
    identifier: &str,
) -> Result<Option<UserRecord>, NotRight> {
    let url = server.0.uri();
    let values = [
        ("url", url.as_str()),
        ("realm", "acme"),
        ("client_id", "kith"),
        ("admin_client_id", "lookup"),
        ("admin_client_secret", secret),
    ];
    look_up(app, "keycloak", &values, identifier).await
}

/// A user as Keycloak represents one.
fn of_realm(more: &Value) -> Value {
    let mut user = json!({
        "id": "7f1f0c2e", "username": "ada", "enabled": true, "emailVerified": true, "email": EMAIL,
        "firstName": "Ada", "lastName": "King", "requiredActions": [], "attributes": {"team": ["analysis"]},
    });
    for (name, value) in more.as_object().unwrap() {
        user[name] = value.clone();
    }
    user
}

#[tokio::test]
async fn keycloak_finds_people_by_address_and_by_username() {
    let app = app().await;
    let exact = |name| {
        [
            (name, if name == "email" { EMAIL } else { "ada" }),
            ("exact", "true"),
        ]
    };
    let (users, roles) = (
        "/admin/realms/acme/users",
        json!([{"name": "editor"}, {"name": "offline_access"}]),
    );
    let server = realm()
        .await
        .at(users, &exact("email"), 200, json!([of_realm(&json!({}))]))
        .await
        .at(
            users,
            &exact("username"),
            200,
            json!([of_realm(&json!({"emailVerified": false}))]),
        )
        .await
        .at(users, &[("email", "nobody@example.com")], 200, json!([]))
        .await
        .at(
            "/admin/realms/acme/users/7f1f0c2e/role-mappings/realm/composite",
            &[],
            200,
            roles,
        )
        .await;
    let found = keycloak(&app, &server, "hush", EMAIL)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.provided_id.as_deref(), Some("7f1f0c2e"));
    assert_eq!(
        (found.given_name.as_deref(), found.family_name.as_deref()),
        (Some("Ada"), Some("King"))
    );
    let identities: Vec<_> = found
        .identities
        .iter()
        .map(|identity| (identity.value(), identity.verified))
        .collect();
    assert_eq!(identities, [(EMAIL, Some(true)), ("ada", None)]);
    assert_eq!(found.organizations[0].roles, ["editor"]);

    let by_name = keycloak(&app, &server, "hush", "ada")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        by_name.identities[0].verified,
        Some(false),
        "what wasn't proved over there isn't here"
    );
    assert_eq!(
        keycloak(&app, &server, "hush", "nobody@example.com").await,
        Ok(None)
    );
}

#[tokio::test]
async fn keycloak_tells_nobody_by_an_address_of_several_or_without_the_right() {
    let app = app().await;
    let users = "/admin/realms/acme/users";
    let two = json!([of_realm(&json!({})), of_realm(&json!({"id": "other"}))]);
    let several = realm().await.at(users, &[], 200, two).await;
    let said = keycloak(&app, &several, "hush", EMAIL).await.unwrap_err();
    assert!(
        said.reason().unwrap().contains("several people"),
        "{said:?}"
    );

    let disabled = json!([of_realm(&json!({"enabled": false}))]);
    let disabled = realm().await.at(users, &[], 200, disabled).await;
    assert_eq!(
        keycloak(&app, &disabled, "hush", EMAIL).await,
        Err(NotRight::Locked)
    );

    let forbidden = json!({"error": "HTTP 403 Forbidden"});
    let forbidden = realm().await.at(users, &[], 403, forbidden).await;
    for (secret, what) in [("hush", "403"), ("wrong", "Invalid client")] {
        let said = keycloak(&app, &forbidden, secret, EMAIL).await.unwrap_err();
        assert!(said.reason().unwrap().contains(what), "{said:?}");
    }
}

async fn tenant() -> Admin {
    let wants = ["client_credentials", "\"lookup\"", "\"hush\"", "/api/v2/\""];
    Admin::new("/oauth/token", &wants).await
}

async fn auth0(
    app: &App,
    server: &Admin,
    more: &[(&str, &str)],
    identifier: &str,
) -> Result<Option<UserRecord>, NotRight> {
    let url = server.0.uri();
    let mut values = vec![
        ("domain", url.as_str()),
        ("client_id", "kith"),
        ("management_client_id", "lookup"),
        ("management_client_secret", "hush"),
    ];
    values.extend_from_slice(more);
    look_up(app, "auth0", &values, identifier).await
}

/// A user as Auth0 represents one.
fn of_tenant(id: &str, provider: &str, connection: &str) -> Value {
    json!({
        "user_id": id, "email": EMAIL, "email_verified": true, "given_name": "Ada", "family_name": "King", "name": EMAIL,
        "identities": [{"provider": provider, "connection": connection, "user_id": "1", "isSocial": provider != "auth0"}],
    })
}

const BY_EMAIL: &str = "/api/v2/users-by-email";
const USUAL: &str = "Username-Password-Authentication";

#[tokio::test]
async fn auth0_finds_the_one_person_who_has_a_password_there() {
    let app = app().await;
    let users = json!([
        of_tenant("google-oauth2|1", "google-oauth2", "google-oauth2"),
        of_tenant("auth0|1", "auth0", USUAL)
    ]);
    let server = tenant()
        .await
        .at(BY_EMAIL, &[("email", EMAIL)], 200, users)
        .await
        .at(BY_EMAIL, &[("email", "nobody@example.com")], 200, json!([]))
        .await;
    // Addresses are in lower case over there.
    let found = auth0(&app, &server, &[], "Ada@Example.com")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.provided_id.as_deref(), Some("auth0|1"));
    assert_eq!(found.given_name.as_deref(), Some("Ada"));
    assert_eq!(found.identities[0].verified, Some(true));
    assert_eq!(
        auth0(&app, &server, &[], "nobody@example.com").await,
        Ok(None)
    );
    let other = [("connection", "Customers")];
    assert_eq!(auth0(&app, &server, &other, EMAIL).await, Ok(None));
}

#[tokio::test]
async fn auth0_tells_whom_it_keeps_out_and_what_is_not_clear() {
    let app = app().await;
    let mut blocked = of_tenant("auth0|1", "auth0", USUAL);
    blocked["blocked"] = true.into();
    let server = tenant()
        .await
        .at(BY_EMAIL, &[], 200, json!([blocked]))
        .await;
    assert_eq!(
        auth0(&app, &server, &[], EMAIL).await,
        Err(NotRight::Locked)
    );

    let two = json!([
        of_tenant("auth0|1", "auth0", USUAL),
        of_tenant("auth0|2", "auth0", "Customers")
    ]);
    let server = tenant().await.at(BY_EMAIL, &[], 200, two).await;
    let said = auth0(&app, &server, &[], EMAIL).await.unwrap_err();
    assert!(
        said.reason().unwrap().contains("several people"),
        "{said:?}"
    );
    let one = auth0(&app, &server, &[("connection", "Customers")], EMAIL).await;
    assert_eq!(
        one.unwrap().unwrap().provided_id.as_deref(),
        Some("auth0|2")
    );

    let message =
        json!({"statusCode": 403, "message": "Insufficient scope, expected any of: read:users"});
    let server = tenant().await.at(BY_EMAIL, &[], 403, message).await;
    let said = auth0(&app, &server, &[], EMAIL).await.unwrap_err();
    assert!(said.reason().unwrap().contains("read:users"), "{said:?}");
}

#[test]
fn without_its_credentials_nobody_can_be_looked_up() {
    for (name, needs) in [
        ("keycloak", ["admin_client_id", "admin_client_secret"]),
        (
            "auth0",
            ["management_client_id", "management_client_secret"],
        ),
    ] {
        let connector = super::super::find(name).unwrap();
        assert!(connector.can_find(|field| needs.contains(&field)));
        assert!(!connector.can_find(|field| field == needs[0]));
        for field in needs {
            let field = connector
                .fields
                .iter()
                .find(|one| one.name == field)
                .unwrap();
            assert!(field.is_optional, "{} is optional", field.name);
        }
    }
}
