//! LDAP's `userPassword` (RFC 2307, RFC 3112): a tag in braces, any case, and base64 of digest and salt.
//!
//! Tags that only wrap another scheme (`{CRYPT}`, `{BCRYPT}`, `{ARGON2}`, `{PBKDF2-SHA256}`) are taken off.

use super::{
    Parsed, Scheme, Verify, argon2, bcrypt, crypt, delegate, malformed, never, pbkdf2_strings,
};
use crate::describe::{Facts, Strength};
use crate::digest::Digest;
use crate::encoding::base64;
use crate::{ParseError, Workspace};

pub(super) static SCHEME: Scheme = Scheme {
    name: "ldap",
    aliases: &[],
    parameters: &[],
    recognize: |encoded| {
        split(encoded).is_some_and(|(tag, _)| {
            tag.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_/".contains(&byte))
        })
    },
    read: |encoded, _| read(encoded),
};

/// Clerk publishes no form for it; the tag may be missing.
pub(super) static CLERK: Scheme = Scheme {
    name: "ldap_ssha",
    aliases: &[],
    parameters: &[],
    recognize: never,
    read: |encoded, _| {
        if encoded.starts_with('{') {
            return read(encoded);
        }
        let text = format!("{{SSHA}}{encoded}");
        Ok(read(&text)?.stored_as(text))
    },
};

struct Verifier {
    digest: Digest,
    expected: Vec<u8>,
    salt: Vec<u8>,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        vec![self.digest.of(&[password.as_bytes(), &self.salt])]
    }

    fn expected(&self) -> &[u8] {
        &self.expected
    }

    fn facts(&self) -> Facts {
        Facts::new(Strength::Weak, !self.salt.is_empty())
            .variant(self.digest.name())
            .with("salt_bytes", self.salt.len())
    }
}

fn split(encoded: &str) -> Option<(&str, &str)> {
    encoded.strip_prefix('{')?.split_once('}')
}

fn read(encoded: &str) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(SCHEME.name, problem);
    let (tag, rest) =
        split(encoded).ok_or(wrong("it must be a tag in braces and what the tag says"))?;
    let tag = tag.to_ascii_uppercase();
    let (digest, salted) = match tag.as_str() {
        "MD5" => (Digest::Md5, false),
        "SMD5" => (Digest::Md5, true),
        "SHA" | "SHA1" => (Digest::Sha1, false),
        "SSHA" | "SSHA1" => (Digest::Sha1, true),
        "SHA256" => (Digest::Sha256, false),
        "SSHA256" => (Digest::Sha256, true),
        "SHA384" => (Digest::Sha384, false),
        "SSHA384" => (Digest::Sha384, true),
        "SHA512" => (Digest::Sha512, false),
        "SSHA512" => (Digest::Sha512, true),
        _ => return read_wrapped(&tag, rest),
    };
    let mut bytes = base64(rest).ok_or(wrong("what follows its tag is not base64"))?;
    if bytes.len() < digest.len() || salted == (bytes.len() == digest.len()) {
        return Err(wrong("what follows its tag has not the right length"));
    }
    let salt = bytes.split_off(digest.len());
    Ok(Parsed::new(
        SCHEME.name,
        Verifier {
            digest,
            expected: bytes,
            salt,
        },
    ))
}

fn read_wrapped(tag: &str, rest: &str) -> Result<Parsed, ParseError> {
    let unknown = malformed(SCHEME.name, "its tag is not known");
    match tag {
        "CRYPT" => {
            let parsed = crypt::read(rest)?;
            Ok(if parsed.encoded.is_none() {
                parsed.stored_as(rest)
            } else {
                parsed
            })
        }
        "BCRYPT" | "ARGON2" | "ARGON2ID" => {
            delegate(rest, &[&bcrypt::SCHEME, &argon2::SCHEME]).unwrap_or(Err(unknown))
        }
        // OpenLDAP's pw-pbkdf2 writes passlib's string without its mark.
        "PBKDF2" | "PBKDF2-SHA1" | "PBKDF2-SHA256" | "PBKDF2-SHA512" => {
            let mark = if tag == "PBKDF2-SHA1" {
                "pbkdf2".to_owned()
            } else {
                tag.to_ascii_lowercase()
            };
            let text = format!("${mark}${rest}");
            Ok(pbkdf2_strings::read_passlib(&text)?.stored_as(text))
        }
        "PBKDF2_SHA256" => read_389ds(rest),
        _ => Err(unknown),
    }
}

