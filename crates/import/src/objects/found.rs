//! What is found at one place of a file: an object, or the reason why there is none.

use super::Object;
use crate::problem::{ProblemCode, Refusal};

/// What is at a place in the file.
pub(crate) struct Found<'a> {
    /// The line where it begins, from 1.
    pub(crate) line: u64,
    /// Its text, as far as it was read.
    pub(crate) text: &'a [u8],
    /// The object, or why there is none.
    pub(crate) object: Result<Object, Refusal>,
    /// In what it stands.
    pub(crate) place: Place<'a>,
}

/// In what an object stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The key of its list; blank if it stands alone or in a plain array.
    pub(crate) list: &'a str,
    /// The members of the object around that list, up to it: short values as they are, long ones as null.
    pub(crate) around: &'a Object,
}

pub(super) fn too_long() -> Refusal {
    Refusal::new(
        ProblemCode::ROW_TOO_LONG,
        "the object is longer than 1 MiB; shorten it",
    )
}

pub(super) fn parse(bytes: &[u8]) -> Result<Object, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        Refusal::new(
            ProblemCode::INVALID_ENCODING,
            "the object is not UTF-8 text; save the file as UTF-8",
        )
    })?;
    // The parser's own message may repeat a piece of the text, so only the place of the mistake is told.
    serde_json::from_str(text).map_err(|error| {
        let reason = if error.is_data() {
            "there should be one JSON object here; put one object on each line, or use one array of objects".to_owned()
        } else if error.is_eof() {
            "the JSON object is not closed; export the file again, it may have been cut".to_owned()
        } else {
            format!("the JSON is malformed near character {} of the object; correct it", error.column())
        };
        Refusal::new(ProblemCode::MALFORMED_JSON, reason)
    })
}
