//! The promises of the engine, one file a subject.

mod console;
mod depth;
mod errors;
mod globals;
mod isolation;
mod kit;
mod limits;
mod modules;
mod properties;
mod runs;
