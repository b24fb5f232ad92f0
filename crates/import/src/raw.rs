//! A row as the file has it, kept to be shown beside the reason for which it was refused, its secrets blanked.
//!
//! Reports of an import are downloaded, mailed and pasted into tickets. They must not carry what makes a password
//! guessable offline, so hashes, salts and authenticator secrets are blanked by the names of their columns, and once
//! more by their looks, in case a column has the wrong name. The blanking happens on demand: good rows never pay for it.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::objects::Object;
use crate::table::{Row, Splitter, unquoted};

/// What stands in the place of a secret. Not blank: a blank cell would read as “no password” if it were imported again.
pub(crate) const REDACTED: &str = "[redacted]";

/// 8 KiB: enough to recognize a row by.
const MAX_SHOWN: usize = 8 * 1024;

/// One row of a file, in its own words.
#[derive(Clone)]
pub struct Raw {
    /// Shared, for a batch of rows is kept until it is written.
    text: Arc<str>,
    form: Form,
}

#[derive(Clone)]
enum Form {
    /// Cells, which the columns tell secret or not.
    Row(Arc<Columns>),
    /// The sound beginning of a row that is otherwise broken.
    Beginning(Arc<Columns>),
    Object,
}

/// What a table's rows have in common.
pub(crate) struct Columns {
    delimiter: u8,
    names: Vec<String>,
    is_secret: Vec<bool>,
}

impl Columns {
    pub(crate) fn new(delimiter: u8, names: &[String]) -> Self {
        Self {
            delimiter,
            names: names.to_vec(),
            is_secret: names
                .iter()
                .map(|name| is_secret_name(name) || is_secret_beside(name, names))
                .collect(),
        }
    }

    /// The same, these columns secret whatever they are called.
    pub(crate) fn with_secrets(mut self, columns: &[usize]) -> Self {
        for index in columns {
            if let Some(is_secret) = self.is_secret.get_mut(*index) {
                *is_secret = true;
            }
        }
        self
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.is_secret.len()
    }
}

impl Raw {
    pub(crate) fn row(row: Row<'_>, columns: &Arc<Columns>) -> Self {
        Self {
            text: row.text().into(),
            form: Form::Row(Arc::clone(columns)),
        }
    }

    pub(crate) fn beginning(row: Row<'_>, columns: &Arc<Columns>) -> Self {
        Self {
            text: row.text().into(),
            form: Form::Beginning(Arc::clone(columns)),
        }
    }

    pub(crate) fn object(text: &[u8]) -> Self {
        Self {
            text: String::from_utf8_lossy(text).into(),
            form: Form::Object,
        }
    }

    /// The row with hashes, salts and secrets replaced by `[redacted]`, cut at 8 KiB.
    #[must_use]
    pub fn redacted(&self) -> String {
        let mut shown = match &self.form {
            Form::Row(columns) => redact_cells(&self.text, columns),
            Form::Beginning(columns) => redact_cells(&self.text, columns) + "…",
            Form::Object => redact_object(&self.text),
        };
        if shown.len() > MAX_SHOWN {
            shown.truncate(shown.floor_char_boundary(MAX_SHOWN));
            shown.push('…');
        }
        shown
    }
}

impl Raw {
    /// All values of the row by the names of their columns, or by their paths in an object, if one of them is this one, in any
    /// case. They are as they stand in the file, secrets and all: for whoever must find out what they mean.
    #[must_use]
    pub fn values_if_any_is(&self, wanted: &str) -> Option<Vec<(String, String)>> {
        let wanted = wanted.trim().to_lowercase();
        // Nearly all rows are others, and need not be taken apart. Only quotes and backslashes are written in other ways.
        if !wanted.contains(['"', '\\']) && !self.text.to_lowercase().contains(&wanted) {
            return None;
        }
        let values = self.values();
        let is_there = values
            .iter()
            .any(|(_, value)| value.trim().to_lowercase() == wanted);
        is_there.then_some(values)
    }

    fn values(&self) -> Vec<(String, String)> {
        let mut values = Vec::new();
        match &self.form {
            Form::Row(columns) | Form::Beginning(columns) => {
                let mut splitter = Splitter::new(columns.delimiter);
                splitter.step(self.text.as_bytes(), true);
                let cells = splitter.cells().iter();
                values.extend(
                    columns.names.iter().zip(cells).map(|(name, cell)| {
                        (name.clone(), unquoted(&self.text, cell).into_owned())
                    }),
                );
            }
            Form::Object => {
                if let Ok(value) = serde_json::from_str(&self.text) {
                    collect(String::new(), &value, &mut values);
                }
            }
        }
        values
    }
}

