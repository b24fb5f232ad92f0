//! Rails: the table of Devise, or of `has_secure_password`, as CSV, JSON or SQL dump.
//!
//! Columns: Devise, `lib/generators/active_record/templates/migration.rb`; a project adds its own. The pepper is in the
//! project's settings and not in its database: it is given as a hash parameter. `locked_at` is not taken: it tells of wrong
//! passwords, and lapses by itself.

mod accounts;
mod users;

use super::database::{self, Brings, Kind};
use super::{Format, Source};

pub(super) const SOURCE: Source = Source {
    name: "devise",
    label: "Rails",
    about: "The table users of Devise or has_secure_password as CSV, JSON or SQL dump; a pepper is given by --hash-param.",
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
            "encryptedpassword|passworddigest",
            "createdat|signincount|resetpasswordtoken|confirmedat",
            "!hashingmethod",
        ],
        what: "users with the columns of Devise or has_secure_password",
        brings: Brings::People(users::open),
    },
    Kind {
        names: &[
            "identities",
            "authentications",
            "authorizations",
            "user_identities",
        ],
        columns: &["userid", "provider", "uid"],
        what: "accounts elsewhere, as OmniAuth names them",
        brings: Brings::Additions(accounts::open),
    },
];
