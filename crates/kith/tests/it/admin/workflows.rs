use std::collections::BTreeMap;

use super::{owner, press, submit};
use crate::harness::{Browser, Kith, Page, deploy_workflow};

const DEPLOY: &str = "/admin/workflows/deploy";
const VARIABLES: &str = "/admin/settings/environment-variables";

fn program(id: &str, trigger: &str, body: &str) -> String {
    format!(
        "export const workflowSettings = {{\n  id: '{id}', name: 'Program {id}', trigger: '{trigger}',\n  \
         failurePolicy: {{ action: 'continue' }}, bindings: {{ 'kinde.env': {{}} }}\n}};\n\
         export default async function (event) {{ {body} }}\n"
    )
}

/// Sends a project as a browser sends the folder that was chosen.
async fn send(browser: &Browser, fields: &[(&str, &str)], files: &[(&str, &str)]) -> Page {
    let form = browser.get(DEPLOY).await;
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| ("folder", *name, *text))
        .collect();
    browser.upload_with(&form, fields, &files).await
}

async fn deploy(browser: &Browser, text: &str) -> Page {
    let path = "shop/kindeSrc/environment/workflows/a/Workflow.ts";
    let files = [
        ("shop/kinde.json", "{}"),
        (path, text),
        ("shop/.git/aWorkflow.ts", "no code at all"),
        ("shop/logo.png", "\u{fffd}PNG"),
    ];
    send(browser, &[("is_live", "true")], &files).await
}

