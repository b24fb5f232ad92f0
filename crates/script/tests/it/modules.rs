//! What can be imported, and what is said when it can't.

use script::{Cancel, Diagnostic, Environment, Files, Limits};
use serde_json::{Value, json};

use crate::kit::{compile, echo};

fn answer<const N: usize>(files: [(&str, &str); N]) -> Value {
    let program = compile(files).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"));
    let run = script::run(
        &program,
        &json!(null),
        &mut echo(),
        &Limits::default(),
        &Cancel::new(),
    );
    run.outcome.unwrap_or_else(|failure| panic!("{failure:#?}"))
}

fn diagnostics<const N: usize>(files: [(&str, &str); N]) -> Vec<(String, String, u32, u32)> {
    compile(files)
        .expect_err("the program is wrong")
        .into_iter()
        .map(|one| (one.code.to_owned(), one.file, one.line, one.column))
        .collect()
}

fn at(code: &str, file: &str, line: u32, column: u32) -> (String, String, u32, u32) {
    (code.to_owned(), file.to_owned(), line, column)
}

#[test]
fn relative_imports_are_found_as_bundlers_find_them() {
    let source = "
        import a from './a'; import b from './b.js'; import c from '../lib'; import d, { e } from './d.json';
        import { f } from './f.tsx'; import * as g from './g.mjs'; export * from './a'; import './side';
        export default async () => [a, b, c, d, e, f, Object.keys(g), (await import('./late')).late, globalThis.side];
    ";
    assert_eq!(
        answer([
            ("flow/main.ts", source),
            (
                "flow/a.ts",
                "export default 'a'; export type T = 1; export const x = 1"
            ),
            ("flow/b.ts", "export default 'b'"),
            ("lib/index.ts", "export default 'c'"),
            ("flow/d.json", "{ \"e\": [1], \"__proto__\": 2 }"),
            ("flow/f.tsx", "export const f: string = 'f'"),
            ("flow/g.mjs", "export const one = 1, two = 2"),
            (
                "flow/late.ts",
                "export const late = await Promise.resolve('late')"
            ),
            ("flow/side.ts", "globalThis.side = true"),
        ]),
        json!(["a", "b", "c", { "e": [1], "__proto__": 2 }, [1], "f", ["one", "two"], "late", true])
    );
}

#[test]
fn imports_that_are_only_types_are_dropped() {
    let source = "
        import type { A } from 'not-installed'; import { type B, value } from './b'; import { C } from './c';
        export { D } from './c'; export type { E } from 'not-installed';
        export default (event: A & B & C) => value;
    ";
    assert_eq!(
        answer([
            ("main.ts", source),
            ("b.ts", "export interface B {} export const value = 1"),
            ("c.ts", "export interface C {} export interface D {}"),
        ]),
        json!(1)
    );
}

#[test]
fn circles_work() {
    assert_eq!(
        answer([
            (
                "a.ts",
                "import { b } from './b'; export const a = () => 'a'; export default () => b()"
            ),
            (
                "b.ts",
                "import { a } from './a'; export const b = () => a() + 'b'"
            ),
        ]),
        json!("ab")
    );
}

#[test]
fn a_computed_import_finds_what_is_part_of_the_program() {
    let files = [
        (
            "main.ts",
            "import './de'; export default async () => { const l = 'de'; try { await import('./' + 'fr') } catch (e) { return [(await import('./' + l)).hi, e.message] } }",
        ),
        ("de.ts", "export const hi = 'Hallo'"),
    ];
    let found = answer(files);
    assert_eq!(found[0], json!("Hallo"));
    assert!(
        found[1]
            .as_str()
            .unwrap()
            .contains("not part of the program"),
        "{found}"
    );
}

#[test]
fn an_unresolved_import_names_its_place() {
    let files = [(
        "flow/main.ts",
        "import a from './a';\nimport { b } from \"no-such-package\";\nexport default () => [a, b]",
    )];
    assert_eq!(
        diagnostics(files),
        [
            at("unresolved_import", "flow/main.ts", 1, 15),
            at("unresolved_import", "flow/main.ts", 2, 19)
        ]
    );
    let message = compile(files).unwrap_err()[1].message.clone();
    assert!(
        message.starts_with("failed to resolve no-such-package"),
        "{message}"
    );
    assert!(
        message.contains("run `npm install no-such-package`"),
        "{message}"
    );
}

#[test]
fn a_package_that_was_asked_for_and_not_installed_is_told_so() {
    let files = [
        (
            "flow/main.ts",
            "import a from '@s/p/sub';\nexport default () => a",
        ),
        ("package.json", "{ \"dependencies\": { \"@s/p\": \"^1\" } }"),
    ];
    let message = compile(files).unwrap_err()[0].message.clone();
    assert!(
        message.contains("package.json asks for it: run `npm ci`"),
        "{message}"
    );
}

