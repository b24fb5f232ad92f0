//! The globals that programs find besides those of the language.
//!
//! `core.js` runs before each program and is small; the other scripts run when a program first touches what they define.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::program::Module;

mod crypto;
mod encoding;
mod inspect;
pub(crate) mod native;
mod url;

/// The scripts of this folder, compiled.
pub(crate) struct Globals {
    pub(crate) core: Module,
    groups: BTreeMap<&'static str, Module>,
}

const GROUPS: [(&str, &str); 6] = [
    ("clone", include_str!("clone.js")),
    ("crypto", include_str!("crypto.js")),
    ("encoding", include_str!("encoding.js")),
    ("guard", include_str!("guard.js")),
    ("inspect", include_str!("inspect.js")),
    ("url", include_str!("url.js")),
];

impl Globals {
    /// A script that is loaded when it is needed.
    pub(crate) fn group(&self, name: &str) -> Option<&Module> {
        self.groups.get(name)
    }
}

/// Compiles the scripts.
///
/// # Errors
///
/// When one of them is wrong, which a test forbids.
pub(crate) fn compile() -> Result<Globals, Vec<Diagnostic>> {
    let internal = |name: &str, text| crate::compile::internal(&format!("script:{name}"), text);
    Ok(Globals {
        core: internal("core", include_str!("core.js"))?,
        groups: GROUPS
            .iter()
            .map(|(name, text)| Ok((*name, internal(name, text)?)))
            .collect::<Result<_, Vec<Diagnostic>>>()?,
    })
}
