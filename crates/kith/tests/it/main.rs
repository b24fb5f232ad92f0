//! Black-box tests: the server on a real socket, asked as clients ask. Folders mirror the addresses.

#![expect(unreachable_pub, reason = "a test binary has no outside")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod admin;
mod api;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod demo;
// `cfg(test)` always holds here. It tells clippy that what helps the tests is test as well, and may unwrap.
#[cfg(test)]
mod harness;
#[cfg(test)]
mod oauth2;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod tidy;
