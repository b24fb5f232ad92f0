//! The members of an organization.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use db::Tx;

use super::{find, head, url};
use crate::http::{Form, Query, Result};
use crate::organizations::view::{MemberRow, OrganizationUsers};
use crate::organizations::{self, Filter, Listed, Organization, Rights};
use crate::pages::{Message, Notice, Problems};
use crate::roles;
use crate::team::Member;
use crate::team::admin::listing::{Span, address};
use crate::users::{self, EmailAddress, IdentityKind, User};

pub(super) async fn show(
    member: Member,
    Path(id): Path<String>,
    Query(span): Query<Span>,
) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let organization = find(&member, &mut tx, &id).await?;
    let none = Problems::none();
    let page = page(&member, &mut tx, (&organization, &span), "", none).await?;
    Ok(member.show(&page))
}

pub(super) async fn add(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let typed = form.get("email");
    let mut tx = member.cx.db().begin().await?;
    let organization = find(&member, &mut tx, &id).await?;
    let found = match EmailAddress::parse(typed) {
        Ok(email) => {
            let kind = IdentityKind::Email;
            users::find_by_identifier(&member.cx, &mut tx, &kind, email.folded()).await?
        }
        Err(_) => None,
    };
    let Some((user, _)) = found else {
        let problems = Problems::at("email", Message::new("members-error-unknown"));
        let span = Span::default();
        let page = page(&member, &mut tx, (&organization, &span), typed, problems).await?;
        return Ok(member.show_again(&page));
    };
    join(&member, tx, &organization, &user).await
}

/// Undoes a removal. The roles are gone.
pub(super) async fn add_again(
    member: Member,
    Path((id, user)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let organization = find(&member, &mut tx, &id).await?;
    let user = find_user(&member, &mut tx, &user).await?;
    join(&member, tx, &organization, &user).await
}

async fn join(
    member: &Member,
    mut tx: Tx,
    organization: &Organization,
    user: &User,
) -> Result<Response> {
    let rights = Rights::default();
    organizations::add_member(&member.cx, &mut tx, &organization.id, &user.id, &rights).await?;
    tx.commit().await?;
    let said = told("member-added-notice", organization, user);
    Ok(member.done(
        &format!("/organizations/{}/users", organization.id),
        &Notice::good(said),
    ))
}

pub(super) async fn remove(
    member: Member,
    Path((id, user)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let organization = find(&member, &mut tx, &id).await?;
    let user = find_user(&member, &mut tx, &user).await?;
    organizations::remove_member(&member.cx, &mut tx, &organization.id, &user.id).await?;
    tx.commit().await?;
    let path = format!("/organizations/{}/users", organization.id);
    let undo = member.url(&format!("{path}/{}/add", user.id));
    let said = told("member-removed-notice", &organization, &user);
    Ok(member.done(&path, &Notice::good(said).with_undo(undo)))
}

fn told(message: &'static str, organization: &Organization, user: &User) -> Message {
    Message::new(message)
        .with("name", user.display_name())
        .with("organization", organization.name.as_str())
}

/// The person whom an address names.
pub(super) async fn find_user(member: &Member, tx: &mut Tx, id: &str) -> Result<User> {
    let id = id.parse().map_err(|_| users::NotFound)?;
    Ok(users::find(&member.cx, tx, &id)
        .await?
        .ok_or(users::NotFound)?)
}

async fn page(
    member: &Member,
    tx: &mut Tx,
    (organization, span): (&Organization, &Span),
    email: &str,
    problems: Problems,
) -> Result<OrganizationUsers> {
    let wanted = span.wanted(true);
    let page = organizations::members(tx, &organization.id, &Filter::default(), &wanted).await?;
    let url = format!("{}/users", url(member, organization));
    let (listed, pager) = span.settle(
        page,
        |listed| listed.user.as_str(),
        |at| address(&url, &[at]),
    );
    let keys: Vec<&str> = listed
        .iter()
        .flat_map(|listed| &listed.roles)
        .map(String::as_str)
        .collect();
    let roles = roles::find_many_by_keys(&member.cx, tx, &keys).await?;
    let names = roles
        .into_iter()
        .map(|role| (role.key, role.name))
        .collect();
    Ok(OrganizationUsers {
        head: head(member, organization, "/users"),
        rows: listed
            .into_iter()
            .map(|listed| row(member, &url, listed, &names))
            .collect(),
        pager,
        add_action: url,
        email: email.to_owned(),
        problems,
    })
}

fn row(member: &Member, url: &str, listed: Listed, names: &HashMap<String, String>) -> MemberRow {
    let full_name = users::full_name(listed.given_name.as_deref(), listed.family_name.as_deref());
    let contact = listed.email.clone().filter(|_| full_name.is_some());
    let name = full_name
        .or(listed.email)
        .unwrap_or_else(|| listed.user.to_string());
    let role = |key: String| names.get(&key).cloned().unwrap_or(key);
    MemberRow {
        name,
        contact,
        roles: listed.roles.into_iter().map(role).collect(),
        joined_at: listed.joined_at.millis(),
        url: member.url(&format!("/users/{}", listed.user)),
        roles_url: format!("{url}/{}/roles", listed.user),
        remove_action: format!("{url}/{}/remove", listed.user),
    }
}
