//! E-mail addresses.
//!
//! The rule is the one of browsers (WHATWG HTML, “valid email address”), widened to letters beyond ASCII (RFC 6531) and
//! narrowed to domains of at least two labels. Quoted local parts and comments (RFC 5322 §3.4.1) are not accepted:
//! nobody signs in with them, and they are how two systems come to disagree about where a message goes.

use std::fmt;

/// 254 octets: the longest path of RFC 5321 §4.5.3.1.3, less its two brackets.
const MAX_OCTETS: usize = 254;
/// 64 octets before the at sign: RFC 5321 §4.5.3.1.1.
const MAX_LOCAL_OCTETS: usize = 64;
/// 63 octets between two dots: RFC 1035 §2.3.4.
const MAX_LABEL_OCTETS: usize = 63;

/// An address as typed, without the spaces around it, and its form for comparison.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    typed: String,
    /// Empty when the typed form is folded already, which is nearly always: it saves a copy of every address.
    folded: String,
}

/// Why a text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEmail {
    /// Nothing but spaces.
    #[error("the address is empty")]
    Empty,
    /// Longer than 254 bytes in all, or than 64 before the at sign.
    #[error("the address is longer than mail allows (64 bytes before the @, 254 in all)")]
    TooLong,
    /// No at sign, or two.
    #[error("the address needs exactly one @")]
    AtSign,
    /// A character that no mailbox has.
    #[error(
        "the part before the @ is empty or has a space or a character that mailboxes don't have"
    )]
    LocalPart,
    /// No dot, an empty label, a hyphen at a label's edge, a character that host names do not have.
    #[error("the part after the @ is not a domain name like example.com")]
    Domain,
}

impl EmailAddress {
    /// The address in `text`, spaces around it dropped.
    ///
    /// # Errors
    ///
    /// The first rule that `text` breaks.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let typed = text.trim();
        if typed.is_empty() {
            return Err(InvalidEmail::Empty);
        }
        let (local, domain) = typed.split_once('@').ok_or(InvalidEmail::AtSign)?;
        if domain.contains('@') {
            return Err(InvalidEmail::AtSign);
        }
        if is_too_long(typed) {
            return Err(InvalidEmail::TooLong);
        }
        if local.is_empty() || !local.chars().all(is_mailbox_char) {
            return Err(InvalidEmail::LocalPart);
        }
        if !is_domain(domain) {
            return Err(InvalidEmail::Domain);
        }
        let folded = if is_folded(typed) {
            String::new()
        } else {
            typed.to_lowercase()
        };
        // A few letters are longer in lower case. What is compared has to be an address as well.
        if is_too_long(&folded) {
            return Err(InvalidEmail::TooLong);
        }
        if folded
            .split_once('@')
            .is_some_and(|(_, domain)| !is_domain(domain))
        {
            return Err(InvalidEmail::Domain);
        }
        Ok(Self {
            typed: typed.to_owned(),
            folded,
        })
    }

    /// As typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// For comparison: Unicode lower case. Strictly the part before the @ may tell case apart (RFC 5321 §2.4);
    /// no provider does, and two accounts for two spellings of one address would be a trap.
    #[must_use]
    pub fn folded(&self) -> &str {
        if self.folded.is_empty() {
            &self.typed
        } else {
            &self.folded
        }
    }
}

impl EmailAddress {
    /// The folded address without what stands after a `+` before the at sign, where something does: `ada+news@example.com` is
    /// often, and not always, another name of `ada@example.com` (RFC 5233).
    #[must_use]
    pub fn without_tag(&self) -> Option<String> {
        let (local, domain) = self.folded().split_once('@')?;
        let (name, _) = local.split_once('+')?;
        (!name.is_empty()).then(|| format!("{name}@{domain}"))
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailAddress({})", self.typed)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

fn is_too_long(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    address.len() > MAX_OCTETS || local.len() > MAX_LOCAL_OCTETS
}

fn is_folded(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
}

fn is_mailbox_char(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c)
    } else {
        is_visible(c)
    }
}

