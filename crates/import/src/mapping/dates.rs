//! Points in time as people's own tables have them.
//!
//! One value alone may be read in two ways: `03/04/2021` is a day in April for some and in March for others. All values of a
//! column together mostly tell ([`seen`]), since a column has one form, and no month has a thirteenth day. Where they don't,
//! somebody is asked, and until then such a value is refused: it is never guessed.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::problem::{ProblemCode, Refusal};
use crate::value;

/// The form of the dates in a column. Where a time has no offset, it is taken for UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DateFormat {
    /// `2024-03-01T09:00:00Z`, or as databases write it, `2024-03-01 09:00:00+00`.
    Iso,
    /// Unix seconds.
    Seconds,
    /// Unix milliseconds.
    Milliseconds,
    /// `31/12/2024`, also with points or hyphens.
    DayFirst,
    /// `12/31/2024`, also with points or hyphens.
    MonthFirst,
    /// `2024/12/31`, also with points.
    YearFirst,
    /// `20241231`.
    Compact,
}

/// The text names no form of dates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no form of dates; write iso, seconds, milliseconds, d/m/y, m/d/y, y/m/d or yyyymmdd"
)]
pub struct UnknownDateFormat(String);

impl DateFormat {
    /// Every form, in the order in which forms list them.
    pub const ALL: [Self; 7] = [
        Self::Iso,
        Self::Seconds,
        Self::Milliseconds,
        Self::DayFirst,
        Self::MonthFirst,
        Self::YearFirst,
        Self::Compact,
    ];

    /// As it is written in map files and forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Iso => "iso",
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::DayFirst => "d/m/y",
            Self::MonthFirst => "m/d/y",
            Self::YearFirst => "y/m/d",
            Self::Compact => "yyyymmdd",
        }
    }

    /// The last day of 2024 in this form.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Iso => "2024-12-31T09:00:00Z",
            Self::Seconds => "1735635600",
            Self::Milliseconds => "1735635600000",
            Self::DayFirst => "31/12/2024",
            Self::MonthFirst => "12/31/2024",
            Self::YearFirst => "2024/12/31",
            Self::Compact => "20241231",
        }
    }

    /// Whether a value by itself may be misread without knowing it, so that what its column shows is needed to read it.
    fn is_of_columns(self) -> bool {
        matches!(self, Self::DayFirst | Self::MonthFirst | Self::Compact)
    }
}

impl FromStr for DateFormat {
    type Err = UnknownDateFormat;

    fn from_str(text: &str) -> Result<Self, UnknownDateFormat> {
        let wanted = text.trim().to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == wanted)
            .ok_or_else(|| UnknownDateFormat(text.chars().take(20).collect()))
    }
}

impl TryFrom<String> for DateFormat {
    type Error = UnknownDateFormat;

    fn try_from(text: String) -> Result<Self, UnknownDateFormat> {
        text.parse()
    }
}

impl From<DateFormat> for String {
    fn from(format: DateFormat) -> Self {
        format.as_str().to_owned()
    }
}

impl fmt::Display for DateFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What the values of a column show of the form of its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// They are in this form.
    Are(DateFormat),
    /// The day or the month stands first, and no value tells which.
    Ambiguous,
    /// They are in several forms; each is read as what it is, if that is certain.
    Mixed,
}

impl Dates {
    /// The form that is needed to read a value, where the column shows it.
    pub(super) fn needed(self) -> Option<DateFormat> {
        match self {
            Self::Are(format) => Some(format).filter(|format| format.is_of_columns()),
            Self::Ambiguous | Self::Mixed => None,
        }
    }
}

/// What one value can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Certainly this.
    Is(DateFormat),
    /// Numbers with slashes or hyphens, the first two of which could be a month.
    EitherFirst,
    /// A day and a month with points between, which nobody writes the other way round.
    Points,
    /// Eight digits that are a day, or seconds.
    CompactOrSeconds,
    /// Zero: no date.
    Never,
}

