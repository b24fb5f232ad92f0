//! Coming back from signing in.

use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

use super::redirect::{self, Destination};
use super::stop::Stop;
use crate::context::Context;
use crate::http::Browser;
use crate::id::SignInId;
use crate::sign_in::{self, Fault, Finished};
use crate::tokens::{self, SignedIn};

#[derive(Deserialize)]
pub(super) struct Flow {
    #[serde(default)]
    flow: String,
}

/// `GET /oauth2/auth/resume`: a sign-in that is done becomes a code, once, in the browser that signed in.
pub(super) async fn resume(
    cx: Context,
    browser: Browser,
    Query(Flow { flow }): Query<Flow>,
) -> Response {
    match answer(&cx, &browser, &flow).await {
        Ok(response) => response,
        Err(stop) => stop.into_response(&cx),
    }
}

async fn answer(cx: &Context, browser: &Browser, flow: &str) -> Result<Response, Stop> {
    let id: SignInId = flow.parse().map_err(|_| Stop::Fault(Fault::OutOfOrder))?;
    let mut tx = cx.db().begin().await?;
    let Finished {
        request,
        user_id,
        session_id,
        organization_id,
        authenticated_at,
        preview,
    } = sign_in::take_finished(cx, &mut tx, browser, &id)
        .await?
        .ok_or(Stop::Fault(Fault::OutOfOrder))?;
    // The application may have changed while the person signed in.
    let destination =
        Destination::find(cx, &mut tx, &request.client_id, &request.redirect_uri).await?;
    destination
        .check_organization(cx, &mut tx, organization_id.as_ref())
        .await?;
    let who = SignedIn {
        user_id,
        session_id,
        organization_id,
        authenticated_at,
    };
    let cx = &cx.previewing(preview);
    let code = tokens::issue_code(cx, &mut tx, &destination.application, &request, who).await?;
    tx.commit().await?;
    Ok(redirect::deliver(cx, &destination, &request, &code))
}
