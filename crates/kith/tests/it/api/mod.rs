//! The management API: what every operation refuses, and a file for each subject.

mod apis;
mod applications;
mod callbacks;
mod coverage;
mod document;
mod drip_feed;
mod export;
mod import_uploads;
mod imports;
mod imports_trust;
mod organizations;
mod roles;
mod sessions;
mod users;
mod workflow_repository;
mod workflows;
