use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

fn seen_in(values: &[&str]) -> Option<Dates> {
    let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
    seen(&values)
}

fn read(text: &str, format: Option<DateFormat>) -> Option<String> {
    let at = moment("created", text, format).ok()??;
    Some(Timestamp::from_millisecond(at).unwrap().to_string())
}

#[test]
fn every_form_reads_its_own_example() {
    for format in DateFormat::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
        let at = read(format.example(), Some(format)).unwrap();
        assert!(at.starts_with("2024-12-31T"), "{format}: {at}");
        let seen = seen_in(&[format.example()]);
        assert_eq!(seen, Some(Dates::Are(format)), "{format}");
    }
    assert!("dd.mm".parse::<DateFormat>().is_err());
}

#[test]
fn one_value_past_the_twelfth_tells_of_all() {
    let day = Some(Dates::Are(DateFormat::DayFirst));
    let month = Some(Dates::Are(DateFormat::MonthFirst));
    assert_eq!(seen_in(&["03/04/2021", "25/12/2021"]), day);
    assert_eq!(seen_in(&["03/04/2021", "12/25/2021"]), month);
    assert_eq!(
        seen_in(&["03/04/2021 9:05 PM", "1/2/2021"]),
        Some(Dates::Ambiguous)
    );
    assert_eq!(seen_in(&["25/12/2021", "12/25/2021"]), Some(Dates::Mixed));
    assert_eq!(seen_in(&["03.04.2021"]), day);
    assert_eq!(
        seen_in(&["2021/04/03"]),
        Some(Dates::Are(DateFormat::YearFirst))
    );
    assert_eq!(
        seen_in(&["20210403", "20211231"]),
        Some(Dates::Are(DateFormat::Compact))
    );
    // The thirteenth month is no month.
    assert_eq!(
        seen_in(&["20210403", "20211331"]),
        Some(Dates::Are(DateFormat::Seconds))
    );
    assert_eq!(
        seen_in(&["1700000000", "0"]),
        Some(Dates::Are(DateFormat::Seconds))
    );
    assert_eq!(
        seen_in(&["2024-01-15 10:30:00", "1700000000"]),
        Some(Dates::Mixed)
    );
    assert_eq!(seen_in(&["13/13/2021"]), None);
    assert_eq!(seen_in(&["mara", "03/04/2021"]), None);
    // Which of the three is the year?
    assert_eq!(seen_in(&["21/04/03"]), None);
    assert_eq!(seen_in(&[]), None);
}

#[test]
fn what_may_be_two_days_is_neither_until_somebody_says_which() {
    let text = "03/04/2021";
    let refusal = moment("created", text, None).unwrap_err();
    assert_eq!(refusal.code, ProblemCode::INVALID_DATE);
    assert!(
        refusal.reason.contains("d/m/y or m/d/y"),
        "{}",
        refusal.reason
    );
    let day = read(text, Some(DateFormat::DayFirst));
    assert_eq!(day.as_deref(), Some("2021-04-03T00:00:00Z"));
    let month = read(text, Some(DateFormat::MonthFirst));
    assert_eq!(month.as_deref(), Some("2021-03-04T00:00:00Z"));
}

#[test]
fn times_of_day_are_read_as_spreadsheets_write_them() {
    for (text, expected) in [
        ("3/4/2021 9:05", "2021-03-04T09:05:00Z"),
        ("3/4/2021, 9:05:06 PM", "2021-03-04T21:05:06Z"),
        ("3/4/2021 12:00:00 AM", "2021-03-04T00:00:00Z"),
        ("3/4/21 12:30pm", "2021-03-04T12:30:00Z"),
        ("03-04-1999 23:59:59.999", "1999-03-04T23:59:59Z"),
    ] {
        let at = read(text, Some(DateFormat::MonthFirst));
        assert_eq!(at.as_deref(), Some(expected), "{text}");
    }
    for text in [
        "3/4/2021 25:00",
        "3/4/2021 13:00 PM",
        "3/4/2021 soon",
        "3/4/2021 1:2:3:4",
        "3/4",
    ] {
        assert_eq!(read(text, Some(DateFormat::MonthFirst)), None, "{text}");
    }
}

#[test]
fn a_value_of_another_form_is_read_by_itself() {
    let day_first = Some(DateFormat::DayFirst);
    for text in [
        "2021-04-03T00:00:00Z",
        "2021-04-03 00:00:00",
        "1617408000",
        "1617408000000",
    ] {
        assert_eq!(
            read(text, day_first).as_deref(),
            Some("2021-04-03T00:00:00Z"),
            "{text}"
        );
    }
    // Numbers are what somebody says that they are.
    assert_eq!(
        read("1617408000", Some(DateFormat::Milliseconds)).as_deref(),
        Some("1970-01-19T17:16:48Z")
    );
    assert_eq!(read("1617408000", Some(DateFormat::Iso)), None);
    assert_eq!(
        read("20210403", Some(DateFormat::Compact)).as_deref(),
        Some("2021-04-03T00:00:00Z")
    );
}

proptest! {
    #[test]
    fn no_text_breaks_it(text in "[0-9/.: TZapm,-]{0,24}") {
        let _ = seen(std::slice::from_ref(&text));
        for format in DateFormat::ALL.into_iter().map(Some).chain([None]) {
            let _ = moment("created", &text, format);
        }
    }

    #[test]
    fn what_is_certain_is_read_without_being_told(day in 13_i8..=28, month in 1_i8..=12, year in 1900_i16..2100) {
        let expected = format!("{year}-{month:02}-{day:02}T00:00:00Z");
        let first = format!("{day}/{month}/{year}");
        let second = format!("{month}-{day}-{year}");
        prop_assert_eq!(read(&first, None).unwrap(), expected.clone());
        prop_assert_eq!(read(&second, None).unwrap(), expected);
    }
}
