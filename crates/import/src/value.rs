//! From the text of a cell or a JSON value to a value with rules, or to the reason why not.
//!
//! A blank text says nothing: the functions return `None` for it, never an empty string or false.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use serde_json::Value;

use crate::identifier::{EmailAddress, Identifier, PhoneNumber, Username};
use crate::objects::Object;
use crate::problem::{ProblemCode, Refusal};

/// 255 bytes: ids and keys are held by indexes, which take no long values.
pub(crate) const MAX_KEY: usize = 255;
/// 1 KiB: no name of a person is longer, and what is longer is not a name.
pub(crate) const MAX_NAME: usize = 1024;
/// 2 KiB: the longest address that browsers and proxies agree to carry.
pub(crate) const MAX_URL: usize = 2048;

/// Text of at most `max` bytes, without the spaces around it, and without control characters: a database may not take
/// a zero byte, and the others only mislead who reads a list of names.
pub(crate) fn text(column: &str, value: &str, max: usize) -> Result<Option<String>, Refusal> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    if value.len() > max {
        let reason = format!("the text is longer than {max} bytes; shorten it");
        return Err(Refusal::at(column, ProblemCode::INVALID_TEXT, reason));
    }
    if value.chars().any(char::is_control) {
        let reason = "the text has a line break or another control character; remove it";
        return Err(Refusal::at(column, ProblemCode::INVALID_TEXT, reason));
    }
    Ok(Some(value.to_owned()))
}

/// True or false as spreadsheets and databases write them, in any case.
pub(crate) fn flag(column: &str, value: &str) -> Result<Option<bool>, Refusal> {
    const TRUE: [&str; 4] = ["true", "t", "1", "yes"];
    const FALSE: [&str; 4] = ["false", "f", "0", "no"];
    let value = value.trim();
    let is_in = |words: [&str; 4]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
    match value {
        "" => Ok(None),
        _ if is_in(TRUE) => Ok(Some(true)),
        _ if is_in(FALSE) => Ok(Some(false)),
        _ => {
            let reason = "the value is neither TRUE nor FALSE; write one of the two, or nothing";
            Err(Refusal::at(column, ProblemCode::INVALID_BOOLEAN, reason))
        }
    }
}

/// The parts of a list in one cell, each once, in the order of the file.
pub(crate) fn list(column: &str, value: &str) -> Result<Vec<String>, Refusal> {
    let mut parts = Vec::new();
    for part in value.split(',') {
        if let Some(part) = text(column, part, MAX_KEY)?
            && !parts.contains(&part)
        {
            parts.push(part);
        }
    }
    Ok(parts)
}

/// A point in time as RFC 3339 text or as Unix milliseconds, in Unix milliseconds.
pub(crate) fn instant(column: &str, value: &str) -> Result<Option<i64>, Refusal> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    let instant = match value.parse::<i64>() {
        Ok(millisecond) => Timestamp::from_millisecond(millisecond).ok(),
        Err(_) => value.parse::<Timestamp>().ok(),
    };
    let Some(instant) = instant else {
        let reason = "the date is not of the form 2024-03-01T09:00:00Z";
        return Err(Refusal::at(column, ProblemCode::INVALID_DATE, reason));
    };
    Ok(Some(instant.as_millisecond()))
}

/// The year 9000, in Unix milliseconds: instants beyond it stand for never.
pub(crate) const FOR_EVER: i64 = 221_845_392_000_000;

/// A point in time as databases write it, `2024-01-15 10:30:00.000000+00`, in Unix milliseconds. Without an offset it
/// is taken for UTC; `0000-00-00 00:00:00` says nothing.
pub(crate) fn datetime(column: &str, value: &str) -> Result<Option<i64>, Refusal> {
    let value = value.trim();
    if value.is_empty() || value.starts_with("0000-00-00") {
        return Ok(None);
    }
    // PostgreSQL's word and .NET's greatest date stand for never.
    if value == "infinity" || value.starts_with("9999-12-31") {
        return Ok(Some(Timestamp::MAX.as_millisecond()));
    }
    // SQL Server has a space before the offset, and Rails writes `UTC`.
    let joined = value.replace(" +", "+").replace(" -", "-");
    let joined = joined.strip_suffix(" UTC").unwrap_or(&joined);
    let instant = match joined.parse::<Timestamp>() {
        Ok(instant) => Ok(instant),
        Err(_) => joined
            .parse::<civil::DateTime>()
            .and_then(|local| local.to_zoned(TimeZone::UTC))
            .map(|zoned| zoned.timestamp()),
    };
    instant
        .map(|instant| Some(instant.as_millisecond()))
        .map_err(|_| {
            let reason = "the date is not of the form 2024-01-15 10:30:00+00";
            Refusal::at(column, ProblemCode::INVALID_DATE, reason)
        })
}

