//! The sorts of identifier, and their names on the wire and in tables.

use std::fmt;
use std::str::FromStr;

/// A sort of identifier. Its text form is `email`, `phone`, `username` or `oauth2:<provider>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityKind {
    /// `email`
    Email,
    /// `phone`
    Phone,
    /// `username`
    Username,
    /// `oauth2:<provider>`
    Social {
        /// The provider's short name, `google`.
        provider: String,
    },
}

impl fmt::Display for IdentityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email => f.write_str("email"),
            Self::Phone => f.write_str("phone"),
            Self::Username => f.write_str("username"),
            Self::Social { provider } => write!(f, "oauth2:{provider}"),
        }
    }
}

/// The text names no kind of identity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("identity types are email, phone, username and oauth2: with a provider's name")]
pub struct UnknownKind;

impl FromStr for IdentityKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        match text {
            "email" => Ok(Self::Email),
            "phone" => Ok(Self::Phone),
            "username" => Ok(Self::Username),
            _ => match text.strip_prefix("oauth2:") {
                Some(provider) if !provider.is_empty() => Ok(Self::Social {
                    provider: provider.to_owned(),
                }),
                _ => Err(UnknownKind),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_reads_back_what_it_prints() {
        for text in ["email", "phone", "username", "oauth2:google"] {
            assert_eq!(text.parse::<IdentityKind>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_kind_without_a_provider_is_unknown() {
        for text in ["", "oauth2:", "wsfed:azure_ad", "Email"] {
            assert_eq!(text.parse::<IdentityKind>(), Err(UnknownKind), "{text}");
        }
    }
}
