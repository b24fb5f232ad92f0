//! Why a request of a browser ends without a code.

use axum::response::Response;

use super::redirect;
use crate::context::Context;
use crate::error::Coded;
use crate::http::Failure;
use crate::id::ApplicationId;
use crate::sign_in::{self, Fault};

/// Why it doesn't go on, and who is told.
#[derive(Debug)]
pub(super) enum Stop {
    /// The person, by a page that says what is wrong.
    Fault(Fault),
    /// The person, by a page that says that the address is not registered.
    InvalidRedirectUrl {
        /// The address.
        redirect_uri: String,
        /// The application that was named, if it exists.
        client_id: Option<ApplicationId>,
    },
    /// The application, by a redirect to this address.
    Redirect(String),
    /// Whoever reads the log; the person sees that it is our fault.
    Failed(Box<Failure>),
}

impl Stop {
    /// Something failed on our side.
    pub(super) fn failed(error: impl Coded) -> Self {
        Self::Failed(Box::new(error.into()))
    }

    /// The page, or the redirect.
    pub(super) fn into_response(self, cx: &Context) -> Response {
        match self {
            Self::Redirect(url) => redirect::to(&url),
            Self::Fault(fault) => sign_in::error_page(cx, fault, None),
            Self::InvalidRedirectUrl {
                redirect_uri,
                client_id,
            } => {
                let client_id = client_id.as_ref().map(ApplicationId::as_str);
                sign_in::invalid_redirect_url_page(cx, &redirect_uri, client_id)
            }
            Self::Failed(failure) => {
                failure.log();
                let mut response = sign_in::error_page(cx, Fault::Internal, None);
                *response.status_mut() = failure.status();
                failure.add_headers(&mut response);
                response
            }
        }
    }
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Self {
        // What a request carries may hold what no database can keep.
        if matches!(error, db::Error::NulInText) {
            return Self::Fault(Fault::BadRequest);
        }
        Self::failed(error)
    }
}
