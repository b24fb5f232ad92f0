//! Nothing leaks from run to run, and no tampering reaches the host.

use script::{Cancel, FailureKind, Limits};
use serde_json::json;

use crate::kit::{echo, failure, program, run};

#[test]
fn nothing_is_left_for_the_next_run() {
    let program = program(
        "let runs = 0;
         export default () => {
            const seen = [++runs, globalThis.leak, [].leak, ({}).leak, console.leak, typeof Array.prototype.map, new URL('https://a.example').leak];
            globalThis.leak = 1; Array.prototype.leak = 1; Object.prototype.leak = 1; console.leak = 1; URL.prototype.leak = 1;
            Array.prototype.map = undefined; JSON.stringify = undefined; Promise.prototype.then = undefined;
            return seen;
         }",
    );
    let mut first = None;
    for _ in 0..3 {
        let run = script::run(
            &program,
            &json!(null),
            &mut echo(),
            &Limits::default(),
            &Cancel::new(),
        );
        let outcome = run.outcome.unwrap();
        assert_eq!(
            outcome,
            json!([1, null, null, null, null, "function", null])
        );
        assert_eq!(*first.get_or_insert(outcome.clone()), outcome);
    }
}

#[test]
fn programs_of_many_threads_do_not_meet() {
    let program = program(
        "export default (event) => { globalThis.n = (globalThis.n ?? 0) + 1; return [event, globalThis.n] }",
    );
    std::thread::scope(|scope| {
        for n in 0..32 {
            let program = &program;
            scope.spawn(move || {
                let run = script::run(
                    program,
                    &json!(n),
                    &mut echo(),
                    &Limits::default(),
                    &Cancel::new(),
                );
                assert_eq!(run.outcome, Ok(json!([n, 1])));
            });
        }
    });
}

#[test]
fn tampering_with_the_language_reaches_neither_host_nor_limits() {
    let tamper = "
        const no = () => { throw new Error('tampered') };
        const kinds = [Array, Object, String, Function, Promise, Map, RegExp, Number];
        const { ownKeys, defineProperty } = Reflect;
        for (let i = 0; i < kinds.length; i++) {
            const keys = ownKeys(kinds[i].prototype);
            for (let j = 0; j < keys.length; j++) {
                if (keys[j] !== 'constructor' && keys[j] !== '__proto__' && keys[j] !== 'length') defineProperty(kinds[i].prototype, keys[j], { __proto__: null, value: no, writable: true, configurable: true });
            }
        }
        JSON.stringify = no; JSON.parse = no; Reflect.apply = no; Object.defineProperty = no; Symbol.iterator;
        globalThis.Promise = no; globalThis.Error = no; globalThis.setTimeout = no;
    ";
    let answered = run(&format!(
        "{tamper} export default () => ({{ a: host('x', 1), b: [1] }})"
    ));
    assert_eq!(answered.outcome, Ok(json!({ "a": ["x", [1]], "b": [1] })));
    let stopped = failure(&format!("{tamper} export default () => {{ for (;;); }}"));
    assert_eq!(stopped.kind, FailureKind::CpuExceeded);
    let waited = failure(&format!(
        "const P = Promise; {tamper} export default () => new P(() => {{}})"
    ));
    assert_eq!(waited.kind, FailureKind::NeverSettled);
}

#[test]
fn a_thenable_or_proxy_answer_is_only_a_value() {
    assert_eq!(
        run("export default () => ({ then(resolve) { resolve({ a: 1 }) } })").outcome,
        Ok(json!({ "a": 1 }))
    );
    assert_eq!(
        run("export default () => new Proxy({ a: 1 }, {})").outcome,
        Ok(json!({ "a": 1 }))
    );
    assert_eq!(
        run("export default () => new Proxy({}, { ownKeys() { for (;;); } })")
            .outcome
            .unwrap_err()
            .kind,
        FailureKind::CpuExceeded
    );
    assert_eq!(
        run("export default () => ({ toJSON() { for (;;); } })")
            .outcome
            .unwrap_err()
            .kind,
        FailureKind::CpuExceeded
    );
}

#[test]
fn a_prelude_global_cannot_be_reached_through_its_errors() {
    let run = run(
        "export default () => { try { host() } catch (e) { return [e.name, Object.keys(e)] } }",
    );
    assert_eq!(run.outcome.unwrap()[1], json!([]));
}
