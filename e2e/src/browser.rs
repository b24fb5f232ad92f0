//! A browser, with the verbs of a person: go, read, fill in by label, press by name.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::chromedriver::Chromedriver;
use crate::look::{Look, Scheme, Screen, Scripts};
use crate::webdriver::{Element, Session};

/// How long something may take to appear. Pages of ours take milliseconds; a busy machine takes longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Between two looks at a page that is not yet as expected.
const PAUSE: Duration = Duration::from_millis(50);

const FIELDS: &str =
    "input:not([type=hidden]):not([type=submit]):not([type=button]), select, textarea";
const FILES: &str = "input[type=file]";
const BUTTONS: &str = "button, input[type=submit], input[type=button], [role=button], summary";
const LINKS: &str = "a[href]";

/// A Chromium with an empty profile, closed when dropped.
pub struct Browser {
    pub(crate) session: Session,
    /// How it was opened.
    pub(crate) look: Look,
    // Dropped in this order: the browser has to end before its profile is removed.
    _driver: Chromedriver,
    _profile: TempDir,
}

impl Browser {
    /// Opens a browser that nobody has used before.
    ///
    /// # Errors
    ///
    /// When Chromium or chromedriver is not installed, or does not start.
    pub async fn open(look: Look) -> Result<Self> {
        let driver = Chromedriver::start()?;
        let profile = tempfile::Builder::new().prefix("kith-browser-").tempdir()?;
        let session = Session::open(&driver.url(), capabilities(profile.path())).await?;
        let browser = Self {
            session,
            look,
            _driver: driver,
            _profile: profile,
        };
        browser.set_screen(look.screen).await?;
        browser.set_scheme(look.scheme).await?;
        browser.set_scripts(look.scripts).await?;
        Ok(browser)
    }

    /// Shows the page at an address, and waits until it is loaded.
    ///
    /// # Errors
    ///
    /// When nothing answers there.
    pub async fn goto(&self, url: &str) -> Result<()> {
        self.session
            .post("/url", json!({ "url": url }))
            .await
            .with_context(|| format!("going to {url}"))?;
        Ok(())
    }

    /// The address of the page that is shown.
    ///
    /// # Errors
    ///
    /// When the browser does not answer (so in every method here; it is not said again).
    pub async fn url(&self) -> Result<String> {
        self.session.text("/url").await
    }

