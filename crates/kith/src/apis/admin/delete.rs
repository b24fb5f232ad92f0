//! Deleting an API.

use axum::extract::Path;
use axum::response::Response;

use super::{find, url};
use crate::apis::{self, Api, DeleteError};
use crate::http::{Form, Result};
use crate::pages::{Confirm, Message, Notice, Problems};
use crate::team::Member;

pub(super) async fn ask(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let api = find(&member, &mut tx, &id).await?;
    if api.is_management_api {
        return Err(DeleteError::Builtin.into());
    }
    Ok(member.show(&question(&member, &api, Problems::none())))
}

pub(super) async fn delete(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let api = find(&member, &mut tx, &id).await?;
    if form.get("typed_name") != api.name {
        let problems = Problems::at("typed_name", Message::new("confirm-error-typed"));
        return Ok(member.show_again(&question(&member, &api, problems)));
    }
    apis::delete(&member.cx, &mut tx, &api.id).await?;
    tx.commit().await?;
    let said = Message::new("api-deleted-notice").with("name", api.name);
    Ok(member.done("/apis", &Notice::good(said)))
}

fn question(member: &Member, api: &Api, problems: Problems) -> Confirm {
    let url = url(member, api);
    Confirm {
        title: Message::new("api-delete-title").with("name", api.name.as_str()),
        what: vec![
            Message::new("api-delete-lead"),
            Message::new("confirm-for-good"),
        ],
        typed: Some(api.name.clone()),
        action: format!("{url}/delete"),
        button: Message::new("api-delete"),
        cancel_url: url,
        problems,
    }
}
