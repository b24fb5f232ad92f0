//! An account elsewhere: `provider` and `uid`, as OmniAuth names them.

use crate::draft::Draft;
use crate::header::Header;
use crate::problem::FileError;
use crate::source::Options;
use crate::source::database::Read;

pub(super) fn open(header: &mut Header, _: &Options) -> Result<Read, FileError> {
    let user_id = header.column(&["user_id"])?;
    let provider = header.column(&["provider"])?;
    let uid = header.column(&["uid"])?;
    Ok(Box::new(move |row, _| {
        let Some(id) = user_id.key(row)? else {
            return Ok(None);
        };
        let mut draft = Draft::addition(id);
        draft.account(&provider.name, &provider.of(row), &uid.of(row), None);
        Ok(Some(draft))
    }))
}
