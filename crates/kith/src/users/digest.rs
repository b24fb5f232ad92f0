//! What tells an identity from all others, in few bytes.

use aws_lc_rs::digest::{SHA256, digest as hash};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use import::identifier::IdentityKind;

use crate::id::EnvironmentId;

/// So many bytes are kept: among a thousand million identities two share them by chance once in 10^11 installations, and nobody
/// finds a second address for somebody else's.
const BYTES: usize = 12;

/// The first 96 bits of the SHA-256 of an identity's environment, kind and folded form, as 16 characters of base64url. The unique
/// index on identities is of these.
pub(super) fn digest(environment: &EnvironmentId, kind: &IdentityKind, folded: &str) -> String {
    let identity = format!("{environment}\0{kind}\0{folded}");
    BASE64URL.encode(&hash(&SHA256, identity.as_bytes()).as_ref()[..BYTES])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_counts() {
        let here: EnvironmentId = "env_00000000000000000000000000000001".parse().unwrap();
        let there: EnvironmentId = "env_00000000000000000000000000000002".parse().unwrap();
        let email = digest(&here, &IdentityKind::Email, "ada@example.com");
        assert_eq!(email.len(), 16);
        assert_eq!(
            email,
            digest(&here, &IdentityKind::Email, "ada@example.com")
        );
        let others = [
            digest(&there, &IdentityKind::Email, "ada@example.com"),
            digest(&here, &IdentityKind::Username, "ada@example.com"),
            digest(&here, &IdentityKind::Email, "ada@example.org"),
        ];
        assert!(!others.contains(&email));
    }
}
