//! From a file to JavaScript whose imports name modules.
//!
//! `oxc` parses, resolves scopes (it must know which imports are used as values), takes the types off, and prints with a source map.
//! Between the last two we put the names of modules in the place of what the file wrote.

use std::cell::RefCell;
use std::path::Path;
use std::sync::OnceLock;

use oxc::allocator::Allocator;
use oxc::ast::ast::{Program, SourceType};
use oxc::codegen::{Codegen, CodegenOptions, CommentOptions};
use oxc::diagnostics::{Diagnostics, OxcDiagnostic};
use oxc::parser::{ParseOptions, Parser};
use oxc::semantic::SemanticBuilder;
use oxc::transformer::{JsxOptions, JsxRuntime, TransformOptions, Transformer};

use super::depth;
use super::resolve::{Resolver, Target, Way};
use super::unit::{Exports, Unit};
use crate::diagnostic::{Diagnostic, Places, code};
use crate::program::Position;

mod module;

/// Translates a file of the project.
pub(super) fn file(
    resolver: &Resolver<'_>,
    path: &str,
    text: &str,
) -> Result<Unit, Vec<Diagnostic>> {
    translate(
        resolver,
        &Target::File(path.to_owned()),
        source_type(path),
        text,
    )
}

/// Translates a package of the environment.
pub(super) fn package(
    resolver: &Resolver<'_>,
    name: &str,
    text: &str,
) -> Result<Unit, Vec<Diagnostic>> {
    translate(
        resolver,
        &Target::Package(name.to_owned()),
        source_type(""),
        text,
    )
}

/// Translates a prelude, which becomes the default export of a module.
pub(super) fn prelude(name: &str, text: &str) -> Result<Unit, Vec<Diagnostic>> {
    // On the first line, so that all lines keep their numbers; the source map then needs no shift but of that line's columns.
    let wrapped = format!("export default function (host: any, globals: any) {{{text}\n}}");
    let environment = crate::Environment::new();
    let files = crate::Files::new();
    let resolver = Resolver {
        environment: &environment,
        files: &files,
    };
    translate(
        &resolver,
        &Target::Package(name.to_owned()),
        SourceType::ts(),
        &wrapped,
    )
}

/// TypeScript is a superset of JavaScript, save that `<` may begin a type there; so only what may have JSX is not TypeScript.
fn source_type(path: &str) -> SourceType {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("tsx") => SourceType::tsx(),
        Some("js" | "jsx" | "mjs" | "cjs") => SourceType::jsx(),
        _ => SourceType::ts(),
    }
}

fn translate(
    resolver: &Resolver<'_>,
    target: &Target,
    source_type: SourceType,
    text: &str,
) -> Result<Unit, Vec<Diagnostic>> {
    let name = target.name();
    let places = Places::new(name, text);
    depth::check(&places, text)?;
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, source_type)
        .with_options(ParseOptions {
            parse_regular_expression: true,
            ..ParseOptions::default()
        })
        .parse();
    refuse(&places, &parsed.diagnostics)?;
    let mut program = parsed.program;
    let semantic = SemanticBuilder::new()
        .with_check_syntax_error(true)
        .with_excess_capacity(2.0)
        .with_enum_eval(true)
        .build(&program);
    refuse(&places, &semantic.diagnostics)?;
    let scoping = semantic.semantic.into_scoping();
    let transformed = Transformer::new(&allocator, Path::new(name), &options(resolver, target))
        .build_with_scoping(scoping, &mut program);
    refuse(&places, &transformed.diagnostics)?;
    let diagnostics = RefCell::new(Vec::new());
    let imports =
        module::name_imports(
            &mut program,
            &allocator,
            &places,
            |specifier, offset| match resolver.resolve(target, specifier, Way::Import) {
                Ok(target) => Some(target.name().to_owned()),
                Err(why) => {
                    let diagnostic = places.diagnostic(why.code, offset, why.message);
                    diagnostics.borrow_mut().push(diagnostic);
                    None
                }
            },
        );
    let diagnostics = diagnostics.into_inner();
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let exports = module::exports(&program);
    let (code, positions) = print(&program, name);
    Ok(Unit {
        code,
        positions,
        imports,
        exports: exports_of(exports),
        module: OnceLock::new(),
    })
}

fn exports_of((names, stars): (std::collections::BTreeSet<String>, Vec<String>)) -> Exports {
    Exports::Known { names, stars }
}

/// JSX calls the automatic runtime of React if the project has it, and `React.createElement` otherwise.
fn options(resolver: &Resolver<'_>, target: &Target) -> TransformOptions {
    let has_runtime = resolver
        .resolve(target, "react/jsx-runtime", Way::Import)
        .is_ok();
    TransformOptions {
        jsx: JsxOptions {
            runtime: if has_runtime {
                JsxRuntime::Automatic
            } else {
                JsxRuntime::Classic
            },
            pure: false,
            ..JsxOptions::enable()
        },
        ..TransformOptions::default()
    }
}

fn print(program: &Program<'_>, name: &str) -> (String, Vec<Position>) {
    let printed = Codegen::new()
        .with_options(CodegenOptions {
            comments: CommentOptions::disabled(),
            source_map_path: Some(Path::new(name).to_path_buf()),
            ..CodegenOptions::default()
        })
        .build(program);
    let positions = printed.map.map_or_else(Vec::new, |map| {
        map.get_tokens()
            .map(|token| Position {
                generated: (token.get_dst_line(), token.get_dst_col()),
                original: (token.get_src_line(), token.get_src_col()),
            })
            .collect()
    });
    (printed.code, positions)
}

/// Fails if there is an error among what a pass of `oxc` found.
fn refuse(places: &Places<'_>, found: &Diagnostics) -> Result<(), Vec<Diagnostic>> {
    let errors: Vec<Diagnostic> = found.errors().map(|error| syntax(places, error)).collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

fn syntax(places: &Places<'_>, error: &OxcDiagnostic) -> Diagnostic {
    let offset = error
        .labels
        .first()
        .map_or(0, oxc::span::LabeledSpan::offset);
    let mut message = error.message.to_string();
    if let Some(help) = &error.help {
        message.push_str(" (");
        message.push_str(help);
        message.push(')');
    }
    places.diagnostic(code::SYNTAX, u32::try_from(offset).unwrap_or(0), message)
}
