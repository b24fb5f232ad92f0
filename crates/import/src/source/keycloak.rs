//! Keycloak: exports of a realm in one file or in a folder, partial exports, and users as the admin API lists them.
//!
//! Layout: Keycloak, “Importing and exporting realms”; `UserRepresentation`, `CredentialRepresentation` and the classes of
//! `org.keycloak.models.credential.dto` in `keycloak/keycloak`. A realm's file has its people in one list deep among its
//! configuration; `kc.sh export --users different_files` puts them into files of their own, `<realm>-users-<n>.json`.

mod credentials;

use serde_json::Value;

use super::{FileRole, Format, Options, Sample, Saw, Source};
use crate::draft::Draft;
use crate::objects::{Nesting, Object, Place};
use crate::problem::{ProblemCode, Refusal};
use crate::value;

pub(super) const SOURCE: Source = Source {
    name: "keycloak",
    label: "Keycloak",
    about: "The export of a realm as one JSON file or a folder of them, with passwords and second factors; or the users as \
            JSON from the admin API.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[Format::Nested(&NESTING, read)],
};

const NESTING: Nesting = Nesting {
    lists: &["users", "federatedUsers"],
    outer: &[],
    marks: &["realm", "ifResourceExists"],
};

/// Attributes that have a place of their own.
const KNOWN: &[&str] = &["picture", "locale"];

/// Roles that everybody has, and clients of Keycloak itself: they mean nothing elsewhere.
const USUAL_ROLES: &[&str] = &["offline_access", "uma_authorization"];
const OWN_CLIENTS: &[&str] = &[
    "account",
    "account-console",
    "admin-cli",
    "broker",
    "realm-management",
    "security-admin-console",
];

fn recognize(sample: &Sample) -> Option<Saw> {
    let has = |object: &Object, keys: &[&str]| keys.iter().all(|key| object.contains_key(*key));
    let what = match sample {
        Sample::Nested { around, .. }
            if has(around, &["realm"]) || has(around, &["ifResourceExists"]) =>
        {
            "the export of a realm"
        }
        sample => {
            let object = sample.object()?;
            let is_user = has(object, &["username", "realmRoles"])
                || has(object, &["username", "createdTimestamp", "emailVerified"])
                || has(object, &["username", "credentials", "requiredActions"]);
            if !is_user {
                return None;
            }
            "users with the keys of its admin API"
        }
    };
    Some(Saw {
        role: FileRole::Users,
        what,
    })
}

fn read(user: &Object, place: Place<'_>, options: &Options) -> Result<Draft, Refusal> {
    if place.list == "federatedUsers" {
        return Err(Refusal::skipped(
            "the user lives in a directory, which Keycloak only adds to; import people from that directory",
        ));
    }
    if value::field(
        user,
        &["serviceAccountClientId", "serviceAccountClientLink"],
    )
    .is_some()
    {
        return Err(Refusal::skipped(
            "this is a client's own account, not a person; make an application for it",
        ));
    }
    let mut draft = Draft::default();
    draft.record.provided_id = value::id_field(user, &["id"])?;
    draft.record.suspended = value::flag_field(user, &["enabled"])?.map(|enabled| !enabled);
    draft.record.created_at = draft.instant(user, &["createdTimestamp"]);
    let (name, email) = value::string(user, &["email"])?;
    let verified = draft.proof(user, &["emailVerified"]);
    draft.email(name, email, verified)?;
    let (name, username) = value::string(user, &["username"])?;
    draft.sign_in_name(name, username);
    draft.profile(user, &["firstName"], &["lastName"], &[], &[]);
    read_attributes(user, &mut draft)?;
    read_roles(user, place, &mut draft)?;
    for account in value::objects_field(user, &["federatedIdentities", "socialLinks"])? {
        let provider = value::string(account, &["identityProvider", "socialProvider"])?.1;
        let subject = value::id_field(account, &["userId", "socialUserId"])?;
        draft.account(
            "federatedIdentities",
            provider,
            &subject.unwrap_or_default(),
            None,
        );
    }
    if value::field(user, &["federationLink"]).is_some() {
        let reason =
            "the user lives in a directory, which has the password; set up a connection for it";
        draft.warn("federationLink", ProblemCode::NOT_IMPORTED, reason);
    }
    let actions = value::keys_field(user, "requiredActions")?;
    if actions.iter().any(|action| action == "UPDATE_PASSWORD") {
        draft.record.must_reset_password = Some(true);
    }
    credentials::read(user, place, options, &mut draft)?;
    Ok(draft)
}