/// The texts and numbers of a JSON value, each with its path: `profile.email`, `identities.0.value`.
fn collect(path: String, value: &Value, values: &mut Vec<(String, String)>) {
    let below = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                collect(below(name), value, values);
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                collect(below(&at.to_string()), value, values);
            }
        }
        Value::String(text) => values.push((path, text.clone())),
        Value::Number(number) => values.push((path, number.to_string())),
        Value::Null | Value::Bool(_) => {}
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Raw(…)")
    }
}

fn redact_cells(text: &str, columns: &Columns) -> String {
    let mut splitter = Splitter::new(columns.delimiter);
    splitter.step(text.as_bytes(), true);
    let mut shown = String::with_capacity(text.len());
    for (index, cell) in splitter.cells().iter().enumerate() {
        if index > 0 {
            shown.push(columns.delimiter.into());
        }
        let content = unquoted(text, cell);
        let is_secret = columns.is_secret.get(index).copied().unwrap_or(true);
        if !content.is_empty() && (is_secret || looks_secret(&content)) {
            shown.push_str(REDACTED);
        } else if content.contains(['"', '\n', '\r', char::from(columns.delimiter)]) {
            shown.push('"');
            shown.push_str(&content.replace('"', "\"\""));
            shown.push('"');
        } else {
            shown.push_str(&content);
        }
    }
    shown
}

