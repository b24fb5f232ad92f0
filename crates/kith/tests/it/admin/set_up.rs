use super::{EMAIL, OWNER, PASSWORD, no_fields, owner, setup_path};
use crate::harness::Kith;

#[tokio::test]
async fn the_owner_sets_up_their_account_and_is_signed_in() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let home = browser.get("/admin/").await;
        assert!(home.shows("Welcome, Grace"));
        assert!(home.shows(EMAIL));
    })
    .await;
}

#[tokio::test]
async fn the_link_is_the_same_until_it_is_used_and_then_there_is_none() {
    Kith::each(async |kith| {
        let first = setup_path(&kith).await.unwrap();
        assert_eq!(setup_path(&kith).await.unwrap(), first);
        owner(&kith).await;
        assert_eq!(setup_path(&kith).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_used_link_is_refused() {
    Kith::each(async |kith| {
        let path = setup_path(&kith).await.unwrap();
        let late = kith.browser();
        let form = late.get(&path).await;
        owner(&kith).await;
        for page in [late.get(&path).await, late.submit(&form, OWNER).await] {
            assert_eq!(page.status, 400);
            assert_eq!(page.text("h1").unwrap(), "This link doesn’t work anymore");
        }
    })
    .await;
}

#[tokio::test]
async fn a_link_works_for_a_day() {
    Kith::each(async |kith| {
        let old = setup_path(&kith).await.unwrap();
        kith.advance(kith::team::setup::LIFETIME);
        assert_eq!(kith.browser().get(&old).await.status, 400);
        assert_ne!(setup_path(&kith).await.unwrap(), old);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_use_the_link_at_once_one_becomes_the_owner() {
    Kith::each(async |kith| {
        let path = setup_path(&kith).await.unwrap();
        let (one, other) = (kith.browser(), kith.browser());
        let (a, b) = (one.get(&path).await, other.get(&path).await);
        let others: Vec<_> = OWNER
            .iter()
            .map(|(name, value)| {
                (
                    *name,
                    if *name == "email" {
                        "eve@example.com"
                    } else {
                        value
                    },
                )
            })
            .collect();
        let (a, b) = tokio::join!(one.submit(&a, OWNER), other.submit(&b, &others));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_said_at_its_fields() {
    Kith::each(async |kith| {
        let path = setup_path(&kith).await.unwrap();
        let browser = kith.browser();
        let form = browser.get(&path).await;
        let page = browser
            .submit(&form, &[("email", "grace"), ("first_name", "Grace")])
            .await;
        assert_eq!(page.status, 422);
        for (field, problem) in [
            ("last_name", "Enter your last name."),
            ("email", "Enter an email address such as name@example.com."),
            ("new_password", "Enter a new password."),
        ] {
            assert_eq!(page.text(&format!("#{field}-error")).unwrap(), problem);
        }
        assert_eq!(page.form("form[method=post]").1["first_name"], "Grace");
        let common = browser
            .submit(
                &page,
                &[
                    ("email", EMAIL),
                    ("last_name", "H"),
                    ("new_password", "password1"),
                    ("repeat_password", "password1"),
                ],
            )
            .await;
        assert_eq!(common.status, 422);
        assert!(
            common
                .text("#new_password-error")
                .unwrap()
                .contains("easy to guess")
        );
        let differs = browser
            .submit(
                &common,
                &[
                    ("new_password", PASSWORD),
                    ("repeat_password", "another ladder"),
                ],
            )
            .await;
        assert!(differs.text("#repeat_password-error").is_some());
    })
    .await;
}

#[tokio::test]
async fn a_strangers_form_makes_no_owner() {
    Kith::each(async |kith| {
        let path = setup_path(&kith).await.unwrap();
        let page = kith.browser().post(&path, &no_fields()).await;
        assert_eq!(page.status, 403);
        assert!(setup_path(&kith).await.is_some());
    })
    .await;
}
