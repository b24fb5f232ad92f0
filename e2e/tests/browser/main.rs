//! The pages, in a real browser. One file for each thing that is looked at; see the crate's own page for how.

mod dashboard;
mod harness;
mod import;
mod moved;
mod owner;
mod recovery;
mod sign_in;
mod sign_up;
mod story;
