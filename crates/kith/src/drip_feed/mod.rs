//! Drip-feed: people move one by one, when they sign in.
//!
//! ```text
//! identifier, password ─▶ is it ours to ask? ─▶ once ─▶ connector ─▶ record ─▶ plan ─▶ a person with a password
//!                          no password here      │       the old system          imports::arrive
//!                          not ended, not paused └─ whoever asks the same waits
//! ```
//!
//! Some providers give no password hashes away. Whoever comes from there has no password here until the old system has said
//! once that theirs is right; then it is hashed, and the old system is not asked about them again.
//!
//! What it promises:
//!
//! - **The old system is asked once a sign-in**, however often the button is pressed, on whatever node ([`once`]).
//! - **Only a plain yes moves anybody.** Everything else changes nobody, makes nobody, and looks like a wrong password from
//!   outside; the lockout counts it if the old system called it wrong, and not if it was down.
//! - **A password of ours is never overruled.** Who has one is not asked about; who turns out to have one, under another address,
//!   is not let in by the old one.
//! - **The old system is spared**: few wrong guesses an address and a person, none while it is down or has asked for a pause
//!   ([`health`]).
//! - **Whoever has lost the password is known by the address**, once they have proved it by a code; where the old system can look
//!   people up, their profile comes along ([`found`]).
//! - **Those who are left are written to**, once a campaign and at a bearable pace, when somebody wants it ([`resets`]).
//! - **What was typed is kept nowhere**, neither in the log of checks nor in the questions: these have a keyed digest.

pub mod admin;
pub mod api;
pub mod connector;
pub mod once;
pub mod resets;
pub mod view;

mod ask;
mod configuration;
mod find;
mod health;
mod log;
mod no;
mod statistics;
mod store;
mod waiting;

pub use ask::{Asked, Door, Move, MoveError, Moved, moved};
pub use configuration::{
    Configuration, ConfigureError, Filled, State, can_find, configuration, configure, end, is_on,
    pause, resume, try_out,
};
pub use find::found;
pub use log::{ByWorkflow, forget_old, note_workflow};
pub use no::{No, no};
pub use statistics::{Counted, Day, Forecast, Statistics, statistics};
pub use store::{Check, checks, failures};
pub use waiting::{Waiting, table, waiting};
