//! The SQL of permissions, and of which role has which.

use db::{Error, FromRow, Row, Tx, in_list, sql};

use super::by_name;
use crate::context::Context;
use crate::id::{PermissionId, RoleId};
use crate::paging::Wanted;
use crate::roles::permissions::Permission;

impl FromRow for Permission {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            key: row.get("key")?,
            name: row.get("name")?,
            description: row.get("description")?,
        })
    }
}

pub(in crate::roles) async fn insert(
    tx: &mut Tx,
    cx: &Context,
    permission: &Permission,
) -> Result<(), Error> {
    sql("
        insert into permissions (id, business_id, key, name, description, created_at)
        values ($1, $2, $3, $4, $5, $6)")
    .bind(&permission.id)
    .bind(&cx.environment().business_id)
    .bind(&permission.key)
    .bind(&permission.name)
    .bind(&permission.description)
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::roles) async fn update(tx: &mut Tx, permission: &Permission) -> Result<(), Error> {
    sql("
        update permissions
           set key = $2,
               name = $3,
               description = $4
         where id = $1")
    .bind(&permission.id)
    .bind(&permission.key)
    .bind(&permission.name)
    .bind(&permission.description)
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::roles) async fn delete(
    tx: &mut Tx,
    cx: &Context,
    id: &PermissionId,
) -> Result<bool, Error> {
    let n_deleted = sql("delete from permissions where id = $1 and business_id = $2")
        .bind(id)
        .bind(&cx.environment().business_id)
        .execute(tx)
        .await?;
    Ok(n_deleted > 0)
}

pub(in crate::roles) async fn find(
    tx: &mut Tx,
    cx: &Context,
    id: &PermissionId,
) -> Result<Option<Permission>, Error> {
    sql("
        select id, key, name, description
          from permissions
         where id = $1
           and business_id = $2")
    .bind(id)
    .bind(&cx.environment().business_id)
    .fetch_optional(tx)
    .await
}

pub(in crate::roles) async fn with_keys(
    tx: &mut Tx,
    cx: &Context,
    keys: &[&str],
) -> Result<Vec<Permission>, Error> {
    sql(format!(
        "
        select id, key, name, description
          from permissions
         where business_id = $1
           and key in ({})",
        in_list(2, keys.len())
    ))
    .bind(&cx.environment().business_id)
    .bind_all(keys.iter().map(|key| (*key).into()))
    .fetch_all(tx)
    .await
}

pub(in crate::roles) async fn page(
    tx: &mut Tx,
    cx: &Context,
    wanted: &Wanted,
) -> Result<Vec<Permission>, Error> {
    let (end, values) = wanted.clause(by_name(wanted), "id", 2);
    sql(format!(
        "
        select id, key, name, description
          from permissions
         where business_id = $1 {end}"
    ))
    .bind(&cx.environment().business_id)
    .bind_all(values)
    .fetch_all(tx)
    .await
}

pub(in crate::roles) async fn page_of_role(
    tx: &mut Tx,
    role: &RoleId,
    wanted: &Wanted,
) -> Result<Vec<Permission>, Error> {
    let (end, values) = wanted.clause(by_name(wanted), "id", 2);
    sql(format!(
        "
        select id, key, name, description
          from permissions
         where id in (select permission_id from role_permissions where role_id = $1) {end}"
    ))
    .bind(role)
    .bind_all(values)
    .fetch_all(tx)
    .await
}

/// Whether the role didn't have it.
pub(in crate::roles) async fn add_to_role(
    tx: &mut Tx,
    role: &RoleId,
    permission: &PermissionId,
) -> Result<bool, Error> {
    let n_added = sql("
        insert into role_permissions (role_id, permission_id)
        values ($1, $2)
        on conflict do nothing")
    .bind(role)
    .bind(permission)
    .execute(tx)
    .await?;
    Ok(n_added > 0)
}

/// Whether the role had it.
pub(in crate::roles) async fn remove_from_role(
    tx: &mut Tx,
    role: &RoleId,
    permission: &PermissionId,
) -> Result<bool, Error> {
    let n_removed = sql("delete from role_permissions where role_id = $1 and permission_id = $2")
        .bind(role)
        .bind(permission)
        .execute(tx)
        .await?;
    Ok(n_removed > 0)
}
