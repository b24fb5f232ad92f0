//! Which file an import means.

use std::borrow::Cow;

use crate::diagnostic::code;
use crate::environment::{Environment, Precedence};
use crate::files::{Files, join, normalize};

/// Finds what imports mean.
#[derive(Clone, Copy)]
pub(super) struct Resolver<'a> {
    pub(super) environment: &'a Environment,
    pub(super) files: &'a Files,
}

/// A module that can be translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A file of the project, by its path.
    File(String),
    /// A package of the environment, by its name.
    Package(String),
}

impl Target {
    /// The module's name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::File(name) | Self::Package(name) => name,
        }
    }
}

/// Why an import means nothing.
#[derive(Debug)]
pub(super) struct Unresolved {
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// How a module asks for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Import,
    Require,
}

/// The endings that an import may leave out, in the order in which they are tried.
const ENDINGS: [&str; 9] = [
    ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json",
];

/// What an ending may stand for, since TypeScript is imported by the name of what it becomes.
const WRITTEN_AS: [(&str, &[&str]); 4] = [
    (".js", &[".ts", ".tsx"]),
    (".jsx", &[".tsx"]),
    (".mjs", &[".mts"]),
    (".cjs", &[".cts"]),
];

/// The modules of Node, with what there is instead.
const NODE: [(&str, &str); 42] = [
    ("assert", ""),
    ("async_hooks", ""),
    ("buffer", "use Uint8Array, TextEncoder, atob and btoa"),
    ("child_process", ""),
    ("cluster", ""),
    ("console", "console is a global"),
    ("constants", ""),
    ("crypto", "use the global crypto"),
    ("dgram", ""),
    ("diagnostics_channel", ""),
    ("dns", ""),
    ("domain", ""),
    ("events", ""),
    (
        "fs",
        "there are no files; import JSON, or keep settings in environment variables",
    ),
    ("http", "use the application's own fetch"),
    ("http2", "use the application's own fetch"),
    ("https", "use the application's own fetch"),
    ("inspector", ""),
    ("module", ""),
    ("net", ""),
    ("os", ""),
    ("path", ""),
    ("perf_hooks", "use Date.now()"),
    (
        "process",
        "there is no process; settings come from environment variables of the application",
    ),
    ("punycode", "use URL"),
    ("querystring", "use URLSearchParams"),
    ("readline", ""),
    ("repl", ""),
    ("stream", ""),
    ("string_decoder", "use TextDecoder"),
    ("sys", ""),
    ("test", ""),
    ("timers", "setTimeout is a global"),
    ("tls", ""),
    ("trace_events", ""),
    ("tty", ""),
    ("url", "URL and URLSearchParams are globals"),
    ("util", ""),
    ("v8", ""),
    ("vm", ""),
    ("worker_threads", ""),
    ("zlib", ""),
];

