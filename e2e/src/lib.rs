//! The harness of the browser tests: the built server, a real Chromium, and the eyes of someone who reads the page.
//!
//! `cargo xtask e2e` installs what is needed and runs everything. When it is there already, one test is run with
//! `cargo test --workspace --test browser -- a_part_of_its_name`; the server is built first, from what the sources say.
//! A plain `cargo test` leaves these tests out, since it has to work without Chromium.
//!
//! A test is an async function under `tests/browser/`, in a file named after what it looks at:
//!
//! ```no_run
//! use e2e::{Browser, Kith, Look};
//!
//! # async fn test() -> anyhow::Result<()> {
//! let kith = Kith::start().await?;
//! let browser = Browser::open(Look::default()).await?;
//! browser.goto(&kith.url("/login")).await?;
//! browser.review("sign-in").await?; // pictures in both sizes and schemes, axe, no sideways scrolling
//! browser.fill("Email", "ada@example.com").await?;
//! browser.press("Continue").await?;
//! browser.see("Check your email").await?;
//! let mail = kith.mailbox().wait_for("ada@example.com", "code").await?;
//! # Ok(()) }
//! ```
//!
//! - Fields, buttons and links are found by what a screen reader calls them, so a test fails when a label is lost.
//! - [`App`] is an application to sign in to. [`Kith::api`] and [`Kith::run`] arrange what a story begins with.
//! - Every method waits for what it needs, up to ten seconds. Tests never sleep.
//! - Each test has its own server, database, mailbox, browser and profile. They end with it.
//! - [`Browser::review`] leaves its pictures in `target/screenshots`: look at them.
//! - With [`Scripts::Off`] pages run no script of theirs; the harness still can, so every check works there as well.

mod accessibility;
mod app;
mod browser;
mod chromedriver;
mod kith;
mod look;
mod mailbox;
mod review;
mod tools;
mod webdriver;

pub use app::{App, WELCOME};
pub use browser::{Browser, ENTER, ESCAPE, TAB};
pub use kith::{Bootstrap, Kith, Management};
pub use look::{Look, Scheme, Screen, Scripts};
pub use mailbox::{Mail, Mailbox};
pub use tools::{node, npm_file};
