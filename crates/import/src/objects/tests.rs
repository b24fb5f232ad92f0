use std::io::Cursor;

use super::*;

/// Each object as its line and its `n`, or its line and code.
fn objects(text: impl Into<Vec<u8>>) -> Vec<(u64, Result<u64, &'static str>)> {
    let mut objects = Objects::open(Box::new(Cursor::new(text.into()))).unwrap();
    let mut seen = Vec::new();
    while let Some(found) = objects.next().unwrap() {
        let object = found.object.map(|object| object["n"].as_u64().unwrap());
        seen.push((found.line, object.map_err(|refusal| refusal.code.as_str())));
        assert!(objects.window.pending().len() < 2 * MAX_ROW);
    }
    seen
}

#[test]
fn each_line_is_an_object() {
    assert_eq!(
        objects("\n{\"n\":1}\r\n\n{\"n\":2}"),
        [(2, Ok(1)), (4, Ok(2))]
    );
}

#[test]
fn a_malformed_line_costs_itself() {
    assert_eq!(
        objects("{\"n\":1}\n{\"n\":\n[1]\n\"n\"\n{\"n\":5}\n{\"n\":"),
        [
            (1, Ok(1)),
            (2, Err("malformed_json")),
            (3, Err("malformed_json")),
            (4, Err("malformed_json")),
            (5, Ok(5)),
            (6, Err("malformed_json")),
        ]
    );
}

#[test]
fn an_array_may_be_spread_over_lines() {
    assert_eq!(
        objects(" [\n {\n  \"n\": 1\n },\n {\"n\": 2}, {\"n\":3}\n]\n"),
        [(2, Ok(1)), (5, Ok(2)), (5, Ok(3))]
    );
    assert_eq!(objects("[]"), []);
}

#[test]
fn a_malformed_element_costs_itself() {
    assert_eq!(
        objects("[{\"n\":1},{\"n\" 2},7,},{\"n\":3}]"),
        [
            (1, Ok(1)),
            (1, Err("malformed_json")),
            (1, Err("malformed_json")),
            (1, Err("malformed_json")),
            (1, Ok(3)),
        ]
    );
}

#[test]
fn an_array_that_was_cut_says_so() {
    assert_eq!(
        objects("[{\"n\":1},\n{\"n\":"),
        [(1, Ok(1)), (2, Err("malformed_json"))]
    );
}

#[test]
fn an_object_beyond_a_mebibyte_is_refused_without_being_kept() {
    let long = format!("{{\"n\":2,\"x\":\"{}\"}}", "x".repeat(3 * MAX_ROW));
    for text in [
        format!("{{\"n\":1}}\n{long}\n{{\"n\":3}}"),
        format!("[{{\"n\":1}},\n{long},\n{{\"n\":3}}]"),
    ] {
        assert_eq!(
            objects(text),
            [(1, Ok(1)), (2, Err("row_too_long")), (3, Ok(3))]
        );
    }
}

#[test]
fn a_malformed_object_is_told_by_place_and_not_by_content() {
    let mut objects = Objects::open(Box::new(Cursor::new("{\"hash\": $2b$secret}"))).unwrap();
    let refusal = objects.next().unwrap().unwrap().object.unwrap_err();
    assert!(
        refusal.reason.contains("near character 10"),
        "{}",
        refusal.reason
    );
    assert!(!refusal.reason.contains('$'));
}
