//! The outbox in the dashboard: mails that were sent, and those that could not be.

use axum::Router;
use axum::extract::Path;
use axum::response::Response;

use super::view::{MailRow, MailState, Outbox, OutboxMessage};
use super::{Message, State};
use crate::error::Code;
use crate::http::routing::get;
use crate::http::{Failure, Query, Result};
use crate::team::Member;
use crate::team::admin::listing::{Span, address};

/// The screens below `/mail`.
pub fn routes() -> Router {
    Router::new()
        .route("/mail", get(list))
        .route("/mail/{message}", get(show))
}

async fn list(member: Member, Query(span): Query<Span>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let page = super::list(&member.cx, &mut tx, &span.wanted(true)).await?;
    let url = member.url("/mail");
    let (rows, pager) = span.settle(
        page,
        |message| message.id.as_str(),
        |at| address(&url, &[at]),
    );
    let row = |message: Message| MailRow {
        url: format!("{url}/{}", message.id),
        subject: message.subject,
        to: message.recipient,
        state: state(message.state),
        created_at: message.created_at.millis(),
    };
    Ok(member.show(&Outbox {
        is_kept: super::sent_as(&member.cx, &mut tx).await?.is_none(),
        email_url: member.url("/settings/email"),
        rows: rows.into_iter().map(row).collect(),
        pager,
    }))
}

async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let missing = || Failure::new(Code::MESSAGE_NOT_FOUND, "there is no such mail");
    let id = id.parse().map_err(|_| missing())?;
    let mut tx = member.cx.db().read().await?;
    let found = super::find(&member.cx, &mut tx, &id)
        .await?
        .ok_or_else(missing)?;
    let sent_as = super::sent_as(&member.cx, &mut tx).await?;
    let message = found.message;
    Ok(member.show(&OutboxMessage {
        outbox_url: member.url("/mail"),
        subject: message.subject,
        from: sent_as.unwrap_or_default(),
        to: message.recipient,
        state: state(message.state),
        created_at: message.created_at.millis(),
        failure: message.last_error,
        text: found.text.map(|body| body.text).unwrap_or_default(),
    }))
}

fn state(state: State) -> MailState {
    match state {
        State::Outbox => MailState::Kept,
        State::Queued => MailState::Waiting,
        State::Sent => MailState::Sent,
        State::Failed => MailState::Failed,
    }
}
