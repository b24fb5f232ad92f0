//! Azure AD B2C and Microsoft Entra ID: pages of Microsoft Graph's `/users`, and the CSV of the portal's bulk download.
//!
//! Layout: Microsoft, “user resource type” and “objectIdentity resource type” of Graph v1.0; “Bulk download users” of
//! Entra ID. There is never a password. Nothing says that an address is proven: `accountEnabled` says whether somebody
//! may sign in, and is taken for that alone.

mod table;

use serde_json::Value;

use super::{FileRole, Format, Sample, Saw, Source};
use crate::draft::{Draft, provider};
use crate::objects::{Nesting, Object};
use crate::problem::Refusal;
use crate::value::{self, MAX_KEY, MAX_NAME};

pub(super) const SOURCE: Source = Source {
    name: "azure",
    label: "Azure AD B2C / Entra ID",
    about: "The users as JSON from Microsoft Graph, page after page, or the CSV of the portal's bulk download. Microsoft \
            exports no passwords.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[
        Format::Nested(&NESTING, |object, _, _| read(object)),
        Format::Table(table::columns),
    ],
};

const NESTING: Nesting = Nesting {
    lists: &["value"],
    outer: &[],
    marks: &["@odata.nextLink"],
};

/// Fields that have a place of their own, or say nothing of the person.
const KNOWN: &[&str] = &[
    "id",
    "userPrincipalName",
    "displayName",
    "givenName",
    "surname",
    "mail",
    "otherMails",
    "alternateEmailAddress",
    "accountEnabled",
    "identities",
    "identityIssuer",
    "createdDateTime",
    "deletedDateTime",
    "signInActivity",
    "preferredLanguage",
    "passwordProfile",
    "passwordPolicies",
    "proxyAddresses",
    "imAddresses",
    "mailNickname",
    "creationType",
    "invitationState",
    "directorySynced",
    "lastPasswordChangeDateTime",
    "signInSessionsValidFromDateTime",
    "refreshTokensValidFromDateTime",
    "assignedLicenses",
    "assignedPlans",
    "provisionedPlans",
    "serviceProvisioningErrors",
    "onPremisesProvisioningErrors",
];

fn recognize(sample: &Sample) -> Option<Saw> {
    let is_user = |object: &Object| {
        let identities = object.get("identities").and_then(|list| list.get(0));
        object.contains_key("userPrincipalName")
            || identities.is_some_and(|identity| identity.get("signInType").is_some())
    };
    let what = if sample.object().is_some_and(is_user) {
        "users as Microsoft Graph has them"
    } else if sample.has_columns(&["userprincipalname", "accountenabled"]) {
        "a header with userPrincipalName and accountEnabled"
    } else {
        return None;
    };
    Some(Saw {
        role: FileRole::Users,
        what,
    })
}

fn read(user: &Object) -> Result<Draft, Refusal> {
    if value::field(user, &["deletedDateTime"]).is_some() {
        return Err(Refusal::skipped("the user was deleted over there"));
    }
    let mut draft = Draft::default();
    draft.record.provided_id = value::id_field(user, &["id"])?;
    draft.record.suspended = value::flag_field(user, &["accountEnabled"])?.map(|enabled| !enabled);
    for (index, identity) in value::objects_field(user, &["identities"])?
        .into_iter()
        .enumerate()
    {
        read_identity(identity, &mut draft)
            .map_err(|refusal| refusal.within("identities", index))?;
    }
    read_address(user, &mut draft)?;
    read_profile(user, &mut draft)?;
    Ok(draft)
}

/// An element of `identities`: one way to sign in.
fn read_identity(identity: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let (column, name) = value::string(identity, &["issuerAssignedId"])?;
    match value::string(identity, &["signInType"])?.1 {
        "emailAddress" => draft.email(column, name, None)?,
        "userName" => draft.sign_in_name(column, name),
        "phoneNumber" => draft.phone(column, name, None),
        "federated" => {
            let issuer = value::string(identity, &["issuer"])?.1;
            draft.account("identities", issuer, name, None);
        }
        // The name that the directory gave, which `userPrincipalName` repeats.
        _ => {}
    }
    Ok(())
}

