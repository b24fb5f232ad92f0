//! Small facts that many pages of the dashboard have in common.

use serde::Serialize;

use super::message::Message;

/// One part of a thing that has several: its details, its users, …
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tab {
    /// What it is called.
    pub label: Message,
    /// Where it is.
    pub url: String,
    /// Whether it is the one shown.
    pub is_current: bool,
}

/// One way of looking at a list. It is in the address, so that the view can be sent to a colleague.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// What it is called.
    pub label: Message,
    /// The value of the query key `show`; empty for everything.
    pub value: &'static str,
    /// The list, filtered so.
    pub url: String,
    /// Whether it is the one shown.
    pub is_current: bool,
}

/// One of a drop-down list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is submitted.
    pub value: &'static str,
    /// What is read.
    pub label: Message,
    /// Whether it is chosen.
    pub is_current: bool,
}

/// Where a list goes on: links made by the slice, because only it knows its filters and cursors.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pager {
    /// The page before, if there is one.
    pub previous: Option<String>,
    /// The page after, if there is one.
    pub next: Option<String>,
}
