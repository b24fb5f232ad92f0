//! Roles: list, add, edit with their permissions, delete.

use axum::extract::Path;
use axum::response::Response;
use db::Tx;

use super::{Fields, invalid, key_taken};
use crate::http::{Form, Query, Result};
use crate::id::{PermissionId, RoleId};
use crate::pages::{Confirm, Message, Notice, Problems};
use crate::paging::{Order, Wanted};
use crate::roles::view::{EditRole, Kind, RoleList, RolePermission, RoleRow};
use crate::roles::{self, Changes, CreateError, NewRole, NotFound, Role, UpdateError, permissions};
use crate::team::Member;
use crate::team::admin::listing::{Span, address};

const PATH: &str = "/settings/roles";

/// Permissions that a role's form offers at most.
const MAX_PERMISSIONS: u32 = 1000;

pub(super) async fn list(member: Member, Query(span): Query<Span>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let page = roles::list(&member.cx, &mut tx, &span.wanted(false)).await?;
    let url = member.url(PATH);
    let (rows, pager) = span.settle(page, |role| role.id.as_str(), |at| address(&url, &[at]));
    let row = |role: Role| RoleRow {
        url: format!("{url}/{}", role.id),
        delete_url: format!("{url}/{}/delete", role.id),
        name: role.name,
        key: role.key,
        description: role.description.unwrap_or_default(),
        is_default: role.is_default_role,
    };
    Ok(member.show(&RoleList {
        kind: Kind::Roles,
        settings_url: member.url("/settings"),
        rows: rows.into_iter().map(row).collect(),
        pager,
        add_url: format!("{url}/new"),
    }))
}

/// What the form shows.
struct Shown {
    fields: Fields,
    is_default: bool,
    permissions: Vec<String>,
}

impl Shown {
    fn typed(form: &Form) -> Self {
        Self {
            fields: Fields::typed(form),
            is_default: form.has("is_default_role"),
            permissions: form.all("permission").map(str::to_owned).collect(),
        }
    }
}

pub(super) async fn add(member: Member) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let shown = Shown::typed(&Form::default());
    Ok(member.show(&page(&member, &mut tx, None, shown, Problems::none()).await?))
}

pub(super) async fn create(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let new = NewRole {
        key: form.get("key").to_owned(),
        name: form.get("name").to_owned(),
        description: Some(form.get("description").to_owned()),
        is_default_role: form.has("is_default_role"),
        ..NewRole::default()
    };
    let mut tx = member.cx.db().begin().await?;
    match roles::create(&member.cx, &mut tx, new).await {
        Ok(role) => {
            set_permissions(&member, &mut tx, &role.id, &form).await?;
            tx.commit().await?;
            Ok(told(&member, "role-added-notice", &role.name))
        }
        Err(error) => again(&member, tx, None, &form, problems(error)?).await,
    }
}

pub(super) async fn edit(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let role = find(&member, &mut tx, &id).await?;
    let held = held(&member, &mut tx, &role.id).await?;
    let shown = Shown {
        fields: Fields::stored(role.name, role.key, role.description),
        is_default: role.is_default_role,
        permissions: held.iter().map(ToString::to_string).collect(),
    };
    Ok(member.show(&page(&member, &mut tx, Some(&role.id), shown, Problems::none()).await?))
}

