//! To which organization somebody signs in.

use super::{PASSWORD, arrive, assert_back, code, person, sign_in};
use crate::harness::Kith;
use kith::context::Context;
use kith::id::{OrganizationId, UserId};
use kith::organizations::{self, Changes, NewOrganization, Rights};
use kith::users;

async fn organization(cx: &Context, name: &str) -> OrganizationId {
    let mut tx = cx.db().begin().await.unwrap();
    let new = NewOrganization {
        name: name.to_owned(),
        ..NewOrganization::default()
    };
    let id = organizations::create(cx, &mut tx, new).await.unwrap().id;
    tx.commit().await.unwrap();
    id
}

async fn join(cx: &Context, organization: &OrganizationId, user: &UserId) {
    let mut tx = cx.db().begin().await.unwrap();
    organizations::add_member(cx, &mut tx, organization, user, &Rights::default())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn change(cx: &Context, organization: &OrganizationId, changes: Changes) {
    let mut tx = cx.db().begin().await.unwrap();
    organizations::update(cx, &mut tx, organization, changes)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// When the person last signed in to the organization.
async fn has_signed_in_to(cx: &Context, organization: &OrganizationId, user: &UserId) -> bool {
    let memberships = organizations::of_user(&mut cx.db().read().await.unwrap(), user)
        .await
        .unwrap();
    memberships
        .iter()
        .any(|one| one.organization.id == *organization && one.last_signed_in_at.is_some())
}

#[tokio::test]
async fn a_member_of_several_chooses_and_finds_the_last_one_on_top() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let user = person(&cx, "ada@example.com", PASSWORD).await;
        let (abacus, zeta) = (
            organization(&cx, "Abacus").await,
            organization(&cx, "Zeta").await,
        );
        join(&cx, &abacus, &user).await;
        join(&cx, &zeta, &user).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, "ada@example.com", PASSWORD).await;
        assert_eq!(page.url.path(), "/login/organization");
        let foreign = organization(&cx, "Foreign").await;
        let refused = browser
            .submit(&page, &[("organization", foreign.as_str())])
            .await;
        assert_eq!(refused.status, 403);
        assert_back(
            &browser
                .submit(&page, &[("organization", zeta.as_str())])
                .await,
        );
        assert!(has_signed_in_to(&cx, &zeta, &user).await);

        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, "ada@example.com", PASSWORD).await;
        assert!(page.html.find("Zeta").unwrap() < page.html.find("Abacus").unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_member_goes_straight_to_the_organization_that_was_asked_for() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let user = person(&cx, "ada@example.com", PASSWORD).await;
        let abacus = organization(&cx, "Abacus").await;
        join(&cx, &abacus, &user).await;
        let (browser, page) = arrive(&kith, &format!("&org_code={abacus}")).await;
        assert_back(&sign_in(&browser, &page, "ada@example.com", PASSWORD).await);
        assert!(has_signed_in_to(&cx, &abacus, &user).await);
    })
    .await;
}

#[tokio::test]
async fn whoever_is_no_member_joins_only_where_that_is_allowed() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let user = person(&cx, "ada@example.com", PASSWORD).await;
        let abacus = organization(&cx, "Abacus").await;
        change(
            &cx,
            &abacus,
            Changes {
                is_auto_membership_enabled: Some(false),
                ..Changes::default()
            },
        )
        .await;
        let asked = format!("&org_code={abacus}");
        let (browser, page) = arrive(&kith, &asked).await;
        let refused = sign_in(&browser, &page, "ada@example.com", PASSWORD).await;
        assert_eq!(refused.status, 403);
        assert!(refused.shows("You don’t have access"));
        change(
            &cx,
            &abacus,
            Changes {
                is_auto_membership_enabled: Some(true),
                ..Changes::default()
            },
        )
        .await;
        let (browser, page) = arrive(&kith, &asked).await;
        assert_back(&sign_in(&browser, &page, "ada@example.com", PASSWORD).await);
        assert!(has_signed_in_to(&cx, &abacus, &user).await);
    })
    .await;
}

#[tokio::test]
async fn nobody_signs_in_to_a_suspended_organization() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let user = person(&cx, "ada@example.com", PASSWORD).await;
        let abacus = organization(&cx, "Abacus").await;
        join(&cx, &abacus, &user).await;
        change(
            &cx,
            &abacus,
            Changes {
                is_suspended: Some(true),
                ..Changes::default()
            },
        )
        .await;
        let (browser, page) = arrive(&kith, &format!("&org_code={abacus}")).await;
        assert_eq!(
            sign_in(&browser, &page, "ada@example.com", PASSWORD)
                .await
                .status,
            403
        );
        // The others are still open to them.
        let (browser, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&browser, &page, "ada@example.com", PASSWORD).await);
    })
    .await;
}

#[tokio::test]
async fn a_newcomer_joins_the_organization_that_they_came_for() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let abacus = organization(&cx, "Abacus").await;
        change(
            &cx,
            &abacus,
            Changes {
                is_auto_membership_enabled: Some(true),
                ..Changes::default()
            },
        )
        .await;
        let (browser, page) = arrive(&kith, &format!("&prompt=create&org_code={abacus}")).await;
        let form = [
            ("first_name", "Ada"),
            ("last_name", "Lovelace"),
            ("email", "ada@example.com"),
        ];
        let page = browser.submit(&page, &form).await;
        let page = browser
            .submit(&page, &[("code", &code(&cx, "ada@example.com").await)])
            .await;
        let fields = [("new_password", PASSWORD), ("repeat_password", PASSWORD)];
        assert_back(&browser.submit(&page, &fields).await);
        let mut tx = cx.db().read().await.unwrap();
        let (user, _) = users::find_by_any_identifier(&cx, &mut tx, "ada@example.com")
            .await
            .unwrap()
            .unwrap();
        assert!(
            organizations::is_member(&cx, &mut tx, &abacus, &user.id)
                .await
                .unwrap()
        );
    })
    .await;
}
