//! What every page has to pass, and the pictures by which people judge the rest.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::look::{Look, Scripts};
use crate::{Browser, accessibility, tools};

impl Browser {
    /// Saves a picture of the whole page, also of what has to be scrolled to, as `target/screenshots/<name>.png`.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub async fn screenshot(&self, name: &str) -> Result<PathBuf> {
        let metrics = self
            .session
            .devtools("Page.getLayoutMetrics", json!({}))
            .await?;
        let page = &metrics["cssContentSize"];
        let clip =
            json!({ "x": 0, "y": 0, "width": page["width"], "height": page["height"], "scale": 1 });
        let shot = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let answer = self
            .session
            .devtools("Page.captureScreenshot", shot)
            .await?;
        let picture = BASE64_STANDARD.decode(answer["data"].as_str().unwrap_or_default())?;
        let folder = tools::target()?.join("screenshots");
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(format!("{name}.png"));
        std::fs::write(&file, picture)?;
        Ok(file)
    }

    /// Runs axe-core on the page as it is shown now.
    ///
    /// # Errors
    ///
    /// When it finds any violation; the message lists each, with the elements and what to do.
    pub async fn check_accessibility(&self) -> Result<()> {
        // What is loaded without scripts stays as it is; axe itself cannot do without.
        self.set_scripts(Scripts::On).await?;
        let violations = accessibility::violations(&self.session).await;
        self.set_scripts(self.look.scripts).await?;
        let violations = violations?;
        ensure!(
            violations.is_empty(),
            "{} is not accessible:\n{violations}",
            self.url().await?
        );
        Ok(())
    }

    /// What every page has to pass: in both sizes and both schemes, a picture is saved as `<name>-360-dark.png` and so
    /// on, axe finds nothing, nothing is wider than the screen, and the content security policy stopped nothing.
    /// Afterwards the browser looks as it did when it was opened.
    ///
    /// # Errors
    ///
    /// With everything that is wrong, after all looks were taken.
    pub async fn review(&self, name: &str) -> Result<()> {
        let mut problems = Vec::new();
        for look in Look::all() {
            self.set_screen(look.screen).await?;
            self.set_scheme(look.scheme).await?;
            self.screenshot(&format!("{name}-{}", look.name())).await?;
            let (width, _) = look.screen.size();
            let wide = self
                .evaluate("return document.documentElement.scrollWidth")
                .await?;
            if wide.as_u64() > Some(width.into()) {
                problems.push(format!(
                    "{}: the page is {wide} pixels wide, so it scrolls sideways",
                    look.name()
                ));
            }
            if let Err(error) = self.check_accessibility().await {
                problems.push(format!("{}: {error}", look.name()));
            }
        }
        let console = self.console().await?;
        problems.extend(
            console
                .into_iter()
                .filter(|line| line.contains("Content Security Policy")),
        );
        self.set_screen(self.look.screen).await?;
        self.set_scheme(self.look.scheme).await?;
        ensure!(problems.is_empty(), "{name}:\n{}", problems.join("\n"));
        Ok(())
    }

    /// What the browser wrote to its console since it was last asked: errors of scripts, missing files, violations of
    /// the content security policy.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn console(&self) -> Result<Vec<String>> {
        let entries = self
            .session
            .post("/se/log", json!({ "type": "browser" }))
            .await?;
        let message = |entry: &Value| entry["message"].as_str().map(str::to_owned);
        Ok(entries
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(message)
            .collect())
    }
}
