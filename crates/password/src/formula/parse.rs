//! Reading a formula: from words to [`Expr`], with everything checked that can be known before a password is there.

use super::measure::Lengths;
use super::tokens::{Token, tokens, wrong};
use super::{Conversion, Expr, Formula, Function, Hashed, MAX_FORMULA, Name, Outcome};
use crate::digest::Digest;
use crate::{MAX_PASSWORD_BYTES, ParseError, limits};

/// 32: no program nests deeper, and the stack holds it with ease.
const MAX_DEPTH: usize = 32;
/// 3: measuring takes three times as long for each `repeat` around another.
const MAX_REPEATS: usize = 3;
/// The names that may stand around the whole formula: the text is a hash that says itself which it is.
const OUTERMOST: [&str; 3] = ["crypt", "bcrypt", "argon2"];

/// What is known of the row and the settings when a formula is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    /// The salt's length in bytes, if there is one, and whether it is text.
    pub(crate) salt: Option<(usize, bool)>,
    /// The pepper's length in bytes, if there is one.
    pub(crate) pepper: Option<usize>,
    /// Whether the password comes as text, not in an encoding of its own.
    pub(crate) is_text: bool,
    /// What `iterations` stands for.
    pub(crate) iterations: Option<u64>,
}

/// Whether a value is text, which every byte sequence is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Bytes,
}

/// Reads a formula.
///
/// # Errors
/// [`ParseError::InvalidFormula`] with the place; [`ParseError::MissingParameter`] for a salt, pepper or iterations that it
/// names and that are not there; [`ParseError::CostOutOfBounds`].
pub(crate) fn parse(text: &str, setting: Setting) -> Result<Formula, ParseError> {
    if text.len() > MAX_FORMULA {
        return Err(wrong(MAX_FORMULA, "the formula is longer than 1,000 bytes"));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
        previous: Vec::new(),
        has_password: false,
        has_salt: false,
        setting,
    };
    let is_input = parser.take_outermost();
    let (root, kind) = parser.sum()?;
    if is_input {
        parser.expect(&Token::Close, "a closing parenthesis")?;
    }
    let at = parser.place();
    parser.expect(&Token::End, "+ or the end of the formula")?;
    if !parser.has_password {
        return Err(wrong(1, "the formula never names the password"));
    }
    let outcome = match root.digest() {
        _ if is_input && kind == Kind::Bytes => {
            return Err(wrong(
                at,
                "what is hashed again must be text; put hex(…) or base64(…) around bytes",
            ));
        }
        _ if is_input => Outcome::Input,
        Some((length, form)) => Outcome::Digest(length, form),
        None if kind == Kind::Text => Outcome::Text,
        None => {
            return Err(wrong(
                at,
                "the outcome is bytes; put hex(…) or base64(…) around it",
            ));
        }
    };
    let measure = root.measure(parser.lengths());
    limits::check(
        "custom",
        "digests",
        measure.digests.max(1),
        &limits::DIGEST_ROUNDS,
    )?;
    Ok(Formula {
        root,
        outcome,
        is_salted: parser.has_salt,
    })
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
    /// What `previous` is, for each `repeat` around: its length and kind.
    previous: Vec<(usize, Kind)>,
    has_password: bool,
    has_salt: bool,
    setting: Setting,
}

