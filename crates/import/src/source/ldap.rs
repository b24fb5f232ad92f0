//! LDAP: the entries of a directory, as `ldapsearch`, `slapcat` or a server's own export writes them, in LDIF.
//!
//! Attributes: RFC 2798 (inetOrgPerson), RFC 2307 (posixAccount), RFC 4530 (entryUUID); locks as OpenLDAP, 389 Directory
//! Server, FreeIPA, eDirectory and Active Directory write them. The id is the one that survives a move or a new name, where
//! the export has it; else the name of the entry. Entries that are no people (units, groups, machines) are passed over.

mod passwords;

use serde_json::Value;

use super::{FileRole, Format, Options, Sample, Saw, Source};
use crate::draft::Draft;
use crate::objects::Object;
use crate::problem::{ProblemCode, Refusal};
use crate::record::{Locale, Membership};
use crate::value::{self, MAX_KEY, MAX_NAME};

pub(super) const SOURCE: Source = Source {
    name: "ldap",
    label: "LDAP",
    about: "The entries of a directory as LDIF, from ldapsearch or slapcat.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[Format::Directory(read)],
};

fn recognize(sample: &Sample) -> Option<Saw> {
    matches!(sample, Sample::Directory).then_some(Saw {
        role: FileRole::Users,
        what: "entries of a directory",
    })
}

/// Attributes that become properties.
const PROPERTIES: [&str; 5] = [
    "title",
    "department",
    "departmentnumber",
    "employeenumber",
    "o",
];

fn read(entry: &Object, options: &Options) -> Result<Option<Draft>, Refusal> {
    if !is_person(entry) {
        return Ok(None);
    }
    let mut draft = Draft::default();
    draft.record.provided_id = id(entry)?;
    for mail in all(entry, "mail") {
        if let Some(email) = draft.spare(value::email("mail", mail)) {
            // Whoever keeps the directory wrote it down; nobody had to prove it.
            draft.identify(email, Some(false));
        }
    }
    for number in all(entry, "mobile") {
        // Brackets and spaces are customary in directories; a number without its country remains unclear.
        let bare: String = number.chars().filter(|c| !" -.()/".contains(*c)).collect();
        if let Some(phone) = draft.spare(value::phone("mobile", &bare)) {
            draft.identify(phone, Some(false));
        }
    }
    let (name, login) = first(entry, &["uid", "samaccountname"]);
    if !login.is_empty() {
        draft.sign_in_name(name, login);
    }
    read_names(entry, &mut draft);
    read_locale(entry, &mut draft);
    read_state(entry, &mut draft);
    read_groups(entry, &mut draft);
    passwords::read(entry, options, &mut draft);
    Ok(Some(draft))
}

/// All values of an attribute.
fn all<'a>(entry: &'a Object, name: &str) -> impl Iterator<Item = &'a str> {
    let values = entry.get(name).and_then(Value::as_array);
    values.into_iter().flatten().filter_map(Value::as_str)
}

/// The first value of the first of these attributes that has one.
fn first<'a>(entry: &'a Object, names: &[&'static str]) -> (&'static str, &'a str) {
    let found = names.iter().find_map(|name| {
        Some((
            *name,
            all(entry, name).find(|value| !value.trim().is_empty())?,
        ))
    });
    found.unwrap_or((names[0], ""))
}

fn is_person(entry: &Object) -> bool {
    const PEOPLE: [&str; 8] = [
        "person",
        "inetorgperson",
        "organizationalperson",
        "posixaccount",
        "shadowaccount",
        "account",
        "user",
        "mailrecipient",
    ];
    const OTHERS: [&str; 4] = [
        "computer",
        "device",
        "msds-managedserviceaccount",
        "trusteddomain",
    ];
    let is_any = |classes: &[&str]| {
        all(entry, "objectclass")
            .any(|class| classes.iter().any(|one| class.eq_ignore_ascii_case(one)))
    };
    if entry.contains_key("objectclass") {
        return is_any(&PEOPLE) && !is_any(&OTHERS);
    }
    ["mail", "uid", "userpassword", "samaccountname"]
        .iter()
        .any(|name| entry.contains_key(*name))
}

