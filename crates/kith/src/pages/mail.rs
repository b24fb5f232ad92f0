//! Mails come in pairs: what a program without HTML reads, and what the others do.

use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::{Brand, Layout, Pages, RenderError};

/// A mail: facts for a pair of templates.
pub trait Mail: Serialize + Sized {
    /// The text template below `templates/`. Its first line is the subject, then a blank line, then the text.
    const TEXT: &'static str;
    /// The HTML template below `templates/`.
    const HTML: &'static str;

    /// The mail with invented people.
    fn sample() -> Self;
}

/// A mail ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// One line.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part; it refers to nothing outside itself.
    pub html: String,
}

impl Pages {
    /// Both parts of the mail and its subject, in the best language for `wanted` (a BCP 47 tag).
    ///
    /// # Errors
    ///
    /// [`RenderError`] when a template wants what the mail or the locale does not have: a bug.
    pub fn render_mail<M: Mail>(
        &self,
        wanted: &str,
        brand: &Brand,
        mail: &M,
    ) -> Result<RenderedMail, RenderError> {
        let layout = Layout::hosted(wanted, brand.clone(), "");
        let render = |template: &'static str| {
            let values =
                context! { layout => Value::from(Serde(&layout)), ..Value::from(Serde(mail)) };
            self.environment(layout.language)
                .get_template(template)
                .and_then(|template| template.render(values))
                .map_err(|source| RenderError { template, source })
        };
        let (text, html) = (render(M::TEXT)?, render(M::HTML)?);
        let (subject, text) = text.split_once('\n').unwrap_or((text.as_str(), ""));
        Ok(RenderedMail {
            subject: subject.trim().to_owned(),
            text: format!("{}\n", text.trim()),
            html,
        })
    }
}
