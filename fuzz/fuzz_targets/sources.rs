//! Every reader of people: what a file is told to be, and one more source that it is read as all the same.
//!
//! Readers never panic, tell each row once in the order of the file, and give the same rows whenever they read the file.

#![no_main]

use std::io::Cursor;

use import::source::{self, Options, SOURCES, Source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // The file itself chooses, so that samples of real exports are good seeds as they are.
    let sum: usize = bytes.iter().map(|byte| usize::from(*byte)).sum();
    read(&SOURCES[sum % SOURCES.len()], bytes);
    if let Ok(detected) = source::detect(bytes) {
        read(detected.source, bytes);
    }
    let _ = import::check_encoding(Cursor::new(bytes.to_vec()));
});

fn read(source: &'static Source, bytes: &[u8]) {
    let rows = |bytes: &[u8]| {
        source::open(source, Cursor::new(bytes.to_vec()), &Options::default())
            .map(Iterator::collect::<Vec<_>>)
    };
    let (Ok(first), Ok(second)) = (rows(bytes), rows(bytes)) else {
        return;
    };
    assert_eq!(first.len(), second.len());
    let mut line = 0;
    for (row, again) in first.iter().zip(&second) {
        let (number_and_line, same) = match (row, again) {
            (Ok(row), Ok(again)) => {
                // What is shown of a row in a report.
                let _ = row.raw.redacted();
                ((row.number, row.line), row.record == again.record)
            }
            (Err(problem), Err(again)) => ((problem.number, problem.line), problem == again),
            _ => panic!("a row is good once and bad another time"),
        };
        assert!(same, "the same file gives the same rows");
        assert!(
            number_and_line.1 >= line,
            "rows come in the order of their lines"
        );
        line = number_and_line.1;
    }
}
