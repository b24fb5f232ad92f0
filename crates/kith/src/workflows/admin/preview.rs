//! The links with which a version is tried that is not live.

use axum::extract::Path;
use axum::response::Response;

use super::{find, head, path, refused, url};
use crate::applications;
use crate::http::Result;
use crate::team::Member;
use crate::workflows::view::{PreviewLink, PreviewVersion};
use crate::workflows::{preview, versions};

pub(super) async fn show(
    member: Member,
    Path((id, version)): Path<(String, String)>,
) -> Result<Response> {
    let cx = &member.cx;
    let mut tx = cx.db().read().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    let found = versions::find_version(cx, &mut tx, &id, &version).await?;
    let pass = match preview::pass(cx, &mut tx, &id, &version).await {
        Ok(pass) => pass,
        Err(error) => return refused(&member, &format!("{}/versions", path(&workflow)), error),
    };
    let mut links = Vec::new();
    for application in applications::list(cx, &mut tx).await? {
        if preview::callback(cx, &mut tx, &application)
            .await?
            .is_some()
        {
            links.push(PreviewLink {
                url: preview::link(cx, &mut tx, &application.id, &pass).await?,
                application: application.name,
            });
        }
    }
    Ok(member.show(&PreviewVersion {
        head: head(&member, &workflow, "/versions"),
        versions_url: format!("{}/versions", url(&member, &workflow)),
        number: found.number,
        links,
        parameter: preview::PARAMETER,
        pass: pass.text,
        expires_at: pass.expires_at.millis(),
    }))
}
