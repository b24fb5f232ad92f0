//! Which lists inside other JSON hold the records of a file.

/// Where a source's records are, beside lines and plain arrays. Pages of an API have them under one key,
/// `{"users":[…],"nextPageToken":…}`; a whole configuration has them deep among everything else.
#[derive(Debug)]
pub(crate) struct Nesting {
    /// Keys of lists whose elements are records.
    pub(crate) lists: &'static [&'static str],
    /// Keys of objects, or lists of objects, that have such lists inside.
    pub(crate) outer: &'static [&'static str],
    /// Keys that no record has. An object with one of them is not a record, even if it has no list of any.
    pub(crate) marks: &'static [&'static str],
}

/// What begins at a member's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// A list of records, by its key.
    Records(&'static str),
    /// A list of objects that may have lists of records, or may be records.
    Candidates,
    /// An object that has lists of records.
    Around,
}

impl Nesting {
    /// Records stand alone or in one array.
    pub(crate) const FLAT: Self = Self {
        lists: &[],
        outer: &[],
        marks: &[],
    };

    /// Whether no object needs a look inside.
    pub(crate) fn is_flat(&self) -> bool {
        self.lists.is_empty() && self.outer.is_empty() && self.marks.is_empty()
    }

    /// What the value of `key` is, told by its first byte; `None` for what holds no records.
    pub(super) fn opening(&self, key: &[u8], first: u8) -> Option<Opening> {
        let among = |keys: &[&'static str]| {
            keys.iter()
                .copied()
                .find(|candidate| candidate.as_bytes() == key)
        };
        match first {
            b'[' => among(self.lists)
                .map(Opening::Records)
                .or_else(|| among(self.outer).map(|_| Opening::Candidates)),
            b'{' => among(self.outer).map(|_| Opening::Around),
            _ => None,
        }
    }

    pub(super) fn is_mark(&self, key: &[u8]) -> bool {
        self.marks.iter().any(|mark| mark.as_bytes() == key)
    }
}
