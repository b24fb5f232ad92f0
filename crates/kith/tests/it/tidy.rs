//! The rules of `ARCHITECTURE.md` that no compiler checks, as rust-analyzer's `tidy` does.
//!
//! The sources are read as text. That is crude, and enough: the rules are about which module names which, and how long things are.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rows of the house, top first. A module may name modules of lower rows.
const ROWS: &[&[&str]] = &[
    &["main"],
    &["cli", "gallery"],
    &["demo"],
    &["installation", "server", "testing", "worker"],
    &["openapi"],
    // The faces of a slice lie with it (`users/api.rs`, `users/admin.rs`) and are edges all the same: they call use cases of any slice.
    &["face"],
    &["team", "oidc"],
    &["exports"],
    &["imports", "sign_in"],
    &["tokens"],
    &["credentials", "mail"],
    &["sessions"],
    &["users"],
    &["organizations"],
    &["roles", "applications"],
    &["apis"],
    &["settings"],
    &["events"],
    &["http", "tls"],
    &["context", "environments", "keys"],
    &["hashing", "metrics", "pages"],
    &["config", "logging"],
    &["error", "migrations", "paging"],
    &["id", "secret", "time"],
];

/// Within a row, and upwards, only these: each with its reason.
const ALSO: &[(&str, &str, &str)] = &[
    ("context", "environments", "a context is in an environment"),
    ("context", "keys", "the context holds the keys in memory"),
    (
        "environments",
        "context",
        "reading the environments takes the installation",
    ),
    ("keys", "context", "a key is an environment's"),
    ("keys", "environments", "a key is an environment's"),
    ("logging", "config", "a filter is a setting"),
    ("metrics", "context", "a port of its own is a setting"),
    ("metrics", "http", "a refusal is a failure like others"),
];

