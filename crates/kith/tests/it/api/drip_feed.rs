//! `/api/v1/drip_feed`: which old system is asked, how far the move is, and writing to those who are left.

use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

use crate::admin::import;
use crate::harness::{Api, Kith};
use crate::pages::drip_feed::answering;
use crate::pages::{arrive, sign_in};
use kith::drip_feed::connector::CONNECTORS;

const AT: &str = "/api/v1/drip_feed";
const EMAIL: &str = "ada@example.com";

/// The password at the old system.
const OLD: &str = "old-Otters-1999";

/// An old system, as the generic HTTP connector asks it: right is the one password.
async fn old_system() -> MockServer {
    let profile =
        json!({"id": "old|1", "email": EMAIL, "email_verified": true, "given_name": "Ada"});
    answering(OLD, ResponseTemplate::new(200).set_body_json(profile)).await
}

async fn configure(api: &Api, url: &str) -> Value {
    let values = json!({"url": url, "bearer_token": "hush-hush"});
    let body = json!({"connector": "http", "trusts_addresses": true, "values": values});
    api.put(AT, body).await.expect(200)
}

/// People who were brought here without a password.
async fn import_people(kith: &Kith, n_people: usize) {
    let mut lines = vec!["id,email,hashed_password,hashing_method".to_owned()];
    lines.extend((0..n_people).map(|number| format!("u{number},person{number}@example.com,,")));
    import(kith, &lines.join("\n")).await;
}