pub(super) async fn save(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let role = find(&member, &mut tx, &id).await?;
    let changes = Changes {
        key: Some(form.get("key").to_owned()),
        name: Some(form.get("name").to_owned()),
        description: Some(form.get("description").to_owned()),
        is_default_role: Some(form.has("is_default_role")),
        assignment: None,
    };
    match roles::update(&member.cx, &mut tx, &role.id, changes).await {
        Ok(()) => {
            set_permissions(&member, &mut tx, &role.id, &form).await?;
            tx.commit().await?;
            Ok(told(&member, "role-saved-notice", form.get("name")))
        }
        Err(UpdateError::Refused(error)) => {
            again(&member, tx, Some(&role.id), &form, problems(error)?).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn ask_delete(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let role = find(&member, &mut tx, &id).await?;
    Ok(member.show(&Confirm {
        title: Message::new("role-delete-title").with("name", role.name),
        what: vec![
            Message::new("role-delete-what"),
            Message::new("confirm-for-good"),
        ],
        typed: None,
        action: member.url(&format!("{PATH}/{}/delete", role.id)),
        button: Message::new("role-delete"),
        cancel_url: member.url(PATH),
        problems: Problems::none(),
    }))
}

pub(super) async fn delete(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let role = find(&member, &mut tx, &id).await?;
    roles::delete(&member.cx, &mut tx, &role.id).await?;
    tx.commit().await?;
    Ok(told(&member, "role-deleted-notice", &role.name))
}

fn told(member: &Member, message: &'static str, name: &str) -> Response {
    member.done(
        PATH,
        &Notice::good(Message::new(message).with("name", name)),
    )
}

async fn find(member: &Member, tx: &mut Tx, id: &str) -> Result<Role> {
    let id = id.parse().map_err(|_| NotFound)?;
    Ok(roles::find(&member.cx, tx, &id).await?.ok_or(NotFound)?)
}

/// What a role bundles.
async fn held(member: &Member, tx: &mut Tx, role: &RoleId) -> Result<Vec<PermissionId>> {
    let all = Wanted::first(Order::OLDEST_FIRST, MAX_PERMISSIONS);
    let page = roles::permissions_of(&member.cx, tx, role, &all).await?;
    Ok(page
        .items
        .into_iter()
        .map(|permission| permission.id)
        .collect())
}

/// Makes a role bundle what is ticked, and nothing else of what the form offered.
async fn set_permissions(member: &Member, tx: &mut Tx, role: &RoleId, form: &Form) -> Result<()> {
    let held = held(member, tx, role).await?;
    let ticked = |id: &PermissionId| form.all("permission").any(|ticked| ticked == id.as_str());
    for gone in held.iter().filter(|id| !ticked(id)) {
        roles::remove_permission(&member.cx, tx, role, gone).await?;
    }
    let wanted = form.all("permission").filter_map(|id| id.parse().ok());
    let new: Vec<PermissionId> = wanted.filter(|id| !held.contains(id)).collect();
    roles::add_permissions(&member.cx, tx, role, &new).await?;
    Ok(())
}

fn problems(error: CreateError) -> Result<Problems> {
    match error {
        CreateError::Invalid(error) => Ok(invalid(error)),
        CreateError::KeyTaken => Ok(key_taken()),
        error => Err(error.into()),
    }
}

/// The form as it was sent. The refused statement has ended its transaction.
async fn again(
    member: &Member,
    refused: Tx,
    role: Option<&RoleId>,
    form: &Form,
    problems: Problems,
) -> Result<Response> {
    drop(refused);
    let mut tx = member.cx.db().read().await?;
    let page = page(member, &mut tx, role, Shown::typed(form), problems).await?;
    Ok(member.show_again(&page))
}

/// The form; `role` is the one that is edited, none for a new one.
async fn page(
    member: &Member,
    tx: &mut Tx,
    role: Option<&RoleId>,
    shown: Shown,
    problems: Problems,
) -> Result<EditRole> {
    let all = Wanted::first(Order::BY_NAME, MAX_PERMISSIONS);
    let all = permissions::list(&member.cx, tx, &all).await?;
    let choice = |permission: permissions::Permission| RolePermission {
        is_assigned: shown
            .permissions
            .iter()
            .any(|id| id == permission.id.as_str()),
        id: permission.id.to_string(),
        name: permission.name,
        description: permission.description.unwrap_or_default(),
    };
    let (title, path) = match role {
        Some(role) => ("roles-edit", format!("{PATH}/{role}")),
        None => ("roles-add", format!("{PATH}/new")),
    };
    Ok(EditRole {
        kind: Kind::Roles,
        title: Message::new(title),
        action: member.url(&path),
        cancel_url: member.url(PATH),
        permissions: all.items.into_iter().map(choice).collect(),
        name: shown.fields.name,
        key: shown.fields.key,
        description: shown.fields.description,
        is_default: shown.is_default,
        problems,
    })
}
