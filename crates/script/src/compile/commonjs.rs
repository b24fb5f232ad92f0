//! `CommonJS` modules.

/// What the name of the ES module around a `CommonJS` file ends with.
pub(super) const FACADE: &str = "?module";
