//! Kith: a self-hosted identity platform that moves people in without a password reset.
//!
//! One application cut by concept. `ARCHITECTURE.md` tells what each part owns and who may call whom; read the modules in the
//! order below.

pub mod config;
pub mod context;
pub mod error;
pub mod id;
pub mod paging;
pub mod secret;
pub mod time;

pub mod hashing;
pub mod http;
pub mod outgoing;

pub mod environments;
pub mod events;
pub mod settings;

pub mod apis;
pub mod applications;
pub mod keys;
pub mod organizations;
pub mod roles;
pub mod users;

pub mod credentials;
pub mod sessions;
pub mod tokens;

pub mod drip_feed;
pub mod exports;
pub mod imports;
pub mod team;
pub mod workflows;

pub mod gallery;
pub mod mail;
pub mod pages;
pub mod sign_in;

pub mod oidc;

pub mod cli;
pub mod demo;
pub mod installation;
pub mod server;
pub mod worker;

mod logging;
pub mod metrics;
pub mod openapi;
pub mod tls;

#[cfg(feature = "testing")]
pub mod testing;

mod migrations;
pub use migrations::MIGRATIONS;
