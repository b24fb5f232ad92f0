//! What the columns of people's own files mean: seen, corrected, tried.

use serde::Serialize;

use super::{NoteRow, RunHead, RunState, SampleRow};
use crate::pages::{Choice, Message, Page, Problems};

/// A column of the file.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnRow {
    /// The name of its control.
    pub control: String,
    /// Its name in the file, or the path of a JSON field.
    pub name: String,
    /// Its first values, each blanked where it is a secret.
    pub samples: Vec<String>,
    /// The name of the field that it seems to be; none where nothing tells.
    pub guessed: Option<&'static str>,
    /// How sure that is: `certain`, `likely`, `unsure` or `none`.
    pub confidence: &'static str,
    /// Why.
    pub why: String,
    /// The name of the field as which it is read: `ignore` where it is not taken.
    pub chosen: String,
    /// In which form its dates are, where it may have dates.
    pub dates: Option<DatesField>,
    /// What is wrong with that.
    pub error: Option<String>,
}

/// In which form the dates of a column are.
#[derive(Debug, Clone, Serialize)]
pub struct DatesField {
    /// The name of its control.
    pub control: String,
    /// What is done where nobody says it.
    pub seen: Message,
    /// The name of the form that was decided; empty where none was.
    pub value: &'static str,
}

/// A form of dates.
#[derive(Debug, Clone, Serialize)]
pub struct DateFormatRow {
    /// Its name in mapping files.
    pub name: &'static str,
    /// A date in it.
    pub example: &'static str,
}

/// What separates the cells of a table.
#[derive(Debug, Clone, Serialize)]
pub struct SeparatorField {
    /// The name of its control.
    pub control: String,
    /// The name of what tells under which separator the columns are shown.
    pub shown: String,
    /// The name of the separator.
    pub value: &'static str,
    /// The separators that there are.
    pub choices: Vec<Choice>,
}

/// A file, and its columns.
#[derive(Debug, Clone, Serialize)]
pub struct FileRow {
    /// Its name.
    pub name: String,
    /// How many of its rows were looked at.
    pub n_rows: u64,
    /// What separates its cells; none where it holds JSON.
    pub separator: Option<SeparatorField>,
    /// What to know before trusting the guess.
    pub notes: Vec<String>,
    /// The columns, in their order.
    pub columns: Vec<ColumnRow>,
}

/// A field that a column may be.
#[derive(Debug, Clone, Serialize)]
pub struct FieldRow {
    /// Its name in mapping files.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
}

/// Something that all rows have, unless they say otherwise.
#[derive(Debug, Clone, Serialize)]
pub struct ConstantField {
    /// The field's name.
    pub field: &'static str,
    /// What it is.
    pub label: Message,
    /// What it may be; empty where it is typed.
    pub values: Vec<&'static str>,
    /// What it is now; empty where rows say it themselves.
    pub value: String,
}

/// The mapping editor.
#[derive(Debug, Clone, Serialize)]
pub struct MappingPage {
    /// Its head.
    pub head: RunHead,
    /// Where the form posts; `do` says what it is for: `preview`, `download`, `apply`.
    pub action: String,
    /// The files, in the order in which they came.
    pub files: Vec<FileRow>,
    /// The forms of dates that there are.
    pub date_formats: Vec<DateFormatRow>,
    /// The fields that there are.
    pub fields: Vec<FieldRow>,
    /// What all rows may have in common.
    pub constants: Vec<ConstantField>,
    /// Whether a formula of the hashes is set. It may hold a secret, so it is not shown.
    pub has_formula: bool,
    /// People of the first rows.
    pub people: Vec<SampleRow>,
    /// First rows that would be refused.
    pub refused: Vec<NoteRow>,
    /// What is wrong with the form as a whole.
    pub problems: Problems,
}

impl Page for MappingPage {
    const TEMPLATE: &'static str = "admin/imports/mapping.html";

