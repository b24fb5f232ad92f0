//! The fields that a column may be, and by which names people call them.
//!
//! To add a field: one value in [`FIELDS`], which are in `fields/table.rs`. Names are compared folded: lower case, without spaces, hyphens, underscores and
//! points, and once more without what merely says whose they are (`user_email`, `kunden_email`).

mod table;

pub use table::FIELDS;

use super::looks::Looks;
use super::person::{Cell, Person};
use crate::problem::Refusal;

/// Something that can be said of a person.
#[derive(Debug)]
pub struct Field {
    /// The name in map files and forms, `hashed_password`. Stable.
    pub name: &'static str,
    /// What it is, as a sentence.
    pub about: &'static str,
    /// Whether several columns may be it.
    pub is_repeatable: bool,
    /// The usual names of its columns, folded, with spaces between.
    pub(in crate::mapping) names: &'static str,
    /// Names that may mean it, and something else as well.
    pub(in crate::mapping) doubtful: &'static str,
    /// What its values look like.
    pub(in crate::mapping) looks: Looks,
    /// Takes a value that is not blank.
    pub(in crate::mapping) take: Take,
}

/// How a value becomes part of a person.
#[derive(Debug)]
pub(in crate::mapping) enum Take {
    /// As the function does, which leaves out what it cannot take.
    Put(fn(&mut Person<'_>, &Cell<'_>)),
    /// As the function does, or the row is refused.
    By(fn(&mut Person<'_>, &Cell<'_>) -> Result<(), Refusal>),
    /// It is the person's id at this provider.
    Account(&'static str),
    /// It is this parameter of the password's hash.
    Setting(&'static str),
    /// Not at all.
    Nothing,
}

/// The field called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Field> {
    let wanted = crate::header::folded(name);
    FIELDS
        .iter()
        .find(|field| crate::header::folded(field.name) == wanted)
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Field {}

const fn field(
    name: &'static str,
    about: &'static str,
    looks: Looks,
    take: Take,
    names: &'static str,
) -> Field {
    Field {
        name,
        about,
        is_repeatable: false,
        names,
        doubtful: "",
        looks,
        take,
    }
}

impl Field {
    /// Whether its values are points in time, whose form can be decided.
    #[must_use]
    pub fn is_instant(&self) -> bool {
        self.looks == Looks::Instant
    }

    const fn doubtful(self, doubtful: &'static str) -> Self {
        Self { doubtful, ..self }
    }

    const fn repeatable(self) -> Self {
        Self {
            is_repeatable: true,
            ..self
        }
    }
}

const fn account(name: &'static str, provider: &'static str, names: &'static str) -> Field {
    field(
        name,
        "The id of their account there, with which they can sign in.",
        Looks::Id,
        Take::Account(provider),
        names,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_name_means_two_things() {
        let mut seen = BTreeMap::new();
        for field in FIELDS {
            for name in field.names.split(' ').chain(field.doubtful.split(' ')) {
                if name.is_empty() {
                    continue;
                }
                let other = seen.insert(name, field.name);
                assert_eq!(other, None, "{name} is also {}", field.name);
                assert_eq!(crate::header::folded(name), name, "{name} is not folded");
            }
        }
    }

    #[test]
    fn a_field_answers_to_its_own_name() {
        for field in FIELDS {
            assert_eq!(find(field.name), Some(field));
        }
        assert_eq!(
            find("Hashed Password").map(|field| field.name),
            Some("hashed_password")
        );
        assert_eq!(find("shoe_size"), None);
    }
}