/// A point in time in Unix seconds, in Unix milliseconds; 0 stands for never.
pub(crate) fn seconds(column: &str, value: &str) -> Result<Option<i64>, Refusal> {
    let value = value.trim();
    if value.is_empty() || value == "0" {
        return Ok(None);
    }
    let instant = value
        .parse()
        .ok()
        .and_then(|second| Timestamp::from_second(second).ok());
    let instant = instant.ok_or_else(|| {
        let reason = "the date is not a number of seconds";
        Refusal::at(column, ProblemCode::INVALID_DATE, reason)
    })?;
    Ok(Some(instant.as_millisecond()))
}

/// A point in time as directories write it (RFC 4517 §3.3.13), `20240115103000Z` with or without a fraction, in Unix
/// milliseconds.
pub(crate) fn generalized_time(column: &str, value: &str) -> Result<Option<i64>, Refusal> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    let second = value
        .strip_suffix('Z')
        .map(|text| text.split('.').next().unwrap_or(text));
    let instant = second
        .filter(|text| text.len() == 14)
        .and_then(|text| civil::DateTime::strptime("%Y%m%d%H%M%S", text).ok())
        .and_then(|local| local.to_zoned(TimeZone::UTC).ok());
    let zoned = instant.ok_or_else(|| {
        let reason = "the date is not of the form 20240115103000Z";
        Refusal::at(column, ProblemCode::INVALID_DATE, reason)
    })?;
    Ok(Some(zoned.timestamp().as_millisecond()))
}

/// True or false in the words of several languages, as people's own tables have them; `None` for any other word.
pub(crate) fn loose_flag(value: &str) -> Option<bool> {
    const TRUE: &[&str] = &[
        "true",
        "t",
        "1",
        "yes",
        "y",
        "on",
        "x",
        "ja",
        "j",
        "wahr",
        "oui",
        "o",
        "vrai",
        "sí",
        "si",
        "s",
        "sì",
        "verdadero",
        "verdadeiro",
        "sim",
        "tak",
        "ano",
        "kyllä",
        "да",
        "是",
    ];
    const FALSE: &[&str] = &[
        "false", "f", "0", "no", "n", "off", "nein", "falsch", "non", "faux", "falso", "não",
        "nao", "nee", "nej", "nei", "nie", "ne", "ei", "нет", "否",
    ];
    let value = value.trim().to_lowercase();
    if TRUE.contains(&value.as_str()) {
        Some(true)
    } else if FALSE.contains(&value.as_str()) {
        Some(false)
    } else {
        None
    }
}

/// Whether a word for the state of an account says that it is closed. `None` for any other word; a state such as `pending`
/// says neither, and is no other word: it is `Some(false)`.
pub(crate) fn status(value: &str) -> Option<bool> {
    const OPEN: &[&str] = &[
        "active",
        "activated",
        "enabled",
        "open",
        "ok",
        "normal",
        "confirmed",
        "verified",
        "approved",
        "pending",
        "invited",
        "new",
        "registered",
        "aktiv",
        "actif",
        "activo",
        "attivo",
        "ativo",
        "actief",
        "valid",
    ];
    const CLOSED: &[&str] = &[
        "suspended",
        "blocked",
        "banned",
        "disabled",
        "inactive",
        "locked",
        "deactivated",
        "closed",
        "deleted",
        "archived",
        "removed",
        "revoked",
        "gesperrt",
        "inaktiv",
        "deaktiviert",
        "bloqué",
        "inactif",
        "bloqueado",
        "inactivo",
        "bloccato",
        "inattivo",
        "inativo",
        "geblokkeerd",
    ];
    let value = value.trim().to_lowercase();
    if CLOSED.contains(&value.as_str()) {
        Some(true)
    } else if OPEN.contains(&value.as_str()) {
        Some(false)
    } else {
        None
    }
}

/// An e-mail address.
pub(crate) fn email(column: &str, value: &str) -> Result<Option<Identifier>, Refusal> {
    parsed(column, value, ProblemCode::INVALID_EMAIL, |text| {
        EmailAddress::parse(text).map(Identifier::Email)
    })
}

/// A phone number.
pub(crate) fn phone(column: &str, value: &str) -> Result<Option<Identifier>, Refusal> {
    parsed(column, value, ProblemCode::INVALID_PHONE, |text| {
        PhoneNumber::parse(text).map(Identifier::Phone)
    })
}