#[test]
fn modules_of_node_are_not_available() {
    let all = compile([(
        "main.ts",
        "import fs from 'fs';\nimport { env } from 'node:process';\nexport default () => [fs, env]",
    )])
    .unwrap_err();
    assert_eq!(
        all.iter()
            .map(|one| (one.code, one.line))
            .collect::<Vec<_>>(),
        [("unavailable_module", 1), ("unavailable_module", 2)]
    );
    assert!(
        all[0].message.contains("not available")
            && all[1].message.contains("environment variables"),
        "{all:#?}"
    );
}

#[test]
fn a_missing_export_names_its_place() {
    assert_eq!(
        diagnostics([
            (
                "main.ts",
                "import { a,\n  nope } from './a';\nimport def from './a';\nexport default () => [a, nope, def]"
            ),
            ("a.ts", "export const a = 1; export * from './b'"),
            ("b.ts", "export const b = 1; export default 2"),
        ]),
        [
            at("not_exported", "main.ts", 2, 3),
            at("not_exported", "main.ts", 3, 8)
        ]
    );
}

#[test]
fn an_entry_needs_a_default_export() {
    assert_eq!(
        diagnostics([("main.ts", "export const a = 1")]),
        [at("no_default_export", "main.ts", 1, 1)]
    );
    assert_eq!(
        answer([
            ("main.ts", "export { f as default } from './f'"),
            ("f.ts", "export const f = () => 1")
        ]),
        json!(1)
    );
    let missing = script::compile(&Environment::new().into(), &Files::new(), "x.ts").unwrap_err();
    assert_eq!(missing[0].code, "entry_missing");
}

#[test]
fn syntax_errors_have_their_place() {
    assert_eq!(
        diagnostics([("main.ts", "export default () => {\n  const a = ;\n}")]),
        [at("syntax", "main.ts", 2, 13)]
    );
    assert_eq!(
        diagnostics([("main.ts", "const a = 1; const a = 2;\nexport default 1")])[0],
        at("syntax", "main.ts", 1, 7)
    );
    assert_eq!(
        diagnostics([
            ("main.ts", "import a from './a.json'; export default a"),
            ("a.json", "{\n \"a\": }")
        ]),
        [at("invalid_json", "a.json", 2, 7)]
    );
}

#[test]
fn packages_of_the_environment_are_shared_and_may_have_other_names() {
    let environment = Environment::new()
        .package("@kinde/infrastructure", "import { base } from 'base'; export const twice: (n: number) => number = (n) => n * 2 + base;")
        .package("base", "export const base = 1;")
        .alias("@kinde-oss/infrastructure", "@kinde/infrastructure");
    let files = Files::from_iter([(
        "main.ts",
        "import { twice } from '@kinde/infrastructure'; import * as other from '@kinde-oss/infrastructure'; export default () => [twice(2), other.twice === twice]",
    )]);
    let program = script::compile(&environment.into(), &files, "main.ts").unwrap();
    assert_eq!(
        program.modules().collect::<Vec<_>>(),
        ["@kinde/infrastructure", "base", "main.ts"]
    );
    let run = script::run(
        &program,
        &json!(null),
        &mut echo(),
        &Limits::default(),
        &Cancel::new(),
    );
    assert_eq!(run.outcome, Ok(json!([5, true])));
}

#[test]
fn a_project_may_prefer_its_own_packages() {
    let files = Files::from_iter([
        ("main.ts", "import { v } from 'lib'; export default () => v"),
        ("node_modules/lib/package.json", "{ \"main\": \"./m.js\" }"),
        ("node_modules/lib/m.js", "export const v = 'own'"),
    ]);
    let ours = Environment::new().package("lib", "export const v = 'ours'");
    let own = Environment::new()
        .package("lib", "export const v = 'ours'")
        .prefer_own_packages();
    for (environment, expected) in [(ours, "ours"), (own, "own")] {
        let program = script::compile(&environment.into(), &files, "main.ts").unwrap();
        let run = script::run(
            &program,
            &json!(null),
            &mut echo(),
            &Limits::default(),
            &Cancel::new(),
        );
        assert_eq!(run.outcome, Ok(json!(expected)));
    }
}

