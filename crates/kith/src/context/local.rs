//! The server, asked from within: without a network, and with the same authorization as over one.

use std::sync::{Arc, PoisonError, RwLock, Weak};

use futures::future::BoxFuture;

use super::Context;
use crate::outgoing::{Answer, Request};

/// The server, as seen from below. The one place where something low reaches something high, so it is a trait.
pub trait LocalServer: Send + Sync {
    /// Answers a request that comes from within, as `from`.
    fn call(&self, request: Request, from: &Context) -> BoxFuture<'static, Answer>;
}

/// Where the server is found once it serves. It is not kept alive from here: it holds the installation, and not the other way round.
#[derive(Default)]
pub(super) struct Slot(RwLock<Option<Weak<dyn LocalServer>>>);

impl Slot {
    pub(super) fn set(&self, server: Weak<dyn LocalServer>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(server);
    }

    pub(super) fn get(&self) -> Option<Arc<dyn LocalServer>> {
        let slot = self.0.read().unwrap_or_else(PoisonError::into_inner);
        slot.as_ref().and_then(Weak::upgrade)
    }
}

/// Rides on a request that comes from within: how many programs of the business stand behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nested(pub u8);
