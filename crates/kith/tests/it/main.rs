//! Black-box tests: the server on a real socket, asked as clients ask. Folders mirror the addresses.

#![expect(unreachable_pub, reason = "a test binary has no outside")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod admin;
mod api;
mod cli;
mod demo;
mod docs;
mod git_server;
mod harness;
mod oauth2;
mod pages;
mod security;
mod tidy;
