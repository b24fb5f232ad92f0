//! A token of the provider for ourselves, with which its interface for administrators is asked (RFC 6749 §4.4).
//!
//! It is fetched anew for each look-up: those are few, and nothing of it has to be kept.

use super::NotRight;
use super::call::{Reply, unexpected};
use crate::secret::Secret;

/// The access token of an answer to client credentials. Whatever else is answered says nothing about any person.
pub(super) fn token(reply: &Reply) -> Result<Secret, NotRight> {
    let token = reply.text("access_token");
    if reply.status.is_success() && !token.is_empty() {
        return Ok(Secret::new(token));
    }
    let said = [reply.text("error"), reply.text("error_description")];
    let said: Vec<_> = said.into_iter().filter(|text| !text.is_empty()).collect();
    Err(unexpected(reply.status, &said.join(", ")))
}
