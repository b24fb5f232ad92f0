//! People who were imported, at their first sign-in.

use anyhow::Result;

use crate::story::{PASSWORD, Story};

/// The hash of `otter-of-old`, MD5 with the salt `pepper` in front, as a former provider kept it.
const EXPORT: &str = "\
email,first_name,last_name,email_verified,hashed_password,hashing_method,salt,salt_position
grace@example.com,Grace,Example,TRUE,2b224b7edf3b76fc3ff8e3a056155b8f,md5,pepper,prefix
linus@example.com,Linus,Example,FALSE,2b224b7edf3b76fc3ff8e3a056155b8f,md5,pepper,prefix
mary@example.com,Mary,Example,TRUE,,,,
";

const OLD_PASSWORD: &str = "otter-of-old";

fn import(story: &Story) -> Result<()> {
    let file = story.file("users.csv", EXPORT)?;
    let file = file.to_str().unwrap_or_default();
    story.kith.run(&["import", "auto", file]).map(drop)
}

#[tokio::test]
async fn the_old_password_is_all_it_takes() -> Result<()> {
    let story = Story::begin().await?;
    import(&story)?;
    story.arrive("").await?;
    story.sign_in("grace@example.com", OLD_PASSWORD).await?;
    let person = story.back_as("grace@example.com").await?;
    assert_eq!(person["given_name"], "Grace");
    assert!(story.kith.mailbox().mails().is_empty());
    Ok(())
}

#[tokio::test]
async fn an_address_that_nobody_proved_is_proved_once() -> Result<()> {
    Story::both_ways(async |story| {
        import(&story)?;
        story.arrive("").await?;
        story.sign_in("linus@example.com", OLD_PASSWORD).await?;
        story
            .browser
            .see("We sent a code to linus@example.com")
            .await?;
        story.review("moved-verify").await?;
        story
            .enter_code("linus@example.com", "Confirm email")
            .await?;
        story.back_as("linus@example.com").await?;

        story.arrive("&prompt=login").await?;
        story.sign_in("linus@example.com", OLD_PASSWORD).await?;
        story.back_as("linus@example.com").await.map(drop)
    })
    .await
}

#[tokio::test]
async fn whoever_had_no_password_chooses_one_after_a_code() -> Result<()> {
    Story::both_ways(async |story| {
        import(&story)?;
        story.arrive("").await?;
        story.browser.fill("Email", "mary@example.com").await?;
        story.browser.press("Continue").await?;
        story.browser.see("No password here yet?").await?;
        story.review("moved-no-password").await?;
        story.browser.press("Get a code by email").await?;
        story
            .browser
            .see("We sent a code to mary@example.com")
            .await?;
        story.review("moved-code").await?;
        story.enter_code("mary@example.com", "Continue").await?;
        story.browser.see("has a new sign-in").await?;
        story.review("moved-choose-password").await?;
        story.choose_password(PASSWORD).await?;
        story.back_as("mary@example.com").await.map(drop)
    })
    .await
}
