//! What values look like, whatever their column is called.

use password::ParseError;

use crate::identifier::{EmailAddress, PhoneNumber, Username};
use crate::record::{Locale, Totp};
use crate::value;

use super::dates;

/// What the values of a field look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    /// An e-mail address.
    Email,
    /// A phone number, with or without its country.
    Phone,
    /// A name to sign in with.
    Username,
    /// An e-mail address or a name to sign in with.
    Login,
    /// What people are called.
    Name,
    /// An id: no spaces, no sentence.
    Id,
    /// Yes or no.
    Flag,
    /// A word such as active or blocked.
    Status,
    /// A point in time.
    Instant,
    /// The hash of a password.
    Hash,
    /// The name of a hashing method.
    Method,
    /// A language tag.
    Locale,
    /// The address of a page or picture.
    Url,
    /// The secret of an authenticator app.
    Totp,
    /// A whole number.
    Number,
    /// Anything.
    Any,
}

impl Looks {
    /// Whether a value that is not blank looks like this.
    pub(super) fn fits(self, text: &str) -> bool {
        let text = text.trim();
        match self {
            Self::Email => EmailAddress::parse(text).is_ok(),
            Self::Phone => is_phone(text),
            Self::Username => Username::parse(text).is_ok(),
            Self::Login => EmailAddress::parse(text).is_ok() || Username::parse(text).is_ok(),
            Self::Name => is_name(text),
            Self::Id => is_id(text),
            Self::Flag => value::loose_flag(text).is_some(),
            Self::Status => value::status(text).is_some(),
            Self::Instant => dates::is_date(text),
            Self::Hash => is_hash(text),
            Self::Method => is_method(text),
            Self::Locale => Locale::parse(text).is_ok(),
            Self::Url => text.starts_with("https://") || text.starts_with("http://"),
            Self::Totp => text.len() >= 16 && Totp::parse(text).is_ok(),
            Self::Number => text.parse::<u64>().is_ok(),
            Self::Any => true,
        }
    }

    /// What such values are, for the sentence that gives the reason.
    pub(super) const fn noun(self) -> &'static str {
        match self {
            Self::Email => "e-mail addresses",
            Self::Phone => "phone numbers",
            Self::Username => "usernames",
            Self::Login => "e-mail addresses or usernames",
            Self::Name => "names",
            Self::Id => "ids",
            Self::Flag => "yes or no",
            Self::Status => "words such as active or blocked",
            Self::Instant => "dates",
            Self::Hash => "password hashes",
            Self::Method => "names of hashing methods",
            Self::Locale => "languages",
            Self::Url => "web addresses",
            Self::Totp => "authenticator secrets",
            Self::Number => "numbers",
            Self::Any => "text",
        }
    }
}

fn is_phone(text: &str) -> bool {
    let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_dialed = text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-()./ ".contains(&b));
    PhoneNumber::parse(text).is_ok() || (is_dialed && (6..=15).contains(&n_digits))
}

fn is_name(text: &str) -> bool {
    text.len() <= value::MAX_NAME
        && text.chars().any(char::is_alphabetic)
        && !text.contains(['@', '/', '{', '$'])
}

fn is_id(text: &str) -> bool {
    text.len() <= value::MAX_KEY && !text.is_empty() && !text.contains([' ', '@', '{', '['])
}

/// A hash that says what it is, or a digest of a length that some hash function has.
fn is_hash(text: &str) -> bool {
    match password::Hash::recognize(text) {
        Ok(_) | Err(ParseError::Ambiguous(_) | ParseError::NoPassword) => true,
        Err(_) => is_digest(text),
    }
}

/// Hexadecimal or base64 of 16 bytes and more, which no password that somebody chose looks like.
fn is_digest(text: &str) -> bool {
    let is_hex = text.len() >= 32
        && text.len().is_multiple_of(2)
        && text.bytes().all(|b| b.is_ascii_hexdigit());
    let has = |class: fn(&u8) -> bool| text.bytes().any(|b| class(&b));
    let is_base64 = text.len() >= 24
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+/=-_".contains(&b));
    is_hex || is_base64
}

fn is_method(text: &str) -> bool {
    let wanted = text.to_ascii_lowercase();
    password::schemes().any(|(name, aliases)| name == wanted || aliases.contains(&wanted.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_tells_what_it_may_be() {
        for (looks, fitting, other) in [
            (Looks::Email, "mara@voss.example", "mara"),
            (Looks::Phone, "(030) 123-4567", "2024-01-15 10:30"),
            (Looks::Phone, "+46701234567", "12"),
            (Looks::Username, "mara_v", "mara v"),
            (Looks::Name, "Mara Voss", "mara@voss.example"),
            (
                Looks::Id,
                "a5d00000-0000-4000-8000-000000000003",
                "two words",
            ),
            (Looks::Flag, "ja", "maybe"),
            (Looks::Status, "blocked", "purple"),
            (Looks::Instant, "2024-01-15 10:30:00", "soon"),
            (
                Looks::Hash,
                "$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.",
                "Correct-Horse_42",
            ),
            (
                Looks::Hash,
                "a3c68e193330b110c76ba1a5098cc64c",
                "correcthorsebatterystaple",
            ),
            (Looks::Method, "bcrypt", "rot13"),
            (Looks::Locale, "de_AT", "Deutsch!"),
            (Looks::Url, "https://cdn.example.com/a.png", "a.png"),
            (Looks::Totp, "JBSWY3DPEHPK3PXP", "JBSW"),
            (Looks::Number, "24000", "many"),
        ] {
            assert!(looks.fits(fitting), "{looks:?} {fitting}");
            assert!(!looks.fits(other), "{looks:?} {other}");
        }
    }
}
