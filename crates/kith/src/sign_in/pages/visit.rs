//! What every handler of the hosted pages begins with, and how it ends where it can't go on.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use oauth::AuthorizationRequest;
use serde::Deserialize;

use crate::applications::{self, FindError};
use crate::context::Context;
use crate::error::Kind;
use crate::http::{Browser, Client, Failure, Form, Query};
use crate::id::SignInId;
use crate::pages::Page;
use crate::sign_in::advance::{Moved, StepError};
use crate::sign_in::faults::{self, error_page};
use crate::sign_in::start::{OpenError, open};
use crate::sign_in::view::Fault;
use crate::sign_in::{Purpose, SignIn, store};
use crate::workflows::FireError;

/// A request for one of the pages.
pub(super) struct Visit {
    pub(super) cx: Context,
    pub(super) client: Client,
    browser: Browser,
    language: String,
    flow: Option<SignInId>,
    /// The revision of the step that the form belongs to.
    at: Option<i64>,
    /// Whether another code was just sent.
    pub(super) is_resent: bool,
}

#[derive(Deserialize)]
struct FlowQuery {
    flow: Option<String>,
    at: Option<String>,
    resent: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let failed = Failure::into_response;
        let cx = Context::from_request_parts(parts, state)
            .await
            .map_err(failed)?;
        let Query(query) = Query::<FlowQuery>::from_request_parts(parts, state)
            .await
            .map_err(|_| error_page(&cx, Fault::BadRequest, None))?;
        let wanted = parts
            .headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let language = wanted
            .split([',', ';'])
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
        Ok(Self {
            client: Client::from_request_parts(parts, state)
                .await
                .map_err(failed)?,
            browser: Browser::from_request_parts(parts, state)
                .await
                .map_err(failed)?,
            language,
            flow: query.flow.and_then(|id| id.parse().ok()),
            at: query.at.and_then(|number| number.parse().ok()),
            is_resent: query.resent.is_some(),
            cx,
        })
    }
}

/// A form of one of the pages, made for the browser that sends it.
pub(super) struct Submission {
    pub(super) visit: Visit,
    pub(super) form: Form,
}

impl<S: Send + Sync> FromRequest<S> for Submission {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, state).await?;
        let form = Form::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(|_| error_page(&visit.cx, Fault::BadRequest, None))?;
        visit
            .browser
            .check(&form)
            .map_err(|_| error_page(&visit.cx, Fault::StaleForm, None))?;
        Ok(Self { visit, form })
    }
}

/// Why a handler answers with something other than its page.
pub(super) enum Stop {
    /// With the page of the step that was reached.
    Elsewhere(String),
    /// With the page of the step that another answer has led to.
    Overtaken,
    /// With an error page.
    Fault(Fault),
    /// With the error page of somebody whom a workflow refuses, and what it says.
    Denied(String),
    /// With whatever the failure deserves.
    Failure(Failure),
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Self {
        Self::Failure(error.into())
    }
}

impl From<OpenError> for Stop {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Unknown => Self::Fault(Fault::OutOfOrder),
            OpenError::OtherBrowser => Self::Fault(Fault::OtherBrowser),
            OpenError::Expired => Self::Fault(Fault::Expired),
            OpenError::Db(error) => error.into(),
        }
    }
}

impl From<StepError> for Stop {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Overtaken => Self::Overtaken,
            StepError::OutOfOrder | StepError::Gone => Self::Fault(Fault::OutOfOrder),
            StepError::Suspended => Self::Fault(Fault::Suspended),
            StepError::SignUpClosed => Self::Fault(Fault::SignUpClosed),
            StepError::NoAccess => Self::Fault(Fault::NoAccess),
            StepError::TooManyCodes(_) => Self::Fault(Fault::TooManyCodes),
            StepError::Denied(reason) => Self::Denied(reason),
            StepError::Workflow(FireError::Stopped { .. } | FireError::TooDeep { .. }) => {
                Self::Fault(Fault::WorkflowStopped)
            }
            other => Self::Failure(other.into()),
        }
    }
}

impl Visit {
    /// The sign-in that the page belongs to.
    pub(super) async fn open(&self, tx: &mut Tx) -> Result<SignIn, Stop> {
        let id = self.flow.as_ref().ok_or(Stop::Fault(Fault::OutOfOrder))?;
        Ok(open(&self.cx, tx, &self.browser.digest(), id).await?)
    }

    /// The sign-in that the form belongs to. An answer to a step that has passed leads to the one that was reached: a button
    /// was pressed twice, or in another tab.
    pub(super) async fn open_for_answer(&self, tx: &mut Tx) -> Result<SignIn, Stop> {
        let sign_in = self.open(tx).await?;
        match self.at {
            Some(at) if at == sign_in.revision => Ok(sign_in),
            _ => Err(Stop::Elsewhere(sign_in.current_url(&self.cx))),
        }
    }

