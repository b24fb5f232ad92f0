//! The promises of the engine, one file a subject.

mod kit;
mod runs;