fn redact_object(text: &str) -> String {
    if let Ok(mut object) = serde_json::from_str::<Object>(text) {
        let names: Vec<String> = object.keys().cloned().collect();
        for (name, value) in &mut object {
            if is_secret_beside(name, &names) {
                *value = REDACTED.into();
            }
            redact_value(name, value);
        }
        return Value::Object(object).to_string();
    }
    // What cannot be parsed is shown up to the first word that may announce a secret.
    let lower = text.to_ascii_lowercase();
    let words = SECRET_WORDS.iter().filter_map(|word| lower.find(word));
    match words.min() {
        Some(end) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn redact_value(name: &str, value: &mut Value) {
    match value {
        Value::Null | Value::Bool(_) => {}
        value if is_secret_name(name) => *value = REDACTED.into(),
        Value::String(text) if looks_secret(text) => *value = REDACTED.into(),
        Value::Array(values) => values.iter_mut().for_each(|value| redact_value("", value)),
        Value::Object(object) => object
            .iter_mut()
            .for_each(|(name, value)| redact_value(name, value)),
        Value::String(_) | Value::Number(_) => {}
    }
}

/// Words in the names of columns that hold secrets, or settings of them that are no loss.
const SECRET_WORDS: &[&str] = &[
    "pass",
    "pwd",
    "hash",
    "salt",
    "secret",
    "totp",
    "otpcode",
    "mfaverification",
    "credential",
    "digest",
    "pepper",
    "signer",
    "token",
    "activationkey",
    "securitystamp",
    "principalkey",
    // WordPress keeps anything there, also the secrets of authenticators.
    "metavalue",
    "recoverycode",
    "backupcode",
    "kennwort",
    "motdepasse",
    "contrase",
    "senha",
    "wachtwoord",
];

/// Names that have such a word and hold no secret, in lower case without separators.
const OPEN_NAMES: &[&str] = &[
    "hashingmethod",
    "hashingalgorithm",
    "passwordhasher",
    "passwordverified",
    "passwordsetdate",
    "saltformat",
    "saltposition",
];

/// Whether the name says nothing, but another shows what it is: ASP.NET Identity keeps authenticators' secrets and
/// recovery codes in `Value`, beside `LoginProvider`.
fn is_secret_beside(name: &str, names: &[String]) -> bool {
    folded(name) == "value" && names.iter().any(|other| folded(other) == "loginprovider")
}

/// Whether a value must not be shown, by the name of its column or by its looks.
pub(crate) fn is_secret(name: &str, value: &str) -> bool {
    is_secret_name(name) || looks_secret(value)
}

/// In lower case, without separators.
fn folded(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn is_secret_name(name: &str) -> bool {
    let name = folded(name);
    SECRET_WORDS.iter().any(|word| name.contains(word)) && !OPEN_NAMES.contains(&name.as_str())
}

/// Whether a text looks like a hash, wherever it stands.
fn looks_secret(text: &str) -> bool {
    let text = text.trim();
    let is_hex = || text.len() >= 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let has_prefix = || {
        [
            "$", "pbkdf2", "scrypt", "argon2", "bcrypt", "AQAAAA", "{SSHA", "{SHA",
        ]
        .iter()
        .any(|prefix| text.starts_with(prefix))
    };
    text.len() >= 13 && (has_prefix() || is_hex())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;

    fn redacted(text: &str) -> Vec<String> {
        let input = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        let (mut table, names) = Table::open(input).unwrap();
        let columns = Arc::new(Columns::new(table.delimiter(), &names));
        let mut shown = Vec::new();
        while let Some(found) = table.next().unwrap() {
            let raw = match found.row {
                Ok(row) => Raw::row(row, &columns),
                Err(broken) => Raw::beginning(broken.sound, &columns),
            };
            shown.push(raw.redacted());
        }
        shown
    }

    #[test]
    fn secret_columns_are_blanked_and_the_rest_reads_as_before() {
        let shown = redacted(
            "id,email,hashed_password,hashing_method,Salt,totp_secret\n\
             7,\"a,\"\"b\",5f4dcc3b,md5,s4lt,JBSW\n\
             8,c,,,,\n",
        );
        assert_eq!(
            shown,
            [
                "7,\"a,\"\"b\",[redacted],md5,[redacted],[redacted]",
                "8,c,,,,"
            ]
        );
    }

    #[test]
    fn a_row_is_found_by_any_of_its_values() {
        let values = |raw: &Raw, wanted: &str| {
            let values = raw.values_if_any_is(wanted)?;
            let shown = values.iter().map(|(name, value)| format!("{name}={value}"));
            Some(shown.collect::<Vec<_>>().join(" "))
        };
        let object = Raw::object(
            br#"{"id":7,"profile":{"email":"Mara@voss.example"},"hash":"x","open":true}"#,
        );
        let shown = "hash=x id=7 profile.email=Mara@voss.example";
        for wanted in ["7", "mara@VOSS.example", " x "] {
            assert_eq!(values(&object, wanted).as_deref(), Some(shown), "{wanted}");
        }
        assert_eq!(values(&object, "voss.example"), None);
        let names = ["id".to_owned(), "name".to_owned()];
        let columns = Arc::new(Columns::new(b',', &names));
        let row = Raw {
            text: "8,\"Voss, \"\"Mara\"\"\"".into(),
            form: Form::Row(columns),
        };
        let shown = "id=8 name=Voss, \"Mara\"";
        assert_eq!(values(&row, "voss, \"mara\"").as_deref(), Some(shown));
    }

    #[test]
    fn a_hash_under_a_wrong_name_is_blanked_too() {
        let shown = redacted(
            "id,nickname,extra\n1,$2b$10$abcdefghijklmnopqrstuu,641667a22c9dec5d6159b514a0d9c702\n",
        );
        assert_eq!(shown, ["1,[redacted],[redacted]"]);
    }

    #[test]
    fn tokens_are_blanked_beside_what_shows_them_to_be_tokens() {
        let shown = redacted("UserId,LoginProvider,Name,Value\n1,[x],AuthenticatorKey,JBSWY3DP\n");
        assert_eq!(shown, ["1,[x],AuthenticatorKey,[redacted]"]);
        assert_eq!(
            redacted("Name,Value\nemail,mara@voss.example\n"),
            ["email,mara@voss.example"]
        );
        let raw = Raw::object(br#"{"LoginProvider":"x","Value":"JBSWY3DP"}"#);
        assert_eq!(
            raw.redacted(),
            r#"{"LoginProvider":"x","Value":"[redacted]"}"#
        );
    }

    #[test]
    fn a_broken_row_shows_its_sound_beginning() {
        let shown = redacted("id,password,name\n1,hunter2,\"Mara\n2,\"hunter2\n");
        assert_eq!(shown, ["1,[redacted]…", "2…"]);
    }

    #[test]
    fn an_object_is_blanked_at_any_depth() {
        let text = r#"{"id":"7","password":{"hashed_password":"x"},"a":[{"passwordHash":"y","n":1}],"password_set_date":"z"}"#;
        assert_eq!(
            Raw::object(text.as_bytes()).redacted(),
            r#"{"a":[{"n":1,"passwordHash":"[redacted]"}],"id":"7","password":"[redacted]","password_set_date":"z"}"#
        );
    }

    #[test]
    fn a_malformed_object_is_cut_before_the_first_secret() {
        let raw = Raw::object(br#"{"email":"mara@voss.example","passwordHash":"x"#);
        assert_eq!(raw.redacted(), r#"{"email":"mara@voss.example","…"#);
        assert_eq!(format!("{raw:?}"), "Raw(…)");
    }
}
