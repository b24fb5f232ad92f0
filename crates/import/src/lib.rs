//! People as other providers export them, read into one shape, and decided upon.
//!
//! ```text
//! file ─▶ source ─▶ UserRecord ─▶ plan ─▶ whoever writes
//! ```
//!
//! - [`source`] knows the files: which provider wrote one, and what its columns and keys mean.
//! - [`record`] is the shape: a person, with everything parsed and nothing guessed.
//! - [`target`] is the way back: from records to files that Kith, or another provider, imports.
//! - [`plan`] decides, for one record and the people here who resemble it, what is to be done: make somebody, change
//!   somebody, nothing, or refuse.
//! - [`risk`] knows what makes a person a risk.
//! - [`identifier`] holds addresses, numbers and names, with the one way to compare them.
//!
//! Nothing here reads a clock, opens a socket or knows a table. A file is read as a stream, one row in memory at a time,
//! whatever its size; a bad row is a [`Problem`] and not the end of the file. Every problem has a stable code, and none
//! of them ever shows a hash or a salt.
//!
//! To add a source: write `source/<provider>.rs` with a value of [`source::Source`], add one line to
//! [`source::SOURCES`], and put samples of its files into `fixtures/<provider>/`; a test snapshots what they become.

pub mod identifier;
pub mod mapping;
pub mod organization;
pub mod own;
pub mod plan;
pub mod record;
pub mod risk;
pub mod source;
pub mod target;

mod draft;
mod finding;
mod header;
mod input;
mod ldif;
mod objects;
mod problem;
mod raw;
mod sql;
mod table;
mod value;

pub use finding::Finding;
pub use header::is_same_name;
pub use input::check_encoding;
pub use problem::{FileError, Problem, ProblemCode, Warning};
pub use raw::Raw;
pub use record::{
    Identity, Locale, Membership, Passkey, RecordRole, RecoveryCode, Totp, TotpAlgorithm,
    UserRecord,
};