/// The address, where no way to sign in is one: the mailbox, or another that the directory knows. A principal name looks
/// like an address; the one below `onmicrosoft.com` is never a mailbox.
fn read_address(user: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    if draft.record.primary_email().is_some() {
        return Ok(());
    }
    let others = match value::field(user, &["otherMails"]) {
        Some((_, Value::Array(mails))) => mails.first().and_then(Value::as_str).unwrap_or_default(),
        _ => "",
    };
    let principal = value::string(user, &["userPrincipalName"])?.1;
    let is_invented =
        principal.to_ascii_lowercase().ends_with(".onmicrosoft.com") || principal.contains("#EXT#");
    let candidates = [
        ("mail", value::string(user, &["mail"])?.1),
        ("otherMails", others),
        (
            "alternateEmailAddress",
            value::string(user, &["alternateEmailAddress"])?.1,
        ),
        (
            "userPrincipalName",
            if is_invented { "" } else { principal },
        ),
    ];
    match candidates
        .into_iter()
        .find(|(_, text)| !text.trim().is_empty())
    {
        Some((column, text)) => draft.email(column, text, None),
        None => Ok(()),
    }
}

fn read_profile(user: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    draft.profile(
        user,
        &["givenName"],
        &["surname"],
        &[],
        &["preferredLanguage"],
    );
    // B2C writes this for people who were never asked.
    let name = draft
        .text(user, &["displayName"], MAX_NAME)
        .filter(|name| name != "unknown");
    draft.split_name(name);
    draft.record.created_at = draft.instant(user, &["createdDateTime"]);
    if let Some(activity) = value::object_field(user, &["signInActivity"])? {
        draft.record.last_sign_in_at = draft.instant(activity, &["lastSignInDateTime"]);
    }
    if let Some(password) = value::object_field(user, &["passwordProfile"])? {
        draft.record.must_reset_password =
            value::flag_field(password, &["forceChangePasswordNextSignIn"])?.filter(|must| *must);
    }
    let issuer = draft.text(user, &["identityIssuer"], MAX_KEY);
    if let Some(issuer) = issuer.filter(|issuer| provider(issuer).is_some()) {
        draft.account("identityIssuer", &issuer, "", None);
    }
    for (name, value) in user {
        if !KNOWN.contains(&name.as_str()) && !name.starts_with('@') {
            draft.property(extension(name), value);
        }
    }
    Ok(())
}

/// The name of an attribute that a tenant added, `extension_<32 hexadecimal digits>_plan`, without what stands before it.
fn extension(name: &str) -> &str {
    let plain = name
        .strip_prefix("extension_")
        .and_then(|rest| rest.split_once('_'))
        .filter(|(app, _)| app.len() == 32 && app.bytes().all(|b| b.is_ascii_hexdigit()));
    plain.map_or(name, |(_, plain)| plain)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The addresses of a user with these fields, and whether they are proven.
    fn addresses(user: &Value) -> Vec<(String, Option<bool>)> {
        let record = read(user.as_object().unwrap()).unwrap().record;
        let identities = record.identities.iter();
        identities
            .map(|identity| (identity.value().to_owned(), identity.verified))
            .collect()
    }

    #[test]
    fn an_account_that_is_open_proves_no_address() {
        let user = json!({"id": "1", "accountEnabled": true, "mail": "mara@voss.example"});
        assert_eq!(addresses(&user), [("mara@voss.example".to_owned(), None)]);
        let user = json!({"id": "1", "accountEnabled": "False"});
        let record = read(user.as_object().unwrap()).unwrap().record;
        assert_eq!(record.suspended, Some(true));
    }

    #[test]
    fn the_address_is_the_surest_of_those_that_the_directory_has() {
        let sign_in = json!([{"signInType": "emailAddress", "issuerAssignedId": "a@voss.example"}]);
        let mut user = json!({
            "id": "1", "identities": sign_in, "mail": "b@voss.example",
            "otherMails": ["c@voss.example"], "userPrincipalName": "d@voss.example",
        });
        for (field, address) in [
            ("identities", "a@voss.example"),
            ("mail", "b@voss.example"),
            ("otherMails", "c@voss.example"),
            ("userPrincipalName", "d@voss.example"),
        ] {
            assert_eq!(addresses(&user), [(address.to_owned(), None)]);
            user.as_object_mut().unwrap().remove(field);
        }
        for name in [
            "d@voss.onmicrosoft.com",
            "d_lund.example#EXT#@voss.onmicrosoft.com",
        ] {
            user["userPrincipalName"] = name.into();
            assert_eq!(addresses(&user), []);
        }
    }
}
