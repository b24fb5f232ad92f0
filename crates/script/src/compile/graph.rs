//! All the files that a program reaches.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::link::Types;
use super::resolve::{Resolver, Target};
use super::translate;
use super::unit::{Exports, Unit};
use crate::diagnostic::{Diagnostic, Places, code};
use crate::environment::Environment;
use crate::files::Files;

/// The translated modules by name.
pub(super) struct Graph(pub(super) BTreeMap<String, Arc<Unit>>);

/// Translates the entry and everything that it imports; leaves out what `types` names.
///
/// # Errors
///
/// The diagnostics of all files that were reached.
pub(super) fn collect(
    environment: &Environment,
    files: &Files,
    entry: &str,
    types: &Types,
) -> Result<Graph, Vec<Diagnostic>> {
    let resolver = Resolver { environment, files };
    let mut graph = BTreeMap::new();
    let mut diagnostics = Vec::new();
    let mut waiting = vec![Target::File(entry.to_owned())];
    while let Some(target) = waiting.pop() {
        if graph.contains_key(target.name()) {
            continue;
        }
        match unit(&resolver, &target, types) {
            Ok(unit) => {
                waiting.extend(
                    unit.imports
                        .iter()
                        .map(|import| resolver.target(&import.target)),
                );
                graph.insert(target.name().to_owned(), unit);
            }
            Err(mut of_file) => {
                // Kept as a module that exports anything, so that no importer is blamed.
                graph.insert(
                    target.name().to_owned(),
                    Arc::new(Unit::new(String::new(), Exports::Refused)),
                );
                diagnostics.append(&mut of_file);
            }
        }
    }
    if diagnostics.is_empty() {
        Ok(Graph(graph))
    } else {
        Err(diagnostics)
    }
}

fn unit(
    resolver: &Resolver<'_>,
    target: &Target,
    types: &Types,
) -> Result<Arc<Unit>, Vec<Diagnostic>> {
    match target {
        Target::File(path) => {
            let text = resolver.files.get(path).unwrap_or_default();
            file(resolver, path, text, types).map(Arc::new)
        }
        Target::Package(name) => resolver.environment.unit(name, || {
            let text = resolver
                .environment
                .find_package(name)
                .map_or("", |(_, text)| text);
            translate::package(resolver, name, text)
        }),
    }
}

fn file(
    resolver: &Resolver<'_>,
    path: &str,
    text: &str,
    types: &Types,
) -> Result<Unit, Vec<Diagnostic>> {
    let places = Places::new(path, text);
    if text.len() > Files::MAX_BYTES {
        let most = Files::MAX_BYTES / 1024 / 1024;
        return Err(vec![places.diagnostic(
            code::TOO_LARGE,
            0,
            format!(
                "the file has {} bytes; at most {most} MiB can be compiled",
                text.len()
            ),
        )]);
    }
    if super::ending(path) == Some("json") {
        return json(&places, text);
    }
    translate::file(resolver, path, text, types)
}

/// A JSON file as a module.
fn json(places: &Places<'_>, text: &str) -> Result<Unit, Vec<Diagnostic>> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        let mut diagnostic = places.diagnostic(code::JSON, 0, format!("this is not JSON: {error}"));
        diagnostic.line = u32::try_from(error.line()).unwrap_or(1).max(1);
        diagnostic.column = u32::try_from(error.column()).unwrap_or(1).max(1);
        vec![diagnostic]
    })?;
    // A string, so that `__proto__` is a name like others.
    let literal = serde_json::Value::String(value.to_string());
    let keys = value
        .as_object()
        .map(|map| map.keys().cloned().collect())
        .unwrap_or_default();
    let code = format!("const value = JSON.parse({literal});\nexport default value;\n");
    Ok(Unit::new(code, Exports::Json(keys)))
}
