//! The SQL of organizations and memberships as a whole.

use db::{Error, FromRow, Row, Tx, Value, in_list, placeholders, sql};

use crate::context::Context;
use crate::id::{OrganizationId, UserId};
use crate::organizations::Standing;
use crate::time::Timestamp;

impl FromRow for Standing {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            user: row.get("user_id")?,
            organization: row.get("organization_id")?,
            external_id: row.get("external_id")?,
            is_default: row.get("is_default")?,
            joined_at: row.get("joined_at")?,
            last_signed_in_at: row.get("last_signed_in_at")?,
        })
    }
}

pub(in crate::organizations) async fn standings(
    tx: &mut Tx,
    users: &[&UserId],
) -> Result<Vec<Standing>, Error> {
    sql(format!(
        "
        select members.user_id,
               members.organization_id,
               organizations.external_id,
               organizations.is_default,
               members.created_at as joined_at,
               members.last_signed_in_at
          from members
          join organizations on organizations.id = members.organization_id
         where members.user_id in ({})
         order by members.organization_id",
        in_list(1, users.len())
    ))
    .bind_all(users.iter().map(|user| Value::from(*user)))
    .fetch_all(tx)
    .await
}

pub(in crate::organizations) async fn has_id(
    tx: &mut Tx,
    id: &OrganizationId,
) -> Result<bool, Error> {
    let found: Option<i64> = sql("select 1 from organizations where id = $1")
        .bind(id)
        .fetch_optional(tx)
        .await?;
    Ok(found.is_some())
}

pub(in crate::organizations) async fn by_codes(
    tx: &mut Tx,
    cx: &Context,
    codes: &[&str],
) -> Result<Vec<(OrganizationId, Option<String>)>, Error> {
    sql(format!(
        "
        select id, external_id
          from organizations
         where environment_id = $1
           and id in ({})",
        in_list(2, codes.len())
    ))
    .bind(&cx.environment().id)
    .bind_all(codes.iter().map(|code| Value::from(*code)))
    .fetch_all(tx)
    .await
}

/// Gives an organization without members another code, unless some organization has it.
pub(in crate::organizations) async fn take_over_code(
    tx: &mut Tx,
    id: &OrganizationId,
    code: &OrganizationId,
    created_at: Timestamp,
) -> Result<(), Error> {
    sql("
        update organizations
           set id = $2,
               created_at = $3
         where id = $1
           and not exists (select 1 from members where organization_id = $1)
           and not exists (select 1 from organizations taken where taken.id = $2)")
    .bind(id)
    .bind(code)
    .bind(created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::organizations) async fn insert_standings(
    tx: &mut Tx,
    cx: &Context,
    new: &[Standing],
) -> Result<(), Error> {
    for rows in new.chunks(cx.db().rows_per_insert(4)) {
        sql(format!(
            "
            insert into members (organization_id, user_id, last_signed_in_at, created_at)
            values {}
            on conflict do nothing",
            placeholders(rows.len(), 4)
        ))
        .bind_all(rows.iter().flat_map(|standing| {
            [
                Value::from(&standing.organization),
                Value::from(&standing.user),
                Value::from(standing.last_signed_in_at),
                Value::from(standing.joined_at),
            ]
        }))
        .execute(tx)
        .await?;
    }
    Ok(())
}
