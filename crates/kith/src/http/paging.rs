//! The paging parameters of the management API.

use serde::Deserialize;
use utoipa::IntoParams;

use super::cursor;
use super::error::{Failure, Result};
use crate::error::Code;
use crate::paging::{Key, Order, Page, Wanted};

/// Which part of a list a request wants, and in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// By what and in which direction the list is sorted, such as `name_asc`.
    pub sort: Option<String>,
    /// How many results a page has: 10 when nothing is said, 500 at most.
    pub page_size: Option<u32>,
    /// Where the next page begins: the `next_token` of the page before.
    pub next_token: Option<String>,
}

impl Paging {
    /// The wanted part of a list that can be sorted by these keys; by id when nothing is said.
    ///
    /// # Errors
    /// [`Code::INVALID_REQUEST`] for an order that the list doesn't know, [`Code::INVALID_CURSOR`] for a token that isn't ours.
    pub fn wanted(&self, keys: &[Key]) -> Result<Wanted> {
        let order = match self.sort.as_deref() {
            None => Order::OLDEST_FIRST,
            Some(text) => text
                .parse()
                .ok()
                .filter(|order: &Order| keys.contains(&order.key))
                .ok_or_else(|| unknown_order(text))?,
        };
        let position = cursor::decode(self.next_token.as_deref())?;
        Ok(Wanted::after(
            position,
            order,
            cursor::page_size(self.page_size),
        ))
    }
}

/// The token of the page after this one; none at the end of the list.
pub fn next_token<T>(page: &Page<T>) -> Option<String> {
    page.next.as_ref().map(cursor::encode)
}

/// The values of a list that is written with commas, without the spaces around them.
pub fn comma_separated(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

fn unknown_order(text: &str) -> Failure {
    Failure::new(
        Code::INVALID_REQUEST,
        format!(
            "this list can't be sorted by {text}; leave `sort` out, or see the operation's description"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(sort: &str) -> Paging {
        Paging {
            sort: Some(sort.to_owned()),
            ..Paging::default()
        }
    }

    #[test]
    fn a_list_is_sorted_only_by_what_it_knows() {
        let keys = [Key::Id, Key::Name];
        assert_eq!(
            by("name_asc").wanted(&keys).unwrap().order(),
            Order::BY_NAME
        );
        assert_eq!(
            by("email_asc").wanted(&keys).unwrap_err().code,
            Code::INVALID_REQUEST
        );
        assert_eq!(
            by("up").wanted(&keys).unwrap_err().code,
            Code::INVALID_REQUEST
        );
    }

    #[test]
    fn a_page_leads_to_the_next_and_a_strange_token_nowhere() {
        let first = Paging {
            page_size: Some(1),
            ..by("name_desc")
        };
        let wanted = first.wanted(&[Key::Name]).unwrap();
        let page = wanted.page(vec!["b", "a"], |row: &&str| (row, row));
        let second = Paging {
            next_token: next_token(&page),
            ..Paging::default()
        };
        assert!(second.wanted(&[Key::Name]).unwrap().order().is_descending);
        let strange = Paging {
            next_token: Some("MTo6OmlkX2FzYw==".into()),
            ..Paging::default()
        };
        assert_eq!(
            strange.wanted(&[Key::Name]).unwrap_err().code,
            Code::INVALID_CURSOR
        );
    }

    #[test]
    fn a_list_with_commas_may_have_spaces_and_gaps() {
        assert!(comma_separated(" a, b,,c ").eq(["a", "b", "c"]));
    }
}
