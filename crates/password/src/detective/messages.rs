//! Digests of password, salt and pepper, in every order that anybody has thought of.
//!
//! Everything is tried, also after something has fitted: only then is it known whether one reading fits or several.

use super::evidence::{self, Salt, Target};
use super::{Reading, Search};
use crate::Params;
use crate::digest::Digest;
use crate::encoding::to_base64;

/// How a formula writes a piece. Nearly all pieces are tried in vain, so the search goes once without words ([`Silent`]),
/// and again with them where something fits.
trait Words: Clone {
    fn word(text: &str) -> Self;
    /// `name(…)` around it, or several.
    fn call(names: &[&str], inside: &[&Self]) -> Self;
    fn sum(parts: &[&Self]) -> Self;
}

#[derive(Clone)]
struct Silent;

impl Words for Silent {
    fn word(_: &str) -> Self {
        Self
    }

    fn call(_: &[&str], _: &[&Self]) -> Self {
        Self
    }

    fn sum(_: &[&Self]) -> Self {
        Self
    }
}

impl Words for String {
    fn word(text: &str) -> Self {
        text.to_owned()
    }

    fn call(names: &[&str], inside: &[&Self]) -> Self {
        let inside: Vec<&str> = inside.iter().map(|words| words.as_str()).collect();
        let mut words = inside.join(", ");
        for name in names.iter().rev() {
            words = format!("{name}({words})");
        }
        words
    }

    fn sum(parts: &[&Self]) -> Self {
        let parts: Vec<&str> = parts.iter().map(|words| words.as_str()).collect();
        parts.join(" + ")
    }
}

/// A piece of what is digested: how a formula writes it, and its bytes for this row.
#[derive(Clone)]
struct Piece<W> {
    words: W,
    bytes: Vec<u8>,
}

impl<W: Words> Piece<W> {
    fn new(word: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            words: W::word(word),
            bytes: bytes.into(),
        }
    }

    /// The digest of it, in hexadecimal.
    fn digested(&self, digest: Digest) -> Self {
        Self {
            words: W::call(&[digest.name()], &[&self.words]),
            bytes: hex::encode(digest.of(&[&self.bytes])).into_bytes(),
        }
    }

    fn upper(&self) -> Self {
        Self {
            words: W::call(&["upper"], &[&self.words]),
            bytes: self.bytes.to_ascii_uppercase(),
        }
    }

    fn joined(pieces: &[&Self]) -> Self {
        let words: Vec<&W> = pieces.iter().map(|piece| &piece.words).collect();
        let bytes: Vec<&[u8]> = pieces.iter().map(|piece| piece.bytes.as_slice()).collect();
        Self {
            words: W::sum(&words),
            bytes: bytes.concat(),
        }
    }
}

/// The digests of which people nest others.
const NESTED: [Digest; 4] = [Digest::Md5, Digest::Sha1, Digest::Sha256, Digest::Sha512];

/// What people put between password and salt.
const SEPARATORS: [&str; 8] = [":", "-", "_", "$", ".", "|", "@", " "];

/// The digest functions whose output has so many bytes.
pub(super) fn digests(length: usize) -> impl Iterator<Item = Digest> {
    let all = [
        Digest::Md5,
        Digest::Md4,
        Digest::Sha1,
        Digest::Sha224,
        Digest::Sha256,
        Digest::Sha384,
        Digest::Sha512,
    ];
    all.into_iter().filter(move |digest| digest.len() == length)
}

/// The password as it may go into a digest, the simplest first.
fn passwords<W: Words>(password: &str) -> Vec<Piece<W>> {
    let plain = Piece::new("password", password);
    let utf16: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16 = Piece::new("utf16le(password)", utf16);
    let mut pieces = vec![
        plain.clone(),
        utf16.clone(),
        plain.digested(Digest::Md5),
        plain.digested(Digest::Sha1),
        plain.digested(Digest::Sha256),
        plain.digested(Digest::Sha512),
        utf16.digested(Digest::Md5),
    ];
    if !password.is_ascii() {
        let latin1 = password.encode_utf16().map(|unit| unit.to_le_bytes()[0]);
        pieces.push(Piece::new("latin1(password)", latin1.collect::<Vec<u8>>()));
    }
    let lower = Piece {
        words: W::call(&["lower"], &[&plain.words]),
        bytes: plain.bytes.to_ascii_lowercase(),
    };
    pieces.extend(
        [lower, plain.upper()]
            .into_iter()
            .filter(|other| other.bytes != plain.bytes),
    );
    for digest in NESTED {
        let nested = plain.digested(digest);
        let raw = digest.of(&[&plain.bytes]);
        pieces.push(nested.upper());
        pieces.push(Piece {
            words: W::call(&["base64", "raw", digest.name()], &[&plain.words]),
            bytes: to_base64(&raw).into_bytes(),
        });
        pieces.push(Piece {
            words: W::call(&["raw", digest.name()], &[&plain.words]),
            bytes: raw,
        });
        pieces.extend(NESTED.map(|outer| nested.digested(outer)));
    }
    pieces
}

