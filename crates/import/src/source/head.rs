//! A look at the start of a file before anything of it is taken.

use std::io::Cursor;

use super::{Kind, Options, Reader, Source};
use crate::problem::{FileError, ProblemCode};

/// The codes of hashes that cannot be read for want of something that belongs to their project.
const PROJECT_CODES: [ProblemCode; 4] = [
    ProblemCode::new("invalid_signer_key"),
    ProblemCode::new("invalid_salt_separator"),
    ProblemCode::new("invalid_rounds"),
    ProblemCode::new("invalid_mem_cost"),
];

/// Refuses a file whose passwords need parameters of the whole project that are missing or wrong. Otherwise each of a
/// million rows would be refused, for one and the same reason.
pub(super) fn check(source: &Source, head: &[u8], options: &Options) -> Result<(), FileError> {
    if source.project_params.is_empty() || head.is_empty() {
        return Ok(());
    }
    let input = Box::new(Cursor::new(head.to_vec()));
    let reader = Reader::open(source, Kind::of(head), None, input, options)?;
    let refused = reader
        .filter_map(Result::err)
        .find(|problem| PROJECT_CODES.contains(&problem.code));
    let Some(refused) = refused else {
        return Ok(());
    };
    let given: Vec<_> = options.hash.present().collect();
    let missing: Vec<_> = source
        .project_params
        .iter()
        .copied()
        .filter(|name| !given.contains(name))
        .collect();
    Err(FileError::HashParameters {
        missing: missing.join(", "),
        reason: refused.reason,
    })
}
