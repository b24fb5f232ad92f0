//! Versions of workflows that are not live, tried with a preview link.

use std::time::Duration;

use kith::applications::Kind;
use serde_json::{Value, json};

use super::world::{CALLBACK, SCOPES, World, claims, register};
use crate::harness::{Answer, Api, Browser, Kith, Page};

const TOKENS: &str = "user:tokens_generation";
const SIGNED_IN: &str = "user:post_authentication";

/// A workflow that does this when that happens.
fn program(id: &str, trigger: &str, body: &str) -> String {
    format!(
        "export const workflowSettings = {{ id: '{id}', trigger: '{trigger}', bindings: {{ 'kinde.accessToken': {{}}, 'kinde.auth': {{}} }} }};\n\
         export default async function (event) {{\n{body}\n}}\n"
    )
}

/// Says in tokens which version it is.
fn says(version: &str) -> String {
    format!("kinde.accessToken.setCustomClaim('version', '{version}');")
}

/// Deploys these workflows, live or not, and returns the id of the first one's version.
async fn deploy(api: &Api, is_live: bool, programs: &[String]) -> String {
    let files: serde_json::Map<_, _> = programs
        .iter()
        .enumerate()
        .map(|(at, text)| (format!("w{at}/Workflow.ts"), json!(text)))
        .collect();
    let body = json!({"files": files, "is_live": is_live});
    let deployed = api.post("/api/v1/workflow_deployments", body).await;
    let deployed = deployed.expect(201);
    deployed["workflows"][0]["version_id"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn preview(api: &Api, version: &str, body: Value) -> Answer {
    let path = format!("/api/v1/workflows/w/versions/{version}/preview");
    api.post(&path, body).await
}

/// What opens the preview of a version.
async fn pass(api: &Api, version: &str) -> String {
    let made = preview(api, version, json!({})).await.expect(201);
    assert_eq!(made["parameter"], "workflow_deployment_id");
    made["value"].as_str().unwrap().to_owned()
}

/// The tokens of somebody who signs in with this value in the request.
async fn tokens(world: &World, value: Option<&str>) -> Value {
    let mut more = SCOPES.to_vec();
    more.extend(value.map(|value| ("workflow_deployment_id", value)));
    let page = world
        .sign_in(&world.kith.browser(), &world.path(&more))
        .await;
    let code = page.parameter("code").expect("a code");
    world.redeem(&code).await.expect(200)
}

fn version(tokens: &Value) -> Value {
    claims(&tokens["access_token"])["version"].clone()
}

/// The runs that were kept, oldest first: outcome, and whether they were a preview's.
async fn runs(kith: &Kith, n: usize) -> Vec<(Value, Value)> {
    let api = kith.api().await;
    for _ in 0..200 {
        let found = api.get("/api/v1/workflow_runs").await.expect(200);
        let found = found["runs"].as_array().unwrap();
        if found.len() >= n {
            let facts = found
                .iter()
                .map(|run| (run["version_id"].clone(), run["is_preview"].clone()));
            return facts.collect();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("fewer than {n} runs were kept");
}

fn assert_no_preview(page: &Page) {
    assert_eq!(page.status, 400, "{}", page.html);
    assert!(page.shows("This preview link doesn’t work"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tokens_of_a_preview_are_made_by_its_version_and_all_others_by_the_live_one() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        let live = deploy(&api, true, &[program("w", TOKENS, &says("live"))]).await;
        let tried = deploy(&api, false, &[program("w", TOKENS, &says("tried"))]).await;
        let pass = pass(&api, &tried).await;
        let previewed = tokens(&world, Some(&pass)).await;
        assert_eq!(version(&previewed), "tried");
        assert_eq!(version(&tokens(&world, None).await), "live");
        // What is refreshed later is no part of the preview.
        let fresh = world.refresh(&previewed).await.expect(200);
        assert_eq!(version(&fresh), "live");
        let facts = [(&tried, true), (&live, false), (&live, false)];
        let facts = facts.map(|(version, is_preview)| (json!(version), json!(is_preview)));
        assert_eq!(runs(&world.kith, 3).await, facts);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_holds_on_the_hosted_pages_too() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        let deny = "kinde.auth.denyAccess('tried by ' + event.request.authUrlParams.workflowDeploymentId);";
        deploy(&api, true, &[program("w", SIGNED_IN, "")]).await;
        let tried = deploy(&api, false, &[program("w", SIGNED_IN, deny)]).await;
        let pass = pass(&api, &tried).await;
        let path = world.path(&[("workflow_deployment_id", &pass)]);
        let page = world.sign_in(&world.kith.browser(), &path).await;
        // A program is told the deployment, and not what opens the preview.
        assert!(page.shows("tried by deploy_"), "{}", page.html);
        let page = world.sign_in(&world.kith.browser(), &world.path(&[])).await;
        assert!(page.parameter("code").is_some(), "{}", page.html);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_signed_in_already_previews_the_tokens() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        let browser = world.browser().await;
        let tried = deploy(&api, false, &[program("w", TOKENS, &says("tried"))]).await;
        let pass = pass(&api, &tried).await;
        let code = world
            .code(&browser, &[("workflow_deployment_id", &pass)])
            .await;
        let tokens = world.redeem(&code).await.expect(200);
        assert_eq!(version(&tokens), "tried");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workflows_of_a_deployment_are_previewed_together_and_no_others() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        let browser_page = async |value: &str| {
            let path = world.path(&[("workflow_deployment_id", value)]);
            world.sign_in(&world.kith.browser(), &path).await
        };
        let deny = "kinde.auth.denyAccess('the live one');";
        deploy(
            &api,
            true,
            &[
                program("w", SIGNED_IN, deny),
                program("other", TOKENS, &says("live")),
            ],
        )
        .await;
        // The version listens to something else; the workflow as it is live must not run beside it.
        let moved = program("w", "user:pre_registration", "");
        let moved = deploy(&api, false, &[moved]).await;
        let page = browser_page(&pass(&api, &moved).await).await;
        let code = page.parameter("code").expect("the live version didn’t run");
        // Whatever else is live runs as ever.
        assert_eq!(version(&world.redeem(&code).await.expect(200)), "live");

        let both = [
            program("w", SIGNED_IN, ""),
            program("other", TOKENS, &says("tried")),
        ];
        let both = deploy(&api, false, &both).await;
        let page = browser_page(&pass(&api, &both).await).await;
        let code = page.parameter("code").expect("a code");
        assert_eq!(version(&world.redeem(&code).await.expect(200)), "tried");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_pass_of_today_opens_a_preview() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        let tried = deploy(&api, false, &[program("w", TOKENS, "")]).await;
        let made = preview(&api, &tried, json!({})).await.expect(201);
        let (pass, deployment) = (&made["value"], &made["deployment_id"]);
        let pass = pass.as_str().unwrap();
        let open = async |value: &str| {
            let path = world.path(&[("workflow_deployment_id", value)]);
            world.kith.browser().get(&path).await
        };
        // The id, which everybody may know; a changed text; nothing at all.
        let mut forged = pass.to_owned();
        let last = if forged.pop() == Some('A') { 'B' } else { 'A' };
        forged.push(last);
        for value in [deployment.as_str().unwrap(), &forged, "x"] {
            assert_no_preview(&open(value).await);
        }
        let other_name = world.path(&[("deploy_id", deployment.as_str().unwrap())]);
        assert_no_preview(&world.kith.browser().get(&other_name).await);
        // Silent requests hear it in the words of the protocol.
        let silent = world.path(&[("workflow_deployment_id", &forged), ("prompt", "none")]);
        let page = world.kith.browser().get(&silent).await;
        assert_eq!(page.parameter("error").as_deref(), Some("invalid_request"));

        world.kith.advance(Duration::from_hours(23));
        assert_eq!(open(pass).await.url.path(), "/login");
        world.kith.advance(Duration::from_hours(1));
        assert_no_preview(&open(pass).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_live_or_gone_is_not_previewed() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        let first = deploy(&api, true, &[program("w", TOKENS, "")]).await;
        let live = preview(&api, &first, json!({})).await;
        assert_eq!((live.status, live.error()), (409, "WORKFLOW_STATE"));
        let unknown = preview(&api, "wfv_x", json!({})).await;
        assert_eq!(
            (unknown.status, unknown.error()),
            (404, "WORKFLOW_NOT_FOUND")
        );
        let tried = deploy(&api, false, &[program("w", TOKENS, "")]).await;
        let pass = pass(&api, &tried).await;
        api.delete("/api/v1/workflows/w").await.expect(200);
        let path = world.path(&[("workflow_deployment_id", &pass)]);
        assert_no_preview(&world.kith.browser().get(&path).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_through_the_pages_of_an_application_of_either_kind() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        let deny = "kinde.auth.denyAccess('seen');";
        let tried = deploy(&api, false, &[program("w", SIGNED_IN, deny)]).await;
        let (page_app, _) = register(&world.kith, Kind::FrontEnd, CALLBACK).await;
        let signed_in: Browser = world.browser().await;
        for id in [&world.application.id, &page_app.id] {
            let body = json!({"application_id": id});
            let made = preview(&api, &tried, body).await.expect(201);
            let url = made["url"].as_str().unwrap();
            let path = url
                .strip_prefix(&world.kith.url(""))
                .expect("an address here");
            // Also who is signed in goes through the pages.
            let page = world.sign_in(&signed_in, path).await;
            assert!(page.shows("seen"), "{}", page.html);
        }
        let (nowhere, _) =
            register(&world.kith, Kind::BackEnd, "https://*.example.com/callback").await;
        let (machine, _) = register(&world.kith, Kind::MachineToMachine, "").await;
        for id in [&nowhere.id, &machine.id] {
            let refused = preview(&api, &tried, json!({"application_id": id})).await;
            assert_eq!((refused.status, refused.error()), (400, "INVALID_REQUEST"));
        }
    })
    .await;
}
