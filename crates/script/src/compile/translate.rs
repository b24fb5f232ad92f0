//! From a file to JavaScript whose imports name modules.
//!
//! `oxc` parses, resolves scopes (it must know which imports are used as values), takes the types off, and prints with a source map.
//! Between the last two we put the names of modules in the place of what the file wrote.

use std::collections::BTreeSet;
use std::path::Path;

use oxc::allocator::Allocator;
use oxc::ast::ast::{Program, SourceType};
use oxc::codegen::{Codegen, CodegenOptions, CommentOptions};
use oxc::diagnostics::{Diagnostics, OxcDiagnostic};
use oxc::parser::{ParseOptions, Parser};
use oxc::semantic::SemanticBuilder;
use oxc::transformer::{JsxOptions, JsxRuntime, TransformOptions, Transformer};

use super::link::Types;
use super::resolve::{Resolver, Target, Way};
use super::unit::{CommonJs, Exports, Import, Reach, Unit};
use super::{commonjs, depth, ending};
use crate::diagnostic::{Diagnostic, Places, code};
use crate::environment::Environment;
use crate::files::Files;
use crate::program::Position;

mod module;

/// Translates a file of the project; leaves out of `export … from` what `types` names.
pub(super) fn file(
    resolver: &Resolver<'_>,
    path: &str,
    text: &str,
    types: &Types,
) -> Result<Unit, Vec<Diagnostic>> {
    let target = Target::File(path.to_owned());
    if commonjs::is_likely(path, text)
        && let Some(unit) = common(resolver, &target, text)?
    {
        return Ok(unit);
    }
    translate(resolver, &target, source_type(path), text, types.get(path))
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
        None,
    )
}

/// Translates a prelude, which becomes the default export of a module.
pub(super) fn prelude(name: &str, text: &str) -> Result<Unit, Vec<Diagnostic>> {
    let wrapped = format!("export default function (host: any, globals: any) {{\n{text}\n}}");
    let environment = Environment::new();
    let files = Files::new();
    let resolver = Resolver {
        environment: &environment,
        files: &files,
    };
    let target = Target::Package(name.to_owned());
    // One line was put before the text.
    let mut unit =
        translate(&resolver, &target, SourceType::ts(), &wrapped, None).map_err(|mut all| {
            for one in &mut all {
                one.line = one.line.saturating_sub(1).max(1);
            }
            all
        })?;
    for position in &mut unit.positions {
        position.original.0 = position.original.0.saturating_sub(1);
    }
    Ok(unit)
}

/// Translates a file if it is CommonJS indeed.
fn common(
    resolver: &Resolver<'_>,
    target: &Target,
    text: &str,
) -> Result<Option<Unit>, Vec<Diagnostic>> {
    let places = Places::new(target.name(), text);
    depth::check(&places, text)?;
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::script())
        .with_options(ParseOptions {
            allow_return_outside_function: true,
            ..ParseOptions::default()
        })
        .parse();
    // What has `import` or `export` is no script; if it is wrong otherwise, it is so as a module too.
    if parsed.diagnostics.has_errors() || parsed.module_record.has_module_syntax {
        return Ok(None);
    }
    let (specifiers, seen) = commonjs::look(&parsed.program);
    let mut requires = Vec::new();
    let mut diagnostics = Vec::new();
    for (specifier, offset) in specifiers {
        match resolver.resolve(target, &specifier, Way::Require) {
            Ok(target) => requires.push((specifier, target.name().to_owned())),
            // Packages try what may be missing; `require` throws then. A project's own file means what it says.
            Err(_) if target.name().contains("node_modules/") => {}
            Err(why) => diagnostics.push(places.diagnostic(why.code, offset, why.message)),
        }
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let (code, positions) = print(&parsed.program, target.name());
    let imports = requires
        .iter()
        .map(|(_, target)| Import {
            target: target.clone(),
            names: Vec::new(),
            reach: Reach::Named,
        })
        .collect();
    let find = |specifier: &String| requires.iter().find(|(one, _)| one == specifier);
    let taken = seen
        .taken
        .iter()
        .filter_map(find)
        .map(|(_, target)| target.clone())
        .collect();
    let exports = Exports::CommonJs(CommonJs {
        taken,
        found: seen.names,
        requires,
    });
    Ok(Some(Unit {
        positions,
        imports,
        ..Unit::new(code, exports)
    }))
}

/// TypeScript is a superset of JavaScript, save that `<` may begin a type there; so only what may have JSX is not TypeScript.
fn source_type(path: &str) -> SourceType {
    match ending(path) {
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
    types: Option<&BTreeSet<String>>,
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
    if let Some(types) = types {
        module::leave_out(&mut program, types);
    }
    let mut diagnostics = Vec::new();
    let imports =
        module::name_imports(
            &mut program,
            &allocator,
            &places,
            |specifier, offset| match resolver.resolve(target, specifier, Way::Import) {
                Ok(target) => Some(target.name().to_owned()),
                Err(why) => {
                    let diagnostic = places.diagnostic(why.code, offset, why.message);
                    diagnostics.push(diagnostic);
                    None
                }
            },
        );
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let (names, stars) = module::exports(&program);
    let (code, positions) = print(&program, name);
    Ok(Unit {
        positions,
        imports,
        ..Unit::new(code, Exports::Known { names, stars })
    })
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
    places.diagnostic(code::SYNTAX, offset, message)
}
