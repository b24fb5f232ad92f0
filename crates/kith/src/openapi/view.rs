//! What the readable page of the management API shows: facts for `templates/openapi/docs.html`.

use serde::Serialize;

use crate::pages::Page;

/// The whole API on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Docs {
    /// What the API is called.
    pub title: String,
    /// Of which version it is.
    pub version: String,
    /// What it is for, and how to begin.
    pub description: Prose,
    /// How any operation may refuse.
    pub refusals: Vec<Response>,
    /// What a refusal says.
    pub refusal: Body,
    /// The operations, by subject.
    pub groups: Vec<Group>,
}

/// Sentences in which `code` is set apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Prose(Vec<Span>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Span {
    text: String,
    is_code: bool,
}

impl Prose {
    /// Reads what a doc comment says: code stands between backticks.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let spans = text.split('`').enumerate().map(|(n, text)| Span {
            text: text.to_owned(),
            is_code: n % 2 == 1,
        });
        Self(spans.filter(|span| !span.text.is_empty()).collect())
    }
}

/// The operations on one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The subject.
    pub name: String,
    /// Its name in the page's address.
    pub anchor: String,
    /// What it is about.
    pub description: Prose,
    /// Its operations.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// Its name in SDKs and in the page's address.
    pub id: String,
    /// Its HTTP method, in capitals.
    pub method: String,
    /// Its path.
    pub path: String,
    /// What it does, in a few words.
    pub summary: String,
    /// What it does, in sentences.
    pub description: Prose,
    /// The scopes that a token needs.
    pub scopes: Vec<String>,
    /// What stands in path and query.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back, by status.
    pub responses: Vec<Response>,
}

/// Something that stands in path or query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `path` or `query`.
    pub place: String,
    /// What it is: `string`, `integer`, …
    pub kind: String,
    /// Whether it must be there.
    pub is_required: bool,
    /// What it means.
    pub description: Prose,
}

/// A JSON body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Body {
    /// Its fields, those of inner objects after the field that holds them.
    pub fields: Vec<Field>,
    /// What it looks like, as indented JSON.
    pub example: String,
}

/// A field of a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Where it is: `users[].id`.
    pub path: String,
    /// What it is: `string`, `object[]`, …
    pub kind: String,
    /// Whether it is always there.
    pub is_required: bool,
    /// What it means.
    pub description: Prose,
    /// What it may be, where only few values are possible.
    pub choices: Vec<String>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Response {
    /// Its status.
    pub status: String,
    /// When it comes.
    pub description: Prose,
    /// What it says; none where it is a refusal like all others.
    pub body: Option<Body>,
}

impl Page for Docs {
    const TEMPLATE: &'static str = "openapi/docs.html";

    fn sample() -> Self {
        let json = serde_json::to_vec(&super::document()).unwrap_or_default();
        super::docs::read(&json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_between_backticks() {
        let prose = Prose::read("Send `page_size`, or nothing.");
        let spans: Vec<_> = prose
            .0
            .iter()
            .map(|span| (span.text.as_str(), span.is_code))
            .collect();
        assert_eq!(
            spans,
            [
                ("Send ", false),
                ("page_size", true),
                (", or nothing.", false)
            ]
        );
        assert_eq!(Prose::read("").0, []);
    }
}
