//! `/api/v1/workflow_repository`, and `/hooks/workflows`, where a repository's server tells of pushes.

use std::time::Duration;

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use crate::git_server::GitServer;
use crate::harness::{Api, Kith};

const AT: &str = "/api/v1/workflow_repository";
const FILE: &str = "kindeSrc/environment/workflows/a/Workflow.ts";

fn program(body: &str) -> String {
    format!(
        "export const workflowSettings = {{ id: 'a', trigger: 'user:post_authentication' }};\n\
         export default async function () {{ {body} }}\n"
    )
}

/// Lets the worker do what is due.
async fn work(kith: &Kith) {
    let installation = &kith.installation;
    kith::workflows::repository::sync::work(&installation.app, &installation.environments)
        .await
        .expect("the worker works");
}

/// Connects the repository, and returns the answer.
async fn connect(api: &Api, server: &GitServer, token: &str) -> Value {
    let body = json!({"url": server.url(), "access_token": token});
    api.post(AT, body).await.expect(201)
}

/// The last sync: its commit, and its code where it failed.
async fn last_sync(api: &Api) -> (Value, Value) {
    let shown = api.get(AT).await.expect(200);
    let sync = &shown["syncs"][0];
    (sync["commit"].clone(), sync["error_code"].clone())
}

/// The states of the workflow's versions, newest first.
async fn states(api: &Api) -> Vec<Value> {
    let shown = api.get("/api/v1/workflows/a").await.expect(200);
    let versions = shown["versions"].as_array().unwrap();
    versions
        .iter()
        .map(|version| version["state"].clone())
        .collect()
}

