use std::io::Cursor;

use super::*;
use crate::problem::Problem;
use crate::source::{self, Options};

const BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";

/// Column, field and confidence of each guess, a line each.
fn guessed(text: &str) -> Vec<String> {
    let guess = guess(text.as_bytes(), None).unwrap();
    let line = |column: &Column| {
        let field = column.field.map_or("-", |field| field.name);
        format!("{} = {field} ({})", column.name, column.confidence.as_str())
    };
    guess.columns.iter().map(line).collect()
}

fn notes(text: &str) -> Vec<&'static str> {
    let guess = guess(text.as_bytes(), None).unwrap();
    guess.notes.iter().map(|note| note.code).collect()
}

#[test]
fn names_and_values_together_are_certain() {
    let text = format!(
        "user_id,E-Mail,pwd_hash,First Name,is_active,created\n\
         7,mara@voss.example,{BCRYPT},Mara,1,2024-01-15 10:30:00\n"
    );
    assert_eq!(
        guessed(&text),
        [
            "user_id = id (certain)",
            "E-Mail = email (certain)",
            "pwd_hash = hashed_password (certain)",
            "First Name = first_name (certain)",
            "is_active = active (certain)",
            "created = created_at (certain)",
        ]
    );
}

#[test]
fn other_languages_are_understood() {
    for (header, row) in [
        (
            "Kundennummer;E-Mail-Adresse;Kennwort;Vorname;Nachname;gesperrt",
            "ja",
        ),
        (
            "id;adresse e-mail;mot de passe;prénom;nom de famille;bloqué",
            "oui",
        ),
        (
            "id;correo electrónico;contraseña;nombre;apellidos;bloqueado",
            "sí",
        ),
        ("id;indirizzo email;hash;nome;cognome;bloccato", "no"),
        ("id;e-post;lösenord;förnamn;efternamn;disabled", "0"),
    ] {
        let text = format!("{header}\n1;mara@voss.example;{BCRYPT};Mara;Voss;{row}\n");
        let fields: Vec<_> = guess(text.as_bytes(), None)
            .unwrap()
            .columns
            .iter()
            .map(|column| column.taken().map_or("-", |field| field.name))
            .collect();
        let expected = [
            "id",
            "email",
            "hashed_password",
            "first_name",
            "last_name",
            "suspended",
        ];
        assert_eq!(fields, expected, "{header}");
    }
}

#[test]
fn values_tell_where_names_do_not() {
    let text = format!("a,b,c\nx,mara@voss.example,{BCRYPT}\ny,lee@liu.example,{BCRYPT}\n");
    assert_eq!(
        guessed(&text),
        [
            "a = - (none)",
            "b = email (likely)",
            "c = hashed_password (likely)"
        ]
    );
}

#[test]
fn a_name_that_its_values_belie_is_not_believed() {
    assert_eq!(
        guessed("birthday,iterations\nyes,mara\nno,lee\n"),
        ["birthday = - (none)", "iterations = - (none)"]
    );
}

#[test]
fn a_column_that_is_called_email_is_believed_against_its_values() {
    assert_eq!(
        guessed("id,email,phone\n1,mara,none\n2,lee,none\n3,liu@liu.example,+46701234567\n"),
        [
            "id = id (certain)",
            "email = email (likely)",
            "phone = phone (likely)"
        ]
    );
    // Unless another column has the addresses.
    assert_eq!(
        guessed("id,email,b\n1,yes,mara@voss.example\n2,no,lee@liu.example\n"),
        [
            "id = id (certain)",
            "email = email (unsure)",
            "b = email (likely)"
        ]
    );
}

