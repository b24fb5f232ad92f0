//! What a program gets and gives.

use script::{FailureKind, HostError, Level, Limits};
use serde_json::json;

use crate::kit::{self, Answers, answer, compile, failure, open, value};

#[test]
fn a_program_answers_with_what_its_default_export_resolves_to() {
    let source = "export default async (event: { n: number }) => ({ sum: event.n + 1 });";
    let run = kit::run_with(source, &json!({ "n": 41 }), &Limits::default());
    assert_eq!(run.outcome, Ok(json!({ "sum": 42 })));
    assert!(run.usage.memory > 10_000 && run.usage.wall >= run.usage.cpu);
}

#[test]
fn a_synchronous_function_and_an_object_with_a_function_are_programs_too() {
    assert_eq!(answer("export default () => 1"), json!(1));
    assert_eq!(
        answer("export default { id: 'x', async run() { return this.id } }"),
        json!("x")
    );
    assert_eq!(answer("export default () => {}"), json!(null));
}

#[test]
fn a_program_without_a_function_fails_as_such() {
    assert_eq!(
        failure("export default 5").kind,
        FailureKind::NoDefaultExport
    );
    assert_eq!(
        failure("export default { id: 1 }").kind,
        FailureKind::NoDefaultExport
    );
}

#[test]
fn types_are_taken_off() {
    let source = r#"
        import type { Nothing } from "nowhere";
        enum Color { Red, Green = "g" }
        interface Shape { kind: Color }
        const settings = { a: 1 } satisfies Record<string, number>;
        abstract class Base<T> { constructor(protected readonly value: T) {} abstract twice(): T }
        class Number2 extends Base<number> { declare extra: string; twice(): number { return this.value! * 2 } }
        namespace Inner { export const x = 3 }
        export default async function <T extends Nothing>(this: void, event?: T): Promise<unknown> {
            return [Color.Red, Color.Green, settings.a as unknown, new Number2(4).twice(), Inner.x, <any>5];
        }
    "#;
    assert_eq!(answer(source), json!([0, "g", 1, 8, 3, 5]));
}

#[test]
fn a_prelude_makes_globals_of_the_host_and_nothing_else_reaches_it() {
    let environment = script::Environment::new().prelude(
        "kinde.js",
        "globals.kinde = { env: { get: (key) => host('env.get', key) } };",
    );
    let files = script::Files::from_iter([(
        "main.js",
        "export default () => [kinde.env.get('A'), typeof host, typeof globals]",
    )]);
    let program = script::compile(&environment.into(), &files, "main.js").unwrap();
    let mut host =
        Answers(|name: &str, arguments| Ok(json!({ "name": name, "arguments": arguments })));
    let run = script::run(
        &program,
        &json!(null),
        &mut host,
        &Limits::default(),
        &script::Cancel::new(),
    );
    assert_eq!(
        run.outcome,
        Ok(json!([{ "name": "env.get", "arguments": ["A"] }, "undefined", "undefined"]))
    );
    assert_eq!(run.usage.host_calls, 1);
}

#[test]
fn a_host_error_is_thrown_with_its_name() {
    let source = "export default () => { try { host('x') } catch (e) { return [e instanceof Error, e.name, e.message, String(e)] } }";
    let mut host = Answers(|_: &str, _| {
        Err(HostError {
            name: "FetchError".to_owned(),
            message: "no route".to_owned(),
        })
    });
    let run = script::run(
        &kit::program(source),
        &json!(null),
        &mut host,
        &Limits::default(),
        &script::Cancel::new(),
    );
    assert_eq!(
        run.outcome,
        Ok(json!([
            true,
            "FetchError",
            "no route",
            "FetchError: no route"
        ]))
    );
}

#[test]
fn arguments_go_as_json_says_them() {
    assert_eq!(
        value(
            "host('f', undefined, () => 1, { a: undefined, d: new Date(0), n: NaN }, '\\u{1f600}')"
        ),
        json!(["f", [null, null, { "d": "1970-01-01T00:00:00.000Z", "n": null }, "😀"]])
    );
    assert!(
        failure("export default () => host('f', 1n)")
            .message
            .starts_with("TypeError")
    );
    assert!(
        failure("export default () => { const a = {}; a.a = a; host('f', a) }")
            .message
            .starts_with("TypeError")
    );
}

#[test]
fn half_characters_are_replaced_on_their_way_out() {
    assert_eq!(value("'😀'.slice(0, 1)"), json!("\u{fffd}"));
    assert_eq!(value("host('f', '\\ude00')"), json!(["f", ["\u{fffd}"]]));
}

#[test]
fn an_answer_that_json_cannot_say_is_an_error_of_the_program() {
    let failure = failure("export default () => 10n");
    assert_eq!(failure.kind, FailureKind::Thrown);
    assert!(
        failure.message.starts_with("TypeError"),
        "{}",
        failure.message
    );
}

#[test]
fn console_lines_have_level_and_text() {
    let run = kit::run("export default () => { console.log('a', 1); console.error('b'); }");
    let lines: Vec<_> = run
        .console
        .iter()
        .map(|line| (line.level, line.text.as_str()))
        .collect();
    assert_eq!(lines, [(Level::Log, "a 1"), (Level::Error, "b")]);
}

#[test]
fn settings_are_read_without_prelude_and_host() {
    let program = compile([(
        "main.ts",
        "export const workflowSettings = { id: 'x', bindings: { 'kinde.env': {} } }; export default async () => host('x')",
    )])
    .unwrap();
    let found = script::inspect(&program, "workflowSettings", &Limits::default()).unwrap();
    assert_eq!(
        found.value,
        Some(json!({ "id": "x", "bindings": { "kinde.env": {} } }))
    );
    assert!(found.is_callable);
    assert_eq!(
        script::inspect(&program, "other", &Limits::default())
            .unwrap()
            .value,
        None
    );
    let touching = compile([("main.ts", "host('x'); export default () => 1")]).unwrap();
    let failure = script::inspect(&touching, "x", &Limits::default()).unwrap_err();
    assert!(failure.message.contains("host"), "{failure}");
    let _ = open();
}
