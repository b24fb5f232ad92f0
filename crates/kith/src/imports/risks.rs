//! What is dangerous about the people of an import: told before anything is written, and kept with the run.
//!
//! Everything is counted as rows go by, in memory that does not grow with their number, and in such a way that a dry run, the
//! run, and a run that was killed and went on count the same. Nothing here shows a hash, a salt or a password: a hash that
//! several people share is known by a digest that is keyed with the installation's secret.

use import::UserRecord;
use import::risk;
use serde::{Deserialize, Serialize};

use super::cohorts::Strength;
use super::summary::{Doubt, Level, Summary};

/// What was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Risks {
    /// People with a role that opens everything, of whom no address is proven.
    pub unproven_privileged: i64,
    /// People with an address that anybody can get for a few minutes.
    pub disposable: i64,
    /// People with an address to which no mail goes.
    pub undeliverable: i64,
    /// Unsalted hashes that several people share.
    pub reuse: Reuse,
}

impl Risks {
    /// Counts a person who comes in.
    pub(super) fn add_record(&mut self, record: &UserRecord) {
        self.unproven_privileged += i64::from(risk::is_unproven_and_privileged(record));
        self.disposable += i64::from(risk::is_disposable(record));
        self.undeliverable += i64::from(risk::is_undeliverable(record));
    }

    /// Counts what was counted of rows that come after.
    pub(super) fn add_all(&mut self, later: &Self, unsalted: &[u64]) {
        self.unproven_privileged += later.unproven_privileged;
        self.disposable += later.disposable;
        self.undeliverable += later.undeliverable;
        for digest in unsalted {
            self.reuse.add(*digest);
        }
    }
}

/// How many hashes are watched at a time.
const WATCHED: usize = 256;

/// Unsalted hashes that several people share: the most shared ones, found in a fixed amount of memory (Metwally, Agrawal and El
/// Abbadi, "Efficient computation of frequent and top-k elements in data streams", 2005: Space-Saving).
///
/// Whatever more than one in 256 people share is found for sure. Counts are never too high: what a hash may owe to the one
/// whose place it took is not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reuse(Vec<Watched>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Watched {
    digest: u64,
    count: i64,
    /// How much of the count may be another's.
    owed: i64,
}

/// What is known of shared hashes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clusters {
    /// How many hashes are shared, at least.
    pub clusters: i64,
    /// How many people share one, at least.
    pub people: i64,
    /// How many people share the most shared one.
    pub largest: i64,
}

impl Reuse {
    fn add(&mut self, digest: u64) {
        if let Some(known) = self.0.iter_mut().find(|known| known.digest == digest) {
            known.count += 1;
        } else if self.0.len() < WATCHED {
            self.0.push(Watched {
                digest,
                count: 1,
                owed: 0,
            });
        } else if let Some(rarest) = self.0.iter_mut().min_by_key(|known| known.count) {
            *rarest = Watched {
                digest,
                count: rarest.count + 1,
                owed: rarest.count,
            };
        }
    }

    /// What is known of shared hashes.
    #[must_use]
    pub fn clusters(&self) -> Clusters {
        let shared = self.0.iter().map(|known| known.count - known.owed);
        let shared = shared.filter(|people| *people > 1);
        shared.fold(Clusters::default(), |so_far, people| Clusters {
            clusters: so_far.clusters + 1,
            people: so_far.people + people,
            largest: so_far.largest.max(people),
        })
    }
}

impl Summary {
    /// All that is to be weighed before the import is done, the gravest first: doubts about the files, then risks.
    #[must_use]
    pub fn doubts(&self) -> Vec<Doubt> {
        let mut doubts = self.findings.clone();
        doubts.extend(self.risks());
        doubts.sort_by_key(|doubt| std::cmp::Reverse(doubt.level));
        doubts
    }

    /// The first doubt for which the import is refused unless somebody insists.
    #[must_use]
    pub fn refusal(&self) -> Option<&Doubt> {
        let mut doubts = self.findings.iter();
        doubts.find(|doubt| doubt.level == Level::Refuse)
    }

