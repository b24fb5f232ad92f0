//! JSON Web Tokens, signed with RS256 and with nothing else.
//!
//! Signing must be as fast as the RSA operation under it, so a [`SigningKey`] is parsed once and kept, and the token's
//! first part is encoded once per key. Reading must be hard to fool, so [`verify`] knows one algorithm and our own
//! keys: what a token says about its key (`jku`, `jwk`, `x5u`, `x5c`) is never looked at (RFC 8725 §3.1, §3.10).

mod jwk;
mod signing_key;
mod verify;

pub use jwk::{Jwk, JwkSet};
pub use signing_key::{KeyError, SignError, SigningKey};
pub use verify::{VerifyError, VerifyingKeys, verify, verify_ignoring_time};

/// The claims of a token, as they were signed.
pub type Claims = serde_json::Map<String, serde_json::Value>;
