//! The SQL of what members of organizations have.

use db::{Error, Tx, Value, in_list, placeholders, sql};

use crate::context::Context;
use crate::id::{OrganizationId, PermissionId, RoleId, UserId};
use crate::roles::Role;
use crate::roles::permissions::Permission;

pub(in crate::roles) async fn is_member(
    tx: &mut Tx,
    cx: &Context,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<bool, Error> {
    let found: Option<i64> = sql("
        select 1
          from members
          join organizations on organizations.id = members.organization_id
         where organization_id = $1
           and user_id = $2
           and environment_id = $3")
    .bind(organization)
    .bind(user)
    .bind(&cx.environment().id)
    .fetch_optional(tx)
    .await?;
    Ok(found.is_some())
}

pub(in crate::roles) async fn roles(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Vec<Role>, Error> {
    sql("
        select roles.id, key, name, description, is_default_role
          from member_roles
          join roles on roles.id = role_id
         where organization_id = $1
           and user_id = $2
         order by name, roles.id")
    .bind(organization)
    .bind(user)
    .fetch_all(tx)
    .await
}

pub(in crate::roles) async fn role_keys(
    tx: &mut Tx,
    organization: &OrganizationId,
    users: &[&UserId],
) -> Result<Vec<(UserId, String)>, Error> {
    sql(format!(
        "
        select user_id, key
          from member_roles
          join roles on roles.id = role_id
         where organization_id = $1
           and user_id in ({})
         order by key",
        in_list(2, users.len())
    ))
    .bind(organization)
    .bind_all(users.iter().map(|user| Value::from(*user)))
    .fetch_all(tx)
    .await
}

/// Keys by roles and directly; a key may come twice.
pub(in crate::roles) async fn permission_keys(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Vec<String>, Error> {
    sql("
        select key
          from member_roles
          join role_permissions on role_permissions.role_id = member_roles.role_id
          join permissions on permissions.id = permission_id
         where organization_id = $1
           and user_id = $2
         union all
        select key
          from member_permissions
          join permissions on permissions.id = permission_id
         where organization_id = $1
           and user_id = $2")
    .bind(organization)
    .bind(user)
    .fetch_all(tx)
    .await
}

pub(in crate::roles) async fn permissions(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Vec<Permission>, Error> {
    sql("
        select id, key, name, description
          from permissions
         where id in (select permission_id
                        from member_roles
                        join role_permissions on role_permissions.role_id = member_roles.role_id
                       where organization_id = $1
                         and user_id = $2
                       union all
                      select permission_id
                        from member_permissions
                       where organization_id = $1
                         and user_id = $2)
         order by name, id")
    .bind(organization)
    .bind(user)
    .fetch_all(tx)
    .await
}

/// From which of the member's roles which permission comes.
pub(in crate::roles) async fn permission_sources(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Vec<(PermissionId, RoleId)>, Error> {
    sql("
        select permission_id, member_roles.role_id
          from member_roles
          join role_permissions on role_permissions.role_id = member_roles.role_id
         where organization_id = $1
           and user_id = $2")
    .bind(organization)
    .bind(user)
    .fetch_all(tx)
    .await
}

pub(in crate::roles) async fn insert_roles(
    tx: &mut Tx,
    cx: &Context,
    given: &[(OrganizationId, UserId, RoleId)],
) -> Result<(), Error> {
    for rows in given.chunks(cx.db().rows_per_insert(4)) {
        sql(format!(
            "
            insert into member_roles (organization_id, user_id, role_id, created_at)
            values {}
            on conflict do nothing",
            placeholders(rows.len(), 4)
        ))
        .bind_all(rows.iter().flat_map(|(organization, user, role)| {
            [
                organization.into(),
                user.into(),
                role.into(),
                cx.now().into(),
            ]
        }))
        .execute(tx)
        .await?;
    }
    Ok(())
}

pub(in crate::roles) async fn insert_permissions(
    tx: &mut Tx,
    cx: &Context,
    given: &[(OrganizationId, UserId, PermissionId)],
) -> Result<(), Error> {
    for rows in given.chunks(cx.db().rows_per_insert(4)) {
        sql(format!(
            "
            insert into member_permissions (organization_id, user_id, permission_id, created_at)
            values {}
            on conflict do nothing",
            placeholders(rows.len(), 4)
        ))
        .bind_all(rows.iter().flat_map(|(organization, user, permission)| {
            [
                organization.into(),
                user.into(),
                permission.into(),
                cx.now().into(),
            ]
        }))
        .execute(tx)
        .await?;
    }
    Ok(())
}

pub(in crate::roles) async fn delete_role(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    role: &RoleId,
) -> Result<(), Error> {
    sql("delete from member_roles where organization_id = $1 and user_id = $2 and role_id = $3")
        .bind(organization)
        .bind(user)
        .bind(role)
        .execute(tx)
        .await?;
    Ok(())
}

pub(in crate::roles) async fn delete_permission(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    permission: &PermissionId,
) -> Result<(), Error> {
    sql("
        delete from member_permissions
         where organization_id = $1
           and user_id = $2
           and permission_id = $3")
    .bind(organization)
    .bind(user)
    .bind(permission)
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::roles) async fn delete_roles_except(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    kept: &[RoleId],
) -> Result<(), Error> {
    // `in (…)` negated from outside: of none it is null, and null is not true.
    sql(format!(
        "
        delete from member_roles
         where organization_id = $1
           and user_id = $2
           and (role_id in ({})) is not true",
        in_list(3, kept.len())
    ))
    .bind(organization)
    .bind(user)
    .bind_all(kept.iter().map(Value::from))
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::roles) async fn delete_permissions_except(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    kept: &[PermissionId],
) -> Result<(), Error> {
    sql(format!(
        "
        delete from member_permissions
         where organization_id = $1
           and user_id = $2
           and (permission_id in ({})) is not true",
        in_list(3, kept.len())
    ))
    .bind(organization)
    .bind(user)
    .bind_all(kept.iter().map(Value::from))
    .execute(tx)
    .await?;
    Ok(())
}
