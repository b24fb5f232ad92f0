//! Writing to those who are left: begun, stopped, and how far it is.

use axum::response::Response;
use db::Tx;

use crate::applications;
use crate::context::Context;
use crate::drip_feed::resets::{self, QUICKEST, StartError, State, USUAL_PACE};
use crate::drip_feed::store;
use crate::drip_feed::view::{Resets, StartResets};
use crate::http::{Form, Result};
use crate::mail;
use crate::pages::{Message, Notice, Problems};
use crate::team::Member;
use crate::time::Timestamp;

/// How far it is.
pub(super) async fn progress(member: &Member, tx: &mut Tx) -> Result<Resets> {
    let cx = &member.cx;
    let last = resets::last(cx, tx).await?;
    let running = last
        .as_ref()
        .filter(|campaign| campaign.state == State::Running);
    let left = resets::count_left(cx, tx, running).await?;
    let per_minute = running.map_or(i64::from(USUAL_PACE), |campaign| campaign.per_minute);
    Ok(Resets {
        state: last.as_ref().map(|campaign| campaign.state.as_str()),
        written: last.as_ref().map_or(0, |campaign| campaign.n_written),
        left,
        minutes: (left + per_minute - 1) / per_minute.max(1),
        started_at: last.as_ref().map(|campaign| campaign.started_at.millis()),
        ended_at: last
            .and_then(|campaign| campaign.ended_at)
            .map(Timestamp::millis),
        url: member.url("/migration/resets"),
        stop_url: member.url("/migration/resets/stop"),
    })
}

pub(super) async fn ask(member: Member) -> Result<Response> {
    let link = {
        let mut tx = member.cx.db().read().await?;
        usual_link(&member.cx, &mut tx).await?
    };
    let typed = (link, USUAL_PACE.to_string());
    Ok(member.show(&page(&member, typed, Problems::none()).await?))
}

pub(super) async fn start(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let (link, pace) = (form.get("link"), form.get("per_minute"));
    let mut tx = member.cx.db().begin().await?;
    let begun = resets::start(&member.cx, &mut tx, link, pace.parse().unwrap_or(0)).await;
    let problems = match begun {
        Ok(_) => {
            tx.commit().await?;
            member.cx.wake_worker();
            let said = Notice::good(Message::new("resets-started-notice"));
            return Ok(member.done("/migration", &said));
        }
        Err(StartError::Link) => Problems::at("link", Message::new("resets-error-link")),
        Err(StartError::Pace) => {
            let most = Message::new("resets-error-pace").with("most", i64::from(QUICKEST));
            Problems::at("per_minute", most)
        }
        Err(error) => return Err(error.into()),
    };
    tx.rollback().await;
    let typed = (link.to_owned(), pace.to_owned());
    Ok(member.show_again(&page(&member, typed, problems).await?))
}

pub(super) async fn stop(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    resets::stop(&member.cx, &mut tx).await?;
    tx.commit().await?;
    let said = Notice::good(Message::new("resets-stopped-notice"));
    Ok(member.done("/migration", &said))
}

async fn page(
    member: &Member,
    (link, per_minute): (String, String),
    problems: Problems,
) -> Result<StartResets> {
    let cx = &member.cx;
    let mut tx = cx.db().read().await?;
    let left = resets::count_left(cx, &mut tx, None).await?;
    let waiting = store::count_waiting(&mut tx, cx).await?;
    Ok(StartResets {
        migration_url: member.url("/migration"),
        action: member.url("/migration/resets"),
        left,
        without: (waiting - left).max(0),
        has_server: mail::sent_as(cx, &mut tx).await?.is_some(),
        link,
        per_minute,
        problems,
    })
}

/// Where people begin to sign in to an application that says so.
async fn usual_link(cx: &Context, tx: &mut Tx) -> Result<String> {
    let applications = applications::list(cx, tx).await?;
    let begins = applications
        .into_iter()
        .find_map(|application| application.login_uri.or(application.homepage_uri));
    Ok(begins.unwrap_or_default())
}
