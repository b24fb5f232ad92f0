//! Where an answer may go: decided before anything is sent there.
//!
//! A request that doesn't name an application of ours, or an address that the application registered, gets a page and
//! never a redirect (RFC 6749 §4.1.2.1): whoever could choose the address could fetch somebody else's code.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use db::Tx;
use oauth::AuthorizationRequest;
use oauth::redirect_uri::RedirectPattern;
use oauth::response::Answer;

use super::stop::Stop;
use crate::applications::{self, Application, FindError, Urls};
use crate::context::Context;
use crate::id::{ApplicationId, OrganizationId};
use crate::organizations;
use crate::secret::Secret;
use crate::sign_in::{self, Fault};

/// An application, and an address that it may be answered at.
pub(super) struct Destination {
    pub(super) application: Application,
    urls: Urls,
    redirect_uri: String,
}

impl Destination {
    /// The application and address of a request, if they are known and belong together.
    ///
    /// # Errors
    /// A page.
    pub(super) async fn find(
        cx: &Context,
        tx: &mut Tx,
        client_id: &str,
        redirect_uri: &str,
    ) -> Result<Self, Stop> {
        let id: ApplicationId = client_id
            .parse()
            .map_err(|_| Stop::Fault(Fault::BadRequest))?;
        let application = match applications::find(cx, tx, &id).await {
            Ok(application) if application.kind.has_callbacks() => application,
            Ok(_) | Err(FindError::NotFound(_)) => return Err(Stop::Fault(Fault::BadRequest)),
            Err(error) => return Err(Stop::failed(error)),
        };
        let urls = applications::urls(cx, tx, &id)
            .await
            .map_err(Stop::failed)?;
        let this = Self {
            application,
            urls,
            redirect_uri: redirect_uri.to_owned(),
        };
        if this.urls.allows_redirect(redirect_uri) {
            return Ok(this);
        }
        // What could not be registered is malformed; the rest is somebody's to register.
        if RedirectPattern::parse(redirect_uri).is_err() {
            return Err(Stop::Fault(Fault::BadRequest));
        }
        Err(this.refuse())
    }

    /// Decides where the address depends on the organization that the person signed in to: its handle must be the label that
    /// the address has where a placeholder was registered.
    ///
    /// # Errors
    /// A page.
    pub(super) async fn check_organization(
        &self,
        cx: &Context,
        tx: &mut Tx,
        organization: Option<&OrganizationId>,
    ) -> Result<(), Stop> {
        let handle = match organization {
            Some(id) => organizations::find(cx, tx, id)
                .await?
                .and_then(|found| found.handle),
            None => None,
        };
        if self
            .urls
            .allows_redirect_of(&self.redirect_uri, handle.as_deref())
        {
            Ok(())
        } else {
            Err(self.refuse())
        }
    }

    /// What an answer to the address is made with.
    pub(super) fn answer<'a>(&'a self, cx: &'a Context, state: Option<&'a str>) -> Answer<'a> {
        Answer {
            redirect_uri: &self.redirect_uri,
            state,
            issuer: &cx.environment().base_url,
        }
    }

    fn refuse(&self) -> Stop {
        Stop::InvalidRedirectUrl {
            redirect_uri: self.redirect_uri.clone(),
            client_id: Some(self.application.id.clone()),
        }
    }
}

/// The answer that carries a code: a redirect, or a page with the way on, where the application's address is not one that a
/// browser shows.
pub(super) fn deliver(
    cx: &Context,
    destination: &Destination,
    request: &AuthorizationRequest,
    code: &Secret,
) -> Response {
    let answer = destination.answer(cx, request.state.as_deref());
    let url = answer.code(code.reveal(), &request.scopes.granted_by_sign_in());
    match request.success_page {
        Some(_) => sign_in::success_page(cx, url),
        None => to(&url),
    }
}

/// A redirect. 303 makes a browser that posted something fetch the target and never post it there as well
/// (RFC 9700 §4.12).
pub(super) fn to(url: &str) -> Response {
    match HeaderValue::from_str(url) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        // Registered addresses are printable ASCII, and answers are percent-encoded.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