/// A username.
pub(crate) fn username(column: &str, value: &str) -> Result<Option<Identifier>, Refusal> {
    parsed(column, value, ProblemCode::INVALID_USERNAME, |text| {
        Username::parse(text).map(Identifier::Username)
    })
}

fn parsed<T, E: std::fmt::Display>(
    column: &str,
    value: &str,
    code: ProblemCode,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, Refusal> {
    if value.trim().is_empty() {
        return Ok(None);
    }
    match parse(value) {
        Ok(value) => Ok(Some(value)),
        Err(error) => Err(Refusal::at(column, code, error)),
    }
}

/// The first of `names` that the object has with a value, and that value.
pub(crate) fn field<'a>(
    object: &'a Object,
    names: &[&'static str],
) -> Option<(&'static str, &'a Value)> {
    names
        .iter()
        .filter_map(|name| Some((*name, object.get(*name)?)))
        .find(|(_, value)| !value.is_null())
}

/// The text of the first of `names` that the object has; blank if it has none of them.
pub(crate) fn string<'a>(
    object: &'a Object,
    names: &[&'static str],
) -> Result<(&'static str, &'a str), Refusal> {
    match field(object, names) {
        None => Ok((names[0], "")),
        Some((name, Value::String(text))) => Ok((name, text)),
        Some((name, _)) => Err(wrong_type(name, "a text")),
    }
}

/// The text of a JSON field as it is, for files that a program wrote from what had been accepted before.
pub(crate) fn verbatim(object: &Object, name: &'static str) -> Result<Option<String>, Refusal> {
    let (_, text) = string(object, &[name])?;
    if text.contains('\0') {
        let reason = "the text has a zero character; remove it";
        return Err(Refusal::at(name, ProblemCode::INVALID_TEXT, reason));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// [`text`] of a JSON field.
pub(crate) fn text_field(
    object: &Object,
    names: &[&'static str],
    max: usize,
) -> Result<Option<String>, Refusal> {
    let (name, value) = string(object, names)?;
    text(name, value, max)
}

/// [`text_field`] of an id, which some exports write as a number.
pub(crate) fn id_field(object: &Object, names: &[&'static str]) -> Result<Option<String>, Refusal> {
    match field(object, names) {
        Some((_, Value::Number(number))) => Ok(Some(number.to_string())),
        _ => text_field(object, names, MAX_KEY),
    }
}

/// [`flag`] of a JSON field.
pub(crate) fn flag_field(object: &Object, names: &[&'static str]) -> Result<Option<bool>, Refusal> {
    match field(object, names) {
        None => Ok(None),
        Some((_, Value::Bool(value))) => Ok(Some(*value)),
        Some((name, Value::String(value))) => flag(name, value),
        Some((name, _)) => Err(wrong_type(name, "true or false")),
    }
}

/// [`instant`] of a JSON field.
pub(crate) fn instant_field(
    object: &Object,
    names: &[&'static str],
) -> Result<Option<i64>, Refusal> {
    match field(object, names) {
        None => Ok(None),
        Some((name, Value::String(value))) => instant(name, value),
        Some((name, Value::Number(value))) => instant(name, &value.to_string()),
        Some((name, _)) => Err(wrong_type(name, "a date")),
    }
}

/// The objects of a list.
pub(crate) fn objects_field<'a>(
    object: &'a Object,
    names: &[&'static str],
) -> Result<Vec<&'a Object>, Refusal> {
    let Some((name, value)) = field(object, names) else {
        return Ok(Vec::new());
    };
    let objects = value
        .as_array()
        .and_then(|values| values.iter().map(Value::as_object).collect());
    objects.ok_or_else(|| wrong_type(name, "a list of objects"))
}

/// The texts of a list, each once.
pub(crate) fn keys_field(object: &Object, name: &'static str) -> Result<Vec<String>, Refusal> {
    let values = match field(object, &[name]) {
        None => return Ok(Vec::new()),
        Some((_, Value::Array(values))) => values,
        Some(_) => return Err(wrong_type(name, "a list of texts")),
    };
    let mut keys = Vec::with_capacity(values.len());
    for value in values {
        let value = value
            .as_str()
            .ok_or_else(|| wrong_type(name, "a list of texts"))?;
        if let Some(key) = text(name, value, MAX_KEY)?
            && !keys.contains(&key)
        {
            keys.push(key);
        }
    }
    Ok(keys)
}

/// The fields of an object inside the object.
pub(crate) fn object_field<'a>(
    object: &'a Object,
    names: &[&'static str],
) -> Result<Option<&'a Object>, Refusal> {
    match field(object, names) {
        None => Ok(None),
        Some((_, Value::Object(object))) => Ok(Some(object)),
        Some((name, _)) => Err(wrong_type(name, "an object")),
    }
}

fn wrong_type(name: &str, expected: &str) -> Refusal {
    Refusal::at(
        name,
        ProblemCode::INVALID_FIELD,
        format!("the value should be {expected}"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> &'static str {
        result.unwrap_err().code.as_str()
    }

    #[test]
    fn blank_says_nothing() {
        assert_eq!(text("x", "  ", 10).unwrap(), None);
        assert_eq!(flag("x", " ").unwrap(), None);
        assert_eq!(instant("x", "").unwrap(), None);
        assert_eq!(email("x", " ").unwrap(), None);
        assert_eq!(list("x", " , ").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn text_has_a_length_and_no_controls() {
        assert_eq!(text("x", " Mara ", 4).unwrap().as_deref(), Some("Mara"));
        assert_eq!(code(text("x", "Maraa", 4)), "invalid_text");
        assert_eq!(code(text("x", "Ma\0ra", 10)), "invalid_text");
        assert_eq!(code(text("x", "Ma\nra", 10)), "invalid_text");
    }

    #[test]
    fn a_flag_is_read_in_any_case_and_names_its_column_otherwise() {
        for (value, expected) in [
            ("TRUE", true),
            ("true", true),
            ("t", true),
            ("False", false),
            ("0", false),
        ] {
            assert_eq!(flag("x", value).unwrap(), Some(expected), "{value}");
        }
        let refusal = flag("email_verified", "enabled").unwrap_err();
        assert_eq!(refusal.code, ProblemCode::INVALID_BOOLEAN);
        assert_eq!(refusal.column.as_deref(), Some("email_verified"));
    }

    #[test]
    fn a_list_has_each_part_once() {
        assert_eq!(
            list("x", "admin, owner,,admin").unwrap(),
            ["admin", "owner"]
        );
    }

    #[test]
    fn an_instant_is_text_or_milliseconds() {
        assert_eq!(
            instant("x", "2024-03-01T09:00:00.000Z").unwrap(),
            Some(1_709_283_600_000)
        );
        assert_eq!(
            instant("x", "1709283600000").unwrap(),
            Some(1_709_283_600_000)
        );
        assert_eq!(code(instant("x", "01/03/2024")), "invalid_date");
        assert_eq!(code(instant("x", &i64::MAX.to_string())), "invalid_date");
    }

    #[test]
    fn a_datetime_is_read_as_databases_write_it() {
        for value in [
            "2024-03-01 09:00:00.000000+00",
            "2024-03-01 09:00:00",
            "2024-03-01T09:00:00",
            "2024-03-01 10:00:00.0000000 +01:00",
            "2024-03-01 09:00:00 UTC",
            "2024-03-01T09:00:00.000Z",
        ] {
            assert_eq!(
                datetime("x", value).unwrap(),
                Some(1_709_283_600_000),
                "{value}"
            );
        }
        assert_eq!(datetime("x", "0000-00-00 00:00:00").unwrap(), None);
        for value in ["infinity", "9999-12-31 23:59:59.9999999 +00:00"] {
            assert!(datetime("x", value).unwrap() > Some(FOR_EVER));
        }
        assert_eq!(code(datetime("x", "yesterday")), "invalid_date");
        assert_eq!(seconds("x", "1709283600").unwrap(), Some(1_709_283_600_000));
        assert_eq!(seconds("x", "0").unwrap(), None);
        assert_eq!(code(seconds("x", "soon")), "invalid_date");
        for value in ["20240301090000Z", "20240301090000.0Z"] {
            assert_eq!(
                generalized_time("x", value).unwrap(),
                Some(1_709_283_600_000)
            );
        }
        assert_eq!(code(generalized_time("x", "2024-03-01")), "invalid_date");
    }

    #[test]
    fn a_field_of_another_type_is_named() {
        let object = json!({"email": 5, "verified": [], "list": "x", "null": null});
        let object = object.as_object().unwrap();
        let refusal = text_field(object, &["mail", "email"], 10).unwrap_err();
        assert_eq!(refusal.column.as_deref(), Some("email"));
        assert_eq!(code(flag_field(object, &["verified"])), "invalid_field");
        assert_eq!(code(objects_field(object, &["list"])), "invalid_field");
        assert_eq!(text_field(object, &["null"], 10).unwrap(), None);
    }
}
