//! The pages of the documentation that are made from the code, the links between all pages, and the commands that they show.
//!
//! `KITH_TEST_UPDATE=1 cargo test -p kith --test it docs` writes them anew.

mod commands;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use kith::config::SETTINGS;
use kith::error::Code;
use kith::http::Failure;

#[test]
fn the_settings_are_documented() {
    let mut text = "# Settings\n\nFlags over environment over `kith.toml` over defaults. Every setting has all three names: `--public-url`, \
        `KITH_PUBLIC_URL`,\n`public_url`. A secret can also come from a file: `KITH_SECRET_KEY_FILE`. `kith serve --print-config` shows the \
        effective ones, secrets\nblanked. A setting that cannot work stops the start and is named.\n\n| setting | default | what for |\n|---|---|---|\n"
        .to_owned();
    for setting in SETTINGS {
        let default = if setting.default.is_empty() {
            "none".to_owned()
        } else {
            format!("`{}`", setting.default)
        };
        writeln!(
            text,
            "| `{}` | {default} | {} |",
            setting.name, setting.about
        )
        .unwrap();
    }
    compare("docs/settings.md", &text);
}

#[test]
fn the_error_codes_are_documented() {
    let mut text = "# Error codes\n\nThe management API answers a failure with `{\"errors\": [{\"code\": …, \"message\": …}]}`. Codes are stable; \
        programs may rely on them.\nThe message is for people and may change.\n\n| code | status | meaning |\n|---|---|---|\n"
        .to_owned();
    for (code, meaning) in Code::ALL {
        let status = Failure::new(*code, "").status().as_u16();
        writeln!(
            text,
            "| `{}` | {status} | {} |",
            code.name.to_uppercase(),
            meaning.trim()
        )
        .unwrap();
    }
    compare("docs/errors.md", &text);
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut pages = vec![
        root().join("README.md"),
        root().join("CONTRIBUTING.md"),
        root().join("ARCHITECTURE.md"),
    ];
    for folder in ["docs", "docs/decisions"] {
        pages.extend(
            fs::read_dir(root().join(folder))
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.extension().is_some_and(|e| e == "md")),
        );
    }
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let file = target.split('#').next().unwrap();
            if file.is_empty() || file.contains("://") || file.contains(' ') {
                continue;
            }
            assert!(
                page.parent().unwrap().join(file).exists(),
                "{} links to {target}, which is not there",
                page.display()
            );
        }
    }
}

#[test]
fn every_page_is_in_the_index() {
    let index = fs::read_to_string(root().join("docs/README.md")).unwrap();
    let missing: Vec<_> = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|e| e == "md"))
        .filter(|name| name != "README.md")
        .filter(|name| !index.contains(&format!("]({name})")))
        .collect();
    assert!(missing.is_empty(), "docs/README.md lacks {missing:?}");
}

fn compare(path: &str, text: &str) {
    let path = root().join(path);
    if std::env::var_os("KITH_TEST_UPDATE").is_some() {
        fs::write(&path, text).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        found,
        text,
        "{} is not what the code says; run this test with KITH_TEST_UPDATE=1",
        path.display()
    );
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_path_buf()
}
