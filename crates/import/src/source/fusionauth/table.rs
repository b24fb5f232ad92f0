//! A CSV of the database: each row becomes the object that the JSON has.

use super::read;
use crate::header::Header;
use crate::problem::FileError;
use crate::source::rows::Rows;
use crate::source::{Options, ReadRow};

pub(super) fn columns(header: &mut Header, options: &Options) -> Result<ReadRow, FileError> {
    let rows = Rows::new(header, str::to_owned)?;
    let options = options.clone();
    Ok(Box::new(move |row| read(&rows.document(row), &options)))
}
