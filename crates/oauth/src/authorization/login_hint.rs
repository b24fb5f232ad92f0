//! Who is expected: an address, `phone:<number>:<country>`, or `username:<name>`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What the application knows about who is coming, to fill in the first field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginHint {
    /// An e-mail address.
    Email(String),
    /// A telephone number.
    Phone {
        /// As it was sent, with or without `+` and the country's digits.
        number: String,
        /// Two letters, lowercase.
        country: Option<String>,
    },
    /// A user name.
    Username(String),
}

impl LoginHint {
    /// Reads a hint. One that says nothing (`phone:` alone) is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(phone) = text.strip_prefix("phone:") {
            return Self::parse_phone(phone);
        }
        if let Some(name) = text.strip_prefix("username:") {
            return Some(name.trim())
                .filter(|name| !name.is_empty())
                .map(|name| Self::Username(name.to_owned()));
        }
        match text.trim() {
            "" => None,
            text if text.contains('@') => Some(Self::Email(text.to_owned())),
            text => Some(Self::Username(text.to_owned())),
        }
    }

    fn parse_phone(text: &str) -> Option<Self> {
        let (number, country) = text.split_once(':').unwrap_or((text, ""));
        // A `+` that nobody encoded arrives as a space.
        let number = match number.strip_prefix(' ') {
            Some(digits) => format!("+{}", digits.trim()),
            None => number.trim().to_owned(),
        };
        let country = country.trim().to_ascii_lowercase();
        number
            .bytes()
            .any(|c| c.is_ascii_digit())
            .then_some(Self::Phone {
                number,
                country: Some(country).filter(|country| country.len() == 2),
            })
    }
}

impl fmt::Display for LoginHint {
    /// As it is written in a request.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(address) => f.write_str(address),
            Self::Phone {
                number,
                country: None,
            } => write!(f, "phone:{number}"),
            Self::Phone {
                number,
                country: Some(country),
            } => write!(f, "phone:{number}:{country}"),
            Self::Username(name) => write!(f, "username:{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_read_and_written_again() {
        let phone = |number: &str, country: Option<&str>| LoginHint::Phone {
            number: number.to_owned(),
            country: country.map(str::to_owned),
        };
        for (text, hint, written) in [
            (
                "ada@example.com",
                LoginHint::Email("ada@example.com".to_owned()),
                "ada@example.com",
            ),
            (
                "phone:+61400000000:au",
                phone("+61400000000", Some("au")),
                "phone:+61400000000:au",
            ),
            (
                "phone: 61400000000:AU",
                phone("+61400000000", Some("au")),
                "phone:+61400000000:au",
            ),
            (
                "phone:0400000000",
                phone("0400000000", None),
                "phone:0400000000",
            ),
            (
                "username:ada",
                LoginHint::Username("ada".to_owned()),
                "username:ada",
            ),
            (
                "username:phone:1",
                LoginHint::Username("phone:1".to_owned()),
                "username:phone:1",
            ),
            ("ada", LoginHint::Username("ada".to_owned()), "username:ada"),
        ] {
            assert_eq!(LoginHint::parse(text), Some(hint.clone()), "{text}");
            assert_eq!(hint.to_string(), written);
            assert_eq!(LoginHint::parse(written), Some(hint));
        }
    }

    #[test]
    fn a_hint_that_says_nothing_is_none() {
        for text in ["", " ", "phone:", "phone::au", "username:", "username: "] {
            assert_eq!(LoginHint::parse(text), None, "{text}");
        }
    }
}
