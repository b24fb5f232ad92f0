//! The rows of an import that did not go in, or not wholly.

use serde::Serialize;

use super::{RunHead, RunState};
use crate::pages::{Filter, Message, Page, Pager};

/// A way of looking at one code.
#[derive(Debug, Clone, Serialize)]
pub struct CodeFilter {
    /// The stable code.
    pub code: String,
    /// How many rows have it.
    pub count: u64,
    /// Whether those rows went in otherwise.
    pub is_warning: bool,
    /// The list, filtered so; without the code when it is the one shown.
    pub url: String,
    /// Whether it is the one shown.
    pub is_current: bool,
}

/// A row of the file, and what is wrong with it.
#[derive(Debug, Clone, Serialize)]
pub struct NoteRow {
    /// The file's name, where there are several.
    pub file: Option<String>,
    /// The line in the file, from 1.
    pub line: u64,
    /// The column at fault, if one is.
    pub column: Option<String>,
    /// Stable, for programs.
    pub code: String,
    /// For people.
    pub reason: String,
    /// Whether the row went in otherwise.
    pub is_warning: bool,
    /// The row, secrets blanked.
    pub content: String,
}

impl NoteRow {
    /// One that was refused.
    pub(super) fn sample() -> Self {
        Self {
            file: None,
            line: 17,
            column: Some("email".to_owned()),
            code: "invalid_email".to_owned(),
            reason: "“ada@” is not an email address".to_owned(),
            is_warning: false,
            content: r#"{"email":"ada@","given_name":"Ada"}"#.to_owned(),
        }
    }
}

/// The rows that did not go in, and those of which something was left out.
#[derive(Debug, Clone, Serialize)]
pub struct Rows {
    /// Its head.
    pub head: RunHead,
    /// Whether the import only told what would happen.
    pub is_dry_run: bool,
    /// All, refused, warnings.
    pub filters: Vec<Filter>,
    /// The codes that there are.
    pub codes: Vec<CodeFilter>,
    /// One page of them, in the order of the files.
    pub rows: Vec<NoteRow>,
    /// The pages around it.
    pub pager: Pager,
    /// What is shown, as a table.
    pub csv_url: String,
    /// What is shown, as objects.
    pub ndjson_url: String,
}

impl Page for Rows {
    const TEMPLATE: &'static str = "admin/imports/rows.html";

    fn sample() -> Self {
        let filter = |label, value: &'static str| Filter {
            label: Message::new(label),
            value,
            url: format!("/admin/users/imports/imp_0193/rows?show={value}"),
            is_current: value.is_empty(),
        };
        let code = |code: &str, count, is_warning| CodeFilter {
            code: code.to_owned(),
            count,
            is_warning,
            url: format!("/admin/users/imports/imp_0193/rows?code={code}"),
            is_current: false,
        };
        Self {
            head: RunHead::sample(RunState::FinishedWithRefusals, "/rows"),
            is_dry_run: false,
            filters: vec![
                filter("import-rows-all", ""),
                filter("import-rows-refused", "refused"),
                filter("import-rows-warnings", "warnings"),
            ],
            codes: vec![
                code("invalid_email", 11, false),
                code("malformed_row", 1, false),
                code("unknown_role", 203, true),
            ],
            rows: notes(),
            pager: Pager {
                previous: None,
                next: Some("/admin/users/imports/imp_0193/rows?after=0-1204-x".to_owned()),
            },
            csv_url: "/admin/users/imports/imp_0193/refused.csv".to_owned(),
            ndjson_url: "/admin/users/imports/imp_0193/refused.ndjson".to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let mut one_code = Self::sample();
        one_code.codes[0].is_current = true;
        one_code.rows.truncate(1);
        one_code.pager = Pager::default();
        let none = Self {
            codes: Vec::new(),
            rows: Vec::new(),
            pager: Pager::default(),
            ..Self::sample()
        };
        vec![("code", one_code), ("none", none)]
    }
}

fn notes() -> Vec<NoteRow> {
    let email = NoteRow {
        file: Some("users.ndjson".to_owned()),
        line: 17,
        column: Some("email".to_owned()),
        code: "invalid_email".to_owned(),
        reason: "“ada@” is not an email address".to_owned(),
        is_warning: false,
        content: r#"{"email":"ada@","given_name":"Ada"}"#.to_owned(),
    };
    let malformed = NoteRow {
        line: 1_204,
        column: None,
        code: "malformed_row".to_owned(),
        reason: "a quote that opens is never closed".to_owned(),
        content: r#"{"email":"mary@example.com","given_name":"Mary"#.to_owned(),
        ..email.clone()
    };
    let role = NoteRow {
        line: 1_310,
        column: Some("roles".to_owned()),
        code: "unknown_role".to_owned(),
        reason: "there is no role with the key “editor” here; add it, then import again".to_owned(),
        is_warning: true,
        content: r#"{"email":"grace@example.com","roles":["editor"]}"#.to_owned(),
        ..email.clone()
    };
    vec![email, malformed, role]
}
