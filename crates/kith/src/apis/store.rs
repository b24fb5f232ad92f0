//! The SQL of APIs, their scopes, and what applications may ask of them.

use db::{Error, FromRow, Row, Tx, sql};

use super::{Api, AuthorizedApi, AuthorizedApplication, Scope};
use crate::id::{ApiId, ApiScopeId, ApplicationId, EnvironmentId};
use crate::time::Timestamp;

impl FromRow for Api {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            audience: row.get("audience")?,
            is_management_api: row.get("is_management_api")?,
            created_at: row.get("created_at")?,
        })
    }
}

impl FromRow for Scope {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            api_id: row.get("api_id")?,
            key: row.get("key")?,
            description: row.get("description")?,
        })
    }
}

impl FromRow for AuthorizedApplication {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            kind: row.get("kind")?,
            n_scopes: row.get("n_scopes")?,
        })
    }
}

impl FromRow for AuthorizedApi {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let scopes: Option<String> = row.get("scopes")?;
        Ok(Self {
            id: row.get("id")?,
            audience: row.get("audience")?,
            is_management_api: row.get("is_management_api")?,
            scopes: scopes
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        })
    }
}

pub(super) async fn list(tx: &mut Tx, environment: &EnvironmentId) -> Result<Vec<Api>, Error> {
    sql("
        select id, name, audience, is_management_api, created_at
          from apis
         where environment_id = $1
         order by name, id")
    .bind(environment)
    .fetch_all(tx)
    .await
}

pub(super) async fn find(
    tx: &mut Tx,
    environment: &EnvironmentId,
    id: &ApiId,
) -> Result<Option<Api>, Error> {
    sql("
        select id, name, audience, is_management_api, created_at
          from apis
         where environment_id = $1
           and id = $2")
    .bind(environment)
    .bind(id)
    .fetch_optional(tx)
    .await
}

pub(super) async fn management_api(
    tx: &mut Tx,
    environment: &EnvironmentId,
) -> Result<Option<Api>, Error> {
    sql("
        select id, name, audience, is_management_api, created_at
          from apis
         where environment_id = $1
           and is_management_api")
    .bind(environment)
    .fetch_optional(tx)
    .await
}

pub(super) async fn insert(
    tx: &mut Tx,
    environment: &EnvironmentId,
    api: &Api,
) -> Result<(), Error> {
    sql("
        insert into apis (id, environment_id, name, audience, is_management_api, created_at)
        values ($1, $2, $3, $4, $5, $6)")
    .bind(&api.id)
    .bind(environment)
    .bind(&api.name)
    .bind(&api.audience)
    .bind(api.is_management_api)
    .bind(api.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Stores our own API, unless the environment has one.
pub(super) async fn insert_management_api(
    tx: &mut Tx,
    environment: &EnvironmentId,
    api: &Api,
) -> Result<(), Error> {
    sql("
        insert into apis (id, environment_id, name, audience, is_management_api, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (environment_id) where is_management_api do nothing")
    .bind(&api.id)
    .bind(environment)
    .bind(&api.name)
    .bind(&api.audience)
    .bind(true)
    .bind(api.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn set_audience(tx: &mut Tx, id: &ApiId, audience: &str) -> Result<(), Error> {
    sql("update apis set audience = $2 where id = $1")
        .bind(id)
        .bind(audience)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, id: &ApiId) -> Result<(), Error> {
    sql("delete from apis where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn scopes(tx: &mut Tx, api: &ApiId) -> Result<Vec<Scope>, Error> {
    sql("select id, api_id, key, description from api_scopes where api_id = $1 order by key")
        .bind(api)
        .fetch_all(tx)
        .await
}

pub(super) async fn scopes_of_all(
    tx: &mut Tx,
    environment: &EnvironmentId,
) -> Result<Vec<Scope>, Error> {
    sql("
        select api_scopes.id, api_scopes.api_id, api_scopes.key, api_scopes.description
          from api_scopes
          join apis on apis.id = api_scopes.api_id
         where apis.environment_id = $1
         order by api_scopes.api_id, api_scopes.key")
    .bind(environment)
    .fetch_all(tx)
    .await
}

pub(super) async fn find_scope(
    tx: &mut Tx,
    api: &ApiId,
    id: &ApiScopeId,
) -> Result<Option<Scope>, Error> {
    sql("select id, api_id, key, description from api_scopes where api_id = $1 and id = $2")
        .bind(api)
        .bind(id)
        .fetch_optional(tx)
        .await
}

pub(super) async fn insert_scope(tx: &mut Tx, scope: &Scope, now: Timestamp) -> Result<(), Error> {
    sql("
        insert into api_scopes (id, api_id, key, description, created_at)
        values ($1, $2, $3, $4, $5)")
    .bind(&scope.id)
    .bind(&scope.api_id)
    .bind(&scope.key)
    .bind(scope.description.as_deref())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Stores those of the scopes whose keys the API doesn't have.
pub(super) async fn insert_missing_scopes(
    tx: &mut Tx,
    scopes: Vec<Scope>,
    now: Timestamp,
) -> Result<(), Error> {
    let values = db::placeholders(scopes.len(), 5);
    sql(format!(
        "insert into api_scopes (id, api_id, key, description, created_at)
         values {values}
         on conflict (api_id, key) do nothing"
    ))
    .bind_all(scopes.into_iter().flat_map(|scope| {
        [
            scope.id.into(),
            scope.api_id.into(),
            scope.key.into(),
            scope.description.into(),
            now.into(),
        ]
    }))
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn update_scope(
    tx: &mut Tx,
    id: &ApiScopeId,
    description: Option<&str>,
) -> Result<(), Error> {
    sql("update api_scopes set description = $2 where id = $1")
        .bind(id)
        .bind(description)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn delete_scope(tx: &mut Tx, id: &ApiScopeId) -> Result<(), Error> {
    sql("delete from api_scopes where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn applications(
    tx: &mut Tx,
    environment: &EnvironmentId,
    api: &ApiId,
) -> Result<Vec<AuthorizedApplication>, Error> {
    sql("
        select applications.id,
               applications.name,
               applications.kind,
               (select count(*)
                  from api_application_scopes
                  join api_scopes on api_scopes.id = api_application_scopes.scope_id
                 where api_application_scopes.application_id = applications.id
                   and api_scopes.api_id = api_applications.api_id) as n_scopes
          from api_applications
          join applications on applications.id = api_applications.application_id
         where api_applications.api_id = $1
           and applications.environment_id = $2
         order by applications.name, applications.id")
    .bind(api)
    .bind(environment)
    .fetch_all(tx)
    .await
}

pub(super) async fn has_application(
    tx: &mut Tx,
    environment: &EnvironmentId,
    application: &ApplicationId,
) -> Result<bool, Error> {
    sql("select exists (select 1 from applications where environment_id = $1 and id = $2) as found")
        .bind(environment)
        .bind(application)
        .fetch_one(tx)
        .await
}

/// Whether the application is authorized for the API.
pub(super) async fn is_authorized(
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
) -> Result<bool, Error> {
    sql("
        select exists (select 1
                         from api_applications
                        where api_id = $1
                          and application_id = $2) as found")
    .bind(api)
    .bind(application)
    .fetch_one(tx)
    .await
}

/// Tells whether the application wasn't authorized before.
pub(super) async fn authorize(
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
    now: Timestamp,
) -> Result<bool, Error> {
    let inserted = sql("
        insert into api_applications (api_id, application_id, created_at)
        values ($1, $2, $3)
        on conflict (api_id, application_id) do nothing")
    .bind(api)
    .bind(application)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(inserted == 1)
}

/// Tells whether the application was authorized before.
pub(super) async fn unauthorize(
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
) -> Result<bool, Error> {
    disable_all_scopes(tx, (api, application)).await?;
    let deleted = sql("delete from api_applications where api_id = $1 and application_id = $2")
        .bind(api)
        .bind(application)
        .execute(tx)
        .await?;
    Ok(deleted == 1)
}

pub(super) async fn enabled_scopes(
    tx: &mut Tx,
    environment: &EnvironmentId,
    (api, application): (&ApiId, &ApplicationId),
) -> Result<Vec<ApiScopeId>, Error> {
    sql("
        select api_scopes.id
          from api_application_scopes
          join api_scopes on api_scopes.id = api_application_scopes.scope_id
          join apis on apis.id = api_scopes.api_id
         where api_application_scopes.application_id = $1
           and apis.id = $2
           and apis.environment_id = $3
         order by api_scopes.key")
    .bind(application)
    .bind(api)
    .bind(environment)
    .fetch_all::<(ApiScopeId,)>(tx)
    .await
    .map(|rows| rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn enable_scope(
    tx: &mut Tx,
    (application, scope): (&ApplicationId, &ApiScopeId),
    now: Timestamp,
) -> Result<(), Error> {
    sql("
        insert into api_application_scopes (application_id, scope_id, created_at)
        values ($1, $2, $3)
        on conflict (application_id, scope_id) do nothing")
    .bind(application)
    .bind(scope)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn enable_all_scopes(
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
    now: Timestamp,
) -> Result<(), Error> {
    sql("
        insert into api_application_scopes (application_id, scope_id, created_at)
        select $1, api_scopes.id, cast($3 as bigint)
          from api_scopes
         where api_scopes.api_id = $2
        on conflict (application_id, scope_id) do nothing")
    .bind(application)
    .bind(api)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn disable_scope(
    tx: &mut Tx,
    (application, scope): (&ApplicationId, &ApiScopeId),
) -> Result<(), Error> {
    sql("delete from api_application_scopes where application_id = $1 and scope_id = $2")
        .bind(application)
        .bind(scope)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn disable_all_scopes(
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
) -> Result<(), Error> {
    sql("
        delete from api_application_scopes
         where application_id = $1
           and scope_id in (select id from api_scopes where api_id = $2)")
    .bind(application)
    .bind(api)
    .execute(tx)
    .await?;
    Ok(())
}

/// The APIs for which an application of the environment is authorized, each with the scopes that it may use.
pub(super) async fn authorized(
    tx: &mut Tx,
    environment: &EnvironmentId,
    application: &ApplicationId,
) -> Result<Vec<AuthorizedApi>, Error> {
    sql("
        select apis.id,
               apis.audience,
               apis.is_management_api,
               (select string_agg(api_scopes.key, ' ' order by api_scopes.key)
                  from api_application_scopes
                  join api_scopes on api_scopes.id = api_application_scopes.scope_id
                 where api_application_scopes.application_id = api_applications.application_id
                   and api_scopes.api_id = apis.id) as scopes
          from api_applications
          join apis on apis.id = api_applications.api_id
         where api_applications.application_id = $1
           and apis.environment_id = $2
         order by apis.audience")
    .bind(application)
    .bind(environment)
    .fetch_all(tx)
    .await
}
