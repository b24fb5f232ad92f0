//! The SQL of applications and their addresses.

use std::time::Duration;

use db::{Error, FromRow, Row, Tx, sql};

use super::{Application, Kind, Lifetimes, UrlKind};
use crate::apis::AuthorizedApi;
use crate::id::{ApiId, ApplicationId, EnvironmentId};
use crate::paging::{Key, Page, Wanted};
use crate::time::Timestamp;

/// An application's secrets, sealed.
#[derive(Clone)]
pub(super) struct Secrets {
    pub(super) current: Option<String>,
    pub(super) previous: Option<String>,
}

/// An application as it proves itself, with one of the APIs for which it is authorized.
pub(super) struct ClientRow {
    pub(super) kind: Kind,
    pub(super) lifetimes: Lifetimes,
    pub(super) secrets: Secrets,
    pub(super) api: Option<AuthorizedApi>,
}

impl FromRow for Application {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            kind: row.get("kind")?,
            login_uri: row.get("login_uri")?,
            homepage_uri: row.get("homepage_uri")?,
            is_builtin: row.get("is_builtin")?,
            lifetimes: FromRow::from_row(row)?,
            created_at: row.get("created_at")?,
        })
    }
}

impl FromRow for Lifetimes {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let seconds = |column| {
            row.get::<i64>(column)
                .map(|n| Duration::from_secs(u64::try_from(n).unwrap_or(0)))
        };
        Ok(Self {
            access_token: seconds("access_token_lifetime")?,
            id_token: seconds("id_token_lifetime")?,
            refresh_token: seconds("refresh_token_lifetime")?,
            authenticated_session: seconds("authenticated_session_lifetime")?,
        })
    }
}

impl FromRow for Secrets {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            current: row.get("secret")?,
            previous: row.get("previous_secret")?,
        })
    }
}

impl FromRow for ClientRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let api = match row.get::<Option<ApiId>>("api_id")? {
            None => None,
            Some(id) => Some(AuthorizedApi {
                id,
                audience: row.get("audience")?,
                is_management_api: row.get("is_management_api")?,
                scopes: row
                    .get::<Option<String>>("scopes")?
                    .unwrap_or_default()
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect(),
            }),
        };
        Ok(Self {
            kind: row.get("kind")?,
            lifetimes: FromRow::from_row(row)?,
            secrets: FromRow::from_row(row)?,
            api,
        })
    }
}