    /// The page.
    pub(super) fn page<P: Page>(&self, sign_in: &SignIn, status: StatusCode, page: &P) -> Response {
        let wanted = sign_in.request().and_then(|request| {
            request
                .lang
                .as_deref()
                .or(request.ui_locales.first().map(String::as_str))
        });
        let language = wanted.unwrap_or(&self.language);
        let mut response = faults::page(&self.cx, (language, self.browser.csrf()), status, page);
        self.browser.remember(&mut response);
        response
    }

    /// On to the page of the step that was reached, with the session that may have begun.
    pub(super) fn on(&self, moved: &Moved) -> Response {
        self.cx.wake_worker();
        let mut response = Redirect::to(&moved.sign_in.current_url(&self.cx)).into_response();
        if let Some(session) = &moved.session {
            session.remember(&self.cx, &mut response);
        }
        response
    }

    /// The answer of a handler, whatever became of it.
    pub(super) async fn settle(&self, outcome: Result<Response, Stop>) -> Response {
        match outcome {
            Ok(response) => response,
            Err(Stop::Elsewhere(url)) => Redirect::to(&url).into_response(),
            Err(Stop::Overtaken) => match self.reached().await {
                Ok(url) => Redirect::to(&url).into_response(),
                Err(_) => error_page(&self.cx, Fault::OutOfOrder, None),
            },
            Err(Stop::Denied(reason)) => faults::denied_page(&self.cx, reason),
            Err(Stop::Fault(fault)) => self
                .fault(fault)
                .await
                .unwrap_or_else(|error| self.failed(&error.into())),
            Err(Stop::Failure(failure)) => self.failed(&failure),
        }
    }

    /// The page of the step that the sign-in has reached.
    async fn reached(&self) -> Result<String, OpenError> {
        let id = self.flow.as_ref().ok_or(OpenError::Unknown)?;
        let mut tx = self.cx.db().read().await?;
        Ok(open(&self.cx, &mut tx, &self.browser.digest(), id)
            .await?
            .current_url(&self.cx))
    }

    /// The error page, with the way to begin again. An application that can begin again by itself gets to do so instead.
    async fn fault(&self, fault: Fault) -> Result<Response, db::Error> {
        let cx = &self.cx;
        let mut tx = cx.db().read().await?;
        let sign_in = match &self.flow {
            Some(id) => store::find(&mut tx, cx, id).await?,
            None => None,
        };
        let restart = match sign_in.as_ref().map(|sign_in| &sign_in.purpose) {
            Some(Purpose::Authorize(request)) => {
                let can_begin_again =
                    matches!(fault, Fault::OutOfOrder | Fault::Expired) && request.supports_reauth;
                if can_begin_again
                    && sign_in
                        .as_ref()
                        .is_some_and(|sign_in| sign_in.browser_digest == self.browser.digest())
                {
                    return Ok(Redirect::to(&login_link_expired(cx, request)).into_response());
                }
                application_url(cx, &mut tx, request).await?
            }
            // The dashboard begins a new sign-in by itself.
            Some(Purpose::Dashboard { .. }) => Some(format!("{}/", cx.environment().base_path())),
            None if cx.environment().is_team() => {
                Some(format!("{}/", cx.environment().base_path()))
            }
            None => None,
        };
        Ok(error_page(cx, fault, restart))
    }

    fn failed(&self, failure: &Failure) -> Response {
        failure.log();
        let fault = match failure.code.kind {
            Kind::Throttled | Kind::Unavailable => Fault::TooMany,
            Kind::Internal => Fault::Internal,
            _ => Fault::BadRequest,
        };
        let mut response = error_page(&self.cx, fault, None);
        *response.status_mut() = failure.status();
        failure.add_headers(&mut response);
        response
    }
}

/// Where the application begins again by itself.
fn login_link_expired(cx: &Context, request: &AuthorizationRequest) -> String {
    let answer = oauth::response::Answer {
        redirect_uri: &request.redirect_uri,
        state: request.state.as_deref(),
        issuer: &cx.environment().base_url,
    };
    answer.login_link_expired(&request.reauth_state())
}

/// Where people begin to sign in to the application, as far as it says.
async fn application_url(
    cx: &Context,
    tx: &mut Tx,
    request: &AuthorizationRequest,
) -> Result<Option<String>, db::Error> {
    let Ok(id) = request.client_id.parse() else {
        return Ok(None);
    };
    match applications::find(cx, tx, &id).await {
        Ok(application) => Ok(application.login_uri.or(application.homepage_uri)),
        Err(FindError::Db(error)) => Err(error),
        Err(_) => Ok(None),
    }
}