/// What the values of a column show; none where most are no dates.
pub(super) fn seen(values: &[String]) -> Option<Dates> {
    let forms: Vec<Form> = values.iter().filter_map(|value| form(value)).collect();
    if forms.is_empty() || forms.len() * 100 < values.len() * 90 {
        return None;
    }
    let has = |form: Form| forms.contains(&form);
    let day_first = has(Form::Is(DateFormat::DayFirst));
    let month_first = has(Form::Is(DateFormat::MonthFirst));
    match (day_first, month_first) {
        (true, true) => return Some(Dates::Mixed),
        (true, false) => return Some(Dates::Are(DateFormat::DayFirst)),
        (false, true) => return Some(Dates::Are(DateFormat::MonthFirst)),
        (false, false) if has(Form::EitherFirst) => return Some(Dates::Ambiguous),
        (false, false) => {}
    }
    let certain = forms.iter().filter_map(|form| match form {
        Form::Is(format) => Some(*format),
        Form::Points => Some(DateFormat::DayFirst),
        Form::CompactOrSeconds if has(Form::Is(DateFormat::Seconds)) => Some(DateFormat::Seconds),
        Form::CompactOrSeconds => Some(DateFormat::Compact),
        Form::EitherFirst | Form::Never => None,
    });
    let certain: Vec<DateFormat> = certain.collect();
    let first = *certain.first()?;
    let is_one = certain.iter().all(|format| *format == first);
    Some(if is_one {
        Dates::Are(first)
    } else {
        Dates::Mixed
    })
}

/// Whether a text is a date in any form.
pub(super) fn is_date(text: &str) -> bool {
    form(text).is_some()
}

fn form(text: &str) -> Option<Form> {
    let text = text.trim();
    if text == "0" || text.starts_with("0000-00-00") {
        return Some(Form::Never);
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(match compact(text) {
            Some(_) => Form::CompactOrSeconds,
            None if is_seconds(number) => Form::Is(DateFormat::Seconds),
            None => Form::Is(DateFormat::Milliseconds),
        });
    }
    if value::instant("", text)
        .or_else(|_| value::datetime("", text))
        .is_ok()
    {
        return Some(Form::Is(DateFormat::Iso));
    }
    let numbers = Numbers::of(text).filter(Numbers::has_whole_year)?;
    let is = |format| numbers.at(format).is_some();
    match (is(DateFormat::DayFirst), is(DateFormat::MonthFirst)) {
        _ if is(DateFormat::YearFirst) => Some(Form::Is(DateFormat::YearFirst)),
        (true, _) if numbers.separator == '.' => Some(Form::Points),
        (true, true) => Some(Form::EitherFirst),
        (true, false) => Some(Form::Is(DateFormat::DayFirst)),
        (false, true) => Some(Form::Is(DateFormat::MonthFirst)),
        (false, false) => None,
    }
}

/// Seconds have ten digits until the year 2286, milliseconds twelve and more since 1973.
fn is_seconds(number: i64) -> bool {
    number.abs() < 100_000_000_000
}

/// A point in time that is not blank, in Unix milliseconds. Without a `format` every form is taken that can be only one;
/// with one, a value that can't be of that form is read by itself, so that a stray one costs nothing.
pub(super) fn moment(
    column: &str,
    text: &str,
    format: Option<DateFormat>,
) -> Result<Option<i64>, Refusal> {
    let text = text.trim();
    let number = text.parse::<i64>().ok();
    let at = |format| Numbers::of(text).and_then(|numbers| numbers.at(format));
    let local = match (format, number) {
        (Some(DateFormat::Seconds), Some(_)) => return value::seconds(column, text),
        (Some(DateFormat::Milliseconds), Some(_)) => return value::instant(column, text),
        (Some(DateFormat::Iso), Some(_)) => {
            return Err(refused(
                column,
                "the date is a number; it should be of the form 2024-03-01",
            ));
        }
        (Some(DateFormat::Compact), Some(_)) => compact(text),
        (Some(format), None) => at(format),
        (_, _) => None,
    };
    match local {
        Some(local) => in_utc(column, local),
        None => by_itself(column, text, number),
    }
}

fn by_itself(column: &str, text: &str, number: Option<i64>) -> Result<Option<i64>, Refusal> {
    if number.is_some_and(is_seconds) {
        return value::seconds(column, text);
    }
    let read = value::instant(column, text).or_else(|_| value::datetime(column, text));
    if read.is_ok() {
        return read;
    }
    let format = match form(text) {
        Some(Form::Is(format)) => format,
        Some(Form::Points) => DateFormat::DayFirst,
        Some(Form::EitherFirst) => {
            let reason =
                "the day or the month may stand first; say which for the column: d/m/y or m/d/y";
            return Err(refused(column, reason));
        }
        _ => return Err(refused(column, UNKNOWN)),
    };
    match Numbers::of(text).and_then(|numbers| numbers.at(format)) {
        Some(local) => in_utc(column, local),
        None => Err(refused(column, UNKNOWN)),
    }
}

