//! Applications that keep people in one table and nothing beside it: each is a row of [`Layout`]s here.
//!
//! Columns: phpBB, `phpBB/install/schemas/schema.json`; Joomla, `installation/sql/mysql/base.sql`; Symfony, the entity that
//! `make:user` writes, by whatever name.

use password::Params;
use serde_json::Value;

use super::database::{self, Brings, Kind, Read};
use super::{Format, Options, Source};
use crate::draft::{Credential, Draft};
use crate::header::{Column, Header};
use crate::problem::{FileError, Refusal};
use crate::record::Membership;
use crate::table::Row;
use crate::value::{self, MAX_KEY};

pub(super) const PHPBB: Source = Source {
    name: "phpbb",
    label: "phpBB",
    about: "The table users as a SQL dump, CSV or JSON.",
    is_prepared: false,
    project_params: &[],
    recognize: |sample| database::recognize(PHPBB_KINDS, sample),
    formats: &[Format::Database(PHPBB_KINDS)],
};

pub(super) const JOOMLA: Source = Source {
    name: "joomla",
    label: "Joomla",
    about: "The table users as a SQL dump, CSV or JSON.",
    is_prepared: false,
    project_params: &[],
    recognize: |sample| database::recognize(JOOMLA_KINDS, sample),
    formats: &[Format::Database(JOOMLA_KINDS)],
};

pub(super) const SYMFONY: Source = Source {
    name: "symfony",
    label: "Symfony",
    about: "The table of the users' entity, with email, roles and password, as a SQL dump, CSV or JSON.",
    is_prepared: false,
    project_params: &[],
    recognize: |sample| database::recognize(SYMFONY_KINDS, sample),
    formats: &[Format::Database(SYMFONY_KINDS)],
};

static PHPBB_KINDS: &[Kind] = &[Kind {
    names: &["users"],
    columns: &[
        "userid",
        "usertype",
        "username",
        "userpassword",
        "useremail",
    ],
    what: "users with the columns of phpBB",
    brings: Brings::People(|header, options| open(&PHPBB_LAYOUT, header, options)),
}];

static JOOMLA_KINDS: &[Kind] = &[Kind {
    names: &["users"],
    columns: &[
        "id",
        "username",
        "email",
        "password",
        "block",
        "registerdate",
    ],
    what: "users with the columns of Joomla",
    brings: Brings::People(|header, options| open(&JOOMLA_LAYOUT, header, options)),
}];

static SYMFONY_KINDS: &[Kind] = &[Kind {
    names: &["user", "*"],
    columns: &[
        "id",
        "email|username",
        "roles",
        "password",
        "!hashingmethod",
    ],
    what: "users with the columns of Symfony",
    brings: Brings::People(|header, options| open(&SYMFONY_LAYOUT, header, options)),
}];

/// Which columns of a table mean what; a blank name is a column that the application does not have.
struct Layout {
    id: &'static str,
    email: &'static str,
    username: &'static str,
    name: &'static str,
    password: &'static str,
    /// The scheme of hashes that do not say themselves what they are.
    scheme: &'static str,
    /// The column that tells of closed accounts, and by which value.
    closed: (&'static str, &'static str),
    /// The column and the value of rows that are no people.
    nobody: (&'static str, &'static str),
    created_at: &'static str,
    signed_in_at: &'static str,
    /// Whether instants are Unix seconds.
    has_seconds: bool,
    /// A JSON list of `ROLE_…`.
    roles: &'static str,
}

static PHPBB_LAYOUT: Layout = Layout {
    id: "user_id",
    email: "user_email",
    username: "username",
    name: "",
    password: "user_password",
    scheme: "phpass",
    // `phpbb/includes/constants.php`: 1 is inactive, 2 stands for robots and guests.
    closed: ("user_type", "1"),
    nobody: ("user_type", "2"),
    created_at: "user_regdate",
    signed_in_at: "user_lastvisit",
    has_seconds: true,
    roles: "",
};

static JOOMLA_LAYOUT: Layout = Layout {
    id: "id",
    email: "email",
    username: "username",
    name: "name",
    password: "password",
    scheme: "joomla",
    closed: ("block", "1"),
    nobody: ("", ""),
    created_at: "registerDate",
    signed_in_at: "lastvisitDate",
    has_seconds: false,
    roles: "",
};

