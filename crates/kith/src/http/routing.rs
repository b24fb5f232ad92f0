//! How addresses get their handlers.
//!
//! axum builds a tower of types around each handler, and the compiler proves for every storey anew that the handler's future, with
//! all that it awaits, may move between threads. With three hundred handlers that took half of the time to compile. Here a
//! handler's type is forgotten first; the tower is built once.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};

type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler whose type is forgotten.
#[derive(Clone)]
struct Erased(Arc<dyn Fn(Request) -> Answer + Send + Sync>);

impl Handler<(), ()> for Erased {
    type Future = Answer;

    fn call(self, request: Request, (): ()) -> Answer {
        (self.0)(request)
    }
}

/// Answers these methods of an address by this handler.
pub fn answer<T: 'static>(methods: MethodFilter, handler: impl Handler<T, ()>) -> MethodRouter {
    let handler = move |request| -> Answer { Box::pin(handler.clone().call(request, ())) };
    on(methods, Erased(Arc::new(handler)))
}

/// Answers `GET` and `HEAD`.
pub fn get<T: 'static>(handler: impl Handler<T, ()>) -> MethodRouter {
    answer(MethodFilter::GET, handler)
}

/// Answers `POST`.
pub fn post<T: 'static>(handler: impl Handler<T, ()>) -> MethodRouter {
    answer(MethodFilter::POST, handler)
}

/// Answers `PUT`.
pub fn put<T: 'static>(handler: impl Handler<T, ()>) -> MethodRouter {
    answer(MethodFilter::PUT, handler)
}

/// Answers `PATCH`.
pub fn patch<T: 'static>(handler: impl Handler<T, ()>) -> MethodRouter {
    answer(MethodFilter::PATCH, handler)
}
