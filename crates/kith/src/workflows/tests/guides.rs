//! The programs of the migration guides: somebody who is at the former system only is here afterwards.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use wiremock::matchers::{body_json, body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{PASSWORD, World, text, typed_by};
use crate::credentials::lockout::Subject;
use crate::credentials::password;
use crate::secret::Secret;
use crate::users::{self, IdentityKind};
use crate::workflows::changed;
use crate::workflows::encryption_keys;
use crate::workflows::secure::Encoding;
use crate::workflows::variables::Sensitivity;

const EMAIL: &str = "mara@voss.example";

async fn is_here(world: &World) -> bool {
    let mut tx = world.cx.db().read().await.unwrap();
    let found = users::find_by_identifier(&world.cx, &mut tx, &IdentityKind::Email, EMAIL)
        .await
        .unwrap();
    drop(tx);
    let Some((user, _)) = found else { return false };
    let subject = Subject::user(&user.id);
    password::check(&world.cx, Some(&user.id), &subject, &Secret::new(PASSWORD))
        .await
        .is_ok()
}

/// Fires twice: first the former system refuses, then it knows the password.
async fn moves_only_who_is_known(world: &World, former: &MockServer, yes: Mock) {
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(401).set_body_string("no"))
        .up_to_n_times(1)
        .expect(1)
        .mount(former)
        .await;
    yes.expect(1).mount(former).await;
    let refused = world.effects(typed_by(EMAIL)).await;
    assert!(refused.is_empty());
    assert!(!is_here(world).await);
    let accepted = world.effects(typed_by(EMAIL)).await;
    assert!(accepted.is_empty());
    assert!(is_here(world).await, "{:#}", world.last().await.document);
    assert!(!world.last().await.document.to_string().contains(PASSWORD));
    former.verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_generic_program_moves_somebody_in() {
    for world in World::all().await {
        let former = MockServer::start().await;
        let program = include_str!("programs/generic.ts")
            .replace("https://former.example.com", &former.uri());
        world.credentials().await;
        world
            .deploy(&[("drip/Workflow.ts", &program)])
            .await
            .unwrap();
        // Without a key nothing is sent.
        let error = world.fire(typed_by(EMAIL)).await.unwrap_err().to_string();
        assert!(error.contains("secureFetch has no key"), "{error}");
        let mut tx = world.cx.db().begin().await.unwrap();
        let (_, key) = encryption_keys::add(&world.cx, &mut tx, "legacyCheck", Encoding::Base64Url)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        changed(&world.cx).await;
        let yes = Mock::given(method("POST"))
            .and(path("/validate"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"valid": true})));
        moves_only_who_is_known(&world, &former, yes).await;
        let sent = former.received_requests().await.unwrap().pop().unwrap();
        let opened = decrypted(key.reveal(), std::str::from_utf8(&sent.body).unwrap());
        assert_eq!(
            opened,
            json!({"email": EMAIL, "password": PASSWORD}).to_string()
        );
    }
}

