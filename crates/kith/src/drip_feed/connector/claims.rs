//! A person in the words of OpenID Connect (Core 1.0 §5.1), and of what providers say beside. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use import::identifier::{EmailAddress, Identifier, PhoneNumber, Username};
use import::{Identity, Locale, Membership, UserRecord};
use serde_json::{Map, Value};

/// The claims of a token. Its signature is not looked at: it came over TLS from the very server that signed it (OpenID Connect
/// Core 1.0 §3.1.3.7, item 6).
pub(super) fn of_token(token: &str) -> Map<String, Value> {
    let payload = token.split('.').nth(1).unwrap_or_default();
    let bytes = BASE64URL
        .decode(payload.trim_end_matches('='))
        .unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// The person whom claims describe. What is malformed is left out.
pub(super) fn record(claims: &Map<String, Value>) -> UserRecord {
    let text = |name: &str| text_of(claims.get(name));
    let first_of_list = |name: &str| text_of(claims.get(name).and_then(|list| list.get(0)));
    let mut identities = Vec::new();
    let email = text("email").or_else(|| first_of_list("emails"));
    if let Some(email) = email.and_then(|email| EmailAddress::parse(&email).ok()) {
        identities.push(Identity {
            verified: truth_of(claims.get("email_verified")),
            primary: true,
            ..Identity::new(Identifier::Email(email))
        });
    }
    let phone = text("phone_number").and_then(|phone| PhoneNumber::parse(&phone).ok());
    identities.extend(phone.map(|phone| Identity {
        verified: truth_of(claims.get("phone_number_verified")),
        ..Identity::new(Identifier::Phone(phone))
    }));
    let username = text("preferred_username").filter(|name| !name.contains('@'));
    let username = username.and_then(|name| Username::parse(&name).ok());
    identities.extend(username.map(|name| Identity::new(Identifier::Username(name))));
    let (given_name, family_name) = names(text("given_name"), text("family_name"), text("name"));
    UserRecord {
        provided_id: text("sub").or_else(|| text("id")),
        given_name,
        family_name,
        picture: text("picture").filter(|address| address.starts_with("https://")),
        locale: text("locale").and_then(|tag| Locale::parse(&tag).ok()),
        identities,
        organizations: memberships(claims),
        ..UserRecord::default()
    }
}

/// The first and the last name, from a whole one where they are not told apart.
pub(super) fn names(
    given: Option<String>,
    family: Option<String>,
    whole: Option<String>,
) -> (Option<String>, Option<String>) {
    if given.is_some() || family.is_some() {
        return (given, family);
    }
    // Some providers put the address there where they know no name.
    match whole.filter(|name| !name.contains('@')) {
        None => (None, None),
        Some(name) => match name.split_once(' ') {
            Some((first, rest)) => (Some(first.to_owned()), Some(rest.trim().to_owned())),
            None => (Some(name), None),
        },
    }
}

/// `organizations`: a list of `{"id", "roles", "permissions"}`, and `roles` beside for the default one.
fn memberships(claims: &Map<String, Value>) -> Vec<Membership> {
    let list = |value: Option<&Value>| -> Vec<String> {
        let entries = value.and_then(Value::as_array).into_iter().flatten();
        entries.filter_map(|entry| text_of(Some(entry))).collect()
    };
    let given = claims.get("organizations").and_then(Value::as_array);
    let mut memberships: Vec<Membership> = given
        .into_iter()
        .flatten()
        .filter_map(|organization| {
            let id = text_of(organization.get("id")).or_else(|| text_of(Some(organization)));
            Some(Membership {
                external_id: Some(id?),
                roles: list(organization.get("roles")),
                permissions: list(organization.get("permissions")),
            })
        })
        .collect();
    let (roles, permissions) = (list(claims.get("roles")), list(claims.get("permissions")));
    if !roles.is_empty() || !permissions.is_empty() {
        memberships.push(Membership {
            external_id: None,
            roles,
            permissions,
        });
    }
    memberships
}

/// A text or a number as text; none where it is blank.
pub(super) fn text_of(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A flag, also where it is written as text; none for anything else, which is no proof.
pub(super) fn truth_of(value: Option<&Value>) -> Option<bool> {
    match value? {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(claims: &Value) -> UserRecord {
        record(claims.as_object().unwrap())
    }

    #[test]
    fn claims_make_a_person() {
        let person = of(&json!({
            "sub": "auth0|5f7c8ec7c33c6c004bbafe82", "email": "Ada@example.com", "email_verified": true, "name": "Ada Byron King",
            "picture": "https://example.com/ada.png", "locale": "en-GB", "phone_number": "+441632960961",
            "phone_number_verified": "false", "preferred_username": "ada",
            "organizations": [{"id": "acme", "roles": ["admin"]}, "beta"], "roles": ["reader"],
        }));
        assert_eq!(
            person.provided_id.as_deref(),
            Some("auth0|5f7c8ec7c33c6c004bbafe82")
        );
        assert_eq!(person.given_name.as_deref(), Some("Ada"));
        assert_eq!(person.family_name.as_deref(), Some("Byron King"));
        let identities: Vec<_> = person
            .identities
            .iter()
            .map(|identity| (identity.folded(), identity.verified))
            .collect();
        assert_eq!(
            identities,
            [
                ("ada@example.com", Some(true)),
                ("+441632960961", Some(false)),
                ("ada", None)
            ]
        );
        let organizations: Vec<_> = person
            .organizations
            .iter()
            .map(|membership| (membership.external_id.as_deref(), membership.roles.len()))
            .collect();
        assert_eq!(
            organizations,
            [(Some("acme"), 1), (Some("beta"), 0), (None, 1)]
        );
    }

    #[test]
    fn nothing_but_a_plain_yes_is_a_proof() {
        for unclear in [json!("yes"), json!(1), json!(null), json!("")] {
            let person = of(&json!({"email": "ada@example.com", "email_verified": unclear}));
            assert_eq!(person.identities[0].verified, None, "{unclear}");
        }
    }

    #[test]
    fn a_broken_token_has_no_claims() {
        for token in ["", "a.b.c", "a", "a.e30.c"] {
            assert!(of_token(token).is_empty(), "{token}");
        }
    }
}
