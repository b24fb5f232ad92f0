//! The names by which a person is known.

use axum::extract::Path;
use axum::response::Response;
use db::Tx;

use super::{find, head};
use crate::http::{Form, Result};
use crate::pages::{Choice, Confirm, Message, Notice, Problems};
use crate::team::Member;
use crate::time::Timestamp;
use crate::users::view::{UserIdentities, UserIdentity};
use crate::users::{
    self, AddIdentityError, EmailAddress, Identifier, Identity, IdentityKind, IdentityNotFound,
    NewIdentity, PhoneNumber, User, Username,
};

/// The kinds that can be added: value, and phrase.
const KINDS: &[(&str, &str)] = &[
    ("email", "identity-kind-email"),
    ("username", "identity-kind-username"),
    ("phone", "identity-kind-phone"),
];

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let user = find(&member, &mut tx, &id).await?;
    let page = page(&member, &mut tx, &user, &Form::default(), Problems::none()).await?;
    Ok(member.show(&page))
}

pub(super) async fn add(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let user = find(&member, &mut tx, &id).await?;
    let added = match identifier(&form) {
        Err(message) => Err(message),
        Ok(identifier) => {
            let new = NewIdentity::new(identifier, false);
            match users::add_identity(&member.cx, &mut tx, &user.id, new).await {
                Ok(_) => Ok(()),
                Err(AddIdentityError::Taken) => Err("identity-error-taken"),
                Err(error) => return Err(error.into()),
            }
        }
    };
    match added {
        Ok(()) => {
            tx.commit().await?;
            Ok(told(&member, &user, "identity-added-notice"))
        }
        Err(message) => {
            // The refused statement has ended the transaction.
            drop(tx);
            let mut tx = member.cx.db().read().await?;
            let problems = Problems::at("value", Message::new(message));
            let page = page(&member, &mut tx, &user, &form, problems).await?;
            Ok(member.show_again(&page))
        }
    }
}

pub(super) async fn make_primary(
    member: Member,
    Path((id, identity)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let (user, identity) = find_identity(&member, &mut tx, &id, &identity).await?;
    users::make_primary(&member.cx, &mut tx, &identity.id).await?;
    tx.commit().await?;
    Ok(told(&member, &user, "identity-primary-notice"))
}

pub(super) async fn ask_delete(
    member: Member,
    Path((id, identity)): Path<(String, String)>,
) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let (user, identity) = find_identity(&member, &mut tx, &id, &identity).await?;
    let url = member.url(&format!("/users/{}/identities", user.id));
    Ok(member.show(&Confirm {
        title: Message::new("identity-delete-title").with("value", identity.value),
        what: vec![Message::new("identity-delete-what").with("name", user.display_name())],
        typed: None,
        action: format!("{url}/{}/delete", identity.id),
        button: Message::new("identity-delete"),
        cancel_url: url,
        problems: Problems::none(),
    }))
}

pub(super) async fn delete(
    member: Member,
    Path((id, identity)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let (user, identity) = find_identity(&member, &mut tx, &id, &identity).await?;
    users::remove_identity(&member.cx, &mut tx, &identity.id).await?;
    tx.commit().await?;
    Ok(told(&member, &user, "identity-deleted-notice"))
}

fn told(member: &Member, user: &User, message: &'static str) -> Response {
    let path = format!("/users/{}/identities", user.id);
    member.done(&path, &Notice::good(Message::new(message)))
}

/// The person and the identity that an address names, which must be theirs.
async fn find_identity(
    member: &Member,
    tx: &mut Tx,
    user: &str,
    identity: &str,
) -> Result<(User, Identity)> {
    let user = find(member, tx, user).await?;
    let id = identity.parse().map_err(|_| IdentityNotFound)?;
    let identity = users::find_identity(&member.cx, tx, &id)
        .await?
        .filter(|identity| identity.user_id == user.id)
        .ok_or(IdentityNotFound)?;
    Ok((user, identity))
}

/// What was typed, or what is wrong with it.
fn identifier(form: &Form) -> std::result::Result<Identifier, &'static str> {
    let value = form.get("value");
    match form.get("type") {
        "phone" => PhoneNumber::parse(value)
            .map(Identifier::Phone)
            .map_err(|_| "identity-error-phone"),
        "username" => Username::parse(value)
            .map(Identifier::Username)
            .map_err(|_| "identity-error-username"),
        _ => EmailAddress::parse(value)
            .map(Identifier::Email)
            .map_err(|_| "sign-in-error-identifier-shape"),
    }
}

async fn page(
    member: &Member,
    tx: &mut Tx,
    user: &User,
    form: &Form,
    problems: Problems,
) -> Result<UserIdentities> {
    let identities = users::identities(tx, &user.id).await?;
    let url = member.url(&format!("/users/{}/identities", user.id));
    let chosen = if form.has("type") {
        form.get("type")
    } else {
        "email"
    };
    let choice = |&(value, label): &(&'static str, &'static str)| Choice {
        value,
        label: Message::new(label),
        is_current: value == chosen,
    };
    let is_last = identities.len() == 1;
    Ok(UserIdentities {
        head: head(member, user, "/identities"),
        rows: identities
            .iter()
            .map(|identity| row(&url, identity, is_last))
            .collect(),
        types: KINDS.iter().map(choice).collect(),
        value: form.get("value").to_owned(),
        add_action: url,
        problems,
    })
}

fn row(url: &str, identity: &Identity, is_last: bool) -> UserIdentity {
    let kind = match &identity.kind {
        IdentityKind::Email => Message::new("identity-kind-email"),
        IdentityKind::Phone => Message::new("identity-kind-phone"),
        IdentityKind::Username => Message::new("identity-kind-username"),
        IdentityKind::Social { provider } => {
            Message::new("identity-kind-social").with("provider", provider.as_str())
        }
    };
    let is_social = matches!(identity.kind, IdentityKind::Social { .. });
    let can_be_primary = !identity.is_primary && !is_social;
    UserIdentity {
        kind,
        value: identity.value.clone(),
        is_verified: identity.is_verified,
        is_primary: identity.is_primary,
        last_signed_in_at: identity.last_signed_in_at.map(Timestamp::millis),
        make_primary_action: can_be_primary.then(|| format!("{url}/{}/primary", identity.id)),
        delete_url: (!is_last).then(|| format!("{url}/{}/delete", identity.id)),
    }
}
