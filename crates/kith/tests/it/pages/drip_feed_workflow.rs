//! People who move by a workflow: the programs of the guides, on the hosted pages, with an old system of each temper.

use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{PASSWORD, arrive, assert_back, code, person, sign_in};
use crate::harness::{Kith, Page, deploy_workflow};
use kith::applications;
use kith::context::Context;
use kith::drip_feed;
use kith::users::{self, User};

const EMAIL: &str = "ada@example.com";

/// The password at the old system.
const OLD: &str = "old-Otters-1999";

/// A program of the guides, and how its old system says yes.
pub(super) struct Program {
    name: &'static str,
    text: &'static str,
    /// The address in the program that becomes that of the stand-in.
    address: &'static str,
    variables: &'static [(&'static str, &'static str)],
}

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "generic",
        text: include_str!("../../../src/workflows/tests/programs/generic.ts"),
        address: "https://former.example.com",
        variables: &[],
    },
    Program {
        name: "Auth0",
        text: include_str!("../../../src/workflows/tests/programs/auth0.ts"),
        address: "https://${domain}",
        variables: &[
            ("AUTH0_DOMAIN", "acme.example.com"),
            ("AUTH0_CLIENT_ID", "id"),
        ],
    },
    Program {
        name: "Cognito",
        text: include_str!("../../../src/workflows/tests/programs/cognito.ts"),
        address: "https://cognito-idp.${region}.amazonaws.com",
        variables: &[("AWS_REGION", "eu-central-1"), ("COGNITO_CLIENT_ID", "id")],
    },
    Program {
        name: "Azure",
        text: include_str!("../../../src/workflows/tests/programs/azure_b2c.ts"),
        address: "https://${tenant}.b2clogin.com",
        variables: &[
            ("AZURE_B2C_TENANT", "acme"),
            ("AZURE_B2C_ROPC_POLICY", "B2C_1_ROPC"),
        ],
    },
];

/// Deploys the program with what it needs, its old system at this address.
pub(super) async fn deploy(kith: &Kith, program: &Program, at: &str) {
    let api = kith.api().await;
    let client = applications::ensure_management_client(&kith.cx(), false)
        .await
        .unwrap();
    let credentials = [
        ("KINDE_WF_M2M_CLIENT_ID", client.id.as_str()),
        ("KINDE_WF_M2M_CLIENT_SECRET", client.secret.reveal()),
    ];
    for (key, value) in program.variables.iter().copied().chain(credentials) {
        let variable = json!({"key": key, "value": value, "is_secret": key.contains("SECRET")});
        api.post("/api/v1/environment_variables", variable)
            .await
            .expect(201);
    }
    let text = program.text.replace(program.address, at);
    assert!(text.contains(at), "{}", program.name);
    let files = json!({"files": {"kindeSrc/environment/workflows/drip/Workflow.ts": text}});
    let deployed = api
        .post("/api/v1/workflow_deployments", files)
        .await
        .expect(201);
    if program.text.contains("secureFetch") {
        let id = deployed["workflows"][0]["workflow_id"].as_str().unwrap();
        let path = format!("/api/v1/workflows/{id}/keys");
        api.post(&path, json!({})).await.expect(201);
    }
}

