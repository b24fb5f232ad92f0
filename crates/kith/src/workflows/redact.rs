//! Secrets out of whatever is kept of a run.
//!
//! A program may print a password by accident, and by intent in many shapes. Each secret is searched for as it is, backwards, and as
//! it looks in JSON, in addresses, in base64 and in hex; and so are parts of it that are long enough to be no coincidence. What is
//! found becomes [`MASK`]. It is no protection against an author who spells a password out letter by letter: whoever deploys
//! workflows could as well send it away.

use std::collections::HashSet;
use std::fmt::Write as _;

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::secret::Secret;

/// What stands where a secret was.
pub const MASK: &str = "•••";

/// Shorter ones are not searched for: they are in every text by chance.
const SHORTEST: usize = 4;

/// So many characters of a secret in a row are no coincidence.
const PART: usize = 6;

/// Finds secrets in texts.
#[derive(Debug, Default, Clone)]
pub(super) struct Redactor {
    wholes: Vec<Vec<char>>,
    /// Digests of pieces, by the pieces' length: a text that holds one holds a part of a secret. Two pieces of one digest hide a little
    /// too much, which is the right side to err on.
    parts: Vec<(usize, HashSet<u64>)>,
}

impl Redactor {
    /// A redactor of these secrets.
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut redactor = Self::default();
        for secret in secrets {
            redactor.add(secret);
        }
        redactor
    }

    /// Searches for this one, too.
    pub(super) fn add(&mut self, secret: &str) {
        let length = secret.chars().count();
        if length < SHORTEST {
            return;
        }
        let backwards: String = secret.chars().rev().collect();
        for text in [secret, &backwards] {
            self.shape(text, PART);
            let json = serde_json::to_string(text).unwrap_or_default();
            self.shape(json.trim_matches('"'), PART);
            let percent: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            self.shape(&percent, PART + 3);
            self.shape(&percent.replace('+', "%20"), PART + 3);
            self.shape(&percent.to_lowercase(), PART + 3);
            self.shape(&uri_component(text), PART + 3);
            self.shape(&hex::encode(text), 2 * PART);
            self.shape(&hex::encode_upper(text), 2 * PART);
            for shift in 0..3 {
                self.shape(
                    &base64_core(text.as_bytes(), shift, &STANDARD_NO_PAD),
                    PART * 4 / 3,
                );
                self.shape(
                    &base64_core(text.as_bytes(), shift, &URL_SAFE_NO_PAD),
                    PART * 4 / 3,
                );
            }
        }
    }

    /// Searches for this shape of a secret, and for pieces of it.
    fn shape(&mut self, text: &str, part: usize) {
        let chars: Vec<char> = text.chars().collect();
        if chars.len() >= part {
            let at = self.parts.iter().position(|(length, _)| *length == part);
            let at = at.unwrap_or_else(|| {
                self.parts.push((part, HashSet::new()));
                self.parts.len() - 1
            });
            self.parts[at].1.extend(chars.windows(part).map(digest));
        } else if chars.len() >= SHORTEST && !self.wholes.contains(&chars) {
            self.wholes.push(chars);
        }
    }

    /// The text without secrets.
    pub(super) fn text(&self, text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let mut is_secret = vec![false; chars.len()];
        let mut is_clean = true;
        let mut mark = |from: usize, length: usize| {
            is_clean = false;
            is_secret[from..from + length].fill(true);
        };
        for (length, pieces) in &self.parts {
            for (from, window) in chars.windows(*length).enumerate() {
                if pieces.contains(&digest(window)) {
                    mark(from, *length);
                }
            }
        }
        for whole in &self.wholes {
            for (from, window) in chars.windows(whole.len()).enumerate() {
                if window == whole {
                    mark(from, whole.len());
                }
            }
        }
        if is_clean {
            return text.to_owned();
        }
        let mut shown = String::with_capacity(text.len());
        for (at, c) in chars.iter().enumerate() {
            if !is_secret[at] {
                shown.push(*c);
            } else if at == 0 || !is_secret[at - 1] {
                shown.push_str(MASK);
            }
        }
        shown
    }

    /// The value with every text in it redacted, names of fields included.
    pub(super) fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(text).into(),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (self.text(name), self.value(value)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    /// Searches for this token, as it is: it is long and random, so nobody takes it apart by accident.
    pub(super) fn add_token(&mut self, token: &str) {
        self.shape(token, 2 * PART);
    }

    /// Searches for this one, too.
    pub(super) fn add_secret(&mut self, secret: &Secret) {
        self.add(secret.reveal());
    }
}

/// A piece's digest (FNV-1a).
fn digest(piece: &[char]) -> u64 {
    piece.iter().fold(0xcbf2_9ce4_8422_2325, |digest, c| {
        (digest ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01b3)
    })
}

