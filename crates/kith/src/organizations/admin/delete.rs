//! Deleting an organization.

use axum::extract::Path;
use axum::response::Response;

use super::{find, url};
use crate::http::{Form, Result};
use crate::organizations::{self, DeleteError, Organization};
use crate::pages::{Confirm, Message, Notice, Problems};
use crate::team::Member;

pub(super) async fn ask(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let organization = find(&member, &mut tx, &id).await?;
    if organization.is_default {
        return Err(DeleteError::IsDefault.into());
    }
    Ok(member.show(&question(&member, &organization, Problems::none())))
}

pub(super) async fn delete(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let organization = find(&member, &mut tx, &id).await?;
    if form.get("typed_name") != organization.name {
        let problems = Problems::at("typed_name", Message::new("confirm-error-typed"));
        return Ok(member.show_again(&question(&member, &organization, problems)));
    }
    organizations::delete(&member.cx, &mut tx, &organization.id).await?;
    tx.commit().await?;
    let said = Message::new("organization-deleted-notice").with("name", organization.name);
    Ok(member.done("/organizations", &Notice::good(said)))
}

fn question(member: &Member, organization: &Organization, problems: Problems) -> Confirm {
    let url = url(member, organization);
    Confirm {
        title: Message::new("organization-delete-title").with("name", organization.name.as_str()),
        what: vec![
            Message::new("organization-delete-lead"),
            Message::new("confirm-for-good"),
        ],
        typed: Some(organization.name.clone()),
        action: format!("{url}/delete"),
        button: Message::new("organization-delete"),
        cancel_url: url,
        problems,
    }
}
