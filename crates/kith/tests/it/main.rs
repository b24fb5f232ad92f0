//! Black-box tests: the server on a real socket, asked as clients ask. Folders mirror the addresses.

mod api;
mod harness;
mod pages;
mod tidy;