/// The path of the only workflow's page.
async fn only_workflow(browser: &Browser) -> String {
    let list = browser.get("/admin/workflows").await;
    list.attribute("tbody th a", "href").expect("a workflow")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_project_is_told_by_place_and_a_right_one_deployed() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let list = browser.get("/admin/workflows").await;
        assert!(list.shows("No workflow yet"), "{}", list.html);
        let page = deploy(&browser, &program("a", "user:sneezed", "")).await;
        assert_eq!(page.status, 422, "{}", page.html);
        let place = page.text("tbody th").unwrap();
        assert_eq!(place, "kindeSrc/environment/workflows/a/Workflow.ts:2:31");
        assert!(page.shows("unknown_trigger") && page.shows("Nothing was deployed"));
        assert!(
            browser
                .get("/admin/workflows")
                .await
                .shows("No workflow yet")
        );

        let page = deploy(&browser, &program("a", "user:post_authentication", "")).await;
        assert_eq!(page.url.path(), "/admin/workflows", "{}", page.html);
        assert!(page.shows("Deployed and live: Program a."), "{}", page.html);
        let row = page.text("tbody tr").unwrap();
        assert!(
            row.contains("user:post_authentication") && row.contains("Live"),
            "{row}"
        );
        assert!(!row.contains("Does not fire yet"), "{row}");

        let details = browser.get(&only_workflow(&browser).await).await;
        for fact in [
            "kinde.env",
            "What fired it goes on",
            "kindeSrc/environment/workflows/a/Workflow.ts",
        ] {
            assert!(details.shows(fact), "{fact}: {}", details.html);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trigger_that_is_taken_and_a_form_without_files_are_told() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        deploy(&browser, &program("a", "user:post_authentication", "")).await;
        let page = deploy(&browser, &program("b", "user:post_authentication", "")).await;
        assert_eq!(page.status, 422);
        assert!(
            page.shows("a is live for user:post_authentication already"),
            "{}",
            page.html
        );
        let page = send(&browser, &[], &[("shop/logo.png", "x")]).await;
        assert_eq!(page.status, 422);
        let error = page.text("#folder-error").unwrap();
        assert!(error.contains("There was no code"), "{error}");
        // What waits does not take the trigger.
        let waiting = program("b", "user:post_authentication", "");
        let page = send(&browser, &[], &[("bWorkflow.ts", &waiting)]).await;
        assert!(
            page.shows("waiting until you make them live: Program b."),
            "{}",
            page.html
        );
        assert_eq!(page.texts("tbody tr").len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_is_made_live_and_a_workflow_ends() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        for body in ["", "console.log('two');"] {
            deploy(&browser, &program("a", "user:pre_mfa", body)).await;
        }
        assert!(
            browser
                .get("/admin/workflows")
                .await
                .shows("Does not fire yet")
        );
        let workflow = only_workflow(&browser).await;
        let versions = browser.get(&format!("{workflow}/versions")).await;
        let states = |page: &Page| page.texts("td[data-label=Status] .badge");
        assert_eq!(states(&versions), ["Live", "Deployed"]);
        assert!(versions.shows("Upload") && versions.shows("member:kp_"));
        let activate = versions.attribute("td.act form", "action").unwrap();
        let versions = press(&browser, &versions, &activate).await;
        assert!(versions.shows("The version is live."), "{}", versions.html);
        assert_eq!(states(&versions), ["Deployed", "Live"]);
        let logs = browser.get(&format!("{workflow}/build-logs")).await;
        assert!(logs.shows("Version 2") && logs.shows("Built without a remark."));

        let details = browser.get(&workflow).await;
        let details = press(&browser, &details, &format!("{workflow}/deactivate")).await;
        assert!(details.shows("No version is live"), "{}", details.html);
        let path = format!("{workflow}/delete");
        let ask = browser.get(&path).await;
        let ask = submit(&browser, &ask, &path, &[("typed_name", "Program a")]).await;
        assert_eq!(ask.status, 422);
        let page = submit(&browser, &ask, &path, &[("typed_name", "a")]).await;
        assert!(page.shows("Program a was deleted.") && page.shows("No workflow yet"));
        assert_eq!(browser.get(&workflow).await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encryption_key_is_shown_once_and_deleted_only_when_it_is_idle() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        deploy(&browser, &program("a", "user:post_authentication", "")).await;
        let path = format!("{}/keys", only_workflow(&browser).await);
        let keys = browser.get(&path).await;
        assert!(keys.shows("No key yet"));
        let added = submit(&browser, &keys, &path, &[("encoding", "base64")]).await;
        let key = added.text(".notice .copyable code").unwrap();
        assert_eq!(key.len(), 44, "32 bytes in base64");
        let keys = browser.get(&path).await;
        assert!(!keys.html.contains(&key), "a key is shown once");
        assert!(keys.shows("Active") && keys.shows("base64"));

        let id = keys.text("tbody th code").unwrap();
        let delete = format!("{path}/{id}/delete");
        assert!(
            !keys.links().contains(&delete),
            "an active key can't be deleted"
        );
        let ask = browser.get(&delete).await;
        let kept = press(&browser, &ask, &delete).await;
        assert!(kept.shows("That can’t be done"), "{}", kept.html);
        let idle = press(&browser, &kept, &format!("{path}/{id}/deactivate")).await;
        assert!(idle.shows("Not active"), "{}", idle.html);
        let active = press(&browser, &idle, &format!("{path}/{id}/activate")).await;
        assert!(active.shows("The key is active."));
        press(&browser, &active, &format!("{path}/{id}/deactivate")).await;
        let gone = press(&browser, &browser.get(&delete).await, &delete).await;
        assert!(gone.shows("The key was deleted.") && gone.shows("No key yet"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn runtime_logs_are_searched_and_hold_no_secret() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let api = kith.api().await;
        let secret =
            serde_json::json!({"key": "KEY", "value": "hush-hush-hush", "is_secret": true});
        api.post("/api/v1/environment_variables", secret)
            .await
            .expect(201);
        let body = "console.log('Key', kinde.env.get('KEY').value); throw new Error('it broke');";
        deploy_workflow(&api, "user:tokens_generation", "\"kinde.env\": {}", body).await;
        let moment = kith::workflows::Moment::sample(kith::workflows::Trigger::UserTokens);
        let caller = kith::workflows::Caller::new("203.0.113.9", "a test");
        assert!(
            kith::workflows::fire(&kith.cx(), moment, &caller)
                .await
                .is_err()
        );

        let runs = format!("{}/runs", only_workflow(&browser).await);
        let mut found = browser.get(&runs).await;
        for _ in 0..200 {
            if found.text("tbody tr").is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            found = browser.get(&runs).await;
        }
        let row = found.text("tbody tr").unwrap();
        assert!(row.contains("Failed") && row.contains("it broke"), "{row}");
        for (query, is_found) in [
            ("q=BROKE", true),
            ("q=tea", false),
            ("show=failed", true),
            ("show=denied", false),
        ] {
            let page = browser.get(&format!("{runs}?{query}")).await;
            assert_eq!(page.text("tbody tr").is_some(), is_found, "{query}");
        }
        let list = browser.get("/admin/workflows").await;
        assert!(list.shows("0 ok, 1 failed"), "{}", list.html);

        let run = browser
            .get(&found.attribute("tbody th a", "href").unwrap())
            .await;
        for fact in [
            "Key •••",
            "it broke",
            "user:tokens_generation",
            "It called nobody.",
        ] {
            assert!(run.shows(fact), "{fact}: {}", run.html);
        }
        assert!(!run.html.contains("hush"), "{}", run.html);
        assert_eq!(browser.get(&format!("{runs}/x")).await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sensitive_variable_is_written_and_never_shown() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let new = format!("{VARIABLES}/new");
        let form = browser.get(&new).await;
        let page = submit(
            &browser,
            &form,
            &new,
            &[
                ("key", "A KEY"),
                ("value", "hush-hush"),
                ("is_secret", "true"),
            ],
        )
        .await;
        assert_eq!(page.status, 422);
        assert!(page.text("#key-error").is_some() && !page.html.contains("hush-hush"));
        let page = submit(
            &browser,
            &page,
            &new,
            &[
                ("key", "SECRET"),
                ("value", "hush-hush"),
                ("is_secret", "true"),
            ],
        )
        .await;
        assert!(
            page.shows("SECRET was added.") && page.shows("Sensitive"),
            "{}",
            page.html
        );
        assert!(!page.html.contains("hush-hush"));
        let delete = page.attribute(".menu-item-bad", "href").unwrap();
        let edit = delete.trim_end_matches("/delete");
        assert!(!page.links().iter().any(|link| link == edit));
        let refused = browser.get(edit).await;
        assert_eq!(refused.status, 409, "{}", refused.html);
        assert!(!refused.html.contains("hush-hush"));

        let page = submit(&browser, &form, &new, &[("key", "SECRET"), ("value", "x")]).await;
        assert!(
            page.text("#key-error")
                .unwrap()
                .contains("Another variable has this key")
        );
        let gone = press(&browser, &browser.get(&delete).await, &delete).await;
        assert!(gone.shows("SECRET was deleted.") && gone.shows("No variable yet"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_variable_is_changed_and_becomes_sensitive() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let new = format!("{VARIABLES}/new");
        let form = browser.get(&new).await;
        let page = submit(
            &browser,
            &form,
            &new,
            &[("key", "PEM"), ("value", "one\r\ntwo")],
        )
        .await;
        let edit = page.attribute(".menu-list a", "href").unwrap();
        let form = browser.get(&edit).await;
        assert_eq!(
            form.form(&format!("form[action='{edit}']")).1["value"],
            "one\ntwo"
        );
        let page = submit(
            &browser,
            &form,
            &edit,
            &[("key", "DOMAIN"), ("value", "example.org")],
        )
        .await;
        assert!(
            page.shows("DOMAIN was saved.") && page.shows("example.org"),
            "{}",
            page.html
        );
        let page = submit(
            &browser,
            &browser.get(&edit).await,
            &edit,
            &[("is_secret", "true")],
        )
        .await;
        assert!(
            page.shows("Sensitive") && !page.shows("example.org"),
            "{}",
            page.html
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_browser_changes_nothing() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        deploy(&browser, &program("a", "user:post_authentication", "")).await;
        let workflow = only_workflow(&browser).await;
        let foreign = BTreeMap::from([
            ("csrf".to_owned(), "another browser's".to_owned()),
            ("typed_name".to_owned(), "a".to_owned()),
            ("key".to_owned(), "DOMAIN".to_owned()),
        ]);
        for path in [
            format!("{workflow}/deactivate"),
            format!("{workflow}/delete"),
            format!("{workflow}/versions/x/activate"),
            format!("{workflow}/keys"),
            format!("{workflow}/keys/x/activate"),
            format!("{workflow}/keys/x/deactivate"),
            format!("{workflow}/keys/x/delete"),
            format!("{VARIABLES}/new"),
            format!("{VARIABLES}/x"),
            format!("{VARIABLES}/x/delete"),
        ] {
            assert_eq!(browser.post(&path, &foreign).await.status, 403, "{path}");
        }
        let form = browser.get(DEPLOY).await;
        let (_, fields) = form.form("form[enctype='multipart/form-data']");
        let forged = Page {
            html: form.html.replace(&fields["csrf"], "another browser's"),
            ..form
        };
        let text = program("b", "user:pre_mfa", "");
        let files = [("folder", "bWorkflow.ts", text.as_str())];
        assert_eq!(browser.upload(&forged, &files).await.status, 403);
        let list = browser.get("/admin/workflows").await;
        assert_eq!(list.texts("tbody tr").len(), 1);
        assert!(list.text("tbody tr").unwrap().contains("Live"));
        assert!(browser.get(VARIABLES).await.shows("No variable yet"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_is_not_live_has_a_preview_link_and_its_runs_say_so() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let api = kith.api().await;
        let trigger = "user:post_authentication";
        deploy_workflow(&api, trigger, "", "console.log('the older one');").await;
        deploy_workflow(&api, trigger, "", "console.log('the newer one');").await;
        crate::pages::arrive(&kith, "").await;
        let versions = browser
            .get(&format!("{}/versions", only_workflow(&browser).await))
            .await;
        let links = versions.links_within("tbody");
        let mut previews = links.iter().filter(|link| link.ends_with("/preview"));
        let page = browser.get(previews.next().expect("a link")).await;
        assert!(previews.next().is_none(), "the live version needs none");
        assert!(
            page.shows("Preview version 1") && page.shows("Shop"),
            "{}",
            page.html
        );
        assert!(page.shows("workflow_deployment_id"), "{}", page.html);
        let link = page.attribute("tbody a", "href").expect("a link");
        let path = link.strip_prefix(&kith.url("")).expect("an address here");
        let tried = kith.browser().get(path).await;
        assert_eq!((tried.status, tried.url.path()), (200, "/login"));
    })
    .await;
}
