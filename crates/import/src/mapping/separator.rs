//! What separates the cells of a table.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What separates the cells of a table. Guessed from the header unless somebody says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Separator {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
}

/// The text names no separator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no separator; write comma, semicolon, tab or pipe")]
pub struct UnknownSeparator(String);

impl Separator {
    /// Every separator; of equals in a header the first is meant.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    /// As it is written in map files and forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
            Self::Pipe => "pipe",
        }
    }

    /// As it stands in the file.
    pub(crate) const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

/// By its name, or as it stands in the file.
impl FromStr for Separator {
    type Err = UnknownSeparator;

    fn from_str(text: &str) -> Result<Self, UnknownSeparator> {
        Self::ALL
            .into_iter()
            .find(|one| one.as_str().eq_ignore_ascii_case(text) || text.as_bytes() == [one.byte()])
            .ok_or_else(|| UnknownSeparator(text.chars().take(20).collect()))
    }
}

impl TryFrom<String> for Separator {
    type Error = UnknownSeparator;

    fn try_from(text: String) -> Result<Self, UnknownSeparator> {
        text.parse()
    }
}

impl From<Separator> for String {
    fn from(separator: Separator) -> Self {
        separator.as_str().to_owned()
    }
}

impl fmt::Display for Separator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_separator_is_read_by_its_name_and_as_it_stands_in_files() {
        for separator in Separator::ALL {
            assert_eq!(separator.as_str().parse(), Ok(separator));
            let sign = char::from(separator.byte()).to_string();
            assert_eq!(sign.parse(), Ok(separator));
        }
        assert!("#".parse::<Separator>().is_err());
    }
}
