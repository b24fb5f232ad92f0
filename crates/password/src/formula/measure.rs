//! What a formula costs and how long its values are, found without computing it.

use super::{Conversion, Expr, Function, Name};

/// How long the inputs are, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lengths {
    pub(super) password: usize,
    pub(super) salt: usize,
    pub(super) pepper: usize,
    pub(super) previous: usize,
}

/// What a value takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Measure {
    /// The most bytes that it has.
    pub(super) length: usize,
    /// How often a digest is computed.
    pub(super) digests: u64,
    /// How many bytes are digested in all, 64 a call at least.
    pub(super) bytes: u64,
}

impl Measure {
    fn of_length(length: usize) -> Self {
        Self {
            length,
            ..Self::default()
        }
    }

    /// The work of both, and the length of neither.
    fn and(self, other: Self) -> Self {
        Self {
            length: 0,
            digests: self.digests.saturating_add(other.digests),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    fn times(self, rounds: u64) -> Self {
        Self {
            length: self.length,
            digests: self.digests.saturating_mul(rounds),
            bytes: self.bytes.saturating_mul(rounds),
        }
    }

    fn with_length(self, length: usize) -> Self {
        Self { length, ..self }
    }

    fn calls(digests: u64, bytes_each: usize) -> Self {
        Self {
            length: 0,
            digests,
            bytes: digests.saturating_mul(64 + bytes_each as u64),
        }
    }
}

impl Expr {
    pub(super) fn measure(&self, lengths: Lengths) -> Measure {
        match self {
            Self::Literal(text) => Measure::of_length(text.len()),
            Self::Name(name) => Measure::of_length(match name {
                Name::Password => lengths.password,
                Name::Salt => lengths.salt,
                Name::Pepper => lengths.pepper,
                Name::Previous => lengths.previous,
            }),
            Self::Join(parts) => parts.iter().fold(Measure::default(), |sum, part| {
                let part = part.measure(lengths);
                sum.and(part).with_length(sum.length + part.length)
            }),
            Self::Hash(function, hashed) => {
                let input = hashed.input.measure(lengths);
                let bytes = hashed.len(function);
                let length = if hashed.raw { bytes } else { 2 * bytes };
                let work = match function {
                    Function::Plain => Measure::calls(1, input.length),
                    Function::Hmac(key) => {
                        let key = key.measure(lengths);
                        Measure::calls(2, input.length + key.length).and(key)
                    }
                    Function::Pbkdf2 {
                        salt, iterations, ..
                    } => {
                        let blocks = bytes.div_ceil(hashed.digest.len()) as u64;
                        let salt = salt.measure(lengths);
                        Measure::calls(2 * u64::from(*iterations) * blocks, 64)
                            .and(Measure::calls(2, input.length + salt.length))
                            .and(salt)
                    }
                };
                work.and(input).with_length(length)
            }
            Self::Convert(conversion, of) => {
                let of = of.measure(lengths);
                of.with_length(match conversion {
                    Conversion::Hex | Conversion::Utf16Le => 2 * of.length,
                    Conversion::Base64 => of.length.div_ceil(3) * 4,
                    Conversion::Unhex => of.length / 2,
                    Conversion::Unbase64 => of.length * 3 / 4,
                    Conversion::Upper | Conversion::Lower | Conversion::Latin1 => of.length,
                })
            }
            Self::Part { of, length, .. } => of.measure(lengths).with_length(*length),
            Self::Repeat {
                rounds,
                first,
                again,
            } => {
                let first = first.measure(lengths);
                // From the second round on all are alike, see `settles`.
                let round = |previous| {
                    again.measure(Lengths {
                        previous,
                        ..lengths
                    })
                };
                let last = round(round(first.length).length);
                let length = if *rounds == 0 {
                    first.length
                } else {
                    last.length
                };
                first.and(last.times(*rounds)).with_length(length)
            }
        }
    }

    /// Whether values stop growing when this is applied to its own outcome again and again.
    pub(super) fn settles(&self, lengths: Lengths) -> bool {
        let round = |previous| {
            let lengths = Lengths {
                previous,
                ..lengths
            };
            self.measure(lengths).length
        };
        let second = round(round(lengths.previous));
        round(second) == second
    }
}
