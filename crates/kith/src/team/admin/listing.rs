//! Pages of a list, forwards and backwards, with the place in the address.
//!
//! A list goes by id, newest or oldest first; `after` and `before` name the row at which a page begins or ends, so an address
//! shows the same rows whatever was added meanwhile, and can be sent to a colleague.

use serde::Deserialize;
use url::form_urlencoded;

use crate::pages::Pager;
use crate::paging::{Key, Order, Page, Position, Wanted};

/// Rows on a page.
pub const SIZE: u32 = 50;

/// Which page of a list an address asks for; the first one when it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Span {
    after: Option<String>,
    before: Option<String>,
}

impl Span {
    /// What the use case is asked for.
    #[must_use]
    pub fn wanted(&self, is_newest_first: bool) -> Wanted {
        let is_backward = self.before().is_some();
        let order = Order {
            key: Key::Id,
            is_descending: is_newest_first != is_backward,
        };
        let position = self.before().or(self.after()).map(|id| Position {
            order,
            key: String::new(),
            id: id.to_owned(),
        });
        Wanted::after(position, order, SIZE)
    }

    /// The rows in the list's order, and the links to the pages around them. `url` makes an address of the same list from the
    /// parameter that it adds.
    pub fn settle<T>(
        &self,
        page: Page<T>,
        id_of: impl Fn(&T) -> &str,
        url: impl Fn((&str, &str)) -> String,
    ) -> (Vec<T>, Pager) {
        let has_more = page.next.is_some();
        let mut rows = page.items;
        let is_backward = self.before().is_some();
        if is_backward {
            rows.reverse();
        }
        let (has_previous, has_next) = if is_backward {
            (has_more, true)
        } else {
            (self.after().is_some(), has_more)
        };
        let first = rows.first().filter(|_| has_previous);
        let last = rows.last().filter(|_| has_next);
        let pager = Pager {
            previous: first.map(|row| url(("before", id_of(row)))),
            next: last.map(|row| url(("after", id_of(row)))),
        };
        (rows, pager)
    }

    fn after(&self) -> Option<&str> {
        self.after.as_deref().filter(|id| !id.is_empty())
    }

    fn before(&self) -> Option<&str> {
        self.before.as_deref().filter(|id| !id.is_empty())
    }
}

/// An address with the parameters that say something.
#[must_use]
pub fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: &[&'static str], has_more: bool) -> Page<&'static str> {
        Page {
            items: rows.to_vec(),
            next: has_more.then(|| Position {
                order: Order::NEWEST_FIRST,
                key: String::new(),
                id: String::new(),
            }),
        }
    }

    fn settled(span: &Span, page: Page<&'static str>) -> (Vec<&'static str>, Pager) {
        span.settle(
            page,
            |row| row,
            |parameter| address("/users", &[("q", "a b"), parameter]),
        )
    }

    fn span(after: &str, before: &str) -> Span {
        Span {
            after: Some(after.into()),
            before: Some(before.into()),
        }
    }

    #[test]
    fn the_first_page_has_no_page_before_it() {
        let (rows, pager) = settled(&Span::default(), page(&["c", "b"], true));
        assert_eq!(rows, ["c", "b"]);
        assert_eq!(pager.previous, None);
        assert_eq!(pager.next.unwrap(), "/users?q=a+b&after=b");
    }

    #[test]
    fn a_page_in_the_middle_leads_both_ways() {
        let (_, pager) = settled(&span("c", ""), page(&["b"], true));
        assert_eq!(pager.previous.unwrap(), "/users?q=a+b&before=b");
        assert_eq!(pager.next.unwrap(), "/users?q=a+b&after=b");
    }

    #[test]
    fn a_page_that_was_read_backwards_is_shown_forwards() {
        let span = span("", "a");
        assert_eq!(span.wanted(true).order(), Order::OLDEST_FIRST);
        let (rows, pager) = settled(&span, page(&["b", "c"], false));
        assert_eq!(rows, ["c", "b"]);
        assert_eq!(pager.previous, None);
        assert_eq!(pager.next.unwrap(), "/users?q=a+b&after=b");
    }

    #[test]
    fn an_address_says_only_what_there_is_to_say() {
        assert_eq!(address("/users", &[("q", ""), ("show", "")]), "/users");
        assert_eq!(
            address("/users", &[("q", "é&"), ("show", "")]),
            "/users?q=%C3%A9%26"
        );
    }
}
