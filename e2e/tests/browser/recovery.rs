//! A forgotten password.

use anyhow::Result;

use crate::story::{PASSWORD, Story};

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_code() -> Result<()> {
    Story::both_ways(async |story| {
        let browser = &story.browser;
        story.person("ada@example.com", "the one I forgot").await?;
        story.arrive("").await?;
        browser.fill("Email", "ada@example.com").await?;
        browser.press("Continue").await?;
        browser.follow("Forgot password?").await?;
        browser.see("Reset your password").await?;
        story.review("reset").await?;

        assert_eq!(browser.value("Email").await?, "ada@example.com");
        browser.press("Send the code").await?;
        browser.see("We sent a code to ada@example.com").await?;
        story.review("reset-code").await?;
        story.enter_code("ada@example.com", "Continue").await?;
        browser.see("Your old password stops working").await?;
        story.review("reset-choose-password").await?;

        browser.fill("New password", PASSWORD).await?;
        browser
            .fill("Repeat the password", "something else")
            .await?;
        browser.press("Save password and sign in").await?;
        browser.see("The two passwords differ.").await?;
        story.review("reset-passwords-differ").await?;
        story.choose_password(PASSWORD).await?;
        story.back_as("ada@example.com").await?;

        story.arrive("&prompt=login").await?;
        story.sign_in("ada@example.com", "the one I forgot").await?;
        browser.see("That email and password don’t match.").await?;
        browser.fill("Password", PASSWORD).await?;
        browser.press("Sign in").await?;
        story.back_as("ada@example.com").await.map(drop)
    })
    .await
}