/// The salt as it may go into a digest.
fn salt_pieces<W: Words>(salt: &Salt) -> Vec<Piece<W>> {
    let plain = Piece::new("salt", salt.bytes.clone());
    let mut pieces = vec![plain.clone()];
    if salt.format.is_none() {
        pieces.extend([Digest::Md5, Digest::Sha1].map(|digest| plain.digested(digest)));
        let lower = Piece {
            words: W::call(&["lower"], &[&plain.words]),
            bytes: plain.bytes.to_ascii_lowercase(),
        };
        pieces.extend(
            [lower, plain.upper()]
                .into_iter()
                .filter(|other| other.bytes != plain.bytes),
        );
    }
    pieces
}

/// What one row offers, with one salt and one pepper.
#[derive(Clone, Copy)]
struct Offer<'a> {
    password: &'a str,
    target: &'a Target,
    salt: Option<&'a Salt>,
    pepper: Option<&'a str>,
}

impl Offer<'_> {
    /// What [`fitting`] costs for one digest function, in nanoseconds: 36 passwords in so many orders, each also under four
    /// digests with salt and pepper on either side.
    fn cost(&self) -> u64 {
        let n_orders = match (self.salt, self.pepper) {
            (None, None) => 1,
            (None, Some(_)) => 3,
            (Some(_), None) => 15,
            (Some(_), Some(_)) => 30,
        };
        let n_around = u64::from(self.salt.is_some()) + u64::from(self.pepper.is_some());
        36 * n_orders * (1 + 4 * (1 + 2 * n_around)) * 400
    }
}

/// Tries everything that is quick.
pub(super) fn search(search: &mut Search<'_>, targets: &[Target], salts_of_row: &[Salt]) {
    let peppers: Vec<Option<&str>> = [None]
        .into_iter()
        .chain(search.peppers.iter().copied().map(Some))
        .collect();
    for target in targets {
        let own: Vec<Salt> = target
            .salt
            .as_ref()
            .map(|salt| evidence::readings(None, salt))
            .unwrap_or_default();
        // A text that brings a salt is not salted from a column as well.
        let salts: Vec<Option<&Salt>> = match target.salt {
            Some(_) => own.iter().map(Some).collect(),
            None => [None]
                .into_iter()
                .chain(salts_of_row.iter().map(Some))
                .collect(),
        };
        for digest in digests(target.bytes.len()) {
            for pepper in &peppers {
                for salt in &salts {
                    let offer = Offer {
                        password: search.row.password,
                        target,
                        salt: *salt,
                        pepper: *pepper,
                    };
                    if !search.can_afford(offer.cost()) {
                        return;
                    }
                    one(search, digest, offer);
                }
            }
        }
    }
    whole(search);
}

fn one(search: &mut Search<'_>, digest: Digest, offer: Offer<'_>) {
    if fitting::<Silent>(digest, offer).is_empty() {
        return;
    }
    for formula in fitting::<String>(digest, offer) {
        search.add_formula(formula, offer.target, offer.salt, offer.pepper);
    }
}

/// All that fits.
fn fitting<W: Words>(digest: Digest, offer: Offer<'_>) -> Vec<W> {
    let mut found = Vec::new();
    let expected = &offer.target.bytes;
    let salts: Vec<Piece<W>> = offer.salt.map(salt_pieces).unwrap_or_default();
    let pepper: Option<Piece<W>> = offer.pepper.map(|pepper| Piece::new("pepper", pepper));
    let mut test = |piece: &Piece<W>| {
        if digest.of(&[&piece.bytes]) == *expected {
            found.push(W::call(&[digest.name()], &[&piece.words]));
        }
    };
    let passwords = passwords::<W>(offer.password);
    for (at, password) in passwords.iter().enumerate() {
        for piece in messages(password, &salts, pepper.as_ref()) {
            test(&piece);
            // Whole again: sha1(salt + sha1(salt + sha1(password))), md5(sha1(password + salt)).
            for inner in NESTED {
                let inner = piece.digested(inner);
                test(&inner);
                for other in salts.first().into_iter().chain(&pepper) {
                    test(&Piece::joined(&[other, &inner]));
                    test(&Piece::joined(&[&inner, other]));
                }
            }
        }
        if let (Some(other), true) = (salts.first().or(pepper.as_ref()), at < 4) {
            separated(password, other).iter().for_each(&mut test);
        }
    }
    for password in &passwords {
        for (key, message) in keyed(password, &salts, pepper.as_ref()) {
            if digest.hmac(&key.bytes, &message.bytes) == *expected {
                let name = format!("hmac_{}", digest.name());
                found.push(W::call(&[&name], &[&key.words, &message.words]));
            }
        }
    }
    found
}