static SYMFONY_LAYOUT: Layout = Layout {
    id: "id",
    email: "email",
    username: "username",
    name: "name",
    password: "password",
    scheme: "",
    closed: ("", ""),
    nobody: ("", ""),
    created_at: "created_at",
    signed_in_at: "",
    has_seconds: false,
    roles: "roles",
};

struct Columns {
    layout: &'static Layout,
    id: Column,
    email: Column,
    is_verified: Column,
    username: Column,
    name: Column,
    password: Column,
    salt: Column,
    closed: Column,
    nobody: Column,
    created_at: Column,
    signed_in_at: Column,
    roles: Column,
    defaults: Params,
}

fn open(
    layout: &'static Layout,
    header: &mut Header,
    options: &Options,
) -> Result<Read, FileError> {
    let columns = Columns {
        layout,
        id: header.column(&[layout.id])?,
        email: header.column(&[layout.email])?,
        // Symfony's `make:registration-form` adds it.
        is_verified: header.column(&["is_verified"])?,
        username: header.column(&[layout.username])?,
        name: header.column(&[layout.name])?,
        password: header.column(&[layout.password])?,
        // Symfony before 3.
        salt: header.column(&["salt"])?,
        closed: header.column(&[layout.closed.0])?,
        nobody: header.column(&[layout.nobody.0])?,
        created_at: header.column(&[layout.created_at])?,
        signed_in_at: header.column(&[layout.signed_in_at])?,
        roles: header.column(&[layout.roles])?,
        defaults: options.hash.clone(),
    };
    if !columns.email.is_present() && !columns.username.is_present() {
        return Err(FileError::MissingColumn(layout.email));
    }
    Ok(Box::new(move |row, _| columns.read(row)))
}

impl Columns {
    fn read(&self, row: &Row<'_>) -> Result<Option<Draft>, Refusal> {
        let is = |column: &Column, value: &str| !value.is_empty() && column.of(row).trim() == value;
        if is(&self.nobody, self.layout.nobody.1) {
            return Ok(None);
        }
        let mut draft = Draft::default();
        draft.record.provided_id = self.id.key(row)?;
        if let Some(email) = self.email.email(row)? {
            draft.identify(email, Some(self.is_verified.flag(row)? == Some(true)));
        }
        self.username.add_login(row, &mut draft);
        let name = draft.spare(self.name.person_name(row));
        draft.split_name(name);
        if !self.layout.closed.0.is_empty() && self.closed.is_present() {
            draft.record.suspended = Some(is(&self.closed, self.layout.closed.1));
        }
        let instant = |column: &Column| {
            if self.layout.has_seconds {
                column.seconds(row)
            } else {
                column.datetime(row)
            }
        };
        draft.record.created_at = draft.spare(instant(&self.created_at));
        draft.record.last_sign_in_at = draft.spare(instant(&self.signed_in_at));
        self.read_roles(row, &mut draft);
        draft.record.password = self.password(row, &mut draft)?;
        Ok(Some(draft))
    }

    /// `ROLE_ADMIN` is the role `admin`; `ROLE_USER` is everybody's, and says nothing.
    fn read_roles(&self, row: &Row<'_>, draft: &mut Draft) {
        let listed: Vec<Value> = serde_json::from_str(&self.roles.of(row)).unwrap_or_default();
        let mut roles = Vec::new();
        for role in listed.iter().filter_map(Value::as_str) {
            let key = role.strip_prefix("ROLE_").unwrap_or(role).to_lowercase();
            let key = draft.spare(value::text(&self.roles.name, &key, MAX_KEY));
            roles.extend(key.filter(|key| key != "user"));
        }
        if !roles.is_empty() {
            draft.record.organizations.push(Membership {
                external_id: None,
                roles,
                permissions: Vec::new(),
            });
        }
    }

    fn password(
        &self,
        row: &Row<'_>,
        draft: &mut Draft,
    ) -> Result<Option<password::Hash>, Refusal> {
        let (encoded, salt) = (self.password.of(row), self.salt.of(row));
        let says_itself = encoded.trim_start().starts_with('$');
        let hash = Credential {
            column: &self.password.name,
            scheme: match self.layout.scheme {
                _ if says_itself => "",
                "" if !salt.trim().is_empty() => "symfony-legacy",
                scheme => scheme,
            },
            encoded: &encoded,
            settings: if says_itself { &[] } else { &[("salt", &salt)] },
            defaults: &self.defaults,
        };
        draft.spare_uncheckable(hash.parse())
    }
}