pub(super) async fn old_system(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

fn yes() -> ResponseTemplate {
    ResponseTemplate::new(200)
        .set_body_json(json!({"access_token": "t", "AuthenticationResult": {"AccessToken": "t"}}))
}

async fn who_is(cx: &Context) -> Option<User> {
    let mut tx = cx.db().read().await.unwrap();
    let found = users::find_by_any_identifier(cx, &mut tx, EMAIL).await;
    found.unwrap().map(|(user, _)| user)
}

/// The first lines in the log of checks, which is written beside the answer: connector and outcome.
async fn log(cx: &Context) -> Vec<(String, String)> {
    for _ in 0..100 {
        let mut tx = cx.db().read().await.unwrap();
        let checks = drip_feed::checks(cx, &mut tx, 100).await.unwrap();
        drop(tx);
        if !checks.is_empty() {
            let line = |check: drip_feed::Check| (check.connector, check.outcome);
            return checks.into_iter().map(line).collect();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Vec::new()
}

fn assert_wrong(page: &Page, what: &str) {
    assert_eq!(page.status, 422, "{what}: {}", page.html);
    assert!(page.shows("don’t match"), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_program_of_the_guides_moves_somebody_at_the_sign_in() {
    for program in PROGRAMS {
        for is_imported in [false, true] {
            Kith::each(async |kith| {
                let cx = kith.cx();
                let before = if is_imported {
                    Some(person(&cx, EMAIL, "").await)
                } else {
                    None
                };
                let server = old_system(yes()).await;
                deploy(&kith, program, &server.uri()).await;
                let (browser, page) = arrive(&kith, "").await;
                let page = sign_in(&browser, &page, EMAIL, OLD).await;
                let ada = who_is(&cx)
                    .await
                    .unwrap_or_else(|| panic!("{}: {}", program.name, page.html));
                if let Some(before) = before {
                    assert_eq!(ada.id, before);
                    assert_back(&page);
                } else {
                    // The program doesn't say that the address is proved.
                    assert_eq!(page.url.path(), "/login/code", "{}", program.name);
                    let code = code(&cx, EMAIL).await;
                    assert_back(&browser.submit(&page, &[("code", &code)]).await);
                }
                assert_eq!(server.received_requests().await.unwrap().len(), 1);
                let (browser, page) = arrive(&kith, "").await;
                assert_back(&sign_in(&browser, &page, EMAIL, OLD).await);
                assert_eq!(server.received_requests().await.unwrap().len(), 1);
                let moved = ("workflow".to_owned(), "moved".to_owned());
                assert_eq!(log(&cx).await, [moved]);
            })
            .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_no_yes_moves_nobody() {
    let answers = [
        (
            "wrong",
            ResponseTemplate::new(401).set_body_json(json!({})),
            true,
        ),
        (
            "locked",
            ResponseTemplate::new(403).set_body_json(json!({})),
            true,
        ),
        (
            "too many",
            ResponseTemplate::new(429).set_body_json(json!({})),
            true,
        ),
        (
            "malformed",
            ResponseTemplate::new(200).set_body_string("<html>"),
            false,
        ),
        ("slow", yes().set_delay(Duration::from_secs(30)), false),
    ];
    for (name, answer, is_told) in answers {
        Kith::each(async |kith| {
            let cx = kith.cx();
            let server = old_system(answer.clone()).await;
            deploy(&kith, &PROGRAMS[1], &server.uri()).await;
            let (browser, page) = arrive(&kith, "").await;
            let page = sign_in(&browser, &page, EMAIL, OLD).await;
            if is_told {
                assert_wrong(&page, name);
                let wrong = ("workflow".to_owned(), "wrong".to_owned());
                assert_eq!(log(&cx).await, [wrong]);
            } else {
                // The program wants the flow to stop when it fails.
                assert!(page.shows("1706"), "{name}: {}", page.html);
            }
            assert!(who_is(&cx).await.is_none(), "{name}");
            // Who has a password here is not held up by it.
            person(&cx, "bea@example.com", PASSWORD).await;
            let (browser, page) = arrive(&kith, "").await;
            assert_back(&sign_in(&browser, &page, "bea@example.com", PASSWORD).await);
            let runs = kith
                .api()
                .await
                .get("/api/v1/workflow_runs")
                .await
                .expect(200);
            assert!(!runs.to_string().contains(OLD), "{name}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_pressed_often_runs_the_program_once() {
    Kith::each(async |kith| {
        let server = old_system(yes().set_delay(Duration::from_millis(500))).await;
        deploy(&kith, &PROGRAMS[1], &server.uri()).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = browser.submit(&page, &[("identifier", EMAIL)]).await;
        let presses = (0..4).map(|_| browser.submit(&page, &[("password", OLD)]));
        let pages = futures::future::join_all(presses).await;
        assert!(pages.iter().any(|page| page.url.path() == "/login/code"));
        assert_eq!(server.received_requests().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_says_under_the_field_is_shown_and_counts_as_a_failure() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let body = "kinde.widget.invalidateFormField('p_password', 'Not today');";
        let trigger = "user:existing_password_provided";
        deploy_workflow(&api, trigger, "\"kinde.widget\": {}", body).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = browser.submit(&page, &[("identifier", EMAIL)]).await;
        for number in 0..5 {
            let password = format!("{OLD}{number}");
            let said = browser.submit(&page, &[("password", &password)]).await;
            assert_eq!(said.status, 422);
            assert!(said.shows("Not today"), "{}", said.html);
        }
        let sixth = browser.submit(&page, &[("password", OLD)]).await;
        assert_eq!(sixth.status, 429);
        let runs: Value = api.get("/api/v1/workflow_runs").await.expect(200);
        assert_eq!(runs["runs"].as_array().unwrap().len(), 5);
    })
    .await;
}

/// The no to a password that nobody has, for somebody with this address.
async fn refused(kith: &Kith, email: &str, password: &str) -> Page {
    let (browser, page) = arrive(kith, "").await;
    let page = sign_in(&browser, &page, email, password).await;
    assert_eq!(page.status, 422, "{}", page.html);
    page
}

/// Waits until as many checks of passwords are written down; they are, beside the answer.
async fn noted(cx: &Context, n_checks: usize) {
    for _ in 0..100 {
        let mut tx = cx.db().read().await.unwrap();
        if drip_feed::checks(cx, &mut tx, 100).await.unwrap().len() >= n_checks {
            return;
        }
        drop(tx);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{n_checks} checks were not written down");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_moved_reads_the_no_of_those_who_have_not() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let api = kith.api().await;
        person(&cx, "bea@example.com", PASSWORD).await;
        let body = "const { providedEmail, hasUserRecordInKinde } = event.context.auth;\n\
            if (hasUserRecordInKinde) return;\n\
            kinde.widget.invalidateFormField('p_password', providedEmail.startsWith('ada')\n\
            ? 'No such account over there.' : `We do not know ${providedEmail}.`);";
        let trigger = "user:existing_password_provided";
        deploy_workflow(&api, trigger, "\"kinde.widget\": {}", body).await;
        let said = "No such account over there.";
        let before = refused(&kith, "bea@example.com", "wrong-Otters-0").await;
        assert_wrong(&before, "nobody was refused yet");
        assert!(refused(&kith, EMAIL, OLD).await.shows(said));
        noted(&cx, 1).await;
        let after = refused(&kith, "bea@example.com", "wrong-Otters-1").await;
        assert!(after.shows(said), "{}", after.html);
        // Words about somebody are for nobody else.
        let about = refused(&kith, "mara@example.com", OLD).await;
        assert!(about.shows("We do not know mara@example.com."));
        noted(&cx, 2).await;
        let last = refused(&kith, "bea@example.com", "wrong-Otters-2").await;
        assert!(!last.shows("mara"), "{}", last.html);
        assert_wrong(&last, "the last words were about somebody");
    })
    .await;
}
