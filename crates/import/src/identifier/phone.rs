//! Phone numbers in the international form of ITU-T E.164.

use std::fmt;

/// `+`, a country code that does not begin with 0, at most 15 digits in all (ITU-T E.164 §6.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

/// The text is not a number in international form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the number needs a +, the country code and no spaces, like +61555111555")]
pub struct InvalidPhone;

impl PhoneNumber {
    /// Seven digits: the shortest subscriber numbers in use, with their country code.
    const MIN_DIGITS: usize = 7;
    /// ITU-T E.164 §6.1.
    const MAX_DIGITS: usize = 15;

    /// The number in `text`, spaces around it dropped. Spaces, brackets and hyphens inside are refused:
    /// they often hide a national prefix 0 that must not follow the country code.
    ///
    /// # Errors
    ///
    /// When `text` is in any other form.
    pub fn parse(text: &str) -> Result<Self, InvalidPhone> {
        let typed = text.trim();
        let digits = typed.strip_prefix('+').ok_or(InvalidPhone)?;
        let length_fits = (Self::MIN_DIGITS..=Self::MAX_DIGITS).contains(&digits.len());
        if length_fits && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(typed.to_owned()))
        } else {
            Err(InvalidPhone)
        }
    }

    /// The number, from its `+` on.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For comparison. A number has one spelling, so this is that.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_international_form_is_taken_as_it_is() {
        let phone = PhoneNumber::parse(" +46701234567 ").unwrap();
        assert_eq!(phone.as_str(), "+46701234567");
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "0701234567",
            "+0701234567",
            "+46 70 123 45 67",
            "+467012",
            "+4670123456789012",
            "+46(0)701234567",
            "4.67E+10",
            "+４６７０１２３４５",
        ] {
            assert_eq!(PhoneNumber::parse(text), Err(InvalidPhone), "{text}");
        }
    }
}
