//! Versions, and the ranges in which `package.json` writes them (Semantic Versioning 2.0.0; npm, “semver”, Ranges). Pure.

use std::cmp::Ordering;

/// A version: three numbers, and what comes before a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    numbers: [u64; 3],
    /// Empty for a release.
    before: Vec<String>,
}

impl Version {
    /// A whole version, such as `1.2.3-beta.1+build`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let partial = Partial::parse(text)?;
        let [Some(major), Some(minor), Some(patch)] = partial.numbers else {
            return None;
        };
        Some(Self {
            numbers: [major, minor, patch],
            before: partial.before,
        })
    }
}

impl Ord for Version {
    /// Semantic Versioning 2.0.0, item 11.
    fn cmp(&self, other: &Self) -> Ordering {
        let identifiers = || {
            for (one, two) in self.before.iter().zip(&other.before) {
                let numbers = (one.parse::<u64>(), two.parse::<u64>());
                let order = match numbers {
                    (Ok(one), Ok(two)) => one.cmp(&two),
                    (Ok(_), Err(_)) => Ordering::Less,
                    (Err(_), Ok(_)) => Ordering::Greater,
                    (Err(_), Err(_)) => one.cmp(two),
                };
                if order.is_ne() {
                    return order;
                }
            }
            self.before.len().cmp(&other.before.len())
        };
        self.numbers.cmp(&other.numbers).then_with(|| {
            match (self.before.is_empty(), other.before.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => identifiers(),
            }
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A version that may lack its end: `1`, `1.2`, `1.x`, `*`.
struct Partial {
    numbers: [Option<u64>; 3],
    before: Vec<String>,
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['v', '=']);
        // What was built says nothing about order.
        let text = text.split('+').next().unwrap_or_default();
        let (numbers, before) = text.split_once('-').unwrap_or((text, ""));
        let mut parts = numbers.split('.');
        let mut read = [None; 3];
        for place in &mut read {
            *place = match parts.next() {
                None | Some("" | "x" | "X" | "*") => None,
                Some(number) => Some(number.parse().ok()?),
            };
        }
        let before = before.split('.').filter(|part| !part.is_empty());
        parts.next().is_none().then(|| Self {
            numbers: read,
            before: before.map(str::to_owned).collect(),
        })
    }

    /// The least version that it stands for.
    fn least(&self) -> Version {
        Version {
            numbers: self.numbers.map(Option::unwrap_or_default),
            before: self.before.clone(),
        }
    }

    /// The first version behind all that it stands for, which counts as none of them even before its release; none without an end.
    fn end(&self) -> Option<Version> {
        match self.numbers {
            [None, ..] => None,
            [Some(major), None, _] => Some(first_of([major + 1, 0, 0])),
            [Some(major), Some(minor), None] => Some(first_of([major, minor + 1, 0])),
            [Some(major), Some(minor), Some(patch)] => Some(first_of([major, minor, patch + 1])),
        }
    }
}

/// What comes before every version of these numbers.
fn first_of(numbers: [u64; 3]) -> Version {
    Version {
        numbers,
        before: vec!["0".to_owned()],
    }
}

/// Versions from one to another.
#[derive(Debug, Clone, Default)]
struct Span {
    /// From this one on.
    from: Option<Version>,
    /// Later than this one.
    after: Option<Version>,
    /// Up to this one, itself included.
    until: Option<Version>,
    /// Earlier than this one.
    end: Option<Version>,
}

impl Span {
    fn includes(&self, version: &Version) -> bool {
        self.from.as_ref().is_none_or(|from| version >= from)
            && self.after.as_ref().is_none_or(|after| version > after)
            && self.until.as_ref().is_none_or(|until| version <= until)
            && self.end.as_ref().is_none_or(|end| version < end)
    }

    /// Whether one of its bounds is before a release of the same numbers: otherwise nobody has asked for what is unfinished.
    fn names(&self, version: &Version) -> bool {
        let bounds = [&self.from, &self.after, &self.until];
        bounds
            .into_iter()
            .flatten()
            .any(|bound| !bound.before.is_empty() && bound.numbers == version.numbers)
    }
}

/// A range: one of several lists of spans, each of which has to be kept.
#[derive(Debug, Clone)]
pub(super) struct Range(Vec<Vec<Span>>);

impl Range {
    /// Reads a range; none where it is no range of versions, such as a tag or an address.
    pub(super) fn parse(text: &str) -> Option<Self> {
        text.split("||").map(spans).collect::<Option<_>>().map(Self)
    }

    /// Whether a version is in the range.
    pub(super) fn includes(&self, version: &Version) -> bool {
        self.0.iter().any(|spans| {
            let is_asked_for =
                version.before.is_empty() || spans.iter().any(|span| span.names(version));
            is_asked_for && spans.iter().all(|span| span.includes(version))
        })
    }
}

fn spans(text: &str) -> Option<Vec<Span>> {
    if let Some((least, most)) = text.split_once(" - ") {
        let (least, most) = (Partial::parse(least)?, Partial::parse(most)?);
        let is_whole = most.numbers.iter().all(Option::is_some);
        return Some(vec![Span {
            from: Some(least.least()),
            until: is_whole.then(|| most.least()),
            end: most.end().filter(|_| !is_whole),
            ..Span::default()
        }]);
    }
    // A sign may stand apart from its version.
    let mut text = text.trim().to_owned();
    for sign in ["^", "~", ">=", "<=", ">", "<", "="] {
        while text.contains(&format!("{sign} ")) {
            text = text.replace(&format!("{sign} "), sign);
        }
    }
    if text.is_empty() {
        return Some(vec![Span::default()]);
    }
    text.split_whitespace().map(span).collect()
}

fn span(text: &str) -> Option<Span> {
    let signs = ["^", "~>", "~", ">=", "<=", ">", "<"];
    let sign = signs.into_iter().find(|sign| text.starts_with(sign));
    let partial = Partial::parse(text.strip_prefix(sign.unwrap_or_default())?)?;
    let (least, end) = (partial.least(), partial.end());
    let is_whole = partial.numbers.iter().all(Option::is_some);
    let none = Span::default();
    Some(match sign {
        Some(">=") => Span {
            from: Some(least),
            ..none
        },
        // Later than all that a part of a version stands for.
        Some(">") if !is_whole => Span { from: end, ..none },
        Some(">") => Span {
            after: Some(least),
            ..none
        },
        Some("<") if is_whole => Span {
            end: Some(least),
            ..none
        },
        Some("<") => Span {
            end: Some(first_of(least.numbers)),
            ..none
        },
        Some("<=") if is_whole => Span {
            until: Some(least),
            ..none
        },
        Some("<=") => Span { end, ..none },
        Some("^") => Span {
            end: caret_end(&partial),
            from: Some(least),
            ..none
        },
        Some("~" | "~>") => Span {
            end: tilde_end(&partial),
            from: Some(least),
            ..none
        },
        _ if is_whole => Span {
            from: Some(least.clone()),
            until: Some(least),
            ..none
        },
        _ => Span {
            from: Some(least),
            end,
            ..none
        },
    })
}

/// Up to the next version that may break: the leftmost number that isn't 0 stays.
fn caret_end(partial: &Partial) -> Option<Version> {
    match partial.numbers {
        [None, ..] => None,
        [Some(0), Some(0), Some(patch)] => Some(first_of([0, 0, patch + 1])),
        [Some(0), Some(minor), _] => Some(first_of([0, minor + 1, 0])),
        [Some(major), ..] => Some(first_of([major + 1, 0, 0])),
    }
}

/// Up to the next minor version, or the next major one where no minor one is named.
fn tilde_end(partial: &Partial) -> Option<Version> {
    match partial.numbers {
        [None, ..] => None,
        [Some(major), None, _] => Some(first_of([major + 1, 0, 0])),
        [Some(major), Some(minor), _] => Some(first_of([major, minor + 1, 0])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(version: &str, range: &str) -> bool {
        let range = Range::parse(range).unwrap_or_else(|| panic!("{range} is a range"));
        range.includes(&Version::parse(version).unwrap())
    }

    #[test]
    fn ranges_are_those_of_npm() {
        for (range, inside, outside) in [
            (
                "1.2.3",
                &["1.2.3", "1.2.3+build"][..],
                &["1.2.4", "1.2.3-beta"][..],
            ),
            ("=1.2.3", &["1.2.3"], &["1.2.2"]),
            ("v1.2.3", &["1.2.3"], &["1.2.2"]),
            (
                "^1.2.3",
                &["1.2.3", "1.9.0"],
                &["1.2.2", "2.0.0", "2.0.0-alpha", "1.3.0-beta"],
            ),
            ("^0.2.3", &["0.2.3", "0.2.9"], &["0.3.0", "0.2.2"]),
            ("^0.0.3", &["0.0.3"], &["0.0.4"]),
            ("^1.2", &["1.2.0", "1.9.9"], &["1.1.9", "2.0.0"]),
            ("^0.0", &["0.0.0", "0.0.9"], &["0.1.0"]),
            ("^0.x", &["0.9.9"], &["1.0.0"]),
            (
                "^1.2.3-beta.2",
                &["1.2.3-beta.2", "1.2.3-beta.11", "1.2.3", "1.4.0"],
                &["1.2.3-alpha", "1.2.4-beta.3"],
            ),
            ("~1.2.3", &["1.2.3", "1.2.9"], &["1.3.0", "1.2.2"]),
            ("~1", &["1.9.0"], &["2.0.0"]),
            ("~ 1.2", &["1.2.7"], &["1.3.0"]),
            ("1.2.x", &["1.2.0", "1.2.9"], &["1.3.0"]),
            ("1", &["1.9.9"], &["2.0.0", "0.9.9"]),
            ("*", &["0.0.1", "9.9.9"], &["1.0.0-beta"]),
            ("", &["9.9.9"], &[]),
            (
                ">=1.2.3 <2",
                &["1.2.3", "1.9.9"],
                &["1.2.2", "2.0.0", "2.0.0-rc.1"],
            ),
            (">1.2", &["1.3.0"], &["1.2.9"]),
            (">1.2.3", &["1.2.4"], &["1.2.3"]),
            ("<=1.2", &["1.2.9", "0.1.0"], &["1.3.0"]),
            ("<= 1.2.3", &["1.2.3"], &["1.2.4"]),
            ("1.2.3 - 2.3", &["1.2.3", "2.3.9"], &["1.2.2", "2.4.0"]),
            ("1.2 - 2.3.4", &["1.2.0", "2.3.4"], &["2.3.5"]),
            (
                "^1.0.0 || >=3.1 <4",
                &["1.5.0", "3.1.0"],
                &["2.0.0", "3.0.9", "4.0.0"],
            ),
        ] {
            for version in inside {
                assert!(is_in(version, range), "{version} is in {range}");
            }
            for version in outside {
                assert!(!is_in(version, range), "{version} is not in {range}");
            }
        }
    }

    #[test]
    fn versions_are_ordered_as_the_specification_has_it() {
        // Semantic Versioning 2.0.0, item 11.4.
        let ordered = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
        ];
        let versions = ordered.map(|text| Version::parse(text).unwrap());
        assert!(versions.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn what_names_no_version_is_no_range() {
        for text in [
            "latest",
            "next",
            "workspace:*",
            "file:../x",
            "npm:other@^1",
            "github:example/x",
            "https://example.com/x.tgz",
            "git+ssh://x",
            "1.2.3.4",
            "^",
            "~a",
        ] {
            let range = Range::parse(text);
            // A sign alone stands for anything, as npm has it.
            assert_eq!(range.is_some(), text == "^", "{text}");
        }
        for text in ["", "1", "1.2", "x", "1.2.3.4", "one"] {
            assert!(Version::parse(text).is_none(), "{text}");
        }
    }
}
