//! What happened to a person, and who did it.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use db::Tx;

use super::{find, head};
use crate::http::{Query, Result};
use crate::team::Member;
use crate::team::admin::listing::{Span, address};
use crate::users::view::{UserActivity, UserEvent};
use crate::users::{self, User};
use crate::{applications, events};

pub(super) async fn show(
    member: Member,
    Path(id): Path<String>,
    Query(span): Query<Span>,
) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let user = find(&member, &mut tx, &id).await?;
    let page = events::of_user(&member.cx, &mut tx, &user.id, &span.wanted(true)).await?;
    let url = member.url(&format!("/users/{}/activity", user.id));
    let (recorded, pager) = span.settle(page, |event| event.id.as_str(), |at| address(&url, &[at]));
    let mut names = HashMap::new();
    let mut rows = Vec::new();
    for event in recorded {
        if !names.contains_key(&event.actor) {
            let name = name(&member, &mut tx, &user, &event.actor).await?;
            names.insert(event.actor.clone(), name);
        }
        rows.push(UserEvent {
            kind: event.kind.replacen('_', ".", 1),
            by: names[&event.actor].clone(),
            at: event.created_at.millis(),
        });
    }
    let head = head(&member, &user, "/activity");
    Ok(member.show(&UserActivity { head, rows, pager }))
}

/// Who did something, by name where they are still there.
async fn name(member: &Member, tx: &mut Tx, user: &User, actor: &str) -> Result<String> {
    let name = match actor.split_once(':') {
        Some(("member", id)) => match id.parse() {
            Ok(id) => users::find(member.team(), tx, &id)
                .await?
                .map(|user| user.display_name()),
            Err(_) => None,
        },
        Some(("application", id)) => match id.parse() {
            Ok(id) => applications::find(&member.cx, tx, &id)
                .await
                .ok()
                .map(|found| found.name),
            Err(_) => None,
        },
        _ if actor == "browser" => Some(user.display_name()),
        _ if actor == "system" => Some("Kith".to_owned()),
        _ => None,
    };
    Ok(name.unwrap_or_else(|| actor.to_owned()))
}
