//! The CSV, which has no header: each row becomes the object that the JSON has.

use serde_json::{Value, json};

use super::read;
use crate::header::{Column, Header};
use crate::objects::Object;
use crate::problem::FileError;
use crate::source::{Options, ReadRow};
use crate::table::Row;

/// The columns in their order: Firebase docs, “auth:export”.
pub(super) const COLUMNS: [&str; 29] = [
    "localId",
    "email",
    "emailVerified",
    "passwordHash",
    "salt",
    "displayName",
    "photoUrl",
    "googleId",
    "googleEmail",
    "googleDisplayName",
    "googlePhotoUrl",
    "facebookId",
    "facebookEmail",
    "facebookDisplayName",
    "facebookPhotoUrl",
    "twitterId",
    "twitterEmail",
    "twitterDisplayName",
    "twitterPhotoUrl",
    "githubId",
    "githubEmail",
    "githubDisplayName",
    "githubPhotoUrl",
    "createdAt",
    "lastSignedInAt",
    "phoneNumber",
    "disabled",
    "customAttributes",
    "providerUserInfo",
];

/// The first of the accounts' columns.
const ACCOUNTS_FROM: usize = 7;
/// The first column behind them.
const ACCOUNTS_TO: usize = 23;
const PROVIDERS: [&str; 4] = ["google.com", "facebook.com", "twitter.com", "github.com"];
const ACCOUNT_FIELDS: [&str; 4] = ["rawId", "email", "displayName", "photoUrl"];

/// Whether these cells are such a row: they are of the right number, and say the right sort of thing in four places.
/// Older versions of the tool write one or two cells fewer.
pub(super) fn is_first_row(cells: &[String]) -> bool {
    let has_header = cells.first().is_some_and(|cell| cell == "localid");
    let is_flag = |index: usize| {
        cells
            .get(index)
            .is_none_or(|cell| ["true", "false", ""].contains(&cell.as_str()))
    };
    let is_number = |index: usize| {
        cells
            .get(index)
            .is_some_and(|cell| !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_address = |cell: &String| cell.is_empty() || cell.contains('@');
    has_header
        || (26..=COLUMNS.len()).contains(&cells.len())
            && !cells[0].is_empty()
            && is_address(&cells[1])
            && is_flag(2)
            && is_number(ACCOUNTS_TO)
            && is_flag(26)
}

pub(super) fn columns(header: &mut Header, options: &Options) -> Result<ReadRow, FileError> {
    let mut columns = Vec::with_capacity(COLUMNS.len());
    for name in COLUMNS {
        columns.push(header.column(&[name])?);
    }
    let options = options.clone();
    Ok(Box::new(move |row| read(&object(&columns, row), &options)))
}

fn object(columns: &[Column], row: &Row<'_>) -> Object {
    let cell = |index: usize| columns[index].of(row).into_owned();
    let mut object = Object::new();
    for (index, name) in COLUMNS.iter().enumerate() {
        let is_account = (ACCOUNTS_FROM..ACCOUNTS_TO).contains(&index);
        if !is_account && !cell(index).trim().is_empty() {
            object.insert((*name).to_owned(), cell(index).into());
        }
    }
    let mut accounts: Vec<Value> = match object.remove("providerUserInfo") {
        Some(Value::String(text)) => serde_json::from_str(&text).unwrap_or_default(),
        _ => Vec::new(),
    };
    for (nth, provider) in PROVIDERS.iter().enumerate() {
        let first = ACCOUNTS_FROM + nth * ACCOUNT_FIELDS.len();
        if cell(first).trim().is_empty() {
            continue;
        }
        let mut account = json!({"providerId": provider});
        for (offset, field) in ACCOUNT_FIELDS.iter().enumerate() {
            let text = cell(first + offset);
            if !text.trim().is_empty() {
                account[*field] = text.into();
            }
        }
        accounts.push(account);
    }
    if !accounts.is_empty() {
        object.insert("providerUserInfo".to_owned(), accounts.into());
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_told_by_four_of_its_cells() {
        let row = |n_cells: usize, change: Option<(usize, &str)>| {
            let mut cells = vec![String::new(); n_cells];
            cells[0] = "k3synthuid".to_owned();
            cells[1] = "mara@voss.example".to_owned();
            cells[2] = "true".to_owned();
            cells[ACCOUNTS_TO] = "1709283600000".to_owned();
            if let Some((index, text)) = change {
                text.clone_into(&mut cells[index]);
            }
            is_first_row(&cells)
        };
        // As the tool writes them now, and as it did before it knew claims and closed accounts.
        assert!([29, 27].into_iter().all(|n_cells| row(n_cells, None)));
        assert!(!row(30, None));
        for change in [
            (0, ""),
            (1, "mara"),
            (2, "yes"),
            (ACCOUNTS_TO, ""),
            (26, "x"),
        ] {
            assert!(!row(29, Some(change)), "{change:?}");
        }
    }
}
