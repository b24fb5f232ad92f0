//! Why a hash cannot be taken: one enum, each case with a stable code and a sentence that says what to do.
//!
//! No message repeats any part of the hash: import reports are shared by mail and pasted into tickets.

/// Why a password hash was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The scheme's name is not one that we know.
    #[error(
        "no password scheme is called {0:?}: use a name that `password::schemes()` lists, such as bcrypt"
    )]
    UnknownScheme(String),
    /// The scheme is known, but its hashes cannot be checked outside the provider that made them.
    #[error(
        "{scheme} passwords cannot be checked here ({reason}): import the person without a password"
    )]
    UnsupportedScheme {
        /// The name that was given.
        scheme: &'static str,
        /// Why, as a clause.
        reason: &'static str,
    },
    /// The text is not a hash of its scheme.
    #[error("malformed {scheme} hash: {problem}")]
    Malformed {
        /// The scheme it was read as.
        scheme: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A cost is outside what this server agrees to compute at every sign-in.
    #[error(
        "the {scheme} hash asks for {parameter} {value}, but only {min} to {max} is allowed: \
         import the person without a password"
    )]
    CostOutOfBounds {
        /// The scheme it was read as.
        scheme: &'static str,
        /// Which cost, with its unit.
        parameter: &'static str,
        /// What the hash asks for.
        value: u64,
        /// The least that is allowed.
        min: u64,
        /// The most that is allowed.
        max: u64,
    },
    /// A parameter that the scheme needs is absent.
    #[error("{scheme} needs the parameter {parameter}: add it")]
    MissingParameter {
        /// The scheme it was read as.
        scheme: &'static str,
        /// The parameter's name.
        parameter: &'static str,
    },
    /// A parameter that has no meaning for the scheme is present.
    #[error("{scheme} does not take the parameter {parameter}: remove it, or correct the scheme")]
    UnexpectedParameter {
        /// The scheme it was read as.
        scheme: &'static str,
        /// The parameter's name.
        parameter: &'static str,
    },
    /// No scheme has a parameter of that name.
    #[error("no password parameter is called {0:?}: remove it, or correct its name")]
    UnknownParameter(String),
    /// A parameter's value cannot be used.
    #[error("the parameter {parameter} must be {expected}")]
    InvalidParameter {
        /// The parameter's name.
        parameter: &'static str,
        /// What it should be, as a noun phrase.
        expected: &'static str,
    },
    /// The formula of a custom scheme cannot be read.
    #[error("the formula is wrong at character {at}: {problem}")]
    InvalidFormula {
        /// The place, in characters from 1.
        at: usize,
        /// What is wrong there, and what to write.
        problem: String,
    },
    /// Firebase: the signer key is missing or not base64.
    #[error(
        "the signer key is missing or not base64: copy base64_signer_key from the Firebase console"
    )]
    InvalidSignerKey,
    /// Firebase: the salt separator is missing or not base64.
    #[error(
        "the salt separator is missing or not base64: copy base64_salt_separator from the Firebase console"
    )]
    InvalidSaltSeparator,
    /// Firebase: rounds are missing or out of range.
    #[error("rounds must be a number from 1 to 16: copy it from the Firebase console")]
    InvalidRounds,
    /// Firebase: the memory cost is missing or out of range.
    #[error("mem_cost must be a number from 1 to 20: copy it from the Firebase console")]
    InvalidMemCost,
    /// The text could be several things; guessing could lock people out.
    #[error("the hash does not say what it is; it could be {}: name the scheme", .0.join(" or "))]
    Ambiguous(Vec<&'static str>),
    /// Nothing about the text tells which scheme it is.
    #[error("the hash is of no known form: name its scheme")]
    Unrecognized,
    /// The source says that there is no password: a locked or unusable marker.
    #[error("the hash is a marker for no password: import the person without one")]
    NoPassword,
}

impl ParseError {
    /// The stable code for programs and reports.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownScheme(_) => "unknown_scheme",
            Self::UnsupportedScheme { .. } => "unsupported_scheme",
            Self::Malformed { .. } => "malformed_hash",
            Self::CostOutOfBounds { .. } => "cost_out_of_bounds",
            Self::MissingParameter { .. } => "missing_parameter",
            Self::UnexpectedParameter { .. } => "unexpected_parameter",
            Self::UnknownParameter(_) => "unknown_parameter",
            Self::InvalidParameter { .. } => "invalid_parameter",
            Self::InvalidFormula { .. } => "invalid_formula",
            Self::InvalidSignerKey => "invalid_signer_key",
            Self::InvalidSaltSeparator => "invalid_salt_separator",
            Self::InvalidRounds => "invalid_rounds",
            Self::InvalidMemCost => "invalid_mem_cost",
            Self::Ambiguous(_) => "ambiguous_hash",
            Self::Unrecognized => "unrecognized_hash",
            Self::NoPassword => "no_password",
        }
    }
}