/// Tells of a push as GitHub does, and returns the status.
async fn tell(kith: &Kith, connected: &Value, secret: &str, body: &str) -> u16 {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signature = hex::encode(hmac::sign(&key, body.as_bytes()));
    let url = connected["repository"]["webhook_url"].as_str().unwrap();
    let request = kith
        .client()
        .post(url)
        .header("x-github-event", "push")
        .header("x-hub-signature-256", format!("sha256={signature}"))
        .body(body.to_owned());
    request
        .send()
        .await
        .expect("the server answers")
        .status()
        .as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connected_repository_is_deployed_and_a_bad_build_keeps_what_is_live() {
    Kith::each(async |kith| {
        let (api, server) = (kith.api().await, GitServer::start().await);
        let first = server.push(FILE, &program(""));
        connect(&api, &server, "").await;
        assert_eq!(
            api.get(AT).await.expect(200)["repository"]["is_syncing"],
            true
        );
        work(&kith).await;
        let shown = api.get(AT).await.expect(200);
        assert_eq!(shown["repository"]["is_syncing"], false);
        assert_eq!(shown["repository"]["commit"], json!(first));
        assert_eq!(last_sync(&api).await, (json!(first), Value::Null));
        assert_eq!(states(&api).await, ["live"]);
        let version = api.get("/api/v1/workflows/a").await.expect(200)["versions"][0].clone();
        assert_eq!(version["source"]["commit"], json!(first));

        let bad = server.push(
            FILE,
            "export const workflowSettings = { id: 'a', trigger: 'user:sneezed' }; export default () => {};",
        );
        api.post(&format!("{AT}/sync"), json!({})).await.expect(200);
        work(&kith).await;
        assert_eq!(
            last_sync(&api).await,
            (json!(bad), json!("WORKFLOW_INVALID"))
        );
        let shown = api.get(AT).await.expect(200);
        assert_eq!(shown["syncs"][0]["findings"][0]["file"], FILE);
        assert_eq!(
            shown["repository"]["commit"],
            json!(first),
            "what was live stays live"
        );
        assert_eq!(states(&api).await, ["live"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_push_is_deployed_once_however_often_it_is_told() {
    Kith::each(async |kith| {
        let (api, server) = (kith.api().await, GitServer::start().await);
        server.push(FILE, &program(""));
        let connected = connect(&api, &server, "").await;
        let secret = connected["webhook_secret"].as_str().unwrap();
        work(&kith).await;
        let second = server.push(FILE, &program("console.log('two');"));
        let body = r#"{"ref":"refs/heads/main","after":"x"}"#;
        assert_eq!(tell(&kith, &connected, "another secret", body).await, 401);
        work(&kith).await;
        assert_eq!(
            states(&api).await,
            ["live"],
            "a wrong signature makes nobody look"
        );

        let other = r#"{"ref":"refs/heads/elsewhere"}"#;
        assert_eq!(tell(&kith, &connected, secret, other).await, 200);
        work(&kith).await;
        assert_eq!(states(&api).await, ["live"]);

        for _ in 0..3 {
            assert_eq!(tell(&kith, &connected, secret, body).await, 202);
            work(&kith).await;
        }
        assert_eq!(last_sync(&api).await, (json!(second), Value::Null));
        assert_eq!(
            states(&api).await,
            ["live", "deployed"],
            "told three times, deployed once"
        );
        let syncs = api.get(AT).await.expect(200)["syncs"]
            .as_array()
            .unwrap()
            .clone();
        assert_eq!(
            syncs
                .iter()
                .map(|sync| sync["cause"].clone())
                .collect::<Vec<_>>(),
            ["push", "request"]
        );

        // Whoever made an older version live isn't overruled by a message that comes again, and is by a request.
        let shown = api.get("/api/v1/workflows/a").await.expect(200);
        let older = shown["versions"][1]["id"].as_str().unwrap();
        let path = format!("/api/v1/workflows/a/versions/{older}/activate");
        api.post(&path, json!({})).await.expect(200);
        tell(&kith, &connected, secret, body).await;
        work(&kith).await;
        assert_eq!(states(&api).await, ["deployed", "live"]);
        api.post(&format!("{AT}/sync"), json!({})).await.expect(200);
        work(&kith).await;
        assert_eq!(states(&api).await, ["live", "deployed", "deployed"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_without_a_right_proof_is_refused_alike() {
    Kith::each(async |kith| {
        let (api, server) = (kith.api().await, GitServer::start().await);
        let connected = connect(&api, &server, "").await;
        let url = connected["repository"]["webhook_url"]
            .as_str()
            .unwrap()
            .to_owned();
        let secret = connected["webhook_secret"].as_str().unwrap();
        let nobody = format!("{}0", &url[..url.len() - 1]);
        for (url, name, value) in [
            (&url, "x-other", "x"),
            (&url, "x-hub-signature-256", "sha256=00"),
            (&url, "x-hub-signature-256", secret),
            (&url, "x-gitlab-token", "hush"),
            (&nobody, "x-gitlab-token", secret),
        ] {
            let sent = kith
                .client()
                .post(url)
                .header(name, value)
                .body("{}")
                .send()
                .await
                .unwrap();
            assert_eq!(sent.status(), 401, "{url} {name}");
            let body = sent.text().await.unwrap();
            assert!(body.to_lowercase().contains("signature_invalid"), "{body}");
        }
        let told = kith
            .client()
            .post(&url)
            .header("x-gitlab-token", secret)
            .body("{}");
        assert_eq!(told.send().await.unwrap().status(), 202);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_branch_is_looked_at_now_and_then_by_one_node() {
    Kith::each(async |kith| {
        let (api, server) = (kith.api().await, GitServer::start().await);
        server.push(FILE, &program(""));
        connect(&api, &server, "").await;
        work(&kith).await;
        let second = server.push(FILE, &program("console.log('two');"));
        work(&kith).await;
        assert_eq!(states(&api).await, ["live"], "it isn't time yet");

        kith.advance(Duration::from_mins(6));
        let api = kith.api().await;
        let other = kith.installation.another_node().await;
        let environments = kith.installation.environments.clone();
        let (one, two) = tokio::join!(
            kith::workflows::repository::sync::work(&kith.installation.app, &environments),
            kith::workflows::repository::sync::work(&other, &environments),
        );
        one.and(two).expect("both nodes work");
        assert_eq!(states(&api).await, ["live", "deployed"]);
        let shown = api.get(AT).await.expect(200);
        assert_eq!(shown["syncs"][0]["cause"], "poll");
        assert_eq!(shown["repository"]["commit"], json!(second));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_repository_is_read_with_its_token_which_nobody_sees() {
    Kith::each(async |kith| {
        let (api, server) = (kith.api().await, GitServer::start().await);
        let commit = server.push(FILE, &program(""));
        server.ask_for("ghp_hush");
        connect(&api, &server, "ghp_wrong").await;
        work(&kith).await;
        assert_eq!(
            last_sync(&api).await,
            (Value::Null, json!("WORKFLOW_REPOSITORY_UNREADABLE"))
        );
        let again = api.post(AT, json!({"url": server.url()})).await;
        assert_eq!((again.status, again.error()), (409, "WORKFLOW_STATE"));
        api.delete(AT).await.expect(200);
        assert_eq!(api.get(AT).await.error(), "WORKFLOW_REPOSITORY_NOT_FOUND");

        connect(&api, &server, "ghp_hush").await;
        work(&kith).await;
        assert_eq!(last_sync(&api).await, (json!(commit), Value::Null));
        let shown = api.get(AT).await.expect(200);
        assert_eq!(shown["repository"]["has_access_token"], true);
        assert!(!shown.to_string().contains("ghp_"), "{shown}");
        api.delete(AT).await.expect(200);
        assert_eq!(states(&api).await, ["live"], "what was deployed stays");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_public_addresses_of_the_web_are_connected() {
    Kith::each_with(&[("allow_private_networks", "false")], async |kith| {
        let api = kith.api().await;
        for (url, code) in [
            ("file:///srv/workflows", "WORKFLOW_REPOSITORY_INVALID"),
            (
                "ssh://git@git.example.com/workflows",
                "WORKFLOW_REPOSITORY_INVALID",
            ),
            (
                "http://git.example.com/workflows",
                "WORKFLOW_REPOSITORY_INVALID",
            ),
            ("https://127.0.0.1/workflows", "ADDRESS_NOT_PUBLIC"),
        ] {
            let refused = api.post(AT, json!({"url": url})).await;
            assert_eq!((refused.status, refused.error()), (400, code), "{url}");
        }
        let odd = json!({"url": "https://git.example.com/workflows", "branch": "--upload-pack=x"});
        assert_eq!(api.post(AT, odd).await.status, 400);
        // What a name stands for is judged when it is called.
        api.post(AT, json!({"url": "https://localhost/workflows"}))
            .await
            .expect(201);
        work(&kith).await;
        assert_eq!(
            last_sync(&api).await,
            (Value::Null, json!("ADDRESS_NOT_PUBLIC"))
        );
        let gone = api.delete(AT).await;
        assert_eq!(gone.status, 200);
        assert_eq!(api.post(&format!("{AT}/sync"), json!({})).await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn branch_polling_and_token_are_changed_in_place() {
    Kith::each(async |kith| {
        let (api, server) = (kith.api().await, GitServer::start().await);
        let none = api.patch(AT, json!({"branch": "release"})).await;
        assert_eq!(
            (none.status, none.error()),
            (404, "WORKFLOW_REPOSITORY_NOT_FOUND")
        );
        let first = server.push(FILE, &program(""));
        server.branch("release");
        let second = server.push(FILE, &program("console.log('two');"));
        let connected = connect(&api, &server, "").await;
        work(&kith).await;
        assert_eq!(last_sync(&api).await, (json!(second), Value::Null));

        let changed = api
            .patch(AT, json!({"branch": "release", "is_polled": false}))
            .await
            .expect(200);
        let repository = &changed["repository"];
        assert_eq!(repository["id"], connected["repository"]["id"]);
        assert_eq!(
            (&repository["branch"], &repository["is_polled"]),
            (&json!("release"), &json!(false))
        );
        assert_eq!(repository["is_syncing"], true, "another branch is fetched");
        work(&kith).await;
        assert_eq!(last_sync(&api).await, (json!(first), Value::Null));
        // What was followed before is a branch like any other now, for the webhook too, and nobody looks without being told.
        let secret = connected["webhook_secret"].as_str().unwrap();
        let main = r#"{"ref":"refs/heads/main"}"#;
        assert_eq!(tell(&kith, &connected, secret, main).await, 200);
        kith.advance(Duration::from_mins(30));
        work(&kith).await;
        let api = kith.api().await;
        assert_eq!(last_sync(&api).await, (json!(first), Value::Null));

        server.ask_for("ghp_hush");
        let changed = api
            .patch(AT, json!({"access_token": "ghp_hush"}))
            .await
            .expect(200);
        assert_eq!(changed["repository"]["has_access_token"], true);
        assert!(!changed.to_string().contains("ghp_"), "{changed}");
        work(&kith).await;
        assert_eq!(last_sync(&api).await, (json!(first), Value::Null));
        let changed = api.patch(AT, json!({"access_token": ""})).await.expect(200);
        assert_eq!(changed["repository"]["has_access_token"], false);
        let odd = api.patch(AT, json!({"branch": "a..b"})).await;
        assert_eq!(
            (odd.status, odd.error()),
            (400, "WORKFLOW_REPOSITORY_INVALID")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_sync_of_the_former_branch_has_fetched_is_not_deployed() {
    Kith::each(async |kith| {
        let (api, server) = (kith.api().await, GitServer::start().await);
        let first = server.push(FILE, &program(""));
        server.branch("release");
        server.push(FILE, &program("console.log('two');"));
        connect(&api, &server, "").await;
        // The change lies somewhere within the sync, or before it; whichever, what ends up live is the branch that is followed.
        let change = api.patch(AT, json!({"branch": "release"}));
        let (changed, ()) = tokio::join!(change, work(&kith));
        changed.expect(200);
        work(&kith).await;
        let shown = api.get(AT).await.expect(200);
        assert_eq!(shown["repository"]["commit"], json!(first));
        assert_eq!(shown["syncs"][0]["commit"], json!(first));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_secret_is_told_once_and_the_old_one_refused() {
    Kith::each(async |kith| {
        let (api, server) = (kith.api().await, GitServer::start().await);
        let connected = connect(&api, &server, "").await;
        let old = connected["webhook_secret"].as_str().unwrap();
        let path = format!("{AT}/rotate_webhook_secret");
        let rotated = api.post(&path, json!({})).await.expect(200);
        let new = rotated["webhook_secret"].as_str().unwrap();
        assert_ne!(new, old);
        assert_eq!(
            rotated["repository"]["webhook_url"],
            connected["repository"]["webhook_url"]
        );
        let body = r#"{"ref":"refs/heads/main"}"#;
        assert_eq!(tell(&kith, &connected, old, body).await, 401);
        assert_eq!(tell(&kith, &connected, new, body).await, 202);
        let shown = api.get(AT).await.expect(200);
        assert!(!shown.to_string().contains(new), "it is told once");
    })
    .await;
}
