//! Drupal: `users_field_data` with `user__roles` (8 and later), or `users` with `role` and `users_roles` (7), as SQL dump,
//! CSV or JSON.
//!
//! Columns: Drupal API, `core/modules/user/src/Entity/User.php`, and `modules/user/user.install` of 7. People are called by
//! one name, which is their username.

mod roles;
mod users;

use super::database::{self, Brings, Kind};
use super::{Format, Source};

pub(super) const SOURCE: Source = Source {
    name: "drupal",
    label: "Drupal",
    about: "users_field_data and user__roles, or users, role and users_roles of Drupal 7, as a SQL dump or each as CSV or JSON.",
    is_prepared: false,
    project_params: &[],
    recognize: |sample| database::recognize(KINDS, sample),
    formats: &[Format::Database(KINDS)],
};

static KINDS: &[Kind] = &[
    Kind {
        names: &["users_field_data"],
        columns: &[
            "uid",
            "name",
            "pass",
            "mail",
            "defaultlangcode|preferredlangcode|langcode",
        ],
        what: "users with the columns of users_field_data",
        brings: Brings::People(users::open),
    },
    Kind {
        names: &["users"],
        columns: &["uid", "name", "pass", "mail"],
        what: "users with the columns of Drupal 7",
        brings: Brings::People(users::open),
    },
    Kind {
        names: &["user__roles"],
        columns: &["entityid", "rolestargetid"],
        what: "roles with the columns of user__roles",
        brings: Brings::Additions(roles::open_fields),
    },
    Kind {
        names: &["users_roles"],
        columns: &["uid", "rid"],
        what: "roles with the columns of users_roles",
        brings: Brings::Additions(roles::open_ids),
    },
    Kind {
        names: &["role"],
        columns: &["rid", "name"],
        what: "names of roles",
        brings: Brings::Names {
            id: "rid",
            name: "name",
        },
    },
];
