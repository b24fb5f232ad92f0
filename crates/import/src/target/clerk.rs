//! Clerk: the table that its own export writes, which its migration tool takes (github.com/clerk/migration-tool, transformer
//! `clerk`).
//!
//! The tool refuses people of whom no address and no number is proven; they are in the file all the same, and told.

use password::Hash;

use super::rest::{Primary, Says, id_for, usual_totp};
use super::{Frame, Losses, Settings, Target};
use crate::identifier::IdentityKind;
use crate::record::{Identity, UserRecord};

pub(super) const TARGET: Target = Target {
    name: "clerk",
    label: "Clerk",
    about: "The CSV of Clerk's own export, for the `clerk` transformer of its migration tool.",
    extension: "csv",
    frame: Frame {
        before: "id,first_name,last_name,username,primary_email_address,primary_phone_number,\
                 verified_email_addresses,unverified_email_addresses,verified_phone_numbers,\
                 unverified_phone_numbers,totp_secret,password_digest,password_hasher\n",
        between: "\n",
        after: "\n",
    },
    write,
    define: None,
};

fn write(record: &UserRecord, _: &mut Settings, losses: &mut Losses) -> Option<String> {
    let primary = Primary::of(record);
    for identity in &record.identities {
        let is_said = match identity.kind() {
            IdentityKind::Email | IdentityKind::Phone => true,
            IdentityKind::Username => primary
                .username
                .is_some_and(|one| std::ptr::eq(one, identity)),
            IdentityKind::Social { .. } => false,
        };
        if !is_said {
            losses.add("identities", identity.kind().to_string());
        }
    }
    Says::default().tell(record, losses);
    if primary.email.is_none() && primary.phone.is_none() {
        return None;
    }
    let proves = |identity: &Identity| {
        identity.is_verified()
            && matches!(identity.kind(), IdentityKind::Email | IdentityKind::Phone)
    };
    if !record.identities.iter().any(proves) {
        losses.add(
            "is_verified",
            "none is proven, so Clerk takes it only when one is",
        );
    }
    let (digest, hasher) = match record.password.as_ref().map(|hash| (hash, hasher(hash))) {
        Some((_, Some((digest, hasher)))) => (digest, hasher),
        Some((hash, None)) => {
            losses.add("password", hash.scheme());
            (String::new(), "")
        }
        None => (String::new(), ""),
    };
    let list = |kind: IdentityKind, is_verified: bool| {
        let of_kind = record
            .identities
            .iter()
            .filter(|one| one.kind() == kind && one.is_verified() == is_verified);
        let values: Vec<&str> = of_kind.map(Identity::value).collect();
        values.join(",")
    };
    let value =
        |identity: Option<&Identity>| identity.map(Identity::value).unwrap_or_default().to_owned();
    let cells = [
        id_for(record, "clerk"),
        record.given_name.clone().unwrap_or_default(),
        record.family_name.clone().unwrap_or_default(),
        value(primary.username),
        value(primary.email),
        value(primary.phone),
        list(IdentityKind::Email, true),
        list(IdentityKind::Email, false),
        list(IdentityKind::Phone, true),
        list(IdentityKind::Phone, false),
        usual_totp(record, losses)
            .map(|totp| totp.secret().to_owned())
            .unwrap_or_default(),
        digest,
        hasher.to_owned(),
    ];
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    Some(cells.join(","))
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// The digest and the hasher's name; none where Clerk has no such hasher.
fn hasher(hash: &Hash) -> Option<(String, &'static str)> {
    let params = hash.params();
    let encoded = hash.encoded().to_owned();
    let is_plain = *params == password::Params::default();
    match hash.scheme() {
        "bcrypt" if is_plain && !encoded.starts_with("$2x$") => Some((encoded, "bcrypt")),
        "argon2id" => Some((encoded, "argon2id")),
        "argon2i" => Some((encoded, "argon2i")),
        "phpass" => Some((encoded, "phpass")),
        "md5" if params.salt.is_none() => Some((encoded, "md5")),
        "sha256" if params.salt.is_none() => Some((encoded, "sha256")),
        "bcrypt_sha256" => Some((encoded, "bcrypt_sha256_django")),
        "firebase-scrypt" => {
            let parts = [
                &encoded,
                params.salt.as_ref()?,
                params.signer_key.as_ref()?,
                params.salt_separator.as_ref()?,
                &params.rounds?.to_string(),
                &params.mem_cost?.to_string(),
            ];
            let parts: Vec<&str> = parts.into_iter().map(String::as_str).collect();
            Some((parts.join("$"), "scrypt_firebase"))
        }
        _ => {
            let parts = hash.pbkdf2().filter(|parts| parts.digest == "sha256")?;
            let (salt, key) = (super::base64(&parts.salt), super::base64(&parts.key));
            let digest = format!("pbkdf2_sha256${}${salt}${key}", parts.iterations);
            Some((digest, "pbkdf2_sha256"))
        }
    }
}
