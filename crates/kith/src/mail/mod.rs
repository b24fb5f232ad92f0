//! Messages to people.

pub mod view;
