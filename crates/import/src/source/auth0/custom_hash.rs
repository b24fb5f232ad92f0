//! `custom_password_hash`: how documents that were once made for an import into Auth0 carry any kind of hash.
//!
//! Layout: Auth0 docs, “Bulk user import database schema and examples”, “Supported hashing algorithms”.

use serde_json::Value;

use crate::draft::Credential;
use crate::objects::Object;
use crate::problem::Refusal;
use crate::source::Options;
use crate::value;

pub(super) fn read(custom: &Object, options: &Options) -> Result<Option<password::Hash>, Refusal> {
    let empty = Object::new();
    let part = |name: &'static str| {
        value::object_field(custom, &[name]).map(|part| part.unwrap_or(&empty))
    };
    let (hash, salt, password) = (part("hash")?, part("salt")?, part("password")?);
    let key = value::object_field(hash, &["key"])?.unwrap_or(&empty);
    let salt_value = scalar(salt, "value");
    let salt_position = match scalar(salt, "position") {
        position if position.is_empty() && !salt_value.is_empty() => "prefix".to_owned(),
        position => position,
    };
    let texts = [
        ("hash_encoding", digest_encoding(scalar(hash, "encoding"))),
        ("digest", scalar(hash, "digest")),
        ("key", scalar(key, "value")),
        ("key_encoding", scalar(key, "encoding")),
        ("salt", salt_value),
        ("salt_format", text_encoding(&scalar(salt, "encoding"))),
        ("salt_position", salt_position),
        ("password_encoding", scalar(password, "encoding")),
        ("keylen", scalar(custom, "keylen")),
        ("cost", scalar(custom, "cost")),
        ("block_size", scalar(custom, "blockSize")),
        ("parallelization", scalar(custom, "parallelization")),
    ];
    let settings: Vec<_> = texts
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    Credential {
        column: "custom_password_hash",
        scheme: value::string(custom, &["algorithm"])?.1,
        encoded: value::string(hash, &["value"])?.1,
        settings: &settings,
        defaults: &options.hash,
    }
    .parse()
}

fn scalar(object: &Object, name: &str) -> String {
    match object.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn text_encoding(encoding: &str) -> String {
    match encoding {
        "utf8" => "string".to_owned(),
        other => other.to_owned(),
    }
}

/// How a bare digest is written. `utf8` says that the hash is a text of its own kind, as of bcrypt and argon2.
fn digest_encoding(encoding: String) -> String {
    if encoding == "utf8" {
        String::new()
    } else {
        encoding
    }
}
