//! What a column's name says: of which field it is the name, and whether it speaks of somebody else.

use crate::header::folded;
use crate::mapping::fields::{FIELDS, Field};

/// Whether a column of this name, folded, is surely meant to be some field.
pub(crate) fn is_field_name(name: &str) -> bool {
    let mut names = FIELDS.iter().flat_map(|field| field.names.split(' '));
    !name.is_empty() && names.any(|known| known == name)
}

/// How a column's name speaks for a field.
#[derive(Clone, Copy)]
pub(super) enum Called {
    /// It is one of its names: which one.
    So(u32),
    /// It is, but for a word that only says whose it is.
    AlmostSo,
    /// It is a name that can mean other things.
    Perhaps,
}

/// Words before a name that only say whose it is.
const OWNERS: &[&str] = &[
    "user",
    "usr",
    "customer",
    "client",
    "member",
    "account",
    "person",
    "contact",
    "login",
    "profile",
    "primary",
    "main",
    "kunden",
    "kunde",
    "benutzer",
    "nutzer",
    "mitglied",
    "usuario",
    "cliente",
    "utilisateur",
    "employee",
    "student",
];

/// Words that tell that a value is somebody else's, or not in force.
const OTHERS: &[&str] = &[
    "manager",
    "supervisor",
    "parent",
    "guardian",
    "refer",
    "invit",
    "createdby",
    "updatedby",
    "deletedby",
    "assistant",
    "emergency",
    "partner",
    "spouse",
    "billing",
    "secondary",
    "recovery",
    "backup",
    "previous",
    "unconfirmed",
    "pending",
    "newemail",
    "oldemail",
    "support",
    "reply",
];

/// The forms of a column's name that are looked up, made once.
pub(super) struct Names {
    /// All of it.
    whole: String,
    /// The last part of a path, and the last two; the whole without the word for whose it is.
    parts: Vec<String>,
    /// The last part of a path.
    last: String,
    pub(super) are_about_others: bool,
}

impl Names {
    pub(super) fn of(name: &str) -> Self {
        let path = folded_path(name);
        let whole = path.concat();
        let last = path.last().cloned().unwrap_or_default();
        let mut parts = vec![path[path.len().saturating_sub(2)..].concat(), last.clone()];
        let owned = OWNERS.iter().filter_map(|owner| whole.strip_prefix(owner));
        parts.extend(owned.map(str::to_owned));
        parts.retain(|part| !part.is_empty());
        Self {
            are_about_others: OTHERS.iter().any(|word| whole.contains(word)),
            whole,
            parts,
            last,
        }
    }

    /// How the name speaks for a field, if it does.
    pub(super) fn called(&self, field: &Field) -> Option<Called> {
        let rank = |wanted: &str| {
            let mut names = field.names.split(' ').zip(0_u32..);
            names
                .find(|(name, _)| *name == wanted && !wanted.is_empty())
                .map(|(_, rank)| rank)
        };
        if let Some(rank) = rank(&self.whole) {
            return Some(Called::So(rank));
        }
        if self.are_about_others {
            return None;
        }
        if self.parts.iter().any(|part| rank(part).is_some()) {
            return Some(Called::AlmostSo);
        }
        let is_doubtful =
            |name: &str| !name.is_empty() && field.doubtful.split(' ').any(|known| known == name);
        (is_doubtful(&self.whole) || is_doubtful(&self.last)).then_some(Called::Perhaps)
    }
}

/// The parts of a name or path as they are compared: without list positions and Mongo's `$oid`, lists in the singular.
fn folded_path(name: &str) -> Vec<String> {
    let is_word =
        |part: &&str| !part.starts_with('$') && part.parse::<u32>().is_err() && !part.is_empty();
    let mut parts: Vec<String> = name.split('.').filter(is_word).map(folded).collect();
    if let Some((_, before)) = parts.split_last_mut() {
        for part in before {
            if part.ends_with('s') {
                part.pop();
            }
        }
    }
    parts
}
