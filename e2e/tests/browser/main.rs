//! The pages, in a real browser. One file for each thing that is looked at; see the crate's own page for how.

mod harness;