#[test]
fn whether_an_address_is_proven_is_never_guessed_from_a_word_that_may_say_something_else() {
    for name in [
        "confirmed",
        "verified",
        "active",
        "enabled",
        "accountEnabled",
        "status",
    ] {
        let text = format!("id,email,{name}\n1,mara@voss.example,true\n");
        let guess = guess(text.as_bytes(), None).unwrap();
        let taken = guess.columns[2].taken().map(|field| field.name);
        assert_ne!(taken, Some("email_verified"), "{name}");
    }
    let named = guess(b"id,email,email_verified\n1,mara@voss.example,true\n", None).unwrap();
    assert_eq!(named.columns[2].taken().unwrap().name, "email_verified");
}

#[test]
fn an_address_of_somebody_else_is_not_theirs() {
    for name in [
        "manager_email",
        "recovery_email",
        "created_by_email",
        "billing e-mail",
        "unconfirmed_email",
    ] {
        let text = format!("id,{name}\n1,mara@voss.example\n");
        let guess = guess(text.as_bytes(), None).unwrap();
        assert_eq!(guess.columns[1].taken(), None, "{name}");
    }
}

#[test]
fn of_two_columns_that_could_be_one_field_the_better_one_is() {
    assert_eq!(
        guessed("uuid,id,email,mail\nx-1,7,mara@voss.example,m@voss.example\n"),
        [
            "uuid = id (unsure)",
            "id = id (certain)",
            "email = email (certain)",
            "mail = email (unsure)"
        ]
    );
}

#[test]
fn fields_inside_of_objects_are_found_by_their_paths() {
    let text = format!(
        r#"{{"_id":{{"$oid":"65f0c1d2"}},"emails":[{{"address":"mara@voss.example","verified":true}}],"services":{{"password":{{"bcrypt":"{BCRYPT}"}}}},"profile":{{"firstName":"Mara","lang":"sv"}},"roles":["admin"]}}"#
    );
    assert_eq!(
        guessed(&text),
        [
            "_id.$oid = id (certain)",
            "emails.0.address = email (certain)",
            "emails.0.verified = email_verified (certain)",
            "profile.firstName = first_name (likely)",
            "profile.lang = locale (likely)",
            "roles = role_key (likely)",
            "services.password.bcrypt = hashed_password (likely)",
        ]
    );
}

#[test]
fn hashes_that_do_not_say_how_they_were_made_are_noted() {
    let md5 = "id,email,passwd\n1,mara@voss.example,a3c68e193330b110c76ba1a5098cc64c\n";
    assert!(notes(md5).contains(&Note::HASH_NEEDS_METHOD));
    let named = "id,email,passwd,algo\n1,mara@voss.example,a3c68e193330b110c76ba1a5098cc64c,md5\n";
    assert!(!notes(named).contains(&Note::HASH_NEEDS_METHOD));
    let plain = "id,email,password\n1,mara@voss.example,Correct-Horse_42\n";
    assert!(notes(plain).contains(&Note::PLAIN_PASSWORDS));
    assert_eq!(notes("size,color\n1,red\n"), [Note::NO_IDENTIFIER]);
}

#[test]
fn a_sample_shows_no_secret() {
    let text = format!("mail,x,salt\nmara@voss.example,{BCRYPT},abc\n");
    let samples: Vec<_> = guess(text.as_bytes(), None)
        .unwrap()
        .columns
        .into_iter()
        .flat_map(|column| column.samples)
        .collect();
    assert_eq!(samples, ["mara@voss.example", "[redacted]", "[redacted]"]);
}

