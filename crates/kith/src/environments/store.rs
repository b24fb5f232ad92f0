//! The SQL of businesses and environments.

use db::{Error, FromRow, Row, Tx, sql};

use super::{Environment, base_url};
use crate::config::Config;
use crate::id::{BusinessId, EnvironmentId};
use crate::time::Timestamp;

struct Stored {
    id: EnvironmentId,
    business_id: BusinessId,
    business_name: String,
    code: String,
    name: String,
}

impl FromRow for Stored {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            business_id: row.get("business_id")?,
            business_name: row.get("business_name")?,
            code: row.get("code")?,
            name: row.get("name")?,
        })
    }
}

pub(super) async fn all(tx: &mut Tx, config: &Config) -> Result<Vec<Environment>, Error> {
    let rows: Vec<Stored> = sql("
        select environments.id,
               environments.business_id,
               businesses.name as business_name,
               environments.code,
               environments.name
          from environments
          join businesses on businesses.id = environments.business_id
         order by environments.id")
    .fetch_all(tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Environment {
            base_url: base_url(config, &row.code),
            id: row.id,
            business_id: row.business_id,
            business_name: row.business_name,
            code: row.code,
            name: row.name,
        })
        .collect())
}

/// The business, made with this id and name where there was none.
pub(super) async fn ensure_business(
    tx: &mut Tx,
    id: &BusinessId,
    name: &str,
    now: Timestamp,
) -> Result<BusinessId, Error> {
    sql("
        insert into businesses (id, name, created_at)
        select $1, $2, cast($3 as bigint)
         where not exists (select 1 from businesses)")
    .bind(id)
    .bind(name)
    .bind(now)
    .execute(tx)
    .await?;
    sql("select id from businesses order by id limit 1")
        .fetch_one(tx)
        .await
}

pub(super) async fn ensure_environment(
    tx: &mut Tx,
    id: &EnvironmentId,
    business: &BusinessId,
    (code, name): (&str, &str),
    now: Timestamp,
) -> Result<(), Error> {
    sql("
        insert into environments (id, business_id, code, name, created_at)
        values ($1, $2, $3, $4, $5)
        on conflict (business_id, code) do nothing")
    .bind(id)
    .bind(business)
    .bind(code)
    .bind(name)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}
