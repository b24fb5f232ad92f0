//! Management operations on workflows.
