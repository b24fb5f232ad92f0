//! Credentials: passwords, authenticators, recovery codes, passkeys. What they consist of is JSON as text.

use std::borrow::Cow;

use password::Params;
use serde_json::Value;

use crate::draft::{Credential, Draft, base64_bytes};
use crate::objects::{Object, Place};
use crate::problem::{ProblemCode, Refusal};
use crate::record::{InvalidPasskey, InvalidTotp, Passkey, RecoveryCode, Totp, TotpAlgorithm};
use crate::source::Options;
use crate::value::{self, MAX_NAME};

pub(super) fn read(
    user: &Object,
    place: Place<'_>,
    options: &Options,
    draft: &mut Draft,
) -> Result<(), Refusal> {
    for (index, credential) in value::objects_field(user, &["credentials"])?
        .into_iter()
        .enumerate()
    {
        read_one(credential, user, place, options, draft)
            .map_err(|refusal| refusal.within("credentials", index))?;
    }
    Ok(())
}

fn read_one(
    credential: &Object,
    user: &Object,
    place: Place<'_>,
    options: &Options,
    draft: &mut Draft,
) -> Result<(), Refusal> {
    let label = draft.text(credential, &["userLabel"], MAX_NAME);
    match value::string(credential, &["type"])?.1 {
        "password" => read_password(credential, options, draft)?,
        "otp" | "totp" | "hotp" => match totp(credential) {
            Some(totp) => draft.authenticator(
                "credentials",
                totp.map(|mut totp| {
                    totp.name = label;
                    totp
                }),
            ),
            None => draft.lost_factor("credentials"),
        },
        "webauthn" => {
            let passkey = passkey(credential, user, place, label);
            draft.passkey("credentials", passkey);
        }
        "webauthn-passwordless" => {
            let passkey = passkey(credential, user, place, label).map(|mut passkey| {
                passkey.is_discoverable = Some(true);
                passkey
            });
            draft.passkey("credentials", passkey);
        }
        "recovery-authn-codes" => read_recovery_codes(credential, draft),
        _ => draft.lost_factor("credentials"),
    }
    Ok(())
}

/// What a password consists of, in newer and older exports.
const PARTS: [&str; 6] = [
    "secretData",
    "credentialData",
    "hashedSaltedValue",
    "salt",
    "hashIterations",
    "algorithm",
];

fn read_password(credential: &Object, options: &Options, draft: &mut Draft) -> Result<(), Refusal> {
    if value::flag_field(credential, &["temporary"])? == Some(true) {
        draft.record.must_reset_password = Some(true);
    }
    let is_hashed =
        credential.contains_key("secretData") || credential.contains_key("hashedSaltedValue");
    if !is_hashed {
        if credential.contains_key("value") {
            draft.plain_password("value");
        }
        return Ok(());
    }
    let parts: Object = credential
        .iter()
        .filter(|(name, _)| PARTS.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let hash = Credential {
        column: "secretData",
        scheme: "keycloak",
        encoded: &Value::Object(parts).to_string(),
        settings: &[],
        defaults: &options.hash,
    }
    .parse();
    draft.record.password = draft.spare_uncheckable(hash)?;
    Ok(())
}

/// A member that is JSON as text, or an object where somebody has unpacked it.
fn unpacked<'a>(credential: &'a Object, name: &str) -> Option<Cow<'a, Object>> {
    match credential.get(name)? {
        Value::Object(object) => Some(Cow::Borrowed(object)),
        Value::String(text) => serde_json::from_str(text).ok().map(Cow::Owned),
        _ => None,
    }
}