#[test]
fn a_mapping_is_lines_and_tables_for_what_is_no_column() {
    let json = serde_json::json!({
        "E-Mail": "email",
        "constants": {"hashing_method": "md5"},
        "columns": {"kw": "hashed_password"},
        "dates": {"seit": "d/m/y"},
        "format": {"separator": "pipe"},
        "files": {"logins.csv": {"kennung": "username", "dates": {"zuletzt": "seconds"}}}
    });
    let map: MapFile = serde_json::from_value(json).unwrap();
    assert_eq!(map.all.columns["E-Mail"], "email");
    assert_eq!(map.all.columns["kw"], "hashed_password");
    assert_eq!(map.all.constants["hashing_method"], "md5");
    assert_eq!(map.all.dates["seit"], DateFormat::DayFirst);
    assert_eq!(map.all.separator, Some(Separator::Pipe));
    let logins = map.files["logins.csv"].over(&map.all);
    assert_eq!(logins.columns["kennung"], "username");
    assert_eq!(logins.columns["E-Mail"], "email");
    assert_eq!(logins.dates["zuletzt"], DateFormat::Seconds);
    assert_eq!(logins.separator, Some(Separator::Pipe));
    for (wrong, reason) in [
        (
            serde_json::json!({"rows": {"a": "b"}}),
            "[rows] is no table",
        ),
        (
            serde_json::json!({"dates": {"a": "dmy"}}),
            "no form of dates",
        ),
        (
            serde_json::json!({"format": {"separator": "#"}}),
            "no separator",
        ),
        (
            serde_json::json!({"format": {"quote": "\""}}),
            "[format] has no quote",
        ),
        (
            serde_json::json!({"files": {"a.csv": "email"}}),
            "[files.\"NAME\"]",
        ),
    ] {
        let error = serde_json::from_value::<MapFile>(wrong).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    // Columns may be called as the tables are.
    let json = serde_json::json!({"files": "property", "dates": "ignore"});
    let map: MapFile = serde_json::from_value(json).unwrap();
    assert_eq!(map.all.columns.len(), 2);
}

/// What the only row of a table with one date is, and the codes of what is to be checked.
fn dated(values: &[&str]) -> (Option<Dates>, Vec<&'static str>) {
    let rows: Vec<_> = values
        .iter()
        .map(|value| format!("a@voss.example|x|{value}\n"))
        .collect();
    let text = format!("email|email_verified|created\n{}", rows.concat());
    let guess = guess(text.as_bytes(), None).unwrap();
    assert_eq!(guess.separator(), Some(Separator::Pipe));
    let column = &guess.columns[2];
    assert_eq!(
        column.taken().map(|field| field.name),
        Some("created_at"),
        "{values:?}"
    );
    assert!(column.has_dates());
    let codes = guess.notes.iter().map(|note| note.code);
    (
        column.dates,
        codes
            .filter(|code| *code == Note::AMBIGUOUS_DATES)
            .collect(),
    )
}

#[test]
fn the_form_of_dates_is_seen_in_all_values_or_asked_for() {
    let day = Some(Dates::Are(DateFormat::DayFirst));
    assert_eq!(dated(&["03/04/2021", "25/04/2021"]), (day, vec![]));
    assert_eq!(
        dated(&["03/04/2021", "12/11/2021"]),
        (Some(Dates::Ambiguous), vec![Note::AMBIGUOUS_DATES])
    );
}

#[test]
fn who_says_in_which_form_the_dates_are_is_not_asked_again() {
    let mut guess = guess(b"email,created\na@voss.example,03/04/2021\n", None).unwrap();
    let asks = |guess: &Guess| {
        let mut notes = guess.notes.iter();
        notes.any(|note| note.code == Note::AMBIGUOUS_DATES)
    };
    assert!(asks(&guess));
    let ignored = Mapping {
        columns: BTreeMap::from([("created".to_owned(), "ignore".to_owned())]),
        ..Mapping::default()
    };
    let mut not_taken = guess.clone();
    not_taken.decide(&ignored);
    assert!(!asks(&not_taken));
    let decided = Mapping {
        dates: BTreeMap::from([("Created".to_owned(), DateFormat::MonthFirst)]),
        ..Mapping::default()
    };
    guess.decide(&decided);
    assert!(!asks(&guess));
    assert_eq!(guess.columns[1].decided_dates, Some(DateFormat::MonthFirst));
}

#[test]
fn a_separator_is_counted_outside_of_quotes_and_can_be_said() {
    let text = b"\"Name, whole, with title\";E-Mail\n\"Voss, Mara, Dr\";mara@voss.example\n";
    let guessed = guess(text, None).unwrap();
    assert_eq!(guessed.separator(), Some(Separator::Semicolon));
    assert_eq!(guessed.columns.len(), 2);
    let said = guess(
        b"a,b,c|email\nx,y,z|mara@voss.example\n",
        Some(Separator::Pipe),
    )
    .unwrap();
    assert_eq!(said.columns[1].taken().unwrap().name, "email");
    assert_eq!(said.columns.len(), 2);
}

/// When each person of a table of one's own was made, and why not.
fn made_at(text: &str, options: &Options) -> Vec<String> {
    let source = source::find("csv").unwrap();
    let reader = source::open(source, Cursor::new(text.as_bytes().to_vec()), options).unwrap();
    let shown = |row: Result<source::Row, Problem>| {
        let row = row.unwrap();
        match row.record.created_at {
            Some(at) => jiff::Timestamp::from_millisecond(at).unwrap().to_string(),
            None => row.warnings[0].reason.clone(),
        }
    };
    reader.map(shown).collect()
}

#[test]
fn dates_are_read_as_their_column_shows_or_as_somebody_says() {
    let table = |first: &str, second: &str| {
        format!("email;created\na@voss.example;{first}\nb@voss.example;{second}\n")
    };
    let none = Options::default();
    assert_eq!(
        made_at(&table("03/04/2021", "25/04/2021"), &none),
        ["2021-04-03T00:00:00Z", "2021-04-25T00:00:00Z"]
    );
    assert_eq!(
        made_at(&table("20210403", "20210425"), &none),
        ["2021-04-03T00:00:00Z", "2021-04-25T00:00:00Z"]
    );
    let asked = made_at(&table("03/04/2021", "04/05/2021"), &none);
    assert!(
        asked.iter().all(|reason| reason.contains("d/m/y or m/d/y")),
        "{asked:?}"
    );
    let said = |format: &str| Options {
        dates: BTreeMap::from([("Created".to_owned(), format.parse().unwrap())]),
        ..Options::default()
    };
    assert_eq!(
        made_at(&table("03/04/2021", "04/05/2021"), &said("m/d/y")),
        ["2021-03-04T00:00:00Z", "2021-04-05T00:00:00Z"]
    );
    // Even against what was seen: these are milliseconds of a day in January 1970.
    assert_eq!(
        made_at(&table("1617408000", "1617408000"), &said("milliseconds"))[0],
        "1970-01-19T17:16:48Z"
    );
}

#[test]
fn a_separator_that_somebody_says_is_read_by() {
    let text = "a,b,c|email|created\nx,y,z|mara@voss.example|1617408000\n";
    let options = Options {
        separator: Some(Separator::Pipe),
        ..Options::default()
    };
    assert_eq!(made_at(text, &options), ["2021-04-03T00:00:00Z"]);
}

#[test]
fn columns_decided_for_several_files_are_passed_over_where_they_are_not() {
    let text = "wer,E-Mail\nmara,mara@voss.example\n";
    let columns = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, field)| ((*name).to_owned(), (*field).to_owned()))
            .collect()
    };
    let opened = |options: &Options| {
        let source = source::find("csv").unwrap();
        source::open(source, Cursor::new(text.as_bytes()), options).map(|reader| {
            let rows: Vec<_> = reader.map(Result::unwrap).collect();
            rows[0].record.given_name.clone()
        })
    };
    let shared = Options {
        shared_columns: columns(&[("wer", "first_name"), ("Kennung", "username")]),
        ..Options::default()
    };
    assert_eq!(opened(&shared).unwrap().as_deref(), Some("mara"));
    // What is said of the file itself goes before it.
    let own = Options {
        columns: columns(&[("Wer", "ignore")]),
        ..shared
    };
    assert_eq!(opened(&own).unwrap(), None);
    let wrong = Options {
        columns: columns(&[("Kennung", "username")]),
        ..Options::default()
    };
    assert_eq!(opened(&wrong).unwrap_err().code(), "unusable_mapping");
}
