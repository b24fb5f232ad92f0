//! Who came with an earlier import of the same source, and is not in a newer export any more.
//!
//! They may have left over there, or the export may be a part; nobody can tell, so nobody is deleted. It is told, with a few
//! of them as examples. The files are read once more for it, and what is remembered of them has a fixed size: somebody may
//! rarely be taken for one who is there.

use import::FileError;

use super::filter::Filter;
use super::reading::Files;
use super::summary::{Doubt, Level};
use super::{Run, keys, store};
use crate::context::Context;

/// How many people are looked at in one statement.
const PEOPLE_AT_A_TIME: i64 = 500;

/// How many missing people are counted; of more it is told that there are more. A file with a part of the people would otherwise have
/// all of them looked at, each among what it doesn't say.
const ENOUGH: i64 = 10_000;

/// How many examples are told.
const EXAMPLES: usize = 3;

/// What could not be found out.
#[derive(Debug, thiserror::Error)]
pub(super) enum GoneError {
    /// A file can't be read any more.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// A doubt about those who are missing from the files, if anybody is. Only where people came from the source before.
///
/// # Errors
/// [`GoneError`].
pub(super) async fn find(
    cx: &Context,
    run: &Run,
    files: Files,
) -> Result<Option<Doubt>, GoneError> {
    let brings_people = run
        .files
        .iter()
        .any(|file| !file.is_passwords && !file.is_addition);
    let mut tx = cx.db().read().await?;
    if !brings_people || !store::gone::came_before(&mut tx, cx, run).await? {
        return Ok(None);
    }
    drop(tx);
    let seen = tokio::task::spawn_blocking(move || read(&files))
        .await
        .expect("reading a file doesn't panic, and nobody aborts it")?;
    let mut missing = Missing::default();
    let mut after = String::new();
    while missing.count < ENOUGH {
        let mut tx = cx.db().read().await?;
        let some = store::gone::people(&mut tx, cx, run, (&after, PEOPLE_AT_A_TIME)).await?;
        let Some(last) = some.last() else {
            break;
        };
        after = last.id.to_string();
        let ids = some
            .iter()
            .filter_map(|person| person.provided_id.as_deref());
        let unseen = |id: &str| !seen.may_contain(keys::of_id(id));
        let by_id: Vec<bool> = ids.map(unseen).collect();
        if by_id.len() == some.len() && by_id.iter().all(|is_unseen| !is_unseen) {
            continue;
        }
        for person in store::gone::with_names(&mut tx, some).await? {
            if person.keys().all(|key| !seen.may_contain(key)) {
                missing.add(person.name());
            }
        }
    }
    Ok(missing.doubt(run))
}

/// Everything by which the files tell of somebody.
fn read(files: &Files) -> Result<Filter, FileError> {
    let mut seen = Filter::of_mib(32);
    for index in 0..files.files.len() {
        let (reader, _) = files.open(index)?;
        for row in reader.flatten() {
            for key in keys::of_record(&row.record) {
                seen.insert(key);
            }
        }
    }
    Ok(seen)
}

#[derive(Default)]
struct Missing {
    count: i64,
    examples: Vec<String>,
}

impl Missing {
    fn add(&mut self, name: String) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(name);
        }
    }

    fn doubt(self, run: &Run) -> Option<Doubt> {
        if self.count == 0 {
            return None;
        }
        let (count, label) = (self.count, run.label());
        let who = match count {
            1 => "1 person who came from".to_owned(),
            ENOUGH.. => format!("{ENOUGH} people or more who came from"),
            _ => format!("{count} people who came from"),
        };
        let examples = self.examples.join(", ");
        let reason = format!(
            "{who} {label} before and is not in these files ({examples}): nobody is deleted by an import; \
             if they have left, suspend or delete them here"
        );
        let reason = if count == 1 {
            reason
        } else {
            reason.replace("before and is not", "before are not")
        };
        Some(Doubt::risk(Level::Note, "not_in_export", count, reason))
    }
}
