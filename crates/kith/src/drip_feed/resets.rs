//! Those who are left: a mail to each of them, which leads to a new password.
//!
//! A campaign goes through the people who are still to move in the order of their ids, a few at a time, at a pace that a mail
//! server bears. The mails of a few people and the place that was reached are written in one transaction, so a process may die at
//! any moment, and nobody is written to twice in one campaign. Nothing about anybody's account changes: the mail tells how to
//! choose a new password, and holds no code. Whoever moves before their turn gets no mail.

use std::time::Duration;

use db::Tx;

use super::store::resets as store;
use super::view::NewPasswordMail;
use crate::context::{Actor, App, Context};
use crate::environments::Environments;
use crate::error::{Code, Coded};
use crate::id::{ResetCampaignId, UserId};
use crate::mail::{self, MailError};
use crate::time::Timestamp;

/// How many mails a minute are written where nobody says otherwise.
pub const USUAL_PACE: u32 = 60;

/// The quickest pace, in mails a minute.
pub const QUICKEST: u32 = 600;

/// Into how many parts a minute's mails are cut.
const PARTS_A_MINUTE: u32 = 6;

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It goes on.
    Running,
    /// Somebody stopped it.
    Stopped,
    /// Everybody has had their turn.
    Done,
}

impl State {
    const ALL: [Self; 3] = [Self::Running, Self::Stopped, Self::Done];

    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Done => "done",
        }
    }
}

db::stored_by_name!(State, "state of a campaign");

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: ResetCampaignId,
    /// Where the mail leads.
    pub link: String,
    /// How many mails are written a minute, at most.
    pub per_minute: i64,
    /// Where it stands.
    pub state: State,
    /// How many people were written to.
    pub n_written: i64,
    /// When it was begun.
    pub started_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Whoever comes up to here in the order of ids has had their turn.
    pub(super) last_user_id: String,
    /// When the next mails are written.
    pub(super) next_at: Timestamp,
}

impl Campaign {
    /// How many people are written to at a time, and how long it is until the next ones.
    fn pace(&self) -> (i64, Duration) {
        let per_minute = self.per_minute.clamp(1, i64::from(QUICKEST));
        let at_once = (per_minute / i64::from(PARTS_A_MINUTE)).max(1);
        // Rounded up, so that no minute has more.
        let millis = (at_once * 60_000 + per_minute - 1) / per_minute;
        (
            at_once,
            Duration::from_millis(u64::try_from(millis).unwrap_or(60_000)),
        )
    }
}

/// Somebody who is written to.
pub(super) struct Left {
    pub(super) id: UserId,
    pub(super) email: String,
}

/// A campaign can't be begun.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The link is none that a mail can lead to.
    #[error("the link has to be an address such as https://app.example.com")]
    Link,
    /// The pace is none.
    #[error("the pace has to be a number from 1 to {QUICKEST}")]
    Pace,
    /// One is running.
    #[error("a campaign is running; stop it, or wait until it is over")]
    Running,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for StartError {
    fn code(&self) -> Code {
        match self {
            Self::Link | Self::Pace => Code::INVALID_REQUEST,
            Self::Running => Code::CAMPAIGN_RUNNING,
            Self::Db(error) => error.code(),
        }
    }
}

/// Begins a campaign: so many mails a minute, each with this link.
///
/// # Errors
/// [`StartError`].
pub async fn start(
    cx: &Context,
    tx: &mut Tx,
    link: &str,
    per_minute: u32,
) -> Result<ResetCampaignId, StartError> {
    let url = url::Url::parse(link.trim()).map_err(|_| StartError::Link)?;
    if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
        return Err(StartError::Link);
    }
    if !(1..=QUICKEST).contains(&per_minute) {
        return Err(StartError::Pace);
    }
    let id = cx.new_id();
    if store::insert(tx, cx, &id, (url.as_str(), per_minute)).await? {
        Ok(id)
    } else {
        Err(StartError::Running)
    }
}

/// Stops the campaign that is running; whoever wasn't written to isn't. Tells whether one was.
///
/// # Errors
/// When the database fails.
pub async fn stop(cx: &Context, tx: &mut Tx) -> Result<bool, db::Error> {
    let Some(campaign) = last(cx, tx).await? else {
        return Ok(false);
    };
    store::end(tx, cx, &campaign.id, State::Stopped).await
}

/// The campaign that was begun last.
///
/// # Errors
/// When the database fails.
pub async fn last(cx: &Context, tx: &mut Tx) -> Result<Option<Campaign>, db::Error> {
    store::last(tx, cx).await
}

/// How many people would be written to by a new campaign, or are still to be written to by this one.
///
/// # Errors
/// When the database fails.
pub async fn count_left(
    cx: &Context,
    tx: &mut Tx,
    campaign: Option<&Campaign>,
) -> Result<i64, db::Error> {
    let after = campaign.map_or("", |campaign| campaign.last_user_id.as_str());
    store::count_left(tx, cx, after).await
}

/// Writes to those whose turn it is, in every environment.
///
/// # Errors
/// [`MailError`] when the database, a setting or a template fails; nothing is lost then.
pub async fn work(app: &App, environments: &Environments) -> Result<(), MailError> {
    for environment in [&environments.production, &environments.team] {
        let cx = app.at(environment.clone(), Actor::System);
        let running = last(&cx, &mut cx.db().read().await?).await?;
        let is_due =
            |campaign: &Campaign| campaign.state == State::Running && campaign.next_at <= cx.now();
        if let Some(campaign) = running.filter(is_due) {
            write_some(&cx, &campaign).await?;
        }
    }
    Ok(())
}

/// Writes to the next few people, unless another node does.
async fn write_some(cx: &Context, seen: &Campaign) -> Result<(), MailError> {
    let (at_once, pause) = seen.pace();
    let mut tx = cx.db().begin().await?;
    let claimed = store::claim(&mut tx, cx, &seen.id, cx.now() + pause).await?;
    let Some(campaign) = claimed else {
        tx.rollback().await;
        return Ok(());
    };
    let people = store::left(&mut tx, cx, &campaign.last_user_id, at_once).await?;
    for person in &people {
        let mail = NewPasswordMail {
            email: person.email.clone(),
            url: campaign.link.clone(),
        };
        mail::send(cx, &mut tx, Some(&person.email), &mail).await?;
    }
    let n_written = i64::try_from(people.len()).unwrap_or(at_once);
    if let Some(last) = people.last() {
        store::reach(&mut tx, &campaign.id, (&last.id, n_written)).await?;
    }
    if n_written < at_once {
        store::end(&mut tx, cx, &campaign.id, State::Done).await?;
    }
    tx.commit().await?;
    cx.wake_worker();
    Ok(())
}

#[cfg(test)]
mod tests;
