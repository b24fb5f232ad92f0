//! People as other providers export them, read into one shape, and decided upon.
//!
//! - [`identifier`] holds addresses, numbers and names, with the one way to compare them.

pub mod identifier;
