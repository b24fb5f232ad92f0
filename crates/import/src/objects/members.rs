//! The members of one object, found without holding it: keys, short values, and where a list of records begins.

use serde_json::Value;

use super::Object;
use super::nesting::{Nesting, Opening};

/// 255 bytes: what is kept of a value around the records. Ids and names are shorter.
const MAX_VALUE: usize = 255;

/// 256: how many members are kept. Pages have five, a Keycloak realm some hundred.
const MAX_MEMBERS: usize = 256;

/// Goes through an object whose bytes arrive piece by piece, its opening bracket not among them.
pub(super) struct Members {
    nesting: &'static Nesting,
    state: State,
    key: Vec<u8>,
    value: Vec<u8>,
    is_marked: bool,
    seen: Object,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a key, or after a value.
    Between,
    Key {
        after_backslash: bool,
    },
    Colon,
    Value,
    Text {
        after_backslash: bool,
    },
    /// A number, `true`, `false` or `null`.
    Bare,
    /// In a value that is passed over: how many brackets are open.
    Passing {
        depth: usize,
        in_string: bool,
        after_backslash: bool,
    },
}

/// How far the object was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// At this byte of the piece, a value begins in which there are records. It is for the caller to read.
    Opens(usize, Opening),
    /// By this byte a key was read that no record has.
    Marked(usize),
    /// The object ends before this byte.
    Ends(usize),
    /// It goes on beyond the piece.
    GoesOn,
}

impl Members {
    pub(super) fn new(nesting: &'static Nesting) -> Self {
        let state = if nesting.is_flat() {
            // Nothing inside matters: the whole is one value to pass.
            State::Passing {
                depth: 1,
                in_string: false,
                after_backslash: false,
            }
        } else {
            State::Between
        };
        Self {
            nesting,
            state,
            key: Vec::new(),
            value: Vec::new(),
            is_marked: false,
            seen: Object::new(),
        }
    }

    /// The members so far: short texts, numbers and truths as they are, anything else as null.
    pub(super) fn seen(&self) -> &Object {
        &self.seen
    }

    pub(super) fn into_seen(self) -> Object {
        self.seen
    }

    pub(super) fn step(&mut self, piece: &[u8]) -> Step {
        for (at, &byte) in piece.iter().enumerate() {
            match self.state {
                State::Between => match byte {
                    b'"' => {
                        self.key.clear();
                        self.state = State::Key {
                            after_backslash: false,
                        };
                    }
                    b'}' | b']' => return Step::Ends(at + 1),
                    _ => {}
                },
                State::Key { after_backslash } => {
                    if byte == b'"' && !after_backslash {
                        self.state = State::Colon;
                    } else {
                        keep(&mut self.key, byte);
                        self.state = State::Key {
                            after_backslash: byte == b'\\' && !after_backslash,
                        };
                    }
                }
                State::Colon => match byte {
                    b':' => {
                        self.state = State::Value;
                        if !self.is_marked && self.nesting.is_mark(&self.key) {
                            self.is_marked = true;
                            return Step::Marked(at + 1);
                        }
                    }
                    byte if byte.is_ascii_whitespace() => {}
                    b'}' | b']' => return Step::Ends(at + 1),
                    _ => self.state = State::Between,
                },
                State::Value => {
                    if let Some(step) = self.begin_value(at, byte) {
                        return step;
                    }
                }
                State::Text { after_backslash } => {
                    keep(&mut self.value, byte);
                    if byte == b'"' && !after_backslash {
                        self.end_value();
                    } else {
                        self.state = State::Text {
                            after_backslash: byte == b'\\' && !after_backslash,
                        };
                    }
                }
                State::Bare => match byte {
                    b'}' | b']' => {
                        self.end_value();
                        return Step::Ends(at + 1);
                    }
                    b',' => self.end_value(),
                    byte if byte.is_ascii_whitespace() => self.end_value(),
                    byte => keep(&mut self.value, byte),
                },
                State::Passing {
                    depth,
                    in_string,
                    after_backslash,
                } => {
                    let depth = match byte {
                        b'{' | b'[' if !in_string => depth + 1,
                        b'}' | b']' if !in_string => depth - 1,
                        _ => depth,
                    };
                    let is_quote = byte == b'"' && !after_backslash;
                    self.state = State::Passing {
                        depth,
                        in_string: in_string != is_quote,
                        after_backslash: in_string && byte == b'\\' && !after_backslash,
                    };
                    if depth == 0 {
                        self.state = State::Between;
                        if self.nesting.is_flat() {
                            return Step::Ends(at + 1);
                        }
                    }
                }
            }
        }
        Step::GoesOn
    }

