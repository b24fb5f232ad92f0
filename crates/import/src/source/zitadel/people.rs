//! People: exported ones have an id beside the document that would import them again; listed ones have a state.

use crate::draft::{Credential, Draft};
use crate::objects::Object;
use crate::problem::Refusal;
use crate::record::Totp;
use crate::source::Options;
use crate::value::{self, MAX_KEY, MAX_NAME};

/// An element of `humanUsers`, or a document of the same kind alone.
pub(super) fn exported(object: &Object, options: &Options) -> Result<Draft, Refusal> {
    let user = value::object_field(object, &["user"])?.unwrap_or(object);
    let mut draft = Draft::default();
    draft.record.provided_id = value::id_field(object, &["userId", "user_id"])?;
    addresses(
        user,
        ["isEmailVerified", "is_email_verified"],
        ["isPhoneVerified", "is_phone_verified"],
        &mut draft,
    )?;
    let (name, login) = value::string(user, &["userName", "user_name"])?;
    draft.sign_in_name(name, login);
    profile(user, &mut draft)?;
    for link in value::objects_field(user, &["idps"])? {
        // The configuration is told by an id of that instance, which says nothing of the provider.
        draft.foreign_account(
            "idps",
            value::string(link, &["displayName", "display_name"])?.1,
        );
    }
    let code = value::string(user, &["otpCode", "otp_code"])?.1;
    if !code.is_empty() {
        draft.authenticator("otpCode", Totp::parse(code));
    }
    for code in value::keys_field(user, "recoveryCodes")? {
        draft.recovery_code("recoveryCodes", &code);
    }
    if !value::string(user, &["password"])?.1.is_empty() {
        draft.plain_password("password");
    }
    if let Some(hashed) = value::object_field(user, &["hashedPassword", "hashed_password"])? {
        let hash = Credential {
            column: "hashedPassword.value",
            // The text says its scheme; `algorithm` is blank in newer versions.
            scheme: "",
            encoded: value::string(hashed, &["value"])?.1,
            settings: &[],
            defaults: &options.hash,
        }
        .parse();
        draft.record.password = draft.spare_uncheckable(hash)?;
    }
    draft.record.must_reset_password = value::flag_field(
        user,
        &["passwordChangeRequired", "password_change_required"],
    )?
    .filter(|must| *must);
    Ok(draft)
}

/// An element of the user service's `result`.
pub(super) fn listed(object: &Object) -> Result<Draft, Refusal> {
    let Some(human) = value::object_field(object, &["human"])? else {
        return Err(Refusal::skipped(
            "this is a machine, not a person; make an application for it",
        ));
    };
    let mut draft = Draft::default();
    draft.record.provided_id = value::id_field(object, &["userId", "id"])?;
    draft.record.suspended = match value::string(object, &["state"])?.1 {
        "" => None,
        "USER_STATE_DELETED" => return Err(Refusal::skipped("the user was deleted over there")),
        state => Some(matches!(
            state,
            "USER_STATE_INACTIVE" | "USER_STATE_LOCKED" | "USER_STATE_SUSPEND"
        )),
    };
    addresses(
        human,
        ["isVerified", "isEmailVerified"],
        ["isVerified", "isPhoneVerified"],
        &mut draft,
    )?;
    let (name, login) = value::string(object, &["username", "userName"])?;
    draft.sign_in_name(name, login);
    profile(human, &mut draft)?;
    draft.record.must_reset_password =
        value::flag_field(human, &["passwordChangeRequired"])?.filter(|must| *must);
    if let Some(details) = value::object_field(object, &["details"])? {
        draft.record.created_at = draft.instant(details, &["creationDate"]);
        let organization = draft.text(details, &["resourceOwner"], MAX_KEY);
        if organization.is_some() {
            draft.roles(organization, Vec::new());
        }
    }
    Ok(draft)
}

/// The address and the number, each with its proof under one of these names.
fn addresses(
    user: &Object,
    email_proof: [&'static str; 2],
    phone_proof: [&'static str; 2],
    draft: &mut Draft,
) -> Result<(), Refusal> {
    if let Some(email) = value::object_field(user, &["email"])? {
        let verified = draft.proof(email, &email_proof);
        draft.email("email", value::string(email, &["email"])?.1, verified)?;
    }
    if let Some(phone) = value::object_field(user, &["phone"])? {
        let verified = draft.proof(phone, &phone_proof);
        draft.phone("phone", value::string(phone, &["phone"])?.1, verified);
    }
    Ok(())
}

fn profile(user: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    const GIVEN: &[&str] = &["firstName", "first_name", "givenName"];
    const FAMILY: &[&str] = &["lastName", "last_name", "familyName"];
    const LOCALE: &[&str] = &["preferredLanguage", "preferred_language"];
    const REST: &[&str] = &["displayName", "display_name", "avatarUrl", "gender"];
    let Some(profile) = value::object_field(user, &["profile"])? else {
        return Ok(());
    };
    // The tongue that nobody chose.
    let mut profile = profile.clone();
    profile.retain(|name, value| !(LOCALE.contains(&name.as_str()) && value == "und"));
    draft.profile(&profile, GIVEN, FAMILY, &["avatarUrl"], LOCALE);
    let name = draft.text(&profile, &["displayName", "display_name"], MAX_NAME);
    draft.split_name(name);
    draft.properties(&profile, &[GIVEN, FAMILY, LOCALE, REST].concat());
    Ok(())
}