/// An authenticator; `None` if its secret is not here, or its codes are counted instead of timed.
fn totp(credential: &Object) -> Option<Result<Totp, InvalidTotp>> {
    let parts = (
        unpacked(credential, "secretData"),
        unpacked(credential, "credentialData"),
    );
    let (secret, settings) = if let (Some(secret), Some(settings)) = parts {
        (secret.get("value")?.as_str()?.to_owned(), settings)
    } else {
        // The oldest exports have the members side by side.
        let secret = credential.get("hashedSaltedValue")?.as_str()?;
        (secret.to_owned(), Cow::Borrowed(credential))
    };
    let text = |name: &str| settings.get(name).and_then(Value::as_str);
    if text("subType") == Some("hotp") || text("type") == Some("hotp") {
        return None;
    }
    let number = |name: &str| settings.get(name).and_then(Value::as_u64);
    let is_base32 =
        text("secretEncoding").is_some_and(|encoding| encoding.eq_ignore_ascii_case("base32"));
    let totp = || {
        // Without an encoding, the bytes of the text are the secret.
        let mut totp = if is_base32 {
            Totp::parse(&secret)
        } else {
            Totp::from_bytes(secret.as_bytes())
        }?;
        if let Some(algorithm) = text("algorithm") {
            totp.algorithm = TotpAlgorithm::parse(algorithm)?;
        }
        if let Some(digits) = number("digits") {
            totp = totp.with_digits(u32::try_from(digits).unwrap_or(u32::MAX))?;
        }
        if let Some(period) = number("period").filter(|period| *period != 0) {
            totp = totp.with_period(u32::try_from(period).unwrap_or(u32::MAX))?;
        }
        Ok(totp)
    };
    Some(totp())
}

/// A passkey. Its domain is a setting of the realm, which is blank where that of the address is meant; its user handle is
/// the user's id.
fn passkey(
    credential: &Object,
    user: &Object,
    place: Place<'_>,
    name: Option<String>,
) -> Result<Passkey, InvalidPasskey> {
    let data = unpacked(credential, "credentialData").ok_or(InvalidPasskey::Form)?;
    let text = |name: &str| data.get(name).and_then(Value::as_str);
    let id = text("credentialId")
        .and_then(base64_bytes)
        .ok_or(InvalidPasskey::CredentialId)?;
    let key = text("credentialPublicKey")
        .and_then(base64_bytes)
        .ok_or(InvalidPasskey::PublicKey)?;
    let count = data
        .get("counter")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let transports = data
        .get("transports")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let policy = match credential.get("type").and_then(Value::as_str) {
        Some("webauthn-passwordless") => "webAuthnPolicyPasswordlessRpId",
        _ => "webAuthnPolicyRpId",
    };
    let domain = place.around.get(policy).and_then(Value::as_str);
    let mut passkey = Passkey::new(id, key)?;
    passkey.sign_count = u32::try_from(count).unwrap_or(u32::MAX);
    passkey.rp_id = domain
        .filter(|domain| !domain.is_empty())
        .map(str::to_owned);
    passkey.user_handle = user
        .get("id")
        .and_then(Value::as_str)
        .map(|id| id.as_bytes().to_vec());
    passkey.transports = transports
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    passkey.name = name;
    Ok(passkey)
}

/// Recovery codes that were not used yet: SHA-512 of each, in base64 (`RecoveryAuthnCodesUtils.hashRawCode`).
fn read_recovery_codes(credential: &Object, draft: &mut Draft) {
    let secret = unpacked(credential, "secretData");
    let codes = secret
        .as_ref()
        .and_then(|secret| secret.get("codes"))
        .and_then(Value::as_array);
    let params = Params {
        hash_encoding: Some("base64".to_owned()),
        ..Params::default()
    };
    for code in codes.into_iter().flatten() {
        let encoded = code
            .get("encodedHashedValue")
            .and_then(Value::as_str)
            .unwrap_or_default();
        match RecoveryCode::hashed("sha512", encoded, &params) {
            Ok(code) => draft.record.recovery_codes.push(code),
            Err(error) => draft.warn(
                "credentials",
                ProblemCode::INVALID_RECOVERY_CODE,
                error.to_string(),
            ),
        }
    }
}
