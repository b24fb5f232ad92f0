//! What the former provider writes for those who leave Auth0: users as the export extension does, and the separate export of
//! passwords that Auth0's support hands out.
//!
//! Shapes: Auth0 docs, “User Import/Export Extension” and “Export data”.

use serde_json::{Value, json};

use super::hashes::{self, Hashed};
use super::people::{Account, Person, people, signed_up};

/// How names are mixed in this export.
pub(super) const STRIDE: usize = 7;

/// Everybody who signs in through Auth0.
#[must_use]
pub(super) fn customers() -> Vec<Person> {
    people("example.com", STRIDE)
}

/// The users, one JSON object a line. Three lines are broken, as lines of old exports are.
pub(super) fn users(people: &[Person]) -> String {
    let mut lines: Vec<String> = people
        .iter()
        .map(|person| user(person).to_string())
        .collect();
    let broken = |id: &str, email: &str, verified: Value| {
        json!({
            "user_id": format!("auth0|{id}"),
            "email": email,
            "email_verified": verified,
            "identities": [account(id)],
        })
        .to_string()
    };
    lines.insert(
        412,
        broken("65f0c1d2e3a4b5c6ffff0001", "no address given", json!(false)),
    );
    lines.insert(
        1_033,
        r#"{"user_id":"auth0|65f0c1d2e3a4b5c6ffff0002","email":"cut.off@exam"#.to_owned(),
    );
    lines.insert(
        2_250,
        broken(
            "65f0c1d2e3a4b5c6ffff0003",
            "perhaps@example.com",
            json!("perhaps"),
        ),
    );
    lines.join("\n") + "\n"
}

/// The passwords, one JSON object a line. One hash was cut off by somebody's spreadsheet, and one is of nobody in the other file.
pub(super) fn passwords(people: &[Person]) -> String {
    let hashes = hashes::bcrypt();
    let with_password = people.iter().filter(|person| person.account.has_password());
    let mut lines: Vec<String> = with_password
        .map(|person| password(&id(person), &person.email, &hashes[person.password]))
        .collect();
    let cut = Hashed {
        digest: hashes[0].digest[..31].to_owned(),
        ..hashes[0].clone()
    };
    let damaged = &people[600];
    lines[540] = password(&id(damaged), &damaged.email, &cut);
    lines.push(password(
        "65f0c1d2e3a4b5c6ffff0004",
        "left.long.ago@example.com",
        &hashes[1],
    ));
    lines.join("\n") + "\n"
}

fn user(person: &Person) -> Value {
    let at = signed_up(person)
        .strftime("%Y-%m-%dT%H:%M:%S.000Z")
        .to_string();
    let (user_id, identity) = match person.account {
        Account::Usual | Account::Unverified | Account::Blocked => {
            (format!("auth0|{}", id(person)), account(&id(person)))
        }
        Account::WithoutPassword => (
            format!("email|{}", id(person)),
            json!({"user_id": id(person), "provider": "email", "connection": "email", "isSocial": false}),
        ),
        Account::Social => (
            format!("google-oauth2|1042{:017}", person.number),
            json!({"user_id": format!("1042{:017}", person.number), "provider": "google-oauth2", "connection": "google-oauth2", "isSocial": true}),
        ),
    };
    let mut user = json!({
        "user_id": user_id,
        "email": person.email,
        "email_verified": person.account != Account::Unverified,
        "name": person.name(),
        "given_name": person.given_name,
        "family_name": person.family_name,
        "nickname": person.given_name.to_lowercase(),
        "identities": [identity],
        "created_at": at,
        "updated_at": at,
        "logins_count": person.number % 90,
    });
    if person.account == Account::Blocked {
        user["blocked"] = json!(true);
    }
    if person.number.is_multiple_of(10) {
        user["user_metadata"] = json!({"newsletter": true});
        user["app_metadata"] = json!({"plan": "pro"});
    }
    user
}

fn account(id: &str) -> Value {
    json!({"user_id": id, "provider": "auth0", "connection": "Username-Password-Authentication", "isSocial": false})
}

fn password(id: &str, email: &str, hashed: &Hashed) -> String {
    json!({
        "_id": {"$oid": id},
        "email": email,
        "email_verified": true,
        "passwordHash": hashed.digest,
        "password_set_date": {"$date": "2024-03-01T09:00:00.000Z"},
        "tenant": "former-provider",
        "connection": "Username-Password-Authentication",
        "_tmp_is_unique": true,
    })
    .to_string()
}

/// 24 hexadecimal digits, as the database behind Auth0 numbers its documents.
fn id(person: &Person) -> String {
    format!("65f0c1d2e3a4b5c6{:08x}", person.number)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, recognized};
    use super::*;

    #[test]
    fn both_files_are_recognized() {
        let people = customers();
        assert_eq!(recognized(&users(&people)), ("auth0", false));
        assert_eq!(recognized(&passwords(&people)), ("auth0", true));
    }

    #[test]
    fn three_users_are_refused_and_everybody_else_is_read() {
        let people = customers();
        let (records, refused) = read("auth0", users(&people));
        assert_eq!(records.len(), people.len());
        assert_eq!(
            refused,
            ["invalid_email", "malformed_json", "invalid_boolean"]
        );
        let blocked = records
            .iter()
            .filter(|record| record.suspended == Some(true))
            .count();
        assert_eq!(
            blocked,
            people
                .iter()
                .filter(|person| person.account == Account::Blocked)
                .count()
        );
    }

    #[test]
    fn a_damaged_hash_is_refused() {
        let people = customers();
        let (records, refused) = read("auth0", passwords(&people));
        assert_eq!(refused.len(), 1, "{refused:?}");
        // One more who is in no other file, one less who is damaged.
        assert_eq!(
            records.len(),
            people
                .iter()
                .filter(|person| person.account.has_password())
                .count()
        );
    }
}
