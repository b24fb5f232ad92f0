//! The SQL of organizations.

pub(super) mod definition;
pub(super) mod members;

use db::{Error, FromRow, Row, Tx, escape_like, in_list, sql};

use super::Organization;
use crate::context::Context;
use crate::id::OrganizationId;
use crate::paging::{Key, Wanted};

impl FromRow for Organization {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            handle: row.get("handle")?,
            external_id: row.get("external_id")?,
            is_default: row.get("is_default")?,
            is_auto_membership_enabled: row.get("is_auto_membership_enabled")?,
            is_suspended: row.get("is_suspended")?,
            suspended_at: row.get("suspended_at")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// What [`Organization`] is read from.
const COLUMNS: &str = "
       organizations.id,
       organizations.name,
       organizations.handle,
       organizations.external_id,
       organizations.is_default,
       organizations.is_auto_membership_enabled,
       organizations.is_suspended,
       organizations.suspended_at,
       organizations.created_at";

pub(super) async fn insert(
    tx: &mut Tx,
    cx: &Context,
    organization: &Organization,
) -> Result<(), Error> {
    insert_unless(tx, cx, organization, "").await
}

pub(super) async fn insert_unless_default_exists(
    tx: &mut Tx,
    cx: &Context,
    organization: &Organization,
) -> Result<(), Error> {
    let unless = "on conflict (environment_id) where is_default do nothing";
    insert_unless(tx, cx, organization, unless).await
}

async fn insert_unless(
    tx: &mut Tx,
    cx: &Context,
    organization: &Organization,
    unless: &str,
) -> Result<(), Error> {
    sql(format!(
        "
        insert into organizations
               (id, environment_id, name, handle, external_id, is_default, is_auto_membership_enabled,
                is_suspended, suspended_at, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
        {unless}"
    ))
    .bind(&organization.id)
    .bind(&cx.environment().id)
    .bind(&organization.name)
    .bind(&organization.handle)
    .bind(&organization.external_id)
    .bind(organization.is_default)
    .bind(organization.is_auto_membership_enabled)
    .bind(organization.is_suspended)
    .bind(organization.suspended_at)
    .bind(organization.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn update(
    tx: &mut Tx,
    cx: &Context,
    organization: &Organization,
) -> Result<(), Error> {
    sql("
        update organizations
           set name = $2,
               handle = $3,
               external_id = $4,
               is_auto_membership_enabled = $5,
               is_suspended = $6,
               suspended_at = $7,
               updated_at = $8
         where id = $1")
    .bind(&organization.id)
    .bind(&organization.name)
    .bind(&organization.handle)
    .bind(&organization.external_id)
    .bind(organization.is_auto_membership_enabled)
    .bind(organization.is_suspended)
    .bind(organization.suspended_at)
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, id: &OrganizationId) -> Result<(), Error> {
    sql("delete from organizations where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn find(
    tx: &mut Tx,
    cx: &Context,
    id: &OrganizationId,
) -> Result<Option<Organization>, Error> {
    find_where(tx, cx, "id", id.as_str()).await
}

pub(super) async fn find_by_external_id(
    tx: &mut Tx,
    cx: &Context,
    external_id: &str,
) -> Result<Option<Organization>, Error> {
    find_where(tx, cx, "external_id", external_id).await
}

pub(super) async fn find_by_handle(
    tx: &mut Tx,
    cx: &Context,
    handle: &str,
) -> Result<Option<Organization>, Error> {
    find_where(tx, cx, "handle", handle).await
}

async fn find_where(
    tx: &mut Tx,
    cx: &Context,
    column: &str,
    value: &str,
) -> Result<Option<Organization>, Error> {
    sql(format!(
        "
        select {COLUMNS}
          from organizations
         where environment_id = $1
           and {column} = $2"
    ))
    .bind(&cx.environment().id)
    .bind(value)
    .fetch_optional(tx)
    .await
}

pub(super) async fn default(tx: &mut Tx, cx: &Context) -> Result<Option<Organization>, Error> {
    sql(format!(
        "
        select {COLUMNS}
          from organizations
         where environment_id = $1
           and is_default"
    ))
    .bind(&cx.environment().id)
    .fetch_optional(tx)
    .await
}

pub(super) async fn ids_by_external_ids(
    tx: &mut Tx,
    cx: &Context,
    external_ids: &[&str],
) -> Result<Vec<(String, OrganizationId)>, Error> {
    sql(format!(
        "
        select external_id, id
          from organizations
         where environment_id = $1
           and external_id in ({})",
        in_list(2, external_ids.len())
    ))
    .bind(&cx.environment().id)
    .bind_all(external_ids.iter().map(|id| (*id).into()))
    .fetch_all(tx)
    .await
}

pub(super) async fn of_external_ids(
    tx: &mut Tx,
    cx: &Context,
    external_ids: &[&str],
) -> Result<Vec<Organization>, Error> {
    find_all_where(tx, cx, "external_id", external_ids).await
}

pub(super) async fn of_names(
    tx: &mut Tx,
    cx: &Context,
    names: &[&str],
) -> Result<Vec<Organization>, Error> {
    find_all_where(tx, cx, "name", names).await
}

async fn find_all_where(
    tx: &mut Tx,
    cx: &Context,
    column: &str,
    values: &[&str],
) -> Result<Vec<Organization>, Error> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    sql(format!(
        "
        select {COLUMNS}
          from organizations
         where environment_id = $1
           and {column} in ({})",
        in_list(2, values.len())
    ))
    .bind(&cx.environment().id)
    .bind_all(values.iter().map(|value| (*value).into()))
    .fetch_all(tx)
    .await
}

/// A page of those whom the text fits; an empty text fits all.
pub(super) async fn page(
    tx: &mut Tx,
    cx: &Context,
    text: &str,
    wanted: &Wanted,
) -> Result<Vec<Organization>, Error> {
    // An organization has no address of its own, so a list by e-mail is one by name.
    let key = match wanted.order().key {
        Key::Id => None,
        Key::Name | Key::Email => Some("name"),
    };
    let (end, values) = wanted.clause(key, "id", 5);
    // The engines fold letters beyond ASCII in different ways, so the name is also compared as it was typed.
    sql(format!(
        "
        select {COLUMNS}
          from organizations
         where environment_id = $1
           and (name like $3 escape '\\'
            or lower(name) like $4 escape '\\'
            or id = $2
            or external_id = $2
            or handle = $2) {end}"
    ))
    .bind(&cx.environment().id)
    .bind(text)
    .bind(format!("%{}%", escape_like(text)))
    .bind(format!("%{}%", escape_like(&text.to_lowercase())))
    .bind_all(values)
    .fetch_all(tx)
    .await
}

pub(super) async fn count(tx: &mut Tx, cx: &Context) -> Result<i64, Error> {
    sql("select count(*) from organizations where environment_id = $1")
        .bind(&cx.environment().id)
        .fetch_one(tx)
        .await
}
