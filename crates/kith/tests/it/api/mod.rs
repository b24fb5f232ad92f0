//! The management API.

mod coverage;
mod organizations;
mod roles;
mod users;
