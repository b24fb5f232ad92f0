//! Operations of an address: what the document says of them, and who answers.

use axum::handler::Handler;
use axum::routing::MethodRouter;
use utoipa::__dev::{SchemaReferences, Tags};
use utoipa::Path;
use utoipa::openapi::path::Paths;
use utoipa_axum::PathItemExt as _;
use utoipa_axum::router::UtoipaMethodRouter;

use crate::http::routing;

/// The operations of one address, to be added to a router.
#[derive(Default)]
pub struct Operations(UtoipaMethodRouter);

impl Operations {
    /// Adds the operation that `D` describes and this handler answers.
    pub fn add<'t, D, T: 'static>(&mut self, handler: &impl Handler<T, ()>)
    where
        D: Path + Tags<'t> + SchemaReferences,
    {
        let Self((schemas, paths, router)) = self;
        let mut operation = D::operation();
        let tags = D::tags();
        if !tags.is_empty() {
            let all = operation.tags.get_or_insert_default();
            all.extend(tags.into_iter().map(str::to_owned));
        }
        D::schemas(schemas);
        let methods = D::methods();
        for method in &methods {
            let method = method.to_method_filter();
            *router = std::mem::take(router).merge(routing::answer(method, handler.clone()));
        }
        paths.add_path_operation(D::path(), methods, operation);
    }

    /// What [`OpenApiRouter::routes`](utoipa_axum::router::OpenApiRouter::routes) takes.
    pub fn done(self) -> (Vec<(String, SchemaOrReference)>, Paths, MethodRouter) {
        self.0
    }
}

type SchemaOrReference = utoipa::openapi::RefOr<utoipa::openapi::Schema>;

/// What `utoipa_axum::routes!` does, with [`routing::answer`] in the place of axum's own functions: the operations of one address, by
/// the paths of their handlers.
#[macro_export]
macro_rules! routes {
    ($($($part:ident)::+),+ $(,)?) => {{
        let mut operations = $crate::openapi::Operations::default();
        $($crate::routes!(@add operations [] $($part)::+);)+
        operations.done()
    }};
    (@add $operations:ident [$($module:ident)*] $handler:ident) => {
        utoipa_axum::paste! {
            $operations.add::<$($module::)*[<__path_ $handler>], _>(&$($module::)*$handler)
        }
    };
    (@add $operations:ident [$($module:ident)*] $next:ident :: $($rest:ident)::+) => {
        $crate::routes!(@add $operations [$($module)* $next] $($rest)::+)
    };
}
