//! What the seam's own work is awaited as.

use std::pin::Pin;

use crate::Error;

/// An answer of the database that is still to come.
///
/// Boxed on purpose. The drivers' futures are deep, and the compiler would walk through all of them anew for each function that
/// awaits a statement, and for each request handler above it: a sixth of the time that the application took to compile.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;
