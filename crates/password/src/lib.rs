//! Passwords as they come from anywhere: recognize, parse, verify and hash them.
//!
//! People move in with the hash that their former provider made, and keep their password. [`Hash::parse`] turns such
//! a hash into a value that is complete, bounded and ready to check; [`Hash::verify`] checks it; [`Native`] makes the
//! hashes that replace it after the first good sign-in. [`detective`] finds out how a hash was made from one password that is
//! known. [`common`] knows the passwords that everybody tries first.
//!
//! What this crate guarantees:
//! - **Nothing is stored that cannot be computed.** Costs are bounded when a hash is parsed (see the bounds in
//!   `limits.rs`), so a hostile import file cannot starve the sign-in of others.
//! - **Nothing panics**, whatever the hash or the password says.
//! - **Nothing leaks.** `Debug` of hashes and secret parameters is blank, errors repeat no part of a hash, and digests
//!   are compared in constant time.
//! - **The empty password matches nothing**, and neither does one longer than [`MAX_PASSWORD_BYTES`].
//!
//! Passwords are taken as typed: UTF-8, neither trimmed nor normalized, save where a scheme itself does otherwise.
//!
//! It does no input or output, reads no clock and draws no randomness: salts are arguments.
//!
//! To add a scheme: write `scheme/<name>.rs` with a `Scheme` value and its tests, and add one line
//! to `SCHEMES` in `scheme.rs`.

pub mod common;
mod des;
mod describe;
pub mod detective;
mod digest;
mod encoding;
mod error;
mod formula;
mod hash;
mod limits;
mod native;
mod params;
mod parts;
mod scheme;

pub use describe::{Description, Strength};
pub use error::ParseError;
pub use hash::Hash;
pub use limits::MAX_PASSWORD_BYTES;
pub use native::{Native, Workspace};
pub use params::Params;
pub use parts::Pbkdf2;
pub use scheme::names as schemes;