#[test]
fn npm_packages_are_resolved_by_their_manifest() {
    assert_eq!(
        answer([
            (
                "flow/main.ts",
                "import { a } from 'pkg'; import { b } from 'pkg/sub'; import c from '@s/p/deep/c.js'; import { d } from 'old'; export default () => [a, b, c, d]"
            ),
            (
                "node_modules/pkg/package.json",
                r#"{ "exports": { ".": { "node": "./node.js", "import": "./esm.mjs", "default": "./cjs.cjs" }, "./sub": { "default": "./x/sub.js" } } }"#
            ),
            ("node_modules/pkg/esm.mjs", "export const a = 'a'"),
            ("node_modules/pkg/x/sub.js", "export const b = 'b'"),
            (
                "node_modules/@s/p/package.json",
                r#"{ "exports": { "./deep/*": "./lib/*" } }"#
            ),
            ("node_modules/@s/p/lib/c.js", "export default 'c'"),
            (
                "node_modules/old/package.json",
                r#"{ "module": "es/index.js", "main": "lib/index.js" }"#
            ),
            ("node_modules/old/es/index.js", "export { d } from './d'"),
            ("node_modules/old/es/d.js", "export const d = 'd'"),
        ]),
        json!(["a", "b", "c", "d"])
    );
}

#[test]
fn commonjs_packages_work() {
    assert_eq!(
        answer([
            (
                "main.ts",
                "import def, { named, late } from 'cjs'; import * as all from 'cjs'; import interop from 'interop'; import fn from 'fn'; export default () => [def.named, named, late(), Object.keys(all).sort(), interop, fn(2), typeof require]"
            ),
            (
                "node_modules/cjs/index.js",
                "'use strict';\nconst other = require('./other');\nconst data = require('./data.json');\nexports.named = other.value + data.n;\nexports.late = function () { return require('./late').late; };\nexports.env = process.env.NODE_ENV;"
            ),
            (
                "node_modules/cjs/other.js",
                "const back = require('./index.js'); module.exports = { value: 40, back };"
            ),
            (
                "node_modules/cjs/late.js",
                "exports.late = this === exports && typeof module === 'object'"
            ),
            ("node_modules/cjs/data.json", "{ \"n\": 2 }"),
            (
                "node_modules/interop/index.js",
                "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'default';"
            ),
            (
                "node_modules/fn/index.js",
                "module.exports = process.env.NODE_ENV === 'production' ? require('./prod.js') : require('./dev.js')"
            ),
            ("node_modules/fn/prod.js", "module.exports = (n) => n * 2"),
            (
                "node_modules/fn/dev.js",
                "module.exports = require('missing')"
            ),
        ]),
        json!([
            42,
            42,
            true,
            ["default", "env", "late", "named"],
            "default",
            4,
            "undefined"
        ])
    );
}

#[test]
fn jsx_is_compiled() {
    let tsx = "const React = { createElement: (tag: string, props: object, ...children: unknown[]) => ({ tag, props, children }) };\nexport default () => <a href=\"x\">{1 + 1}<b/></a>;";
    assert_eq!(
        answer([("page.tsx", tsx)]),
        json!({ "tag": "a", "props": { "href": "x" }, "children": [2, { "tag": "b", "props": null, "children": [] }] })
    );
    let with_runtime = "export default () => <a>{1}</a>;";
    assert_eq!(
        answer([
            ("page.tsx", with_runtime),
            (
                "node_modules/react/package.json",
                r#"{ "exports": { "./jsx-runtime": "./jsx.js" } }"#
            ),
            (
                "node_modules/react/jsx.js",
                "export const jsx = (tag, props) => [tag, props]; export const jsxs = jsx;"
            ),
        ]),
        json!(["a", { "children": 1 }])
    );
}

#[test]
fn the_hash_depends_on_the_code_alone() {
    let hash = |source| compile([("main.ts", source)]).unwrap().hash();
    assert_eq!(
        hash("export default () => 1"),
        hash("// a comment\nexport default (): number => 1")
    );
    assert_ne!(
        hash("export default () => 1"),
        hash("export default () => 2")
    );
}

#[test]
fn a_prelude_that_is_wrong_is_named() {
    let environment = Environment::new().prelude("ours.js", "globals.a = ;");
    let all: Vec<Diagnostic> = script::compile(
        &environment.into(),
        &Files::from_iter([("a.ts", "export default 1")]),
        "a.ts",
    )
    .unwrap_err();
    assert_eq!(
        (all[0].file.as_str(), all[0].line, all[0].column),
        ("ours.js", 1, 13)
    );
}

#[test]
fn a_file_that_is_too_long_is_refused() {
    let long = format!("export default '{}'", "x".repeat(Files::MAX_BYTES));
    assert_eq!(
        diagnostics([("main.ts", &long)]),
        [at("file_too_large", "main.ts", 1, 1)]
    );
}
