//! Filled next.

pub mod gallery;
pub mod mail;
pub mod pages;
pub mod sign_in;
