//! Does every imported name exist?

use std::collections::BTreeSet;

use super::graph::Graph;
use super::unit::Exports;
use crate::diagnostic::{Diagnostic, code};

/// Checks every import against the exports of its module, and that the entry has a default export.
///
/// # Errors
///
/// Every name that is not there.
pub(super) fn check(graph: &mut Graph, entry: &str) -> Result<(), Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    for (module, unit) in &graph.0 {
        for import in &unit.imports {
            let missing = import
                .names
                .iter()
                .filter(|name| !has(graph, &import.target, &name.name, &mut BTreeSet::new()));
            diagnostics.extend(missing.map(|name| Diagnostic {
                file: super::file_of(module).to_owned(),
                line: name.line,
                column: name.column,
                code: code::NOT_EXPORTED,
                message: not_exported(graph, &import.target, &name.name),
            }));
        }
    }
    if !has(graph, entry, "default", &mut BTreeSet::new()) {
        diagnostics.push(Diagnostic {
            file: entry.to_owned(),
            line: 1,
            column: 1,
            code: code::NO_DEFAULT_EXPORT,
            message: "no default export; write `export default async function (event) { … }`"
                .to_owned(),
        });
    }
    if diagnostics.is_empty() {
        Ok(())
    } else {
        Err(diagnostics)
    }
}

fn has<'a>(graph: &'a Graph, module: &'a str, name: &str, seen: &mut BTreeSet<&'a str>) -> bool {
    let Some(unit) = graph.0.get(module) else {
        return true;
    };
    match &unit.exports {
        Exports::Open => true,
        Exports::Known { names, .. } if names.contains(name) => true,
        // `export *` leaves the default export out: ECMAScript §16.2.3.7.
        Exports::Known { .. } if name == "default" => false,
        Exports::Known { stars, .. } => {
            seen.insert(module) && stars.iter().any(|star| has(graph, star, name, seen))
        }
    }
}

fn not_exported(graph: &Graph, module: &str, name: &str) -> String {
    let exported = match graph.0.get(module).map(|unit| &unit.exports) {
        Some(Exports::Known { names, .. }) => names
            .iter()
            .take(20)
            .cloned()
            .collect::<Vec<_>>()
            .join(", "),
        _ => String::new(),
    };
    let what = if name == "default" {
        "no default export".to_owned()
    } else {
        format!("no export {name}")
    };
    if exported.is_empty() {
        format!("{module} has {what}")
    } else {
        format!("{module} has {what}; it exports {exported}")
    }
}