fn is_domain(domain: &str) -> bool {
    let mut n_labels = 0;
    for label in domain.split('.') {
        n_labels += 1;
        let edges_are_plain = !label.starts_with('-') && !label.ends_with('-');
        let is_label = !label.is_empty()
            && label.len() <= MAX_LABEL_OCTETS
            && edges_are_plain
            && label.chars().all(|c| {
                if c.is_ascii() {
                    c.is_ascii_alphanumeric() || c == '-'
                } else {
                    is_visible(c)
                }
            });
        if !is_label {
            return false;
        }
    }
    n_labels >= 2
}

/// Excludes spaces, controls, and the zero-width and direction marks that make two addresses look alike.
fn is_visible(c: char) -> bool {
    let is_mark = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    !c.is_whitespace() && !c.is_control() && !is_mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_what_stands_after_a_plus() {
        let without = |text: &str| EmailAddress::parse(text).unwrap().without_tag();
        assert_eq!(
            without("Ada+News@Example.com").as_deref(),
            Some("ada@example.com")
        );
        assert_eq!(without("ada@example.com"), None);
        assert_eq!(without("+ada@example.com"), None);
    }

    #[test]
    fn an_address_keeps_its_spelling_and_folds_for_comparison() {
        let address = EmailAddress::parse("  Mara.VOSS+x@Voss.Example ").unwrap();
        assert_eq!(address.as_str(), "Mara.VOSS+x@Voss.Example");
        assert_eq!(address.folded(), "mara.voss+x@voss.example");
    }

    #[test]
    fn letters_beyond_ascii_fold_too() {
        let address = EmailAddress::parse("ÅSA@Bücher.Example").unwrap();
        assert_eq!(address.folded(), "åsa@bücher.example");
    }

    #[test]
    fn an_address_that_folding_makes_too_long_is_none() {
        // Two bytes as a capital, three in lower case.
        assert!(EmailAddress::parse(&format!("{}@voss.example", "Ⱥ".repeat(21))).is_ok());
        let error = EmailAddress::parse(&format!("{}@voss.example", "Ⱥ".repeat(22)));
        assert_eq!(error, Err(InvalidEmail::TooLong));
        let error = EmailAddress::parse(&format!("a@{}.example", "Ⱥ".repeat(22)));
        assert_eq!(error, Err(InvalidEmail::Domain));
    }

    #[test]
    fn what_is_not_an_address_says_which_rule_it_breaks() {
        let long_local = format!("{}@voss.example", "a".repeat(65));
        let long_domain = format!("a@{}.example", "a.".repeat(130));
        for (text, expected) in [
            ("  ", InvalidEmail::Empty),
            ("mara", InvalidEmail::AtSign),
            ("mara@voss@voss.example", InvalidEmail::AtSign),
            ("@voss.example", InvalidEmail::LocalPart),
            ("ma ra@voss.example", InvalidEmail::LocalPart),
            ("mara\u{200b}@voss.example", InvalidEmail::LocalPart),
            ("mara,lee@voss.example", InvalidEmail::LocalPart),
            ("\"mara\"@voss.example", InvalidEmail::LocalPart),
            ("mara\n@voss.example", InvalidEmail::LocalPart),
            ("mara@voss", InvalidEmail::Domain),
            ("mara@voss..example", InvalidEmail::Domain),
            ("mara@-voss.example", InvalidEmail::Domain),
            ("mara@voss_x.example", InvalidEmail::Domain),
            ("mara@voss.example.", InvalidEmail::Domain),
            (long_local.as_str(), InvalidEmail::TooLong),
            (long_domain.as_str(), InvalidEmail::TooLong),
        ] {
            assert_eq!(EmailAddress::parse(text), Err(expected), "{text:?}");
        }
    }
}