    /// The title of the page that is shown.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn title(&self) -> Result<String> {
        self.session.text("/title").await
    }

    /// The text that can be seen on the page.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn text(&self) -> Result<String> {
        let body = self.session.find("body").await?;
        let body = body.first().context("the page has no body")?;
        self.session.text(&body.path("text")).await
    }

    /// Waits until this text can be seen on the page.
    ///
    /// # Errors
    ///
    /// When it does not appear within ten seconds; the message shows what is there instead.
    pub async fn see(&self, text: &str) -> Result<()> {
        let start = Instant::now();
        loop {
            // A page that is being replaced has no text to ask for; that is no reason to give up.
            let shown = self.text().await.unwrap_or_default();
            if shown.contains(text) {
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                let url = self.url().await?;
                bail!("expected to see {text:?} at {url}; the page says:\n{shown}");
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Replaces what a field holds. The label is what a screen reader says: its `label`, or its `aria-label`.
    ///
    /// # Errors
    ///
    /// When no field, or more than one, has this label.
    pub async fn fill(&self, label: &str, value: &str) -> Result<()> {
        let field = self.named(FIELDS, label).await?;
        self.session.post(&field.path("clear"), json!({})).await?;
        self.session
            .post(&field.path("value"), json!({ "text": value }))
            .await?;
        Ok(())
    }

    /// Gives a file to a file field. It may be transparent, with a place to drop files drawn over it.
    ///
    /// # Errors
    ///
    /// When no field, or more than one, has this label, or it takes no file.
    pub async fn upload(&self, label: &str, file: &Path) -> Result<()> {
        let field = self.named(FILES, label).await?;
        self.session
            .post(&field.path("value"), json!({ "text": file.to_str() }))
            .await?;
        Ok(())
    }

    /// Clicks on a checkbox or a radio button.
    ///
    /// # Errors
    ///
    /// When no field, or more than one, has this label.
    pub async fn tick(&self, label: &str) -> Result<()> {
        let field = self.named(FIELDS, label).await?;
        self.click(&field).await
    }

    /// Chooses from a list: types the option's text, as one does with the keyboard.
    ///
    /// # Errors
    ///
    /// When no field, or more than one, has this label.
    pub async fn choose(&self, label: &str, option: &str) -> Result<()> {
        let field = self.named(FIELDS, label).await?;
        self.session
            .post(&field.path("value"), json!({ "text": option }))
            .await?;
        Ok(())
    }

    /// What a field holds.
    ///
    /// # Errors
    ///
    /// When no field, or more than one, has this label.
    pub async fn value(&self, label: &str) -> Result<String> {
        let field = self.named(FIELDS, label).await?;
        self.session.text(&field.path("property/value")).await
    }

    /// The hint and the error that belong to a field, as a screen reader reads them: the text of everything that its
    /// `aria-describedby` names.
    ///
    /// # Errors
    ///
    /// When no field, or more than one, has this label, or what it names is not on the page.
    pub async fn description(&self, label: &str) -> Result<String> {
        let field = self.named(FIELDS, label).await?;
        let ids = self
            .session
            .text(&field.path("attribute/aria-describedby"))
            .await?;
        let mut texts = Vec::new();
        for id in ids.split_whitespace() {
            let described = self.session.find(&format!("[id='{id}']")).await?;
            let described = described
                .first()
                .with_context(|| format!("nothing has the id {id:?}"))?;
            texts.push(self.session.text(&described.path("text")).await?);
        }
        Ok(texts.join("\n"))
    }

    /// Presses the button of this name, and waits for the page that follows, if one does.
    ///
    /// # Errors
    ///
    /// When no button, or more than one, has this name.
    pub async fn press(&self, name: &str) -> Result<()> {
        let button = self.named(BUTTONS, name).await?;
        self.click(&button).await
    }

    /// Follows the link of this name, and waits for the page behind it.
    ///
    /// # Errors
    ///
    /// When no link, or more than one, has this name.
    pub async fn follow(&self, name: &str) -> Result<()> {
        let link = self.named(LINKS, name).await?;
        self.click(&link).await
    }

    /// Strikes keys where the focus is. Special keys are the characters of WebDriver §17.4.2, such as [`TAB`].
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn strike(&self, keys: &str) -> Result<()> {
        let focused = self.session.get("/element/active").await?;
        let focused = Element::of(&focused).context("something always has the focus")?;
        self.session
            .post(&focused.path("value"), json!({ "text": keys }))
            .await?;
        Ok(())
    }

    /// What a screen reader says of the element that has the focus.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn focused(&self) -> Result<String> {
        let focused = self.session.get("/element/active").await?;
        let focused = Element::of(&focused).context("something always has the focus")?;
        self.session.text(&focused.path("computedlabel")).await
    }

    /// Forgets every cookie of the site that is shown.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn forget_cookies(&self) -> Result<()> {
        self.session.delete("/cookie").await
    }

    /// Runs a script in the page, as the body of a function, and gives what it returns. No policy of the page forbids
    /// it, and it runs where [`Scripts::Off`] stops the page's own.
    ///
    /// # Errors
    ///
    /// When the script throws.
    pub async fn evaluate(&self, script: &str) -> Result<Value> {
        self.session
            .post("/execute/sync", json!({ "script": script, "args": [] }))
            .await
    }

    /// Changes the size of the window; the page stays.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn set_screen(&self, screen: Screen) -> Result<()> {
        self.session
            .devtools("Emulation.setDeviceMetricsOverride", screen.metrics())
            .await
            .map(drop)
    }

    /// Changes the preferred color scheme; the page stays.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn set_scheme(&self, scheme: Scheme) -> Result<()> {
        self.session
            .devtools("Emulation.setEmulatedMedia", scheme.media())
            .await
            .map(drop)
    }

    /// Changes whether pages may run scripts; what they have done already stays.
    pub(crate) async fn set_scripts(&self, scripts: Scripts) -> Result<()> {
        let off = json!({ "value": scripts == Scripts::Off });
        self.session
            .devtools("Emulation.setScriptExecutionDisabled", off)
            .await
            .map(drop)
    }

    /// Brings the element into the middle first, as a person does who scrolls until nothing lies over it.
    async fn click(&self, element: &Element) -> Result<()> {
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let body = json!({ "script": script, "args": [element.argument()] });
        self.session.post("/execute/sync", body).await?;
        self.session.post(&element.path("click"), json!({})).await?;
        Ok(())
    }

    /// The one visible element among these that assistive technology knows by this name; a file field may be
    /// transparent. Waits for it to appear.
    async fn named(&self, selector: &str, name: &str) -> Result<Element> {
        let start = Instant::now();
        loop {
            let (mut found, others) = self.look_for(selector, name).await?;
            match found.len() {
                1 => return found.pop().context("there is one"),
                0 if start.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
                count => bail!(
                    "{count} elements are called {name:?} at {}; there are {others:?}; the page says:\n{}",
                    self.url().await?,
                    self.text().await?
                ),
            }
        }
    }

    /// The visible elements of this name, and the names of all that are visible.
    async fn look_for(&self, selector: &str, name: &str) -> Result<(Vec<Element>, Vec<String>)> {
        let (mut found, mut names) = (Vec::new(), Vec::new());
        for element in self.session.find(selector).await? {
            // An element that went away since is not what we look for.
            let Ok(label) = self.session.text(&element.path("computedlabel")).await else {
                continue;
            };
            let shown = self
                .session
                .get(&element.path("displayed"))
                .await
                .unwrap_or_default();
            if selector != FILES && shown != Value::Bool(true) {
                continue;
            }
            if label == name {
                found.push(element);
            }
            names.push(label);
        }
        Ok((found, names))
    }
}

/// The tabulator key, for [`Browser::strike`].
pub const TAB: &str = "\u{e004}";
/// The enter key, for [`Browser::strike`].
pub const ENTER: &str = "\u{e007}";
/// The escape key, for [`Browser::strike`].
pub const ESCAPE: &str = "\u{e00c}";

fn capabilities(profile: &Path) -> Value {
    let profile = format!("--user-data-dir={}", profile.display());
    let arguments = [
        "--headless",
        // Root has no sandbox, and containers build as root. The only pages shown are our own.
        "--no-sandbox",
        "--disable-gpu",
        // Containers have a small /dev/shm.
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-proxy-server",
        // Else a long page is fifteen pixels narrower than a short one.
        "--hide-scrollbars",
        "--lang=en",
        profile.as_str(),
    ];
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
        "timeouts": { "pageLoad": 30_000, "script": 30_000 },
    })
}
