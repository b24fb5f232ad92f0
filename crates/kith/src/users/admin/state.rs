//! Suspending and deleting a person.

use axum::extract::Path;
use axum::response::Response;

use super::find;
use crate::http::{Form, Result};
use crate::pages::{Confirm, Message, Notice, Problems};
use crate::sessions;
use crate::team::Member;
use crate::users::{self, User};

pub(super) async fn suspend(
    member: Member,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let user = find(&member, &mut tx, &id).await?;
    users::suspend(&member.cx, &mut tx, &user.id).await?;
    sessions::end_all(&member.cx, &mut tx, &user.id).await?;
    tx.commit().await?;
    let path = format!("/users/{}", user.id);
    let said = Message::new("user-suspended-notice").with("name", user.display_name());
    let undo = member.url(&format!("{path}/unsuspend"));
    Ok(member.done(&path, &Notice::good(said).with_undo(undo)))
}

pub(super) async fn unsuspend(
    member: Member,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let user = find(&member, &mut tx, &id).await?;
    users::unsuspend(&member.cx, &mut tx, &user.id).await?;
    tx.commit().await?;
    let said = Message::new("user-unsuspended-notice").with("name", user.display_name());
    Ok(member.done(&format!("/users/{}", user.id), &Notice::good(said)))
}

pub(super) async fn ask_delete(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let user = find(&member, &mut tx, &id).await?;
    Ok(member.show(&question(&member, &user, Problems::none())))
}

pub(super) async fn delete(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let user = find(&member, &mut tx, &id).await?;
    if form.get("typed_name") != named(&user) {
        let problems = Problems::at("typed_name", Message::new("confirm-error-typed"));
        return Ok(member.show_again(&question(&member, &user, problems)));
    }
    users::delete(&member.cx, &mut tx, &user.id).await?;
    tx.commit().await?;
    let said = Message::new("user-deleted-notice").with("name", user.display_name());
    Ok(member.done("/users", &Notice::good(said)))
}

/// What has to be typed: the address says better than the name who it is.
fn named(user: &User) -> String {
    user.primary_email()
        .map_or_else(|| user.display_name(), str::to_owned)
}

fn question(member: &Member, user: &User, problems: Problems) -> Confirm {
    let url = member.url(&format!("/users/{}", user.id));
    Confirm {
        title: Message::new("user-delete-title").with("name", user.display_name()),
        what: vec![
            Message::new("user-delete-what"),
            Message::new("user-delete-sessions"),
        ],
        typed: Some(named(user)),
        action: format!("{url}/delete"),
        button: Message::new("user-delete"),
        cancel_url: url,
        problems,
    }
}
