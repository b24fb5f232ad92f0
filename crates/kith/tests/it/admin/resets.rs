//! Writing to people who are still to move.

use std::collections::BTreeMap;
use std::time::Duration;

use kith::drip_feed::resets;

use super::{import, no_fields, owner, press, submit};
use crate::harness::Kith;
use crate::pages::{mails, set_password};
use kith::credentials::password::{NewPassword, SetBy};
use kith::users;

const PATH: &str = "/admin/migration/resets";

const LINK: &str = "https://app.example.com/login";

/// So many people without a password, one without an address, and one with both.
async fn import_people(kith: &Kith, n_people: usize) {
    let mut lines = vec!["id,email,username,hashed_password,hashing_method".to_owned()];
    lines.extend((0..n_people).map(|number| format!("u{number},person{number}@example.com,,,")));
    lines.push("u1000,,nameless,,".to_owned());
    lines.push("u1001,done@example.com,,5f4dcc3b5aa765d61d8327deb882cf99,md5".to_owned());
    import(kith, &lines.join("\n")).await;
}

/// One round of the worker of every node, at the same time.
async fn work(kith: &Kith) {
    let (app, environments) = (&kith.installation.app, &kith.installation.environments);
    let other = kith.installation.another_node().await;
    let (one, two) = futures::join!(
        resets::work(app, environments),
        resets::work(&other, environments)
    );
    one.unwrap();
    two.unwrap();
}

/// How often each address was written to.
async fn written(kith: &Kith) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for mail in mails(&kith.cx()).await {
        if mail.message.kind == "new_password" {
            let text = mail.text.unwrap().text;
            assert!(text.contains(LINK) && text.contains(&mail.message.recipient));
            *counts.entry(mail.message.recipient).or_default() += 1;
        }
    }
    counts
}

async fn begin(kith: &Kith, per_minute: &str) -> crate::harness::Browser {
    let browser = owner(kith).await;
    let migration = browser.get("/admin/migration").await;
    assert!(migration.links().contains(&PATH.to_owned()));
    let page = browser.get(PATH).await;
    let fields = [("link", LINK), ("per_minute", per_minute)];
    let page = submit(&browser, &page, PATH, &fields).await;
    assert_eq!(page.url.path(), "/admin/migration", "{}", page.html);
    browser
}

#[tokio::test]
async fn each_of_those_who_are_left_is_written_to_once_at_the_pace_that_was_chosen() {
    Kith::each(async |kith| {
        import_people(&kith, 25).await;
        let browser = begin(&kith, "60").await;
        assert_eq!(written(&kith).await.len(), 0);
        for n_written in [10, 20] {
            work(&kith).await;
            work(&kith).await;
            assert_eq!(written(&kith).await.len(), n_written);
            let page = browser.get("/admin/migration").await;
            assert!(page.shows("Written to") && page.shows("Stop"));
            kith.advance(Duration::from_secs(10));
        }
        for _ in 0..3 {
            work(&kith).await;
            kith.advance(Duration::from_secs(10));
        }
        let counts = written(&kith).await;
        assert_eq!(counts.len(), 25);
        assert!(counts.values().all(|count| *count == 1), "{counts:?}");
        let page = browser.get("/admin/migration").await;
        assert!(page.shows("Last time 25 people were written to:"));
        // Another campaign writes to them again.
        let page = browser.get(PATH).await;
        let fields = [("link", LINK), ("per_minute", "600")];
        submit(&browser, &page, PATH, &fields).await;
        work(&kith).await;
        let counts = written(&kith).await;
        assert!(counts.values().all(|count| *count == 2), "{counts:?}");
    })
    .await;
}

#[tokio::test]
async fn whoever_moves_before_their_turn_and_whoever_comes_after_a_stop_gets_no_mail() {
    Kith::each(async |kith| {
        import_people(&kith, 15).await;
        let browser = begin(&kith, "60").await;
        work(&kith).await;
        let cx = kith.cx();
        let counts = written(&kith).await;
        let next = (0..15)
            .map(|number| format!("person{number}@example.com"))
            .find(|email| !counts.contains_key(email))
            .unwrap();
        let mut tx = cx.db().read().await.unwrap();
        let (user, _) = users::find_by_any_identifier(&cx, &mut tx, &next)
            .await
            .unwrap()
            .unwrap();
        drop(tx);
        set_password(
            &cx,
            &user.id,
            "seven purple otters",
            &NewPassword::set_by(SetBy::Api),
        )
        .await;
        kith.advance(Duration::from_secs(10));
        work(&kith).await;
        let counts = written(&kith).await;
        assert_eq!((counts.len(), counts.get(&next)), (14, None));

        let page = browser.get(PATH).await;
        submit(
            &browser,
            &page,
            PATH,
            &[("link", LINK), ("per_minute", "6")],
        )
        .await;
        let page = browser.get("/admin/migration").await;
        work(&kith).await;
        let page = press(&browser, &page, "/admin/migration/resets/stop").await;
        assert!(page.shows("Nobody else is written to"), "{}", page.html);
        kith.advance(Duration::from_mins(1));
        work(&kith).await;
        let total: usize = written(&kith).await.values().sum();
        assert_eq!(total, 15);
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_is_looked_at_and_nobody_is_written_to_twice_at_once() {
    Kith::each(async |kith| {
        import_people(&kith, 3).await;
        let browser = owner(&kith).await;
        let page = browser.get(PATH).await;
        assert!(page.shows("3 people get a mail"), "{}", page.html);
        assert!(page.shows("One more is still to move"), "{}", page.html);
        for fields in [
            [("link", "app"), ("per_minute", "60")],
            [("link", LINK), ("per_minute", "601")],
            [("link", LINK), ("per_minute", "a few")],
        ] {
            assert_eq!(submit(&browser, &page, PATH, &fields).await.status, 422);
        }
        let fields = [("link", LINK), ("per_minute", "60")];
        assert_eq!(submit(&browser, &page, PATH, &fields).await.status, 200);
        assert_eq!(submit(&browser, &page, PATH, &fields).await.status, 409);
        // A form of another site changes nothing.
        let stop = "/admin/migration/resets/stop";
        let forged = browser.post(stop, &no_fields()).await;
        assert_eq!(forged.status, 403);
        work(&kith).await;
        assert_eq!(written(&kith).await.len(), 3);
    })
    .await;
}
