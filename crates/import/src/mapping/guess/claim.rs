//! What speaks for a column being a field: its name, its values, or both.

use super::Confidence;
use super::names::{Called, Names};
use crate::mapping::fields::Field;
use crate::mapping::looks::Looks;
use crate::mapping::sample::Column as Sampled;

/// What speaks for a column being a field.
pub(super) struct Claim {
    /// At most 1000.
    pub(super) score: u32,
    pub(super) why: String,
}

impl Claim {
    pub(super) fn confidence(&self) -> Confidence {
        match self.score {
            900.. => Confidence::Certain,
            600.. => Confidence::Likely,
            _ => Confidence::Unsure,
        }
    }
}

/// What speaks for a column with these names being a field, if anything does.
pub(super) fn claim(column: &Sampled, names: &Names, field: &Field) -> Option<Claim> {
    let called = names.called(field);
    if called.is_none() && !VALUES_TELL.contains(&field.name) {
        return None;
    }
    let n_values = column.values.len();
    let n_fitting = column
        .values
        .iter()
        .filter(|value| field.looks.fits(value))
        .count();
    let share = (n_fitting * 100).checked_div(n_values);
    let Some(called) = called else {
        return by_values(column, names, field, share?);
    };
    let (base, reason) = match called {
        Called::So(rank) => (600 - rank.min(50), "its name says so"),
        Called::AlmostSo => (540, "its name nearly says so"),
        Called::Perhaps => (200, "its name may mean it"),
    };
    let (bonus, seen) = match (field.looks, share) {
        (_, None) => (100, ", and it has no values to tell".to_owned()),
        (Looks::Any, _) => (200, String::new()),
        (looks, Some(90..)) => (350, format!(", and its values are {}", looks.noun())),
        (looks, Some(60..)) => (
            150,
            format!(", and most of its values are {}", looks.noun()),
        ),
        (looks, Some(_)) if is_own_name(field, called) => {
            return Some(Claim {
                score: NAMED,
                why: format!(
                    "{reason}, though most of its values are no {}",
                    looks.noun()
                ),
            });
        }
        _ => return by_values(column, names, field, share?),
    };
    Some(Claim {
        score: base + bonus,
        why: format!("{reason}{seen}"),
    })
}

/// Just likely, and behind a column whose values are what this one only promises.
const NAMED: u32 = 605;

/// Whether a column is called just as people call this field, and nothing else. Then it is believed against its values: they are
/// refused row by row, each with its place, instead of leaving people without a name and no reason.
fn is_own_name(field: &Field, called: Called) -> bool {
    matches!(called, Called::So(_)) && ["email", "phone"].contains(&field.name)
}

/// The fields whose values can be hardly anything else.
const VALUES_TELL: &[&str] = &["email", "hashed_password", "phone"];

/// What values alone say.
fn by_values(column: &Sampled, names: &Names, field: &Field, share: usize) -> Option<Claim> {
    if share < 90 || names.are_about_others {
        return None;
    }
    let all = |is: fn(&str) -> bool| column.values.iter().all(|value| is(value));
    let score = match field.name {
        "email" => 620,
        "hashed_password" if all(|value| password::Hash::recognize(value).is_ok()) => 750,
        "phone" if all(|value| value.starts_with('+')) => 550,
        _ => return None,
    };
    Some(Claim {
        score,
        why: format!("its values are {}", field.looks.noun()),
    })
}
