//! What a workflow may be granted: one table of bindings.
//!
//! `docs/decisions/workflow-bindings-are-lenient.md` says which are there without being declared, and why.

/// Whether a binding is there without being declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// Always, whatever is declared.
    Always,
    /// Always; where it isn't declared the run says so.
    Lenient,
    /// Only where it is declared.
    Declared,
}

/// Something that a workflow may be granted.
#[derive(Debug)]
pub struct Binding {
    /// As it stands in `bindings`.
    pub name: &'static str,
    /// Whether it has to be declared.
    pub grant: Grant,
    /// What it is for.
    pub about: &'static str,
}

const fn binding(name: &'static str, grant: Grant, about: &'static str) -> Binding {
    Binding { name, grant, about }
}

/// Every binding.
pub const BINDINGS: &[Binding] = &[
    binding(
        "console",
        Grant::Always,
        "console.log and its like; the lines are kept with the run",
    ),
    binding("url", Grant::Always, "URL and URLSearchParams"),
    binding("kinde.env", Grant::Lenient, "reads environment variables"),
    binding(
        "kinde.fetch",
        Grant::Lenient,
        "calls other servers, and Kith's own API",
    ),
    binding(
        "kinde.secureFetch",
        Grant::Declared,
        "calls other servers with a body encrypted by the workflow's key",
    ),
    binding("kinde.idToken", Grant::Declared, "sets claims of ID tokens"),
    binding(
        "kinde.accessToken",
        Grant::Declared,
        "sets claims of access tokens",
    ),
    binding(
        "kinde.m2mToken",
        Grant::Declared,
        "sets claims of machines' tokens",
    ),
    binding("kinde.auth", Grant::Declared, "refuses somebody"),
    binding(
        "kinde.widget",
        Grant::Declared,
        "puts a message under a field of the form",
    ),
    binding(
        "kinde.mfa",
        Grant::Declared,
        "decides whether a second factor is asked for",
    ),
    binding("kinde.plan", Grant::Declared, "refuses a change of plan"),
    binding(
        "kinde.localization",
        Grant::Declared,
        "texts by key; for pages",
    ),
    binding("kinde.ssoSession", Grant::Declared, "reserved"),
];

/// The binding of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Binding> {
    BINDINGS.iter().find(|binding| binding.name == name)
}

/// The sentence that tells how to get a binding which was used and isn't declared.
#[must_use]
pub fn remedy(name: &str) -> String {
    format!(
        "the workflow does not declare the binding `{name}`: add `\"{name}\": {{}}` to `bindings` in its `workflowSettings`"
    )
}
