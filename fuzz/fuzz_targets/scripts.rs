//! Programs of strangers: compiling never panics, always ends, gives the same program each time, and tells of what is wrong with a
//! place that is in the file. Nothing is run.
//!
//! The input is `main.ts`; after a line `// file: NAME` comes another file.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use script::{Environment, Files, compile};

static ENVIRONMENT: LazyLock<Arc<Environment>> = LazyLock::new(|| Arc::new(Environment::new()));

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let files = files(text);
    let outcome = compile(&ENVIRONMENT, &files, "main.ts");
    let again = compile(&ENVIRONMENT, &files, "main.ts");
    match (outcome, again) {
        (Ok(program), Ok(same)) => {
            assert_eq!(
                program.hash(),
                same.hash(),
                "a program is what its files are"
            );
            assert_eq!(program.entry(), "main.ts");
        }
        (Err(diagnostics), Err(same)) => {
            assert_eq!(diagnostics, same, "what is wrong is wrong each time");
            assert!(
                !diagnostics.is_empty(),
                "something is wrong, and nobody says what"
            );
            for diagnostic in diagnostics {
                let file = files.get(&diagnostic.file).unwrap_or_default();
                let n_lines = file.split(['\n', '\r', '\u{2028}', '\u{2029}']).count();
                let line = usize::try_from(diagnostic.line).unwrap_or(usize::MAX);
                assert!(
                    (1..=n_lines.max(1)).contains(&line) && diagnostic.column > 0,
                    "{diagnostic:?} is no place of {n_lines} lines"
                );
            }
        }
        _ => panic!("the same files compile only sometimes"),
    }
});

fn files(text: &str) -> Files {
    let mut files = Files::new();
    let mut name = "main.ts";
    let mut content = String::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("// file: ") {
            Some(next) => {
                files.insert(name, std::mem::take(&mut content));
                name = next.trim();
            }
            None => content.push_str(line),
        }
    }
    files.insert(name, content);
    files
}
