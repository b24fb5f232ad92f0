//! The SQL of signing keys.

use db::{Error, FromRow, Row, Tx, sql};

use crate::id::{EnvironmentId, KeyId};
use crate::time::Timestamp;

pub(super) struct Stored {
    pub(super) id: KeyId,
    pub(super) kid: String,
    /// PKCS#8, sealed.
    pub(super) private_key: String,
    pub(super) public_jwk: String,
    pub(super) created_at: Timestamp,
    pub(super) retired_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
}

impl FromRow for Stored {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            kid: row.get("kid")?,
            private_key: row.get("private_key")?,
            public_jwk: row.get("public_jwk")?,
            created_at: row.get("created_at")?,
            retired_at: row.get("retired_at")?,
            expires_at: row.get("expires_at")?,
        })
    }
}

/// The keys with which a living token may have been signed or will be, oldest first.
pub(super) async fn unexpired(
    tx: &mut Tx,
    environment: &EnvironmentId,
    now: Timestamp,
) -> Result<Vec<Stored>, Error> {
    sql("
        select id, kid, private_key, public_jwk, created_at, retired_at, expires_at
          from signing_keys
         where environment_id = $1
           and (expires_at is null or expires_at > $2)
         order by created_at, id")
    .bind(environment)
    .bind(now)
    .fetch_all(tx)
    .await
}

pub(super) async fn has_any(tx: &mut Tx, environment: &EnvironmentId) -> Result<bool, Error> {
    sql("select exists (select 1 from signing_keys where environment_id = $1 and retired_at is null) as found")
        .bind(environment)
        .fetch_one(tx)
        .await
}

/// Stores the key, unless another one isn't retired; tells whether it did.
pub(super) async fn insert(
    tx: &mut Tx,
    environment: &EnvironmentId,
    key: &Stored,
) -> Result<bool, Error> {
    let inserted = sql("
        insert into signing_keys (id, environment_id, kid, private_key, public_jwk, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (environment_id) where retired_at is null do nothing")
    .bind(&key.id)
    .bind(environment)
    .bind(&key.kid)
    .bind(&key.private_key)
    .bind(&key.public_jwk)
    .bind(key.created_at)
    .execute(tx)
    .await?;
    Ok(inserted == 1)
}

/// Sets the end of the key that isn't retired.
pub(super) async fn retire(
    tx: &mut Tx,
    environment: &EnvironmentId,
    (retired_at, expires_at): (Timestamp, Timestamp),
) -> Result<(), Error> {
    sql("
        update signing_keys
           set retired_at = $2, expires_at = $3
         where environment_id = $1
           and retired_at is null")
    .bind(environment)
    .bind(retired_at)
    .bind(expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn delete_expired(
    tx: &mut Tx,
    environment: &EnvironmentId,
    now: Timestamp,
) -> Result<(), Error> {
    sql("delete from signing_keys where environment_id = $1 and expires_at <= $2")
        .bind(environment)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// The longest life, in seconds, that an application of the environment gives a signed token.
pub(super) async fn longest_lifetime(
    tx: &mut Tx,
    environment: &EnvironmentId,
) -> Result<Option<i64>, Error> {
    let (access, id): (Option<i64>, Option<i64>) = sql("
        select max(access_token_lifetime), max(id_token_lifetime)
          from applications
         where environment_id = $1")
    .bind(environment)
    .fetch_one(tx)
    .await?;
    Ok(access.max(id))
}