impl Parser {
    fn place(&self) -> usize {
        self.tokens[self.next].0
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.next].1
    }

    fn take(&mut self) -> (usize, Token) {
        let taken = self.tokens[self.next].clone();
        // The end is never passed.
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        taken
    }

    fn expect(&mut self, token: &Token, what: &str) -> Result<(), ParseError> {
        let (at, found) = self.take();
        if found == *token {
            Ok(())
        } else {
            Err(wrong(at, format!("{what} is missing here")))
        }
    }

    /// The lengths of the inputs, the password as long as it may be.
    fn lengths(&self) -> Lengths {
        Lengths {
            password: 2 * MAX_PASSWORD_BYTES,
            salt: self.setting.salt.map_or(0, |(length, _)| length),
            pepper: self.setting.pepper.unwrap_or(0),
            previous: self.previous.last().map_or(0, |(length, _)| *length),
        }
    }

    /// Takes the name of a scheme whose texts say themselves what they are, and the parenthesis after it.
    fn take_outermost(&mut self) -> bool {
        let is_one = matches!(self.peek(), Token::Name(name) if OUTERMOST.contains(&name.as_str()))
            && matches!(self.tokens.get(1), Some((_, Token::Open)));
        self.next += if is_one { 2 } else { 0 };
        is_one
    }

    fn sum(&mut self) -> Result<(Expr, Kind), ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(wrong(
                self.place(),
                "the formula nests deeper than 32 calls",
            ));
        }
        let (first, mut kind) = self.term()?;
        let mut parts = vec![first];
        while *self.peek() == Token::Plus {
            self.take();
            let (part, of) = self.term()?;
            parts.push(part);
            if of == Kind::Bytes {
                kind = of;
            }
        }
        self.depth -= 1;
        Ok(match parts.len() {
            1 => (parts.swap_remove(0), kind),
            _ => (Expr::Join(parts), kind),
        })
    }

    fn term(&mut self) -> Result<(Expr, Kind), ParseError> {
        let (at, token) = self.take();
        match token {
            Token::Literal(text) => Ok((Expr::Literal(text), Kind::Text)),
            Token::Open => {
                let inner = self.sum()?;
                self.expect(&Token::Close, "a closing parenthesis")?;
                Ok(inner)
            }
            Token::Name(name) if *self.peek() == Token::Open => {
                self.take();
                let called = self.call(at, &name)?;
                self.expect(&Token::Close, "a comma or a closing parenthesis")?;
                Ok(called)
            }
            Token::Name(name) => self.name(at, &name),
            Token::Number(_) => Err(wrong(
                at,
                "a number has no place here; write it in quotes if it is text",
            )),
            _ => Err(wrong(
                at,
                "a name, a call or a text in quotes is missing here",
            )),
        }
    }

    fn name(&mut self, at: usize, name: &str) -> Result<(Expr, Kind), ParseError> {
        let missing = |parameter| ParseError::MissingParameter {
            scheme: "custom",
            parameter,
        };
        let kind = |is_text| if is_text { Kind::Text } else { Kind::Bytes };
        let (name, kind) = match name {
            "password" => {
                self.has_password = true;
                (Name::Password, kind(self.setting.is_text))
            }
            "salt" => {
                self.has_salt = true;
                let (_, is_text) = self.setting.salt.ok_or(missing("salt"))?;
                (Name::Salt, kind(is_text))
            }
            "pepper" => {
                self.setting.pepper.ok_or(missing("pepper"))?;
                (Name::Pepper, Kind::Text)
            }
            "previous" => match self.previous.last() {
                Some((_, kind)) => (Name::Previous, *kind),
                None => {
                    return Err(wrong(
                        at,
                        "previous has a meaning only in the last part of repeat(…)",
                    ));
                }
            },
            "username" | "email" | "id" => {
                return Err(wrong(
                    at,
                    format!(
                        "{name} is not known at a sign-in; read its column as the salt, and write salt"
                    ),
                ));
            }
            _ => {
                return Err(wrong(
                    at,
                    format!(
                        "there is no {name}; the names are password, salt, pepper, and texts are in quotes"
                    ),
                ));
            }
        };
        Ok((Expr::Name(name), kind))
    }

    fn call(&mut self, at: usize, name: &str) -> Result<(Expr, Kind), ParseError> {
        if let Some(digest) = Digest::named(name) {
            let (input, _) = self.sum()?;
            return Ok((hashed(Function::Plain, digest, input), Kind::Text));
        }
        let digest_after = |prefix| name.strip_prefix(prefix).and_then(Digest::named);
        if let Some(digest) = digest_after("hmac_") {
            let (key, _) = self.sum()?;
            self.expect(&Token::Comma, "a comma and what is hashed")?;
            let (input, _) = self.sum()?;
            return Ok((
                hashed(Function::Hmac(Box::new(key)), digest, input),
                Kind::Text,
            ));
        }
        if let Some(digest) = digest_after("pbkdf2_") {
            return self.pbkdf2(digest);
        }
        match name {
            "raw" => self.raw(at),
            "substr" => self.part(at),
            "repeat" => self.repeat(at),
            _ if OUTERMOST.contains(&name) => Err(wrong(
                at,
                format!("{name}(…) can only stand around the whole formula"),
            )),
            _ => self.conversion(at, name),
        }
    }

    fn raw(&mut self, at: usize) -> Result<(Expr, Kind), ParseError> {
        match self.sum()? {
            (Expr::Hash(function, mut hashed), _) if !hashed.raw => {
                hashed.raw = true;
                Ok((Expr::Hash(function, hashed), Kind::Bytes))
            }
            _ => Err(wrong(
                at,
                "raw(…) goes around a digest, as in raw(sha1(password))",
            )),
        }
    }

    fn pbkdf2(&mut self, digest: Digest) -> Result<(Expr, Kind), ParseError> {
        let (input, _) = self.sum()?;
        self.expect(&Token::Comma, "a comma and the salt")?;
        let (salt, _) = self.sum()?;
        self.expect(&Token::Comma, "a comma and the iterations")?;
        let (_, iterations) = self.number()?;
        limits::check(
            "custom",
            "iterations",
            iterations,
            &limits::PBKDF2_ITERATIONS,
        )?;
        self.expect(&Token::Comma, "a comma and the length in bytes")?;
        let (_, length) = self.number()?;
        limits::check("custom", "bytes of key", length, &limits::KEY_BYTES)?;
        let function = Function::Pbkdf2 {
            salt: Box::new(salt),
            iterations: u32::try_from(iterations).expect("they are within bounds"),
            length: usize::try_from(length).expect("it is within bounds"),
        };
        Ok((hashed(function, digest, input), Kind::Text))
    }

    fn part(&mut self, at: usize) -> Result<(Expr, Kind), ParseError> {
        let (of, kind) = self.sum()?;
        self.expect(&Token::Comma, "a comma and where the part begins, from 0")?;
        let (_, from) = self.number()?;
        self.expect(&Token::Comma, "a comma and the length of the part")?;
        let (_, length) = self.number()?;
        let whole = of.measure(self.lengths()).length;
        match (usize::try_from(from), usize::try_from(length)) {
            (Ok(from), Ok(length)) if length > 0 && from < whole => Ok((
                Expr::Part {
                    of: Box::new(of),
                    from,
                    length: length.min(whole - from),
                },
                kind,
            )),
            _ => Err(wrong(at, "the part is empty")),
        }
    }

    fn repeat(&mut self, at: usize) -> Result<(Expr, Kind), ParseError> {
        let (number_at, rounds) = self.number()?;
        if !limits::DIGEST_ROUNDS.contains(&rounds) {
            return Err(wrong(number_at, "rounds are 1 to 5,000,000"));
        }
        self.expect(
            &Token::Comma,
            "a comma and what is there before the first round",
        )?;
        let (first, kind) = self.sum()?;
        self.expect(&Token::Comma, "a comma and what a round does with previous")?;
        if self.previous.len() == MAX_REPEATS {
            return Err(wrong(at, "repeat(…) stands within more than two others"));
        }
        self.previous
            .push((first.measure(self.lengths()).length, kind));
        let (again, round_kind) = self.sum()?;
        let lengths = self.lengths();
        self.previous.pop();
        if kind != round_kind {
            return Err(wrong(
                at,
                "the start and the rounds of repeat(…) must both be text or both be bytes",
            ));
        }
        if !again.settles(lengths) {
            return Err(wrong(
                at,
                "the value grows with each round of repeat(…); put a digest around previous",
            ));
        }
        let repeat = Expr::Repeat {
            rounds,
            first: Box::new(first),
            again: Box::new(again),
        };
        Ok((repeat, round_kind))
    }

    fn conversion(&mut self, at: usize, name: &str) -> Result<(Expr, Kind), ParseError> {
        let (conversion, wants_text, gives) = match name {
            "hex" => (Conversion::Hex, false, Kind::Text),
            "base64" => (Conversion::Base64, false, Kind::Text),
            "unhex" => (Conversion::Unhex, true, Kind::Bytes),
            "unbase64" => (Conversion::Unbase64, true, Kind::Bytes),
            "upper" => (Conversion::Upper, true, Kind::Text),
            "lower" => (Conversion::Lower, true, Kind::Text),
            "utf16le" => (Conversion::Utf16Le, true, Kind::Bytes),
            "latin1" => (Conversion::Latin1, true, Kind::Bytes),
            _ => {
                return Err(wrong(
                    at,
                    format!(
                        "there is no function {name}; there are md4, md5, sha1, sha224, sha256, sha384, sha512, each also \
                         with hmac_ or pbkdf2_ before its name, raw, hex, base64, unhex, unbase64, upper, lower, utf16le, \
                         latin1, substr, repeat, crypt"
                    ),
                ));
            }
        };
        let (of, kind) = self.sum()?;
        if wants_text && kind == Kind::Bytes {
            return Err(wrong(
                at,
                format!("{name}(…) takes text, and this is bytes"),
            ));
        }
        Ok((Expr::Convert(conversion, Box::new(of)), gives))
    }

    /// A number, or `iterations`.
    fn number(&mut self) -> Result<(usize, u64), ParseError> {
        match self.take() {
            (at, Token::Number(number)) => Ok((at, number)),
            (at, Token::Name(name)) if name == "iterations" => {
                let iterations = self
                    .setting
                    .iterations
                    .ok_or(ParseError::MissingParameter {
                        scheme: "custom",
                        parameter: "iterations",
                    })?;
                Ok((at, iterations))
            }
            (at, _) => Err(wrong(at, "a number is missing here")),
        }
    }
}

fn hashed(function: Function, digest: Digest, input: Expr) -> Expr {
    let hashed = Hashed {
        digest,
        raw: false,
        input,
    };
    Expr::Hash(function, Box::new(hashed))
}
