//! The dashboard, walked with a guide in the hand: each numbered step must find the thing it names.

use anyhow::Result;

use crate::story::{PASSWORD, Story};

#[tokio::test]
async fn a_machine_gets_an_application_an_authorization_and_scopes() -> Result<()> {
    Story::both_ways(async |story| {
        let browser = &story.browser;
        story.set_up_owner().await?;
        browser.follow("Settings").await?;
        story.review("settings").await?;
        browser.goto(&story.dashboard("/applications")).await?;
        story.review("applications").await?;
        browser.follow("Add application").await?;
        story.review("application-add").await?;
        browser.press("Save").await?;
        browser.see("There is a problem").await?;
        story.review("application-add-problems").await?;
        browser
            .fill("Application name", "Drip feed migration app")
            .await?;
        browser.tick("Machine to machine (M2M)").await?;
        browser.press("Save").await?;
        browser.see("Client secret").await?;
        story.review("application-m2m").await?;

        // Two links are called so there: the place and the application's own tab.
        browser.goto(&story.dashboard("/apis")).await?;
        browser.press("Actions for Kith Management API").await?;
        story.review("apis-menu").await?;
        browser.follow("Authorize application").await?;
        story.review("api-authorize").await?;
        browser.tick("Drip feed migration app").await?;
        browser.press("Save").await?;
        browser.see("Saved. Each authorized application").await?;
        browser.goto(&story.dashboard("/apis")).await?;
        browser.press("Actions for Kith Management API").await?;
        browser.follow("Manage scopes").await?;
        browser.follow("Drip feed migration app").await?;
        browser.see("Scopes of Drip feed migration app").await?;
        story.review("api-scopes").await?;
        browser.tick("create:users").await?;
        browser.tick("update:user_passwords").await?;
        browser.press("Save").await?;
        browser
            .see("Drip feed migration app has 2 scopes now.")
            .await?;
        story.review("api-scopes-saved").await
    })
    .await
}

#[tokio::test]
async fn an_app_is_connected_with_its_keys_and_urls() -> Result<()> {
    let story = Story::begin().await?;
    let browser = &story.browser;
    story.set_up_owner().await?;
    story.review("home").await?;
    browser.follow("Quick start Shop").await?;
    story.review("quick-start").await?;
    browser.goto(&story.dashboard("/")).await?;
    browser.follow("View details Shop").await?;
    story.review("application-details").await?;
    browser
        .fill("Allowed callback URLs", "https://*.*.example.com/callback")
        .await?;
    browser
        .evaluate("document.querySelector('#redirect_uris').form.requestSubmit()")
        .await?;
    browser.see("There is a problem").await?;
    story.review("application-details-problem").await?;
    browser
        .fill("Allowed callback URLs", "https://shop.example.com/callback")
        .await?;
    browser
        .evaluate("document.querySelector('#redirect_uris').form.requestSubmit()")
        .await?;
    browser.see("Shop was saved.").await?;
    let kept = browser.value("Allowed callback URLs").await?;
    assert_eq!(kept.trim(), "https://shop.example.com/callback");
    Ok(())
}

#[tokio::test]
async fn a_user_is_found_looked_at_suspended_and_deleted() -> Result<()> {
    Story::both_ways(async |story| {
        let browser = &story.browser;
        story.person("ada@example.com", PASSWORD).await?;
        story.set_up_owner().await?;
        browser.follow("Users").await?;
        browser.see("Ada Example").await?;
        story.review("users").await?;
        browser.follow("Ada Example").await?;
        browser.see("Where they came from").await?;
        story.review("user").await?;
        let user = browser.url().await?;
        for (tab, name) in [
            ("Identities", "user-identities"),
            ("Organizations", "user-organizations"),
            ("Activity", "user-activity"),
        ] {
            browser
                .goto(&format!("{user}/{}", tab.to_lowercase()))
                .await?;
            browser.see(tab).await?;
            story.review(name).await?;
        }
        browser.goto(&user).await?;
        browser.press("Suspend user").await?;
        browser.see("Ada Example is suspended.").await?;
        story.review("user-suspended").await?;
        browser.press("Undo").await?;
        browser.see("Ada Example can sign in again.").await?;
        browser.follow("Set temporary password").await?;
        story.review("user-temporary-password").await?;

        browser.goto(&user).await?;
        browser.follow("Delete user").await?;
        browser.see("Delete Ada Example?").await?;
        story.review("user-delete").await?;
        browser
            .fill("Type ada@example.com to confirm", "Ada")
            .await?;
        browser.press("Delete user").await?;
        browser.see("What you typed is different.").await?;
        story.review("user-delete-mistyped").await?;
        browser
            .fill("Type ada@example.com to confirm", "ada@example.com")
            .await?;
        browser.press("Delete user").await?;
        browser.see("Ada Example was deleted.").await?;
        story.review("users-deleted").await
    })
    .await
}

#[tokio::test]
async fn mail_is_set_up_and_tried() -> Result<()> {
    let story = Story::begin().await?;
    let browser = &story.browser;
    story.set_up_owner().await?;
    browser.goto(&story.dashboard("/settings")).await?;
    browser.follow("Email").await?;
    browser.see("Sender name").await?;
    story.review("settings-email").await?;
    browser.press("Send test email").await?;
    browser.see("The test email was accepted.").await?;
    story.review("settings-email-tested").await?;
    story
        .kith
        .mailbox()
        .wait_for("olive@example.com", "Test email")
        .await?;
    browser.follow("Outbox").await?;
    story.review("outbox").await
}

#[tokio::test]
async fn organizations_roles_and_permissions_are_kept() -> Result<()> {
    let story = Story::begin().await?;
    let browser = &story.browser;
    story.person("ada@example.com", PASSWORD).await?;
    story.set_up_owner().await?;
    browser.follow("Organizations").await?;
    story.review("organizations").await?;
    browser.follow("Add organization").await?;
    story.review("organization-add").await?;
    browser.fill("Name", "Example Ltd").await?;
    browser.press("Add organization").await?;
    browser.see("Example Ltd was added.").await?;
    story.review("organization").await?;
    browser
        .goto(&format!("{}/users", browser.url().await?))
        .await?;
    story.review("organization-users").await?;

    for kind in ["permissions", "roles"] {
        browser
            .goto(&story.dashboard(&format!("/settings/{kind}")))
            .await?;
        story.review(&format!("{kind}-empty")).await?;
        browser
            .goto(&story.dashboard(&format!("/settings/{kind}/new")))
            .await?;
        browser.fill("Name", "Read reports").await?;
        browser.fill("Key", "read:reports").await?;
        story.review(&format!("{kind}-add")).await?;
        browser.press("Save").await?;
        browser.see("Read reports was added.").await?;
        story.review(kind).await?;
    }
    browser.goto(&story.dashboard("/search?q=example")).await?;
    story.review("search").await?;
    browser.goto(&story.dashboard("/nowhere")).await?;
    story.review("dashboard-not-found").await
}
