//! Signing in with a password, and where it stops.

use anyhow::Result;
use e2e::{ENTER, TAB, WELCOME};

use crate::story::{PASSWORD, Story};

#[tokio::test]
async fn a_person_signs_in_and_out() -> Result<()> {
    Story::both_ways(async |story| {
        let browser = &story.browser;
        story.person("ada@example.com", PASSWORD).await?;
        story.arrive("").await?;
        browser.see("Welcome back").await?;
        story.review("sign-in").await?;

        browser.press("Continue").await?;
        browser.see("Enter your email.").await?;
        assert!(
            browser
                .description("Email")
                .await?
                .contains("Enter your email.")
        );
        story.review("sign-in-problem").await?;

        browser.fill("Email", "ada@example.com").await?;
        browser.press("Continue").await?;
        browser.see("Enter your password").await?;
        story.review("password").await?;

        browser.fill("Password", "a wrong one").await?;
        browser.press("Sign in").await?;
        browser.see("That email and password don’t match.").await?;
        assert!(
            browser
                .description("Password")
                .await?
                .contains("don’t match")
        );
        assert_eq!(browser.value("Password").await?, "");
        story.review("password-wrong").await?;

        browser.fill("Password", PASSWORD).await?;
        browser.press("Sign in").await?;
        story.back_as("ada@example.com").await?;

        // Whoever is signed in isn't asked again.
        story.arrive("").await?;
        story.back_as("ada@example.com").await?;

        browser.goto(&story.app.sign_out_url()).await?;
        browser.see(WELCOME).await?;
        story.arrive("").await?;
        browser.see("Welcome back").await?;
        browser.goto(&story.kith.url("/logout")).await?;
        browser.see("You’re signed out").await?;
        story.review("signed-out").await
    })
    .await
}

#[tokio::test]
async fn the_keyboard_is_enough() -> Result<()> {
    let story = Story::begin().await?;
    let browser = &story.browser;
    story.person("ada@example.com", PASSWORD).await?;
    story.arrive("").await?;
    browser.see("Welcome back").await?;
    assert_eq!(browser.focused().await?, "Email");
    browser.strike("ada@example.com").await?;
    browser.strike(TAB).await?;
    assert_eq!(browser.focused().await?, "Continue");
    browser.strike(ENTER).await?;
    browser.see("Enter your password").await?;
    assert_eq!(browser.focused().await?, "Password");
    browser.strike(&format!("{PASSWORD}{ENTER}")).await?;
    story.back_as("ada@example.com").await.map(drop)
}

#[tokio::test]
async fn a_script_shows_the_password_and_hides_it_again() -> Result<()> {
    let story = Story::begin().await?;
    let browser = &story.browser;
    story.person("ada@example.com", PASSWORD).await?;
    story.arrive("&login_hint=ada@example.com").await?;
    browser.press("Continue").await?;
    browser.fill("Password", PASSWORD).await?;
    browser.press("Show").await?;
    let kind = "return document.querySelector('#password').type";
    assert_eq!(browser.evaluate(kind).await?, "text");
    story.review("password-shown").await?;
    browser.press("Hide").await?;
    assert_eq!(browser.evaluate(kind).await?, "password");
    Ok(())
}

#[tokio::test]
async fn after_five_wrong_passwords_sign_in_pauses() -> Result<()> {
    let story = Story::begin().await?;
    let browser = &story.browser;
    story.person("ada@example.com", PASSWORD).await?;
    story.arrive("").await?;
    story.sign_in("ada@example.com", "wrong").await?;
    for _ in 0..4 {
        browser.see("That email and password don’t match.").await?;
        browser.fill("Password", "wrong").await?;
        browser.press("Sign in").await?;
    }
    browser.see("That email and password don’t match.").await?;
    browser.fill("Password", PASSWORD).await?;
    browser.press("Sign in").await?;
    browser.see("Sign-in is paused").await?;
    story.review("account-locked").await?;
    browser.follow("Use another account").await?;
    browser.see("Welcome back").await
}

#[tokio::test]
async fn pages_on_which_it_stops_say_what_to_do() -> Result<()> {
    let story = Story::begin().await?;
    let browser = &story.browser;
    let foreign = story
        .app
        .sign_in_url("")
        .replace("%2Fapp", "")
        .replace("/app&", "/elsewhere&");
    browser.goto(&foreign).await?;
    browser.see("Invalid callback URL").await?;
    browser.see("/elsewhere").await?;
    story.review("invalid-redirect-url").await?;

    browser.goto(&story.kith.url("/login/password")).await?;
    browser.see("Error code").await?;
    story.review("error-out-of-order").await?;

    browser
        .goto(&story.kith.url("/oauth2/auth?client_id=nobody"))
        .await?;
    browser.see("Something went wrong").await?;
    story.review("error-bad-request").await?;

    browser.goto(&story.kith.url("/nowhere")).await?;
    browser.see("Page not found").await?;
    story.review("not-found").await
}

#[tokio::test]
async fn a_sign_in_cannot_go_on_in_another_browser() -> Result<()> {
    let story = Story::begin().await?;
    let browser = &story.browser;
    story.person("ada@example.com", PASSWORD).await?;
    story.arrive("").await?;
    browser.fill("Email", "ada@example.com").await?;
    browser.press("Continue").await?;
    browser.see("Enter your password").await?;
    let address = browser.url().await?;
    browser.forget_cookies().await?;
    browser.goto(&address).await?;
    browser.see("8809").await?;
    story.review("error-other-browser").await
}