/// 389 Directory Server's older form: base64 of iterations (4 bytes, big-endian), 64 bytes of salt, 256 of key
/// (`ldap/servers/plugins/pwdstorage/pbkdf2_pwd.c`).
fn read_389ds(rest: &str) -> Result<Parsed, ParseError> {
    let block = base64(rest).filter(|block| block.len() == 4 + 64 + 256);
    let block = block.ok_or(malformed(
        SCHEME.name,
        "what follows its tag is not base64 of 324 bytes",
    ))?;
    let (iterations, block) = block.split_first_chunk().expect("the length was checked");
    let (salt, key) = block.split_at(64);
    let text = pbkdf2_strings::phc(
        Digest::Sha256,
        u32::from_be_bytes(*iterations).into(),
        salt,
        key,
    );
    Ok(pbkdf2_strings::read_phc(&text)?.stored_as(text))
}

#[cfg(test)]
mod tests {
    use crate::digest::Digest;
    use crate::encoding::to_base64;
    use crate::{Hash, Params};

    #[test]
    fn a_tag_that_wraps_is_taken_off() {
        let hash = Hash::recognize("{crypt}483LBceCUpea.").unwrap();
        assert_eq!(
            (hash.scheme(), hash.encoded()),
            ("des-crypt", "483LBceCUpea.")
        );
        let rest = "25000$EBESExQVFhcYGRobHB0eHw$dwcxj9PCjTKQ3LUWhPhEVImbJ.ItMQPO7uI3mqKTisw";
        let hash = Hash::recognize(&format!("{{PBKDF2-SHA256}}{rest}")).unwrap();
        assert_eq!(
            (hash.scheme(), hash.encoded()),
            ("passlib-pbkdf2", format!("$pbkdf2-sha256${rest}").as_str())
        );
        assert_eq!(
            Hash::recognize("{CRYPT}!").unwrap_err().code(),
            "no_password"
        );
    }

    #[test]
    fn the_older_pbkdf2_of_389_directory_server_is_read() {
        let key = Digest::Sha256.pbkdf2(b"correct horse", &[7; 64], 1000, 256);
        let block = [&1000_u32.to_be_bytes()[..], &[7; 64], &key].concat();
        let hash = Hash::recognize(&format!("{{PBKDF2_SHA256}}{}", to_base64(&block))).unwrap();
        assert!(hash.verify("correct horse") && !hash.verify("wrong horse"));
        assert_eq!(
            Hash::recognize("{PBKDF2_SHA256}AAAA").unwrap_err().code(),
            "malformed_hash"
        );
    }

    #[test]
    fn salted_tags_need_a_salt_and_others_have_none() {
        assert_eq!(
            Hash::recognize("{SSHA}JRpFXYfCg/HkHZKLY/pog/qAO34=")
                .unwrap_err()
                .code(),
            "malformed_hash"
        );
        assert_eq!(
            Hash::recognize("{SHA}stgaZjJFDWT2VynXv82v1s2yLB6hssPU5fYHGA==")
                .unwrap_err()
                .code(),
            "malformed_hash"
        );
        assert_eq!(
            Hash::recognize("{ROT13}uryyb").unwrap_err().code(),
            "malformed_hash"
        );
    }

    #[test]
    fn clerks_ssha_may_lack_its_tag() {
        for encoded in [
            "{SSHA}stgaZjJFDWT2VynXv82v1s2yLB6hssPU5fYHGA==",
            "stgaZjJFDWT2VynXv82v1s2yLB6hssPU5fYHGA==",
        ] {
            assert!(
                Hash::parse("ldap_ssha", encoded, &Params::default())
                    .unwrap()
                    .verify("Correct-Horse_42")
            );
        }
    }
}
