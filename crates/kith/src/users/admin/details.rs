//! A person: profile, where they came from, how their password is kept.

use std::iter;

use axum::extract::Path;
use axum::response::Response;

use super::{find, head, label};
use crate::credentials::password::{self, Kept};
use crate::http::{Form, Result};
use crate::pages::{Message, Notice, Problems};
use crate::team::Member;
use crate::time::Timestamp;
use crate::users::view::{Origin, UserDetails};
use crate::users::{self, Changes, User};

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let user = find(&member, &mut tx, &id).await?;
    let kept = password::kept(&member.cx, &mut tx, &user.id).await?;
    Ok(member.show(&page(&member, &user, kept.as_ref())))
}

pub(super) async fn save(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let given = |field| Some(form.get(field).to_owned()).filter(|name| !name.is_empty());
    let changes = Changes {
        given_name: Some(given("first_name")),
        family_name: Some(given("last_name")),
        ..Changes::default()
    };
    let mut tx = member.cx.db().begin().await?;
    let user = find(&member, &mut tx, &id).await?;
    users::update(&member.cx, &mut tx, &user.id, changes).await?;
    tx.commit().await?;
    let saved = Notice::good(Message::new("user-saved-notice"));
    Ok(member.done(&format!("/users/{}", user.id), &saved))
}

fn page(member: &Member, user: &User, kept: Option<&Kept>) -> UserDetails {
    let url = member.url(&format!("/users/{}", user.id));
    let origin = user.import_run_id.as_ref().map(|run| Origin {
        source: label(&user.source).to_owned(),
        imported_at: user.created_at.millis(),
        run_url: Some(member.url(&format!("/users/imports/{run}"))),
    });
    UserDetails {
        head: head(member, user, ""),
        first_name: user.given_name.clone().unwrap_or_default(),
        last_name: user.family_name.clone().unwrap_or_default(),
        problems: Problems::none(),
        provided_id: user.provided_id.clone(),
        created_at: user.created_at.millis(),
        last_signed_in_at: user.last_signed_in_at.map(Timestamp::millis),
        total_sign_ins: u64::try_from(user.total_sign_ins).unwrap_or(0),
        origin,
        password_scheme: kept.map(|kept| scheme(&kept.description)),
        is_password_native: kept.is_some_and(|kept| kept.is_current),
        is_password_temporary: kept.is_some_and(|kept| kept.is_temporary),
        is_password_reset_requested: user.is_password_reset_requested,
        require_reset_action: format!("{url}/require-reset"),
        temporary_password_url: format!("{url}/temporary-password"),
        suspend_action: format!("{url}/suspend"),
        unsuspend_action: format!("{url}/unsuspend"),
        delete_url: format!("{url}/delete"),
        profile_action: url,
    }
}

/// The scheme with its costs: `bcrypt, cost 10`.
fn scheme(description: &::password::Description) -> String {
    let costs = description.parameters.iter().map(|(name, value)| {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        format!("{} {value}", name.replace('_', " "))
    });
    let parts: Vec<String> = iter::once(description.scheme.to_owned())
        .chain(costs)
        .collect();
    parts.join(", ")
}
