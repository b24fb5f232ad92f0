//! The management API.

mod coverage;
