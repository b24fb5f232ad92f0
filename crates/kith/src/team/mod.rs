//! The people who run this installation, and their dashboard.

pub mod view;
