//! Adding an application.

use axum::response::Response;

use crate::applications::view::AddApplication;
use crate::applications::{self, CreateError, Kind, NewApplication};
use crate::http::{Form, Result};
use crate::pages::{Message, Notice, Problems};
use crate::team::Member;

pub(super) async fn show(member: Member) -> Response {
    member.show(&page(&member, &Form::default(), Problems::none()))
}

pub(super) async fn submit(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let Some(kind) = Kind::parse(form.get("type")) else {
        let problems = Problems::at("type", Message::new("application-error-type"));
        return Ok(member.show_again(&page(&member, &form, problems)));
    };
    let name = form.get("name").to_owned();
    let new = NewApplication { name, kind };
    let mut tx = member.cx.db().begin().await?;
    let application = match applications::create(&member.cx, &mut tx, new).await {
        Ok((application, _secret)) => application,
        Err(CreateError::Name) => {
            let problems = Problems::at("name", Message::new("application-error-name"));
            return Ok(member.show_again(&page(&member, &form, problems)));
        }
        Err(error) => return Err(error.into()),
    };
    tx.commit().await?;
    let said = Message::new("application-added-notice").with("name", application.name);
    let path = format!("/applications/{}", application.id);
    Ok(member.done(&path, &Notice::good(said)))
}

fn page(member: &Member, form: &Form, problems: Problems) -> AddApplication {
    AddApplication {
        action: member.url("/applications/new"),
        cancel_url: member.url("/applications"),
        name: form.get("name").to_owned(),
        kind: Kind::parse(form.get("type")).map_or("", Kind::as_str),
        problems,
    }
}
