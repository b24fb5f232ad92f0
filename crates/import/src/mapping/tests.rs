use super::*;

const BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";

/// Column, field and confidence of each guess, a line each.
fn guessed(text: &str) -> Vec<String> {
    let guess = guess(text.as_bytes()).unwrap();
    let line = |column: &Column| {
        let field = column.field.map_or("-", |field| field.name);
        format!("{} = {field} ({})", column.name, column.confidence.as_str())
    };
    guess.columns.iter().map(line).collect()
}

fn notes(text: &str) -> Vec<&'static str> {
    let guess = guess(text.as_bytes()).unwrap();
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
        let fields: Vec<_> = guess(text.as_bytes())
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
        let guess = guess(text.as_bytes()).unwrap();
        let taken = guess.columns[2].taken().map(|field| field.name);
        assert_ne!(taken, Some("email_verified"), "{name}");
    }
    let named = guess(b"id,email,email_verified\n1,mara@voss.example,true\n").unwrap();
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
        let guess = guess(text.as_bytes()).unwrap();
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
    let samples: Vec<_> = guess(text.as_bytes())
        .unwrap()
        .columns
        .into_iter()
        .flat_map(|column| column.samples)
        .collect();
    assert_eq!(samples, ["mara@voss.example", "[redacted]", "[redacted]"]);
}

#[test]
fn a_mapping_is_lines_and_a_table_of_constants() {
    let json = serde_json::json!({
        "E-Mail": "email",
        "constants": {"hashing_method": "md5"},
        "columns": {"kw": "hashed_password"}
    });
    let mapping: Mapping = serde_json::from_value(json).unwrap();
    assert_eq!(mapping.columns["E-Mail"], "email");
    assert_eq!(mapping.columns["kw"], "hashed_password");
    assert_eq!(mapping.constants["hashing_method"], "md5");
    let wrong = serde_json::json!({"rows": {"a": "b"}});
    assert!(serde_json::from_value::<Mapping>(wrong).is_err());
}
