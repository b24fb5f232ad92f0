//! Signing up: an address, the code that proves it, a password.

use anyhow::Result;

use crate::story::{PASSWORD, Story};

#[tokio::test]
async fn a_newcomer_signs_up_with_a_code_and_a_password() -> Result<()> {
    Story::both_ways(async |story| {
        let browser = &story.browser;
        story.arrive("&prompt=create").await?;
        browser.see("Create your account").await?;
        story.review("sign-up").await?;

        browser.press("Create account").await?;
        browser.see("There are 3 problems").await?;
        assert!(browser.title().await?.starts_with("Error:"));
        assert!(
            browser
                .description("First name")
                .await?
                .contains("Enter your first name.")
        );
        story.review("sign-up-problems").await?;

        browser.fill("First name", "Ada").await?;
        browser.fill("Last name", "Example").await?;
        browser.fill("Email", "ada@example.com").await?;
        browser.press("Create account").await?;
        browser.see("We sent a code to ada@example.com").await?;
        story.review("sign-up-code").await?;

        browser.fill("Code", "12").await?;
        browser.press("Confirm email").await?;
        browser.see("That code isn’t right.").await?;
        story.review("sign-up-code-wrong").await?;

        browser.press("send a new code").await?;
        browser.see("A new code is on its way.").await?;
        story.review("sign-up-code-resent").await?;
        story.enter_code("ada@example.com", "Confirm email").await?;
        browser.see("Choose a password").await?;
        story.review("choose-password").await?;

        story.choose_password("password").await?;
        browser.see("Too many people use this password").await?;
        story.review("choose-password-common").await?;
        story.choose_password(PASSWORD).await?;
        let person = story.back_as("ada@example.com").await?;
        assert_eq!(person["given_name"], "Ada");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_way_to_an_account_is_one_link_from_the_sign_in() -> Result<()> {
    let story = Story::begin().await?;
    story.arrive("").await?;
    story.browser.follow("Create one").await?;
    story.browser.see("Create your account").await?;
    story.browser.follow("Sign in").await?;
    story.browser.see("Welcome back").await
}
