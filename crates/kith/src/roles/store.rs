//! The SQL of roles and permissions.

pub(super) mod definition;
pub(super) mod members;
pub(super) mod permissions;

use db::{Error, FromRow, Row, Tx, in_list, sql};

use super::Role;
use crate::context::Context;
use crate::id::{PermissionId, RoleId};
use crate::paging::{Key, Wanted};

impl FromRow for Role {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            key: row.get("key")?,
            name: row.get("name")?,
            description: row.get("description")?,
            is_default_role: row.get("is_default_role")?,
        })
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    cx: &Context,
    role: &Role,
    assignment_permission: Option<&PermissionId>,
) -> Result<(), Error> {
    sql("
        insert into roles (id, business_id, key, name, description, is_default_role, assignment_permission_id, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(&role.id)
    .bind(&cx.environment().business_id)
    .bind(&role.key)
    .bind(&role.name)
    .bind(&role.description)
    .bind(role.is_default_role)
    .bind(assignment_permission)
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, role: &Role) -> Result<(), Error> {
    sql("
        update roles
           set key = $2,
               name = $3,
               description = $4,
               is_default_role = $5
         where id = $1")
    .bind(&role.id)
    .bind(&role.key)
    .bind(&role.name)
    .bind(&role.description)
    .bind(role.is_default_role)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn set_assignment_permission(
    tx: &mut Tx,
    id: &RoleId,
    permission: Option<&PermissionId>,
) -> Result<(), Error> {
    sql("update roles set assignment_permission_id = $2 where id = $1")
        .bind(id)
        .bind(permission)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, cx: &Context, id: &RoleId) -> Result<bool, Error> {
    let n_deleted = sql("delete from roles where id = $1 and business_id = $2")
        .bind(id)
        .bind(&cx.environment().business_id)
        .execute(tx)
        .await?;
    Ok(n_deleted > 0)
}

pub(super) async fn find(tx: &mut Tx, cx: &Context, id: &RoleId) -> Result<Option<Role>, Error> {
    sql("
        select id, key, name, description, is_default_role
          from roles
         where id = $1
           and business_id = $2")
    .bind(id)
    .bind(&cx.environment().business_id)
    .fetch_optional(tx)
    .await
}

pub(super) async fn with_keys(
    tx: &mut Tx,
    cx: &Context,
    keys: &[&str],
) -> Result<Vec<Role>, Error> {
    sql(format!(
        "
        select id, key, name, description, is_default_role
          from roles
         where business_id = $1
           and key in ({})",
        in_list(2, keys.len())
    ))
    .bind(&cx.environment().business_id)
    .bind_all(keys.iter().map(|key| (*key).into()))
    .fetch_all(tx)
    .await
}

pub(super) async fn defaults(tx: &mut Tx, cx: &Context) -> Result<Vec<Role>, Error> {
    sql("
        select id, key, name, description, is_default_role
          from roles
         where business_id = $1
           and is_default_role
         order by id")
    .bind(&cx.environment().business_id)
    .fetch_all(tx)
    .await
}

pub(super) async fn page(tx: &mut Tx, cx: &Context, wanted: &Wanted) -> Result<Vec<Role>, Error> {
    let (end, values) = wanted.clause(by_name(wanted), "id", 2);
    sql(format!(
        "
        select id, key, name, description, is_default_role
          from roles
         where business_id = $1 {end}"
    ))
    .bind(&cx.environment().business_id)
    .bind_all(values)
    .fetch_all(tx)
    .await
}

/// The column by which roles and permissions are sorted before the id.
fn by_name(wanted: &Wanted) -> Option<&'static str> {
    match wanted.order().key {
        Key::Id => None,
        Key::Name | Key::Email => Some("name"),
    }
}
