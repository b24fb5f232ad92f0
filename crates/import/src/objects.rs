//! JSON objects, one at a time: one after another (NDJSON, or printed over several lines), the elements of one array, or the
//! elements of lists inside other objects, such as the pages of an API or one key of a large configuration.
//!
//! What each object is, its place tells. Between lines, a malformed one costs itself. In an array, an element is found
//! by its brackets, so a malformed one costs itself too, as long as its brackets and quotes balance. No object takes
//! more than 1 MiB of memory, whatever the file holds, and what stands around the lists is passed over unread.

mod brackets;
mod found;
mod members;
mod nesting;

use std::io;

use serde_json::{Map, Value};

use crate::input::{Bytes, MAX_ROW, Window, count_lines};
use crate::problem::{FileError, ProblemCode, Refusal};
use brackets::{Brackets, Span};
pub(crate) use found::{Found, Place};
use found::{parse, too_long};
use members::{Members, Step};
pub(crate) use nesting::Nesting;
use nesting::Opening;

/// A JSON object, parsed.
pub(crate) type Object = Map<String, Value>;

/// 32: how deep lists may stand in one another. Deeper ones are refused like any element that is no object.
const MAX_LEVELS: usize = 32;

/// The objects of a file.
pub(crate) struct Objects {
    window: Window,
    nesting: &'static Nesting,
    /// Which lists and objects are open, outermost first.
    levels: Vec<Level>,
    /// Whether an object stood alone. After one, a bracket at the start of a line is a mistake.
    is_in_lines: bool,
    /// The line of what is pending, from 1.
    line: u64,
    /// What to give up before the next object is looked for; until then it is lent out.
    done: usize,
    /// The members of the object around records that was left last.
    left: Object,
    /// What is around an object with nothing around it.
    nothing: Object,
}

enum Level {
    /// A list whose elements are records, with its key.
    Records(&'static str),
    /// A list whose elements are records, or have lists of records.
    Candidates,
    /// An object that has lists of records.
    Around(Members),
}

/// What comes of looking at an object.
enum Look {
    /// It has records inside, and was entered.
    Entered,
    /// It is one, lent out, or cannot be read.
    Record(Result<(), Refusal>),
}

impl Objects {
    /// Looks at the first character.
    ///
    /// # Errors
    ///
    /// [`FileError::Empty`] when there is none; [`FileError::Unreadable`].
    pub(crate) fn open(input: Bytes, nesting: &'static Nesting) -> Result<Self, FileError> {
        let mut objects = Self {
            window: Window::new(input),
            nesting,
            levels: Vec::new(),
            is_in_lines: false,
            line: 1,
            done: 0,
            left: Object::new(),
            nothing: Object::new(),
        };
        match objects.skip_blank(b"")? {
            None => Err(FileError::Empty),
            Some(_) => Ok(objects),
        }
    }

    /// The line of the object that was found last.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The members of the object around records that was left last, or in whose middle the file ends.
    pub(crate) fn left(&self) -> &Object {
        &self.left
    }

    fn place(&self) -> Place<'_> {
        let list = match self.levels.last() {
            Some(Level::Records(key)) => key,
            _ => "",
        };
        let around = self.levels.iter().rev().find_map(|level| match level {
            Level::Around(members) => Some(members.seen()),
            _ => None,
        });
        Place {
            list,
            around: around.unwrap_or(&self.nothing),
        }
    }

