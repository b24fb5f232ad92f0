//! Slow hashes that say what they are, over something that is not the password itself.
//!
//! The usual ones: a program that once stored MD5 put bcrypt over its digests, as is done here on import; one that feared for
//! bcrypt's 72 bytes digests first; one that was told to adds a pepper.

use super::Search;
use super::evidence::{Salt, Target};
use crate::{Hash, Params};

/// What is under the slow hash, the likeliest first: each costs a slow hash to try.
const UNDER: [&str; 14] = [
    "md5(password)",
    "sha1(password)",
    "base64(raw(sha384(password)))",
    "sha256(password)",
    "base64(raw(sha256(password)))",
    "base64(raw(sha512(password)))",
    "sha512(password)",
    "md5(md5(password))",
    "md5(password + salt)",
    "md5(salt + password)",
    "sha1(salt + password)",
    "sha1(password + salt)",
    "salt + password",
    "password + salt",
];

/// The same with a pepper.
const PEPPERED: [&str; 8] = [
    "password + pepper",
    "pepper + password",
    "hmac_sha256(pepper, password)",
    "base64(raw(hmac_sha256(pepper, password)))",
    "hmac_sha512(pepper, password)",
    "base64(raw(hmac_sha512(pepper, password)))",
    "sha256(password + pepper)",
    "md5(password + pepper)",
];

/// Tries what may be under the hash, if it is one.
pub(super) fn search(search: &mut Search<'_>, salts: &[Salt]) {
    let plain = Params {
        formula: Some("crypt(password)".to_owned()),
        ..Params::EMPTY
    };
    let Ok(hash) = Hash::parse("custom", search.row.hash, &plain) else {
        return;
    };
    let cost = cost(&hash);
    let whole = Target {
        bytes: Vec::new(),
        layout: None,
        salt: None,
    };
    let peppers: Vec<&str> = search.peppers.to_vec();
    for pepper in peppers {
        for formula in PEPPERED {
            if !search.can_afford(cost) {
                return;
            }
            search.add_formula(format!("crypt({formula})"), &whole, None, Some(pepper));
        }
    }
    for formula in UNDER {
        let salts = if formula.contains("salt") { salts } else { &[] };
        let with_salts: Vec<Option<&Salt>> = match (formula.contains("salt"), salts) {
            (false, _) => vec![None],
            (true, salts) => salts.iter().map(Some).collect(),
        };
        for salt in with_salts {
            if !search.can_afford(cost) {
                return;
            }
            search.add_formula(format!("crypt({formula})"), &whole, salt, None);
        }
    }
}

/// What it costs to check a password against the hash: nanoseconds of one core of 2020, roughly.
pub(super) fn cost(hash: &Hash) -> u64 {
    let told = hash.describe();
    let number = |name: &str| {
        told.parameters
            .get(name)
            .and_then(serde_json::Value::as_u64)
    };
    let work = match (number("memory_kib"), number("n"), number("cost")) {
        (Some(memory), _, _) => memory * number("iterations").unwrap_or(1) * 450,
        (_, Some(n), _) => n * number("r").unwrap_or(8) * number("p").unwrap_or(1) * 350,
        (_, _, Some(cost)) => (1_u64 << cost.min(30)) * 50_000,
        _ => {
            let rounds = ["iterations", "rounds", "digests"]
                .into_iter()
                .find_map(number);
            rounds.unwrap_or(1) * 400
        }
    };
    1_000 + work * hash.verifications() as u64
}
