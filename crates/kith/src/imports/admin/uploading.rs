//! The page of an import whose files are on their way, also of one whose sender has gone.

use axum::extract::Path;
use axum::response::Response;

use super::bring::said_of;
use super::{find, head, is_mapped, path};
use crate::error::{Coded as _, Kind};
use crate::http::{Form, Result};
use crate::imports::view::{Arriving, ArrivingFile, Uploading, size};
use crate::imports::{Arrived, Run, start, upload};
use crate::pages::Notice;
use crate::team::Member;

pub(super) async fn page(member: &Member, run: &Run) -> Result<Uploading> {
    let mut tx = member.cx.db().read().await?;
    let files = upload::arrived(&member.cx, &mut tx, &run.id).await?;
    let options = start::options(&member.cx, &mut tx, &run.id).await?;
    let source = options.source.as_deref().unwrap_or("auto");
    let is_told = !files.is_empty() && files.iter().all(|file| file.bytes.is_some());
    let is_here = |file: &Arrived| file.bytes == Some(file.received);
    let is_all_here = is_told && files.iter().all(is_here);
    let can_map = is_all_here && is_mapped(source);
    Ok(Uploading {
        head: head(member, run, ""),
        events_url: member.url(&path(run, "/events")),
        url: member.url(&path(run, "")),
        is_all_here,
        can_go_on: is_told,
        columns_url: can_map.then(|| member.url(&path(run, "/columns"))),
        anew_action: member.url(&format!("/users/import/{source}")),
        discard_action: member.url(&path(run, "/discard")),
        arriving: shown(files),
    })
}

/// How much is here now.
pub(super) async fn arriving(member: &Member, run: &Run) -> Result<Arriving> {
    let mut tx = member.cx.db().read().await?;
    Ok(shown(upload::arrived(&member.cx, &mut tx, &run.id).await?))
}

fn shown(files: Vec<Arrived>) -> Arriving {
    Arriving {
        files: files.into_iter().map(file).collect(),
    }
}

fn file(file: Arrived) -> ArrivingFile {
    let received = super::count(file.received);
    let bytes = file.bytes.map(super::count);
    ArrivingFile {
        name: file.name,
        received,
        bytes,
        received_text: size(received),
        bytes_text: bytes.map(size),
    }
}

/// Reads the files, all of which are here, to tell what would happen.
pub(super) async fn check(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let run = find(&member, &id).await?;
    match upload::complete(&member.cx, &run.id, None, true).await {
        Ok(run) => Ok(member.redirect(&path(&run, ""))),
        Err(error) if error.code().kind == Kind::Invalid => {
            Ok(member.done(&path(&run, ""), &Notice::bad(said_of(&error))))
        }
        Err(error) => Err(error.into()),
    }
}
