//! ASP.NET Identity: `AspNetUsers` with the tables beside it, as CSV, JSON or SQL script.
//!
//! Columns: `dotnet/aspnetcore`, `src/Identity/EntityFrameworkCore/src/IdentityUserContext.cs`, and those of version 2. The
//! rules are those of Kinde's importer: the name is an identity only if it is not the address; a number that is not in
//! international form is left out; the text `NULL`, which SQL Server's tools write for nothing, means no password in
//! `PasswordHash` and is an ordinary value elsewhere. Beyond them, hashes of version 3, roles, logins and authenticators
//! come along.

mod beside;
mod users;

use super::database::{self, Brings, Kind};
use super::{Format, Source};

pub(super) const SOURCE: Source = Source {
    name: "aspnet",
    label: "ASP.NET Identity",
    about: "AspNetUsers as CSV, JSON or SQL script, with AspNetRoles, AspNetUserRoles, AspNetUserLogins and AspNetUserTokens.",
    is_prepared: false,
    project_params: &[],
    recognize: |sample| database::recognize(KINDS, sample),
    formats: &[Format::Database(KINDS)],
};

static KINDS: &[Kind] = &[
    Kind {
        names: &["AspNetUsers"],
        columns: &[
            "passwordhash",
            "securitystamp|normalizedemail|normalizedusername|emailconfirmed|lockoutend|lockoutenddateutc|twofactorenabled",
            "!hashingmethod",
        ],
        what: "users with the columns of AspNetUsers",
        brings: Brings::People(users::open),
    },
    Kind {
        names: &["AspNetUserLogins"],
        columns: &["loginprovider", "providerkey", "userid"],
        what: "accounts elsewhere with the columns of AspNetUserLogins",
        brings: Brings::Additions(beside::open_logins),
    },
    Kind {
        names: &["AspNetUserRoles"],
        columns: &["userid", "roleid"],
        what: "roles with the columns of AspNetUserRoles",
        brings: Brings::Additions(beside::open_roles),
    },
    Kind {
        names: &["AspNetUserTokens"],
        columns: &["userid", "loginprovider", "name", "value"],
        what: "authenticators with the columns of AspNetUserTokens",
        brings: Brings::Additions(beside::open_tokens),
    },
    Kind {
        names: &["AspNetRoles"],
        columns: &["id", "name"],
        what: "names of roles",
        brings: Brings::Names {
            id: "id",
            name: "name",
        },
    },
];
