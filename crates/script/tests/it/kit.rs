//! What the tests share: a host that answers from a closure, and short ways to compile and run.

use std::sync::Arc;
use std::time::Duration;

use script::{
    Cancel, Diagnostic, Environment, Failure, Files, Host, HostError, Limits, Program, Run,
};
use serde_json::{Value, json};

/// A host that answers with a function of name and arguments.
pub(crate) struct Answers<F>(pub(crate) F);

impl<F: FnMut(&str, Vec<Value>) -> Result<Value, HostError>> Host for Answers<F> {
    fn call(
        &mut self,
        function: &str,
        arguments: Vec<Value>,
        _: Duration,
    ) -> Result<Value, HostError> {
        (self.0)(function, arguments)
    }
}

/// A host that answers with what it was asked.
pub(crate) fn echo() -> impl Host {
    Answers(|name: &str, arguments| Ok(json!([name, arguments])))
}

/// The environment of most tests: the prelude hands the host over as `globals.host`.
pub(crate) fn open() -> Arc<Environment> {
    Arc::new(Environment::new().prelude("open.js", "globals.host = host;"))
}

pub(crate) fn compile<const N: usize>(
    files: [(&str, &str); N],
) -> Result<Program, Vec<Diagnostic>> {
    let entry = files[0].0;
    script::compile(&open(), &Files::from_iter(files), entry)
}

/// Compiles a program of one TypeScript file.
pub(crate) fn program(source: &str) -> Program {
    compile([("main.ts", source)]).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"))
}

pub(crate) fn run_with(source: &str, event: &Value, limits: &Limits) -> Run {
    script::run(&program(source), event, &mut echo(), limits, &Cancel::new())
}

pub(crate) fn run(source: &str) -> Run {
    run_with(source, &Value::Null, &Limits::default())
}

/// What a program of one file answers.
pub(crate) fn answer(source: &str) -> Value {
    run(source)
        .outcome
        .unwrap_or_else(|failure| panic!("{failure:#?}"))
}

/// What an expression is.
pub(crate) fn value(expression: &str) -> Value {
    answer(&format!("export default async () => ({expression});"))
}

/// How a program of one file fails.
pub(crate) fn failure(source: &str) -> Failure {
    run(source).outcome.expect_err("the program fails")
}

/// What a program of one file prints.
pub(crate) fn printed(source: &str) -> Vec<String> {
    let run = run(&format!("export default () => {{ {source} }};"));
    assert!(run.outcome.is_ok(), "{:#?}", run.outcome);
    run.console.into_iter().map(|line| line.text).collect()
}
