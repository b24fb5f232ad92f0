//! The SQL of grants and their tokens.

use db::{Error, FromRow, Row, Tx, sql};

use super::Grant;
use crate::context::Context;
use crate::id::{ApplicationId, DeploymentId, GrantId};
use crate::time::Timestamp;

/// A grant's columns, and whether it lives: not revoked, not expired, of a person who may sign in. `$1` is the
/// environment, `$2` the instant.
const GRANT: &str = "
           grants.id,
           grants.application_id,
           grants.user_id,
           grants.session_id,
           grants.organization_id,
           grants.scopes,
           grants.audiences,
           grants.authenticated_at,
           grants.expires_at as grant_expires_at,
           grants.created_at as grant_created_at,
           (grants.revoked_at is null and grants.expires_at > $2 and not users.is_suspended) as is_alive";

/// A code with its grant.
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) is_alive: bool,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
    /// The deployment whose workflows make its tokens, instead of the live ones.
    pub(super) preview: Option<DeploymentId>,
    pub(super) expires_at: Timestamp,
    pub(super) used_at: Option<Timestamp>,
}

/// A refresh token with its grant.
pub(super) struct RefreshToken {
    pub(super) grant: Grant,
    pub(super) is_alive: bool,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) used_at: Option<Timestamp>,
}

impl FromRow for Grant {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let scopes: String = row.get("scopes")?;
        let audiences: String = row.get("audiences")?;
        Ok(Self {
            id: row.get("id")?,
            application_id: row.get("application_id")?,
            user_id: row.get("user_id")?,
            session_id: row.get("session_id")?,
            organization_id: row.get("organization_id")?,
            scopes: scopes.split_ascii_whitespace().collect(),
            audiences: audiences
                .split_ascii_whitespace()
                .map(str::to_owned)
                .collect(),
            authenticated_at: row.get("authenticated_at")?,
            expires_at: row.get("grant_expires_at")?,
            created_at: row.get("grant_created_at")?,
        })
    }
}

impl FromRow for Code {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            grant: Grant::from_row(row)?,
            is_alive: row.get("is_alive")?,
            redirect_uri: row.get("redirect_uri")?,
            challenge: row.get("challenge")?,
            nonce: row.get("nonce")?,
            preview: row.get("preview_deployment_id")?,
            expires_at: row.get("expires_at")?,
            used_at: row.get("used_at")?,
        })
    }
}

impl FromRow for RefreshToken {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            grant: Grant::from_row(row)?,
            is_alive: row.get("is_alive")?,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
            used_at: row.get("used_at")?,
        })
    }
}

