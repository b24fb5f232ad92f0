//! Files as the world has them: any encoding, any line ending, cut, packed, broken, hostile. What can be read is read the same;
//! what cannot costs its row, or says so of the whole file before a row is taken; and nothing takes memory with its size.

#![expect(
    clippy::unwrap_used,
    reason = "clippy knows tests by their attribute, and these are what tests call"
)]

use std::fmt::Write as _;
use std::io::{Cursor, Read, Write as _};
use std::{fs, path::Path};

use import::source::{self, Options, SOURCES};
use import::{FileError, Problem, UserRecord, check_encoding, mapping};
use proptest::prelude::*;

const CSV: &str = "id,email,first_name\n1,mara@voss.example,Mara\n2,jörg@voss.example,Jörg\n";
const NDJSON: &str = "{\"id\":\"1\",\"email\":\"mara@voss.example\",\"first_name\":\"Mara\"}\n\
                      {\"id\":\"2\",\"email\":\"joerg@voss.example\",\"first_name\":\"Jörg\"}\n";

fn open(
    name: &str,
    input: impl Read + Send + 'static,
) -> Result<Vec<Result<UserRecord, Problem>>, FileError> {
    let source = source::find(name).unwrap();
    let reader = source::open(source, input, &Options::default())?;
    Ok(reader.map(|row| row.map(|row| row.record)).collect())
}

fn rows(name: &str, bytes: impl Into<Vec<u8>>) -> Vec<Result<UserRecord, Problem>> {
    open(name, Cursor::new(bytes.into())).unwrap()
}

fn records(name: &str, bytes: impl Into<Vec<u8>>) -> Vec<UserRecord> {
    rows(name, bytes).into_iter().map(Result::unwrap).collect()
}

/// Each row as its id, or as the line and code of what is wrong with it.
fn told(rows: Vec<Result<UserRecord, Problem>>) -> Vec<String> {
    let told = |row: Result<UserRecord, Problem>| match row {
        Ok(record) => record.provided_id.unwrap_or_default(),
        Err(problem) => format!("{} {}", problem.line, problem.code),
    };
    rows.into_iter().map(told).collect()
}

