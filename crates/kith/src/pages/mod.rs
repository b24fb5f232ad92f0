//! Everything that a person sees: layout, components, assets and words.
//!
//! A page is a plain struct that names its template ([`Page`]). The struct lives with its slice (`sign_in/view.rs`,
//! `users/view.rs`), holds facts and no words, and brings a sample of itself, so that a test renders every page in
//! strict mode: a field that the template misspells, or a phrase that no locale has, fails the build.
//!
//! - Words live in `locales/`, shape in `templates/`, facts in Rust. Templates say `t("key")` and never a sentence.
//! - Nothing here needs a script. `app.js` adds comfort: copy buttons, `/` to search, `Esc` to close, live progress,
//!   the reader's own time zone. It is ours and tiny, because the whole dashboard is links and forms; a library such
//!   as htmx would be ten times its size and save no page load that matters.
//! - The content security policy has no exceptions: no inline script, no inline style, no `style` attribute.
//!
//! Rejected: templates compiled into Rust code. They would check names at compile time, but operators replace pages,
//! and a template that can be replaced must be read at run time. The sample test gives back the checking.

pub mod assets;
mod confirm;
mod functions;
mod layout;
mod mail;
mod message;
mod parts;
mod translations;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior, context};
use serde::Serialize;

pub use assets::Assets;
pub use confirm::Confirm;
pub use layout::{Account, Brand, Dashboard, Direction, Layout, NavItem, Notice, Tone};
pub use mail::{Mail, RenderedMail};
pub use message::{Message, Problem, Problems};
pub use parts::{Choice, Filter, Pager, Tab};
pub use translations::{Language, language};

use translations::{LANGUAGES, Translations};

/// What the reader gets when a page cannot be rendered, which is always a bug of ours.
const FAILED: &str = include_str!("../../templates/failed.html");

/// A page, or a part of one that is sent alone: facts for one template.
pub trait Page: Serialize + Sized {
    /// The template's path below `templates/`.
    const TEMPLATE: &'static str;

    /// The page in its usual state, with invented people.
    fn sample() -> Self;

    /// Other states worth looking at (empty, refused, finished), each with a name for its picture.
    #[must_use]
    fn variants() -> Vec<(&'static str, Self)> {
        Vec::new()
    }
}

/// A page could not be rendered: the template and its context disagree, or a phrase is missing.
#[derive(Debug, thiserror::Error)]
#[error("the template {template} cannot be rendered")]
pub struct RenderError {
    template: &'static str,
    #[source]
    source: minijinja::Error,
}

/// The templates of every language, ready to render. Cheap to make and to clone: they are parsed once a process.
#[derive(Clone)]
pub struct Pages {
    environments: &'static HashMap<&'static str, Environment<'static>>,
}

static ENVIRONMENTS: LazyLock<HashMap<&'static str, Environment<'static>>> = LazyLock::new(|| {
    LANGUAGES
        .iter()
        .map(|language| (language.tag, environment(language)))
        .collect()
});

impl Pages {
    /// Reads the embedded templates and locales.
    ///
    /// # Panics
    ///
    /// If a template or locale of this program does not parse, which the tests exclude.
    #[must_use]
    pub fn new() -> Self {
        Self {
            environments: &ENVIRONMENTS,
        }
    }

    /// The page as HTML. A failure is a bug: it is logged, and the reader gets a plain page that says so.
    pub fn render<P: Page>(&self, layout: &Layout, page: &P) -> String {
        self.try_render(layout, page).unwrap_or_else(|error| {
            let cause = format!("{:#}", error.source);
            tracing::error!(template = error.template, cause, "{error}");
            FAILED.to_owned()
        })
    }

    /// The page as HTML, or why not.
    ///
    /// # Errors
    ///
    /// [`RenderError`] when the template wants what the page or the locale does not have.
    pub fn try_render<P: Page>(&self, layout: &Layout, page: &P) -> Result<String, RenderError> {
        let values = context! { layout => Value::from(Serde(layout)), ..Value::from(Serde(page)) };
        self.environment(layout.language)
            .get_template(P::TEMPLATE)
            .and_then(|template| template.render(values))
            .map_err(|source| RenderError {
                template: P::TEMPLATE,
                source,
            })
    }

    /// A phrase as plain text, where something must be looked for in what people read. Empty if the locale lacks it.
    #[must_use]
    pub fn say(&self, language: &str, message: &Message) -> String {
        let tag = translations::language(language).tag;
        let values = context! { message => Value::from(Serde(message)) };
        self.environment(tag)
            .render_named_str("phrase.txt", "{{ say(message) }}", values)
            .unwrap_or_default()
    }

    /// The names of all templates that are pages or mails. Layouts, components, and parts that are only included
    /// (their names begin with `_`) are seen through the pages that use them.
    /// For the test that wants each to have a sample.
    #[must_use]
    pub fn template_names(&self) -> Vec<String> {
        let shared = |name: &str| {
            name.starts_with("layouts/")
                || name.starts_with("components/")
                || name.contains("/_")
                || name == "failed.html"
        };
        let mut names: Vec<String> = self
            .environment(LANGUAGES[0].tag)
            .templates()
            .map(|(name, _)| name.to_owned())
            .filter(|name| !shared(name))
            .collect();
        names.sort();
        names
    }

    fn environment(&self, language: &str) -> &Environment<'static> {
        self.environments
            .get(language)
            .unwrap_or_else(|| &self.environments[LANGUAGES[0].tag])
    }
}

impl Default for Pages {
    fn default() -> Self {
        Self::new()
    }
}

/// One environment per language: macros see globals only, and `t` must speak the right language inside them, too.
fn environment(language: &Language) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    environment.set_syntax(syntax.expect("the delimiters are the usual ones"));
    functions::register(&mut environment, &Arc::new(Translations::load(language)));
    let embed = include!(concat!(env!("OUT_DIR"), "/minijinja_templates_main.rs"));
    embed(&mut environment);
    environment
}
