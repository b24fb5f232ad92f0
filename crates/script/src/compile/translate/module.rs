//! The imports and exports of a parsed module.

use std::collections::BTreeSet;

use oxc::allocator::Allocator;
use oxc::ast::ast::{
    Declaration, ExportSpecifier, Expression, ImportDeclarationSpecifier, ImportExpression,
    ModuleExportName, Program, Statement, StringLiteral,
};
use oxc::ast_visit::{VisitMut, walk_mut};
use oxc::span::GetSpan;
use oxc::str::Str;

use crate::compile::unit::{Import, Name, Reach};
use crate::diagnostic::Places;

/// Puts the names of modules, as `resolve` gives them for a specifier and its place, in the place of the specifiers.
///
/// Gives back the imports that were resolved. `import()` of something computed stays as it is, for the run to resolve.
pub(super) fn name_imports<'a>(
    program: &mut Program<'a>,
    allocator: &'a Allocator,
    places: &Places<'_>,
    resolve: impl FnMut(&str, u32) -> Option<String>,
) -> Vec<Import> {
    let mut writer = Writer {
        allocator,
        resolve,
        imports: Vec::new(),
    };
    for statement in &mut program.body {
        match statement {
            Statement::ImportDeclaration(import) => {
                import.with_clause = None;
                let names = import
                    .specifiers
                    .iter()
                    .flatten()
                    .filter_map(|one| imported(one, places));
                let names = names.collect();
                let has_namespace = import.specifiers.iter().flatten().any(|one| {
                    matches!(one, ImportDeclarationSpecifier::ImportNamespaceSpecifier(_))
                });
                let reach = if has_namespace {
                    Reach::Whole
                } else {
                    Reach::Named
                };
                writer.name(&mut import.source, names, reach);
            }
            Statement::ExportFromDeclaration(export) => {
                export.with_clause = None;
                let names = export
                    .specifiers
                    .iter()
                    .map(|one| exported_again(one, places))
                    .collect();
                writer.name(&mut export.source, names, Reach::Named);
            }
            Statement::ExportAllDeclaration(export) => {
                export.with_clause = None;
                writer.name(&mut export.source, Vec::new(), Reach::Whole);
            }
            _ => {}
        }
    }
    writer.visit_program(program);
    writer.imports
}

/// Takes names out of `export { … } from`.
pub(super) fn leave_out(program: &mut Program<'_>, names: &BTreeSet<String>) {
    for statement in &mut program.body {
        if let Statement::ExportFromDeclaration(export) = statement {
            export
                .specifiers
                .retain(|one| !names.contains(one.exported.name().as_str()));
        }
    }
}

/// The names that a module exports, and the modules of its `export *`, whose imports are named already.
pub(super) fn exports(program: &Program<'_>) -> (BTreeSet<String>, Vec<String>) {
    let mut names = BTreeSet::new();
    let mut stars = Vec::new();
    for statement in &program.body {
        match statement {
            Statement::ExportDefaultDeclaration(_) => {
                names.insert("default".to_owned());
            }
            Statement::ExportDeclaration(export) => match &export.declaration {
                Declaration::VariableDeclaration(variables) => {
                    for variable in &variables.declarations {
                        let bound = variable.id.get_binding_identifiers();
                        names.extend(bound.iter().map(|id| id.name.to_string()));
                    }
                }
                declaration => names.extend(declaration.id().map(|id| id.name.to_string())),
            },
            Statement::ExportNamedDeclaration(export) => {
                names.extend(
                    export
                        .specifiers
                        .iter()
                        .map(|one| one.exported.name().to_string()),
                );
            }
            Statement::ExportFromDeclaration(export) => {
                names.extend(
                    export
                        .specifiers
                        .iter()
                        .map(|one| one.exported.name().to_string()),
                );
            }
            Statement::ExportAllDeclaration(export) => match &export.exported {
                Some(name) => {
                    names.insert(name.name().to_string());
                }
                None => stars.push(export.source.value.to_string()),
            },
            _ => {}
        }
    }
    (names, stars)
}

struct Writer<'a, R> {
    allocator: &'a Allocator,
    resolve: R,
    imports: Vec<Import>,
}

impl<'a, R: FnMut(&str, u32) -> Option<String>> Writer<'a, R> {
    fn name(&mut self, source: &mut StringLiteral<'a>, names: Vec<Name>, reach: Reach) {
        let Some(target) = (self.resolve)(&source.value, source.span.start) else {
            return;
        };
        source.value = Str::from_str_in(&target, &self.allocator);
        source.raw = None;
        self.imports.push(Import {
            target,
            names,
            reach,
        });
    }
}

impl<'a, R: FnMut(&str, u32) -> Option<String>> VisitMut<'a> for Writer<'a, R> {
    fn visit_import_expression(&mut self, import: &mut ImportExpression<'a>) {
        import.options = None;
        match &mut import.source {
            Expression::StringLiteral(source) => self.name(source, Vec::new(), Reach::Whole),
            _ => walk_mut::walk_import_expression(self, import),
        }
    }
}

fn imported(specifier: &ImportDeclarationSpecifier<'_>, places: &Places<'_>) -> Option<Name> {
    match specifier {
        ImportDeclarationSpecifier::ImportSpecifier(one) => Some(name_at(&one.imported, places)),
        ImportDeclarationSpecifier::ImportDefaultSpecifier(one) => {
            let (line, column) = places.of(one.span.start);
            Some(Name {
                imported: "default".to_owned(),
                exported_as: None,
                line,
                column,
            })
        }
        ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => None,
    }
}

fn exported_again(specifier: &ExportSpecifier<'_>, places: &Places<'_>) -> Name {
    Name {
        exported_as: Some(specifier.exported.name().to_string()),
        ..name_at(&specifier.local, places)
    }
}

fn name_at(name: &ModuleExportName<'_>, places: &Places<'_>) -> Name {
    let (line, column) = places.of(name.span().start);
    Name {
        imported: name.name().to_string(),
        exported_as: None,
        line,
        column,
    }
}
