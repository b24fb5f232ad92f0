use std::io::Cursor;

use super::*;

/// Pages of people, realms that have them, and a mark of a realm.
const PAGES: Nesting = Nesting {
    lists: &["users", "guests"],
    outer: &["realms", "inner"],
    marks: &["realm"],
};

/// Each object as its line and its `n`, or its line and code.
fn objects(text: impl Into<Vec<u8>>) -> Vec<(u64, Result<u64, &'static str>)> {
    read(text, &Nesting::FLAT)
}

fn nested(text: impl Into<Vec<u8>>) -> Vec<(u64, Result<u64, &'static str>)> {
    read(text, &PAGES)
}

fn read(
    text: impl Into<Vec<u8>>,
    nesting: &'static Nesting,
) -> Vec<(u64, Result<u64, &'static str>)> {
    let mut objects = Objects::open(Box::new(Cursor::new(text.into())), nesting).unwrap();
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
    let mut objects = Objects::open(
        Box::new(Cursor::new("{\"hash\": $2b$secret}")),
        &Nesting::FLAT,
    )
    .unwrap();
    let refusal = objects.next().unwrap().unwrap().object.unwrap_err();
    assert!(
        refusal.reason.contains("near character 10"),
        "{}",
        refusal.reason
    );
    assert!(!refusal.reason.contains('$'));
}

#[test]
fn an_object_alone_may_be_spread_over_lines() {
    for read in [objects, nested] {
        assert_eq!(
            read("{\n  \"n\": 1\n}\n{\n\"n\": 2,\n\"x\": [\n1\n]\n}\n"),
            [(1, Ok(1)), (4, Ok(2))]
        );
    }
}

#[test]
fn a_cut_line_takes_no_other_with_it() {
    for read in [objects, nested] {
        assert_eq!(
            read("{\"n\":1}\n{\"n\":2,\"x\":\"\n{\"n\":3}\n{\"n\":4,\"x\":[1\n{\"n\":5}"),
            [
                (1, Ok(1)),
                (2, Err("malformed_json")),
                (3, Ok(3)),
                (4, Err("malformed_json")),
                (5, Ok(5)),
            ]
        );
    }
}

#[test]
fn pages_of_records_are_read_one_after_the_other() {
    let page =
        "{\"kind\":\"page\",\"users\":[{\"n\":1},\n{\"n\":2}],\"next\":{\"users\":[{\"n\":9}]}}";
    let records = [(1, Ok(1)), (2, Ok(2)), (2, Ok(1)), (3, Ok(2))];
    for text in [
        format!("{page}{page}"),
        format!("[{page},{page}]"),
        format!("[[{page}],[[{page}]]]"),
        format!(r#"{{"realms":[{page},{page}]}}"#),
        format!(r#"{{"inner":{page},"users":[]}}{page}"#),
    ] {
        assert_eq!(nested(text), records);
    }
    assert_eq!(nested(format!("{page}\n{page}")).len(), 4);
    assert_eq!(nested("{\"users\":[]}"), []);
}

#[test]
fn records_may_stand_alone_where_pages_may_stand() {
    assert_eq!(
        nested("{\"n\":1,\"x\":{\"users\":[]}}\n{\"users\":[{\"n\":2}]}\n{\"n\":3}"),
        [(1, Ok(1)), (2, Ok(2)), (3, Ok(3))]
    );
    assert_eq!(
        nested("[{\"n\":1}, {\"users\":[{\"n\":2}]}]\n[{\"n\":3}]"),
        [(1, Ok(1)), (1, Ok(2)), (2, Ok(3))]
    );
}

#[test]
fn what_stands_around_is_passed_over_however_long_it_is() {
    let long = "x".repeat(3 * MAX_ROW);
    let text = format!(
        "{{\"logo\":\"{long}\",\"roles\":[\"{long}\"],\n\"users\":[{{\"n\":1}}],\n\"more\":{{\"x\":\"{long}\"}},\"guests\":[{{\"n\":2}}]}}"
    );
    assert_eq!(nested(text), [(2, Ok(1)), (3, Ok(2))]);
    // Without any list it was a record, and too long.
    assert_eq!(
        nested(format!("{{\"n\":1,\"x\":\"{long}\"}}\n{{\"n\":2}}")),
        [(1, Err("row_too_long")), (2, Ok(2))]
    );
}

#[test]
fn an_object_with_a_mark_is_no_record() {
    assert_eq!(nested("{\"realm\":\"voss\",\"n\":1}"), []);
    assert_eq!(
        nested("[{\"realm\":\"a\",\"users\":[{\"n\":1}]},{\"realm\":\"b\"}]"),
        [(1, Ok(1))]
    );
}

#[test]
fn a_record_knows_its_list_and_what_stands_before_it() {
    let text = r#"{"realm":"voss","n":7,"users":[{"n":1}],"guests":[{"n":2}]}{"n":3}"#;
    let mut objects = Objects::open(Box::new(Cursor::new(text)), &PAGES).unwrap();
    let mut places = Vec::new();
    while let Some(found) = objects.next().unwrap() {
        let Place { list, around } = found.place;
        places.push((list.to_owned(), around.get("realm").cloned(), around.len()));
    }
    let realm = Some(Value::from("voss"));
    assert_eq!(
        places,
        [
            ("users".to_owned(), realm.clone(), 3),
            ("guests".to_owned(), realm, 4),
            (String::new(), None, 0),
        ]
    );
}

#[test]
fn a_file_that_ends_inside_a_list_says_so() {
    for text in [
        "{\"users\":[{\"n\":1},\n",
        "{\"users\":[{\"n\":1}],\n",
        "[{\"users\":[{\"n\":1}]}\n",
        "[{\"n\":1}\n",
        "{\"users\":[{\"n\":1},\n{\"n\":",
    ] {
        assert_eq!(
            nested(text),
            [(1, Ok(1)), (2, Err("malformed_json"))],
            "{text}"
        );
    }
}

#[test]
fn lists_that_stand_too_deep_are_refused_and_passed() {
    let deep = format!("{}{{\"n\":1}}{}", "[".repeat(1000), "]".repeat(1000));
    assert_eq!(
        nested(format!("{deep}\n[{{\"n\":2}}]")),
        [(1, Err("malformed_json")), (2, Ok(2))]
    );
}