impl Resolver<'_> {
    /// The module of a name that [`Self::resolve`] gave.
    pub(super) fn target(&self, name: &str) -> Target {
        if self.files.get(name).is_some() {
            Target::File(name.to_owned())
        } else {
            Target::Package(name.to_owned())
        }
    }

    /// The module that `specifier` means in the module `from`.
    ///
    /// # Errors
    ///
    /// When it means nothing, with a sentence that says what would.
    pub(super) fn resolve(
        &self,
        from: &Target,
        specifier: &str,
        way: Way,
    ) -> Result<Target, Unresolved> {
        let is_relative = is_relative(specifier);
        let found = match from {
            Target::File(path) if is_relative => self.file_or_folder(&join(path, specifier)),
            Target::File(path) => {
                let ours = || {
                    self.environment
                        .find_package(specifier)
                        .map(|(name, _)| Target::Package(name.to_owned()))
                };
                let own = || self.own_package(path, specifier, way);
                match self.environment.precedence() {
                    Precedence::Ours => ours().or_else(own),
                    Precedence::Own => own().or_else(ours),
                }
            }
            Target::Package(_) => self
                .environment
                .find_package(specifier)
                .map(|(name, _)| Target::Package(name.to_owned())),
        };
        found.ok_or_else(|| self.unresolved(from, specifier))
    }

    /// The file at a path that may lack its ending, or the index of the folder.
    fn file_or_folder(&self, path: &str) -> Option<Target> {
        self.file(path)
            .or_else(|| self.folder(path))
            .map(Target::File)
    }

    fn file(&self, path: &str) -> Option<String> {
        let exists = |path: &str| self.files.get(path).map(|_| path.to_owned());
        exists(path)
            .or_else(|| {
                let (ending, written) = WRITTEN_AS
                    .iter()
                    .find(|(ending, _)| path.ends_with(ending))?;
                let stem = path.strip_suffix(ending)?;
                written
                    .iter()
                    .find_map(|written| exists(&format!("{stem}{written}")))
            })
            .or_else(|| {
                ENDINGS
                    .iter()
                    .find_map(|ending| exists(&format!("{path}{ending}")))
            })
    }

    /// The file that a folder stands for: what its `package.json` says, or its index.
    fn folder(&self, path: &str) -> Option<String> {
        let below = |name: &str| normalize(&format!("{path}/{name}"));
        let manifest = self.manifest(path);
        let main = manifest.as_ref().and_then(|manifest| {
            ["module", "main"]
                .iter()
                .filter_map(|field| manifest.get(field)?.as_str())
                .find_map(|main| {
                    let main = below(main);
                    self.file(&main)
                        .or_else(|| self.file(&format!("{main}/index")))
                })
        });
        main.or_else(|| self.file(&below("index")))
    }

    fn manifest(&self, folder: &str) -> Option<serde_json::Value> {
        serde_json::from_str(
            self.files
                .get(&normalize(&format!("{folder}/package.json")))?,
        )
        .ok()
    }

    /// A package among the project's files: in the nearest `node_modules` above the importing file that has it.
    fn own_package(&self, from: &str, specifier: &str, way: Way) -> Option<Target> {
        let specifier = specifier.strip_prefix("node:").unwrap_or(specifier);
        let (package, rest) = split_package(specifier)?;
        let mut folder = from;
        loop {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            let root = normalize(&format!("{folder}/node_modules/{package}"));
            if let Some(found) = self.in_package(&root, rest, way) {
                return Some(Target::File(found));
            }
            if folder.is_empty() {
                return None;
            }
        }
    }

    fn in_package(&self, root: &str, rest: &str, way: Way) -> Option<String> {
        if let Some(exports) = self
            .manifest(root)
            .as_ref()
            .and_then(|manifest| manifest.get("exports"))
        {
            let wanted = if rest.is_empty() {
                Cow::Borrowed(".")
            } else {
                Cow::Owned(format!("./{rest}"))
            };
            let path = exported(exports, &wanted, way)?;
            return self.file(&normalize(&format!("{root}/{path}")));
        }
        if rest.is_empty() {
            return self.folder(root);
        }
        let path = normalize(&format!("{root}/{rest}"));
        self.file(&path).or_else(|| self.folder(&path))
    }

    /// Whether a `package.json` above the importing file asks for a package.
    fn is_asked_for(&self, from: &str, package: &str) -> bool {
        const ASKING: [&str; 4] = [
            "dependencies",
            "optionalDependencies",
            "peerDependencies",
            "devDependencies",
        ];
        let mut folder = from;
        while !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            let asks = self.manifest(folder).is_some_and(|manifest| {
                ASKING.iter().any(|field| {
                    let asked = manifest.get(field);
                    asked.is_some_and(|asked| asked.get(package).is_some())
                })
            });
            if asks {
                return true;
            }
        }
        false
    }

    /// Why a specifier means nothing.
    fn unresolved(&self, from: &Target, specifier: &str) -> Unresolved {
        let remedy = match (from, split_package(specifier)) {
            (Target::File(path), Some((package, _))) if self.is_asked_for(path, package) => {
                "; package.json asks for it: run `npm ci`, and deploy the folder with its node_modules".to_owned()
            }
            (Target::File(_), Some((package, _))) => format!(
                "; run `npm install {package}`, and deploy the folder with its node_modules"
            ),
            _ => String::new(),
        };
        unresolved(from, specifier, &remedy)
    }
}

