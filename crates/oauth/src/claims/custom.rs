//! Changing claims after the fact: what workflows add, and the names that Hasura wants.

use super::TokenKind;
use crate::jwt::Claims;

/// Claims that carry the security of every token.
const RESERVED: &[&str] = &[
    "act", "aud", "azp", "exp", "iat", "iss", "nbf", "sid", "sub",
];

/// What else is not to be touched, by kind. The published lists, and `scp` and `gty` everywhere, by which the kinds
/// are told apart.
const fn reserved_for(kind: TokenKind) -> &'static [&'static str] {
    match kind {
        TokenKind::Access | TokenKind::Machine => &["gty", "jti", "scp"],
        TokenKind::Id => &["auth_time", "gty", "jti", "rat", "scp", "updated_at"],
    }
}

/// Adds custom claims to a token, replacing claims of the same name, save those that carry its security.
///
/// Returns the names that were left alone, for the log of whoever tried.
pub fn add_custom(claims: &mut Claims, kind: TokenKind, custom: Claims) -> Vec<String> {
    let mut refused = Vec::new();
    for (name, value) in custom {
        if RESERVED.contains(&name.as_str()) || reserved_for(kind).contains(&name.as_str()) {
            refused.push(name);
        } else {
            claims.insert(name, value);
        }
    }
    refused
}

/// The claims that Hasura reads from the top level, and its names for them. SDKs read either.
const HASURA_NAMES: &[(&str, &str)] = &[
    ("feature_flags", "x-hasura-feature-flags"),
    ("org_code", "x-hasura-org-code"),
    ("org_codes", "x-hasura-org-codes"),
    (
        "organization_properties",
        "x-hasura-organization_properties",
    ),
    ("permissions", "x-hasura-permissions"),
    ("roles", "x-hasura-roles"),
    ("user_properties", "x-hasura-user_properties"),
];

/// Renames claims for applications that have the Hasura mapping switched on.
pub fn rename_for_hasura(claims: &mut Claims) {
    for (name, hasura_name) in HASURA_NAMES {
        if let Some(value) = claims.remove(*name) {
            claims.insert((*hasura_name).to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn object(value: Value) -> Claims {
        let Value::Object(claims) = value else {
            panic!("not an object")
        };
        claims
    }

    #[test]
    fn custom_claims_are_added_and_the_reserved_ones_stay() {
        let mut claims = object(json!({"sub": "kp_1", "scp": [], "email": "old@example.com"}));
        let custom = object(
            json!({"sub": "kp_2", "scp": ["admin"], "email": "new@example.com", "plan": "pro", "rat": 1}),
        );
        let refused = add_custom(&mut claims, TokenKind::Access, custom);
        assert_eq!(refused, ["scp", "sub"]);
        let expected =
            json!({"sub": "kp_1", "scp": [], "email": "new@example.com", "plan": "pro", "rat": 1});
        assert_eq!(Value::Object(claims), expected);
    }

    #[test]
    fn no_custom_claim_makes_one_kind_of_token_look_like_another() {
        let mut claims = object(json!({"sub": "kp_1"}));
        let custom = object(json!({"scp": ["openid"], "gty": ["client_credentials"]}));
        add_custom(&mut claims, TokenKind::Id, custom);
        assert_eq!(TokenKind::of(&claims), Some(TokenKind::Id));
    }

    #[test]
    fn hasura_gets_its_own_names() {
        let mut claims = object(
            json!({"sub": "kp_1", "org_code": "org_1", "permissions": ["a"], "user_properties": {}}),
        );
        rename_for_hasura(&mut claims);
        let expected = json!({
            "sub": "kp_1", "x-hasura-org-code": "org_1", "x-hasura-permissions": ["a"], "x-hasura-user_properties": {},
        });
        assert_eq!(Value::Object(claims), expected);
    }
}
