//! The management API, a file for each subject.

mod apis;
mod applications;
mod callbacks;
mod document;