    /// The next object, or what stands in the place of one; `None` at the end.
    ///
    /// # Errors
    ///
    /// When the input cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Found<'_>>> {
        self.give_up(self.done);
        self.done = 0;
        let (line, outcome) = loop {
            if let Some(Level::Around(_)) = self.levels.last() {
                match self.walk()? {
                    None => continue,
                    Some(refusal) => break (self.line, Err(refusal)),
                }
            }
            let filler: &[u8] = if self.levels.is_empty() { b"" } else { b"," };
            let Some(first) = self.skip_blank(filler)? else {
                match self.cut() {
                    None => return Ok(None),
                    Some(refusal) => break (self.line, Err(refusal)),
                }
            };
            let line = self.line;
            match self.look(first)? {
                Look::Entered => {}
                Look::Record(outcome) => break (line, outcome),
            }
        };
        let text = self.window.pending()[..self.done].trim_ascii_end();
        let object = outcome.and_then(|()| parse(text));
        let place = self.place();
        Ok(Some(Found {
            line,
            text,
            object,
            place,
        }))
    }

    /// Enters what begins here, or finds its end and lends it out.
    fn look(&mut self, first: u8) -> io::Result<Look> {
        let has_room = self.levels.len() < MAX_LEVELS;
        match (self.levels.last(), first) {
            (None, b'[') if !self.is_in_lines => {
                self.enter(1, Level::Candidates);
                Ok(Look::Entered)
            }
            (None, b'{') => self.candidate(),
            (None, _) => {
                self.is_in_lines = true;
                self.rest_of_line().map(Look::Record)
            }
            (Some(_), b']') => {
                self.give_up(1);
                self.leave();
                Ok(Look::Entered)
            }
            (Some(Level::Candidates), b'[') if has_room => {
                self.enter(1, Level::Candidates);
                Ok(Look::Entered)
            }
            (Some(Level::Candidates), b'{') if has_room && !self.nesting.is_flat() => {
                self.candidate()
            }
            (Some(_), _) => self.element().map(Look::Record),
        }
    }

    /// Goes in, past the first `n_bytes`.
    fn enter(&mut self, n_bytes: usize, level: Level) {
        self.give_up(n_bytes);
        self.levels.push(level);
    }

    fn open_list(&mut self, n_bytes: usize, opening: Opening) {
        let level = match opening {
            Opening::Records(key) => Level::Records(key),
            Opening::Candidates => Level::Candidates,
            Opening::Around => Level::Around(Members::new(self.nesting)),
        };
        self.enter(n_bytes + 1, level);
    }

    fn leave(&mut self) {
        if let Some(Level::Around(members)) = self.levels.pop() {
            self.left = members.into_seen();
        }
    }

    /// Leaves everything, since the file ends here.
    fn leave_all(&mut self) {
        while !self.levels.is_empty() {
            self.leave();
        }
    }

    /// Goes on through the object that is open, to its next list or its end. What cannot be read is told.
    fn walk(&mut self) -> io::Result<Option<Refusal>> {
        loop {
            let n_levels = self.levels.len();
            let Some(Level::Around(members)) = self.levels.last_mut() else {
                return Ok(None);
            };
            match members.step(self.window.pending()) {
                Step::Opens(n_bytes, opening) if n_levels < MAX_LEVELS => {
                    self.open_list(n_bytes, opening);
                    return Ok(None);
                }
                Step::Opens(n_bytes, _) | Step::Marked(n_bytes) => self.give_up(n_bytes),
                Step::Ends(n_bytes) => {
                    self.give_up(n_bytes);
                    self.leave();
                    return Ok(None);
                }
                Step::GoesOn => {
                    self.give_up(self.window.pending().len());
                    if self.window.has_ended() {
                        return Ok(self.cut());
                    }
                    self.window.grow()?;
                }
            }
        }
    }

    /// Looks into the object that begins what is pending: enters it if it has records inside, otherwise finds its end
    /// and lends it out. Where objects stand alone, a line that begins with a bracket begins another object, so that
    /// one that was cut takes no other with it.
    fn candidate(&mut self) -> io::Result<Look> {
        let is_alone = self.levels.is_empty();
        let mut members = Members::new(self.nesting);
        let (mut at, mut is_too_long) = (1, false);
        loop {
            let pending = &self.window.pending()[at..];
            let line_feed = pending.iter().position(|&b| b == b'\n');
            let piece = &pending[..line_feed.map_or(pending.len(), |distance| distance + 1)];
            match members.step(piece) {
                Step::Opens(n_bytes, opening) => {
                    self.enter(at + n_bytes, Level::Around(members));
                    self.open_list(0, opening);
                    return Ok(Look::Entered);
                }
                Step::Marked(n_bytes) => {
                    self.enter(at + n_bytes, Level::Around(members));
                    return Ok(Look::Entered);
                }
                Step::Ends(n_bytes) => {
                    at += n_bytes;
                    break;
                }
                Step::GoesOn => at += piece.len(),
            }
            if at > MAX_ROW {
                is_too_long = true;
                self.give_up(at);
                at = 0;
            }
            if self.window.pending().len() == at {
                if self.window.has_ended() {
                    self.leave_all();
                    break;
                }
                self.window.grow()?;
            }
            let next = self.window.pending().get(at);
            if is_alone && line_feed.is_some() && matches!(next, Some(b'{' | b'[')) {
                break;
            }
        }
        self.is_in_lines |= is_alone;
        if is_too_long || at > MAX_ROW {
            self.give_up(at);
            return Ok(Look::Record(Err(too_long())));
        }
        self.done = at;
        Ok(Look::Record(Ok(())))
    }

    /// At the end of the file: what is wrong if something is still open.
    fn cut(&mut self) -> Option<Refusal> {
        let is_open = !self.levels.is_empty();
        self.leave_all();
        is_open.then(|| {
            Refusal::new(
                ProblemCode::MALFORMED_JSON,
                "the file ends inside a list; export it again, it may have been cut",
            )
        })
    }

    /// Passes white space and `filler`, and tells what comes then.
    fn skip_blank(&mut self, filler: &[u8]) -> io::Result<Option<u8>> {
        loop {
            let pending = self.window.pending();
            let is_filler = |b: &u8| b.is_ascii_whitespace() || filler.contains(b);
            match pending.iter().position(|b| !is_filler(b)) {
                Some(n_bytes) => {
                    let first = pending[n_bytes];
                    self.give_up(n_bytes);
                    return Ok(Some(first));
                }
                None if self.window.has_ended() => return Ok(None),
                None => {
                    self.give_up(pending.len());
                    self.window.grow()?;
                }
            }
        }
    }

    /// Finds the end of the line that begins what is pending, and lends it out.
    fn rest_of_line(&mut self) -> io::Result<Result<(), Refusal>> {
        let mut looked_at = 0;
        loop {
            let pending = self.window.pending();
            let end = pending[looked_at..].iter().position(|&b| b == b'\n');
            let end = end.map(|distance| looked_at + distance);
            looked_at = end.unwrap_or(pending.len());
            if looked_at > MAX_ROW {
                self.skip_line()?;
                return Ok(Err(too_long()));
            }
            if end.is_some() || self.window.has_ended() {
                self.done = looked_at;
                return Ok(Ok(()));
            }
            self.window.grow()?;
        }
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let pending = self.window.pending();
            match pending.iter().position(|&b| b == b'\n') {
                Some(n_bytes) => {
                    self.give_up(n_bytes);
                    return Ok(());
                }
                None if self.window.has_ended() => {
                    self.give_up(pending.len());
                    return Ok(());
                }
                None => {
                    self.give_up(pending.len());
                    self.window.grow()?;
                }
            }
        }
    }

    /// Finds the end of the element that begins what is pending, and lends it out.
    fn element(&mut self) -> io::Result<Result<(), Refusal>> {
        let mut brackets = Brackets::default();
        let mut looked_at = 0;
        let mut is_too_long = false;
        loop {
            match brackets.span(&self.window.pending()[looked_at..]) {
                // A stray bracket is an element of its own, so that reading gets past it.
                Span::Ends(0) if looked_at == 0 && !is_too_long => looked_at = 1,
                Span::Ends(n_bytes) => looked_at += n_bytes,
                Span::GoesOn if !self.window.has_ended() => {
                    looked_at = self.window.pending().len();
                    if looked_at > MAX_ROW {
                        is_too_long = true;
                        self.give_up(looked_at);
                        looked_at = 0;
                    }
                    self.window.grow()?;
                    continue;
                }
                Span::GoesOn => {
                    looked_at = self.window.pending().len();
                    self.leave_all();
                }
            }
            if is_too_long || looked_at > MAX_ROW {
                self.give_up(looked_at);
                return Ok(Err(too_long()));
            }
            self.done = looked_at;
            return Ok(Ok(()));
        }
    }

    fn give_up(&mut self, n_bytes: usize) {
        self.line += count_lines(&self.window.pending()[..n_bytes]);
        self.window.consume(n_bytes);
    }
}

#[cfg(test)]
mod tests;