/// As `encodeURIComponent` writes it: some marks stay that a form would encode.
fn uri_component(text: &str) -> String {
    let mut shown = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            shown.push(char::from(byte));
        } else {
            // A text takes whatever is written.
            let _ = write!(shown, "%{byte:02X}");
        }
    }
    shown
}

/// The part of the base64 of any text which holds these bytes at a place that leaves `shift` when divided by three, that depends on
/// these bytes alone.
fn base64_core(bytes: &[u8], shift: usize, engine: &impl base64::Engine) -> String {
    let mut shifted = vec![0; shift];
    shifted.extend_from_slice(bytes);
    let text = engine.encode(&shifted);
    let skipped = [0, 2, 3][shift];
    let end = shifted.len() * 8 / 6;
    text.get(skipped..end.max(skipped))
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const PASSWORD: &str = "Correct\"Horse/42 ü";

    fn redacted(text: &str) -> String {
        Redactor::new([PASSWORD]).text(text)
    }

    fn is_hidden(text: &str) {
        let shown = redacted(&format!("before {text} after"));
        assert!(
            shown.starts_with("before •••") && shown.ends_with("••• after"),
            "{shown}"
        );
    }

    #[test]
    fn a_password_is_hidden_as_it_is() {
        is_hidden(PASSWORD);
    }

    #[test]
    fn a_password_is_hidden_in_json() {
        is_hidden(serde_json::to_string(PASSWORD).unwrap().trim_matches('"'));
    }

    #[test]
    fn a_password_is_hidden_in_addresses_and_forms() {
        let form: String = url::form_urlencoded::byte_serialize(PASSWORD.as_bytes()).collect();
        is_hidden(&form);
        is_hidden(&form.replace('+', "%20"));
        is_hidden(&uri_component(PASSWORD));
    }

    #[test]
    fn a_password_is_hidden_in_hex_and_backwards() {
        is_hidden(&hex::encode(PASSWORD));
        is_hidden(&hex::encode_upper(PASSWORD));
        is_hidden(&PASSWORD.chars().rev().collect::<String>());
    }

    #[test]
    fn a_password_is_hidden_in_base64_wherever_it_lies() {
        for before in ["", "x", "xy"] {
            for after in ["", "z", "zz", "zzz"] {
                let text = STANDARD.encode(format!("{before}{PASSWORD}{after}"));
                let shown = redacted(&text);
                assert!(shown.contains(MASK), "{text} became {shown}");
                // What stays depends on the neighbors, and tells less than one byte at each end.
                assert!(shown.replace(MASK, "").len() <= 12, "{text} became {shown}");
                let url = URL_SAFE_NO_PAD.encode(format!("{before}{PASSWORD}{after}"));
                assert!(redacted(&url).contains(MASK));
            }
        }
    }

    #[test]
    fn six_characters_of_a_password_in_a_row_are_hidden() {
        assert_eq!(redacted("it begins with Correc"), "it begins with •••");
        assert_eq!(redacted("orrect"), MASK);
        assert_eq!(redacted("Corre"), "Corre");
    }

    #[test]
    fn a_short_secret_is_hidden_as_a_whole_and_a_tiny_one_is_not_searched() {
        let redactor = Redactor::new(["k3y!", "abc"]);
        assert_eq!(
            redactor.text("the key is k3y! and abc"),
            "the key is ••• and abc"
        );
        assert_eq!(redactor.text("backwards !y3k"), "backwards •••");
    }

    #[test]
    fn an_event_is_redacted_in_all_its_depth() {
        let event = json!({"context": {"auth": {"password": PASSWORD, "n": [1, PASSWORD]}}});
        let shown = Redactor::new([PASSWORD]).value(&event);
        assert_eq!(
            shown,
            json!({"context": {"auth": {"password": MASK, "n": [1, MASK]}}})
        );
    }

    proptest! {
        #[test]
        fn no_text_shows_a_secret(before in ".{0,20}", secret in ".{6,24}", after in ".{0,20}") {
            let redactor = Redactor::new([secret.as_str()]);
            for text in [
                format!("{before}{secret}{after}"),
                json!({ "text": format!("{before}{secret}{after}") }).to_string(),
            ] {
                let shown = redactor.text(&text);
                prop_assert!(!shown.contains(&secret) || MASK.contains(&secret));
                prop_assert!(shown.contains(MASK));
            }
        }

        #[test]
        fn an_innocent_text_stays_as_it_is(text in "[a-m ]{0,40}") {
            prop_assert_eq!(Redactor::new(["0123456789XYZ"]).text(&text), text);
        }
    }
}
