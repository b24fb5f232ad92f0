//! Whom the former provider gives no export of: it only says whether a password is right, as one's own endpoint would.

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::people::{Account, Person, people};

/// How names are mixed among those who stayed.
const STRIDE: usize = 13;

/// Everybody who is not in any export: few, since nobody reads a list of them.
#[must_use]
pub(super) fn customers() -> Vec<Person> {
    let mut all = people("example.net", STRIDE);
    all.retain(|person| person.account == Account::Usual);
    all.truncate(40);
    all
}

/// What somebody typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    email: Option<String>,
    password: String,
}

/// Who it is, if the password is right.
pub(super) async fn check(Json(typed): Json<Typed>) -> (StatusCode, Json<Value>) {
    let email = typed.email.unwrap_or_default().to_lowercase();
    let is_theirs = |person: &&Person| {
        person.email == email && person.old_password() == Some(typed.password.as_str())
    };
    let everybody = customers();
    match everybody.iter().find(is_theirs) {
        Some(person) => (StatusCode::OK, Json(profile(person))),
        None => (StatusCode::UNAUTHORIZED, Json(json!({}))),
    }
}

fn profile(person: &Person) -> Value {
    json!({
        "id": format!("stayed-{:04}", person.number),
        "email": person.email,
        "email_verified": true,
        "given_name": person.given_name,
        "family_name": person.family_name,
    })
}
