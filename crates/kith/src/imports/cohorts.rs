//! Cohorts: the passwords of one import that are hashed alike, and whether any of them was seen to work.
//!
//! An import can take every hash and still lock everybody out: a salt on the wrong side gives no error, only people who can't
//! sign in. What shows that a cohort works is one password that was right. So every run keeps, by scheme and parameters, how
//! many people came, and how many of them were proved: by signing in, or by a known password that was tried ([`super::prove`]).

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use db::{Error, Tx};
use password::{Description, Hash};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Run, store};
use crate::credentials::proofs;
use crate::id::ImportRunId;
use crate::secret::sha256_hex;

/// People whose passwords came in one import and are hashed alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = import_cohort)]
pub struct Cohort {
    /// The name of the source, such as `clerk`.
    pub source: String,
    /// The scheme of the hashes, such as `bcrypt`.
    pub scheme: String,
    /// Their parameters, such as `cost 10`; empty where there are none.
    pub parameters: String,
    /// How well they keep a password if they are stolen: `weak`, `fair` or `strong`.
    pub strength: Strength,
    /// Whether equal passwords have different hashes.
    pub is_salted: bool,
    /// How many passwords came in.
    pub people: i64,
    /// How many people have shown that theirs works.
    pub proved: i64,
}

impl Cohort {
    /// Whether nobody has shown yet that these passwords work.
    #[must_use]
    pub const fn is_unproved(&self) -> bool {
        self.people > 0 && self.proved == 0
    }

    /// As people name it: `clerk · bcrypt · cost 10`.
    #[must_use]
    pub fn label(&self) -> String {
        joined([&self.source, &self.scheme, &self.parameters])
    }
}

/// What people call a cohort of a run; none when it is of another.
pub(super) fn label(run: &Run, cohort: proofs::Cohort) -> Option<String> {
    let mut kinds = run.summary.mix.0.iter();
    let (_, kind) = kinds.find(|(key, _)| number(&run.id, key) == cohort)?;
    Some(joined([&run.source, &kind.scheme, &kind.parameters]))
}

fn joined(parts: [&String; 3]) -> String {
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.map(String::as_str).collect::<Vec<_>>().join(" · ")
}

/// How well a hash keeps its password if it is stolen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = import_hash_strength)]
pub enum Strength {
    /// A fast digest: most passwords fall in hours.
    Weak,
    /// Slow, but below what is recommended today.
    Fair,
    /// As slow as is recommended today, or slower.
    Strong,
}

impl Strength {
    /// As it is stored and shown to programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Strong => "strong",
        }
    }

    pub(super) fn of(text: &str) -> Self {
        [Self::Weak, Self::Fair, Self::Strong]
            .into_iter()
            .find(|strength| strength.as_str() == text)
            .unwrap_or(Self::Weak)
    }
}

impl From<password::Strength> for Strength {
    fn from(strength: password::Strength) -> Self {
        match strength {
            password::Strength::Weak => Self::Weak,
            password::Strength::Fair => Self::Fair,
            password::Strength::Strong => Self::Strong,
        }
    }
}

/// Passwords by scheme and parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mix(BTreeMap<String, Kind>);

/// Passwords that are hashed alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// The scheme of the hashes.
    pub scheme: String,
    /// Their parameters, for people.
    pub parameters: String,
    /// How well they keep a password.
    pub strength: Strength,
    /// Whether equal passwords have different hashes.
    pub is_salted: bool,
    /// How many there are.
    pub people: i64,
}

impl Mix {
    /// Counts a password; returns what it is.
    pub(super) fn add(&mut self, hash: &Hash) -> &Kind {
        let description = hash.describe();
        let key = key(&description);
        let kind = self.0.entry(key).or_insert_with(|| Kind::of(&description));
        kind.people += 1;
        kind
    }

    /// Counts what was counted elsewhere.
    pub(super) fn add_all(&mut self, other: &Self) {
        for (key, kind) in &other.0 {
            match self.0.get_mut(key) {
                Some(known) => known.people += kind.people,
                None => {
                    self.0.insert(key.clone(), kind.clone());
                }
            }
        }
    }

    /// The kinds, by name.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.0.values()
    }

    /// The kinds of this mix that the other one lacks, with their cohorts in a run.
    pub(super) fn news(&self, other: &Self, run: &ImportRunId) -> Vec<(proofs::Cohort, &Kind)> {
        let news = self.0.iter().filter(|(key, _)| !other.0.contains_key(*key));
        news.map(|(key, kind)| (number(run, key), kind)).collect()
    }
}

impl Kind {
    fn of(description: &Description) -> Self {
        Self {
            scheme: description.scheme.to_owned(),
            parameters: parameters(description),
            strength: description.strength.into(),
            is_salted: description.salted,
            people: 0,
        }
    }
}

/// The cohort of a hash that comes in with a run.
pub(super) fn of_hash(run: &ImportRunId, hash: &Hash) -> proofs::Cohort {
    number(run, &key(&hash.describe()))
}

