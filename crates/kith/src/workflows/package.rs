//! What workflows import, and what they find without importing anything.
//!
//! Our own `@kinde/infrastructure` stands in for the published package; a project that has installed that one gets it.

use std::sync::Arc;

use script::Environment;

const INFRASTRUCTURE: &str = include_str!("package/infrastructure.js");
const PRELUDE: &str = include_str!("package/prelude.js");

/// The world in which workflows are compiled and run. One serves a whole process.
#[must_use]
pub fn environment() -> Arc<Environment> {
    let environment = Environment::new()
        .package("@kinde/infrastructure", INFRASTRUCTURE)
        .alias("@kinde-oss/infrastructure", "@kinde/infrastructure")
        .prelude("kinde.js", PRELUDE)
        .prefer_own_packages();
    Arc::new(environment)
}
