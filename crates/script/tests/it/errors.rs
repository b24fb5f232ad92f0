//! Failures tell where, in the files that people wrote.

use script::{FailureKind, Frame, Limits};
use serde_json::json;

use crate::kit::{compile, echo, failure};

fn place(frame: &Frame) -> (&str, &str, u32, u32) {
    (&frame.function, &frame.file, frame.line, frame.column)
}

#[test]
fn a_stack_is_in_original_places() {
    let program = compile([
        ("flow/main.ts", "import { deep } from '../lib/deep';\n\ninterface Event { a: number }\n\nexport default async (event: Event) => {\n  return deep(event.a);\n};\n"),
        ("lib/deep.ts", "type A = number;\ntype B = A;\n\nexport function deep(value: B): never {\n  const wrong: unknown = undefined;\n  return (wrong as any).field.name;\n}\n"),
    ])
    .unwrap();
    let run = script::run(
        &program,
        &json!({ "a": 1 }),
        &mut echo(),
        &Limits::default(),
        &script::Cancel::new(),
    );
    let failure = run.outcome.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Thrown);
    assert!(failure.message.starts_with("TypeError: "), "{failure}");
    let stack: Vec<_> = failure.stack.iter().map(place).collect();
    assert_eq!(stack[0].0, "deep");
    assert_eq!((stack[0].1, stack[0].2), ("lib/deep.ts", 6));
    assert_eq!((stack[1].1, stack[1].2), ("flow/main.ts", 6));
    assert_eq!(stack.len(), 2, "{failure}");
}

#[test]
fn everything_that_can_be_thrown_has_a_message() {
    assert_eq!(
        failure("export default () => { throw 'text' }").message,
        "text"
    );
    assert_eq!(
        failure("export default () => { throw { message: 'odd' } }").message,
        "odd"
    );
    assert_eq!(
        failure("export default () => { throw { code: 5 } }").message,
        "{\"code\":5}"
    );
    assert_eq!(
        failure("export default () => { throw null }").message,
        "null"
    );
    assert_eq!(
        failure("export default () => Promise.reject(new RangeError('far'))").message,
        "RangeError: far"
    );
    assert_eq!(
        failure("export default () => { throw Symbol('s') }").message,
        "something was thrown"
    );
    assert_eq!(failure("export default () => { throw new (class extends Error { get message() { throw 1 } })() }").kind, FailureKind::Thrown);
    let long = failure("export default () => { throw new Error('x'.repeat(1e6)) }").message;
    assert!(long.len() < 10_000);
}

#[test]
fn a_failing_timer_fails_the_run() {
    let failure = failure(
        "export default () => new Promise(() => setTimeout(() => { throw new Error('in timer') }, 1))",
    );
    assert_eq!(
        (failure.kind, failure.message.as_str()),
        (FailureKind::Thrown, "Error: in timer")
    );
}

#[test]
fn a_module_that_throws_fails_the_run() {
    assert_eq!(
        failure("throw new Error('top'); export default () => 1").message,
        "Error: top"
    );
    assert_eq!(
        failure("await Promise.reject(new Error('top')); export default () => 1").message,
        "Error: top"
    );
}

#[test]
fn a_limit_tells_in_which_function_the_program_was() {
    let failure = failure("const a = 1;\n\nexport default function endless() {\n  for (;;);\n}\n");
    assert_eq!(failure.kind, FailureKind::CpuExceeded);
    let frame = failure.stack.first().map(place);
    assert_eq!(
        frame.map(|place| (place.0, place.1, place.2)),
        Some(("endless", "main.ts", 3))
    );
}
