//! Manage scopes: what an authorized application may do with an API.

use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use super::{find, url};
use crate::apis::view::{ApplicationLink, ManageScopes, ScopeChoice};
use crate::apis::{self, AuthorizeError, AuthorizedApplication};
use crate::http::{Form, Query, Result};
use crate::pages::{Message, Notice};
use crate::team::Member;
use crate::team::admin::listing::address;

/// Whose scopes; the first authorized application's when it isn't said.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    application: String,
}

impl Asked {
    fn choose<'a>(&self, all: &'a [AuthorizedApplication]) -> Option<&'a AuthorizedApplication> {
        let named = all
            .iter()
            .find(|found| found.id.as_str() == self.application);
        named.or(all.first())
    }
}

pub(super) async fn show(
    member: Member,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let api = find(&member, &mut tx, &id).await?;
    let all = apis::applications(&member.cx, &mut tx, &api.id).await?;
    let shown = asked.choose(&all);
    let mut scopes = Vec::new();
    if let Some(shown) = shown {
        let enabled = apis::enabled_scopes(&member.cx, &mut tx, &api.id, &shown.id).await?;
        for scope in apis::scopes(&member.cx, &mut tx, &api.id).await? {
            scopes.push(ScopeChoice {
                is_enabled: enabled.contains(&scope.id),
                key: scope.key,
                description: scope.description.unwrap_or_default(),
            });
        }
    }
    let url = url(&member, &api);
    let of = |id: &str| address(&format!("{url}/scopes"), &[("application", id)]);
    let link = |found: &AuthorizedApplication| ApplicationLink {
        name: found.name.clone(),
        url: of(found.id.as_str()),
        is_current: shown.is_some_and(|shown| shown.id == found.id),
    };
    Ok(member.show(&ManageScopes {
        api_name: api.name,
        applications: all.iter().map(link).collect(),
        application_name: shown.map(|shown| shown.name.clone()).unwrap_or_default(),
        action: of(shown.map_or("", |shown| shown.id.as_str())),
        authorize_url: format!("{url}/applications"),
        cancel_url: url,
        scopes,
    }))
}

pub(super) async fn save(
    member: Member,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let api = find(&member, &mut tx, &id).await?;
    let all = apis::applications(&member.cx, &mut tx, &api.id).await?;
    // The address must name one: saving for another application than the one that was looked at would be worse than failing.
    let named = all
        .iter()
        .find(|found| found.id.as_str() == asked.application);
    let application = named.ok_or(AuthorizeError::NotAuthorized)?;
    let scopes = apis::scopes(&member.cx, &mut tx, &api.id).await?;
    let is_wanted = |key: &str| form.all("scope").any(|wanted| wanted == key);
    let wanted: Vec<_> = scopes
        .into_iter()
        .filter(|scope| is_wanted(&scope.key))
        .map(|scope| scope.id)
        .collect();
    apis::set_scopes(&member.cx, &mut tx, (&api.id, &application.id), &wanted).await?;
    tx.commit().await?;
    let said = Message::new("api-scopes-saved-notice")
        .with("application", application.name.as_str())
        .with("count", u64::try_from(wanted.len()).unwrap_or(u64::MAX));
    Ok(member.done(&format!("/apis/{}", api.id), &Notice::good(said)))
}
