//! Authorize application: which applications may ask for tokens for an API.

use axum::extract::Path;
use axum::response::Response;

use super::{find, url};
use crate::apis;
use crate::apis::view::{Authorizable, Authorize};
use crate::applications;
use crate::http::{Form, Result};
use crate::pages::{Message, Notice};
use crate::team::Member;

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let api = find(&member, &mut tx, &id).await?;
    let authorized = apis::applications(&member.cx, &mut tx, &api.id).await?;
    let all = applications::list(&member.cx, &mut tx).await?;
    let choice = |application: applications::Application| Authorizable {
        is_authorized: authorized.iter().any(|found| found.id == application.id),
        client_id: application.id.to_string(),
        name: application.name,
        kind: application.kind.as_str(),
    };
    let url = url(&member, &api);
    Ok(member.show(&Authorize {
        api_name: api.name,
        action: format!("{url}/applications"),
        cancel_url: url,
        applications: all.into_iter().map(choice).collect(),
    }))
}

pub(super) async fn save(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let api = find(&member, &mut tx, &id).await?;
    let authorized = apis::applications(&member.cx, &mut tx, &api.id).await?;
    for application in applications::list(&member.cx, &mut tx).await? {
        let is_wanted = form
            .all("application")
            .any(|id| id == application.id.as_str());
        let is_authorized = authorized.iter().any(|found| found.id == application.id);
        let pair = (&api.id, &application.id);
        match (is_wanted, is_authorized) {
            (true, false) => {
                apis::authorize(&member.cx, &mut tx, pair).await?;
            }
            (false, true) => {
                apis::unauthorize(&member.cx, &mut tx, pair).await?;
            }
            _ => {}
        }
    }
    tx.commit().await?;
    let said = Message::new("api-authorized-saved-notice");
    Ok(member.done(&format!("/apis/{}", api.id), &Notice::good(said)))
}
