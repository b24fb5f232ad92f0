//! What templates can say beyond their page: words, times, numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, escape_formatter};

use super::layout::initials;
use super::translations::Translations;

/// Gives the environment its functions (`t`, `say`, `when`, `number`), its filters (`strong`, `code`, `initials`) and
/// its escaping.
pub(super) fn register(environment: &mut Environment<'static>, translations: &Arc<Translations>) {
    environment.set_formatter(format);
    let words = Arc::clone(translations);
    environment.add_function("t", move |key: &str, args: Kwargs| {
        let args = args
            .args()
            .map(|name| Ok((name, args.get::<Value>(name)?)))
            .collect::<Result<_, Error>>()?;
        phrase(&words, key, &args)
    });
    let words = Arc::clone(translations);
    environment.add_function("say", move |message: Value| say(&words, &message));
    let words = Arc::clone(translations);
    environment.add_function("when", move |milliseconds: i64| when(&words, milliseconds));
    let words = Arc::clone(translations);
    environment.add_function("number", move |value: Value| {
        phrase(&words, "number", &BTreeMap::from([("value", value)]))
    });
    environment.add_filter("strong", |text: &str| wrapped("strong", text));
    environment.add_filter("code", |text: &str| wrapped("code", text));
    environment.add_filter("initials", |name: &str| initials(name));
}

/// The text inside an element, isolated so that a right-to-left name does not turn the sentence around.
fn wrapped(element: &str, text: &str) -> Value {
    Value::from_safe_string(format!(
        "<{element}><bdi>{}</bdi></{element}>",
        escaped(text)
    ))
}

/// A message made in Rust: `{key, args}`.
fn say(words: &Translations, message: &Value) -> Result<Value, Error> {
    let key = message.get_attr("key")?;
    let args = message.get_attr("args")?;
    let names: Vec<Value> = args.try_iter()?.collect();
    let args = names
        .iter()
        .filter_map(|name| Some((name.as_str()?, args.get_item(name))))
        .map(|(name, value)| Ok((name, value?)))
        .collect::<Result<_, Error>>()?;
    phrase(words, key.as_str().unwrap_or_default(), &args)
}

/// The phrase with its arguments.
///
/// An argument that is safe HTML (made by a filter such as `strong`) stays HTML; the rest is then escaped here, and
/// the whole is safe. For this, such arguments travel through Fluent as private-use characters, which no one types.
fn phrase(words: &Translations, key: &str, args: &BTreeMap<&str, Value>) -> Result<Value, Error> {
    let mut markup = Vec::new();
    let mut fluent = FluentArgs::with_capacity(args.len());
    for (name, value) in args {
        if value.is_safe() {
            let mark = char::from_u32(0xE000 + u32::try_from(markup.len()).unwrap_or(0))
                .unwrap_or('\u{E000}');
            markup.push((mark, value.to_string()));
            fluent.set(*name, mark.to_string());
        } else {
            fluent.set(*name, argument(value));
        }
    }
    let text = words.phrase(key, &fluent).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("no locale has the phrase {key} with these arguments"),
        )
    })?;
    if markup.is_empty() {
        return Ok(Value::from(text));
    }
    let html = markup.iter().fold(escaped(&text), |html, (mark, element)| {
        html.replace(*mark, element)
    });
    Ok(Value::from_safe_string(html))
}

fn argument(value: &Value) -> FluentValue<'static> {
    value
        .as_i64()
        .map_or_else(|| FluentValue::from(value.to_string()), FluentValue::from)
}

/// `<time>` for an instant in Unix milliseconds: a short form in UTC, the exact one on hover. The script turns the
/// short form into the reader's own zone.
fn when(words: &Translations, milliseconds: i64) -> Result<Value, Error> {
    let invalid =
        |error| Error::new(ErrorKind::InvalidOperation, "not an instant").with_source(error);
    let instant = Timestamp::from_millisecond(milliseconds).map_err(invalid)?;
    let local = instant.to_zoned(TimeZone::UTC);
    let args = BTreeMap::from([
        ("day", Value::from(local.day())),
        ("month", Value::from(local.month())),
        ("year", Value::from(local.year().to_string())),
        ("time", Value::from(local.strftime("%H:%M").to_string())),
    ]);
    let short = phrase(words, "time-short", &args)?;
    let exact = local.strftime("%Y-%m-%d %H:%M:%S UTC");
    let machine = local.strftime("%Y-%m-%dT%H:%M:%SZ");
    Ok(Value::from_safe_string(format!(
        r#"<time datetime="{machine}" title="{exact}" data-local>{}</time>"#,
        escaped(&short.to_string())
    )))
}

/// Escapes as the default formatter does, save that it leaves slashes alone: every attribute is quoted here, and an
/// address that reads `&#x2f;login` is three times as long and cannot be searched for.
fn format(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe() => {
            Ok(out.write_str(&escaped(text))?)
        }
        _ => escape_formatter(out, state, value),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::translations::LANGUAGES;
    use super::*;

    fn rendered(source: &str) -> Result<String, Error> {
        let mut environment = Environment::new();
        register(
            &mut environment,
            &Arc::new(Translations::load(&LANGUAGES[0])),
        );
        environment.render_named_str(
            "test.html",
            source,
            minijinja::context! { address => r#"/a?b=1&c='<""# },
        )
    }

    #[test]
    fn an_instant_is_short_to_read_and_exact_on_hover() {
        assert_eq!(
            rendered("{{ when(1795224660000) }}").unwrap(),
            r#"<time datetime="2026-11-21T01:31:00Z" title="2026-11-21 01:31:00 UTC" data-local>21 Nov 2026, 01:31</time>"#
        );
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(rendered("{{ number(4120) }}").unwrap(), "4,120");
    }

    #[test]
    fn an_argument_is_escaped_even_beside_markup() {
        let html =
            rendered(r#"{{ t("layout-page-title", page="<i>", brand="A&B"|strong) }}"#).unwrap();
        assert_eq!(html, "&lt;i&gt; · <strong><bdi>A&amp;B</bdi></strong>");
    }

    #[test]
    fn text_is_escaped_and_slashes_are_not() {
        assert_eq!(
            rendered("{{ address }}").unwrap(),
            "/a?b=1&amp;c=&#x27;&lt;&quot;"
        );
    }

    #[test]
    fn a_missing_phrase_is_an_error() {
        assert!(rendered("{{ t('absent') }}").is_err());
    }
}
