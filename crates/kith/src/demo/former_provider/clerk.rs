//! What the former provider writes for those who leave Clerk: the CSV of “Export users”, column for column (Clerk docs,
//! “Export users”).

use super::hashes;
use super::people::{Account, Person, people};

/// How names are mixed in this export.
pub(super) const STRIDE: usize = 11;

const HEADER: [&str; 13] = [
    "id",
    "first_name",
    "last_name",
    "username",
    "primary_email_address",
    "primary_phone_number",
    "verified_email_addresses",
    "unverified_email_addresses",
    "verified_phone_numbers",
    "unverified_phone_numbers",
    "totp_secret",
    "password_digest",
    "password_hasher",
];

/// Everybody who signs in through Clerk. Nobody is blocked: the export doesn't say who is.
#[must_use]
pub(super) fn customers() -> Vec<Person> {
    let mut people = people("example.org", STRIDE);
    for person in &mut people {
        if person.account == Account::Blocked {
            person.account = Account::Usual;
        }
    }
    people
}

/// The table. Two rows are broken; three more are people whom the other export holds under another id.
pub(super) fn users(people: &[Person], elsewhere: &[Person]) -> String {
    let hashes = hashes::of_several_schemes();
    let mut rows: Vec<[String; 13]> = people
        .iter()
        .map(|person| row(person, &person.email, &hashes[person.password]))
        .collect();
    rows.insert(
        777,
        Row {
            id: "user_2f0Broken00000000000000001",
            email: "two@at@example.org",
            digest: "",
            hasher: "",
        }
        .into(),
    );
    rows.insert(
        1_905,
        Row {
            id: "user_2f0Broken00000000000000002",
            email: "odd.hash@example.org",
            digest: "8f14e45f",
            hasher: "homemade",
        }
        .into(),
    );
    for (index, other) in elsewhere
        .iter()
        .filter(|person| person.account == Account::Usual)
        .take(3)
        .enumerate()
    {
        let id = format!("user_2f0Twice{index:018}");
        rows.push(
            Row {
                id: &id,
                email: &other.email,
                digest: &hashes[0].digest,
                hasher: hashes[0].hasher,
            }
            .into(),
        );
    }
    written(&rows)
}

fn row(person: &Person, email: &str, hashed: &hashes::Hashed) -> [String; 13] {
    let is_verified = person.account != Account::Unverified;
    let addresses = |verified: bool| {
        if verified == is_verified {
            email.to_owned()
        } else {
            String::new()
        }
    };
    let username = if person.number % 4 == 0 {
        format!("{}_{}", person.given_name.to_lowercase(), person.number)
    } else {
        String::new()
    };
    // 07700 900000 to 900999 are kept free for drama (Ofcom), and enough for a third of the people.
    let phone = if person.number < 1_000 {
        format!("+447700900{:03}", person.number)
    } else {
        String::new()
    };
    let (digest, hasher) = if person.account.has_password() {
        (hashed.digest.clone(), hashed.hasher)
    } else {
        (String::new(), "")
    };
    [
        format!("user_2f0Demo{:019}", person.number),
        person.given_name.to_owned(),
        person.family_name.to_owned(),
        username,
        email.to_owned(),
        phone.clone(),
        addresses(true),
        addresses(false),
        phone,
        String::new(),
        String::new(),
        digest,
        hasher.to_owned(),
    ]
}

/// What matters of a row that is made by hand.
struct Row<'a> {
    id: &'a str,
    email: &'a str,
    digest: &'a str,
    hasher: &'a str,
}

impl From<Row<'_>> for [String; 13] {
    fn from(row: Row<'_>) -> Self {
        let mut cells = Self::default();
        cells[0] = row.id.to_owned();
        cells[4] = row.email.to_owned();
        cells[6] = row.email.to_owned();
        cells[11] = row.digest.to_owned();
        cells[12] = row.hasher.to_owned();
        cells
    }
}

fn written(rows: &[[String; 13]]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let outcome = writer
        .write_record(HEADER)
        .and_then(|()| rows.iter().try_for_each(|row| writer.write_record(row)));
    outcome.expect("memory takes whatever is written");
    let bytes = writer
        .into_inner()
        .expect("memory takes whatever is written");
    String::from_utf8(bytes).expect("what was written is text")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, recognized};
    use super::*;

    fn table() -> (Vec<Person>, String) {
        let people = customers();
        let table = users(&people, &super::super::auth0::customers());
        (people, table)
    }

    #[test]
    fn the_table_is_recognized() {
        assert_eq!(recognized(&table().1), ("clerk", false));
    }

    #[test]
    fn two_rows_are_refused_and_everybody_else_is_read() {
        let (people, table) = table();
        let (records, refused) = read("clerk", table);
        assert_eq!(refused, ["invalid_email", "unsupported_scheme"]);
        assert_eq!(records.len(), people.len() + 3);
    }

    #[test]
    fn only_addresses_in_the_verified_list_are_verified() {
        let (people, table) = table();
        let (records, _) = read("clerk", table);
        let is_unverified = |record: &&import::UserRecord| {
            let email = record.primary_email();
            email.is_some_and(|email| email.verified == Some(false))
        };
        let unverified = people
            .iter()
            .filter(|person| person.account == Account::Unverified);
        assert_eq!(
            records.iter().filter(is_unverified).count(),
            unverified.count()
        );
    }
}