/// Why a specifier means nothing; `remedy` says what to do about a package.
fn unresolved(from: &Target, specifier: &str, remedy: &str) -> Unresolved {
    let is_relative = is_relative(specifier);
    let bare = specifier.strip_prefix("node:").unwrap_or(specifier);
    let first = bare.split('/').next().unwrap_or(bare);
    if let Some((_, instead)) = NODE.iter().find(|(name, _)| *name == first && !is_relative) {
        let instead = if instead.is_empty() {
            "it belongs to Node, and this is not Node"
        } else {
            instead
        };
        return Unresolved {
            code: code::UNAVAILABLE,
            message: format!(
                "failed to resolve {specifier}: the module is not available; {instead}"
            ),
        };
    }
    let message = match from {
        Target::File(path) if is_relative => {
            format!(
                "failed to resolve {specifier}: the project has no file {} (nor with one of the usual endings)",
                join(path, specifier)
            )
        }
        Target::File(_) => format!(
            "failed to resolve {specifier}: it is neither a package that is provided nor in the project's node_modules{remedy}"
        ),
        Target::Package(_) => format!(
            "failed to resolve {specifier}: a provided package can import only provided packages"
        ),
    };
    Unresolved {
        code: code::UNRESOLVED,
        message,
    }
}

fn is_relative(specifier: &str) -> bool {
    matches!(specifier, "." | "..") || specifier.starts_with("./") || specifier.starts_with("../")
}

/// `@scope/name/rest` as package and rest.
fn split_package(specifier: &str) -> Option<(&str, &str)> {
    if specifier.is_empty() || specifier.starts_with(['/', '#']) {
        return None;
    }
    let skip = if specifier.starts_with('@') {
        specifier.find('/')? + 1
    } else {
        0
    };
    match specifier[skip..].find('/') {
        Some(at) => Some((&specifier[..skip + at], &specifier[skip + at + 1..])),
        None => Some((specifier, "")),
    }
}

/// What the `exports` of a manifest say for a sub-path: <https://nodejs.org/api/packages.html#exports>.
fn exported(exports: &serde_json::Value, wanted: &str, way: Way) -> Option<String> {
    let by_path = exports
        .as_object()
        .filter(|map| map.keys().any(|key| key.starts_with('.')));
    let Some(map) = by_path else {
        return (wanted == ".").then(|| condition(exports, way)).flatten();
    };
    if let Some(found) = map.get(wanted) {
        return condition(found, way);
    }
    // The longest pattern that fits wins.
    let (star, found) = map
        .iter()
        .filter_map(|(pattern, found)| {
            let (before, after) = pattern.split_once('*')?;
            let star = wanted.strip_prefix(before)?.strip_suffix(after)?;
            Some((before.len(), star, found))
        })
        .max_by_key(|(length, ..)| *length)
        .map(|(_, star, found)| (star, found))?;
    Some(condition(found, way)?.replace('*', star))
}

/// The first branch whose condition holds here.
fn condition(value: &serde_json::Value, way: Way) -> Option<String> {
    match value {
        serde_json::Value::String(path) => Some(path.clone()),
        serde_json::Value::Array(all) => all.iter().find_map(|one| condition(one, way)),
        // In the order of the file, `default` is last by convention; the parsed object may have lost that order.
        serde_json::Value::Object(map) => conditions(way)
            .iter()
            .filter_map(|name| map.get(*name))
            .find_map(|value| condition(value, way)),
        _ => None,
    }
}

/// The conditions that hold, the most telling first.
fn conditions(way: Way) -> &'static [&'static str] {
    match way {
        Way::Import => &["browser", "module", "import", "production", "default"],
        Way::Require => &["browser", "require", "production", "default"],
    }
}
