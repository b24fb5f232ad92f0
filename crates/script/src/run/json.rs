//! JSON that the engine wrote.

use serde::de::DeserializeOwned;

/// Reads JSON.
///
/// JavaScript has strings with half of a character, which `slice` makes of an emoji, and its JSON has them as escapes; no other language
/// reads those. They become U+FFFD, as in UTF-8.
///
/// # Errors
///
/// When it is nested deeper than 128 levels.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&well_formed(text)))
}

fn well_formed(text: &str) -> String {
    let mut fixed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        fixed.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match surrogate(rest) {
            Some(0xd800..=0xdbff)
                if matches!(rest.get(6..).and_then(surrogate), Some(0xdc00..)) =>
            {
                12
            }
            Some(_) => {
                fixed.push('\u{fffd}');
                rest = &rest[6..];
                continue;
            }
            None => 2.min(rest.len()),
        };
        fixed.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    fixed.push_str(rest);
    fixed
}

/// The surrogate that an escape at the start of the text stands for.
fn surrogate(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16)
        .ok()
        .filter(|unit| (0xd800..=0xdfff).contains(unit))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn half_characters_become_the_replacement() {
        let text = r#"["\ud83d", "a\ude00b", "\ud83d\ude00", "\ud83d\ud83d\ude00", "\\ud83d", "\n\u0041"]"#;
        let expected = json!([
            "\u{fffd}",
            "a\u{fffd}b",
            "😀",
            "\u{fffd}😀",
            "\\ud83d",
            "\nA"
        ]);
        assert_eq!(read::<Value>(text).unwrap(), expected);
        assert!(read::<Value>("[").is_err());
    }
}