async fn test(api: &Api, body: Value) -> Value {
    api.post(&format!("{AT}/test"), body).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_old_system_tells_what_it_needs() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let listed = api.get(&format!("{AT}/connectors")).await.expect(200);
        let listed = listed["connectors"].as_array().unwrap();
        assert_eq!(listed.len(), CONNECTORS.len());
        let keycloak = listed.iter().find(|one| one["name"] == "keycloak").unwrap();
        let fields = keycloak["fields"].as_array().unwrap();
        let secret = fields.iter().find(|field| field["name"] == "client_secret");
        assert_eq!(secret.unwrap()["is_secret"], true);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_system_is_configured_and_its_secrets_are_told_to_nobody() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let none = api.get(AT).await;
        assert_eq!(
            (none.status, none.error()),
            (404, "DRIP_FEED_NOT_CONFIGURED")
        );
        let made = configure(&api, "https://old.example.com/check").await;
        let told = api.get(AT).await.expect(200)["drip_feed"].clone();
        assert_eq!(made["drip_feed"], told);
        assert_eq!(
            (&told["state"], &told["secrets"]),
            (&json!("on"), &json!(["bearer_token"]))
        );
        assert_eq!(
            told["values"],
            json!({"url": "https://old.example.com/check"})
        );
        assert!(!made.to_string().contains("hush"), "{made}");

        // A secret that is left out stays, and whoever has paused it isn't overruled by a change.
        api.post(&format!("{AT}/pause"), json!({}))
            .await
            .expect(200);
        let again =
            json!({"connector": "http", "values": {"url": "https://old.example.com/check"}});
        let told = api.put(AT, again).await.expect(200)["drip_feed"].clone();
        assert_eq!(
            (&told["state"], &told["secrets"]),
            (&json!("paused"), &json!(["bearer_token"]))
        );
        assert_eq!(told["trusts_addresses"], false);
        for (body, what) in [
            (json!({"connector": "none"}), "no connector of this name"),
            (json!({"connector": "http"}), "enter `bearer_token` again"),
            // Else whoever may change the address could have the secret sent to themselves.
            (
                json!({"connector": "http", "values": {"url": "https://new.example.com/check"}}),
                "enter `bearer_token` again",
            ),
            (
                json!({"connector": "http", "values": {"bearer_token": "new"}}),
                "`url` is missing",
            ),
            (
                json!({"connector": "http", "values": {"url": "x", "tokn": "y"}}),
                "no field `tokn`",
            ),
        ] {
            let refused = api.put(AT, body).await;
            assert_eq!((refused.status, refused.error()), (400, "INVALID_REQUEST"));
            assert!(refused.body.to_string().contains(what), "{}", refused.body);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_account_is_tried_and_nobody_moved() {
    Kith::each(async |kith| {
        let (api, server) = (kith.api().await, old_system().await);
        let account = |password: &str| json!({"identifier": EMAIL, "password": password});
        let nothing = api.post(&format!("{AT}/test"), account(OLD)).await;
        assert_eq!(nothing.error(), "DRIP_FEED_NOT_CONFIGURED");
        // What isn't configured yet is tried with what is sent.
        let mut sent = account(OLD);
        sent["connector"] = json!("http");
        sent["values"] = json!({"url": server.uri()});
        assert_eq!(test(&api, sent.clone()).await["outcome"], "right");
        let unsigned = server.received_requests().await.unwrap();
        configure(&api, &server.uri()).await;
        let right = test(&api, account(OLD)).await;
        let email = json!({"type": "email", "value": EMAIL, "is_verified": true});
        assert_eq!(
            (&right["outcome"], &right["person"]["id"]),
            (&json!("right"), &json!("old|1"))
        );
        assert_eq!(right["person"]["identities"], json!([email]));
        let wrong = test(&api, account("another")).await;
        assert_eq!(
            (&wrong["outcome"], &wrong["person"]),
            (&json!("wrong"), &json!(null))
        );
        // The stored secret goes to the stored place, and to no other.
        test(&api, sent).await;
        let requests = server.received_requests().await.unwrap();
        let signed = requests
            .iter()
            .map(|request| request.headers.contains_key("authorization"));
        assert_eq!(unsigned.len(), 1);
        assert_eq!(signed.collect::<Vec<_>>(), [false, true, true, false]);
        let users = api.get("/api/v1/users").await.expect(200);
        assert!(
            users["users"].as_array().is_none_or(Vec::is_empty),
            "{users}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drip_feed_is_paused_resumed_and_ended() {
    Kith::each(async |kith| {
        let (api, server) = (kith.api().await, old_system().await);
        for verb in ["pause", "resume", "end"] {
            let none = api.post(&format!("{AT}/{verb}"), json!({})).await;
            assert_eq!(
                (none.status, none.error()),
                (404, "DRIP_FEED_NOT_CONFIGURED")
            );
        }
        configure(&api, &server.uri()).await;
        let switch = async |verb: &str| {
            api.post(&format!("{AT}/{verb}"), json!({}))
                .await
                .expect(200);
            api.get(AT).await.expect(200)["drip_feed"]["state"].clone()
        };
        assert_eq!(switch("pause").await, "paused");
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, EMAIL, OLD).await;
        assert_ne!(page.status, 200, "a system that is paused was asked");
        assert!(server.received_requests().await.unwrap().is_empty());
        assert_eq!(switch("resume").await, "on");
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, EMAIL, OLD).await;
        assert!(page.left_for.is_some(), "{}", page.html);

        assert_eq!(switch("end").await, "ended");
        let told = api.get(AT).await.expect(200);
        assert_eq!(
            told["drip_feed"]["secrets"],
            json!([]),
            "keys are forgotten"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_ended_without_its_keys_is_configured_anew() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let body = json!({"connector": "firebase", "values": {"api_key": "hush"}});
        api.put(AT, body).await.expect(200);
        api.post(&format!("{AT}/end"), json!({})).await.expect(200);
        let refused = api.post(&format!("{AT}/resume"), json!({})).await;
        assert_eq!((refused.status, refused.error()), (400, "INVALID_REQUEST"));
        assert!(refused.body.to_string().contains("`api_key` is missing"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_and_the_tail_are_told() {
    Kith::each(async |kith| {
        let (api, server) = (kith.api().await, old_system().await);
        import_people(&kith, 3).await;
        configure(&api, &server.uri()).await;
        for password in ["wrong otters", OLD] {
            let (browser, page) = arrive(&kith, "").await;
            sign_in(&browser, &page, EMAIL, password).await;
        }
        let figures = api.get(&format!("{AT}/statistics")).await.expect(200);
        assert_eq!(
            (&figures["waiting"], &figures["moved"]),
            (&json!(3), &json!(1)),
            "{figures}"
        );
        assert_eq!(figures["days"].as_array().unwrap().len(), 14);
        assert_eq!(figures["days"][13]["moved"], 1);
        assert_eq!(figures["doors"], json!([{"name": "sign_in", "count": 1}]));
        let outcomes = json!([{"name": "moved", "count": 1}, {"name": "wrong", "count": 1}]);
        assert_eq!(figures["outcomes"], outcomes);

        let first = api
            .get(&format!("{AT}/waiting?page_size=2"))
            .await
            .expect(200);
        let token = first["next_token"].as_str().unwrap();
        let rest = api
            .get(&format!("{AT}/waiting?page_size=2&next_token={token}"))
            .await;
        let rest = rest.expect(200);
        assert!(rest.get("next_token").is_none());
        let ids = [&first, &rest]
            .map(|page| page["users"].as_array().unwrap().clone())
            .concat();
        let ids: Vec<_> = ids
            .iter()
            .map(|user| user["provided_id"].as_str().unwrap())
            .collect();
        assert_eq!(ids.len(), 3);
        let table = api.download(&format!("{AT}/waiting"), "text/csv").await;
        for id in ids {
            let line = format!(",{id},person{}@example.com", &id[1..]);
            assert!(table.contains(&line), "{table}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_campaign_is_started_followed_and_stopped() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        import_people(&kith, 2).await;
        let at = format!("{AT}/reset_campaign");
        assert_eq!(api.get(&at).await.error(), "CAMPAIGN_NOT_FOUND");
        let stopped = api.post(&format!("{at}/stop"), json!({})).await;
        assert_eq!(
            (stopped.status, stopped.error()),
            (404, "CAMPAIGN_NOT_FOUND")
        );
        for wrong in [
            json!({"link": "app"}),
            json!({"link": "https://a.example.com", "per_minute": 601}),
        ] {
            assert_eq!(api.post(&at, wrong).await.error(), "INVALID_REQUEST");
        }
        let link = json!({"link": "https://app.example.com/login"});
        let made = api.post(&at, link.clone()).await.expect(201);
        assert_eq!(
            (
                &made["reset_campaign"]["state"],
                &made["reset_campaign"]["left"]
            ),
            (&json!("running"), &json!(2))
        );
        assert_eq!(api.post(&at, link).await.error(), "CAMPAIGN_RUNNING");
        let (app, environments) = (&kith.installation.app, &kith.installation.environments);
        kith::drip_feed::resets::work(app, environments)
            .await
            .unwrap();
        let told = api.get(&at).await.expect(200)["reset_campaign"].clone();
        assert_eq!(
            (&told["state"], &told["written"], &told["left"]),
            (&json!("done"), &json!(2), &json!(0))
        );
    })
    .await;
}
