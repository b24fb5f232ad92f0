//! What django-allauth keeps beside the users: addresses, with whether they were proven, and accounts elsewhere.

use serde_json::Value;

use crate::draft::Draft;
use crate::header::Header;
use crate::problem::FileError;
use crate::source::Options;
use crate::source::database::Read;

pub(super) fn open_addresses(header: &mut Header, _: &Options) -> Result<Read, FileError> {
    let user_id = header.column(&["user_id", "user"])?;
    let email = header.column(&["email"])?;
    let verified = header.column(&["verified"])?;
    Ok(Box::new(move |row, _| {
        let Some(id) = user_id.key(row)? else {
            return Ok(None);
        };
        let mut draft = Draft::addition(id);
        if let Some(email) = draft.spare(email.email(row)) {
            draft.identify(email, verified.flag(row)?);
        }
        Ok(Some(draft))
    }))
}

pub(super) fn open_accounts(header: &mut Header, _: &Options) -> Result<Read, FileError> {
    let user_id = header.column(&["user_id", "user"])?;
    let provider = header.column(&["provider"])?;
    let uid = header.column(&["uid"])?;
    let extra = header.column(&["extra_data"])?;
    Ok(Box::new(move |row, _| {
        let (Some(id), Some(subject)) = (user_id.key(row)?, uid.key(row)?) else {
            return Ok(None);
        };
        let mut draft = Draft::addition(id);
        let profile = serde_json::from_str(&extra.of(row)).ok();
        let profile = profile.filter(Value::is_object);
        draft.account(&provider.name, &provider.of(row), &subject, profile);
        Ok(Some(draft))
    }))
}
