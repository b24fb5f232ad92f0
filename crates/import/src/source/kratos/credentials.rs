//! Credentials: by type, each with the identifiers that it is found by and a configuration of its own.

use serde_json::Value;

use crate::draft::{Credential, Draft, base64_bytes};
use crate::objects::Object;
use crate::problem::Refusal;
use crate::record::{InvalidPasskey, Passkey, Totp};
use crate::source::Options;
use crate::value::{self, MAX_NAME};

pub(super) fn read(
    credentials: &Object,
    options: &Options,
    draft: &mut Draft,
) -> Result<(), Refusal> {
    for (kind, credential) in credentials {
        let Some(credential) = credential.as_object() else {
            continue;
        };
        let empty = Object::new();
        let config = value::object_field(credential, &["config"])?.unwrap_or(&empty);
        match kind.as_str() {
            "password" => {
                for identifier in value::keys_field(credential, "identifiers")? {
                    draft.sign_in_name("credentials.password.identifiers", &identifier);
                }
                read_password(config, options, draft)?;
            }
            "oidc" => read_accounts(config, draft)?,
            "saml" => draft.foreign_account("credentials.saml", "a SAML provider"),
            "totp" => {
                let address = value::string(config, &["totp_url"])?.1;
                if address.is_empty() {
                    draft.lost_factor("credentials.totp");
                } else {
                    draft.authenticator("credentials.totp", Totp::from_address(address));
                }
            }
            "lookup_secret" => read_recovery_codes(config, draft)?,
            "webauthn" | "passkey" => read_passkeys(kind == "passkey", config, draft)?,
            // A code is sent to an address, which stands elsewhere.
            _ => {}
        }
    }
    Ok(())
}

fn read_password(config: &Object, options: &Options, draft: &mut Draft) -> Result<(), Refusal> {
    if config.contains_key("password") {
        draft.plain_password("credentials.password.config");
        return Ok(());
    }
    let hash = Credential {
        column: "credentials.password.config.hashed_password",
        scheme: "ory",
        encoded: value::string(config, &["hashed_password"])?.1,
        settings: &[],
        defaults: &options.hash,
    }
    .parse();
    draft.record.password = draft.spare_uncheckable(hash)?;
    Ok(())
}

fn read_accounts(config: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    for account in value::objects_field(config, &["providers"])? {
        let provider = value::string(account, &["provider"])?.1;
        let subject = value::id_field(account, &["subject"])?.unwrap_or_default();
        draft.account("credentials.oidc", provider, &subject, None);
    }
    Ok(())
}

/// Codes that were not used yet.
fn read_recovery_codes(config: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    for code in value::objects_field(config, &["recovery_codes"])? {
        // Go's zero time stands for never.
        let used_at = value::string(code, &["used_at"])?.1;
        if used_at.is_empty() || used_at.starts_with("0001-") {
            draft.recovery_code(
                "credentials.lookup_secret",
                value::string(code, &["code"])?.1,
            );
        }
    }
    Ok(())
}

fn read_passkeys(is_passkey: bool, config: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let user_handle = base64_bytes(value::string(config, &["user_handle"])?.1);
    for credential in value::objects_field(config, &["credentials"])? {
        let name = draft.text(credential, &["display_name"], MAX_NAME);
        let is_passwordless = credential.get("is_passwordless").and_then(Value::as_bool);
        let passkey = passkey(credential).map(|mut passkey| {
            passkey.user_handle = user_handle.clone().filter(|handle| !handle.is_empty());
            passkey.name = name;
            passkey.is_discoverable = if is_passkey {
                Some(true)
            } else {
                is_passwordless
            };
            passkey
        });
        draft.passkey("credentials.webauthn", passkey);
    }
    Ok(())
}

fn passkey(credential: &Object) -> Result<Passkey, InvalidPasskey> {
    let bytes = |name: &str| {
        let text = credential.get(name).and_then(Value::as_str);
        text.and_then(base64_bytes)
    };
    let id = bytes("id").ok_or(InvalidPasskey::CredentialId)?;
    let key = bytes("public_key").ok_or(InvalidPasskey::PublicKey)?;
    let mut passkey = Passkey::new(id, key)?;
    let count = credential
        .get("authenticator")
        .and_then(|part| part.get("sign_count"));
    let count = count.and_then(Value::as_u64).unwrap_or_default();
    passkey.sign_count = u32::try_from(count).unwrap_or(u32::MAX);
    passkey.transports = texts(credential.get("transport"));
    Ok(passkey)
}

/// The texts of a list.
fn texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}
