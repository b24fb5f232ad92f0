//! A new client secret.

use axum::extract::Path;
use axum::response::Response;

use super::find_editable;
use crate::applications::{self, Rotation};
use crate::http::{Form, Result};
use crate::pages::{Confirm, Message, Notice, Problems};
use crate::team::Member;

pub(super) async fn ask_rotate(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let application = find_editable(&member, &mut tx, &id).await?;
    let url = member.url(&format!("/applications/{}", application.id));
    Ok(member.show(&Confirm {
        title: Message::new("app-keys-rotate-title").with("name", application.name),
        what: vec![Message::new("app-keys-rotate-what")],
        typed: None,
        action: format!("{url}/rotate-secret"),
        button: Message::new("app-keys-rotate"),
        cancel_url: url,
        problems: Problems::none(),
    }))
}

pub(super) async fn rotate(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let application = find_editable(&member, &mut tx, &id).await?;
    let rotation = Rotation::ForgetPrevious;
    applications::rotate_secret(&member.cx, &mut tx, &application.id, rotation).await?;
    tx.commit().await?;
    let path = format!("/applications/{}", application.id);
    Ok(member.done(
        &path,
        &Notice::good(Message::new("app-keys-rotated-notice")),
    ))
}
