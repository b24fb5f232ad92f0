//! The protocol over the wire: what an application's developer sees.

#![expect(
    clippy::unwrap_used,
    reason = "helpers are no tests to the lint; what a story needs and doesn't get is its failure"
)]

pub mod world;

mod authorize;
mod callbacks;
mod client_credentials;
mod cors;
mod discovery;
mod introspect;
mod logout;
mod nodes;
mod previews;
mod revoke;
mod token;
mod user_profile;
mod workflows;
