//! Usernames: short names that people choose, compared without case.

use std::fmt;

/// 2 to 64 letters, digits, `-` and `_`, all ASCII.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Username {
    typed: String,
    folded: String,
}

/// The text is too short, too long, or has another character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a username has 2 to 64 characters, each a letter a to z, a digit, - or _")]
pub struct InvalidUsername;

impl Username {
    /// The name in `text`, spaces around it dropped.
    ///
    /// # Errors
    ///
    /// When it is too short, too long, or has another character.
    pub fn parse(text: &str) -> Result<Self, InvalidUsername> {
        let typed = text.trim();
        let characters_fit = typed
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if (2..=64).contains(&typed.len()) && characters_fit {
            Ok(Self {
                typed: typed.to_owned(),
                folded: typed.to_ascii_lowercase(),
            })
        } else {
            Err(InvalidUsername)
        }
    }

    /// As typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// For comparison: lower case.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Username({})", self.typed)
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_is_compared_without_case() {
        let username = Username::parse("Mara_V-7").unwrap();
        assert_eq!(username.as_str(), "Mara_V-7");
        assert_eq!(username.folded(), "mara_v-7");
    }

    #[test]
    fn a_username_has_two_to_sixty_four_plain_characters() {
        for text in ["m", "mara v", "mara.v", "mära", &"m".repeat(65), ""] {
            assert_eq!(Username::parse(text), Err(InvalidUsername), "{text}");
        }
        assert!(Username::parse("mv").is_ok());
        assert!(Username::parse(&"m".repeat(64)).is_ok());
    }
}
