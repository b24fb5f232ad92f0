//! Functions that are applied again and again: digests of digests, PBKDF2, scrypt.
//!
//! The number of rounds need not be known: each round's outcome is compared, and the rounds are counted. All chains go a
//! little way first, then further, as long as there is patience: low numbers are the likelier ones. PBKDF2 is a stage ahead of
//! the others: it is made for many rounds, and there are few ways to feed it.

use super::evidence::{self, Salt, Target};
use super::{Reading, Search, messages};
use crate::Params;
use crate::digest::Digest;

/// How far chains go, one stage after the other.
const DEPTHS: [u64; 6] = [1_100, 5_100, 25_100, 100_100, 310_100, 1_000_100];

/// How many stages PBKDF2 is ahead.
const AHEAD: usize = 1;

/// The usual costs of scrypt: N, r, p.
const SCRYPT: [(u64, u64, u64); 4] = [
    (16_384, 8, 1),
    (16_384, 16, 1),
    (32_768, 8, 1),
    (65_536, 8, 1),
];

/// 8 of the salts, those that are called so first.
const MAX_SALTS: usize = 8;

/// Something that is applied again and again.
struct Chain<'a> {
    target: &'a Target,
    salt: Option<&'a Salt>,
    kind: Kind,
    rounds: u64,
}

enum Kind {
    /// A digest of the outcome before, with this before and behind it.
    Digests {
        digest: Digest,
        is_raw: bool,
        before: Vec<u8>,
        behind: Vec<u8>,
        /// How a formula writes the start and a round.
        start: String,
        round: String,
        value: Vec<u8>,
    },
    /// The first block of PBKDF2: what each round comes to, and all of them together.
    Pbkdf2 {
        digest: Digest,
        password: Vec<u8>,
        /// How a formula writes the password.
        formula: &'static str,
        last: Vec<u8>,
        sum: Vec<u8>,
    },
}

/// Tries what takes rounds.
pub(super) fn search(search: &mut Search<'_>, targets: &[Target], salts: &[Salt]) {
    let own: Vec<(usize, Vec<Salt>)> = targets
        .iter()
        .enumerate()
        .filter_map(|(at, target)| Some((at, evidence::readings(None, target.salt.as_ref()?))))
        .collect();
    let mut chains = Vec::new();
    for (at, target) in targets.iter().enumerate() {
        let of_text = own
            .iter()
            .find(|(of, _)| *of == at)
            .map(|(_, salts)| salts.as_slice());
        let salts = of_text.unwrap_or(&salts[..salts.len().min(MAX_SALTS)]);
        if target.salt.is_none() {
            chains.extend(digests(search.row.password, target, None));
        }
        for salt in salts {
            chains.extend(pbkdf2(search.row.password, target, salt));
            chains.extend(digests(search.row.password, target, Some(salt)));
        }
    }
    chains.sort_by_key(|chain| !chain.is_pbkdf2());
    for stage in 0..DEPTHS.len() {
        if stage == 2 && search.found.is_empty() {
            scrypt(search, targets, salts);
        }
        for chain in &mut chains {
            let ahead = if chain.is_pbkdf2() { AHEAD } else { 0 };
            let depth = DEPTHS[(stage + ahead).min(DEPTHS.len() - 1)];
            let more = depth.saturating_sub(chain.rounds);
            if !search.can_afford(more * chain.cost()) {
                continue;
            }
            if let Some(formula) = chain.advance(more) {
                search.add_formula(formula, chain.target, chain.salt, None);
            }
        }
        if !search.found.is_empty() {
            return;
        }
    }
}

/// The chains of digests over password and salt.
fn digests<'a>(password: &str, target: &'a Target, salt: Option<&'a Salt>) -> Vec<Chain<'a>> {
    let no_salt = Vec::new();
    let salt_bytes = salt.map_or(&no_salt, |salt| &salt.bytes);
    let password = password.as_bytes();
    let starts: &[(&str, [&[u8]; 2])] = match salt {
        None => &[("password", [password, b""])],
        Some(_) => &[
            ("salt + password", [salt_bytes, password]),
            ("password + salt", [password, salt_bytes]),
        ],
    };
    let rounds: &[(&str, [&[u8]; 2])] = match salt {
        None => &[
            ("previous", [b"", b""]),
            ("previous + password", [b"", password]),
            ("password + previous", [password, b""]),
        ],
        Some(_) => &[
            ("previous", [b"", b""]),
            ("previous + password", [b"", password]),
            ("password + previous", [password, b""]),
            ("previous + salt", [b"", salt_bytes]),
            ("salt + previous", [salt_bytes, b""]),
            ("salt + previous + password", [salt_bytes, password]),
            ("password + previous + salt", [password, salt_bytes]),
        ],
    };
    let mut chains = Vec::new();
    for digest in messages::digests(target.bytes.len()) {
        for (start, pieces) in starts {
            for (round, [before, behind]) in rounds {
                for is_raw in [false, true] {
                    chains.push(Chain {
                        target,
                        salt,
                        rounds: 0,
                        kind: Kind::Digests {
                            digest,
                            is_raw,
                            before: before.to_vec(),
                            behind: behind.to_vec(),
                            start: (*start).to_owned(),
                            round: (*round).to_owned(),
                            value: digest.of(pieces),
                        },
                    });
                }
            }
        }
    }
    chains
}

