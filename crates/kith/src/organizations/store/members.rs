//! The SQL of memberships.

use db::{Error, FromRow, Row, Tx, Value, in_list, rows, sql};

use super::COLUMNS;
use crate::context::Context;
use crate::id::{OrganizationId, UserId};
use crate::organizations::{Filter, Listed, Membership, NewMember, Organization};
use crate::paging::{Key, Wanted};
use crate::time::Timestamp;

impl FromRow for Membership {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            organization: Organization::from_row(row)?,
            joined_at: row.get("joined_at")?,
            last_signed_in_at: row.get("last_signed_in_at")?,
        })
    }
}

impl FromRow for Listed {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            user: row.get("id")?,
            email: row.get("email")?,
            given_name: row.get("given_name")?,
            family_name: row.get("family_name")?,
            picture: row.get("picture")?,
            is_suspended: row.get("is_suspended")?,
            joined_at: row.get("joined_at")?,
            last_signed_in_at: row.get("last_signed_in_at")?,
            roles: Vec::new(),
            sort_key: row.get("sort_key")?,
        })
    }
}

/// Whether there was no such membership.
pub(in crate::organizations) async fn insert(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    now: Timestamp,
) -> Result<bool, Error> {
    let n_added = sql("
        insert into members (organization_id, user_id, created_at)
        values ($1, $2, $3)
        on conflict do nothing")
    .bind(organization)
    .bind(user)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(n_added > 0)
}

pub(in crate::organizations) async fn insert_many(
    tx: &mut Tx,
    cx: &Context,
    new: &[NewMember],
) -> Result<(), Error> {
    let mut members = rows("members", &["organization_id", "user_id", "created_at"]);
    for member in new {
        members.push([
            Value::from(&member.organization),
            Value::from(&member.user),
            Value::from(cx.now()),
        ]);
    }
    members.upsert(tx, "on conflict do nothing").await
}

/// Whether there was such a membership.
pub(in crate::organizations) async fn delete(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<bool, Error> {
    let n_deleted = sql("delete from members where organization_id = $1 and user_id = $2")
        .bind(organization)
        .bind(user)
        .execute(tx)
        .await?;
    Ok(n_deleted > 0)
}

pub(in crate::organizations) async fn set_last_signed_in(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    at: Timestamp,
) -> Result<(), Error> {
    sql("update members set last_signed_in_at = $3 where organization_id = $1 and user_id = $2")
        .bind(organization)
        .bind(user)
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

pub(in crate::organizations) async fn exists(
    tx: &mut Tx,
    cx: &Context,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<bool, Error> {
    let found: Option<i64> = sql("
        select 1
          from members
          join organizations on organizations.id = organization_id
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

pub(in crate::organizations) async fn user_exists(
    tx: &mut Tx,
    cx: &Context,
    user: &UserId,
) -> Result<bool, Error> {
    let found: Option<i64> = sql("select 1 from users where id = $1 and environment_id = $2")
        .bind(user)
        .bind(&cx.environment().id)
        .fetch_optional(tx)
        .await?;
    Ok(found.is_some())
}

pub(in crate::organizations) async fn count(
    tx: &mut Tx,
    organization: &OrganizationId,
) -> Result<i64, Error> {
    sql("select count(*) from members where organization_id = $1")
        .bind(organization)
        .fetch_one(tx)
        .await
}

pub(in crate::organizations) async fn of_user(
    tx: &mut Tx,
    user: &UserId,
) -> Result<Vec<Membership>, Error> {
    sql(format!(
        "
        select {COLUMNS},
               members.created_at as joined_at,
               members.last_signed_in_at
          from members
          join organizations on organizations.id = organization_id
         where user_id = $1
         order by organizations.name, organizations.id"
    ))
    .bind(user)
    .fetch_all(tx)
    .await
}

pub(in crate::organizations) async fn of_users(
    tx: &mut Tx,
    users: &[&UserId],
) -> Result<Vec<(UserId, OrganizationId, Option<Timestamp>)>, Error> {
    sql(format!(
        "
        select user_id, organization_id, last_signed_in_at
          from members
         where user_id in ({})
         order by organization_id",
        in_list(1, users.len())
    ))
    .bind_all(users.iter().map(|user| Value::from(*user)))
    .fetch_all(tx)
    .await
}

/// The members that pass the filter, without their roles.
pub(in crate::organizations) async fn page(
    tx: &mut Tx,
    organization: &OrganizationId,
    filter: &Filter,
    wanted: &Wanted,
) -> Result<Vec<Listed>, Error> {
    let mut values = vec![Value::from(organization)];
    let mut conditions = String::new();
    for key in &filter.roles {
        values.push(key.into());
        conditions += &has_role(values.len());
    }
    for key in &filter.permissions {
        values.push(key.into());
        conditions += &has_permission(values.len());
    }
    let sort_key = match wanted.order().key {
        Key::Id => "''",
        Key::Name => "users.folded_name",
        Key::Email => {
            "coalesce((select folded
                         from identities
                        where identities.user_id = users.id
                          and kind = 'email'
                          and is_primary
                        limit 1), '')"
        }
    };
    let key = Some(sort_key).filter(|_| wanted.order().key != Key::Id);
    // Not `users.id`, though it is the same: the index of the members has this one in order.
    let (end, mut end_values) = wanted.clause(key, "members.user_id", values.len() + 1);
    values.append(&mut end_values);
    sql(format!(
        "
        select users.id,
               users.given_name,
               users.family_name,
               users.picture,
               users.is_suspended,
               members.created_at as joined_at,
               members.last_signed_in_at,
               (select value
                  from identities
                 where identities.user_id = users.id
                   and kind = 'email'
                   and is_primary
                 limit 1) as email,
               {sort_key} as sort_key
          from members
          join users on users.id = members.user_id
         where members.organization_id = $1 {conditions} {end}"
    ))
    .bind_all(values)
    .fetch_all(tx)
    .await
}

fn has_role(parameter: usize) -> String {
    format!(
        "
           and exists (select 1
                         from member_roles
                         join roles on roles.id = member_roles.role_id
                        where member_roles.organization_id = members.organization_id
                          and member_roles.user_id = members.user_id
                          and roles.key = ${parameter})"
    )
}

fn has_permission(parameter: usize) -> String {
    format!(
        "
           and exists (select 1
                         from permissions
                        where permissions.key = ${parameter}
                          and (exists (select 1
                                         from member_permissions
                                        where member_permissions.organization_id = members.organization_id
                                          and member_permissions.user_id = members.user_id
                                          and member_permissions.permission_id = permissions.id)
                            or exists (select 1
                                         from member_roles
                                         join role_permissions on role_permissions.role_id = member_roles.role_id
                                        where member_roles.organization_id = members.organization_id
                                          and member_roles.user_id = members.user_id
                                          and role_permissions.permission_id = permissions.id)))"
    )
}
