//! OAuth 2.0 and OpenID Connect as values.
//!
//! Everything a provider has to decide about a request before it looks anything up, and everything it has to write
//! once the decision is made: requests are parsed into types, redirect addresses are compared, proofs of possession
//! are checked, tokens are described, signed and read back. Nothing here performs input or output, and nothing reads
//! a clock: instants arrive as arguments, in Unix seconds. So each rule can be read, and tested, on its own.
//!
//! What the parts do, in the order in which a sign-in meets them:
//!
//! ```text
//! GET /oauth2/auth     authorization   the query, typed; which screen it asks for
//!                      redirect_uri    may this address receive the answer?
//!                      response        the address with a code, or with an error
//! POST /oauth2/token   token_request   the grant;  client: who asks, and how they prove it
//!                      pkce            is it the client that began?
//!                      claims          what the tokens say;  jwt: signing and reading them
//! later                hint            whose ID token is this, expired or not?
//! discovery            metadata        what we support, for programs
//! ```
//!
//! What it deliberately leaves out: the implicit and password grants (RFC 9700 §2.1.2, §2.4), unsigned tokens, the
//! `plain` code challenge, and every signature algorithm other than RS256, which is what the clients we serve read.

pub mod authorization;
pub mod claims;
pub mod client;
pub mod error;
pub mod hint;
pub mod jwt;
pub mod metadata;
mod parameters;
pub mod pkce;
pub mod redirect_uri;
pub mod response;
pub mod scope;
pub mod secret;
pub mod token_request;

pub use authorization::AuthorizationRequest;
pub use client::ClientAuthentication;
pub use error::{ErrorCode, OAuthError};
pub use scope::Scopes;
pub use secret::Secret;
pub use token_request::TokenRequest;
