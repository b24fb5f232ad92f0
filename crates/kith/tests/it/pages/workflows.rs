//! Workflows during a sign-in.

use super::{PASSWORD, arrive, assert_back, code, person, sign_in};
use crate::harness::{Browser, Kith, Page, deploy_workflow};
use kith::users;

const FORM: [(&str, &str); 3] = [
    ("first_name", "Ada"),
    ("last_name", "Lovelace"),
    ("email", "ada@example.com"),
];

async fn at_the_new_password(kith: &Kith) -> (Browser, Page) {
    let (browser, page) = arrive(kith, "&prompt=create").await;
    let page = browser.submit(&page, &FORM).await;
    let code = code(&kith.cx(), "ada@example.com").await;
    let page = browser.submit(&page, &[("code", &code)]).await;
    assert_eq!(page.url.path(), "/login/new-password");
    (browser, page)
}

async fn choose(browser: &Browser, page: &Page, password: &str) -> Page {
    let fields = [("new_password", password), ("repeat_password", password)];
    browser.submit(page, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_may_refuse_an_account() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let body = "kinde.auth.denyAccess('No more ' + event.context.user.email);";
        deploy_workflow(&api, "user:pre_registration", "\"kinde.auth\": {}", body).await;
        let (browser, page) = at_the_new_password(&kith).await;
        let page = choose(&browser, &page, PASSWORD).await;
        assert_eq!(page.status, 403);
        assert!(
            page.shows("No more ada@example.com") && page.shows("2201"),
            "{}",
            page.html
        );
        let cx = kith.cx();
        let mut tx = cx.db().read().await.unwrap();
        assert!(
            users::find_by_any_identifier(&cx, &mut tx, "ada@example.com")
                .await
                .unwrap()
                .is_none()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_says_its_rule_under_the_new_password() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let body = "
            const { firstPassword, newPasswordReason } = event.context.auth;
            if (!/[0-9]/.test(firstPassword)) kinde.widget.invalidateFormField('p_first_password', 'A digit, please: ' + newPasswordReason);";
        deploy_workflow(&api, "user:new_password_provided", "\"kinde.widget\": {}", body).await;
        let (browser, page) = at_the_new_password(&kith).await;
        let page = choose(&browser, &page, PASSWORD).await;
        assert_eq!(page.status, 422);
        assert!(page.shows("A digit, please: initial"), "{}", page.html);
        assert_back(&choose(&browser, &page, "seven purple otters 7").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_hears_of_everybody_who_gave_a_proof() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        person(&kith.cx(), "mara@example.com", PASSWORD).await;
        let body = "
            if (event.context.auth.isNewUserRecordCreated) return;
            kinde.auth.denyAccess('Closed for ' + event.context.user.email + ' at ' + event.request.authUrlParams.redirectUri);";
        deploy_workflow(&api, "user:post_authentication", "\"kinde.auth\": {}", body).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, "mara@example.com", PASSWORD).await;
        assert!(page.shows("Closed for mara@example.com at https://app.example.com/callback"), "{}", page.html);
        let (browser, page) = at_the_new_password(&kith).await;
        assert_back(&choose(&browser, &page, PASSWORD).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_that_fails_stops_the_sign_in_with_its_number() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        person(&kith.cx(), "ada@example.com", PASSWORD).await;
        deploy_workflow(
            &api,
            "user:post_authentication",
            "",
            "throw new Error('secret detail');",
        )
        .await;
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, "ada@example.com", PASSWORD).await;
        assert!(
            page.shows("1706") && !page.shows("secret detail"),
            "{}",
            page.html
        );
    })
    .await;
}
