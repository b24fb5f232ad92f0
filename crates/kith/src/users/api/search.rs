//! Searching people.

use axum::extract::RawQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ReadUsers;
use super::body::{self, ListedUser};
use crate::error::Code;
use crate::http::cursor::page_size;
use crate::http::{Caller, Failure, Json, Query, Result, Success};
use crate::paging::{Order, Position, Wanted};
use crate::users;

/// What a search is for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchQuery {
    /// How many results a page has: 10 when nothing is said, 500 at most.
    page_size: Option<u32>,
    /// The beginning of an e-mail address, phone number or username, a part of the name, or an id. `*` finds everyone.
    query: Option<String>,
    /// Only users who were created after the one with this id.
    starting_after: Option<String>,
    /// Only users who were created before the one with this id.
    ending_before: Option<String>,
    /// What else to show, separated by commas: `organizations`, `identities`.
    expand: Option<String>,
}

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SearchBody {
    #[serde(flatten)]
    success: Success,
    /// The users, oldest first.
    results: Vec<ListedUser>,
}

/// Search users
///
/// The users whom a text fits, oldest first.
#[utoipa::path(get, path = "/api/v1/search/users", operation_id = "searchUsers", tag = "Search",
    params(SearchQuery),
    responses((status = 200, description = "The users.", body = SearchBody)),
    security(("kindeBearerAuth" = ["read:users"])))]
pub(super) async fn search_users(
    Caller { cx, .. }: Caller<ReadUsers>,
    Query(query): Query<SearchQuery>,
    RawQuery(raw): RawQuery,
) -> Result<Json<SearchBody>> {
    refuse_unknown_filters(raw.as_deref().unwrap_or_default())?;
    let is_backward = query.starting_after.is_none() && query.ending_before.is_some();
    let order = if is_backward {
        Order::NEWEST_FIRST
    } else {
        Order::OLDEST_FIRST
    };
    let position = query.starting_after.or(query.ending_before);
    let position = position.map(|id| Position {
        order,
        key: String::new(),
        id,
    });
    let wanted = Wanted::after(position, order, page_size(query.page_size));
    let text = query.query.unwrap_or_default();
    let text = if text == "*" { "" } else { text.as_str() };
    let mut tx = cx.db().read().await?;
    let mut page = users::search(&cx, &mut tx, text, &wanted).await?;
    if is_backward {
        page.items.reverse();
    }
    Ok(Json(SearchBody {
        success: Success::default(),
        results: body::listed(&mut tx, page.items, query.expand.as_deref()).await?,
    }))
}

/// A filter that we don't know must not be passed over: the answer would have more users than were asked for.
fn refuse_unknown_filters(query: &str) -> Result<()> {
    let names = url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name);
    let unknown = names
        .into_iter()
        .find(|name| name == "api_scopes" || name.starts_with("properties"));
    match unknown {
        Some(name) => Err(Failure::new(
            Code::INVALID_REQUEST,
            format!("users can't be searched by `{name}` yet; leave it out"),
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_we_do_not_know_is_refused() {
        assert!(refuse_unknown_filters("query=*&page_size=10&expand=properties").is_ok());
        for query in [
            "api_scopes=read",
            "properties%5Bcity%5D=Lund",
            "properties[city]=Lund",
        ] {
            assert!(refuse_unknown_filters(query).is_err(), "{query}");
        }
    }
}
