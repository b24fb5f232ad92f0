//! Organizations: the list, searched and cut into pages.

use axum::response::Response;
use serde::Deserialize;

use super::url;
use crate::http::{Query, Result};
use crate::organizations;
use crate::organizations::view::{OrganizationList, OrganizationRow};
use crate::team::Member;
use crate::team::admin::listing::{Span, address};

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(flatten)]
    span: Span,
}

pub(super) async fn show(member: Member, Query(asked): Query<Asked>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let wanted = asked.span.wanted(false);
    let page = organizations::search(&member.cx, &mut tx, &asked.q, &wanted).await?;
    let action = member.url("/organizations");
    let q = ("q", asked.q.as_str());
    let (found, pager) = asked.span.settle(
        page,
        |organization| organization.id.as_str(),
        |at| address(&action, &[q, at]),
    );
    let mut rows = Vec::new();
    for organization in found {
        let members = organizations::count_members(&mut tx, &organization.id).await?;
        rows.push(OrganizationRow {
            url: url(&member, &organization),
            code: organization.id.to_string(),
            name: organization.name,
            is_default: organization.is_default,
            members: u64::try_from(members).unwrap_or(0),
            created_at: organization.created_at.millis(),
        });
    }
    Ok(member.show(&OrganizationList {
        action,
        q: asked.q,
        rows,
        pager,
        import_url: member.url("/organizations/import"),
        add_url: member.url("/organizations/new"),
    }))
}
