//! The words, in Fluent files: one per language, all compiled in.
//!
//! English is complete by a test; another language may lack phrases, and falls back to English one by one.
//! Fluent, because it knows that languages count differently ("1 person", "2 people", and Polish has four ways).

use std::fmt::Write as _;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::layout::Direction;

/// A language that the pages speak.
pub struct Language {
    /// BCP 47 tag, as in `<html lang>`.
    pub tag: &'static str,
    /// Which way it is written.
    pub direction: Direction,
    source: &'static str,
}

/// The languages, the first being the one to fall back to.
pub(super) const LANGUAGES: &[Language] = &[Language {
    tag: "en",
    direction: Direction::LeftToRight,
    source: include_str!("../../locales/en.ftl"),
}];

/// The best language for a preference such as `de-AT`: the tag itself, else its first part, else English.
#[must_use]
pub fn language(wanted: &str) -> &'static Language {
    let base = wanted.split(['-', '_']).next().unwrap_or_default();
    let find = |tag: &str| {
        LANGUAGES
            .iter()
            .find(|language| language.tag.eq_ignore_ascii_case(tag))
    };
    find(wanted).or_else(|| find(base)).unwrap_or(&LANGUAGES[0])
}

/// The phrases of one language, English behind them.
pub(super) struct Translations {
    own: FluentBundle<FluentResource>,
    fallback: FluentBundle<FluentResource>,
}

impl Translations {
    pub(super) fn load(language: &Language) -> Self {
        Self {
            own: bundle(language),
            fallback: bundle(&LANGUAGES[0]),
        }
    }

    /// The phrase, or `None` when no language has it or an argument is missing.
    pub(super) fn phrase(&self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        format(&self.own, key, args).or_else(|| format(&self.fallback, key, args))
    }
}

fn bundle(language: &Language) -> FluentBundle<FluentResource> {
    let tag = language
        .tag
        .parse()
        .expect("the tags of LANGUAGES are valid");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Isolation marks would end up in titles, mail subjects and copied text; templates use <bdi> around names instead.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 => {
            Some(grouped(&number.as_string()))
        }
        _ => None,
    }));
    let resource =
        FluentResource::try_new(language.source.to_owned()).map_err(|(_, errors)| errors);
    let resource = resource.expect("the locale files are part of the program and parse");
    bundle
        .add_resource(resource)
        .expect("no locale file names a phrase twice");
    bundle
}

fn format(
    bundle: &FluentBundle<FluentResource>,
    key: &str,
    args: &FluentArgs<'_>,
) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let phrase = bundle
        .format_pattern(pattern, Some(args), &mut errors)
        .into_owned();
    errors.is_empty().then_some(phrase)
}

/// A whole number with its thousands set apart, as English writes them: 4120 → 4,120.
fn grouped(digits: &str) -> String {
    let (sign, digits) = digits
        .strip_prefix('-')
        .map_or(("", digits), |rest| ("-", rest));
    let mut out = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        let _ = out.write_char(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped("0"), "0");
        assert_eq!(grouped("999"), "999");
        assert_eq!(grouped("4120"), "4,120");
        assert_eq!(grouped("-1234567"), "-1,234,567");
    }

    #[test]
    fn an_unknown_language_falls_back_to_english() {
        assert_eq!(language("en-AU").tag, "en");
        assert_eq!(language("tlh").tag, "en");
        assert_eq!(language("").tag, "en");
    }

    #[test]
    fn a_missing_argument_is_noticed() {
        let words = Translations::load(&LANGUAGES[0]);
        assert_eq!(words.phrase("layout-page-title", &FluentArgs::new()), None);
        assert_eq!(words.phrase("no-such-phrase", &FluentArgs::new()), None);
    }

    /// Every phrase that the program may ask for exists, and every phrase that exists is asked for.
    #[test]
    fn phrases_and_their_uses_agree() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut sources = String::new();
        for folder in ["templates", "src"] {
            read_all(&root.join(folder), &mut sources);
        }
        let defined: BTreeSet<&str> = LANGUAGES[0]
            .source
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| Some(line.split_once(" =")?.0))
            .collect();
        let unused: Vec<_> = defined
            .iter()
            .filter(|key| !sources.contains(&format!("\"{key}\"")))
            .collect();
        assert!(unused.is_empty(), "phrases that nothing uses: {unused:?}");
        let asked = ["(t(\"", " t(\"", "=t(\"", "Message::new(\""]
            .iter()
            .flat_map(|call| {
                sources
                    .split(call)
                    .skip(1)
                    .filter_map(|rest| rest.split('"').next())
            });
        let missing: BTreeSet<&str> = asked.filter(|key| !defined.contains(key)).collect();
        assert!(
            missing.is_empty(),
            "phrases that no locale has: {missing:?}"
        );
    }

    fn read_all(folder: &Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read_all(&path, into);
            } else if !path.ends_with("translations.rs") {
                into.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }
}
