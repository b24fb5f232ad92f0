//! Permissions: list, add, edit, delete.

use axum::extract::Path;
use axum::response::Response;
use db::Tx;

use super::{Fields, invalid, key_taken};
use crate::http::{Form, Query, Result};
use crate::pages::{Confirm, Message, Notice, Problems};
use crate::roles::permissions::{self, Changes, NewPermission, NotFound, Permission, WriteError};
use crate::roles::view::{EditRole, Kind, RoleList, RoleRow};
use crate::team::Member;
use crate::team::admin::listing::{Span, address};

const PATH: &str = "/settings/permissions";

pub(super) async fn list(member: Member, Query(span): Query<Span>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let page = permissions::list(&member.cx, &mut tx, &span.wanted(false)).await?;
    let url = member.url(PATH);
    let (rows, pager) = span.settle(
        page,
        |permission| permission.id.as_str(),
        |at| address(&url, &[at]),
    );
    let row = |permission: Permission| RoleRow {
        url: format!("{url}/{}", permission.id),
        delete_url: format!("{url}/{}/delete", permission.id),
        name: permission.name,
        key: permission.key,
        description: permission.description.unwrap_or_default(),
        is_default: false,
    };
    Ok(member.show(&RoleList {
        kind: Kind::Permissions,
        settings_url: member.url("/settings"),
        rows: rows.into_iter().map(row).collect(),
        pager,
        add_url: format!("{url}/new"),
    }))
}

pub(super) async fn add(member: Member) -> Response {
    member.show(&page(
        &member,
        None,
        Fields::typed(&Form::default()),
        Problems::none(),
    ))
}

pub(super) async fn create(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let new = NewPermission {
        key: form.get("key").to_owned(),
        name: form.get("name").to_owned(),
        description: Some(form.get("description").to_owned()),
    };
    let mut tx = member.cx.db().begin().await?;
    match permissions::create(&member.cx, &mut tx, new).await {
        Ok(permission) => {
            tx.commit().await?;
            Ok(told(&member, "role-added-notice", &permission.name))
        }
        Err(error) => {
            let problems = problems(error)?;
            Ok(member.show_again(&page(&member, None, Fields::typed(&form), problems)))
        }
    }
}

pub(super) async fn edit(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let found = find(&member, &mut tx, &id).await?;
    let url = member.url(&format!("{PATH}/{}", found.id));
    let fields = Fields::stored(found.name, found.key, found.description);
    Ok(member.show(&page(&member, Some(url), fields, Problems::none())))
}

pub(super) async fn save(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let found = find(&member, &mut tx, &id).await?;
    let changes = Changes {
        key: Some(form.get("key").to_owned()),
        name: Some(form.get("name").to_owned()),
        description: Some(form.get("description").to_owned()),
    };
    match permissions::update(&member.cx, &mut tx, &found.id, changes).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(told(&member, "role-saved-notice", form.get("name")))
        }
        Err(error) => {
            let url = member.url(&format!("{PATH}/{}", found.id));
            let problems = problems(error)?;
            Ok(member.show_again(&page(&member, Some(url), Fields::typed(&form), problems)))
        }
    }
}

pub(super) async fn ask_delete(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let found = find(&member, &mut tx, &id).await?;
    Ok(member.show(&Confirm {
        title: Message::new("role-delete-title").with("name", found.name),
        what: vec![
            Message::new("permission-delete-what"),
            Message::new("confirm-for-good"),
        ],
        typed: None,
        action: member.url(&format!("{PATH}/{}/delete", found.id)),
        button: Message::new("permission-delete"),
        cancel_url: member.url(PATH),
        problems: Problems::none(),
    }))
}

pub(super) async fn delete(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let found = find(&member, &mut tx, &id).await?;
    permissions::delete(&member.cx, &mut tx, &found.id).await?;
    tx.commit().await?;
    Ok(told(&member, "role-deleted-notice", &found.name))
}

fn told(member: &Member, message: &'static str, name: &str) -> Response {
    member.done(
        PATH,
        &Notice::good(Message::new(message).with("name", name)),
    )
}

async fn find(member: &Member, tx: &mut Tx, id: &str) -> Result<Permission> {
    let id = id.parse().map_err(|_| NotFound)?;
    Ok(permissions::find(&member.cx, tx, &id)
        .await?
        .ok_or(NotFound)?)
}

fn problems(error: WriteError) -> Result<Problems> {
    match error {
        WriteError::Invalid(error) => Ok(invalid(error)),
        WriteError::KeyTaken(_) => Ok(key_taken()),
        error => Err(error.into()),
    }
}

/// The form; `url` is of the permission that is edited, none for a new one.
fn page(member: &Member, url: Option<String>, fields: Fields, problems: Problems) -> EditRole {
    let title = if url.is_some() {
        "permissions-edit"
    } else {
        "permissions-add"
    };
    EditRole {
        kind: Kind::Permissions,
        title: Message::new(title),
        action: url.unwrap_or_else(|| member.url(&format!("{PATH}/new"))),
        cancel_url: member.url(PATH),
        name: fields.name,
        key: fields.key,
        description: fields.description,
        is_default: false,
        permissions: Vec::new(),
        problems,
    }
}
