//! Proofs of who somebody is: one file a factor, and the lockout that all of them share.
//!
//! Every failed proof counts, whatever the factor and whether or not the person exists, so trying codes doesn't help whoever has
//! run out of passwords. What is stored proves but can't be read back: passwords and codes as hashes.

pub mod api;
pub mod email_code;
pub mod lockout;
pub mod password;
mod store;
