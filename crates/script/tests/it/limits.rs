//! Limits stop what they should, whatever the program does against it.

use std::time::{Duration, Instant};

use script::{Cancel, FailureKind, Limits};
use serde_json::json;

use crate::kit::{Answers, echo, program, run_with};

/// Short, so that the tests are; the overrun that is allowed is much longer than the limit, for a busy machine.
fn short() -> Limits {
    Limits {
        wall: Duration::from_secs(3),
        cpu: Duration::from_millis(150),
        ..Limits::default()
    }
}

#[track_caller]
fn ends(source: &str, kind: FailureKind) -> script::Failure {
    ends_as(source, &[kind])
}

#[track_caller]
fn ends_as(source: &str, kinds: &[FailureKind]) -> script::Failure {
    eprintln!("{source}");
    let start = Instant::now();
    let run = run_with(source, &json!(null), &short());
    let failure = run.outcome.expect_err("the program is stopped");
    assert!(kinds.contains(&failure.kind), "{source}\n{failure:?}");
    assert!(
        start.elapsed() < Duration::from_secs(6),
        "{source} took {:?}",
        start.elapsed()
    );
    assert!(
        run.usage.memory < 90 * 1024 * 1024,
        "{source} took {} bytes",
        run.usage.memory
    );
    failure
}

#[test]
fn endless_loops() {
    for source in [
        "export default () => { for (;;); }",
        "export default async () => { while (true) await 0; }",
        "export default () => { const f = () => Promise.resolve().then(f); return f(); }",
        "export default async () => { const spin = () => queueMicrotask(spin); spin(); }",
        "export default () => { function* g() { for (;;) yield 1 } for (const _ of g()); }",
        "for (;;); export default () => 1",
        "export default () => new Promise(() => { setTimeout(() => { for (;;); }, 1) })",
        "export default () => { [3, 2, 1].sort(() => { for (;;); }) }",
        "export default () => 'x'.replace(/x/, () => { for (;;); })",
        "export default () => ({ get a() { for (;;); } })",
    ] {
        ends_as(
            source,
            &[FailureKind::CpuExceeded, FailureKind::OutOfMemory],
        );
    }
}

#[test]
fn an_interrupt_cannot_be_caught() {
    for source in [
        "export default () => { for (;;) { try { for (;;); } catch {} finally { for (;;); } } }",
        "export default async () => { const f = async () => { for (;;); }; for (;;) { try { await f() } catch {} } }",
        "export default () => { const f = () => { try { for (;;); } catch { f() } finally { f() } }; f(); }",
        "export default () => { const f = () => f2().catch(f); const f2 = async () => { for (;;); }; return f(); }",
        "export default () => new Promise((_, no) => { for (;;); }).catch(() => 1)",
        "export default () => { class A { static { try { for (;;); } catch {} } } return 1 }",
        "export default async () => { try { for (;;); } finally { return 1 } }",
        "export default () => { try { for (;;); } finally { setTimeout(() => {}, 1) ; return new Promise(() => {}) } }",
    ] {
        ends(source, FailureKind::CpuExceeded);
    }
}

#[test]
fn catastrophic_regular_expressions() {
    ends(
        "export default () => /^(a+)+$/.test('a'.repeat(40) + 'b')",
        FailureKind::CpuExceeded,
    );
    ends(
        "export default () => /(x+x+)+y/.exec('x'.repeat(60))",
        FailureKind::CpuExceeded,
    );
    ends(
        "export default () => { for (;;) { try { /^(a|a)*$/.test('a'.repeat(60) + 'b') } catch {} } }",
        FailureKind::CpuExceeded,
    );
}

#[test]
fn recursion() {
    for source in [
        "export default () => { const f = () => f() + 1; return f(); }",
        "export default () => { let a = []; for (let i = 0; i < 2e4; i++) a = [a]; return JSON.stringify(a).length }",
        "export default () => JSON.parse('['.repeat(1e6))",
        "export default () => { const o = {}; o.toString = () => `${o}`; return `${o}` }",
        "export default () => { const p = new Proxy({}, { get: (t, k, r) => r[k] }); return p.x }",
        "class A { constructor() { new A() } } export default () => new A()",
    ] {
        ends_as(
            source,
            &[
                FailureKind::StackOverflow,
                FailureKind::Thrown,
                FailureKind::CpuExceeded,
            ],
        );
    }
    // A program may catch it and go on.
    let run = run_with(
        "export default () => { const f = () => f() + 1; try { f() } catch (e) { return e.name } }",
        &json!(null),
        &Limits::default(),
    );
    assert_eq!(run.outcome, Ok(json!("RangeError")));
}

