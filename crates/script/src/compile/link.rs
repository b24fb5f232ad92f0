//! Does every imported name exist, and who must export it?
//!
//! ES modules know their names. JSON and CommonJS modules export what somebody asks for, so they are written when everybody has asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::graph::Graph;
use super::unit::{Exports, Reach, Unit};
use super::{commonjs, ending};
use crate::diagnostic::{Diagnostic, code};
use crate::program::Position;

/// A module that can be compiled.
pub(super) struct Linked {
    pub(super) code: String,
    pub(super) positions: Vec<Position>,
    /// Where the bytecode is kept, for an ES module.
    pub(super) unit: Option<Arc<Unit>>,
}

/// The names that JSON and CommonJS modules are asked for.
type Demands<'a> = BTreeMap<&'a str, BTreeSet<String>>;

/// Modules of TypeScript that export a type again without saying so, with the names.
pub(super) type Types = BTreeMap<String, BTreeSet<String>>;

/// What is wrong with a graph.
pub(super) enum Unlinked {
    /// `export { T } from` of what isn't there, in TypeScript: a type, for which nobody is to blame. To be translated again without.
    Types(Types),
    Wrong(Vec<Diagnostic>),
}

/// Writes the modules of a graph.
///
/// # Errors
///
/// Every name that is not there; a missing default export of the entry.
pub(super) fn link(graph: &Graph, entry: &str) -> Result<BTreeMap<String, Linked>, Unlinked> {
    let demands = check(graph, entry)?;
    let mut linked = BTreeMap::new();
    for (name, unit) in &graph.0 {
        let asked = demands.get(name.as_str()).cloned().unwrap_or_default();
        let module = |code, positions| Linked {
            code,
            positions,
            unit: None,
        };
        match &unit.exports {
            Exports::Json(_) => {
                let code = format!("{}{}", unit.code, commonjs::exporting(&asked));
                linked.insert(name.clone(), module(code, Vec::new()));
            }
            Exports::CommonJs(common) => {
                let (code, positions) = commonjs::body(graph, name, unit, &common.requires);
                linked.insert(format!("{name}{}", commonjs::BODY), module(code, positions));
                linked.insert(
                    name.clone(),
                    module(commonjs::facade(name, &asked), Vec::new()),
                );
                let runtime = include_str!("../globals/commonjs.js").to_owned();
                linked.insert(commonjs::RUNTIME.to_owned(), module(runtime, Vec::new()));
            }
            Exports::Known { .. } | Exports::Refused => {
                let known = Linked {
                    code: unit.code.clone(),
                    positions: unit.positions.clone(),
                    unit: Some(unit.clone()),
                };
                linked.insert(name.clone(), known);
            }
        }
    }
    Ok(linked)
}

fn check<'a>(graph: &'a Graph, entry: &'a str) -> Result<Demands<'a>, Unlinked> {
    let mut demands = Demands::new();
    let mut types = Types::new();
    let mut diagnostics = Vec::new();
    for (module, unit) in &graph.0 {
        for import in &unit.imports {
            if import.reach == Reach::Whole {
                let found = commonjs::found(graph, &import.target, &mut BTreeSet::new());
                demands.entry(&import.target).or_default().extend(found);
            }
            for name in &import.names {
                if has(
                    graph,
                    &import.target,
                    &name.imported,
                    &mut demands,
                    &mut BTreeSet::new(),
                ) {
                    continue;
                }
                match &name.exported_as {
                    Some(exported) if is_typescript(module) => {
                        types
                            .entry(module.clone())
                            .or_default()
                            .insert(exported.clone());
                    }
                    _ => diagnostics.push(Diagnostic {
                        file: module.clone(),
                        line: name.line,
                        column: name.column,
                        code: code::NOT_EXPORTED,
                        message: not_exported(graph, &import.target, &name.imported),
                    }),
                }
            }
        }
    }
    if !has(graph, entry, "default", &mut demands, &mut BTreeSet::new()) {
        diagnostics.push(Diagnostic {
            file: entry.to_owned(),
            line: 1,
            column: 1,
            code: code::NO_DEFAULT_EXPORT,
            message: "no default export; write `export default async function (event) { … }`"
                .to_owned(),
        });
    }
    if !types.is_empty() {
        return Err(Unlinked::Types(types));
    }
    if diagnostics.is_empty() {
        Ok(demands)
    } else {
        Err(Unlinked::Wrong(diagnostics))
    }
}

fn is_typescript(path: &str) -> bool {
    matches!(ending(path), Some("ts" | "tsx" | "mts" | "cts"))
}

/// Whether a module exports a name; asks for it where modules export what they are asked for.
fn has<'a>(
    graph: &'a Graph,
    module: &'a str,
    name: &str,
    demands: &mut Demands<'a>,
    seen: &mut BTreeSet<&'a str>,
) -> bool {
    match graph.0.get(module).map(|unit| &unit.exports) {
        Some(Exports::Known { names, .. }) if names.contains(name) => true,
        // `export *` leaves the default export out: ECMAScript §16.2.3.7.
        Some(Exports::Known { .. }) if name == "default" => false,
        Some(Exports::Known { stars, .. }) => {
            seen.insert(module)
                && stars
                    .iter()
                    .any(|star| has(graph, star, name, demands, seen))
        }
        Some(Exports::Json(_) | Exports::CommonJs(_)) => {
            demands.entry(module).or_default().insert(name.to_owned());
            true
        }
        Some(Exports::Refused) | None => true,
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
