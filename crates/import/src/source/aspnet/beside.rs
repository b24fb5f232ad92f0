//! The tables beside `AspNetUsers`: logins at other providers, roles, and tokens, among them the authenticator's secret.

use crate::draft::Draft;
use crate::header::Header;
use crate::problem::{FileError, ProblemCode, Refusal};
use crate::record::{Membership, RecoveryCode, Totp};
use crate::source::Options;
use crate::source::database::Read;

pub(super) fn open_logins(header: &mut Header, _: &Options) -> Result<Read, FileError> {
    let user_id = header.column(&["UserId"])?;
    let provider = header.column(&["LoginProvider"])?;
    let key = header.column(&["ProviderKey"])?;
    Ok(Box::new(move |row, _| {
        let Some(id) = user_id.key(row)? else {
            return Ok(None);
        };
        let mut draft = Draft::addition(id);
        draft.account(&provider.name, &provider.of(row), &key.of(row), None);
        Ok(Some(draft))
    }))
}

pub(super) fn open_roles(header: &mut Header, _: &Options) -> Result<Read, FileError> {
    let user_id = header.column(&["UserId"])?;
    let role_id = header.column(&["RoleId"])?;
    Ok(Box::new(move |row, names| {
        let Some(id) = user_id.key(row)? else {
            return Ok(None);
        };
        let mut draft = Draft::addition(id);
        if let Some(name) = names.of("AspNetRoles", role_id.of(row).trim()) {
            draft.record.organizations.push(Membership {
                external_id: None,
                roles: vec![name.to_owned()],
                permissions: Vec::new(),
            });
        } else {
            let reason = "the role has no name in this file and is left out; export AspNetRoles in the same script, before";
            draft.warn(&role_id.name, ProblemCode::UNKNOWN_ROLE, reason);
        }
        Ok(Some(draft))
    }))
}

pub(super) fn open_tokens(header: &mut Header, _: &Options) -> Result<Read, FileError> {
    let user_id = header.column(&["UserId"])?;
    let name = header.column(&["Name"])?;
    let value = header.column(&["Value"])?;
    Ok(Box::new(move |row, _| {
        let Some(id) = user_id.key(row)? else {
            return Ok(None);
        };
        // `dotnet/aspnetcore`, `UserStore.cs`: the other tokens are of sign-ins that are over.
        let mut draft = Draft::addition(id);
        match name.of(row).trim() {
            "AuthenticatorKey" => {}
            "RecoveryCodes" => {
                let cell = value.of(row);
                let codes = cell.split(';').map(RecoveryCode::parse);
                draft.record.recovery_codes = codes.filter_map(Result::ok).collect();
                return Ok(Some(draft));
            }
            _ => return Ok(None),
        }
        let totp = Totp::parse(value.of(row).trim()).map(Some);
        let totp = totp.map_err(|error| Refusal::at(&value.name, ProblemCode::INVALID_TOTP, error));
        let totp = draft.spare(totp);
        draft.record.totp.extend(totp);
        Ok(Some(draft))
    }))
}