/// Password, salt and pepper in every order, with all that is there.
fn messages<W: Words>(
    password: &Piece<W>,
    salts: &[Piece<W>],
    pepper: Option<&Piece<W>>,
) -> Vec<Piece<W>> {
    let around = |other: &Piece<W>| {
        [
            Piece::joined(&[other, password]),
            Piece::joined(&[password, other]),
            Piece::joined(&[other, password, other]),
        ]
    };
    match (salts, pepper) {
        ([], None) => vec![password.clone()],
        ([], Some(pepper)) => around(pepper).to_vec(),
        (salts, None) => salts.iter().flat_map(around).collect(),
        (salts, Some(pepper)) => {
            let orders = salts.iter().flat_map(|salt| {
                [
                    [salt, password, pepper],
                    [pepper, password, salt],
                    [salt, pepper, password],
                    [pepper, salt, password],
                    [password, salt, pepper],
                    [password, pepper, salt],
                ]
            });
            orders.map(|order| Piece::joined(&order)).collect()
        }
    }
}

/// With a mark between, on either side; and as Symfony merged them.
fn separated<W: Words>(password: &Piece<W>, other: &Piece<W>) -> Vec<Piece<W>> {
    let mut pieces = Vec::new();
    for separator in SEPARATORS {
        let mark = Piece::new(&format!("'{separator}'"), separator);
        pieces.push(Piece::joined(&[other, &mark, password]));
        pieces.push(Piece::joined(&[password, &mark, other]));
    }
    let (open, close) = (Piece::new("'{'", "{"), Piece::new("'}'", "}"));
    pieces.push(Piece::joined(&[password, &open, other, &close]));
    pieces
}

/// Keys and messages of HMAC.
fn keyed<W: Words>(
    password: &Piece<W>,
    salts: &[Piece<W>],
    pepper: Option<&Piece<W>>,
) -> Vec<(Piece<W>, Piece<W>)> {
    let mut pairs = Vec::new();
    match (salts, pepper) {
        ([], None) => {}
        ([], Some(pepper)) => pairs.push((pepper.clone(), password.clone())),
        (salts, None) => {
            for salt in salts {
                pairs.push((salt.clone(), password.clone()));
                pairs.push((password.clone(), salt.clone()));
            }
        }
        (salts, Some(pepper)) => {
            for salt in salts {
                pairs.extend([
                    (pepper.clone(), Piece::joined(&[salt, password])),
                    (pepper.clone(), Piece::joined(&[password, salt])),
                    (salt.clone(), Piece::joined(&[pepper, password])),
                    (salt.clone(), Piece::joined(&[password, pepper])),
                ]);
            }
        }
    }
    pairs
}

/// Texts that a formula writes as a whole.
fn whole(search: &mut Search<'_>) {
    let target = Target {
        bytes: Vec::new(),
        layout: None,
        salt: None,
    };
    for formula in [
        // MySQL's PASSWORD() since 4.1.
        "'*' + upper(sha1(raw(sha1(password))))",
        // The middle of an MD5, a custom in East Asia, and its beginning.
        "substr(md5(password), 8, 16)",
        "substr(md5(password), 0, 16)",
        "upper(substr(md5(password), 8, 16))",
        "substr(sha1(password), 0, 32)",
        "substr(sha256(password), 0, 32)",
        "substr(sha256(password), 0, 40)",
        "base64(md5(password))",
        "base64(sha1(password))",
        "base64(sha256(password))",
    ] {
        search.add_formula(formula.to_owned(), &target, None, None);
    }
}

/// The same in a scheme that has a name of its own, where there is one.
pub(super) fn simplest(reading: Reading) -> Reading {
    let params = &reading.params;
    let Some(formula) = params
        .formula
        .as_deref()
        .filter(|_| params.layout.is_none())
    else {
        return reading;
    };
    let Some((name, inside)) = formula
        .strip_suffix(')')
        .and_then(|rest| rest.split_once('('))
    else {
        return reading;
    };
    let plain = |inside: &str| match inside {
        "password" => Some((None, None)),
        "utf16le(password)" => Some((None, Some("utf16le"))),
        "salt + password" => Some((Some("prefix"), None)),
        "password + salt" => Some((Some("suffix"), None)),
        "salt + utf16le(password)" => Some((Some("prefix"), Some("utf16le"))),
        "utf16le(password) + salt" => Some((Some("suffix"), Some("utf16le"))),
        _ => None,
    };
    let known = Digest::named(name).zip(plain(inside));
    let Some((digest, (position, encoding))) = known.filter(|_| params.pepper.is_none()) else {
        return reading;
    };
    Reading {
        scheme: digest.name(),
        params: Params {
            salt_position: position.map(str::to_owned),
            salt_format: params.salt_format.clone(),
            password_encoding: encoding.map(str::to_owned),
            ..Params::EMPTY
        },
        ..reading
    }
}