pub(super) async fn list(
    tx: &mut Tx,
    environment: &EnvironmentId,
) -> Result<Vec<Application>, Error> {
    sql("
        select id, name, kind, login_uri, homepage_uri, is_builtin, created_at,
               access_token_lifetime, id_token_lifetime, refresh_token_lifetime, authenticated_session_lifetime
          from applications
         where environment_id = $1
         order by name, id")
    .bind(environment)
    .fetch_all(tx)
    .await
}

pub(super) async fn page(
    tx: &mut Tx,
    environment: &EnvironmentId,
    wanted: &Wanted,
) -> Result<Page<Application>, Error> {
    let by_name = matches!(wanted.order().key, Key::Name).then_some("name");
    let (clause, values) = wanted.clause(by_name, "id", 2);
    let rows: Vec<Application> = sql(format!(
        "select id, name, kind, login_uri, homepage_uri, is_builtin, created_at,
                access_token_lifetime, id_token_lifetime, refresh_token_lifetime, authenticated_session_lifetime
           from applications
          where environment_id = $1
            {clause}"
    ))
    .bind(environment)
    .bind_all(values)
    .fetch_all(tx)
    .await?;
    Ok(wanted.page(rows, |application| {
        (&application.name, application.id.as_str())
    }))
}

pub(super) async fn find(
    tx: &mut Tx,
    environment: &EnvironmentId,
    id: &ApplicationId,
) -> Result<Option<Application>, Error> {
    sql("
        select id, name, kind, login_uri, homepage_uri, is_builtin, created_at,
               access_token_lifetime, id_token_lifetime, refresh_token_lifetime, authenticated_session_lifetime
          from applications
         where environment_id = $1
           and id = $2")
    .bind(environment)
    .bind(id)
    .fetch_optional(tx)
    .await
}

/// Kith's own application of a kind.
pub(super) async fn find_builtin(
    tx: &mut Tx,
    environment: &EnvironmentId,
    kind: Kind,
) -> Result<Option<ApplicationId>, Error> {
    sql("select id from applications where environment_id = $1 and kind = $2 and is_builtin")
        .bind(environment)
        .bind(kind)
        .fetch_optional::<(ApplicationId,)>(tx)
        .await
        .map(|row| row.map(|(id,)| id))
}

/// The application, a row for each API for which it is authorized, or one without.
pub(super) async fn client(
    tx: &mut Tx,
    environment: &EnvironmentId,
    id: &ApplicationId,
) -> Result<Vec<ClientRow>, Error> {
    sql("
        select applications.kind,
               applications.secret,
               applications.previous_secret,
               applications.access_token_lifetime,
               applications.id_token_lifetime,
               applications.refresh_token_lifetime,
               applications.authenticated_session_lifetime,
               apis.id as api_id,
               apis.audience,
               apis.is_management_api,
               (select string_agg(api_scopes.key, ' ' order by api_scopes.key)
                  from api_application_scopes
                  join api_scopes on api_scopes.id = api_application_scopes.scope_id
                 where api_application_scopes.application_id = applications.id
                   and api_scopes.api_id = apis.id) as scopes
          from applications
          left join api_applications on api_applications.application_id = applications.id
          left join apis on apis.id = api_applications.api_id
         where applications.environment_id = $1
           and applications.id = $2
         order by apis.audience")
    .bind(environment)
    .bind(id)
    .fetch_all(tx)
    .await
}

/// Stores the application. Of two builtin ones of a kind the first stays; tells whether it was stored.
pub(super) async fn insert(
    tx: &mut Tx,
    environment: &EnvironmentId,
    application: &Application,
    sealed_secret: Option<&str>,
) -> Result<bool, Error> {
    let inserted = sql("
        insert into applications (
            id, environment_id, name, kind, secret, login_uri, homepage_uri, is_builtin,
            access_token_lifetime, id_token_lifetime, refresh_token_lifetime, authenticated_session_lifetime,
            created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
        on conflict (environment_id, kind) where is_builtin do nothing")
    .bind(&application.id)
    .bind(environment)
    .bind(&application.name)
    .bind(application.kind)
    .bind(sealed_secret)
    .bind(application.login_uri.as_deref())
    .bind(application.homepage_uri.as_deref())
    .bind(application.is_builtin)
    .bind_all(seconds(application.lifetimes))
    .bind(application.created_at)
    .execute(tx)
    .await?;
    Ok(inserted == 1)
}

pub(super) async fn update(
    tx: &mut Tx,
    application: &Application,
    now: Timestamp,
) -> Result<(), Error> {
    sql("
        update applications
           set name = $2,
               login_uri = $3,
               homepage_uri = $4,
               access_token_lifetime = $5,
               id_token_lifetime = $6,
               refresh_token_lifetime = $7,
               authenticated_session_lifetime = $8,
               updated_at = $9
         where id = $1")
    .bind(&application.id)
    .bind(&application.name)
    .bind(application.login_uri.as_deref())
    .bind(application.homepage_uri.as_deref())
    .bind_all(seconds(application.lifetimes))
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

fn seconds(lifetimes: Lifetimes) -> [db::Value; 4] {
    [
        lifetimes.access_token,
        lifetimes.id_token,
        lifetimes.refresh_token,
        lifetimes.authenticated_session,
    ]
    .map(|lifetime| i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX).into())
}

pub(super) async fn delete(tx: &mut Tx, id: &ApplicationId) -> Result<(), Error> {
    sql("delete from applications where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn secrets(tx: &mut Tx, id: &ApplicationId) -> Result<Secrets, Error> {
    sql("select secret, previous_secret from applications where id = $1")
        .bind(id)
        .fetch_one(tx)
        .await
}

pub(super) async fn set_secrets(
    tx: &mut Tx,
    id: &ApplicationId,
    secrets: &Secrets,
    now: Timestamp,
) -> Result<(), Error> {
    sql("
        update applications
           set secret = $2, previous_secret = $3, updated_at = $4
         where id = $1")
    .bind(id)
    .bind(secrets.current.as_deref())
    .bind(secrets.previous.as_deref())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn urls(tx: &mut Tx, id: &ApplicationId) -> Result<Vec<(String, String)>, Error> {
    sql("select kind, url from application_urls where application_id = $1 order by position, url")
        .bind(id)
        .fetch_all(tx)
        .await
}

/// Every address that an application of the environment has registered.
pub(super) async fn urls_of_all(
    tx: &mut Tx,
    environment: &EnvironmentId,
) -> Result<Vec<(String, String)>, Error> {
    sql("
        select distinct application_urls.kind, application_urls.url
          from application_urls
          join applications on applications.id = application_urls.application_id
         where applications.environment_id = $1")
    .bind(environment)
    .fetch_all(tx)
    .await
}

/// Adds the address behind the others, unless it is there already.
pub(super) async fn add_url(
    tx: &mut Tx,
    id: &ApplicationId,
    (kind, url): (UrlKind, &str),
) -> Result<(), Error> {
    sql("
        insert into application_urls (application_id, kind, url, position)
        values ($1, $2, $3, (select coalesce(max(position), 0) + 1
                               from application_urls
                              where application_id = $1
                                and kind = $2))
        on conflict (application_id, kind, url) do nothing")
    .bind(id)
    .bind(kind)
    .bind(url)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn remove_url(
    tx: &mut Tx,
    id: &ApplicationId,
    (kind, url): (UrlKind, &str),
) -> Result<(), Error> {
    sql("delete from application_urls where application_id = $1 and kind = $2 and url = $3")
        .bind(id)
        .bind(kind)
        .bind(url)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn remove_urls(
    tx: &mut Tx,
    id: &ApplicationId,
    kind: UrlKind,
) -> Result<(), Error> {
    sql("delete from application_urls where application_id = $1 and kind = $2")
        .bind(id)
        .bind(kind)
        .execute(tx)
        .await?;
    Ok(())
}
