//! The protocol over the wire: what an application's developer sees.

pub mod world;

mod authorize;
mod callbacks;
mod client_credentials;
mod cors;
mod discovery;
mod introspect;
mod logout;
mod nodes;
mod revoke;
mod token;
mod user_profile;
