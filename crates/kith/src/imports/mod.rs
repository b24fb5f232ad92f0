//! Bringing people over.

pub mod view;
