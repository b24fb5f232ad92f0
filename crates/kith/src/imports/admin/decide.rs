//! What somebody says about an import: do it, stop it, go on, forget it.

use axum::extract::Path;
use axum::response::Response;

use super::path;
use crate::http::{Form, Result};
use crate::imports::{self, NotFound};
use crate::pages::{Message, Notice};
use crate::team::Member;

pub(super) async fn start(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let id = id.parse().map_err(|_| NotFound)?;
    let mut tx = member.cx.db().begin().await?;
    let run = imports::confirm(&member.cx, &mut tx, &id, form.has("force")).await?;
    tx.commit().await?;
    member.cx.wake_worker();
    Ok(member.redirect(&path(&run, "")))
}

pub(super) async fn stop(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let id = id.parse().map_err(|_| NotFound)?;
    let mut tx = member.cx.db().begin().await?;
    let run = imports::stop(&member.cx, &mut tx, &id).await?;
    tx.commit().await?;
    Ok(member.redirect(&path(&run, "")))
}

pub(super) async fn resume(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let id = id.parse().map_err(|_| NotFound)?;
    let mut tx = member.cx.db().begin().await?;
    let run = imports::go_on(&member.cx, &mut tx, &id).await?;
    tx.commit().await?;
    member.cx.wake_worker();
    Ok(member.redirect(&path(&run, "")))
}

pub(super) async fn discard(
    member: Member,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let id = id.parse().map_err(|_| NotFound)?;
    let mut tx = member.cx.db().begin().await?;
    imports::discard(&member.cx, &mut tx, &id).await?;
    tx.commit().await?;
    let said = Message::new("import-discarded-notice");
    Ok(member.done("/users/import", &Notice::good(said)))
}
