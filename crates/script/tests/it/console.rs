//! The console prints as Node's does; the expected lines are what `node` 20 prints.

use crate::kit::printed;

#[track_caller]
fn prints(arguments: &str, expected: &str) {
    assert_eq!(
        printed(&format!("console.log({arguments})")),
        [expected],
        "console.log({arguments})"
    );
}

#[test]
fn plain_values() {
    prints("", "");
    prints(
        "'a', 'b', 1, -0, 1n, null, undefined, true, Symbol('s')",
        "a b 1 -0 1n null undefined true Symbol(s)",
    );
    prints(
        "['it\\'s', \"q\\\"\", 'line\\n', '\\x1b']",
        r#"[ "it's", 'q"', 'line\n', '\x1B' ]"#,
    );
}

#[test]
fn objects_and_arrays() {
    prints(
        "{ a: 1, 'b-c': [1, 2, { d: 'x' }], [Symbol('k')]: undefined }",
        "{ a: 1, 'b-c': [ 1, 2, { d: 'x' } ], [Symbol(k)]: undefined }",
    );
    prints(
        "{}, [], [[]], [undefined, , 1]",
        "{} [] [ [] ] [ undefined, <1 empty item>, 1 ]",
    );
    prints(
        "{ a: { b: { c: { d: 1 } } } }",
        "{ a: { b: { c: [Object] } } }",
    );
    prints("{ a: { b: [[1]] } }", "{ a: { b: [ [Array] ] } }");
    prints(
        "Object.create(null), new (class Foo { x = 1 })()",
        "[Object: null prototype] {} Foo { x: 1 }",
    );
    prints(
        "{ get a() { return 1 }, set b(v) {}, get c() { return 1 }, set c(v) {} }",
        "{ a: [Getter], b: [Setter], c: [Getter/Setter] }",
    );
    prints(
        "{ email: 'somebody@example.com', name: 'Some Body', organization: 'Example Company', roles: ['a'] }",
        "{\n  email: 'somebody@example.com',\n  name: 'Some Body',\n  organization: 'Example Company',\n  roles: [ 'a' ]\n}",
    );
}

#[test]
fn long_arrays_stand_in_columns_and_end() {
    prints(
        "[1,2,3,4,5,6,7,8,9,10]",
        "[\n  1, 2, 3, 4,  5,\n  6, 7, 8, 9, 10\n]",
    );
    let lines = printed("console.log(Array.from({ length: 120 }, (_, i) => i))");
    assert!(lines[0].ends_with("... 20 more items\n]"), "{}", lines[0]);
}

#[test]
fn functions_classes_and_the_usual_objects() {
    prints(
        "() => 1, function f() {}, async () => {}, class A {}, class B extends Array {}",
        "[Function (anonymous)] [Function: f] [AsyncFunction (anonymous)] [class A] [class B extends Array]",
    );
    prints(
        "new Date(0), /a/g, new Map([['a', { b: 1 }]]), new Set([1, 'x'])",
        "1970-01-01T00:00:00.000Z /a/g Map(1) { 'a' => { b: 1 } } Set(2) { 1, 'x' }",
    );
    prints(
        "new Uint8Array([1, 2]), new ArrayBuffer(2), Object(1)",
        "Uint8Array(2) [ 1, 2 ] ArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 } [Number: 1]",
    );
    prints(
        "new URLSearchParams('a=1&b=2')",
        "URLSearchParams { 'a' => '1', 'b' => '2' }",
    );
}

#[test]
fn circles_are_named() {
    assert_eq!(
        printed("const a = { x: 1 }; a.self = a; console.log(a)"),
        ["<ref *1> { x: 1, self: [Circular *1] }"]
    );
}

#[test]
fn errors_have_their_stack_in_original_places() {
    let lines = printed("console.error(new TypeError('no'))");
    assert!(
        lines[0].starts_with("TypeError: no\n    at "),
        "{}",
        lines[0]
    );
    assert!(lines[0].contains("(main.ts:1:"), "{}", lines[0]);
}

#[test]
fn a_format_takes_its_arguments() {
    prints(
        "'%s is %d, %i, %f, %j %O %% %s', 'a', 4.5, 4.5, '1.5', { a: 1 }, [1]",
        "a is 4.5, 4, 1.5, {\"a\":1} [ 1 ] % %s",
    );
    prints("'100%', 5", "100% 5");
}

#[test]
fn groups_counters_and_assertions() {
    let source = "console.group('g'); console.log('a\\nb'); console.groupEnd(); console.log('c'); console.count(); console.count(); console.assert(true, 'x'); console.assert(false, 'y')";
    assert_eq!(
        printed(source),
        [
            "g",
            "  a\n  b",
            "c",
            "default: 1",
            "default: 2",
            "Assertion failed: y"
        ]
    );
}

#[test]
fn half_characters_are_replaced() {
    prints("'\\ud800'", "\u{fffd}");
}
