//! Comparisons with the physical limits, as ratios within one run.
//!
//! `cargo xtask bench [NAME…]`. Absolute figures move with the machine, so none is a target; each line sets what the product does
//! against the bare work that it can't avoid, measured a moment before on the same cores: a sign-in against one password hash, a
//! token against one RS256 signature, an import against bare inserts of the same rows, a workflow against making an empty engine. Nothing here asserts: a slow machine must
//! not fail a build. The targets are printed beside the ratios.

mod idle;
mod import;
mod script;
mod server;
mod sign_in;
mod tokens;
mod workflows;

use std::process::ExitCode;

const NAMES: &[&str] = &[
    "idle",
    "script",
    "tokens",
    "sign-in",
    "import",
    "import-postgres",
    "import-large",
    "workflows",
];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    if let Some(unknown) = wanted.iter().find(|name| !NAMES.contains(&name.as_str())) {
        say(&format!(
            "no benchmark `{unknown}`; there are {}",
            NAMES.join(", ")
        ));
        return ExitCode::from(2);
    }
    for name in NAMES.iter().filter(|name| is_wanted(name)) {
        let result = match *name {
            "idle" => idle::run(),
            "script" => script::run(),
            "tokens" => tokens::run(),
            "sign-in" => sign_in::run(),
            "import" => import::run(),
            "import-postgres" => import::run_postgres(),
            "workflows" => workflows::run(),
            _ => import::run_large(),
        };
        if let Err(error) = result {
            say(&format!("{name} failed: {error:#}"));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Prints a line of the result.
#[expect(clippy::print_stdout, reason = "the figures are the program's answer")]
fn say(line: &str) {
    println!("{line}");
}

/// Prints what was reached of a bound, beside the target.
fn ratio(what: &str, (reached, unit): (f64, &str), (bound, of): (f64, &str), target: f64) {
    let percent = 100.0 * reached / bound;
    let verdict = if percent >= target {
        "reached"
    } else {
        "MISSED"
    };
    say(&format!(
        "{what}: {reached:.0} {unit} = {percent:.0} % of {bound:.0} {of} (target {target:.0} %, {verdict})"
    ));
}
