//! Computing a formula.

use zeroize::Zeroizing;

use super::measure::Lengths;
use super::{Conversion, Expr, Form, Formula, Function, Name, Outcome};
use crate::digest::Digest;
use crate::encoding::{base64, hex, to_base64};
use crate::limits;

/// What the names stand for.
pub(crate) struct Inputs<'a> {
    pub(crate) password: &'a [u8],
    pub(crate) salt: &'a [u8],
    pub(crate) pepper: &'a [u8],
}

type Value = Zeroizing<Vec<u8>>;

impl Formula {
    /// How many digests it takes.
    pub(crate) fn digests(&self) -> u64 {
        let nothing = Lengths {
            password: 0,
            salt: 0,
            pepper: 0,
            previous: 0,
        };
        self.root.measure(nothing).digests
    }

    /// What it comes to: the bytes of a digest, or a text. None where a text cannot be read as its function wants it, and where
    /// a long password makes it cost too much.
    pub(crate) fn evaluate(&self, inputs: &Inputs<'_>) -> Option<Value> {
        let lengths = Lengths {
            password: inputs.password.len(),
            salt: inputs.salt.len(),
            pepper: inputs.pepper.len(),
            previous: 0,
        };
        if self.root.measure(lengths).bytes > limits::ROUNDS_BYTES {
            return None;
        }
        let value = self.root.evaluate(inputs, &[])?;
        match self.outcome {
            Outcome::Digest(_, Form::Hex) => hex(text(&value)?).map(Zeroizing::new),
            Outcome::Digest(_, Form::Base64) => base64(text(&value)?).map(Zeroizing::new),
            Outcome::Digest(_, Form::Raw) | Outcome::Text | Outcome::Input => Some(value),
        }
    }
}

impl Expr {
    fn evaluate(&self, inputs: &Inputs<'_>, previous: &[u8]) -> Option<Value> {
        let value = match self {
            Self::Literal(text) => text.as_bytes().to_vec(),
            Self::Name(name) => match name {
                Name::Password => inputs.password,
                Name::Salt => inputs.salt,
                Name::Pepper => inputs.pepper,
                Name::Previous => previous,
            }
            .to_vec(),
            Self::Join(parts) => {
                let mut joined = Value::default();
                for part in parts {
                    joined.extend_from_slice(&part.evaluate(inputs, previous)?);
                }
                return Some(joined);
            }
            Self::Hash(function, hashed) => {
                let input = hashed.input.evaluate(inputs, previous)?;
                let output = function.compute(hashed.digest, &input, inputs, previous)?;
                if hashed.raw {
                    output
                } else {
                    hex::encode(output).into_bytes()
                }
            }
            Self::Convert(conversion, of) => convert(*conversion, &of.evaluate(inputs, previous)?)?,
            Self::Part { of, from, length } => {
                let of = of.evaluate(inputs, previous)?;
                of.iter().skip(*from).take(*length).copied().collect()
            }
            Self::Repeat {
                rounds,
                first,
                again,
            } => {
                let mut value = first.evaluate(inputs, previous)?;
                for _ in 0..*rounds {
                    value = again.evaluate(inputs, &value)?;
                }
                return Some(value);
            }
        };
        Some(Zeroizing::new(value))
    }
}

impl Function {
    fn compute(
        &self,
        digest: Digest,
        input: &[u8],
        inputs: &Inputs<'_>,
        previous: &[u8],
    ) -> Option<Vec<u8>> {
        Some(match self {
            Self::Plain => digest.of(&[input]),
            Self::Hmac(key) => digest.hmac(&key.evaluate(inputs, previous)?, input),
            Self::Pbkdf2 {
                salt,
                iterations,
                length,
            } => digest.pbkdf2(
                input,
                &salt.evaluate(inputs, previous)?,
                *iterations,
                *length,
            ),
        })
    }
}

fn convert(conversion: Conversion, value: &[u8]) -> Option<Vec<u8>> {
    Some(match conversion {
        Conversion::Hex => hex::encode(value).into_bytes(),
        Conversion::Base64 => to_base64(value).into_bytes(),
        Conversion::Unhex => hex(text(value)?)?,
        Conversion::Unbase64 => base64(text(value)?)?,
        Conversion::Upper => value.to_ascii_uppercase(),
        Conversion::Lower => value.to_ascii_lowercase(),
        Conversion::Utf16Le => text(value)?
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect(),
        Conversion::Latin1 => text(value)?
            .encode_utf16()
            .map(|unit| unit.to_le_bytes()[0])
            .collect(),
    })
}

fn text(value: &[u8]) -> Option<&str> {
    std::str::from_utf8(value).ok()
}
