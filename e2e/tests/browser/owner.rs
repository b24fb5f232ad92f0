//! The owner's first minutes: the link that works once, the dashboard, signing in again.

use anyhow::Result;

use crate::story::{PASSWORD, Story};

#[tokio::test]
async fn the_owner_sets_up_their_account_by_the_link() -> Result<()> {
    Story::both_ways(async |story| {
        let browser = &story.browser;
        let link = &story.kith.bootstrap().owner_setup_url;
        browser.goto(link).await?;
        browser.see("Set up your account").await?;
        story.review("owner-set-up").await?;
        browser.press("Create my account").await?;
        browser.see("There are 4 problems").await?;
        story.review("owner-set-up-problems").await?;
        story.set_up_owner().await?;
        story.review("home-first").await?;

        browser
            .press("Olive Example olive@example.com Account menu")
            .await?;
        browser.press("Sign out").await?;
        browser.see("Sign in").await?;
        story.review("dashboard-sign-in").await?;
        browser.goto(link).await?;
        browser.see("This link doesn’t work anymore").await?;
        story.review("owner-link-used").await?;

        browser
            .goto(&story.dashboard("/users?show=imported"))
            .await?;
        story.sign_in("olive@example.com", PASSWORD).await?;
        browser.see("Users").await?;
        assert!(browser.url().await?.ends_with("/admin/users?show=imported"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_customer_has_no_way_into_the_dashboard() -> Result<()> {
    let story = Story::begin().await?;
    story.person("ada@example.com", PASSWORD).await?;
    story.arrive("").await?;
    story.sign_in("ada@example.com", PASSWORD).await?;
    story.back_as("ada@example.com").await?;
    story.browser.goto(&story.dashboard("/users")).await?;
    story.sign_in("ada@example.com", PASSWORD).await?;
    story
        .browser
        .see("That email and password don’t match.")
        .await
}
