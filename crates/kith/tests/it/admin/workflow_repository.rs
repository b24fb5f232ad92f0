use super::{owner, press, submit};
use crate::git_server::GitServer;
use crate::harness::Kith;

const AT: &str = "/admin/workflows/repository";
const FILE: &str = "kindeSrc/environment/workflows/a/Workflow.ts";
const RIGHT: &str = "export const workflowSettings = { id: 'a', trigger: 'user:post_authentication' };\n\
                     export default async function () {}\n";

/// Lets the worker do what is due.
async fn work(kith: &Kith) {
    let installation = &kith.installation;
    kith::workflows::repository::sync::work(&installation.app, &installation.environments)
        .await
        .expect("the worker works");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_connected_synced_and_disconnected() {
    Kith::each(async |kith| {
        let (browser, server) = (owner(&kith).await, GitServer::start().await);
        let first = server.push(FILE, RIGHT);
        server.ask_for("ghp_hush");
        let list = browser.get("/admin/workflows").await;
        assert!(
            list.shows("Connect repo") && !list.shows("Sync code"),
            "{}",
            list.html
        );
        assert!(list.links().contains(&AT.to_owned()));

        let url = server.url();
        let fields = [
            ("url", &*url),
            ("branch", ""),
            ("token", "ghp_hush"),
            ("is_polled", "true"),
        ];
        let made = submit(&browser, &browser.get(AT).await, AT, &fields).await;
        let secret = made
            .text(".notice .copyable code")
            .expect("the secret is shown");
        assert!(
            made.shows("Copy the webhook’s secret now") && made.shows("Syncing"),
            "{}",
            made.html
        );
        assert!(!made.html.contains("ghp_hush"));
        work(&kith).await;
        let page = browser.get(AT).await;
        assert!(!page.html.contains(&secret), "the secret is shown once");
        assert!(
            page.shows(&first[..10]) && page.shows("/hooks/workflows/wfrepo_"),
            "{}",
            page.html
        );
        assert_eq!(page.texts("td[data-label=Status] .badge"), ["Live"]);

        server.push(
            FILE,
            "export const workflowSettings = { id: 'a', trigger: 'user:sneezed' }; export default () => {};",
        );
        let list = browser.get("/admin/workflows").await;
        let page = press(&browser, &list, &format!("{AT}/sync")).await;
        assert!(page.shows("The sync has begun."), "{}", page.html);
        work(&kith).await;
        let page = browser.get(AT).await;
        assert_eq!(
            page.texts("td[data-label=Status] .badge"),
            ["Failed", "Live"]
        );
        assert!(page.shows("unknown_trigger") && page.shows("What was live before is live still."));
        assert!(
            browser
                .get("/admin/workflows")
                .await
                .text("tbody tr")
                .unwrap()
                .contains("Live")
        );

        let path = format!("{AT}/disconnect");
        let gone = press(&browser, &browser.get(&path).await, &path).await;
        assert!(gone.shows("The repository is disconnected.") && gone.shows("Connect repo"));
        assert_eq!(browser.get(&path).await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_connected_is_told_beside_its_field() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        for (url, branch, token, field) in [
            ("file:///srv/workflows", "", "", "url"),
            ("https://git.example.com/workflows", "a..b", "", "branch"),
            ("https://git.example.com/workflows", "", "a hush", "token"),
        ] {
            let fields = [("url", url), ("branch", branch), ("token", token)];
            let page = submit(&browser, &browser.get(AT).await, AT, &fields).await;
            assert_eq!(page.status, 422, "{}", page.html);
            assert!(
                page.text(&format!("#{field}-error")).is_some(),
                "{field}: {}",
                page.html
            );
            assert_eq!(
                page.attribute("#url", "value").as_deref(),
                Some(url),
                "what was typed stays"
            );
            assert!(!page.html.contains("hush"), "a token is on no page");
        }
        let stranger = kith.browser().post(AT, &super::no_fields()).await;
        assert_eq!(stranger.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn branch_polling_token_and_secret_are_changed_on_the_page() {
    Kith::each(async |kith| {
        let (browser, server) = (owner(&kith).await, GitServer::start().await);
        server.push(FILE, RIGHT);
        server.branch("release");
        let url = server.url();
        let fields = [("url", &*url), ("branch", ""), ("is_polled", "true")];
        let made = submit(&browser, &browser.get(AT).await, AT, &fields).await;
        let secret = made.text(".notice .copyable code").expect("a secret");
        work(&kith).await;

        let change = format!("{AT}/change");
        let page = browser.get(AT).await;
        let wrong = submit(&browser, &page, &change, &[("branch", "a..b")]).await;
        assert_eq!(wrong.status, 422, "{}", wrong.html);
        assert!(wrong.text("#branch-error").is_some(), "{}", wrong.html);
        let fields = [("branch", "release"), ("token", "ghp_hush")];
        let page = submit(&browser, &page, &change, &fields).await;
        assert!(
            page.shows("release") && page.shows("Kept encrypted"),
            "{}",
            page.html
        );
        assert!(page.shows("Syncing") && !page.html.contains("ghp_hush"));
        let page = submit(&browser, &page, &change, &[("forget_token", "true")]).await;
        assert!(page.shows("None: anybody can read"), "{}", page.html);

        let page = press(&browser, &page, &format!("{AT}/rotate")).await;
        let rotated = page.text(".notice .copyable code").expect("a secret");
        assert_ne!(rotated, secret);
        assert!(
            !browser.get(AT).await.html.contains(&rotated),
            "it is shown once"
        );
    })
    .await;
}
