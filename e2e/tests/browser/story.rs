//! What the stories share: a server, an application, a browser, and the ways in which somebody signs in.

use anyhow::{Context as _, Result};
use e2e::{App, Browser, Kith, Look, Scripts, WELCOME};
use serde_json::{Value, json};

/// A password that is on no list.
pub(crate) const PASSWORD: &str = "seven purple otters";

/// Somebody in front of a browser, and what they meet.
pub(crate) struct Story {
    pub(crate) kith: Kith,
    pub(crate) app: App,
    pub(crate) browser: Browser,
    scripts: Scripts,
}

impl Story {
    /// Begins one in a browser that runs scripts.
    pub(crate) async fn begin() -> Result<Self> {
        Self::with(Scripts::On).await
    }

    /// Tells a story with scripts, and once more without: everything has to work both ways.
    pub(crate) async fn both_ways(tell: impl AsyncFn(Self) -> Result<()>) -> Result<()> {
        for scripts in [Scripts::On, Scripts::Off] {
            tell(Self::with(scripts).await?)
                .await
                .with_context(|| format!("with scripts {scripts:?}"))?;
        }
        Ok(())
    }

    async fn with(scripts: Scripts) -> Result<Self> {
        let kith = Kith::start().await?;
        let app = App::register(&kith).await?;
        let browser = Browser::open(Look {
            scripts,
            ..Look::default()
        })
        .await?;
        Ok(Self {
            kith,
            app,
            browser,
            scripts,
        })
    }

    /// Reviews the page that is shown. What the server sends is the same with and without scripts, so once is enough.
    pub(crate) async fn review(&self, name: &str) -> Result<()> {
        match self.scripts {
            Scripts::On => self.browser.review(name).await,
            Scripts::Off => Ok(()),
        }
    }

    /// Presses the app's "Sign in".
    pub(crate) async fn arrive(&self, more: &str) -> Result<()> {
        self.browser.goto(&self.app.sign_in_url(more)).await
    }

    /// Types an address, then a password.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Result<()> {
        self.browser.fill("Email", email).await?;
        self.browser.press("Continue").await?;
        self.browser.see("Enter your password").await?;
        self.browser.fill("Password", password).await?;
        self.browser.press("Sign in").await
    }

    /// Reads the newest code out of somebody's mail, and types it.
    pub(crate) async fn enter_code(&self, email: &str, button: &str) -> Result<()> {
        self.browser.see("Check your email").await?;
        let mail = self.kith.mailbox().wait_for(email, "code").await?;
        let code = mail.code().context("the mail has a code")?;
        self.browser.fill("Code", code).await?;
        self.browser.press(button).await
    }

    /// Types a new password twice.
    pub(crate) async fn choose_password(&self, password: &str) -> Result<()> {
        self.browser.see("Choose a password").await?;
        self.browser.fill("New password", password).await?;
        self.browser.fill("Repeat the password", password).await?;
        self.browser.press("Save password and sign in").await
    }

    /// Waits until the browser is back at the app, which learns who this is.
    pub(crate) async fn back_as(&self, email: &str) -> Result<Value> {
        self.browser.see(WELCOME).await?;
        let person = self.app.person(&self.browser.url().await?).await?;
        anyhow::ensure!(person["email"] == email, "somebody else: {person}");
        Ok(person)
    }

    /// Adds somebody with a password and a proved address.
    pub(crate) async fn person(&self, email: &str, password: &str) -> Result<()> {
        let identity =
            json!({ "type": "email", "is_verified": true, "details": { "email": email } });
        let person = json!({
            "profile": { "given_name": "Ada", "family_name": "Example" },
            "identities": [identity],
        });
        let created = self.kith.api("POST", "/api/v1/user", &person).await?;
        let id = created["id"].as_str().context("a user has an id")?;
        let path = format!("/api/v1/users/{id}/password");
        self.kith
            .api("PUT", &path, &json!({ "password": password }))
            .await?;
        Ok(())
    }

    /// Sets the owner up by their link, which leaves the browser on the dashboard's home.
    pub(crate) async fn set_up_owner(&self) -> Result<()> {
        self.browser
            .goto(&self.kith.bootstrap().owner_setup_url)
            .await?;
        self.browser.fill("First name", "Olive").await?;
        self.browser.fill("Last name", "Example").await?;
        self.browser.fill("Email", "olive@example.com").await?;
        self.browser.fill("Password", PASSWORD).await?;
        self.browser.fill("Repeat the password", PASSWORD).await?;
        self.browser.press("Create my account").await?;
        self.browser.see("Welcome, Olive").await
    }

    /// The address of a screen of the dashboard.
    pub(crate) fn dashboard(&self, path: &str) -> String {
        self.kith.url(&format!("/admin{path}"))
    }

    /// Writes a file to be uploaded.
    pub(crate) fn file(&self, name: &str, text: &str) -> Result<std::path::PathBuf> {
        let path = self.kith.folder().join(name);
        std::fs::write(&path, text)?;
        Ok(path)
    }
}
