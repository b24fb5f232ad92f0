//! WordPress: `$wp$2y$…` since 6.8, and all that it still accepts: phpass, plain bcrypt, a bare MD5.
//!
//! `$wp` stands for bcrypt over base64 of HMAC-SHA-384 with the key `wp-sha384` of the trimmed password
//! (`wp_hash_password`; `wp_authenticate` trims as well). A `salt` column beside it is ignored.

use super::bcrypt::{self, Digest};
use super::{Parsed, Scheme, Verify, argon2, delegate, malformed, phpass, raw};
use crate::describe::Facts;
use crate::encoding::to_base64;
use crate::{Params, ParseError, Workspace, digest};

pub(super) static SCHEME: Scheme = Scheme {
    name: "wordpress",
    aliases: &[],
    parameters: &["salt", "salt_position", "salt_format"],
    recognize: |encoded| encoded.starts_with("$wp$"),
    read: |encoded, _| read(encoded),
};

struct Verifier(Digest);

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        // What PHP's trim() takes off.
        let trimmed = password.trim_matches([' ', '\t', '\n', '\r', '\0', '\x0b']);
        if trimmed.is_empty() {
            return Vec::new();
        }
        let hashed = digest::Digest::Sha384.hmac(b"wp-sha384", trimmed.as_bytes());
        vec![self.0.of(to_base64(&hashed).as_bytes())]
    }

    fn expected(&self) -> &[u8] {
        self.0.output()
    }

    fn facts(&self) -> Facts {
        self.0.facts()
    }
}

fn read(encoded: &str) -> Result<Parsed, ParseError> {
    if let Some(rest) = encoded.strip_prefix("$wp") {
        return Ok(Parsed::new(SCHEME.name, Verifier(Digest::read(rest)?)));
    }
    if let Some(parsed) = delegate(
        encoded,
        &[&phpass::SCHEME, &bcrypt::SCHEME, &argon2::SCHEME],
    ) {
        return parsed;
    }
    if encoded.len() == 32 {
        return (raw::MD5.read)(encoded, &Params::EMPTY);
    }
    Err(malformed(
        SCHEME.name,
        "it is none of $wp$2y$…, $P$…, $2y$… and 32 hexadecimal digits",
    ))
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    #[test]
    fn spaces_around_the_password_do_not_count_as_in_wordpress() {
        let hash =
            Hash::recognize("$wp$2y$04$abcdefghijklmnopqrstuuJClX3LNOdVkWzUWMXxmJU2oUEhKA8zO")
                .unwrap();
        assert!(!hash.verify("   "));
        let hash =
            Hash::recognize("$wp$2y$10$abcdefghijklmnopqrstuu4mhUukBpWcXbJLu/QlFY.qc/S8iDE7O")
                .unwrap();
        assert!(hash.verify(" Correct-Horse_42\n"));
    }

    #[test]
    fn the_older_forms_become_their_own_schemes() {
        for (encoded, scheme) in [
            ("a3c68e193330b110c76ba1a5098cc64c", "md5"),
            ("$P$Babcdefghkto3HsS39RVzSdmG6Lob2.", "phpass"),
            (
                "$2y$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.",
                "bcrypt",
            ),
        ] {
            assert_eq!(
                Hash::parse("wordpress", encoded, &Params::default())
                    .unwrap()
                    .scheme(),
                scheme
            );
        }
    }
}
