//! Adding an organization.

use axum::response::Response;

use super::problems;
use crate::http::{Form, Result};
use crate::organizations::view::AddOrganization;
use crate::organizations::{self, NewOrganization};
use crate::pages::{Message, Notice, Problems};
use crate::team::Member;

pub(super) async fn show(member: Member) -> Response {
    member.show(&page(&member, &Form::default(), Problems::none()))
}

pub(super) async fn submit(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let new = NewOrganization {
        name: form.get("name").to_owned(),
        external_id: Some(form.get("external_id").to_owned()),
        ..NewOrganization::default()
    };
    let mut tx = member.cx.db().begin().await?;
    match organizations::create(&member.cx, &mut tx, new).await {
        Ok(organization) => {
            tx.commit().await?;
            let said = Message::new("organization-added-notice").with("name", organization.name);
            let path = format!("/organizations/{}", organization.id);
            Ok(member.done(&path, &Notice::good(said)))
        }
        Err(error) => {
            let problems = problems(error)?;
            Ok(member.show_again(&page(&member, &form, problems)))
        }
    }
}

fn page(member: &Member, form: &Form, problems: Problems) -> AddOrganization {
    AddOrganization {
        action: member.url("/organizations/new"),
        cancel_url: member.url("/organizations"),
        name: form.get("name").to_owned(),
        external_id: form.get("external_id").to_owned(),
        problems,
    }
}
