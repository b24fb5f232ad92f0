//! Whatever text is given, there is a program or there are diagnostics with a place.

use proptest::prelude::*;
use script::{Cancel, Limits};
use serde_json::json;

use crate::kit::{compile, echo};

/// Pieces of programs, so that what is put together is often nearly right.
const PIECES: [&str; 48] = [
    "export default ",
    "async ",
    "function f",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "=>",
    "a",
    "b",
    "await ",
    "yield ",
    "class A ",
    "extends ",
    "import ",
    "import(",
    "\"./x\"",
    "from ",
    "* as ",
    "type ",
    "enum E ",
    "namespace N ",
    "<",
    ">",
    "/",
    "`",
    "${",
    "'",
    "\\u{",
    "#",
    "@",
    "=",
    "1n",
    "0x",
    ".5e",
    "?.",
    "??=",
    "...",
    ";",
    "\n",
    "\u{2028}",
    "é",
    "\0",
    "/*",
    "//",
    "<!--",
];

fn check(path: &str, text: &str) -> Result<(), TestCaseError> {
    match compile([(path, text)]) {
        Ok(program) => {
            let limits = Limits {
                cpu: std::time::Duration::from_millis(50),
                ..Limits::default()
            };
            let _ = script::run(&program, &json!(1), &mut echo(), &limits, &Cancel::new());
        }
        Err(diagnostics) => {
            prop_assert!(!diagnostics.is_empty());
            let n_lines = text.split('\n').count();
            for one in diagnostics {
                prop_assert!(
                    one.line >= 1 && one.line as usize <= n_lines && one.column >= 1,
                    "{one:?}"
                );
                prop_assert!(!one.message.is_empty() && one.file == path, "{one:?}");
                prop_assert!(
                    script::Diagnostic::CODES
                        .iter()
                        .any(|(code, _)| *code == one.code),
                    "{one:?}"
                );
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check("main.ts", &String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn any_pieces(pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..40), ending in proptest::sample::select(&["ts", "tsx", "js", "cjs", "json"][..])) {
        check(&format!("main.{ending}"), &pieces.concat())?;
    }
}
