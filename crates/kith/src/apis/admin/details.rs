//! An API's page, with its scopes.

use axum::extract::Path;
use axum::response::Response;
use db::Tx;

use super::{find, url};
use crate::apis::view::{ApiDetails, ApplicationLink, ScopeRow};
use crate::apis::{self, Api, NewScope, Scope, ScopeError};
use crate::error::Code;
use crate::http::{Failure, Form, Result};
use crate::pages::{Message, Notice, Problems};
use crate::team::Member;

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let api = find(&member, &mut tx, &id).await?;
    let page = page(&member, &mut tx, &api, &Form::default(), Problems::none()).await?;
    Ok(member.show(&page))
}

pub(super) async fn add_scope(
    member: Member,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let new = NewScope {
        key: form.get("key").to_owned(),
        description: Some(form.get("description").to_owned()).filter(|text| !text.is_empty()),
    };
    let mut tx = member.cx.db().begin().await?;
    let api = find(&member, &mut tx, &id).await?;
    let message = match apis::add_scope(&member.cx, &mut tx, &api.id, new).await {
        Ok(scope) => {
            tx.commit().await?;
            let said = Message::new("api-scope-added-notice").with("scope", scope.key);
            return Ok(member.done(&format!("/apis/{}", api.id), &Notice::good(said)));
        }
        Err(ScopeError::Key) => "api-scope-error-key",
        Err(ScopeError::Reserved(_)) => "api-scope-error-reserved",
        Err(ScopeError::KeyTaken(_)) => "api-scope-error-taken",
        Err(error) => return Err(error.into()),
    };
    drop(tx);
    let mut tx = member.cx.db().read().await?;
    let problems = Problems::at("key", Message::new(message));
    let page = page(&member, &mut tx, &api, &form, problems).await?;
    Ok(member.show_again(&page))
}

pub(super) async fn delete_scope(
    member: Member,
    Path((id, scope)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let Ok(scope) = scope.parse() else {
        return Err(Failure::new(
            Code::SCOPE_NOT_FOUND,
            "there is no such scope",
        ));
    };
    let mut tx = member.cx.db().begin().await?;
    let api = find(&member, &mut tx, &id).await?;
    let found = apis::find_scope(&member.cx, &mut tx, (&api.id, &scope)).await?;
    apis::delete_scope(&member.cx, &mut tx, (&api.id, &scope)).await?;
    tx.commit().await?;
    let said = Message::new("api-scope-deleted-notice").with("scope", found.key);
    Ok(member.done(&format!("/apis/{}", api.id), &Notice::good(said)))
}

async fn page(
    member: &Member,
    tx: &mut Tx,
    api: &Api,
    form: &Form,
    problems: Problems,
) -> Result<ApiDetails> {
    let url = url(member, api);
    let scope = |scope: Scope| ScopeRow {
        delete_action: (!api.is_management_api)
            .then(|| format!("{url}/scopes/{}/delete", scope.id)),
        key: scope.key,
        description: scope.description.unwrap_or_default(),
    };
    let authorized = apis::applications(&member.cx, tx, &api.id).await?;
    let application = |found: apis::AuthorizedApplication| ApplicationLink {
        url: member.url(&format!("/applications/{}", found.id)),
        name: found.name,
        is_current: false,
    };
    let scopes = apis::scopes(&member.cx, tx, &api.id).await?;
    Ok(ApiDetails {
        id: api.id.to_string(),
        name: api.name.clone(),
        audience: api.audience.clone(),
        is_management: api.is_management_api,
        list_url: member.url("/apis"),
        applications: authorized.into_iter().map(application).collect(),
        scopes: scopes.into_iter().map(scope).collect(),
        authorize_url: format!("{url}/applications"),
        scopes_url: format!("{url}/scopes"),
        add_scope_action: format!("{url}/scopes/new"),
        scope_key: form.get("key").to_owned(),
        scope_description: form.get("description").to_owned(),
        delete_url: format!("{url}/delete"),
        problems,
    })
}
