use super::{add_user, no_fields, owner, press, submit};
use crate::harness::Kith;

#[tokio::test]
async fn a_person_is_added_and_found() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add_user(&browser, "Ada", "ada@example.com").await;
        add_user(&browser, "Charles", "charles@example.com").await;
        let page = browser.get(&path).await;
        assert_eq!(page.text("h1").unwrap(), "Ada");
        assert!(page.shows("ada@example.com"));
        for wanted in ["ada@", "ADA", path.rsplit('/').next().unwrap()] {
            let list = browser.get(&format!("/admin/users?q={wanted}")).await;
            assert!(
                list.shows("ada@example.com") && !list.shows("charles@example.com"),
                "{wanted}"
            );
        }
        assert!(
            browser
                .get("/admin/users?q=zebra")
                .await
                .shows("No user matches")
        );
    })
    .await;
}

#[tokio::test]
async fn an_address_belongs_to_one_person() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        add_user(&browser, "Ada", "ada@example.com").await;
        let form = browser.get("/admin/users/new").await;
        for (email, problem) in [
            ("Ada@Example.com", "Another user has this email."),
            ("ada", "Enter an email address such as name@example.com."),
        ] {
            let fields = [("email", email), ("first_name", "Eve")];
            let page = submit(&browser, &form, "/admin/users/new", &fields).await;
            assert_eq!(
                (page.status, page.text("#email-error").unwrap().as_str()),
                (422, problem)
            );
            assert_eq!(
                page.form("form[action='/admin/users/new']").1["first_name"],
                "Eve"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_done_is_told_once() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let form = browser.get("/admin/users/new").await;
        let fields = [("first_name", "Ada"), ("email", "ada@example.com")];
        let page = submit(&browser, &form, "/admin/users/new", &fields).await;
        assert_eq!(page.text("[role=status]").unwrap(), "Ada was added.");
        assert_eq!(
            browser.get(page.url.path()).await.text("[role=status]"),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_suspended_person_is_shown_as_such_and_it_can_be_undone() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add_user(&browser, "Ada", "ada@example.com").await;
        let page = browser.get(&path).await;
        let page = press(&browser, &page, &format!("{path}/suspend")).await;
        assert!(page.shows("Ada is suspended."));
        assert!(
            browser
                .get("/admin/users?show=suspended")
                .await
                .shows("ada@example.com")
        );
        assert!(
            !browser
                .get("/admin/users?show=active")
                .await
                .shows("ada@example.com")
        );
        let page = browser.submit_form(&page, ".notice form", &[]).await;
        assert!(page.shows("Ada can sign in again."));
        assert!(
            browser
                .get("/admin/users?show=active")
                .await
                .shows("ada@example.com")
        );
    })
    .await;
}

#[tokio::test]
async fn deleting_wants_the_address_typed() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add_user(&browser, "Ada", "ada@example.com").await;
        let question = browser.get(&format!("{path}/delete")).await;
        let action = format!("{path}/delete");
        let page = submit(&browser, &question, &action, &[("typed_name", "ada")]).await;
        assert_eq!(page.status, 422);
        assert!(page.text("#typed_name-error").is_some());
        assert_eq!(browser.get(&path).await.status, 200);
        let page = submit(
            &browser,
            &page,
            &action,
            &[("typed_name", "ada@example.com")],
        )
        .await;
        assert!(page.shows("Ada was deleted."));
        assert_eq!(browser.get(&path).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_profile_is_changed() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add_user(&browser, "Ada", "ada@example.com").await;
        let page = browser.get(&path).await;
        let page = submit(
            &browser,
            &page,
            &path,
            &[("first_name", "Augusta"), ("last_name", "King")],
        )
        .await;
        assert_eq!(page.text("h1").unwrap(), "Augusta King");
    })
    .await;
}

#[tokio::test]
async fn a_temporary_password_is_set_within_the_policy() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add_user(&browser, "Ada", "ada@example.com").await;
        assert!(browser.get(&path).await.shows("No password."));
        let action = format!("{path}/temporary-password");
        let form = browser.get(&action).await;
        let page = submit(&browser, &form, &action, &[("new_password", "short")]).await;
        assert_eq!(page.status, 422);
        assert_eq!(
            page.text("#new_password-error").unwrap(),
            "Use at least 8 characters."
        );
        let page = submit(
            &browser,
            &page,
            &action,
            &[("new_password", "correct horse battery")],
        )
        .await;
        assert!(page.shows("argon2id"), "{}", page.html);
        assert!(page.shows("Temporary: they choose their own at the next sign-in"));
    })
    .await;
}

#[tokio::test]
async fn a_password_reset_is_required_and_the_wish_taken_back() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add_user(&browser, "Ada", "ada@example.com").await;
        let page = browser.get(&path).await;
        let page = press(&browser, &page, &format!("{path}/require-reset")).await;
        assert!(page.shows("They choose a new one at the next sign-in"));
        let page = browser.submit_form(&page, ".notice form", &[]).await;
        assert!(!page.shows("They choose a new one at the next sign-in"));
    })
    .await;
}

