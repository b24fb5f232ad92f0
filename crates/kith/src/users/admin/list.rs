//! Users: the list, searched, filtered and cut into pages, all of it in the address.

use axum::response::Response;
use serde::Deserialize;

use super::{contact, source};
use crate::http::{Query, Result};
use crate::pages::{Filter, Message};
use crate::team::Member;
use crate::team::admin::listing::{Span, address};
use crate::time::Timestamp;
use crate::users::view::{UserList, UserRow};
use crate::users::{self, User};

/// What the address says.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    show: String,
    #[serde(flatten)]
    span: Span,
}

/// The ways of looking at the list: phrase, and value of `show`.
const FILTERS: &[(&str, &str)] = &[
    ("users-filter-all", ""),
    ("users-filter-active", "active"),
    ("users-filter-suspended", "suspended"),
    ("users-filter-imported", "imported"),
];

impl Asked {
    fn filter(&self) -> users::Filter {
        let is_suspended = match self.show.as_str() {
            "active" => Some(false),
            "suspended" => Some(true),
            _ => None,
        };
        users::Filter {
            is_suspended,
            is_imported: (self.show == "imported").then_some(true),
            text: self.q.clone(),
            ..users::Filter::default()
        }
    }
}

pub(super) async fn show(member: Member, Query(asked): Query<Asked>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let total = users::count(&member.cx, &mut tx).await?;
    let wanted = asked.span.wanted(true);
    let page = users::list(&member.cx, &mut tx, &asked.filter(), &wanted).await?;
    let action = member.url("/users");
    let (q, show) = (("q", asked.q.as_str()), ("show", asked.show.as_str()));
    let (rows, pager) = asked.span.settle(
        page,
        |user| user.id.as_str(),
        |at| address(&action, &[q, show, at]),
    );
    let filter = |&(label, value): &(&'static str, &'static str)| Filter {
        label: Message::new(label),
        value,
        url: address(&action, &[q, ("show", value)]),
        is_current: asked.show == value,
    };
    Ok(member.show(&UserList {
        total: u64::try_from(total).unwrap_or(0),
        filters: FILTERS.iter().map(filter).collect(),
        rows: rows.iter().map(|user| row(&member, user)).collect(),
        pager,
        import_url: member.url("/users/import"),
        add_url: member.url("/users/new"),
        action,
        q: asked.q,
    }))
}

fn row(member: &Member, user: &User) -> UserRow {
    let url = member.url(&format!("/users/{}", user.id));
    UserRow {
        name: user.display_name(),
        contact: contact(user),
        is_suspended: user.is_suspended,
        source: source(user),
        created_at: user.created_at.millis(),
        last_signed_in_at: user.last_signed_in_at.map(Timestamp::millis),
        suspend_action: format!("{url}/suspend"),
        unsuspend_action: format!("{url}/unsuspend"),
        delete_url: format!("{url}/delete"),
        url,
    }
}
