//! Paging by key: the opaque token that carries where a page ended.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::Failure;
use crate::error::Code;

/// The largest page that the management API gives.
pub const MAX_PAGE_SIZE: u32 = 500;

/// The token of the position after which the next page begins.
///
/// # Panics
/// Never: positions are plain data.
#[must_use]
pub fn encode<T: Serialize>(position: &T) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(position).expect("a position is plain data"))
}

/// The position that a token carries; none for an absent or empty token.
///
/// # Errors
/// [`Code::INVALID_CURSOR`] when the token is not one that [`encode`] made.
pub fn decode<T: DeserializeOwned>(token: Option<&str>) -> Result<Option<T>, Failure> {
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        return Ok(None);
    };
    URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .map(Some)
        .ok_or_else(|| {
            Failure::new(
                Code::INVALID_CURSOR,
                "the next_token is not one that we gave; start again without it",
            )
        })
}

/// The wanted page size within bounds: 10 when nothing is said, at most [`MAX_PAGE_SIZE`].
#[must_use]
pub fn page_size(wanted: Option<u32>) -> u32 {
    wanted.unwrap_or(10).clamp(1, MAX_PAGE_SIZE)
}
