//! Laravel: the table `users`, as SQL dump, CSV or JSON; and the table of accounts elsewhere that its documentation of
//! Socialite suggests.
//!
//! Columns: `laravel/laravel`, `database/migrations/0001_01_01_000000_create_users_table.php`. Secrets of authenticators are
//! encrypted with the application's key, and stay behind.

mod users;

use super::database::{self, Brings, Kind};
use super::{Format, Source};
use crate::draft::Draft;
use crate::header::Header;
use crate::problem::FileError;
use crate::source::Options;

pub(super) const SOURCE: Source = Source {
    name: "laravel",
    label: "Laravel",
    about: "The table users as a SQL dump, CSV or JSON.",
    is_prepared: false,
    project_params: &[],
    recognize: |sample| database::recognize(KINDS, sample),
    formats: &[Format::Database(KINDS)],
};

static KINDS: &[Kind] = &[
    Kind {
        names: &["users", "*"],
        columns: &[
            "id",
            "email",
            "password",
            "remembertoken|emailverifiedat",
            "!hashingmethod",
        ],
        what: "users with the columns of Laravel",
        brings: Brings::People(users::open),
    },
    Kind {
        names: &[
            "social_accounts",
            "social_identities",
            "linked_social_accounts",
        ],
        columns: &[
            "userid",
            "provider|providername",
            "providerid|provideruserid",
        ],
        what: "accounts elsewhere",
        brings: Brings::Additions(open_accounts),
    },
];

fn open_accounts(header: &mut Header, _: &Options) -> Result<database::Read, FileError> {
    let user_id = header.column(&["user_id"])?;
    let provider = header.column(&["provider", "provider_name"])?;
    let subject = header.column(&["provider_id", "provider_user_id"])?;
    Ok(Box::new(move |row, _| {
        let Some(id) = user_id.key(row)? else {
            return Ok(None);
        };
        let mut draft = Draft::addition(id);
        draft.account(&provider.name, &provider.of(row), &subject.of(row), None);
        Ok(Some(draft))
    }))
}
