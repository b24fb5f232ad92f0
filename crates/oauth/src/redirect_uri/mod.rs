//! Redirect addresses: what an operator may register, and what a request may then send.
//!
//! An answer that goes to the wrong address hands a person's account to a stranger, so the rule is the plainest one:
//! the address that is sent equals one that is registered, character by character (RFC 9700 §2.1). Four exceptions,
//! each as narrow as it can be:
//!
//! - one slash at the very end may be there or not, because widely used SDKs remove it on one request and not on the next;
//! - an `http` address of `127.0.0.1` or `[::1]` matches with any port (RFC 8252 §7.3);
//! - one `*` stands for one label, or a part of one, at the left of the host;
//! - `{organization.handle}` as that label stands for the handle of the organization that the person signs in to.
//!
//! The text is never normalized before it is compared. Two URL parsers that disagree are the classic way around an
//! allow-list; here only one text has to be equal to another.
//!
//! Whoever registers hears at once what is wrong, each refusal with its own code; see [`PatternError`].

mod address;
mod domain;
mod error;
#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr};

pub use error::PatternError;

use address::{Kind, PLACEHOLDER};

/// An address that an operator registered for callbacks or logouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectPattern {
    text: String,
    form: Form,
}

/// How a pattern is compared. `before` and `after` are the fixed texts around the part that varies.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Exact,
    AnyPort { before: String, after: String },
    AnyLabel { before: String, after: String },
    OrganizationLabel { before: String, after: String },
}

impl RedirectPattern {
    /// Reads an address as an operator typed it.
    ///
    /// # Errors
    /// A [`PatternError`] that names the broken rule.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let form = match address::check(text)? {
            Kind::Exact => Form::Exact,
            Kind::Loopback { port } => Form::AnyPort {
                before: text[..port.start].to_owned(),
                after: without_final_slash(&text[port.end..]).to_owned(),
            },
            Kind::Wildcard => {
                let (before, after) = around(text, "*");
                Form::AnyLabel { before, after }
            }
            Kind::Placeholder => {
                let (before, after) = around(text, PLACEHOLDER);
                Form::OrganizationLabel { before, after }
            }
        };
        Ok(Self {
            text: text.to_owned(),
            form,
        })
    }

    /// Whether an answer may go to `sent`, the address exactly as the request carried it.
    ///
    /// Where the pattern has the organization placeholder, a match is provisional: once it is known whom the person
    /// signs in to, the handle must equal [`Self::organization_handle`].
    #[must_use]
    pub fn matches(&self, sent: &str) -> bool {
        match &self.form {
            Form::Exact => same_redirect(&self.text, sent),
            Form::AnyPort { before, after } => between(sent, before, after).is_some_and(is_port),
            Form::AnyLabel { before, after } | Form::OrganizationLabel { before, after } => {
                between(sent, before, after).is_some_and(is_label_part)
            }
        }
    }

    /// The handle that the organization must have for an answer to go to `sent`; `None` where the pattern has no
    /// placeholder or does not match.
    #[must_use]
    pub fn organization_handle<'a>(&self, sent: &'a str) -> Option<&'a str> {
        match &self.form {
            Form::OrganizationLabel { before, after } => {
                between(sent, before, after).filter(|part| is_label_part(part))
            }
            Form::Exact | Form::AnyPort { .. } | Form::AnyLabel { .. } => None,
        }
    }

    /// The address as it was registered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Whether two addresses are the same but for one slash at the very end.
///
/// This is the comparison that binds a code to its redirect (RFC 6749 §4.1.3): the same SDK sends the address without
/// the slash when it asks for a code, and with it when it redeems the code.
#[must_use]
pub fn same_redirect(a: &str, b: &str) -> bool {
    without_final_slash(a) == without_final_slash(b)
}

/// The text without one slash at its end. A slash that ends a query belongs to a value, and stays.
fn without_final_slash(text: &str) -> &str {
    if text.contains('?') {
        text
    } else {
        text.strip_suffix('/').unwrap_or(text)
    }
}

fn around(text: &str, hole: &str) -> (String, String) {
    let (before, after) = text.split_once(hole).unwrap_or((text, ""));
    (before.to_owned(), without_final_slash(after).to_owned())
}

fn between<'a>(sent: &'a str, before: &str, after: &str) -> Option<&'a str> {
    without_final_slash(sent)
        .strip_prefix(before)?
        .strip_suffix(after)
}

/// A port as it stands behind a loopback address, colon included, or nothing.
fn is_port(text: &str) -> bool {
    match text.strip_prefix(':') {
        Some(digits) => {
            digits.bytes().all(|c| c.is_ascii_digit())
                && digits.parse::<u16>().is_ok_and(|port| port > 0)
        }
        None => text.is_empty(),
    }
}

/// What a `*` may stand for: letters, digits and hyphens, so that it can never reach a dot, a slash, an `@`, a colon,
/// a `?`, a `#`, a `%` or a space.
fn is_label_part(text: &str) -> bool {
    (1..=63).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
}

impl FromStr for RedirectPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::parse(text)
    }
}

impl fmt::Display for RedirectPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
