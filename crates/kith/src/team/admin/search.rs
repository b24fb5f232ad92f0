//! The search box of the dashboard: what was typed, among settings, applications, organizations and people.

use axum::response::Response;
use serde::Deserialize;

use crate::http::{Query, Result};
use crate::paging::{Order, Wanted};
use crate::team::Member;
use crate::team::view::{Found, Search};
use crate::{applications, organizations, settings, users};

/// Things of a kind that are shown at most; the lists find the rest.
const MOST: u32 = 20;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

pub(super) async fn show(member: Member, Query(asked): Query<Asked>) -> Result<Response> {
    let q = asked.q.trim();
    let mut found = Vec::new();
    if !q.is_empty() {
        found.extend(places(&member, q));
        found.extend(applications(&member, q).await?);
        found.extend(organizations(&member, q).await?);
        found.extend(people(&member, q).await?);
    }
    Ok(member.show(&Search {
        found,
        q: q.to_owned(),
    }))
}

/// The places among the settings whose name, group or text has what was typed.
fn places(member: &Member, q: &str) -> Vec<Found> {
    let wanted = q.to_lowercase();
    let mut found = Vec::new();
    for group in settings::admin::groups(member) {
        let of = member.say(&group.title);
        for entry in group.entries {
            let (title, text) = (member.say(&entry.title), member.say(&entry.text));
            // As guides write it: "Settings > Environment > Applications".
            let whole = format!("{of} > {title} {text}").to_lowercase();
            if whole.contains(&wanted) {
                found.push(Found {
                    icon: entry.icon,
                    title,
                    detail: text,
                    url: entry.url,
                });
            }
        }
    }
    found
}

async fn organizations(member: &Member, q: &str) -> Result<Vec<Found>> {
    let mut tx = member.cx.db().read().await?;
    let wanted = Wanted::first(Order::NEWEST_FIRST, MOST);
    let page = organizations::search(&member.cx, &mut tx, q, &wanted).await?;
    let organizations = page.items.into_iter().map(|organization| Found {
        icon: "organization",
        detail: organization.id.to_string(),
        url: member.url(&format!("/organizations/{}", organization.id)),
        title: organization.name,
    });
    Ok(organizations.collect())
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
    let wanted = Wanted::first(Order::NEWEST_FIRST, MOST);
    let page = users::search(&member.cx, &mut tx, q, &wanted).await?;
    let people = page.items.into_iter().map(|user| Found {
        icon: "user",
        title: user.display_name(),
        detail: user.email.clone().unwrap_or_else(|| user.id.to_string()),
        url: member.url(&format!("/users/{}", user.id)),
    });
    Ok(people.collect())
}
