use std::io::Cursor;

use super::*;

fn open(text: impl Into<Vec<u8>>) -> (Table, Vec<String>) {
    Table::open(Box::new(Cursor::new(text.into()))).unwrap()
}

/// Each row as its line and cells, or its line and code.
fn rows(text: impl Into<Vec<u8>>) -> Vec<(u64, Result<Vec<String>, &'static str>)> {
    let (mut table, _) = open(text);
    let mut rows = Vec::new();
    while let Some(found) = table.next().unwrap() {
        let row = match found.row {
            Ok(row) => Ok(row.iter().map(Cow::into_owned).collect()),
            Err(broken) => Err(broken.refusal.code.as_str()),
        };
        rows.push((found.line, row));
    }
    rows
}

fn ok<const N: usize>(line: u64, cells: [&str; N]) -> (u64, Result<Vec<String>, &'static str>) {
    (line, Ok(cells.map(str::to_owned).to_vec()))
}

#[test]
fn blank_lines_are_skipped_and_counted() {
    assert_eq!(
        rows("a,b\n\n1,2\r\n  \r\n,\r\n3,4"),
        [ok(3, ["1", "2"]), ok(6, ["3", "4"])]
    );
}

#[test]
fn a_line_break_inside_quotes_counts_as_a_line() {
    assert_eq!(
        rows("a,b\n\"1\r\n1\",2\n3,4\n"),
        [ok(2, ["1\r\n1", "2"]), ok(4, ["3", "4"])]
    );
}

#[test]
fn a_quote_that_is_never_closed_costs_one_row() {
    assert_eq!(
        rows("a,b\n1,\"2\n3,4\n5,6\n"),
        [
            (2, Err("malformed_row")),
            ok(3, ["3", "4"]),
            ok(4, ["5", "6"])
        ]
    );
    // Without the next quote's help the row would swallow the two after it.
    assert_eq!(
        rows("a,b\n1,\"2\n3,4\n5,\"6\"\n"),
        [
            (2, Err("malformed_row")),
            ok(3, ["3", "4"]),
            ok(4, ["5", "6"])
        ]
    );
}

#[test]
fn a_row_beyond_a_mebibyte_is_refused_without_being_kept() {
    let long = "x".repeat(3 * MAX_ROW);
    let text = format!("a,b\n1,{long}\n2,\"{long}\n3,4\n");
    let (mut table, _) = open(text);
    let mut seen = Vec::new();
    while let Some(found) = table.next().unwrap() {
        seen.push((
            found.line,
            found
                .row
                .map(|row| row.len())
                .map_err(|broken| broken.refusal.code),
        ));
        assert!(table.window.pending().len() < 2 * MAX_ROW);
    }
    assert_eq!(
        seen,
        [
            (2, Err(ProblemCode::ROW_TOO_LONG)),
            (3, Err(ProblemCode::MALFORMED_ROW)),
            (4, Ok(2)),
        ]
    );
}

#[test]
fn a_broken_row_lends_the_cells_before_the_trouble() {
    let (mut table, _) = open("a,b,c\n1,2,\"3\n");
    let broken = table.next().unwrap().unwrap().row.err().unwrap();
    assert_eq!(broken.sound.iter().collect::<Vec<_>>(), ["1", "2"]);
}

#[test]
fn bytes_that_are_not_text_cost_one_row() {
    let text = b"a,b\n1,J\xf6rg\n2,ok\n".to_vec();
    assert_eq!(
        rows(text),
        [(2, Err("invalid_encoding")), ok(3, ["2", "ok"])]
    );
}

#[test]
fn the_header_decides_the_delimiter() {
    assert_eq!(open("a;b\n1;2").1, ["a", "b"]);
    assert_eq!(open("a\tb\n").1, ["a", "b"]);
    assert_eq!(open("email\n").1, ["email"]);
    assert_eq!(open("\r\n\r\na , b").1, ["a", "b"]);
}

#[test]
fn a_file_without_a_usable_header_is_refused_whole() {
    let error = |text: &[u8]| {
        let input = Box::new(Cursor::new(text.to_vec()));
        Table::open(input).err().unwrap().code()
    };
    assert_eq!(error(b""), "empty_file");
    assert_eq!(error(b"\n \r\n"), "empty_file");
    assert_eq!(error(b"a,\"b\n"), "malformed_header");
    assert_eq!(error(b"a,J\xf6rg\n"), "unsupported_encoding");
    assert_eq!(error(&vec![b'x'; 2 * MAX_ROW]), "row_too_long");
}