/// Attributes: each a list of texts, of which most have one.
fn read_attributes(user: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let Some(attributes) = value::object_field(user, &["attributes"])? else {
        return Ok(());
    };
    let single = attributes.iter().map(|(name, value)| {
        let value = match value {
            Value::Array(values) if values.len() == 1 => values[0].clone(),
            value => value.clone(),
        };
        (name.clone(), value)
    });
    let attributes: Object = single.collect();
    draft.record.picture = draft.text(&attributes, &["picture"], value::MAX_URL);
    draft.record.locale = draft.locale(&attributes, &["locale"]);
    draft.properties(&attributes, KNOWN);
    Ok(())
}

/// Roles of the realm by their names, and those of a client as `client:role`: the `admin` of one client is not that of
/// everything. Groups are only told.
fn read_roles(user: &Object, place: Place<'_>, draft: &mut Draft) -> Result<(), Refusal> {
    let realm = value::string(place.around, &["realm"])?.1;
    let default = format!("default-roles-{}", realm.to_lowercase());
    let is_usual = |role: &String| {
        USUAL_ROLES.contains(&role.as_str())
            || *role == default
            || role.starts_with("default-roles-")
    };
    let mut roles = value::keys_field(user, "realmRoles")?;
    roles.retain(|role| !is_usual(role));
    for (client, list) in value::object_field(user, &["clientRoles"])?
        .into_iter()
        .flatten()
    {
        if OWN_CLIENTS.contains(&client.as_str()) {
            continue;
        }
        let list = list
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        for role in list {
            let key = value::text("clientRoles", &format!("{client}:{role}"), value::MAX_KEY);
            roles.extend(draft.spare(key));
        }
    }
    if !roles.is_empty() {
        draft.roles(None, roles);
    }
    if let Some(groups) = user.get("groups") {
        draft.property("groups", groups);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(user: &Value) -> crate::record::UserRecord {
        let around = Object::new();
        let place = Place {
            list: "users",
            around: &around,
        };
        let draft = read(user.as_object().unwrap(), place, &Options::default()).unwrap();
        draft.record
    }

    #[test]
    fn the_role_of_one_client_is_not_that_of_everything() {
        let user = json!({
            "username": "mara", "realmRoles": ["reader", "offline_access", "default-roles-voss"],
            "clientRoles": {"billing": ["admin"], "realm-management": ["realm-admin"]},
        });
        let memberships = record(&user).organizations;
        assert_eq!(memberships[0].roles, ["reader", "billing:admin"]);
        assert_eq!(memberships[0].external_id, None);
    }

    #[test]
    fn an_authenticators_secret_is_its_text_unless_that_is_called_base32() {
        let secret = |data: Value| {
            let user = json!({"username": "mara", "credentials": [{
                "type": "otp", "secretData": {"value": "JBSWY3DPEHPK3PXP"}, "credentialData": data,
            }]});
            record(&user)
                .totp
                .first()
                .map(|totp| totp.secret().to_owned())
        };
        assert_eq!(
            secret(json!({"subType": "totp", "secretEncoding": "BASE32"})).as_deref(),
            Some("JBSWY3DPEHPK3PXP")
        );
        assert_eq!(
            secret(json!({"subType": "totp"})).as_deref(),
            Some("JJBFGV2ZGNCFARKIKBFTGUCYKA")
        );
        assert_eq!(secret(json!({"subType": "hotp"})), None);
    }
}
