//! The SQL of roles and permissions as a whole.

use std::collections::HashMap;

use db::{Error, FromRow, Row, Tx, Value, in_list, sql};
use import::own;

use crate::context::Context;
use crate::id::{PermissionId, RoleId, UserId};
use crate::roles::Role;
use crate::roles::definition::Right;
use crate::roles::permissions::Permission;
use crate::time::Timestamp;

struct PermissionRow(own::Permission);

impl FromRow for PermissionRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(own::Permission {
            id: row.get("id")?,
            key: row.get("key")?,
            name: row.get("name")?,
            description: row.get("description")?,
            created_at: row.get("created_at")?,
        }))
    }
}

/// A role; its permissions are read apart.
struct RoleRow(own::Role);

impl FromRow for RoleRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(own::Role {
            id: row.get("id")?,
            key: row.get("key")?,
            name: row.get("name")?,
            description: row.get("description")?,
            is_default_role: row.get("is_default_role")?,
            assignment_permission: row.get("assignment_permission")?,
            permissions: Vec::new(),
            created_at: row.get("created_at")?,
        }))
    }
}

const ROLES: &str = "
        select roles.id,
               roles.key,
               roles.name,
               roles.description,
               roles.is_default_role,
               permissions.key as assignment_permission,
               roles.created_at
          from roles
          left join permissions on permissions.id = roles.assignment_permission_id";

pub(in crate::roles) async fn permissions(
    tx: &mut Tx,
    cx: &Context,
) -> Result<Vec<own::Permission>, Error> {
    let rows: Vec<PermissionRow> = sql("
        select id, key, name, description, created_at
          from permissions
         where business_id = $1
         order by id")
    .bind(&cx.environment().business_id)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub(in crate::roles) async fn permission(
    tx: &mut Tx,
    cx: &Context,
    key: &str,
) -> Result<Option<own::Permission>, Error> {
    let row: Option<PermissionRow> = sql("
        select id, key, name, description, created_at
          from permissions
         where business_id = $1
           and key = $2")
    .bind(&cx.environment().business_id)
    .bind(key)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| row.0))
}

pub(in crate::roles) async fn roles(tx: &mut Tx, cx: &Context) -> Result<Vec<own::Role>, Error> {
    let rows: Vec<RoleRow> = sql(format!(
        "{ROLES}
         where roles.business_id = $1
         order by roles.id"
    ))
    .bind(&cx.environment().business_id)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub(in crate::roles) async fn role(
    tx: &mut Tx,
    cx: &Context,
    key: &str,
) -> Result<Option<own::Role>, Error> {
    let row: Option<RoleRow> = sql(format!(
        "{ROLES}
         where roles.business_id = $1
           and roles.key = $2"
    ))
    .bind(&cx.environment().business_id)
    .bind(key)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| row.0))
}

/// The keys of the permissions of every role, by the role's id.
pub(in crate::roles) async fn keys_of_roles(
    tx: &mut Tx,
    cx: &Context,
) -> Result<HashMap<String, Vec<String>>, Error> {
    let rows: Vec<(String, String)> = sql("
        select role_permissions.role_id, permissions.key
          from role_permissions
          join permissions on permissions.id = role_permissions.permission_id
         where permissions.business_id = $1")
    .bind(&cx.environment().business_id)
    .fetch_all(tx)
    .await?;
    let mut keys: HashMap<String, Vec<String>> = HashMap::new();
    for (role, key) in rows {
        keys.entry(role).or_default().push(key);
    }
    Ok(keys)
}

pub(in crate::roles) async fn insert_permission(
    tx: &mut Tx,
    cx: &Context,
    permission: &Permission,
    created_at: Timestamp,
) -> Result<(), Error> {
    sql("
        insert into permissions (id, business_id, key, name, description, created_at)
        values ($1, $2, $3, $4, $5, $6)")
    .bind(&permission.id)
    .bind(&cx.environment().business_id)
    .bind(&permission.key)
    .bind(&permission.name)
    .bind(&permission.description)
    .bind(created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::roles) async fn insert_role(
    tx: &mut Tx,
    cx: &Context,
    role: &Role,
    assignment_permission: Option<&PermissionId>,
    created_at: Timestamp,
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
    .bind(created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::roles) async fn has_permission_id(
    tx: &mut Tx,
    id: &PermissionId,
) -> Result<bool, Error> {
    let found: Option<i64> = sql("select 1 from permissions where id = $1")
        .bind(id)
        .fetch_optional(tx)
        .await?;
    Ok(found.is_some())
}

pub(in crate::roles) async fn has_role_id(tx: &mut Tx, id: &RoleId) -> Result<bool, Error> {
    let found: Option<i64> = sql("select 1 from roles where id = $1")
        .bind(id)
        .fetch_optional(tx)
        .await?;
    Ok(found.is_some())
}

/// By way of the memberships, of which there is an index by person.
pub(in crate::roles) async fn role_keys_of(
    tx: &mut Tx,
    users: &[&UserId],
) -> Result<Vec<Right>, Error> {
    sql(format!(
        "
        select members.user_id, members.organization_id, roles.key
          from members
          join member_roles on member_roles.organization_id = members.organization_id
                           and member_roles.user_id = members.user_id
          join roles on roles.id = member_roles.role_id
         where members.user_id in ({})",
        in_list(1, users.len())
    ))
    .bind_all(users.iter().map(|user| Value::from(*user)))
    .fetch_all(tx)
    .await
}

pub(in crate::roles) async fn permission_keys_of(
    tx: &mut Tx,
    users: &[&UserId],
) -> Result<Vec<Right>, Error> {
    sql(format!(
        "
        select members.user_id, members.organization_id, permissions.key
          from members
          join member_permissions on member_permissions.organization_id = members.organization_id
                                 and member_permissions.user_id = members.user_id
          join permissions on permissions.id = member_permissions.permission_id
         where members.user_id in ({})",
        in_list(1, users.len())
    ))
    .bind_all(users.iter().map(|user| Value::from(*user)))
    .fetch_all(tx)
    .await
}
