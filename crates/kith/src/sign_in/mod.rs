//! Sign-in, sign-up and recovery.

pub mod view;
