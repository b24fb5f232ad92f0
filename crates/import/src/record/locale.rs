//! The language a person reads and the clock they live by.

use std::fmt;

/// A language tag (BCP 47), such as `de-AT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locale(String);

/// The text is no language tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a language is a tag such as de or en-GB")]
pub struct InvalidLocale;

impl Locale {
    /// The tag in `text`, also in the form of POSIX (`de_AT.UTF-8`), in the usual case: `zh-Hant-TW`.
    ///
    /// # Errors
    ///
    /// When it does not begin with a language of 2 or 3 letters, or goes on with anything but 1 to 8 letters and digits
    /// a part (RFC 5646 §2.1), or is longer than 35 bytes.
    pub fn parse(text: &str) -> Result<Self, InvalidLocale> {
        let text = text.trim();
        let text = text.split(['.', '@']).next().unwrap_or_default();
        let mut parts = text.split(['-', '_']);
        let language = parts.next().unwrap_or_default();
        let is_letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
        if text.len() > 35 || !(2..=3).contains(&language.len()) || !is_letters(language) {
            return Err(InvalidLocale);
        }
        let mut tag = language.to_ascii_lowercase();
        for part in parts {
            let is_part = (1..=8).contains(&part.len());
            if !is_part || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return Err(InvalidLocale);
            }
            tag.push('-');
            // RFC 5646 §2.1.1: regions in capitals, scripts with one.
            match part.len() {
                2 => tag.push_str(&part.to_ascii_uppercase()),
                4 if is_letters(part) => {
                    tag.push_str(&part[..1].to_ascii_uppercase());
                    tag.push_str(&part[1..].to_ascii_lowercase());
                }
                _ => tag.push_str(&part.to_ascii_lowercase()),
            }
        }
        Ok(Self(tag))
    }

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_one_spelling() {
        for (text, tag) in [
            ("de", "de"),
            ("EN_us", "en-US"),
            ("de_AT.UTF-8", "de-AT"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
        ] {
            assert_eq!(Locale::parse(text).unwrap().as_str(), tag);
        }
        for text in ["", "d", "German", "de AT", "de-", "C", "1x"] {
            assert_eq!(Locale::parse(text), Err(InvalidLocale), "{text}");
        }
    }
}
