//! Registering an API.

use axum::response::Response;

use crate::apis::view::AddApi;
use crate::apis::{self, CreateError, NewApi};
use crate::http::{Form, Result};
use crate::pages::{Message, Notice, Problems};
use crate::team::Member;

pub(super) async fn show(member: Member) -> Response {
    member.show(&page(&member, &Form::default(), Problems::none()))
}

pub(super) async fn submit(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let new = NewApi {
        name: form.get("name").to_owned(),
        audience: form.get("audience").to_owned(),
    };
    let mut tx = member.cx.db().begin().await?;
    let (field, message) = match apis::create(&member.cx, &mut tx, new).await {
        Ok(api) => {
            tx.commit().await?;
            let said = Message::new("api-added-notice").with("name", api.name);
            return Ok(member.done(&format!("/apis/{}", api.id), &Notice::good(said)));
        }
        Err(CreateError::Name) => ("name", "api-error-name"),
        Err(CreateError::Audience) => ("audience", "api-error-audience"),
        Err(CreateError::AudienceTaken(_)) => ("audience", "api-error-audience-taken"),
        Err(error) => return Err(error.into()),
    };
    let problems = Problems::at(field, Message::new(message));
    Ok(member.show_again(&page(&member, &form, problems)))
}

fn page(member: &Member, form: &Form, problems: Problems) -> AddApi {
    AddApi {
        action: member.url("/apis/new"),
        cancel_url: member.url("/apis"),
        name: form.get("name").to_owned(),
        audience: form.get("audience").to_owned(),
        problems,
    }
}