fn id(entry: &Object) -> Result<Option<String>, Refusal> {
    const IDS: [&str; 5] = [
        "entryuuid",
        "nsuniqueid",
        "ipauniqueid",
        "objectguid",
        "guid",
    ];
    let (name, id) = first(entry, &IDS);
    if !id.is_empty() {
        return value::text(name, id, MAX_KEY);
    }
    // A name that is too long to be kept is no id; the person is found by the address then.
    let (name, dn) = first(entry, &["dn"]);
    Ok(value::text(name, dn, MAX_KEY).ok().flatten())
}

fn read_names(entry: &Object, draft: &mut Draft) {
    let text = |names: &[&'static str]| {
        let (name, text) = first(entry, names);
        value::text(name, text, MAX_NAME)
    };
    draft.record.given_name = draft.spare(text(&["givenname", "gn"]));
    if draft.record.given_name.is_some() {
        draft.record.family_name = draft.spare(text(&["sn", "surname"]));
        return;
    }
    let whole = draft.spare(text(&["displayname", "cn", "sn"]));
    draft.split_name(whole);
}

/// RFC 2798 §2.7: a list as HTTP has it, the dearest first.
fn read_locale(entry: &Object, draft: &mut Draft) {
    let (_, list) = first(entry, &["preferredlanguage"]);
    let language = list.split([',', ';']).next().unwrap_or_default();
    draft.record.locale = Locale::parse(language).ok();
}

fn read_state(entry: &Object, draft: &mut Draft) {
    let instant = |names: &[&'static str]| {
        let (name, text) = first(entry, names);
        value::generalized_time(name, text)
    };
    draft.record.created_at = draft.spare(instant(&["createtimestamp", "whencreated"]));
    draft.record.last_sign_in_at = draft.spare(instant(&["authtimestamp", "lastlogintime"]));
    let is_true = |name| first(entry, &[name]).1.eq_ignore_ascii_case("true");
    // Active Directory: bit 2 of userAccountControl is ACCOUNTDISABLE (MS-ADTS §2.2.16).
    let control: u32 = first(entry, &["useraccountcontrol"])
        .1
        .parse()
        .unwrap_or_default();
    // OpenLDAP, slapo-ppolicy(5): this instant stands for a lock that only an administrator lifts.
    let is_locked = first(entry, &["pwdaccountlockedtime"])
        .1
        .starts_with("000001010000");
    if is_true("nsaccountlock") || is_true("logindisabled") || control & 2 != 0 || is_locked {
        draft.record.suspended = Some(true);
    }
    for name in PROPERTIES {
        let (_, text) = first(entry, &[name]);
        if let Some(text) = draft.spare(value::text(name, text, MAX_NAME)) {
            let properties = &mut draft.record.properties;
            properties.insert(name.to_owned(), text.into());
        }
    }
}

/// The groups that the entry itself names become roles, by the first part of their names.
fn read_groups(entry: &Object, draft: &mut Draft) {
    let mut roles: Vec<String> = Vec::new();
    for group in all(entry, "memberof") {
        let Some(name) = common_name(group) else {
            let reason = "the name of a group does not begin with cn= and is left out";
            draft.warn("memberof", ProblemCode::UNKNOWN_ROLE, reason);
            continue;
        };
        if !roles.contains(&name) {
            roles.push(name);
        }
    }
    if !roles.is_empty() {
        draft.record.organizations.push(Membership {
            external_id: None,
            roles,
            permissions: Vec::new(),
        });
    }
}

/// `admins` of `cn=admins,ou=groups,dc=voss,dc=example`. Escaped commas belong to the name (RFC 4514 §2.4).
fn common_name(dn: &str) -> Option<String> {
    let (kind, rest) = dn.split_once('=')?;
    if !kind.trim().eq_ignore_ascii_case("cn") {
        return None;
    }
    let mut name = String::new();
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        match c {
            ',' | '+' => break,
            '\\' => name.extend(chars.next()),
            other => name.push(other),
        }
    }
    value::text("memberof", &name, MAX_KEY).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_called_by_its_common_name() {
        assert_eq!(common_name("CN=admins,ou=groups").unwrap(), "admins");
        assert_eq!(common_name(r"cn=Voss\, Mara,dc=x").unwrap(), "Voss, Mara");
        assert_eq!(common_name("ou=groups,dc=x"), None);
        assert_eq!(common_name(""), None);
    }
}
