//! CommonJS modules, as npm packages have them.
//!
//! A file becomes two ES modules. The *body* registers the file's text as a function, with what it requires; it runs nothing, so that
//! circles work. The *facade* has the file's name, runs the function, and exports what importers ask for.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use oxc::ast::ast::{
    Argument, AssignmentExpression, AssignmentTarget, CallExpression, Expression, ObjectExpression,
    ObjectPropertyKind, Program,
};
use oxc::ast_visit::{Visit, walk};

use super::ending;
use super::graph::Graph;
use super::unit::{CommonJs, Exports, Unit};
use crate::program::Position;

/// The module that runs them: `globals/commonjs.js`.
pub(super) const RUNTIME: &str = "script:commonjs";

/// What the name of a body ends with.
pub(super) const BODY: &str = "?commonjs";

/// Whether a text without `import` and `export` is CommonJS.
pub(super) fn is_likely(path: &str, text: &str) -> bool {
    match ending(path) {
        Some("cjs") => true,
        Some("js" | "jsx") => [
            "module.exports",
            "exports.",
            "exports[",
            "(exports",
            "require(",
        ]
        .iter()
        .any(|sign| text.contains(sign)),
        _ => false,
    }
}

/// What a program requires, as specifiers with their places, and what it seems to export.
pub(super) fn look(program: &Program<'_>) -> (Vec<(String, u32)>, Seen) {
    let mut looker = Looker::default();
    looker.visit_program(program);
    (looker.requires, looker.seen)
}

/// What a CommonJS module seems to export.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) names: BTreeSet<String>,
    /// Specifiers of `module.exports = require(…)`.
    pub(super) taken: Vec<String>,
}

#[derive(Default)]
struct Looker {
    requires: Vec<(String, u32)>,
    seen: Seen,
}

impl<'a> Visit<'a> for Looker {
    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        if let Some((specifier, at)) = required(call) {
            self.requires.push((specifier, at));
        }
        // Object.defineProperty(exports, "name", …)
        if let [
            Argument::Identifier(target),
            Argument::StringLiteral(name),
            ..,
        ] = call.arguments.as_slice()
            && target.name == "exports"
        {
            self.seen.names.insert(name.value.to_string());
        }
        // __export(anything, { name: () => … }), as bundlers write it
        if let (Expression::Identifier(callee), [_, Argument::ObjectExpression(object)]) =
            (&call.callee, call.arguments.as_slice())
            && callee.name == "__export"
        {
            self.keys(object);
        }
        walk::walk_call_expression(self, call);
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        if let AssignmentTarget::StaticMemberExpression(member) = &assignment.left {
            let name = member.property.name.as_str();
            match &member.object {
                Expression::Identifier(object) if object.name == "exports" => {
                    self.seen.names.insert(name.to_owned());
                }
                Expression::Identifier(object) if object.name == "module" && name == "exports" => {
                    self.whole(&assignment.right);
                }
                Expression::StaticMemberExpression(object)
                    if object.property.name == "exports"
                        && matches!(&object.object, Expression::Identifier(of) if of.name == "module") =>
                {
                    self.seen.names.insert(name.to_owned());
                }
                _ => {}
            }
        }
        walk::walk_assignment_expression(self, assignment);
    }
}

impl Looker {
    /// What `module.exports = value` exports.
    fn whole(&mut self, value: &Expression<'_>) {
        match value {
            Expression::ObjectExpression(object) => self.keys(object),
            Expression::CallExpression(call) => {
                self.seen
                    .taken
                    .extend(required(call).map(|(specifier, _)| specifier));
            }
            Expression::ConditionalExpression(choice) => {
                self.whole(&choice.consequent);
                self.whole(&choice.alternate);
            }
            _ => {}
        }
    }

    fn keys(&mut self, object: &ObjectExpression<'_>) {
        let names = object
            .properties
            .iter()
            .filter_map(|property| match property {
                ObjectPropertyKind::ObjectProperty(property) => property.key.static_name(),
                ObjectPropertyKind::SpreadProperty(_) => None,
            });
        self.seen.names.extend(names.map(|name| name.to_string()));
    }
}

fn required(call: &CallExpression<'_>) -> Option<(String, u32)> {
    match (&call.callee, call.arguments.as_slice()) {
        (Expression::Identifier(callee), [Argument::StringLiteral(specifier)])
            if callee.name == "require" =>
        {
            Some((specifier.value.to_string(), specifier.span.start))
        }
        _ => None,
    }
}

/// The names that a module seems to export, with those that it takes over.
pub(super) fn found<'a>(
    graph: &'a Graph,
    module: &'a str,
    seen: &mut BTreeSet<&'a str>,
) -> BTreeSet<String> {
    if !seen.insert(module) {
        return BTreeSet::new();
    }
    match graph.0.get(module).map(|unit| &unit.exports) {
        Some(Exports::CommonJs(CommonJs {
            found: own, taken, ..
        })) => {
            let mut names = own.clone();
            for target in taken {
                names.append(&mut found(graph, target, seen));
            }
            names
        }
        Some(Exports::Json(keys)) => keys.clone(),
        Some(Exports::Known { names, .. }) => names.clone(),
        Some(Exports::Refused) | None => BTreeSet::new(),
    }
}

/// The module that registers a file.
pub(super) fn body(
    graph: &Graph,
    name: &str,
    unit: &Unit,
    requires: &[(String, String)],
) -> (String, Vec<Position>) {
    let mut head = format!("import {{ define, load }} from {};", quoted(RUNTIME));
    let mut found = String::new();
    for (at, (specifier, target)) in requires.iter().enumerate() {
        let get = match graph.0.get(target).map(|unit| &unit.exports) {
            Some(Exports::CommonJs(_)) => {
                let _ = write!(head, " import {};", quoted(&format!("{target}{BODY}")));
                format!("load({})", quoted(target))
            }
            Some(Exports::Json(_)) => {
                let _ = write!(head, " import $json{at} from {};", quoted(target));
                format!("$json{at}")
            }
            _ => {
                let _ = write!(head, " import * as $module{at} from {};", quoted(target));
                format!("$module{at}")
            }
        };
        let _ = write!(found, "{}: () => {get}, ", quoted(specifier));
    }
    let code = format!(
        "{head}\ndefine({}, {{ __proto__: null, {found} }}, function (exports, require, module, process) {{\n{}\n}});\n",
        quoted(name),
        unit.code
    );
    let positions = unit
        .positions
        .iter()
        .map(|position| Position {
            generated: (position.generated.0 + 2, position.generated.1),
            original: position.original,
        })
        .collect();
    (code, positions)
}

/// The module that runs a file and exports `names` of it.
pub(super) fn facade(name: &str, names: &BTreeSet<String>) -> String {
    let body = quoted(&format!("{name}{BODY}"));
    let mut code = format!(
        "import {body};\nimport {{ load, standard }} from {};\nconst value = load({});\nexport default standard(value);\n",
        quoted(RUNTIME),
        quoted(name)
    );
    code.push_str(&exporting(names));
    code
}

/// Exports properties of `value` by their names.
pub(super) fn exporting(names: &BTreeSet<String>) -> String {
    let mut code = String::new();
    for (at, name) in names.iter().filter(|name| *name != "default").enumerate() {
        let name = quoted(name);
        let _ = writeln!(
            code,
            "const $export{at} = value[{name}];\nexport {{ $export{at} as {name} }};"
        );
    }
    code
}

/// A string literal.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