pub(super) async fn insert_grant(tx: &mut Tx, cx: &Context, grant: &Grant) -> Result<(), Error> {
    sql("
        insert into grants (
            id, environment_id, application_id, user_id, session_id, organization_id,
            scopes, audiences, authenticated_at, expires_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
    .bind(&grant.id)
    .bind(&cx.environment().id)
    .bind(&grant.application_id)
    .bind(&grant.user_id)
    .bind(&grant.session_id)
    .bind(grant.organization_id.clone())
    .bind(grant.scopes.to_string())
    .bind(grant.audiences.join(" "))
    .bind(grant.authenticated_at)
    .bind(grant.expires_at)
    .bind(grant.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn insert_code(tx: &mut Tx, code_hash: &str, code: &Code) -> Result<(), Error> {
    sql("
        insert into authorization_codes (
            code_hash, grant_id, redirect_uri, challenge, nonce, expires_at, created_at, preview_deployment_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(code_hash)
    .bind(&code.grant.id)
    .bind(&code.redirect_uri)
    .bind(code.challenge.clone())
    .bind(code.nonce.clone())
    .bind(code.expires_at)
    .bind(code.grant.created_at)
    .bind(code.preview.clone())
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn find_code(
    tx: &mut Tx,
    cx: &Context,
    code_hash: &str,
) -> Result<Option<Code>, Error> {
    sql(format!(
        "select {GRANT},
                authorization_codes.redirect_uri,
                authorization_codes.challenge,
                authorization_codes.nonce,
                authorization_codes.preview_deployment_id,
                authorization_codes.expires_at,
                authorization_codes.used_at
           from authorization_codes
           join grants on grants.id = authorization_codes.grant_id
           join users on users.id = grants.user_id
          where grants.environment_id = $1
            and authorization_codes.code_hash = $3"
    ))
    .bind(&cx.environment().id)
    .bind(cx.now())
    .bind(code_hash)
    .fetch_optional(tx)
    .await
}

/// Marks the code used, and tells whether this call was the one that did.
pub(super) async fn use_code(tx: &mut Tx, code_hash: &str, now: Timestamp) -> Result<bool, Error> {
    let changed = sql("
        update authorization_codes
           set used_at = $2
         where code_hash = $1
           and used_at is null")
    .bind(code_hash)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(changed == 1)
}

pub(super) async fn insert_refresh_token(
    tx: &mut Tx,
    grant: &GrantId,
    token_hash: &str,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<(), Error> {
    sql("insert into refresh_tokens (token_hash, grant_id, expires_at, created_at) values ($1, $2, $3, $4)")
        .bind(token_hash)
        .bind(grant)
        .bind(expires_at)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn find_refresh_token(
    tx: &mut Tx,
    cx: &Context,
    token_hash: &str,
) -> Result<Option<RefreshToken>, Error> {
    sql(format!(
        "select {GRANT},
                refresh_tokens.created_at,
                refresh_tokens.expires_at,
                refresh_tokens.used_at
           from refresh_tokens
           join grants on grants.id = refresh_tokens.grant_id
           join users on users.id = grants.user_id
          where grants.environment_id = $1
            and refresh_tokens.token_hash = $3"
    ))
    .bind(&cx.environment().id)
    .bind(cx.now())
    .bind(token_hash)
    .fetch_optional(tx)
    .await
}

/// Marks the refresh token used, unless it is already.
pub(super) async fn use_refresh_token(
    tx: &mut Tx,
    token_hash: &str,
    now: Timestamp,
) -> Result<(), Error> {
    sql("
        update refresh_tokens
           set used_at = $2
         where token_hash = $1
           and used_at is null")
    .bind(token_hash)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes back that the refresh token was used at this instant.
pub(super) async fn restore_refresh_token(
    tx: &mut Tx,
    token_hash: &str,
    used_at: Timestamp,
) -> Result<(), Error> {
    sql("update refresh_tokens set used_at = null where token_hash = $1 and used_at <= $2")
        .bind(token_hash)
        .bind(used_at)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn delete_refresh_token(tx: &mut Tx, token_hash: &str) -> Result<(), Error> {
    sql("delete from refresh_tokens where token_hash = $1")
        .bind(token_hash)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn insert_access_token(
    tx: &mut Tx,
    grant: &GrantId,
    jti: &str,
    expires_at: Timestamp,
) -> Result<(), Error> {
    sql("insert into access_tokens (jti, grant_id, expires_at) values ($1, $2, $3)")
        .bind(jti)
        .bind(grant)
        .bind(expires_at)
        .execute(tx)
        .await?;
    Ok(())
}

/// The living grant of a person's access token that was not revoked.
pub(super) async fn find_grant_of_access_token(
    tx: &mut Tx,
    cx: &Context,
    jti: &str,
) -> Result<Option<Grant>, Error> {
    sql(format!(
        "select {GRANT}
           from access_tokens
           join grants on grants.id = access_tokens.grant_id
           join users on users.id = grants.user_id
          where grants.environment_id = $1
            and access_tokens.jti = $3
            and grants.revoked_at is null
            and grants.expires_at > $2
            and not users.is_suspended"
    ))
    .bind(&cx.environment().id)
    .bind(cx.now())
    .bind(jti)
    .fetch_optional(tx)
    .await
}

pub(super) async fn delete_access_token(tx: &mut Tx, jti: &str) -> Result<(), Error> {
    sql("delete from access_tokens where jti = $1")
        .bind(jti)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether a machine's token may still be used: its application exists, and nobody revoked the token.
pub(super) async fn is_machine_token_alive(
    tx: &mut Tx,
    cx: &Context,
    application: &ApplicationId,
    jti: &str,
) -> Result<bool, Error> {
    sql("
        select exists (select 1 from applications where environment_id = $1 and id = $2)
               and not exists (select 1 from revoked_tokens where jti = $3) as is_alive")
    .bind(&cx.environment().id)
    .bind(application)
    .bind(jti)
    .fetch_one(tx)
    .await
}

pub(super) async fn insert_revoked(
    tx: &mut Tx,
    cx: &Context,
    jti: &str,
    expires_at: Timestamp,
) -> Result<(), Error> {
    sql("
        insert into revoked_tokens (jti, environment_id, expires_at)
        values ($1, $2, $3)
        on conflict (jti) do nothing")
    .bind(jti)
    .bind(&cx.environment().id)
    .bind(expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn revoke_grant(tx: &mut Tx, id: &GrantId, now: Timestamp) -> Result<(), Error> {
    sql("update grants set revoked_at = $2 where id = $1 and revoked_at is null")
        .bind(id)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes what can be of no use any more: grants that have ended or were never fetched, with their codes and tokens. Used
/// refresh tokens stay as long as they would have lived, so that their replay is noticed.
pub(super) async fn delete_expired(tx: &mut Tx, now: Timestamp) -> Result<(), Error> {
    for statement in [
        "delete from grants where expires_at <= $1",
        "delete from grants
          where id in (select grant_id from authorization_codes where used_at is null and expires_at <= $1)",
        "delete from refresh_tokens where expires_at <= $1",
        "delete from access_tokens where expires_at <= $1",
        "delete from revoked_tokens where expires_at <= $1",
    ] {
        sql(statement).bind(now).execute(tx).await?;
    }
    Ok(())
}