fn gzip(parts: &[&[u8]]) -> Vec<u8> {
    let mut packed = Vec::new();
    for part in parts {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(part).unwrap();
        packed.extend(encoder.finish().unwrap());
    }
    packed
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn every_accepted_encoding_gives_the_same_people() {
    for (name, text) in [
        ("kinde-csv", CSV),
        ("csv", CSV),
        ("kinde-ndjson", NDJSON),
        ("json", NDJSON),
    ] {
        let plain = records(name, text);
        assert_eq!(plain.len(), 2);
        let marked = format!("\u{feff}{text}");
        for encoded in [
            marked.clone().into_bytes(),
            utf_16(&marked, u16::to_le_bytes),
            utf_16(&marked, u16::to_be_bytes),
            gzip(&[text.as_bytes()]),
            gzip(&[&utf_16(&marked, u16::to_le_bytes)]),
            gzip(&[&text.as_bytes()[..9], &text.as_bytes()[9..]]),
        ] {
            assert!(check_encoding(Cursor::new(encoded.clone())).is_ok());
            assert_eq!(records(name, encoded), plain, "{name}");
        }
    }
}

#[test]
fn another_encoding_is_refused_as_a_whole_before_a_row_is_taken() {
    let latin_1: Vec<u8> = CSV
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let utf_32 = |mark: [u8; 4], bytes: fn(u32) -> [u8; 4]| {
        let text = CSV.chars().flat_map(|c| bytes(c.into()));
        mark.into_iter().chain(text).collect::<Vec<_>>()
    };
    let unpaired = [
        utf_16("\u{feff}id,email\n1,", u16::to_le_bytes),
        vec![0, 0xd8, 10, 0],
    ]
    .concat();
    for (what, bytes) in [
        ("Latin-1", latin_1),
        ("UTF-16 without a mark", utf_16(CSV, u16::to_le_bytes)),
        ("UTF-32", utf_32([0xff, 0xfe, 0, 0], u32::to_le_bytes)),
        ("UTF-32", utf_32([0, 0, 0xfe, 0xff], u32::to_be_bytes)),
        ("UTF-16 with half a character", unpaired),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
    ] {
        let error = check_encoding(Cursor::new(bytes)).unwrap_err();
        assert_eq!(error.code(), "unsupported_encoding", "{what}");
    }
}

#[test]
fn any_line_ending_and_blank_lines_give_the_same_people() {
    let plain = records("kinde-csv", CSV);
    for ending in ["\r\n", "\r", "\n\n", "\r\n\r\n", "\n   \n"] {
        let text = CSV.replace('\n', ending);
        assert_eq!(records("kinde-csv", text.clone()), plain, "{ending:?}");
        assert_eq!(records("csv", format!("\n\n{text}")), plain, "{ending:?}");
    }
    let plain = records("kinde-ndjson", NDJSON);
    for ending in ["\r\n", "\n\n", "\n \t\n"] {
        let text = NDJSON.replace('\n', ending);
        assert_eq!(records("kinde-ndjson", text), plain, "{ending:?}");
    }
}

#[test]
fn a_quoted_line_break_is_part_of_its_cell() {
    let text = "id,email,note\n1,\"mara@voss.example\",\"two\r\nlines\"\n2,lee@liu.example,\"a \"\"quoted\"\" word\"\n";
    assert_eq!(told(rows("csv", text)), ["1", "2"]);
    // In a name it is a mistake, and its row begins where it begins.
    let text = "id,email,first_name\n1,mara@voss.example,\"Ma\nra\"\n2,lee@liu.example,Lee\n";
    assert_eq!(told(rows("kinde-csv", text)), ["2 invalid_text", "2"]);
}

#[test]
fn a_cut_end_costs_the_last_row_only() {
    for (name, text, expected) in [
        ("kinde-csv", &CSV[..CSV.len() - 7], ["1", "3 malformed_row"]),
        ("csv", &CSV[..CSV.len() - 7], ["1", "3 malformed_row"]),
        (
            "kinde-ndjson",
            &NDJSON[..NDJSON.len() - 9],
            ["1", "2 malformed_json"],
        ),
        (
            "json",
            &NDJSON[..NDJSON.len() - 9],
            ["1", "2 malformed_json"],
        ),
    ] {
        assert_eq!(told(rows(name, text)), expected, "{name}");
        assert_eq!(
            told(rows(name, gzip(&[text.as_bytes()]))),
            expected,
            "{name}"
        );
    }
    // A last line without its line break is whole all the same.
    assert_eq!(records("kinde-csv", CSV.trim_end()).len(), 2);
    let marked = utf_16(&format!("\u{feff}{CSV}"), u16::to_le_bytes);
    let cut = told(rows("kinde-csv", &marked[..marked.len() - 3]));
    assert_eq!((cut[0].as_str(), cut.len()), ("1", 2));
}

#[test]
fn a_cut_gzip_gives_what_it_can_and_says_that_it_was_cut() {
    let mut text = String::new();
    for n in 0..50_000 {
        writeln!(text, "{n},p{n}@voss.example,x{}", n * 7919).unwrap();
    }
    let packed = gzip(&[format!("id,email,first_name\n{text}").as_bytes()]);
    let rows = rows("kinde-csv", &packed[..packed.len() / 2]);
    assert!(rows.len() > 1_000, "{}", rows.len());
    let (last, before) = rows.split_last().unwrap();
    assert!(last.as_ref().is_err_and(Problem::ends_file));
    assert!(before[..before.len() - 1].iter().all(Result::is_ok));
}

#[test]
fn an_unbalanced_quote_costs_its_row() {
    let text = "id,email\n1,\"mara@voss.example\n2,lee@liu.example\n3,ada@example.com\n";
    assert_eq!(told(rows("kinde-csv", text)), ["2 malformed_row", "2", "3"]);
}

#[test]
fn zero_bytes_are_no_text() {
    assert_eq!(
        told(rows(
            "kinde-csv",
            "id,email,first_name\n1,mara@voss.example,Ma\0ra\n2,lee@liu.example,Lee\n"
        )),
        ["2 invalid_text", "2"]
    );
    assert_eq!(
        told(rows(
            "kinde-ndjson",
            "{\"id\":\"1\",\"email\":\"a@voss.example\",\"first_name\":\"\\u0000\"}\n"
        )),
        ["1 invalid_text"]
    );
    let error = open("kinde-csv", Cursor::new(b"i\0d,email\n")).unwrap_err();
    assert_eq!(error.code(), "unsupported_encoding");
}

#[test]
fn ten_thousand_columns_are_only_many() {
    let more = (0..10_000).fold(String::new(), |more, n| more + ",extra_" + &n.to_string());
    let cells = ",x".repeat(10_000);
    let text = format!("id,email{more}\n1,mara@voss.example{cells}\n2,lee@liu.example{cells}\n");
    assert_eq!(told(rows("csv", text.clone())), ["1", "2"]);
    assert_eq!(told(rows("kinde-csv", text.clone())), ["1", "2"]);
    assert!(mapping::guess(text.as_bytes(), None).is_ok());
}

#[test]
fn two_columns_of_one_name_are_not_mixed_up() {
    let text = "id,email,email\n1,mara@voss.example,other@voss.example\n";
    let error = open("kinde-csv", Cursor::new(text)).unwrap_err();
    assert_eq!(error.code(), "malformed_header");
    // One's own table has what it has: the first is taken, the second is only a suggestion.
    let people = records("csv", text);
    assert_eq!(people[0].identities.len(), 1);
    assert_eq!(people[0].identities[0].value(), "mara@voss.example");
}

/// 100 MB that are never in memory.
fn endless(before: &str, byte: u8, after: &str) -> impl Read + Send + 'static {
    let text = |text: &str| Cursor::new(text.to_owned().into_bytes());
    let middle = std::io::repeat(byte).take(100_000_000);
    text(before).chain(middle).chain(text(after))
}

