//! Workflows as a whole.
