//! What can be wrong: with a row ([`Problem`]), a little ([`Warning`]), or with a whole file ([`FileError`]).
//!
//! Each has a code that stays the same for ever, for programs, and a sentence that says what to do, for people.
//! Neither ever holds a hash, a salt or a secret.

use std::fmt;

use crate::plan::Conflict;
use crate::raw::Raw;

/// A stable name for what is wrong with a row: a constant below, or the code of a [`password::ParseError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProblemCode(pub(crate) &'static str);

impl ProblemCode {
    /// A quote that is opened and not closed, or more or fewer cells than the header has.
    pub const MALFORMED_ROW: Self = Self("malformed_row");
    /// A line or element that is not one JSON object.
    pub const MALFORMED_JSON: Self = Self("malformed_json");
    /// A row of more than 1 MiB.
    pub const ROW_TOO_LONG: Self = Self("row_too_long");
    /// Bytes that are not UTF-8.
    pub const INVALID_ENCODING: Self = Self("invalid_encoding");
    /// The file could not be read any further: nothing comes after this problem.
    pub const UNREADABLE_FILE: Self = Self("unreadable_file");
    /// Text that is too long, or has control characters.
    pub const INVALID_TEXT: Self = Self("invalid_text");
    /// A JSON value of another type than the field has.
    pub const INVALID_FIELD: Self = Self("invalid_field");
    /// Not an e-mail address.
    pub const INVALID_EMAIL: Self = Self("invalid_email");
    /// Not a phone number in international form.
    pub const INVALID_PHONE: Self = Self("invalid_phone");
    /// Not a username.
    pub const INVALID_USERNAME: Self = Self("invalid_username");
    /// Neither true nor false.
    pub const INVALID_BOOLEAN: Self = Self("invalid_boolean");
    /// Not a point in time.
    pub const INVALID_DATE: Self = Self("invalid_date");
    /// Not an authenticator secret.
    pub const INVALID_TOTP: Self = Self("invalid_totp");
    /// An organization without a name.
    pub const MISSING_NAME: Self = Self("missing_name");
    /// Not a recovery code.
    pub const INVALID_RECOVERY_CODE: Self = Self("invalid_recovery_code");
    /// Not a passkey.
    pub const INVALID_PASSKEY: Self = Self("invalid_passkey");
    /// A passkey that browsers will not offer where people sign in from now on.
    pub const PASSKEY_ELSEWHERE: Self = Self("passkey_elsewhere");
    /// Not a language tag.
    pub const INVALID_LOCALE: Self = Self("invalid_locale");
    /// No id, e-mail address, phone number, username or account elsewhere.
    pub const MISSING_IDENTIFIER: Self = Self("missing_identifier");
    /// A password, and nothing to type beside it.
    pub const PASSWORD_WITHOUT_IDENTITY: Self = Self("password_without_identity");
    /// A hashing method that nothing here can verify.
    pub const UNSUPPORTED_HASH: Self = Self("unsupported_hash");
    /// A hash that only the provider which made it can check.
    pub const UNSUPPORTED_SCHEME: Self = Self("unsupported_scheme");
    /// In the place of a hash, a marker for having no password.
    pub const NO_PASSWORD: Self = Self("no_password");
    /// A value without which the hash cannot be verified.
    pub const MISSING_PARAMETER: Self = Self("missing_parameter");
    /// A way to sign in that cannot be carried over.
    pub const UNSUPPORTED_IDENTITY: Self = Self("unsupported_identity");
    /// No organization has the external id.
    pub const UNKNOWN_ORGANIZATION: Self = Self("unknown_organization");
    /// No role has the key.
    pub const UNKNOWN_ROLE: Self = Self("unknown_role");
    /// No permission has the key.
    pub const UNKNOWN_PERMISSION: Self = Self("unknown_permission");
    /// Something in the row that cannot be carried over.
    pub const NOT_IMPORTED: Self = Self("not_imported");
    /// A row about somebody whom nobody wants to carry over, such as an account that was deleted over there.
    pub const SKIPPED: Self = Self("skipped");

    /// Somebody has the same address without what stands after a plus sign.
    pub const SIMILAR_ADDRESS: Self = Self("similar_address");

    /// A further code, for what only whoever writes the records can find wrong, such as a role that does not exist.
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self(code)
    }

    /// The code's text, `invalid_email`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The code for a hash that cannot be taken.
    pub(crate) fn of_hash(error: &password::ParseError) -> Self {
        match error.code() {
            "unknown_scheme" => Self::UNSUPPORTED_HASH,
            code => Self(code),
        }
    }
}

impl fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A row that was refused, with enough to find and mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which record of the file, from 1, the header not counted.
    pub number: u64,
    /// The line where the record begins, from 1.
    pub line: u64,
    /// The column's name, or the path of a JSON field, where one is to blame.
    pub column: Option<String>,
    /// The stable code.
    pub code: ProblemCode,
    /// What is wrong and what to do, in a sentence without the offending value.
    pub reason: String,
    /// The row, secrets blanked, cut at 8 KiB.
    pub row: String,
}

impl Problem {
    pub(crate) fn new(number: u64, line: u64, refusal: Refusal, raw: &Raw) -> Self {
        Self {
            number,
            line,
            column: refusal.column,
            code: refusal.code,
            reason: refusal.reason,
            row: raw.redacted(),
        }
    }

