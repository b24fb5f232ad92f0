//! `/api/v1/workflows`, `/api/v1/workflow_deployments`, `/api/v1/workflow_runs`, `/api/v1/environment_variables`.

use serde_json::{Value, json};

use crate::harness::{Api, Kith, deploy_workflow};

const TRIGGER: &str = "user:post_authentication";

async fn runs(api: &Api, query: &str) -> Vec<Value> {
    let found = api
        .get(&format!("/api/v1/workflow_runs?{query}"))
        .await
        .expect(200);
    found["runs"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_is_deployed_and_an_older_version_made_live() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        deploy_workflow(&api, TRIGGER, "", "").await;
        deploy_workflow(&api, TRIGGER, "", "console.log('two');").await;
        let listed = api.get("/api/v1/workflows").await.expect(200);
        assert_eq!(listed["workflows"][0]["workflow_id"], "w");
        assert_eq!(listed["workflows"][0]["is_fired"], true);
        let shown = api.get("/api/v1/workflows/w").await.expect(200);
        let states = |shown: &Value| {
            [
                shown["versions"][0]["state"].clone(),
                shown["versions"][1]["state"].clone(),
            ]
        };
        assert_eq!(states(&shown), [json!("live"), json!("deployed")]);
        let older = shown["versions"][1]["id"].as_str().unwrap();
        let path = format!("/api/v1/workflows/w/versions/{older}/activate");
        api.post(&path, json!({})).await.expect(200);
        let shown = api.get("/api/v1/workflows/w").await.expect(200);
        assert_eq!(states(&shown), [json!("deployed"), json!("live")]);
        assert_eq!(shown["workflow"]["live_version_id"], json!(older));
        api.delete("/api/v1/workflows/w").await.expect(200);
        let gone = api.get("/api/v1/workflows/w").await;
        assert_eq!((gone.status, gone.error()), (404, "WORKFLOW_NOT_FOUND"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_may_come_as_parts_of_a_form() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let text = "export const workflowSettings = { id: 'w', trigger: 'user:pre_mfa' };\nexport default () => {};";
        let part = reqwest::multipart::Part::text(text).file_name("flows/aWorkflow.ts");
        let form = reqwest::multipart::Form::new().part("files", part).text("is_live", "false");
        let deployed = api.send_files("/api/v1/workflow_deployments", form).await.expect(201);
        assert_eq!(deployed["workflows"][0]["is_fired"], false);
        let shown = api.get("/api/v1/workflows/w").await.expect(200);
        assert_eq!(shown["versions"][0]["state"], "deployed");
        assert_eq!(shown["versions"][0]["file"], "flows/aWorkflow.ts");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_wrong_is_told_with_its_place_and_nothing_deployed() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let files = json!({"files": {
            "aWorkflow.ts": "export const workflowSettings = {\n id: 'a', trigger: 'user:sneezed' };\nexport default () => {};",
            "bWorkflow.ts": "import x from './nowhere';\nexport default x;",
        }});
        let checked = api.post("/api/v1/workflow_deployments/check", files.clone()).await.expect(200);
        assert_eq!(checked["is_deployable"], false);
        let findings = checked["findings"].as_array().unwrap();
        let places: Vec<_> = findings.iter().map(|one| (one["file"].as_str().unwrap(), one["line"].as_u64().unwrap())).collect();
        assert_eq!(places, [("aWorkflow.ts", 2), ("bWorkflow.ts", 1)], "{findings:?}");
        let refused = api.post("/api/v1/workflow_deployments", files).await;
        assert_eq!((refused.status, refused.error()), (400, "WORKFLOW_INVALID"));
        assert_eq!(api.get("/api/v1/workflows").await.expect(200)["workflows"], json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_told_once() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        deploy_workflow(&api, TRIGGER, "", "").await;
        let added = api
            .post("/api/v1/workflows/w/keys", json!({"encoding": "base64"}))
            .await
            .expect(201);
        assert_eq!(added["key"].as_str().unwrap().len(), 44);
        let id = added["id"].as_str().unwrap();
        let listed = api.get("/api/v1/workflows/w/keys").await.expect(200);
        assert_eq!(
            (
                &listed["keys"][0]["is_active"],
                &listed["keys"][0]["encoding"]
            ),
            (&json!(true), &json!("base64"))
        );
        assert!(listed["keys"][0].get("key").is_none());
        let path = format!("/api/v1/workflows/w/keys/{id}");
        assert_eq!(api.delete(&path).await.error(), "WORKFLOW_STATE");
        api.post(&format!("{path}/deactivate"), json!({}))
            .await
            .expect(200);
        api.post(&format!("{path}/activate"), json!({}))
            .await
            .expect(200);
        api.post(&format!("{path}/deactivate"), json!({}))
            .await
            .expect(200);
        api.delete(&path).await.expect(200);
        let unknown = api.delete(&path).await;
        assert_eq!(
            (unknown.status, unknown.error()),
            (404, "WORKFLOW_KEY_NOT_FOUND")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_behave_as_at_kinde() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let path = "/api/v1/environment_variables";
        let body = json!({"key": "DOMAIN", "value": "example.com"});
        let created = api.post(path, body.clone()).await.expect(201);
        assert_eq!(created["code"], "VARIABLE_CREATED");
        let plain = format!(
            "{path}/{}",
            created["environment_variable"]["id"].as_str().unwrap()
        );
        let read = api.get(&plain).await.expect(200);
        assert_eq!(read["environment_variable"]["value"], "example.com");
        let taken = api.post(path, body).await;
        assert_eq!(
            (taken.status, taken.error()),
            (409, "ENVIRONMENT_VARIABLE_KEY_TAKEN")
        );
        let updated = api
            .patch(&plain, json!({"value": "example.org"}))
            .await
            .expect(200);
        assert_eq!(updated["code"], "ENVIRONMENT_VARIABLE_UPDATED");
        let body = json!({"key": "KEY", "value": "hush", "is_secret": true});
        let secret = api.post(path, body).await.expect(201);
        let secret = format!(
            "{path}/{}",
            secret["environment_variable"]["id"].as_str().unwrap()
        );
        let read = api.get(&secret).await.expect(200);
        assert_eq!(
            (
                &read["environment_variable"]["value"],
                &read["environment_variable"]["is_secret"]
            ),
            (&json!(null), &json!(true))
        );
        for change in [json!({"value": "x"}), json!({"is_secret": false})] {
            assert_eq!(
                api.patch(&secret, change).await.error(),
                "ENVIRONMENT_VARIABLE_IS_SECRET"
            );
        }
        let listed = api.get(path).await.expect(200);
        assert_eq!(listed["has_more"], false);
        assert_eq!(listed["environment_variables"].as_array().unwrap().len(), 2);
        let deleted = api.delete(&secret).await.expect(200);
        assert_eq!(deleted["code"], "ENVIRONMENT_VARIABLE_DELETED");
        assert_eq!(api.get(&secret).await.status, 404);
        assert_eq!(
            api.post(path, json!({"key": "X"})).await.error(),
            "INVALID_REQUEST"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_kept_without_secrets() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let secret = json!({"key": "KEY", "value": "hush-hush-hush", "is_secret": true});
        api.post("/api/v1/environment_variables", secret).await.expect(201);
        let body = "console.log('Key', kinde.env.get('KEY').value); throw new Error('no ' + kinde.env.get('KEY').value);";
        deploy_workflow(&api, "user:tokens_generation", "\"kinde.env\": {}", body).await;
        fire(&kith).await;
        let mut found = Vec::new();
        for _ in 0..200 {
            found = runs(&api, "workflow_id=w&outcome=failed&text=KEY").await;
            if !found.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let run = &found[0];
        assert_eq!((&run["workflow_id"], &run["trigger"]), (&json!("w"), &json!("user:tokens_generation")));
        assert!(!run.to_string().contains("hush"), "{run}");
        assert_eq!(run["details"]["lines"][0]["text"], "Key •••");
        let path = format!("/api/v1/workflow_runs/{}", run["id"].as_str().unwrap());
        assert_eq!(api.get(&path).await.expect(200)["run"], *run);
        assert!(runs(&api, "outcome=denied").await.is_empty());
        assert_eq!(api.get("/api/v1/workflow_runs/x").await.error(), "WORKFLOW_RUN_NOT_FOUND");
    })
    .await;
}

async fn fire(kith: &Kith) {
    let moment = kith::workflows::Moment::sample(kith::workflows::Trigger::UserTokens);
    let caller = kith::workflows::Caller::new("203.0.113.9", "a test");
    assert!(
        kith::workflows::fire(&kith.cx(), moment, &caller)
            .await
            .is_err()
    );
}
