//! The protocol over the wire: what an application's developer sees.

mod world;

mod authorize;
mod callbacks;
mod client_credentials;
mod cors;
mod discovery;
mod introspect;
mod logout;
mod revoke;
mod token;
mod user_profile;
