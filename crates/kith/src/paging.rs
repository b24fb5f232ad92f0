//! Pages of a list, cut by key and never by offset.
//!
//! An offset counts rows that come and go between two requests, so it skips some and repeats others, and the database reads
//! all that it skips. Here a page ends at a [`Position`]: the sort key of its last row, with the id to tell equal keys apart.
//! The position carries the order in which it was made, so a caller who changes the order midway still gets the rest of the
//! list that they began.

use std::str::FromStr;

use db::Value;
use serde::{Deserialize, Serialize};

/// By what a list is sorted. Which of them a list knows is its own affair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// By id, which is by age.
    Id,
    /// By name, then id.
    Name,
    /// By e-mail address, then id.
    Email,
}

/// A key and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// By what.
    pub key: Key,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

impl Order {
    /// The oldest first.
    pub const OLDEST_FIRST: Self = Self {
        key: Key::Id,
        is_descending: false,
    };
    /// The newest first.
    pub const NEWEST_FIRST: Self = Self {
        key: Key::Id,
        is_descending: true,
    };
    /// By name, from A on.
    pub const BY_NAME: Self = Self {
        key: Key::Name,
        is_descending: false,
    };
}

/// The text is no order, such as `name_asc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sort is one of id_asc, id_desc, name_asc, name_desc, email_asc, email_desc")]
pub struct InvalidOrder;

impl FromStr for Order {
    type Err = InvalidOrder;

    fn from_str(text: &str) -> Result<Self, InvalidOrder> {
        let (key, direction) = text.rsplit_once('_').ok_or(InvalidOrder)?;
        let key = match key {
            "id" => Key::Id,
            "name" => Key::Name,
            "email" => Key::Email,
            _ => return Err(InvalidOrder),
        };
        let is_descending = match direction {
            "asc" => false,
            "desc" => true,
            _ => return Err(InvalidOrder),
        };
        Ok(Self { key, is_descending })
    }
}

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The order of the list.
    pub order: Order,
    /// The sort key of the last row; empty when the list is sorted by id.
    pub key: String,
    /// The id of the last row.
    pub id: String,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    order: Order,
    after: Option<Position>,
    /// How many rows at most.
    pub size: u32,
}

impl Wanted {
    /// The first page of a list in this order.
    #[must_use]
    pub fn first(order: Order, size: u32) -> Self {
        Self {
            order,
            after: None,
            size,
        }
    }

    /// The page after a position, in the position's order; the first page in `order` when there is none.
    #[must_use]
    pub fn after(position: Option<Position>, order: Order, size: u32) -> Self {
        Self {
            order: position.as_ref().map_or(order, |position| position.order),
            after: position,
            size,
        }
    }

    /// The order of the list.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// The end of a query, after its last condition, and the values to bind there: the comparison with the position, the
    /// order, and the limit of one row more than wanted. `key` is the column of the sort key, none for a list by id alone;
    /// the parameters begin at `$first`.
    #[must_use]
    pub fn clause(&self, key: Option<&str>, id: &str, first: usize) -> (String, Vec<Value>) {
        let direction = if self.order.is_descending {
            "desc"
        } else {
            "asc"
        };
        let after = if self.order.is_descending { "<" } else { ">" };
        let mut values = Vec::new();
        let mut after_position = String::new();
        if let Some(position) = &self.after {
            after_position = match key {
                Some(key) => {
                    values.push(Value::from(&position.key));
                    format!("and ({key}, {id}) {after} (${first}, ${}) ", first + 1)
                }
                None => format!("and {id} {after} ${first} "),
            };
            values.push(Value::from(&position.id));
        }
        let by_key = key.map(|key| format!("{key} {direction}, "));
        let by_key = by_key.unwrap_or_default();
        let limit = first + values.len();
        values.push(Value::from(self.size.saturating_add(1)));
        (
            format!("{after_position}order by {by_key}{id} {direction} limit ${limit}"),
            values,
        )
    }

    /// The page from the rows of a query that ended with [`Wanted::clause`]. `key_of` gives a row's sort key and id.
    pub fn page<T>(&self, mut rows: Vec<T>, key_of: impl Fn(&T) -> (&str, &str)) -> Page<T> {
        let size = self.size as usize;
        let has_more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().filter(|_| has_more).map(|last| {
            let (key, id) = key_of(last);
            Position {
                order: self.order,
                key: key.to_owned(),
                id: id.to_owned(),
            }
        });
        Page { items: rows, next }
    }
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; none at the end of the list.
    pub next: Option<Position>,
}

impl<T> Page<T> {
    /// The same page with other rows.
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(convert).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of a row that is its own key and id.
    fn itself<'a>(row: &'a &str) -> (&'a str, &'a str) {
        (row, row)
    }

    #[test]
    fn an_order_reads_as_clients_write_it() {
        assert_eq!("name_asc".parse(), Ok(Order::BY_NAME));
        assert_eq!("id_desc".parse(), Ok(Order::NEWEST_FIRST));
        for text in ["", "name", "name_up", "age_asc"] {
            assert_eq!(text.parse::<Order>(), Err(InvalidOrder), "{text}");
        }
    }

    #[test]
    fn a_row_more_than_wanted_means_that_there_is_a_next_page() {
        let wanted = Wanted::first(Order::BY_NAME, 2);
        let page = wanted.page(vec!["a", "b", "c"], itself);
        assert_eq!(page.items, ["a", "b"]);
        assert_eq!(page.next.unwrap().id, "b");
        assert_eq!(wanted.page(vec!["a", "b"], itself).next, None);
    }

    #[test]
    fn a_page_ends_with_comparison_order_and_limit() {
        let first = Wanted::first(Order::BY_NAME, 2);
        let (text, values) = first.clause(Some("name"), "id", 2);
        assert_eq!(text, "order by name asc, id asc limit $2");
        assert_eq!(values.len(), 1);
        let page = first.page(vec!["a", "b", "c"], itself);
        let (text, values) =
            Wanted::after(page.next, Order::BY_NAME, 2).clause(Some("name"), "id", 2);
        assert_eq!(
            text,
            "and (name, id) > ($2, $3) order by name asc, id asc limit $4"
        );
        assert_eq!(values.len(), 3);
    }

    #[test]
    fn a_position_keeps_its_order_whatever_is_asked_later() {
        let page = Wanted::first(Order::NEWEST_FIRST, 1).page(vec!["b", "a"], itself);
        let wanted = Wanted::after(page.next, Order::BY_NAME, 1);
        assert_eq!(wanted.order(), Order::NEWEST_FIRST);
    }
}
