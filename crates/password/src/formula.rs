//! Formulas: how somebody's own program once hashed passwords, told in its own terms.
//!
//! `sha1(salt + md5(password) + pepper)` is what a program of 2009 did, and also what one writes here to move its people.
//! The language is as small as that line: calls, `+`, names, texts in quotes, numbers where a function wants them. It has no
//! loop but [`repeat`](Expr::Repeat), whose rounds are a number, so what a formula costs is known when it is read; one that
//! would burn the server is refused then.
//!
//! As in PHP, a digest is lowercase hexadecimal **text**; `raw(…)` around it means its bytes. Joining, upper case and UTF-16
//! want text, and get bytes only where bytes can do: a formula that mixes the two up is refused with the place.
//!
//! Nothing here knows the stored hash: what a formula comes to is compared by whoever evaluates it.

mod evaluate;
mod measure;
mod parse;
mod tokens;

pub(crate) use evaluate::Inputs;
pub(crate) use parse::{Setting, parse};

use crate::digest::Digest;

/// 1,000 bytes: ten times the longest that was met in practice.
pub(crate) const MAX_FORMULA: usize = 1000;

/// A formula that was read.
#[derive(Debug, PartialEq)]
pub(crate) struct Formula {
    pub(crate) root: Expr,
    /// What the outcome is, and so how a stored hash is read.
    pub(crate) outcome: Outcome,
    /// Whether it names the salt.
    pub(crate) is_salted: bool,
}

/// What a formula comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// So many bytes of digest, in this form: a stored hash may be written in hexadecimal or base64 all the same.
    Digest(usize, Form),
    /// A text, which is stored as it is.
    Text,
    /// The password of a hash that says itself what it is, such as bcrypt's.
    Input,
}

/// How a digest is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Raw,
    Hex,
    Base64,
}

/// A piece of a formula. That it makes sense (text where text is needed, lengths that stay) was checked when it was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    Literal(String),
    Name(Name),
    /// One after another.
    Join(Vec<Expr>),
    /// A digest of one input, or a keyed or derived one.
    Hash(Function, Box<Hashed>),
    Convert(Conversion, Box<Expr>),
    /// So many bytes of a text from a place on.
    Part {
        of: Box<Expr>,
        from: usize,
        length: usize,
    },
    /// `first`, then so many times `again`, in which `previous` is what came before.
    Repeat {
        rounds: u64,
        first: Box<Expr>,
        again: Box<Expr>,
    },
}

/// A call of a hash function.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hashed {
    pub(crate) digest: Digest,
    /// Whether its bytes are meant, not its hexadecimal text.
    pub(crate) raw: bool,
    pub(crate) input: Expr,
}

/// What is made with a digest function.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Function {
    Plain,
    /// HMAC under a key.
    Hmac(Box<Expr>),
    /// PBKDF2 with a salt, iterations and a length in bytes.
    Pbkdf2 {
        salt: Box<Expr>,
        iterations: u32,
        length: usize,
    },
}

/// What stands for something of the row or of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Password,
    Salt,
    Pepper,
    /// Within `repeat`: what the round before came to.
    Previous,
}

/// Another way of writing the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conversion {
    Hex,
    Base64,
    Unhex,
    Unbase64,
    /// ASCII letters only, as PHP does since 8.0.
    Upper,
    Lower,
    Utf16Le,
    Latin1,
}

impl Hashed {
    /// The length of its digest in bytes.
    fn len(&self, function: &Function) -> usize {
        match function {
            Function::Plain | Function::Hmac(_) => self.digest.len(),
            Function::Pbkdf2 { length, .. } => *length,
        }
    }
}

impl Expr {
    /// How long the digest is that this comes to, and how it is written; none if it is none.
    fn digest(&self) -> Option<(usize, Form)> {
        match self {
            Self::Hash(function, hashed) => {
                let form = if hashed.raw { Form::Raw } else { Form::Hex };
                Some((hashed.len(function), form))
            }
            Self::Convert(conversion, of) => match (conversion, of.digest()?) {
                (Conversion::Upper | Conversion::Lower, (length, Form::Hex))
                | (Conversion::Hex, (length, Form::Raw)) => Some((length, Form::Hex)),
                (Conversion::Base64, (length, Form::Raw)) => Some((length, Form::Base64)),
                _ => None,
            },
            Self::Repeat { rounds, again, .. } if *rounds > 0 => again.digest(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
