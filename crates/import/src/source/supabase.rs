//! Supabase: `auth.users`, `auth.identities` and `auth.mfa_factors`, as CSV or JSON of the SQL editor, or together in a
//! dump of the schema `auth`.
//!
//! Columns: `supabase/auth`, `migrations/`. Numbers are stored without their `+`. Metadata that the user may change become
//! properties; those that only programs may change, private ones.

mod factors;
mod identities;
mod users;

use super::database::{self, Brings, Kind};
use super::{Format, Source};

pub(super) const SOURCE: Source = Source {
    name: "supabase",
    label: "Supabase",
    about: "auth.users as CSV, JSON or SQL dump, with auth.identities and auth.mfa_factors in the dump or as files of \
            their own.",
    is_prepared: false,
    project_params: &[],
    recognize: |sample| database::recognize(KINDS, sample),
    formats: &[Format::Database(KINDS)],
};

static KINDS: &[Kind] = &[
    Kind {
        names: &["users"],
        columns: &[
            "id",
            "rawusermetadata|rawappmetadata|emailconfirmedat",
            "!hashingmethod",
        ],
        what: "users with the columns of auth.users",
        brings: Brings::People(users::open),
    },
    Kind {
        names: &["identities"],
        columns: &["userid", "identitydata", "provider"],
        what: "accounts with the columns of auth.identities",
        brings: Brings::Additions(identities::open),
    },
    Kind {
        names: &["mfa_factors"],
        columns: &["userid", "factortype", "secret"],
        what: "second factors with the columns of auth.mfa_factors",
        brings: Brings::Additions(factors::open),
    },
];
