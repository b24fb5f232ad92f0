//! What the former provider writes for those who leave Clerk: the CSV of “Export users”, column for column (Clerk docs,
//! “Export users”).

use super::hashes::{self, Hashed};
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
    let mut rows: Vec<Row> = people
        .iter()
        .map(|person| Row::of(person, &hashes[person.password]))
        .collect();
    let two_ats = Row::bare("user_2f0Broken00000000000000001", "two@at@example.org");
    rows.insert(777, two_ats);
    let homemade = Row {
        digest: "8f14e45f",
        hasher: "homemade",
        ..Row::bare("user_2f0Broken00000000000000002", "odd.hash@example.org")
    };
    rows.insert(1_905, homemade);
    let usual = elsewhere
        .iter()
        .filter(|person| person.account == Account::Usual);
    for (index, other) in usual.take(3).enumerate() {
        rows.push(Row {
            digest: &hashes[0].digest,
            hasher: hashes[0].hasher,
            ..Row::bare(&format!("user_2f0Twice{index:018}"), &other.email)
        });
    }
    written(&rows)
}

/// A row before it is spread over its columns.
#[derive(Default)]
struct Row<'a> {
    id: String,
    given_name: &'a str,
    family_name: &'a str,
    username: String,
    email: String,
    is_verified: bool,
    phone: String,
    digest: &'a str,
    hasher: &'a str,
}

impl<'a> Row<'a> {
    /// Somebody of whom little is known.
    fn bare(id: &str, email: &str) -> Self {
        Self {
            id: id.to_owned(),
            email: email.to_owned(),
            is_verified: true,
            ..Self::default()
        }
    }

    fn of(person: &Person, hashed: &'a Hashed) -> Self {
        let mut row = Self {
            given_name: person.given_name,
            family_name: person.family_name,
            is_verified: person.account != Account::Unverified,
            ..Self::bare(&format!("user_2f0Demo{:019}", person.number), &person.email)
        };
        if person.number.is_multiple_of(4) {
            row.username = format!("{}_{}", person.given_name.to_lowercase(), person.number);
        }
        // 07700 900000 to 900999 are kept free for drama (Ofcom), and enough for a third of the people.
        if person.number < 1_000 {
            row.phone = format!("+447700900{:03}", person.number);
        }
        if person.account.has_password() {
            row.digest = &hashed.digest;
            row.hasher = hashed.hasher;
        }
        row
    }

    fn cells(&self) -> [&str; 13] {
        let email = self.email.as_str();
        let (verified, unverified) = if self.is_verified {
            (email, "")
        } else {
            ("", email)
        };
        [
            &self.id,
            self.given_name,
            self.family_name,
            &self.username,
            email,
            &self.phone,
            verified,
            unverified,
            &self.phone,
            "",
            "",
            self.digest,
            self.hasher,
        ]
    }
}

fn written(rows: &[Row<'_>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let outcome = writer.write_record(HEADER).and_then(|()| {
        rows.iter()
            .try_for_each(|row| writer.write_record(row.cells()))
    });
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
        assert_eq!(refused, ["invalid_email", "unsupported_hash"]);
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