#[test]
fn memory_bombs() {
    for source in [
        "export default () => { const a = []; for (;;) a.push(a.length) }",
        "export default () => { let s = 'x'; for (;;) s += s }",
        "export default () => { let s = 'x'; for (;;) { s = s + s; s.at(-1); JSON.stringify(s) } }",
        "export default () => 'x'.repeat(2 ** 29)",
        "export default () => new Uint8Array(1e9)",
        "export default () => { const a = []; for (;;) a.push(new Uint8Array(1e6)) }",
        "export default () => new Array(1e8).fill('x')",
        "export default () => { const a = []; for (let i = 0; i < 24; i++) a[i] = i ? [a[i - 1], a[i - 1]] : ['xxxxxxxxxx']; return a[23] }",
        "export default () => { const m = new Map(); for (let i = 0; ; i++) m.set(i, {}) }",
        "export default () => { const a = []; for (;;) { try { for (;;) a.push({}) } catch {} } }",
        "export default () => 'x,'.repeat(2 ** 24).split(',')",
        "export default () => { const p = []; for (;;) p.push(new Promise(() => {})) }",
        "export default () => { const f = (n) => n && [...Array(100)].map(() => f(n - 1)); return f(9) }",
        "export default async () => { const f = async (n) => { await 0; return f(n + 1) }; return f(0) }",
        "export default () => { for (const a = [];;) queueMicrotask(() => a) }",
        "export default () => 'x'.padEnd(2 ** 28)",
        "export default () => { for (let x = 3n;;) x = x ** 3n }",
    ] {
        ends_as(
            source,
            &[
                FailureKind::OutOfMemory,
                FailureKind::CpuExceeded,
                FailureKind::Thrown,
            ],
        );
    }
}

#[test]
fn memory_that_is_used_up_is_the_reason_even_if_it_was_caught() {
    let source = "export default () => { try { const a = []; for (;;) a.push(new Uint8Array(1e6)) } catch { return 'caught' } }";
    ends(source, FailureKind::OutOfMemory);
    let limits = Limits {
        memory: 4 * 1024 * 1024,
        ..Limits::default()
    };
    let run = run_with(
        "export default () => { const a = []; for (;;) a.push({}) }",
        &json!(null),
        &limits,
    );
    assert_eq!(run.outcome.unwrap_err().kind, FailureKind::OutOfMemory);
}

#[test]
fn slow_steps_of_the_engine() {
    for source in [
        "export default () => Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
        "export default () => Array.prototype.fill.call({ length: 2 ** 53 - 1 }, 1)",
        "export default () => Array.prototype.join.call({ length: 2 ** 53 - 1 })",
        "export default () => Array.prototype.reverse.call({ length: 2 ** 53 - 1 })",
        "export default () => Array.prototype.copyWithin.call({ length: 2 ** 53 - 1 }, 1)",
        "export default () => Array.prototype.unshift.call({ length: 2 ** 53 - 10 }, 1)",
        "export default () => Array.prototype.shift.call({ length: 2 ** 53 - 1 })",
        "export default () => Array.prototype.splice.call({ length: 2 ** 53 - 1 }, 1, 1)",
        "export default () => Array.prototype.slice.call({ length: 2 ** 32 - 1 }, 1)",
        "export default () => { const a = []; a.length = 2 ** 32 - 1; return a.indexOf(1) }",
        "export default () => { const a = []; a.length = 2 ** 32 - 1; return a.join('') }",
        "export default () => { const a = []; a.length = 2 ** 32 - 1; return a.sort() }",
        "export default () => { const a = []; a.length = 2 ** 32 - 1; return a.concat(a).concat(a) }",
        "export default () => { const a = []; a.length = 2 ** 32 - 1; a.reverse() }",
        "export default () => { const a = []; a.length = 2 ** 32 - 1; a.flat() }",
        "export default () => { const a = []; a.length = 2 ** 32 - 1; return a.lastIndexOf(1) }",
        "export default () => { const a = []; a.length = 2 ** 32 - 1; return a.at(0) ?? [...a].length }",
        "export default () => 'a'.repeat(2e7).indexOf('a'.repeat(1e7) + 'b')",
        "export default () => 'a'.repeat(2e7).split('a'.repeat(1e7) + 'b')",
        "export default () => 'a'.repeat(2e7).replaceAll('a'.repeat(1e7) + 'b', '')",
        "export default () => 'a'.repeat(2e7).lastIndexOf('b' + 'a'.repeat(1e7))",
        "export default () => { const x = 3n ** 500000n; for (;;) x * x }",
        "export default () => { const x = 3n ** 600000n; for (;;) String(x) }",
        "export default () => { const u = new Uint8Array(3e7); for (;;) u.indexOf(1) }",
        "export default () => { const u = new Float64Array(6e6); for (;;) u.sort() }",
        "export default () => { const a = Array(1e6).fill('x'); for (;;) JSON.stringify(a) }",
    ] {
        ends_as(
            source,
            &[
                FailureKind::CpuExceeded,
                FailureKind::OutOfMemory,
                FailureKind::TimedOut,
                FailureKind::Thrown,
            ],
        );
    }
}

