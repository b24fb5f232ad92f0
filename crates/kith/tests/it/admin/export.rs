use super::{PASSWORD, add_user, owner, submit};
use crate::harness::Kith;

const PATH: &str = "/admin/settings/export";

#[tokio::test]
async fn everything_is_downloaded_from_the_settings() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        add_user(&browser, "Ada", "ada@example.com").await;
        let settings = browser.get("/admin/settings").await;
        assert!(settings.links().contains(&PATH.to_owned()));
        let form = browser.get(PATH).await;
        let file = submit(
            &browser,
            &form,
            PATH,
            &[("what", "all"), ("format", "kith")],
        )
        .await;
        assert_eq!(file.status, 200);
        assert_eq!(
            file.headers["content-disposition"],
            "attachment; filename=\"all.ndjson\""
        );
        assert_eq!(file.headers["cache-control"], "no-store");
        let kinds: Vec<String> = file
            .html
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|line| line["kind"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(kinds, ["organization", "user"], "{}", file.html);
        assert!(file.html.contains("ada@example.com"));
        // The team is no part of the business's people.
        assert!(!file.html.contains("grace@example.com"));
        let fields = [("what", "organizations"), ("format", "auth0")];
        let refused = submit(&browser, &form, PATH, &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text("#format-error").is_some());
    })
    .await;
}

#[tokio::test]
async fn hashes_leave_only_after_the_owners_password() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let page = add_user(&browser, "Ada", "ada@example.com").await;
        let form = browser.get(&format!("{page}/temporary-password")).await;
        let fields = [
            ("new_password", "a quiet river bend"),
            ("repeat_password", "a quiet river bend"),
        ];
        browser
            .submit_form(&form, "main form[method=post]", &fields)
            .await;
        let form = browser.get(PATH).await;
        let wish = |password| {
            [
                ("what", "users"),
                ("with_passwords", "true"),
                ("password", password),
            ]
        };
        for wrong in ["", "a ladder to the sun"] {
            let refused = submit(&browser, &form, PATH, &wish(wrong)).await;
            assert_eq!(refused.status, 422);
            assert!(
                refused.text("#password-error").is_some(),
                "{}",
                refused.html
            );
            assert!(!refused.html.contains("argon2id"));
        }
        let file = submit(&browser, &form, PATH, &wish(PASSWORD)).await;
        assert_eq!(file.status, 200);
        assert!(
            file.html.contains("\"hashing_algorithm\":\"argon2id\""),
            "{}",
            file.html
        );
        let without = submit(&browser, &form, PATH, &[("what", "users")]).await;
        assert!(!without.html.contains("argon2id"), "{}", without.html);
    })
    .await;
}