/// As a receiver opens it, with another implementation than ours.
fn decrypted(key: &str, body: &str) -> String {
    use aes_gcm::aead::{Aead as _, KeyInit as _};
    use base64::engine::general_purpose::STANDARD;
    let message = URL_SAFE_NO_PAD.decode(body).unwrap();
    let key: [u8; 32] = STANDARD.decode(key).unwrap().try_into().unwrap();
    let nonce: [u8; 12] = message[..12].try_into().unwrap();
    let sealed = [&message[28..], &message[12..28]].concat();
    let opened = aes_gcm::Aes256Gcm::new(&key.into()).decrypt(&nonce.into(), sealed.as_slice());
    String::from_utf8(opened.unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_auth0_program_moves_somebody_in() {
    for world in World::all().await {
        let former = MockServer::start().await;
        let program = include_str!("programs/auth0.ts").replace("https://", "http://");
        world.credentials().await;
        let host = former.address().to_string();
        for (key, value) in [
            ("AUTH0_DOMAIN", host.as_str()),
            ("AUTH0_AUDIENCE", "aud"),
            ("AUTH0_CLIENT_ID", "id"),
        ] {
            world.variable(key, value, Sensitivity::Plain).await;
        }
        world
            .variable(
                "AUTH0_CLIENT_SECRET",
                "a-secret-of-auth0",
                Sensitivity::Sensitive,
            )
            .await;
        world
            .deploy(&[("drip/Workflow.ts", &program)])
            .await
            .unwrap();
        let said = json!({
            "grant_type": "password", "username": EMAIL, "password": PASSWORD, "audience": "aud", "client_id": "id",
            "client_secret": "a-secret-of-auth0",
        });
        let yes = Mock::given(method("POST"))
            .and(path("/oauth/token"))
            .and(body_json(said))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"access_token": "t"})));
        moves_only_who_is_known(&world, &former, yes).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cognito_program_moves_somebody_in() {
    for world in World::all().await {
        let former = MockServer::start().await;
        let program = include_str!("programs/cognito.ts")
            .replace("https://cognito-idp.${region}.amazonaws.com", &former.uri());
        world.credentials().await;
        for (key, value) in [
            ("AWS_REGION", "eu-central-1"),
            ("COGNITO_CLIENT_ID", "id"),
            ("COGNITO_USER_POOL_ID", "pool"),
        ] {
            world.variable(key, value, Sensitivity::Plain).await;
        }
        world
            .deploy(&[("drip/Workflow.ts", &program)])
            .await
            .unwrap();
        let yes = Mock::given(method("POST"))
            .and(header(
                "x-amz-target",
                "AWSCognitoIdentityProviderService.AdminInitiateAuth",
            ))
            .and(header("content-type", "application/x-amz-json-1.1"))
            .respond_with(
                ResponseTemplate::new(200).set_body_json(json!({"AuthenticationResult": {}})),
            );
        moves_only_who_is_known(&world, &former, yes).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cognito_program_can_be_signed_without_writing_a_signature() {
    let world = World::one().await;
    let former = MockServer::start().await;
    let program = include_str!("programs/cognito.ts")
        .replace("https://cognito-idp.${region}.amazonaws.com", &former.uri())
        .replace(
            "    responseFormat: \"json\",\n",
            "    responseFormat: \"json\",\n    aws: { region, service: \"cognito-idp\", accessKeyId: \"AKID\", secretAccessKey: \"a-key-of-aws\" },\n",
        );
    world.credentials().await;
    world
        .variable("AWS_REGION", "eu-central-1", Sensitivity::Plain)
        .await;
    world
        .deploy(&[("drip/Workflow.ts", &program)])
        .await
        .unwrap();
    let yes = Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({})));
    moves_only_who_is_known(&world, &former, yes).await;
    let sent = former.received_requests().await.unwrap().pop().unwrap();
    let signed = sent.headers["authorization"].to_str().unwrap();
    assert!(signed.starts_with(
        "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-central-1/cognito-idp/aws4_request"
    ));
    assert!(
        signed.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-target"),
        "{signed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_azure_program_moves_somebody_in() {
    for world in World::all().await {
        let former = MockServer::start().await;
        let program = include_str!("programs/azure_b2c.ts")
            .replace("https://${tenant}.b2clogin.com", &former.uri());
        world.credentials().await;
        // The client id is left out: it is sent as `undefined`, as the guide's program does.
        for (key, value) in [
            ("AZURE_B2C_TENANT", "voss"),
            ("AZURE_B2C_ROPC_POLICY", "B2C_1_ropc"),
            ("AZURE_B2C_SCOPE", "read"),
        ] {
            world.variable(key, value, Sensitivity::Plain).await;
        }
        world
            .deploy(&[("drip/Workflow.ts", &program)])
            .await
            .unwrap();
        let yes = Mock::given(method("POST"))
            .and(path("/voss.onmicrosoft.com/B2C_1_ropc/oauth2/v2.0/token"))
            .and(header("content-type", "application/x-www-form-urlencoded"))
            .and(body_string_contains("username=mara%40voss.example"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"access_token": "t"})));
        moves_only_who_is_known(&world, &former, yes).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_proxy_moves_nobody() {
    let world = World::one().await;
    let former = MockServer::start().await;
    let program = include_str!("programs/auth0.ts").replace("https://", "http://");
    world.credentials().await;
    world
        .variable(
            "AUTH0_DOMAIN",
            &former.address().to_string(),
            Sensitivity::Plain,
        )
        .await;
    world
        .deploy(&[("drip/Workflow.ts", &program)])
        .await
        .unwrap();
    Mock::given(method("POST"))
        .respond_with(
            ResponseTemplate::new(200).set_body_string("<html>Sign in to this network</html>"),
        )
        .mount(&former)
        .await;
    let error = world.fire(typed_by(EMAIL)).await.unwrap_err().to_string();
    assert!(error.contains("is not JSON"), "{error}");
    assert!(!is_here(&world).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_without_credentials_is_told_what_is_missing() {
    let world = World::one().await;
    let former = MockServer::start().await;
    let program = include_str!("programs/auth0.ts").replace("https://", "http://");
    world
        .variable(
            "AUTH0_DOMAIN",
            &former.address().to_string(),
            Sensitivity::Plain,
        )
        .await;
    world
        .deploy(&[("drip/Workflow.ts", &program)])
        .await
        .unwrap();
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({})))
        .mount(&former)
        .await;
    let error = world.fire(typed_by(EMAIL)).await.unwrap_err().to_string();
    assert!(error.contains("M2M client ID not set"), "{error}");
    let run = world.last().await;
    assert_eq!(
        (run.code.as_str(), run.outcome.as_str()),
        ("legacyAuth0", "failed")
    );
    let stack = run.document["failure"]["stack"].as_array().unwrap();
    assert!(
        stack
            .iter()
            .any(|frame| text(frame).contains("Workflow.ts:")),
        "{stack:?}"
    );
}