#[test]
fn arrows_go_down() {
    let row_of = |module: &str| ROWS.iter().position(|row| row.contains(&module));
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(module) = module_of(&path) else {
            continue;
        };
        let is_face = is_below(&path, "admin") || is_below(&path, "api");
        let module = if is_face { "face".to_owned() } else { module };
        let from = row_of(&module)
            .unwrap_or_else(|| panic!("`{module}` has no row in this test; give it one"));
        for used in uses(&production(&text)) {
            let Some(to) = row_of(&used) else { continue };
            let is_listed = ALSO.iter().any(|(a, b, _)| *a == module && *b == used);
            if used != module && to <= from && !is_listed {
                wrong.push(format!("{}: `{module}` names `{used}`", path.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "arrows go down only:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn only_stores_speak_sql() {
    let speaks = |text: &str| {
        production(text).lines().any(|line| {
            line.contains("sql(\"") || line.contains("sql(format!") || line.trim() == "sql("
        })
    };
    let wrong: Vec<_> = sources()
        .into_iter()
        .filter(|(path, text)| speaks(text) && !is_below(path, "store") && !is_below(path, "db"))
        .map(|(path, _)| path)
        .collect();
    assert!(
        wrong.is_empty(),
        "SQL belongs into a slice's store: {wrong:?}"
    );
}

#[test]
fn stores_are_private() {
    let wrong: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| text.contains("pub mod store") || text.contains("pub(crate) mod store"))
        .map(|(path, _)| path)
        .collect();
    assert!(
        wrong.is_empty(),
        "a store is its slice's own affair: {wrong:?}"
    );
}

#[test]
fn use_cases_know_nothing_of_the_web() {
    // The slices whose whole subject is the web, and the edges.
    const WEB: &[&str] = &[
        "http", "pages", "oidc", "sign_in", "team", "server", "cli", "demo", "gallery", "metrics",
        "openapi", "testing", "sessions", "tokens", "mail",
    ];
    const FACES: &[&str] = &["api", "admin", "pages", "view"];
    let wrong: Vec<_> = sources()
        .into_iter()
        .filter(|(path, text)| {
            module_of(path).is_some_and(|module| !WEB.contains(&module.as_str()))
                && !FACES.iter().any(|face| is_below(path, face))
                && (text.contains("use axum::")
                    || uses(&production(text)).any(|used| used == "http"))
        })
        .map(|(path, _)| path)
        .collect();
    assert!(
        wrong.is_empty(),
        "only api, admin, pages and view know the web: {wrong:?}"
    );
}

#[test]
fn only_db_knows_the_engine() {
    // The seam itself; and the doctor, who tells which engine runs and lets nothing depend on it.
    let wrong: Vec<_> = sources()
        .into_iter()
        .filter(|(path, text)| {
            production(text).contains(".engine()")
                && !is_below(path, "doctor")
                && !is_below(path, "db")
        })
        .map(|(path, _)| path)
        .collect();
    assert!(wrong.is_empty(), "no engine checks outside db: {wrong:?}");
}

#[test]
fn leaves_depend_on_nothing_of_ours() {
    for (leaf, allowed) in [
        ("db", &[][..]),
        ("oauth", &[]),
        ("password", &[]),
        ("import", &["password"]),
        ("script", &[]),
    ] {
        let manifest =
            fs::read_to_string(root().join("crates").join(leaf).join("Cargo.toml")).unwrap();
        let dependencies = manifest
            .split("[dependencies]")
            .nth(1)
            .unwrap()
            .split("\n[")
            .next()
            .unwrap();
        for ours in ["db", "oauth", "password", "import", "script", "kith"] {
            let is_named = dependencies.lines().any(|line| {
                line.starts_with(&format!("{ours}.")) || line.starts_with(&format!("{ours} "))
            });
            assert!(
                !is_named || allowed.contains(&ours),
                "{leaf} depends on {ours}"
            );
        }
    }
}

#[test]
fn every_table_says_what_a_row_is() {
    for entry in fs::read_dir(root().join("crates/kith/migrations")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<_> = text.lines().collect();
        for (at, line) in lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.starts_with("create table"))
        {
            assert!(
                at > 0 && lines[at - 1].starts_with("-- "),
                "{}: {line} has no comment",
                path.display()
            );
        }
    }
}

#[test]
fn files_and_functions_stay_short() {
    let mut files: Vec<_> = sources()
        .into_iter()
        .filter(|(path, _)| !is_below(path, "tests"))
        .map(|(path, text)| (production(&text).lines().count(), path))
        .collect();
    files.sort();
    let mut functions: Vec<_> = sources()
        .into_iter()
        .flat_map(|(path, text)| {
            function_lengths(&production(&text))
                .into_iter()
                .map(move |(name, lines)| (lines, name, path.clone()))
        })
        .collect();
    functions.sort();
    assert!(
        files.last().unwrap().0 <= 700,
        "a file over 700 lines: {:?}",
        files.last()
    );
    assert!(
        files[files.len() * 95 / 100].0 <= 400,
        "95 in 100 files have at most 400 lines: {:?}",
        &files[files.len() * 95 / 100..]
    );
    assert!(
        files[files.len() / 2].0 <= 120,
        "the median file has at most 120 lines, it has {}",
        files[files.len() / 2].0
    );
    assert!(
        functions.last().unwrap().0 <= 120,
        "a function over 120 lines: {:?}",
        functions.last()
    );
    assert!(
        functions[functions.len() * 95 / 100].0 <= 50,
        "95 in 100 functions have at most 50 lines: {:?}",
        &functions[functions.len() * 95 / 100]
    );
}

/// Every source file of the application and the leaves.
fn sources() -> Vec<(PathBuf, String)> {
    let mut all = Vec::new();
    for krate in ["kith", "db", "oauth", "password", "import", "script"] {
        collect(&root().join("crates").join(krate).join("src"), &mut all);
    }
    assert!(all.len() > 100, "the sources were not found");
    all
}

fn collect(folder: &Path, all: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root()).unwrap().to_path_buf();
            if !is_below(&path, "tests") {
                all.push((path, text));
            }
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_path_buf()
}

/// The application's top-level module that a file belongs to.
fn module_of(path: &Path) -> Option<String> {
    let below = path.strip_prefix("crates/kith/src").ok()?;
    let name = below
        .components()
        .next()?
        .as_os_str()
        .to_str()?
        .trim_end_matches(".rs")
        .to_owned();
    (name != "lib").then_some(name)
}

/// Whether a file is `<name>.rs` or lies in a folder `<name>`.
fn is_below(path: &Path, name: &str) -> bool {
    path.components().any(|part| {
        part.as_os_str()
            .to_str()
            .is_some_and(|part| part.trim_end_matches(".rs") == name)
    })
}

/// The text without comments and without what follows `#[cfg(test)]`.
fn production(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The application's modules that a file names as `crate::<module>` or in `use crate::{…}`.
fn uses(text: &str) -> impl Iterator<Item = String> {
    let mut found = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        found.insert(head(&name));
                        name.clear();
                    }
                    c if depth == 0 => name.push(c),
                    _ => {}
                }
            }
            found.insert(head(&name));
        } else {
            found.insert(head(rest));
        }
    }
    found.into_iter()
}

fn head(text: &str) -> String {
    text.trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// Each function with the number of its lines, by indentation as rustfmt leaves it.
fn function_lengths(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<_> = text.lines().collect();
    let mut all = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(after) = line
            .split("fn ")
            .nth(1)
            .filter(|_| line.trim_end().ends_with('{') || line.trim_end().ends_with('('))
        else {
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let end = format!("{}}}", " ".repeat(indent));
        if let Some(length) = lines[at..].iter().position(|line| *line == end) {
            all.push((head(after), length + 1));
        }
    }
    all
}