#[tokio::test]
async fn identities_are_added_made_primary_and_deleted() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = format!(
            "{}/identities",
            add_user(&browser, "Ada", "ada@example.com").await
        );
        let page = browser.get(&path).await;
        let add = async |page, kind, value| {
            submit(&browser, page, &path, &[("type", kind), ("value", value)]).await
        };
        let page = add(&page, "email", "countess@example.com").await;
        assert!(page.shows("countess@example.com"));
        for (kind, value, problem) in [
            ("email", "ada@example.com", "Somebody has this already."),
            (
                "phone",
                "12",
                "Enter a phone number with its country code, such as +44 20 7946 0018.",
            ),
            ("username", "a", "Use 2 to 64 letters, digits, - and _."),
        ] {
            let page = add(&page, kind, value).await;
            assert_eq!(
                (page.status, page.text("#value-error").unwrap().as_str()),
                (422, problem)
            );
        }
        let page = browser
            .submit_form(&page, "form[action$='/primary']", &[])
            .await;
        assert!(page.shows("The primary identity was changed."));
        assert!(
            browser
                .get("/admin/users")
                .await
                .shows("countess@example.com")
        );
        let link = page
            .links()
            .into_iter()
            .find(|link| link.ends_with("/delete"))
            .unwrap();
        let question = browser.get(&link).await;
        let page = press(&browser, &question, &link).await;
        assert!(page.shows("The identity was deleted."));
        assert!(
            !page.links().iter().any(|link| link.ends_with("/delete")),
            "the last one stays"
        );
    })
    .await;
}

#[tokio::test]
async fn an_identity_is_changed_only_below_its_person() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let ada = add_user(&browser, "Ada", "ada@example.com").await;
        let eve = add_user(&browser, "Eve", "eve@example.com").await;
        let page = browser.get(&format!("{ada}/identities")).await;
        submit(
            &browser,
            &page,
            &format!("{ada}/identities"),
            &[("value", "ada2@example.com")],
        )
        .await;
        let page = browser.get(&format!("{ada}/identities")).await;
        let link = page
            .links()
            .into_iter()
            .find(|link| link.ends_with("/delete"))
            .unwrap();
        let crossed = link.replace(&ada, &eve);
        assert_eq!(browser.get(&crossed).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn activity_tells_who_did_what() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add_user(&browser, "Ada", "ada@example.com").await;
        let page = browser.get(&format!("{path}/activity")).await;
        assert!(page.shows("user.created"));
        assert!(page.shows("Grace Hopper"), "{}", page.html);
    })
    .await;
}

#[tokio::test]
async fn a_long_list_is_read_forwards_and_back() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let cx = kith.cx();
        let mut tx = cx.db().begin().await.unwrap();
        for n in 0..120 {
            let email = kith::users::EmailAddress::parse(&format!("p{n:03}@example.com")).unwrap();
            let identity =
                kith::users::NewIdentity::new(kith::users::Identifier::Email(email), true);
            let new = kith::users::NewUser {
                identities: vec![identity],
                ..kith::users::NewUser::from(kith::users::Source::Api)
            };
            kith::users::create(&cx, &mut tx, new, None).await.unwrap();
        }
        tx.commit().await.unwrap();
        let link = |page: &crate::harness::Page, rel: &str| {
            page.attribute(&format!("a[rel={rel}]"), "href")
        };
        let first = browser.get("/admin/users?show=active").await;
        assert!(first.shows("p119@example.com") && !first.shows("p069@example.com"));
        assert_eq!(link(&first, "prev"), None);
        let second = browser.get(&link(&first, "next").unwrap()).await;
        assert!(second.shows("p069@example.com") && second.shows("p020@example.com"));
        let third = browser.get(&link(&second, "next").unwrap()).await;
        assert!(third.shows("p000@example.com"));
        assert_eq!(link(&third, "next"), None);
        let back = browser.get(&link(&third, "prev").unwrap()).await;
        assert!(back.shows("p069@example.com") && back.shows("p020@example.com"));
        assert!(!back.shows("p019@example.com") && !back.shows("p070@example.com"));
        let start = browser.get(&link(&back, "prev").unwrap()).await;
        assert!(start.shows("p119@example.com"));
        assert_eq!(link(&start, "prev"), None);
    })
    .await;
}

#[tokio::test]
async fn a_form_of_another_browser_changes_nothing() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add_user(&browser, "Ada", "ada@example.com").await;
        let mut fields = no_fields();
        fields.insert("csrf".into(), "0".repeat(64));
        let page = browser.post(&format!("{path}/suspend"), &fields).await;
        assert_eq!(page.status, 403);
        assert!(
            browser
                .get("/admin/users?show=active")
                .await
                .shows("ada@example.com")
        );
    })
    .await;
}
