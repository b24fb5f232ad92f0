//! `userPassword`: none, one or several values, each hashed in its own way or not at all.

use password::Hash;

use super::all;
use crate::draft::{Credential, Draft};
use crate::objects::Object;
use crate::problem::{ProblemCode, Refusal};
use crate::source::Options;

/// Takes the first value that can be checked here, else Samba's hash, and tells what is left.
pub(super) fn read(entry: &Object, options: &Options, draft: &mut Draft) {
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut n_left = 0;
    for value in all(entry, "userpassword") {
        if draft.record.password.is_some() {
            n_left += 1;
            continue;
        }
        match parse(value, options) {
            Ok(hash) => draft.record.password = hash,
            Err(refusal) => refusals.push(refusal),
        }
    }
    if draft.record.password.is_none() {
        draft.record.password = nt_hash(entry, options);
    }
    if draft.record.password.is_none() {
        // One reason is enough to mend the entry.
        draft
            .warnings
            .extend(refusals.into_iter().next().map(Into::into));
        return;
    }
    if n_left + refusals.len() > 0 {
        let reason = "the entry has several passwords; the first that can be checked here is taken, and the others are left";
        draft.warn("userpassword", ProblemCode::NOT_IMPORTED, reason);
    }
}

fn parse(value: &str, options: &Options) -> Result<Option<Hash>, Refusal> {
    let refuse = |reason| Refusal::at("userpassword", ProblemCode::UNSUPPORTED_SCHEME, reason);
    let tag = value
        .trim_start()
        .split_once('}')
        .map_or("", |(tag, _)| tag);
    // Names a server that checks the password; there is nothing to take.
    if tag.eq_ignore_ascii_case("{SASL") {
        return Err(refuse(
            "the password lies with another server, which SASL asks; the person chooses one here",
        ));
    }
    let is_plain = !value.trim_start().starts_with(['{', '$']);
    if is_plain || tag.eq_ignore_ascii_case("{CLEARTEXT") || tag.eq_ignore_ascii_case("{CLEAR") {
        return Err(refuse(
            "the password stands there in plain text and is not taken; let the directory hash it, or let the person choose one",
        ));
    }
    Credential {
        column: "userpassword",
        scheme: "",
        encoded: value,
        settings: &[],
        defaults: &options.hash,
    }
    .parse()
}

/// Samba's hash: MD4 of the password as UTF-16.
fn nt_hash(entry: &Object, options: &Options) -> Option<Hash> {
    Credential {
        column: "sambantpassword",
        scheme: "md4",
        encoded: all(entry, "sambantpassword").next()?,
        settings: &[("password_encoding", "utf16le"), ("hash_encoding", "hex")],
        defaults: &options.hash,
    }
    .parse()
    .ok()
    .flatten()
}
