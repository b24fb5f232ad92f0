//! What was guessed and decided of people's own files, as a file to correct: `kith import --map` reads it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use import::mapping::{self, Confidence, DateFormat, Dates, Guess};

use super::FileColumns;

/// Guesses, with what was decided, as a file to correct: what is taken, and what is not as comments. One file needs no name
/// in it; of several, each has its own tables.
#[must_use]
pub fn map_file(files: &[FileColumns], constants: &BTreeMap<String, String>) -> String {
    let mut text = String::from(
        "# Columns by their names in the file, and the fields that they are; \"ignore\" takes one out.\n# Fields: ",
    );
    let names: Vec<&str> = mapping::FIELDS.iter().map(|field| field.name).collect();
    text.push_str(&names.join(", "));
    text.push_str(".\n");
    if let [file] = files {
        text.push('\n');
        push_columns(&mut text, &file.guess);
        push_constants(&mut text, constants);
        push_tables(&mut text, "", &file.guess);
    } else {
        push_constants(&mut text, constants);
        for file in files {
            let of_file = format!("files.{}", quoted(&file.name));
            let _ = writeln!(text, "\n[{of_file}]");
            push_columns(&mut text, &file.guess);
            push_tables(&mut text, &format!("{of_file}."), &file.guess);
        }
    }
    text
}

/// A name as a key of TOML, whose strings on one line are those of JSON.
fn quoted(name: &str) -> serde_json::Value {
    serde_json::Value::from(name)
}

fn push_columns(text: &mut String, guess: &Guess) {
    for column in &guess.columns {
        let name = quoted(&column.name);
        let _ = match (column.field, column.confidence) {
            (Some(field), Confidence::Certain | Confidence::Likely) => {
                writeln!(text, "{name} = \"{}\"", field.name)
            }
            (Some(field), _) => {
                writeln!(text, "# {name} = \"{}\"  # {}", field.name, column.why)
            }
            (None, _) => writeln!(text, "# {name} = \"property\"  # {}", column.why),
        };
    }
    for note in &guess.notes {
        let _ = writeln!(text, "\n# {}", note.reason);
    }
}

fn push_constants(text: &mut String, constants: &BTreeMap<String, String>) {
    text.push_str("\n# What all rows have, unless they say otherwise.\n[constants]\n");
    if constants.is_empty() {
        text.push_str("# hashing_method = \"bcrypt\"\n");
    }
    for (field, value) in constants {
        let _ = writeln!(text, "{} = {}", quoted(field), quoted(value));
    }
}

/// The form of the dates, and what separates the cells.
fn push_tables(text: &mut String, of_file: &str, guess: &Guess) {
    let mut lines = String::new();
    for column in guess.columns.iter().filter(|column| column.has_dates()) {
        let name = quoted(&column.name);
        let _ = match (column.decided_dates, column.dates) {
            (Some(format), _) | (None, Some(Dates::Are(format))) => {
                writeln!(lines, "{name} = \"{format}\"")
            }
            (None, Some(Dates::Ambiguous)) => {
                writeln!(
                    lines,
                    "# {name} = \"d/m/y\"  # or m/d/y: the values don't tell"
                )
            }
            (None, Some(Dates::Mixed)) => {
                writeln!(
                    lines,
                    "# {name} = \"d/m/y\"  # the values are in several forms"
                )
            }
            (None, None) => writeln!(lines, "# {name} = \"iso\""),
        };
    }
    if !lines.is_empty() {
        let formats: Vec<&str> = DateFormat::ALL
            .iter()
            .map(|format| format.as_str())
            .collect();
        let formats = formats.join(", ");
        let _ = write!(
            text,
            "\n# The form of dates: {formats}.\n[{of_file}dates]\n{lines}"
        );
    }
    if let Some(separator) = guess.separator() {
        let _ = write!(
            text,
            "\n# What separates the cells: comma, semicolon, tab or pipe.\n[{of_file}format]\nseparator = \"{separator}\"\n"
        );
    }
}

#[cfg(test)]
mod tests {
    use import::mapping::{MapFile, Mapping, Separator};

    use super::*;

    fn file(name: &str, text: &str) -> FileColumns {
        FileColumns {
            name: name.to_owned(),
            guess: mapping::guess(text.as_bytes(), None).unwrap(),
        }
    }

    const TABLE: &str = "Nr.;E-Mail;a \"b\";created\n1;mara@voss.example;x;25/03/2021\n";

    #[test]
    fn a_map_file_reads_back_as_what_was_decided() {
        let mut file = file("kunden.csv", TABLE);
        let decided = Mapping {
            columns: BTreeMap::from([
                ("a \"b\"".to_owned(), "property".to_owned()),
                ("Nr.".to_owned(), "ignore".to_owned()),
            ]),
            ..Mapping::default()
        };
        file.guess.decide(&decided);
        let constants = BTreeMap::from([("hashing_method".to_owned(), "md5".to_owned())]);
        let text = map_file(&[file], &constants);
        let read: MapFile = toml::from_str(&text).unwrap();
        assert_eq!(read.all.constants, constants);
        assert_eq!(read.all.columns["a \"b\""], "property");
        assert_eq!(read.all.columns["Nr."], "ignore");
        assert_eq!(read.all.columns["E-Mail"], "email");
        assert_eq!(read.all.dates["created"], DateFormat::DayFirst);
        assert_eq!(read.all.separator, Some(Separator::Semicolon));
        assert!(read.files.is_empty());
    }

    #[test]
    fn several_files_have_their_own_tables() {
        let logins = "login,created\nmara_v,03/04/2021\n";
        let files = [file("a \"b\".csv", TABLE), file("logins.csv", logins)];
        let text = map_file(&files, &BTreeMap::new());
        let read: MapFile = toml::from_str(&text).unwrap();
        assert_eq!(read.all, Mapping::default());
        let first = &read.files["a \"b\".csv"];
        assert_eq!(first.columns["E-Mail"], "email");
        assert_eq!(first.separator, Some(Separator::Semicolon));
        let second = &read.files["logins.csv"];
        assert_eq!(second.columns["login"], "login");
        assert_eq!(second.separator, Some(Separator::Comma));
        // Nobody knows yet.
        assert!(second.dates.is_empty() && text.contains("# \"created\" = \"d/m/y\""));
    }
}