/// The cohorts of a run, by scheme and parameters.
///
/// # Errors
/// When the database fails.
pub async fn cohorts(tx: &mut Tx, run: &Run) -> Result<Vec<Cohort>, Error> {
    let kinds = &run.summary.mix.0;
    let numbers: Vec<_> = kinds.keys().map(|key| number(&run.id, key)).collect();
    let proved = proofs::count(tx, &numbers).await?;
    let cohort = |(kind, number): (&Kind, _)| Cohort {
        source: run.source.clone(),
        scheme: kind.scheme.clone(),
        parameters: kind.parameters.clone(),
        strength: kind.strength,
        is_salted: kind.is_salted,
        people: kind.people,
        proved: proved.get(number).copied().unwrap_or(0),
    };
    Ok(kinds.values().zip(&numbers).map(cohort).collect())
}

/// The cohorts with these numbers, each with so many people, by their names. Those that nobody knows any more are left out.
///
/// # Errors
/// When the database fails.
pub(super) async fn with_people(
    tx: &mut Tx,
    people: &HashMap<proofs::Cohort, i64>,
) -> Result<Vec<Cohort>, Error> {
    let numbers: Vec<_> = people.keys().copied().collect();
    let proved = proofs::count(tx, &numbers).await?;
    let count = |counts: &HashMap<proofs::Cohort, i64>, number: proofs::Cohort| {
        counts.get(&number).copied().unwrap_or(0)
    };
    let known = store::cohorts::find_many(tx, &numbers).await?;
    let known = known.into_iter().map(|known| Cohort {
        people: count(people, known.number),
        proved: count(&proved, known.number),
        ..known.cohort
    });
    let mut cohorts: Vec<Cohort> = known.collect();
    cohorts.sort_by_cached_key(Cohort::label);
    Ok(cohorts)
}

/// Remembers what the cohorts of a run are that were not there before.
pub(super) async fn remember(
    tx: &mut Tx,
    run: &ImportRunId,
    before: &Mix,
    after: &Mix,
) -> Result<(), Error> {
    for (number, kind) in after.news(before, run) {
        store::cohorts::insert(tx, run, number, kind).await?;
    }
    Ok(())
}

/// What a hash shares with those of its cohort.
fn key(description: &Description) -> String {
    format!("{} {}", description.scheme, parameters(description))
}

/// The parameters in a fixed order, for people: `cost 10`, `digest sha256, iterations 24000`.
fn parameters(description: &Description) -> String {
    let mut text = description.variant.clone().unwrap_or_default();
    for (name, value) in &description.parameters {
        let comma = if text.is_empty() { "" } else { ", " };
        let name = name.replace('_', " ");
        let _ = match value {
            serde_json::Value::String(value) => write!(text, "{comma}{name} {value}"),
            value => write!(text, "{comma}{name} {value}"),
        };
    }
    text
}

/// A number that is the same whenever a hash of the cohort comes by, so that nothing has to be looked up.
fn number(run: &ImportRunId, key: &str) -> proofs::Cohort {
    let digest = sha256_hex(format!("{run}\n{key}").as_bytes());
    let number = u64::from_str_radix(&digest[..16], 16).unwrap_or_default();
    proofs::Cohort::new(number.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use password::Params;

    fn bcrypt(cost: u32) -> Hash {
        let digest = "abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";
        Hash::parse(
            "bcrypt",
            &format!("$2b${cost:02}${digest}"),
            &Params::default(),
        )
        .unwrap()
    }

    #[test]
    fn hashes_with_the_same_parameters_are_one_cohort() {
        let (run, other): (ImportRunId, ImportRunId) = (
            format!("import_{:032x}", 1).parse().unwrap(),
            format!("import_{:032x}", 2).parse().unwrap(),
        );
        assert_eq!(of_hash(&run, &bcrypt(4)), of_hash(&run, &bcrypt(4)));
        assert_ne!(of_hash(&run, &bcrypt(4)), of_hash(&run, &bcrypt(5)));
        assert_ne!(of_hash(&run, &bcrypt(4)), of_hash(&other, &bcrypt(4)));
    }

    #[test]
    fn a_mix_counts_by_scheme_and_parameters_and_says_nothing_of_a_hash() {
        let mut mix = Mix::default();
        for cost in [4, 5, 4] {
            mix.add(&bcrypt(cost));
        }
        let mut twice = mix.clone();
        twice.add_all(&mix);
        let seen: Vec<_> = twice
            .kinds()
            .map(|kind| (kind.parameters.as_str(), kind.people))
            .collect();
        assert_eq!(seen.len(), 2);
        assert_eq!((seen[0].1, seen[1].1), (4, 2));
        let json = serde_json::to_string(&twice).unwrap();
        assert!(!json.contains("abcdefgh"), "{json}");
        assert_eq!(serde_json::from_str::<Mix>(&json).unwrap(), twice);
    }
}
