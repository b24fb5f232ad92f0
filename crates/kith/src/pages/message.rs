//! Sentences for people, named by Rust and worded by the locale.
//!
//! Slices say *which* sentence and its facts; they never hold English. Errors of a form are [`Problems`]: the template
//! shows each beside its field and all of them in a summary on top that links to the fields.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A phrase of the locale with its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    key: Cow<'static, str>,
    args: BTreeMap<Cow<'static, str>, Arg>,
}

/// What a phrase can be given: text is inserted as it is, a number is grouped and chooses the plural.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Arg {
    /// Text, escaped by the template.
    Text(String),
    /// A whole number.
    Number(i64),
}

impl Message {
    /// The phrase `key` of `locales/en.ftl`; a test finds keys that do not exist.
    #[must_use]
    pub fn new(key: &'static str) -> Self {
        Self {
            key: Cow::Borrowed(key),
            args: BTreeMap::new(),
        }
    }

    /// The same phrase with one argument more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.insert(Cow::Borrowed(name), value.into());
        self
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Arg {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Arg {
    /// Counts past `i64::MAX` stay there; nobody has so many people.
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// What is wrong with one field of a form, or with the form as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The field's `name`, which is also its `id`; `None` when no single field is at fault.
    pub field: Option<&'static str>,
    /// What went wrong and what to do.
    pub message: Message,
}

/// All that is wrong with a submitted form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Nothing wrong: the form as first shown.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// One problem with one field.
    #[must_use]
    pub fn at(field: &'static str, message: Message) -> Self {
        Self(vec![Problem {
            field: Some(field),
            message,
        }])
    }

    /// One problem that belongs to no single field.
    #[must_use]
    pub fn overall(message: Message) -> Self {
        Self(vec![Problem {
            field: None,
            message,
        }])
    }

    /// These problems and one more.
    #[must_use]
    pub fn and(mut self, field: &'static str, message: Message) -> Self {
        self.0.push(Problem {
            field: Some(field),
            message,
        });
        self
    }

    /// Whether the form may go on.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Problem> for Problems {
    fn from_iter<I: IntoIterator<Item = Problem>>(problems: I) -> Self {
        Self(problems.into_iter().collect())
    }
}