#[test]
#[cfg(target_os = "linux")]
fn a_line_of_100_mb_is_refused_and_never_in_memory() {
    let before = peak_memory();
    let row = "2,lee@liu.example,Lee\n";
    let header = "id,email,first_name\n";
    for (name, start, end, expected) in [
        (
            "kinde-csv",
            format!("{header}1,"),
            format!("\n{row}"),
            vec!["2 row_too_long", "2"],
        ),
        // A quote that is never closed looks alike until its end.
        (
            "csv",
            format!("{header}1,\""),
            format!("\n{row}"),
            vec!["2 malformed_row", "2"],
        ),
        (
            "kinde-ndjson",
            "{\"id\":\"".to_owned(),
            "\"}\n{\"id\":\"2\",\"email\":\"lee@liu.example\"}\n".to_owned(),
            vec!["1 row_too_long", "2"],
        ),
        (
            "json",
            "[{\"id\":\"1\",\"email\":\"mara@voss.example\"},{\"id\":\"".to_owned(),
            "\"},{\"id\":\"2\",\"email\":\"lee@liu.example\"}]".to_owned(),
            vec!["1", "1 row_too_long", "2"],
        ),
    ] {
        let rows = open(name, endless(&start, b'x', &end)).unwrap();
        assert_eq!(told(rows), expected, "{name}");
    }
    let error = open("kinde-csv", endless("id,email", b'x', "\n")).unwrap_err();
    assert_eq!(error.code(), "row_too_long");
    let grown = peak_memory() - before;
    assert!(grown < 32 * 1024, "the peak grew by {grown} KiB");
}

/// The most memory that this process has had, in KiB.
#[cfg(target_os = "linux")]
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.unwrap().trim().trim_end_matches(" kB");
    peak.parse().unwrap()
}

/// The samples of all providers.
fn samples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut samples = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                samples.push(fs::read(path).unwrap());
            }
        }
    }
    samples.sort();
    samples
}

/// Reads it as everything that it could be.
fn read_as_everything(bytes: &[u8]) {
    for source in SOURCES {
        if let Ok(reader) = source::open(source, Cursor::new(bytes.to_vec()), &Options::default()) {
            for row in reader.flatten() {
                let _ = row.raw.redacted();
            }
        }
    }
    let _ = source::detect(bytes);
    let _ = mapping::guess(bytes, None);
    if let Ok(rows) = import::organization::open(Cursor::new(bytes.to_vec())) {
        rows.for_each(drop);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        read_as_everything(&bytes);
    }

    #[test]
    fn no_damage_to_a_sample_makes_a_reader_panic(
        sample in prop::sample::select(samples()),
        at in any::<prop::sample::Index>(),
        length in 0_usize..40,
        put in prop::collection::vec(prop::sample::select(b"\"',;\n\r{}[]:\\\0\xff\xfe$=0a".to_vec()), 0..6),
    ) {
        let mut bytes = sample;
        let start = at.index(bytes.len().max(1)).min(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, put);
        bytes.truncate(16 * 1024);
        read_as_everything(&bytes);
    }
}