    fn sample() -> Self {
        let column = |number: u8, name: &str, value: &str, guessed, confidence| ColumnRow {
            control: format!("c0-{number}"),
            name: name.to_owned(),
            samples: vec![value.to_owned()],
            guessed,
            confidence,
            why: "its name says so".to_owned(),
            chosen: guessed
                .filter(|_| confidence != "unsure")
                .unwrap_or("ignore")
                .to_owned(),
            dates: None,
            error: None,
        };
        let separator = |value: &'static str, label| Choice {
            value,
            label: Message::new(label),
            is_current: value == "semicolon",
        };
        let constant = |field, label, values: &[&'static str]| ConstantField {
            field,
            label: Message::new(label),
            values: values.to_vec(),
            value: String::new(),
        };
        Self {
            head: RunHead::sample(RunState::Ready, "/columns"),
            action: "/admin/users/imports/imp_0193/columns".to_owned(),
            files: vec![FileRow {
                name: "kunden.csv".to_owned(),
                n_rows: 200,
                separator: Some(SeparatorField {
                    control: "s0".to_owned(),
                    shown: "u0".to_owned(),
                    value: "semicolon",
                    choices: vec![separator("comma", "import-map-separator-comma"), separator("semicolon", "import-map-separator-semicolon")],
                }),
                notes: vec![
                    "nothing says which addresses are proven; each person proves theirs by a code at the first sign-in"
                        .to_owned(),
                ],
                columns: vec![
                    column(0, "Kundennummer", "1042", Some("id"), "likely"),
                    column(1, "E-Mail-Adresse", "ada@example.com", Some("email"), "certain"),
                    column(2, "kennung", "[redacted]", Some("hashed_password"), "likely"),
                    column(3, "aktiv", "ja", Some("active"), "unsure"),
                    ColumnRow {
                        dates: Some(DatesField {
                            control: "d0-4".to_owned(),
                            seen: Message::new("import-map-dates-which"),
                            value: "",
                        }),
                        ..column(4, "angelegt", "03/04/2021", Some("created_at"), "certain")
                    },
                    ColumnRow {
                        why: "neither its name nor its values tell what it is".to_owned(),
                        ..column(5, "Firma", "Voss AB", None, "none")
                    },
                ],
            }],
            date_formats: vec![
                DateFormatRow { name: "d/m/y", example: "31/12/2024" },
                DateFormatRow { name: "m/d/y", example: "12/31/2024" },
            ],
            fields: vec![
                FieldRow { name: "id", about: "The id in the former system." },
                FieldRow { name: "email", about: "An e-mail address." },
                FieldRow { name: "hashed_password", about: "The hash of the password." },
                FieldRow { name: "active", about: "Whether the account is open." },
                FieldRow { name: "created_at", about: "When the account was made." },
                FieldRow { name: "property", about: "Something else to remember." },
            ],
            constants: vec![
                constant("hashing_method", "import-map-hashing-method", &["bcrypt", "md5"]),
                constant("salt_position", "import-map-salt-position", &["prefix", "suffix"]),
                constant("iterations", "import-map-iterations", &[]),
            ],
            has_formula: false,
            people: vec![SampleRow::sample()],
            refused: vec![NoteRow::sample()],
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let mut wrong = Self {
            problems: Problems::overall(
                Message::new("import-map-problem").with("column", "kennung"),
            ),
            people: Vec::new(),
            refused: Vec::new(),
            ..Self::sample()
        };
        let blamed = &mut wrong.files[0].columns[2];
        "id".clone_into(&mut blamed.chosen);
        blamed.error = Some("another column is id already; keep one of them".to_owned());
        let sample = Self::sample();
        let second = FileRow {
            name: "logins.json".to_owned(),
            separator: None,
            notes: Vec::new(),
            columns: vec![ColumnRow {
                control: "c1-0".to_owned(),
                ..sample.files[0].columns[0].clone()
            }],
            ..sample.files[0].clone()
        };
        let several = Self {
            files: [sample.files, vec![second]].concat(),
            has_formula: true,
            ..Self::sample()
        };
        vec![("wrong", wrong), ("several", several)]
    }
}
