//! The people who run this installation, and their dashboard.
//!
//! The team lives in a built-in environment of its own ([`crate::environments::TEAM`]) and signs in to the dashboard as
//! everybody signs in to anything here, so that every way of signing in serves the team, too. Being a user there is not
//! enough: a row of `team_members` says who administers the business. The first of them, the owner, sets up their account
//! by a link that works once ([`setup`]).
//!
//! The dashboard has no powers of its own. Its screens lie with their slices (`users/admin.rs`, …), call the use cases that
//! the management API calls, and get a [`Member`], which is both who asks and the context of the environment that is
//! administered. What is common to the screens is here: the frame around them, what was done last, Home, search.

pub mod admin;
pub mod setup;
mod store;
pub mod view;

use std::sync::Arc;

use db::Tx;

pub use admin::{Member, routes};

use crate::context::Context;
use crate::environments::Environment;
use crate::id::UserId;
use crate::settings::{self, Policies};

/// The environment that the dashboard administers; the server hands it to every screen.
#[derive(Debug, Clone)]
pub struct Administered(pub Arc<Environment>);

/// What somebody is to the business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Set the installation up. A business has one.
    Owner,
    /// Administers it.
    Admin,
}

impl Role {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Owner, Self::Admin]
            .into_iter()
            .find(|role| role.as_str() == text)
    }
}

/// What a user of the team's environment is to the business; none when they may not administer it.
///
/// # Errors
/// When the database fails.
pub async fn role(cx: &Context, tx: &mut Tx, user: &UserId) -> Result<Option<Role>, db::Error> {
    let stored = store::role(tx, cx, user).await?;
    Ok(stored.as_deref().and_then(Role::parse))
}

/// Prepares the team's environment, whose context is `cx`: nobody makes an account there by themselves. Can be repeated, and
/// leaves what somebody changed since.
///
/// # Errors
/// When the database fails.
pub async fn ensure(cx: &Context) -> Result<(), db::Error> {
    let policies = Policies {
        allow_self_sign_up: false,
        ..Policies::default()
    };
    let mut tx = cx.db().begin().await?;
    settings::put_first(cx, &mut tx, &policies).await?;
    tx.commit().await
}
