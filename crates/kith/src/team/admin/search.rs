//! The search box of the dashboard: what was typed, among settings, applications and people.

use axum::response::Response;
use serde::Deserialize;

use crate::http::{Query, Result};
use crate::paging::{Order, Wanted};
use crate::team::Member;
use crate::team::view::{Found, Search};
use crate::{applications, users};

/// People that are shown at most; the list of users finds the rest.
const MAX_PEOPLE: u32 = 20;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

pub(super) async fn show(member: Member, Query(asked): Query<Asked>) -> Result<Response> {
    let q = asked.q.trim();
    let mut found = Vec::new();
    if !q.is_empty() {
        found.extend(applications(&member, q).await?);
        found.extend(people(&member, q).await?);
    }
    Ok(member.show(&Search { found, q: q.to_owned() }))
}

async fn applications(member: &Member, q: &str) -> Result<Vec<Found>> {
    let mut tx = member.cx.db().read().await?;
    let all = applications::list(&member.cx, &mut tx).await?;
    let wanted = q.to_lowercase();
    let fits = |name: &str, id: &str| name.to_lowercase().contains(&wanted) || id == q;
    Ok(all
        .into_iter()
        .filter(|application| fits(&application.name, application.id.as_str()))
        .map(|application| Found {
            icon: "app",
            detail: application.id.to_string(),
            url: member.url(&format!("/applications/{}", application.id)),
            title: application.name,
        })
        .collect())
}

async fn people(member: &Member, q: &str) -> Result<Vec<Found>> {
    let mut tx = member.cx.db().read().await?;
    let wanted = Wanted::first(Order::NEWEST_FIRST, MAX_PEOPLE);
    let page = users::search(&member.cx, &mut tx, q, &wanted).await?;
    let people = page.items.into_iter().map(|user| Found {
        icon: "user",
        title: user.display_name(),
        detail: user.email.clone().unwrap_or_else(|| user.id.to_string()),
        url: member.url(&format!("/users/{}", user.id)),
    });
    Ok(people.collect())
}
