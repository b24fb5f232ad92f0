//! Adding a person.

use axum::response::Response;

use crate::http::{Form, Result};
use crate::pages::{Message, Notice, Problems};
use crate::team::Member;
use crate::users::view::AddUser;
use crate::users::{self, CreateError, EmailAddress, Identifier, NewIdentity, NewUser, Source};

pub(super) async fn show(member: Member) -> Response {
    member.show(&page(&member, &Form::default(), Problems::none()))
}

pub(super) async fn submit(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let refused = |message| {
        let problems = Problems::at("email", Message::new(message));
        Ok(member.show_again(&page(&member, &form, problems)))
    };
    let Ok(email) = EmailAddress::parse(form.get("email")) else {
        return refused("sign-in-error-identifier-shape");
    };
    let given = |field| Some(form.get(field).to_owned()).filter(|name| !name.is_empty());
    let address = email.as_str().to_owned();
    let new = NewUser {
        given_name: given("first_name"),
        family_name: given("last_name"),
        identities: vec![NewIdentity::new(Identifier::Email(email), false)],
        ..NewUser::from(Source::Dashboard)
    };
    let name = users::full_name(new.given_name.as_deref(), new.family_name.as_deref());
    let mut tx = member.cx.db().begin().await?;
    let created = match users::create(&member.cx, &mut tx, new, None).await {
        Ok(created) if created.is_new => created,
        Ok(_) | Err(CreateError::IdentityTaken) => return refused("users-error-email-taken"),
        Err(error) => return Err(error.into()),
    };
    tx.commit().await?;
    let said = Message::new("user-added-notice").with("name", name.unwrap_or(address));
    Ok(member.done(&format!("/users/{}", created.id), &Notice::good(said)))
}

fn page(member: &Member, form: &Form, problems: Problems) -> AddUser {
    AddUser {
        action: member.url("/users/new"),
        cancel_url: member.url("/users"),
        first_name: form.get("first_name").to_owned(),
        last_name: form.get("last_name").to_owned(),
        email: form.get("email").to_owned(),
        problems,
    }
}
