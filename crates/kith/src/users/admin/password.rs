//! A person's password, from outside: asking for a new one, setting a temporary one.

use axum::extract::Path;
use axum::response::Response;

use super::find;
use crate::credentials::password::{self, HashError, NewPassword, SetBy};
use crate::http::{Form, Result};
use crate::pages::{Message, Notice, Problems};
use crate::secret::Secret;
use crate::team::Member;
use crate::team::admin::words;
use crate::users::view::TemporaryPassword;
use crate::users::{self, User};

pub(super) async fn require_reset(
    member: Member,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let user = find(&member, &mut tx, &id).await?;
    users::request_password_reset(&member.cx, &mut tx, &user.id).await?;
    tx.commit().await?;
    let path = format!("/users/{}", user.id);
    let said = Message::new("user-reset-notice").with("name", user.display_name());
    let undo = member.url(&format!("{path}/cancel-reset"));
    Ok(member.done(&path, &Notice::good(said).with_undo(undo)))
}

pub(super) async fn cancel_reset(
    member: Member,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let user = find(&member, &mut tx, &id).await?;
    users::clear_password_reset(&member.cx, &mut tx, &user.id).await?;
    tx.commit().await?;
    let said = Message::new("user-reset-undone-notice").with("name", user.display_name());
    Ok(member.done(&format!("/users/{}", user.id), &Notice::good(said)))
}

pub(super) async fn ask(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let user = find(&member, &mut tx, &id).await?;
    Ok(member.show(&page(&member, &user, Problems::none())))
}

pub(super) async fn set(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().read().await?;
    let user = find(&member, &mut tx, &id).await?;
    drop(tx);
    let hash = match password::hash(&member.cx, &Secret::new(form.raw("new_password"))).await {
        Ok(hash) => hash,
        Err(HashError::Policy(error)) => {
            let problems = Problems::at("new_password", words::password(error));
            return Ok(member.show_again(&page(&member, &user, problems)));
        }
        Err(error) => return Err(error.into()),
    };
    let mut tx = member.cx.db().begin().await?;
    let user = find(&member, &mut tx, &id).await?;
    let new = NewPassword::temporary(SetBy::Dashboard);
    password::put(&member.cx, &mut tx, &user.id, &hash, &new).await?;
    tx.commit().await?;
    let said = Message::new("user-temporary-notice").with("name", user.display_name());
    Ok(member.done(&format!("/users/{}", user.id), &Notice::good(said)))
}

fn page(member: &Member, user: &User, problems: Problems) -> TemporaryPassword {
    let url = member.url(&format!("/users/{}", user.id));
    TemporaryPassword {
        name: user.display_name(),
        action: format!("{url}/temporary-password"),
        cancel_url: url,
        problems,
    }
}
