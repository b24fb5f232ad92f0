//! Django: `auth_user` or a model in its place, with groups, as `manage.py dumpdata` or as tables; and what django-allauth
//! knows of addresses and accounts elsewhere.
//!
//! Columns: Django docs, “django.contrib.auth”, “Fields”; django-allauth, `allauth/account/models.py` and
//! `allauth/socialaccount/models.py`. `dumpdata` writes groups before their users (natural keys ask for that), so that the
//! names of groups are known by then.

mod allauth;
mod groups;
mod users;

use super::database::{self, Brings, Kind};
use super::{FileRole, Format, Sample, Saw, Source};

pub(super) const SOURCE: Source = Source {
    name: "django",
    label: "Django",
    about: "The JSON of dumpdata, or the tables auth_user, auth_group and those of django-allauth as SQL dump, CSV or JSON.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[Format::Database(KINDS)],
};

static KINDS: &[Kind] = &[
    Kind {
        // A project's own model of users may have any name.
        names: &[],
        columns: &["password", "issuperuser", "lastlogin|datejoined|isactive"],
        what: "users with the fields of auth.user",
        brings: Brings::People(users::open),
    },
    Kind {
        names: &["_groups"],
        columns: &["userid", "groupid"],
        what: "groups of users",
        brings: Brings::Additions(groups::open),
    },
    Kind {
        names: &["auth_group"],
        columns: &["id", "name", "!codename"],
        what: "names of groups",
        brings: Brings::Names {
            id: "id",
            name: "name",
        },
    },
    Kind {
        names: &["account_emailaddress"],
        columns: &["userid|user", "email", "verified"],
        what: "addresses of django-allauth",
        brings: Brings::Additions(allauth::open_addresses),
    },
    Kind {
        names: &["socialaccount_socialaccount"],
        columns: &["userid|user", "provider", "uid"],
        what: "accounts elsewhere of django-allauth",
        brings: Brings::Additions(allauth::open_accounts),
    },
];

fn recognize(sample: &Sample) -> Option<Saw> {
    if let Sample::Object(object) = sample
        && ["model", "fields"]
            .iter()
            .all(|key| object.contains_key(*key))
    {
        return Some(Saw {
            role: FileRole::Users,
            what: "objects with model and fields, as dumpdata writes them",
        });
    }
    database::recognize(KINDS, sample)
}
