//! The right to an operation of the management API, as a value.
//!
//! The bearer layer (`tokens::bearer`) verifies the token once and leaves a [`Bearer`] in the request. A handler that takes a
//! [`Caller<S>`] can't run without the scope `S`: forgetting the check does not compile.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::error::Failure;
use crate::context::{Actor, Context};
use crate::error::Code;
use crate::id::ApplicationId;

/// A verified token for the management API.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// Whose token it is.
    pub application: ApplicationId,
    /// What it allows.
    pub scopes: Arc<BTreeSet<String>>,
}

/// A scope as a type; see [`scopes!`](crate::scopes).
pub trait Scope: Send + Sync + 'static {
    /// The scope's key, such as `read:users`, and others that count as well.
    const KEYS: &'static [&'static str];
}

/// The right to call: holding one is having the scope.
pub struct Caller<S: Scope> {
    /// The request's context, acting as the calling application.
    pub cx: Context,
    scope: PhantomData<S>,
}

impl<S: Scope, T: Send + Sync> FromRequestParts<T> for Caller<S> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &T) -> Result<Self, Failure> {
        let cx = Context::from_request_parts(parts, state).await?;
        let bearer = parts.extensions.get::<Bearer>().ok_or_else(|| {
            Failure::new(
                Code::INVALID_TOKEN,
                "send a valid access token for the management API as `Authorization: Bearer …`",
            )
        })?;
        if !S::KEYS.iter().any(|key| bearer.scopes.contains(*key)) {
            return Err(Failure::new(
                Code::SCOPE_MISSING,
                format!("the access token lacks the scope {}", S::KEYS[0]),
            ));
        }
        Ok(Self {
            cx: cx.acting_as(Actor::Application(bearer.application.clone())),
            scope: PhantomData,
        })
    }
}

/// Declares scopes as types: `scopes! { ReadUsers = "read:users"; }`. Further keys after the first count as well.
#[macro_export]
macro_rules! scopes {
    ($($name:ident = $($key:literal)|+;)*) => {
        $(
            #[doc = concat!("The scope", $(" `", $key, "`"),+, ".")]
            pub struct $name;

            impl $crate::http::caller::Scope for $name {
                const KEYS: &'static [&'static str] = &[$($key),+];
            }
        )*
    };
}
