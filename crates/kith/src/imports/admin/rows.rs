//! The rows of an import that did not go in, and those of which something was left out: by code, page by page, as a file.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use super::{find, head, path};
use crate::error::Code;
use crate::http::{Failure, Query, Result};
use crate::imports::report::Format;
use crate::imports::view::{CodeFilter, NoteRow, Rows};
use crate::imports::{self, NoteFilter, NotesFrom, Place, Refusal, Run, api};
use crate::pages::{Filter, Message, Pager};
use crate::team::Member;
use crate::team::admin::listing::{SIZE, address};

/// Kinds of notes: the value in the address, and the phrase.
const KINDS: &[(&str, &str)] = &[
    ("", "import-rows-all"),
    ("refused", "import-rows-refused"),
    ("warnings", "import-rows-warnings"),
];

/// Which rows an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `refused`, `warnings`, or nothing for both.
    show: String,
    code: String,
    after: String,
    before: String,
}

impl Asked {
    fn filter(&self) -> NoteFilter {
        NoteFilter {
            code: Some(self.code.clone()).filter(|code| !code.is_empty()),
            is_warning: match self.show.as_str() {
                "refused" => Some(false),
                "warnings" => Some(true),
                _ => None,
            },
        }
    }

    fn from(&self) -> Result<NotesFrom> {
        let place = |text: &str| -> Result<Place> {
            let malformed = |_| Failure::new(Code::INVALID_CURSOR, "start again at the first page");
            text.parse().map_err(malformed)
        };
        if !self.before.is_empty() {
            return Ok(NotesFrom::Before(place(&self.before)?));
        }
        if self.after.is_empty() {
            return Ok(NotesFrom::default());
        }
        Ok(NotesFrom::After(place(&self.after)?))
    }

    /// The address of something of the run, with the same filter.
    fn address(&self, member: &Member, run: &Run, rest: &str, at: (&str, &str)) -> String {
        let url = member.url(&path(run, rest));
        address(&url, &[("show", &self.show), ("code", &self.code), at])
    }
}

pub(super) async fn show(
    member: Member,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let run = find(&member, &id).await?;
    let from = asked.from()?;
    let mut tx = member.cx.db().read().await?;
    let wanted = i64::from(SIZE) + 1;
    let found = imports::notes(&mut tx, &run.id, &asked.filter(), &from, wanted).await?;
    let (rows, pager) = settle(found, &from, |at| asked.address(&member, &run, "/rows", at));
    let kind = |&(value, label): &(&'static str, &'static str)| Filter {
        label: Message::new(label),
        value,
        url: address(&member.url(&path(&run, "/rows")), &[("show", value)]),
        is_current: value == asked.show,
    };
    Ok(member.show(&Rows {
        head: head(&member, &run, "/rows"),
        is_dry_run: run.is_dry_run,
        filters: KINDS.iter().map(kind).collect(),
        codes: codes(&member, &run, &asked),
        rows: rows.into_iter().map(|row| note(&run, row)).collect(),
        pager,
        csv_url: asked.address(&member, &run, "/refused.csv", ("", "")),
        ndjson_url: asked.address(&member, &run, "/refused.ndjson", ("", "")),
    }))
}

pub(super) async fn csv(
    member: Member,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let run = find(&member, &id).await?;
    Ok(api::download(&member.cx, &run, asked.filter(), Format::Csv))
}

pub(super) async fn ndjson(
    member: Member,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let run = find(&member, &id).await?;
    Ok(api::download(
        &member.cx,
        &run,
        asked.filter(),
        Format::Ndjson,
    ))
}

/// One page of what was found, one row more having been asked for, and the links to the pages around it.
fn settle(
    mut found: Vec<Refusal>,
    from: &NotesFrom,
    url: impl Fn((&str, &str)) -> String,
) -> (Vec<Refusal>, Pager) {
    let size = SIZE as usize;
    let has_more = found.len() > size;
    let is_backward = matches!(from, NotesFrom::Before(_));
    if has_more && is_backward {
        found.remove(0);
    }
    found.truncate(size);
    let (has_previous, has_next) = if is_backward {
        (has_more, true)
    } else {
        (*from != NotesFrom::default(), has_more)
    };
    let at = |row: &Refusal| Place::of(row).to_string();
    let first = found.first().filter(|_| has_previous).map(at);
    let last = found.last().filter(|_| has_next).map(at);
    let pager = Pager {
        previous: first.map(|place| url(("before", &place))),
        next: last.map(|place| url(("after", &place))),
    };
    (found, pager)
}

/// The codes that there are, refused rows before warnings, the most common first.
fn codes(member: &Member, run: &Run, asked: &Asked) -> Vec<CodeFilter> {
    let list = member.url(&path(run, "/rows"));
    let filter = |(code, n): (&String, &i64), is_warning| {
        let show = if is_warning { "warnings" } else { "refused" };
        let is_current = *code == asked.code && asked.show == show;
        let others = if is_current { "" } else { code.as_str() };
        CodeFilter {
            code: code.clone(),
            count: super::count(*n),
            is_warning,
            url: address(&list, &[("show", show), ("code", others)]),
            is_current,
        }
    };
    let of = |counts: &BTreeMap<String, i64>, is_warning| {
        let mut all: Vec<CodeFilter> = counts
            .iter()
            .map(|count| filter(count, is_warning))
            .collect();
        all.sort_by_key(|filter| std::cmp::Reverse(filter.count));
        all
    };
    let mut all = Vec::new();
    if asked.show != "warnings" {
        all.extend(of(&run.summary.refused, false));
    }
    if asked.show != "refused" {
        all.extend(of(&run.summary.warnings, true));
    }
    all
}

/// A row as pages show it.
pub(super) fn note(run: &Run, row: Refusal) -> NoteRow {
    let file = usize::try_from(row.file).ok();
    let file = file.and_then(|file| run.files.get(file));
    NoteRow {
        file: file
            .filter(|_| run.files.len() > 1)
            .map(|file| file.name.clone()),
        line: super::count(row.line),
        column: row.column,
        code: row.code,
        reason: row.reason,
        is_warning: row.is_warning,
        content: row.content,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: i64) -> Refusal {
        Refusal {
            file: 0,
            number,
            line: number + 1,
            column: None,
            code: "invalid_email".to_owned(),
            reason: String::new(),
            content: String::new(),
            is_warning: false,
        }
    }

    fn settled(numbers: std::ops::Range<i64>, from: &NotesFrom) -> (Vec<i64>, Pager) {
        let (rows, pager) = settle(numbers.map(row).collect(), from, |(name, place)| {
            format!("{name}={place}")
        });
        (rows.into_iter().map(|row| row.number).collect(), pager)
    }

    #[test]
    fn the_first_page_leads_only_onwards() {
        let (rows, pager) = settled(1..52, &NotesFrom::default());
        assert_eq!((rows.len(), rows[0]), (50, 1));
        assert_eq!(pager.previous, None);
        assert_eq!(pager.next.unwrap(), "after=0-50-invalid_email");
    }

    #[test]
    fn a_page_that_was_reached_backwards_has_the_rows_next_to_where_one_was() {
        let before = NotesFrom::Before(Place::of(&row(101)));
        let (rows, pager) = settled(50..101, &before);
        assert_eq!((rows.len(), rows[0], rows[49]), (50, 51, 100));
        assert_eq!(pager.previous.unwrap(), "before=0-51-invalid_email");
        assert_eq!(pager.next.unwrap(), "after=0-100-invalid_email");
    }
}
