use super::{owner, submit};
use crate::harness::Kith;

#[tokio::test]
async fn attack_protection_is_changed_within_bounds() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = "/admin/settings/attack-protection";
        let form = browser.get(path).await;
        assert_eq!(
            form.form(&format!("form[action='{path}']")).1["enumeration_protection"],
            "true"
        );
        let page = submit(
            &browser,
            &form,
            path,
            &[("max_failures", "0"), ("lock_minutes", "x")],
        )
        .await;
        assert_eq!(page.status, 422);
        assert!(
            page.text("#max_failures-error").is_some()
                && page.text("#lock_minutes-error").is_some()
        );
        let page = submit(
            &browser,
            &page,
            path,
            &[("max_failures", "3"), ("lock_minutes", "10")],
        )
        .await;
        assert!(page.shows("The settings were saved."));
        assert_eq!(
            page.form(&format!("form[action='{path}']")).1["max_failures"],
            "3"
        );
    })
    .await;
}

#[tokio::test]
async fn a_custom_sender_is_kept_and_its_password_never_shown() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = "/admin/settings/email";
        let form = browser.get(path).await;
        let page = submit(
            &browser,
            &form,
            path,
            &[("use_custom_sender", "true"), ("port", "0")],
        )
        .await;
        assert_eq!(page.status, 422);
        for field in ["sender_email", "host", "port"] {
            assert!(page.text(&format!("#{field}-error")).is_some(), "{field}");
        }
        let fields = [
            ("use_custom_sender", "true"),
            ("sender_name", "Example"),
            ("sender_email", "hello@example.com"),
            ("host", "smtp.example.com"),
            ("port", "587"),
            ("username", "postmaster"),
            ("smtp_password", "mail secret"),
            ("security", "starttls"),
        ];
        let page = submit(&browser, &page, path, &fields).await;
        assert!(page.shows("The settings were saved."), "{}", page.html);
        assert!(!page.html.contains("mail secret"));
        let values = page.form(&format!("form[action='{path}']")).1;
        assert_eq!(
            (
                values["host"].as_str(),
                values["security"].as_str(),
                values["smtp_password"].as_str()
            ),
            ("smtp.example.com", "starttls", "")
        );
        let again = submit(&browser, &page, path, &[("sender_name", "Other")]).await;
        assert!(again.html.contains("Leave empty to keep the stored one"));
    })
    .await;
}

#[tokio::test]
async fn a_test_says_where_the_mail_stops_and_keeps_nothing() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = "/admin/settings/email";
        let form = browser.get(path).await;
        let (_, mut fields) = form.form(&format!("form[action='{path}']"));
        let page = browser.post("/admin/settings/email/test", &fields).await;
        assert_eq!(page.status, 200);
        assert!(
            page.shows("There is no mail server to try."),
            "{}",
            page.html
        );
        for (name, value) in [
            ("use_custom_sender", "true"),
            ("sender_email", "hello@example.com"),
            ("host", "127.0.0.1"),
            ("port", "9"),
            ("security", "none"),
        ] {
            fields.insert(name.to_owned(), value.to_owned());
        }
        let page = browser.post("/admin/settings/email/test", &fields).await;
        assert!(
            page.shows("The test email could not be sent"),
            "{}",
            page.html
        );
        assert!(page.shows("Check the port, and whether a firewall is in between."));
        assert_eq!(
            page.text(".step-failed h3").unwrap(),
            "Connect to it failed"
        );
        let stored = browser
            .get(path)
            .await
            .form(&format!("form[action='{path}']"))
            .1;
        assert_eq!(stored["host"], "");
    })
    .await;
}

#[tokio::test]
async fn the_environments_page_shows_the_issuer() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let page = browser.get("/admin/settings/environment").await;
        assert!(page.shows(&kith.nodes[0]) && page.shows("Production"));
    })
    .await;
}