/// PBKDF2 over the password, under each usual digest.
fn pbkdf2<'a>(password: &str, target: &'a Target, salt: &'a Salt) -> Vec<Chain<'a>> {
    let utf16: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let passwords = [
        ("password", password.as_bytes().to_vec()),
        ("utf16le(password)", utf16),
    ];
    let mut chains = Vec::new();
    for digest in [Digest::Sha256, Digest::Sha1, Digest::Sha512, Digest::Md5] {
        // A key is seldom shorter than the digest, and then not by choice.
        if target.bytes.len() < 16 {
            continue;
        }
        for (formula, password) in &passwords {
            let first = digest.hmac(password, &[&salt.bytes[..], &[0, 0, 0, 1]].concat());
            chains.push(Chain {
                target,
                salt: Some(salt),
                rounds: 1,
                kind: Kind::Pbkdf2 {
                    digest,
                    password: password.clone(),
                    formula,
                    last: first.clone(),
                    sum: first,
                },
            });
        }
    }
    chains
}

impl Chain<'_> {
    fn is_pbkdf2(&self) -> bool {
        matches!(self.kind, Kind::Pbkdf2 { .. })
    }

    /// What a round costs, in nanoseconds.
    fn cost(&self) -> u64 {
        match &self.kind {
            Kind::Digests { .. } => 300,
            Kind::Pbkdf2 { .. } => 600,
        }
    }

    /// Goes so many rounds on; the formula, if one of them comes to the target.
    fn advance(&mut self, more: u64) -> Option<String> {
        let expected = &self.target.bytes;
        let end = self.rounds + more;
        match &mut self.kind {
            Kind::Digests {
                digest,
                is_raw,
                before,
                behind,
                start,
                round,
                value,
            } => {
                while self.rounds < end {
                    *value = if *is_raw {
                        digest.of(&[before, value, behind])
                    } else {
                        digest.of(&[before, hex::encode(&value).as_bytes(), behind])
                    };
                    self.rounds += 1;
                    if value == expected {
                        let name = digest.name();
                        let (open, close) = if *is_raw { ("raw(", ")") } else { ("", "") };
                        return Some(format!(
                            "repeat({}, {open}{name}({start}){close}, {open}{name}({round}){close})",
                            self.rounds
                        ));
                    }
                }
            }
            Kind::Pbkdf2 {
                digest,
                password,
                formula,
                last,
                sum,
            } => {
                let length = expected.len().min(sum.len());
                let found =
                    digest.pbkdf2_rounds(password, (last, sum), &mut self.rounds, end, |sum| {
                        sum[..length] == expected[..length]
                    });
                if found {
                    return Some(format!(
                        "pbkdf2_{}({formula}, salt, {}, {})",
                        digest.name(),
                        self.rounds,
                        expected.len()
                    ));
                }
            }
        }
        None
    }
}

/// scrypt with the usual costs.
fn scrypt(search: &mut Search<'_>, targets: &[Target], salts: &[Salt]) {
    for target in targets {
        if ![32, 64].contains(&target.bytes.len()) {
            continue;
        }
        let own = target
            .salt
            .as_ref()
            .map(|salt| evidence::readings(None, salt));
        for salt in own.as_deref().unwrap_or(salts).iter().take(MAX_SALTS) {
            for (n, r, p) in SCRYPT {
                if !search.can_afford(n * r * p * 350) {
                    return;
                }
                search.add(Reading {
                    scheme: "scrypt-fields",
                    params: Params {
                        cost: Some(n),
                        block_size: Some(r),
                        parallelization: Some(p),
                        salt_format: salt.format.map(str::to_owned),
                        layout: target.layout.clone(),
                        ..Params::EMPTY
                    },
                    salt_column: salt.column.clone(),
                    assumed: Vec::new(),
                });
            }
        }
    }
}