    fn begin_value(&mut self, at: usize, byte: u8) -> Option<Step> {
        self.value.clear();
        match byte {
            byte if byte.is_ascii_whitespace() => {}
            b'"' => {
                self.value.push(byte);
                self.state = State::Text {
                    after_backslash: false,
                };
            }
            b'{' | b'[' => {
                self.remember(Value::Null);
                if let Some(opening) = self.nesting.opening(&self.key, byte) {
                    self.state = State::Between;
                    return Some(Step::Opens(at, opening));
                }
                self.state = State::Passing {
                    depth: 1,
                    in_string: false,
                    after_backslash: false,
                };
            }
            b'}' | b']' => return Some(Step::Ends(at + 1)),
            b',' => self.state = State::Between,
            byte => {
                self.value.push(byte);
                self.state = State::Bare;
            }
        }
        None
    }

    fn end_value(&mut self) {
        self.state = State::Between;
        // What is too long to be kept is no longer JSON, and becomes null.
        let value = serde_json::from_slice(&self.value).unwrap_or(Value::Null);
        self.remember(value);
    }

    fn remember(&mut self, value: Value) {
        if self.seen.len() < MAX_MEMBERS
            && let Ok(key) = std::str::from_utf8(&self.key)
        {
            self.seen.insert(key.to_owned(), value);
        }
    }
}

/// Adds a byte to what is kept, unless that is long already.
fn keep(kept: &mut Vec<u8>, byte: u8) {
    if kept.len() <= MAX_VALUE {
        kept.push(byte);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PAGES: Nesting = Nesting {
        lists: &["users"],
        outer: &["realms"],
        marks: &["realm"],
    };

    /// The steps through an object, and the members seen; the lists of records are empty.
    fn steps(text: &str) -> (Vec<Step>, Object) {
        let mut members = Members::new(&PAGES);
        let mut at = 1;
        let mut steps = Vec::new();
        loop {
            let step = members.step(&text.as_bytes()[at..]);
            match step {
                Step::Opens(n_bytes, _) => at += n_bytes + 2,
                Step::Marked(n_bytes) => at += n_bytes,
                Step::Ends(_) | Step::GoesOn => {
                    steps.push(step);
                    return (steps, members.seen().clone());
                }
            }
            steps.push(step);
        }
    }

    #[test]
    fn a_list_of_records_is_found_among_other_members() {
        let (steps, seen) = steps(
            r#"{ "kind" : "page", "n":-1.5,"deep":{"users":[]},"text":"\"users\":[", "users": [],"next":null}"#,
        );
        assert!(matches!(
            steps[0],
            Step::Opens(_, Opening::Records("users"))
        ));
        assert!(matches!(steps[1], Step::Ends(_)));
        let expected = json!({"kind": "page", "n": -1.5, "deep": null, "text": "\"users\":[", "users": null, "next": null});
        assert_eq!(Value::Object(seen), expected);
    }

    #[test]
    fn a_list_under_a_key_with_a_list_inside_is_opened_for_a_look() {
        let (steps, _) = steps(r#"{"realms":[]}"#);
        assert_eq!(steps, [Step::Opens(9, Opening::Candidates), Step::Ends(1)]);
    }

    #[test]
    fn a_mark_is_told_once() {
        let (steps, seen) = steps(r#"{"realm":"a","realm":"b"}"#);
        assert_eq!(steps, [Step::Marked(8), Step::Ends(16)]);
        assert_eq!(seen["realm"], "b");
    }

    #[test]
    fn a_long_value_is_not_kept() {
        let (_, seen) = steps(&format!(r#"{{"logo":"{}"}}"#, "x".repeat(10_000)));
        assert_eq!(seen["logo"], Value::Null);
    }
}