#[test]
fn endless_timers_end_with_the_wall_time() {
    let limits = Limits {
        wall: Duration::from_millis(200),
        ..Limits::default()
    };
    for source in [
        "export default () => new Promise(() => setInterval(() => {}, 1))",
        "export default () => new Promise(() => { const f = () => setTimeout(f, 5); f() })",
        "export default () => new Promise((resolve) => setTimeout(resolve, 3600000))",
    ] {
        let run = run_with(source, &json!(null), &limits);
        assert_eq!(
            run.outcome.unwrap_err().kind,
            FailureKind::TimedOut,
            "{source}"
        );
        assert!(run.usage.wall < Duration::from_secs(2));
        assert!(run.usage.cpu < run.usage.wall);
    }
}

#[test]
fn a_promise_that_nobody_can_settle_ends_at_once() {
    let run = run_with(
        "export default () => new Promise(() => {})",
        &json!(null),
        &Limits::default(),
    );
    assert_eq!(run.outcome.unwrap_err().kind, FailureKind::NeverSettled);
    assert!(run.usage.wall < Duration::from_secs(1));
    let run = run_with(
        "await new Promise(() => {}); export default () => 1",
        &json!(null),
        &Limits::default(),
    );
    assert_eq!(run.outcome.unwrap_err().kind, FailureKind::NeverSettled);
}

#[test]
fn console_output_is_cut_and_says_so() {
    let limits = Limits {
        console_bytes: 1000,
        ..Limits::default()
    };
    let run = run_with(
        "export default () => { for (let i = 0; i < 1e4; i++) console.log('line', i); return 1 }",
        &json!(null),
        &limits,
    );
    assert_eq!(run.outcome, Ok(json!(1)));
    let bytes: usize = run.console.iter().map(|line| line.text.len()).sum();
    assert!(bytes < 1200, "{bytes}");
    assert!(run.console.last().unwrap().text.contains("left out"));
    let run = run_with(
        "export default () => { console.log('x'.repeat(1e6)); console.log(Array(1e5).fill({ a: 1 })) }",
        &json!(null),
        &limits,
    );
    assert!(run.console[0].text.len() < 1100);
    let run = run_with(
        "export default () => { for (let i = 0; i < 1e5; i++) console.log('') }",
        &json!(null),
        &limits,
    );
    assert!(run.console.len() < 100);
}

#[test]
fn a_long_answer_is_refused() {
    let limits = Limits {
        answer_bytes: 100,
        ..Limits::default()
    };
    let run = run_with(
        "export default () => 'x'.repeat(101)",
        &json!(null),
        &limits,
    );
    assert_eq!(run.outcome.unwrap_err().kind, FailureKind::AnswerTooLong);
    let run = run_with(
        "export default () => { try { host('f', 'x'.repeat(101)) } catch (e) { return e.name } }",
        &json!(null),
        &limits,
    );
    assert_eq!(run.outcome, Ok(json!("RangeError")));
}

#[test]
fn host_calls_are_counted_and_their_time_is_not_computing() {
    let limits = Limits {
        host_calls: 3,
        ..Limits::default()
    };
    let run = run_with(
        "export default () => { for (;;) { try { host('x') } catch {} } }",
        &json!(null),
        &limits,
    );
    assert_eq!(run.outcome.unwrap_err().kind, FailureKind::TooManyCalls);
    assert_eq!(run.usage.host_calls, 3);
    let mut slow = Answers(|_: &str, _| {
        std::thread::sleep(Duration::from_millis(1100));
        Ok(json!(1))
    });
    let run = script::run(
        &program("export default () => host('x')"),
        &json!(null),
        &mut slow,
        &Limits {
            cpu: Duration::from_secs(1),
            ..Limits::default()
        },
        &Cancel::new(),
    );
    assert_eq!(run.outcome, Ok(json!(1)));
    assert!(
        run.usage.wall >= Duration::from_millis(1100) && run.usage.cpu < Duration::from_secs(1)
    );
}

#[test]
fn somebody_can_cancel() {
    for source in [
        "export default () => { for (;;); }",
        "export default () => new Promise((r) => setTimeout(r, 8000))",
    ] {
        let program = program(source);
        let cancel = Cancel::new();
        let start = Instant::now();
        let run = std::thread::scope(|scope| {
            let run = scope.spawn(|| {
                let limits = Limits {
                    cpu: Duration::from_secs(8),
                    ..Limits::default()
                };
                script::run(&program, &json!(null), &mut echo(), &limits, &cancel)
            });
            std::thread::sleep(Duration::from_millis(50));
            cancel.cancel();
            run.join().unwrap()
        });
        assert_eq!(run.outcome.unwrap_err().kind, FailureKind::Cancelled);
        assert!(start.elapsed() < Duration::from_secs(4));
    }
}

#[test]
fn too_little_memory_to_start_is_a_failure_like_others() {
    for memory in [0, 1000, 100_000, 300_000, 500_000] {
        let run = run_with(
            "export default () => 1",
            &json!(null),
            &Limits {
                memory,
                ..Limits::default()
            },
        );
        assert!(run.outcome.is_ok() || run.outcome.unwrap_err().kind == FailureKind::OutOfMemory);
    }
}
