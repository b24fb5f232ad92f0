//! The parts of a PBKDF2 hash, for files that lay them out in another way.

use std::fmt;

use crate::digest::Digest;
use crate::scheme::phc_pbkdf2;

/// A PBKDF2 hash (RFC 8018), however it was written. `Debug` shows neither salt nor key.
#[derive(Clone, PartialEq, Eq)]
pub struct Pbkdf2 {
    /// The digest of its HMAC, such as `sha256`.
    pub digest: &'static str,
    /// Its iterations.
    pub iterations: u32,
    /// The salt.
    pub salt: Vec<u8>,
    /// The derived key.
    pub key: Vec<u8>,
}

impl Pbkdf2 {
    /// The hash as a PHC string: `$pbkdf2-sha256$i=…,l=…$salt$hash`.
    #[must_use]
    pub fn phc(&self) -> String {
        let digest = Digest::named(self.digest).unwrap_or(Digest::Sha256);
        phc_pbkdf2(digest, self.iterations.into(), &self.salt, &self.key)
    }
}

impl fmt::Debug for Pbkdf2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pbkdf2({}, {}, …)", self.digest, self.iterations)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    #[test]
    fn the_parts_of_any_layout_make_a_phc_string_of_the_same_hash() {
        let django =
            "pbkdf2_sha256$20000$H0dPx8NeajVu$G8PcacGzWuEaCUBVzq08CAiLmNAx86Z3jdjqXqIj8ww=";
        let hash = Hash::parse("django", django, &Params::default()).unwrap();
        let parts = hash.pbkdf2().unwrap();
        assert_eq!(format!("{parts:?}"), "Pbkdf2(sha256, 20000, …)");
        let phc = Hash::recognize(&parts.phc()).unwrap();
        assert_eq!(phc.scheme(), "phc-pbkdf2");
        assert_eq!(phc.pbkdf2().unwrap(), parts);
        let bcrypt = "$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";
        assert_eq!(Hash::recognize(bcrypt).unwrap().pbkdf2(), None);
    }
}