    /// The problem of a row that could be read and met a conflict with the people here.
    #[must_use]
    pub fn of_conflict(number: u64, line: u64, conflict: Conflict, raw: &Raw) -> Self {
        let refusal = Refusal {
            column: conflict.column.map(str::to_owned),
            code: conflict.code,
            reason: conflict.reason,
        };
        Self::new(number, line, refusal, raw)
    }

    /// Whether the row was left alone on purpose: a thing to know and nothing to mend.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        self.code == ProblemCode::SKIPPED
    }

    /// The problem that ends a file.
    pub(crate) fn unreadable(number: u64, line: u64, error: &FileError) -> Self {
        let reason = match error {
            FileError::Unreadable(cause) => {
                format!("the file cannot be read beyond here ({cause}); export or upload it again")
            }
            error => error.to_string(),
        };
        Self {
            number,
            line,
            column: None,
            code: ProblemCode::UNREADABLE_FILE,
            reason,
            row: String::new(),
        }
    }

    /// Whether reading ended here because the file itself gave out, so that later rows were never seen.
    #[must_use]
    pub fn ends_file(&self) -> bool {
        self.code == ProblemCode::UNREADABLE_FILE
    }
}

/// Something in a row that was not taken, while the rest of it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The column's name, or the path of a JSON field, where one is to blame.
    pub column: Option<String>,
    /// The stable code.
    pub code: ProblemCode,
    /// What was left out, and why.
    pub reason: String,
}

/// Why a row cannot be taken, before its place in the file is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) column: Option<String>,
    pub(crate) code: ProblemCode,
    pub(crate) reason: String,
}

impl Refusal {
    pub(crate) fn new(code: ProblemCode, reason: impl fmt::Display) -> Self {
        Self {
            column: None,
            code,
            reason: reason.to_string(),
        }
    }

    pub(crate) fn at(column: &str, code: ProblemCode, reason: impl fmt::Display) -> Self {
        Self {
            column: Some(column.to_owned()),
            code,
            reason: reason.to_string(),
        }
    }
}

impl Refusal {
    /// Leaves a row alone on purpose; `reason` says why.
    pub(crate) fn skipped(reason: &str) -> Self {
        Self::new(ProblemCode::SKIPPED, reason)
    }

    /// The same about an element of a list: `identity` becomes `identities[0].identity`.
    pub(crate) fn within(mut self, list: &str, index: usize) -> Self {
        self.column = Some(match self.column {
            Some(column) => format!("{list}[{index}].{column}"),
            None => format!("{list}[{index}]"),
        });
        self
    }
}

impl From<Refusal> for Warning {
    fn from(refusal: Refusal) -> Self {
        Self {
            column: refusal.column,
            code: refusal.code,
            reason: refusal.reason,
        }
    }
}

/// Why nothing of a file can be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Nothing in it, or only blank lines.
    #[error("the file is empty; export it again")]
    Empty,
    /// Bytes that are neither UTF-8 nor UTF-16 with a byte order mark.
    #[error(
        "line {line} is not UTF-8 text; save the file as UTF-8, or as UTF-16 with a byte order mark"
    )]
    UnsupportedEncoding {
        /// The line of the first such byte, from 1.
        line: u64,
    },
    /// A file in a form that is known and not read: what it is, and what to do.
    #[error("the file is {0}")]
    ForeignForm(&'static str),
    /// A header with an unclosed quote, without names, or with two columns of one meaning.
    #[error("the header line cannot be used: {0}")]
    MalformedHeader(String),
    /// A column without which no row can be taken.
    #[error("the header has no column {0}; add it, or choose another source")]
    MissingColumn(&'static str),
    /// The first row or the header is longer than 1 MiB.
    #[error("the first line is longer than 1 MiB; check that this is the export file")]
    TooLong,
    /// Content that no source recognizes.
    #[error(
        "no source is known that writes {saw}; name the source, or rename the columns to those of kinde-csv"
    )]
    UnknownSource {
        /// The columns or keys at the start.
        saw: String,
    },
    /// A mapping by hand that names a column the file does not have, or a field that the source does not know.
    #[error("the mapping of {column} cannot be used: {reason}")]
    UnusableMapping {
        /// The column as the mapping names it.
        column: String,
        /// What to change.
        reason: String,
    },
    /// The file has passwords, which need parameters of the former project that were not given, or are wrong.
    #[error(
        "the passwords cannot be checked without parameters of the former project{}: {reason}; \
         give each as a hash parameter, `--hash-param name=value`",
        missing_ones(.missing)
    )]
    HashParameters {
        /// Those that are missing, in a list; blank if one is wrong.
        missing: String,
        /// What is wrong with the first.
        reason: String,
    },
    /// The file could not be opened or unpacked.
    #[error("the file cannot be read")]
    Unreadable(#[from] std::io::Error),
}

impl FileError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty_file",
            Self::UnsupportedEncoding { .. } => "unsupported_encoding",
            Self::ForeignForm(_) => "unsupported_form",
            Self::MalformedHeader(_) => "malformed_header",
            Self::MissingColumn(_) => "missing_column",
            Self::TooLong => "row_too_long",
            Self::UnknownSource { .. } => "unknown_source",
            Self::UnusableMapping { .. } => "unusable_mapping",
            Self::HashParameters { .. } => "hash_parameters",
            Self::Unreadable(_) => "unreadable_file",
        }
    }
}

fn missing_ones(missing: &str) -> String {
    if missing.is_empty() {
        String::new()
    } else {
        format!(" ({missing})")
    }
}