    fn risks(&self) -> Vec<Doubt> {
        let mut risks = Vec::new();
        let mut tell = |level, code: &str, count: i64, reason: String| {
            if count > 0 {
                risks.push(Doubt::risk(level, code, count, reason));
            }
        };
        let privileged = self.risks.unproven_privileged;
        tell(
            Level::Warning,
            "unproven_privileged",
            privileged,
            format!(
                "{} with a role such as admin or owner have no proven address: whoever registered with somebody else's address \
                 would rule here; prove the addresses first, or give the roles after the import",
                people(privileged)
            ),
        );
        let unverifiable = self.unverifiable();
        tell(
            Level::Warning,
            "unverifiable_hashes",
            unverifiable,
            format!(
                "{unverifiable} rows have a password hash that can't be checked here; see the report for the column to mend"
            ),
        );
        let clusters = self.risks.reuse.clusters();
        tell(
            Level::Warning,
            "shared_hashes",
            clusters.people,
            format!(
                "at least {} share {} unsalted hashes, the most common one {} of them: these are passwords that are guessed \
                 first; ask for new ones after the import",
                people(clusters.people),
                clusters.clusters,
                clusters.largest
            ),
        );
        let (unsalted, weak) = self.weak();
        tell(
            Level::Warning,
            "unsalted_hashes",
            unsalted,
            format!(
                "{unsalted} passwords are hashed without a salt; whoever has the export reads most of them in minutes, so \
                 delete it when the import is done"
            ),
        );
        tell(
            Level::Note,
            "weak_hashes",
            weak,
            format!(
                "{weak} passwords are hashed so quickly that most can be guessed by whoever has the export"
            ),
        );
        let disposable = self.risks.disposable;
        tell(
            Level::Note,
            "disposable_addresses",
            disposable,
            format!(
                "{} have an address of a throw-away mail service",
                people(disposable)
            ),
        );
        let undeliverable = self.risks.undeliverable;
        tell(
            Level::Note,
            "undeliverable_addresses",
            undeliverable,
            format!(
                "{} have an address to which no mail goes; they can't prove it, nor choose another password by it",
                people(undeliverable)
            ),
        );
        risks
    }

    /// Rows with a hash that nothing here can check, taken without it or not at all.
    fn unverifiable(&self) -> i64 {
        const CODES: &[&str] = &[
            "unsupported_hash",
            "unsupported_scheme",
            "missing_parameter",
        ];
        let counts = |counts: &std::collections::BTreeMap<String, i64>| {
            let of = |code: &&str| counts.get(*code).copied().unwrap_or(0);
            CODES.iter().map(of).sum::<i64>()
        };
        counts(&self.refused) + counts(&self.warnings)
    }

    /// How many passwords are unsalted, and how many others are quick to guess.
    fn weak(&self) -> (i64, i64) {
        let mut counts = (0, 0);
        for kind in self.mix.kinds() {
            if !kind.is_salted {
                counts.0 += kind.people;
            } else if kind.strength == Strength::Weak {
                counts.1 += kind.people;
            }
        }
        counts
    }
}

fn people(count: i64) -> String {
    if count == 1 {
        "1 person".to_owned()
    } else {
        format!("{count} people")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_that_many_share_are_found_among_more_than_are_watched() {
        let mut reuse = Reuse::default();
        // A hundred thousand different ones; one in fifty has the same.
        for number in 0..100_000 {
            reuse.add(if number % 50 == 0 { 7 } else { 1_000 + number });
        }
        let clusters = reuse.clusters();
        assert!((1_900..=2_000).contains(&clusters.largest), "{clusters:?}");
        assert!(serde_json::to_string(&reuse).unwrap().len() < 20_000);
    }

    #[test]
    fn a_few_are_counted_exactly() {
        let mut reuse = Reuse::default();
        for digest in [1, 2, 1, 3, 1, 2] {
            reuse.add(digest);
        }
        let expected = Clusters {
            clusters: 2,
            people: 5,
            largest: 3,
        };
        assert_eq!(reuse.clusters(), expected);
    }

    #[test]
    fn nobody_shares_anything_where_all_are_different() {
        let mut reuse = Reuse::default();
        (0..10_000).for_each(|digest| reuse.add(digest));
        assert_eq!(reuse.clusters(), Clusters::default());
    }
}
