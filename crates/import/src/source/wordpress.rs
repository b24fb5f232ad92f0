//! WordPress: `wp_users` and `wp_usermeta`, with any prefix, as CSV, JSON or SQL dump.
//!
//! Columns and keys: WordPress Developer Resources, “Database Description”. WordPress does not tell whether an address was
//! proven, so it counts as unproven. Names and roles are in the other table, a row for each.

mod meta;
mod php;
mod users;

use super::database::{self, Brings, Kind};
use super::{Format, Source};

pub(super) const SOURCE: Source = Source {
    name: "wordpress",
    label: "WordPress",
    about: "The tables users and usermeta, whatever their prefix, as a SQL dump or each as CSV or JSON.",
    is_prepared: false,
    project_params: &[],
    recognize: |sample| database::recognize(KINDS, sample),
    formats: &[Format::Database(KINDS)],
};

static KINDS: &[Kind] = &[
    Kind {
        names: &["users"],
        columns: &["userlogin", "userpass|useremail"],
        what: "users with the columns of wp_users",
        brings: Brings::People(users::open),
    },
    Kind {
        names: &["usermeta"],
        columns: &["userid", "metakey", "metavalue"],
        what: "what users have, with the columns of wp_usermeta",
        brings: Brings::Additions(meta::open),
    },
];