const UNKNOWN: &str = "the date is not of the form 2024-03-01T09:00:00Z or 2024-03-01 09:00:00";

fn refused(column: &str, reason: &str) -> Refusal {
    Refusal::at(column, ProblemCode::INVALID_DATE, reason)
}

fn in_utc(column: &str, local: civil::DateTime) -> Result<Option<i64>, Refusal> {
    let zoned = local.to_zoned(TimeZone::UTC);
    let zoned = zoned.map_err(|_| refused(column, UNKNOWN))?;
    Ok(Some(zoned.timestamp().as_millisecond()))
}

/// Eight digits that are a day between 1900 and 2100, at its midnight.
fn compact(text: &str) -> Option<civil::DateTime> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year: i16 = text[..4].parse().ok()?;
    let date = civil::Date::new(year, text[4..6].parse().ok()?, text[6..].parse().ok()?);
    let date = date.ok().filter(|_| (1900..=2100).contains(&year))?;
    Some(date.to_datetime(civil::Time::midnight()))
}

/// Three numbers with the same sign between them, and perhaps a time of day.
struct Numbers<'a> {
    parts: [&'a str; 3],
    separator: char,
    time: civil::Time,
}

impl<'a> Numbers<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let end = text.find([' ', 'T', ',']).unwrap_or(text.len());
        let (date, time) = text.split_at(end);
        let separator = date.chars().find(|c| !c.is_ascii_digit())?;
        if !['/', '-', '.'].contains(&separator) {
            return None;
        }
        let mut parts = date.split(separator);
        let parts = [parts.next()?, parts.next()?, parts.next()?];
        let is_number =
            |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if date.matches(separator).count() != 2 || !parts.iter().all(is_number) {
            return None;
        }
        Some(Self {
            parts,
            separator,
            time: time_of_day(time.trim_start_matches([' ', 'T', ',']))?,
        })
    }

    /// Whether one of the numbers can only be a year.
    fn has_whole_year(&self) -> bool {
        let [first, _, last] = self.parts;
        first.len() == 4 || last.len() == 4
    }

    /// As a date of this form, if it is one.
    fn at(&self, format: DateFormat) -> Option<civil::DateTime> {
        let [a, b, c] = self.parts;
        let (year, month, day) = match format {
            DateFormat::DayFirst => (c, b, a),
            DateFormat::MonthFirst => (c, a, b),
            DateFormat::YearFirst => (a, b, c),
            DateFormat::Iso
            | DateFormat::Seconds
            | DateFormat::Milliseconds
            | DateFormat::Compact => return None,
        };
        let year: i16 = match (year.len(), year.parse().ok()?) {
            (4, year) => year,
            // POSIX, strptime, %y.
            (2, year @ 69..) => 1900 + year,
            (2, year) => 2000 + year,
            _ => return None,
        };
        let date = civil::Date::new(year, month.parse().ok()?, day.parse().ok()?);
        Some(date.ok()?.to_datetime(self.time))
    }
}

/// `9:05`, `09:05:06.5`, `9:05 PM`; midnight where there is none.
fn time_of_day(text: &str) -> Option<civil::Time> {
    if text.is_empty() {
        return Some(civil::Time::midnight());
    }
    let lower = text.to_ascii_lowercase();
    let (clock, is_afternoon) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(false)),
        (_, Some(clock)) => (clock, Some(true)),
        _ => (lower.as_str(), None),
    };
    let mut parts = clock.trim_end().split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    // Fractions of seconds say nothing about people.
    let second = parts.next().unwrap_or("0").split('.').next()?;
    let hour = match is_afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(false) => hour % 12,
        Some(true) => hour % 12 + 12,
    };
    match parts.next() {
        Some(_) => None,
        None => civil::Time::new(hour, minute, second.parse().ok()?, 0).ok(),
    }
}

#[cfg(test)]
mod tests;
