//! Keycloak's credentials: JSON in which two members hold JSON again, as text.
//!
//! They are put together into the string of the scheme that they name (PHC for PBKDF2 and argon2), which says the
//! same in a tenth of the space. The oldest exports have the members side by side.

use serde::Deserialize;
use serde_json::Value;

use super::{Parsed, Scheme, argon2, bcrypt, malformed, pbkdf2_strings};
use crate::digest::Digest;
use crate::encoding::{base64, to_base64_unpadded};
use crate::params::required;
use crate::{Params, ParseError};

pub(super) static SCHEME: Scheme = Scheme {
    name: "keycloak",
    aliases: &[],
    // Beside a whole credential these repeat what it says; with a bare value they are needed.
    parameters: &[
        "algorithm",
        "iterations",
        "salt",
        "value",
        "kind",
        "version",
        "memory",
        "time",
        "parallelization",
    ],
    recognize: |encoded| {
        encoded.starts_with('{')
            && (encoded.contains("secretData") || encoded.contains("hashedSaltedValue"))
    },
    read,
};

/// A credential. `secretData` and `credentialData` are JSON texts, or objects where somebody has unpacked them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exported {
    secret_data: Option<Value>,
    credential_data: Option<Value>,
    hashed_salted_value: Option<String>,
    salt: Option<String>,
    hash_iterations: Option<i64>,
    algorithm: Option<String>,
}

#[derive(Deserialize)]
struct Secret {
    value: String,
    #[serde(default)]
    salt: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Method {
    hash_iterations: i64,
    algorithm: String,
    #[serde(default)]
    additional_parameters: Value,
}

fn read(encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
    if !encoded.starts_with('{') {
        let iterations = params
            .iterations
            .and_then(|number| i64::try_from(number).ok());
        let method = Method {
            hash_iterations: iterations.ok_or(ParseError::MissingParameter {
                scheme: SCHEME.name,
                parameter: "iterations",
            })?,
            algorithm: required(SCHEME.name, "algorithm", params.algorithm.as_ref())?.to_owned(),
            additional_parameters: Value::Null,
        };
        let salt = required(SCHEME.name, "salt", params.salt.as_ref())?.to_owned();
        return assemble(
            &Secret {
                value: encoded.to_owned(),
                salt,
            },
            &method,
        );
    }
    let wrong = |problem| malformed(SCHEME.name, problem);
    let credential: Exported =
        serde_json::from_str(encoded).map_err(|_| wrong("it is not a credential in JSON"))?;
    match (
        credential.secret_data,
        credential.credential_data,
        credential.hashed_salted_value,
    ) {
        (Some(secret), Some(method), _) => {
            let secret = unpack(secret).ok_or(wrong("its secretData has no value"))?;
            let method = unpack(method).ok_or(wrong(
                "its credentialData has no hashIterations or algorithm",
            ))?;
            assemble(&secret, &method)
        }
        (_, _, Some(value)) => {
            let method = Method {
                hash_iterations: credential
                    .hash_iterations
                    .ok_or(wrong("it has no hashIterations"))?,
                algorithm: credential.algorithm.unwrap_or_else(|| "pbkdf2".to_owned()),
                additional_parameters: Value::Null,
            };
            assemble(
                &Secret {
                    value,
                    salt: credential.salt.unwrap_or_default(),
                },
                &method,
            )
        }
        _ => Err(wrong("it has no secretData and credentialData")),
    }
}

/// Reads a member that is JSON as text, or already an object.
fn unpack<T: for<'de> Deserialize<'de>>(value: Value) -> Option<T> {
    match value {
        Value::String(text) => serde_json::from_str(&text).ok(),
        value => serde_json::from_value(value).ok(),
    }
}

fn assemble(secret: &Secret, method: &Method) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(SCHEME.name, problem);
    // Keycloak's bcrypt extensions keep the whole text in the value.
    if method.algorithm == "bcrypt" || secret.value.starts_with("$2") {
        return (bcrypt::SCHEME.read)(&secret.value, &Params::EMPTY);
    }
    let iterations =
        u64::try_from(method.hash_iterations).map_err(|_| wrong("its iterations are negative"))?;
    let (Some(salt), Some(key)) = (base64(&secret.salt), base64(&secret.value)) else {
        return Err(wrong("its salt or value is not base64"));
    };
    let digest = match method.algorithm.as_str() {
        "argon2" => return assemble_argon2(&salt, &key, iterations, &method.additional_parameters),
        "pbkdf2" => Digest::Sha1,
        "pbkdf2-sha256" => Digest::Sha256,
        "pbkdf2-sha512" => Digest::Sha512,
        _ => {
            return Err(wrong(
                "its algorithm is none of pbkdf2, pbkdf2-sha256, pbkdf2-sha512, argon2 and bcrypt",
            ));
        }
    };
    let text = pbkdf2_strings::phc(digest, iterations, &salt, &key);
    Ok(pbkdf2_strings::read_phc(&text)?.stored_as(text))
}

fn assemble_argon2(
    salt: &[u8],
    key: &[u8],
    passes: u64,
    more: &Value,
) -> Result<Parsed, ParseError> {
    // Additional parameters are lists of texts.
    let get =
        |name: &str, default: &'static str| more[name][0].as_str().unwrap_or(default).to_owned();
    let (kind, memory, lanes) = (
        get("type", "id"),
        get("memory", "7168"),
        get("parallelism", "1"),
    );
    let version = if get("version", "1.3") == "1.0" {
        16
    } else {
        19
    };
    let (salt, key) = (to_base64_unpadded(salt), to_base64_unpadded(key));
    let text = format!("$argon2{kind}$v={version}$m={memory},t={passes},p={lanes}${salt}${key}");
    Ok(argon2::read(&text)?.stored_as(text))
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    const VALUE: &str = "2PcR7atpgc31e4NUzC5VGm7YGEktDcrtA58FL5wugK0=";

    #[test]
    fn all_shapes_come_to_the_same_hash() {
        let unpacked = format!(
            r#"{{"secretData":{{"value":"{VALUE}","salt":"EBESExQVFhcYGRobHB0eHw=="}},"credentialData":{{"hashIterations":27500,"algorithm":"pbkdf2-sha256"}}}}"#
        );
        let old = format!(
            r#"{{"hashedSaltedValue":"{VALUE}","salt":"EBESExQVFhcYGRobHB0eHw==","hashIterations":27500,"algorithm":"pbkdf2-sha256"}}"#
        );
        let mut params = Params::default();
        for (name, value) in [
            ("algorithm", "pbkdf2-sha256"),
            ("iterations", "27500"),
            ("salt", "EBESExQVFhcYGRobHB0eHw=="),
        ] {
            params.set(name, value).unwrap();
        }
        let fields = Hash::parse("keycloak", VALUE, &params).unwrap();
        assert!(fields.verify("Correct-Horse_42"));
        assert_eq!(fields.scheme(), "phc-pbkdf2");
        assert_eq!(Hash::recognize(&unpacked).unwrap(), fields);
        assert_eq!(Hash::recognize(&old).unwrap(), fields);
    }

    #[test]
    fn broken_documents_are_malformed() {
        for encoded in [
            "{}",
            "{\"secretData\":1}",
            "{\"secretData\":\"{}\",\"credentialData\":\"{}\"}",
            "{",
        ] {
            let code = Hash::parse("keycloak", encoded, &Params::default())
                .unwrap_err()
                .code();
            assert_eq!(code, "malformed_hash", "{encoded}");
        }
    }
}
