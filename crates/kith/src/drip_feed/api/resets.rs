//! Writing to those who are left.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ReadDripFeed, UpdateDripFeed};
use crate::drip_feed::resets::{self, Campaign, State, USUAL_PACE};
use crate::error::Code;
use crate::http::{Caller, Created, Failure, Json, Result, Success};
use crate::id::ResetCampaignId;
use crate::time::Timestamp;

/// A campaign that writes to those who are still to move.
#[derive(Debug, Serialize, ToSchema)]
struct ResetCampaign {
    /// Its id.
    id: ResetCampaignId,
    /// Where the mail leads.
    link: String,
    /// How many mails are written a minute, at most.
    per_minute: i64,
    /// `running`, `stopped`, or `done`.
    #[schema(value_type = String)]
    state: &'static str,
    /// How many people were written to.
    written: i64,
    /// How many are still to be written to by it; 0 when it is over.
    left: i64,
    /// When it was begun, ISO 8601.
    started_on: String,
    /// When it was over, ISO 8601.
    ended_on: Option<String>,
}

impl ResetCampaign {
    fn new(campaign: Campaign, left: i64) -> Self {
        Self {
            id: campaign.id,
            link: campaign.link,
            per_minute: campaign.per_minute,
            state: campaign.state.as_str(),
            written: campaign.n_written,
            left,
            started_on: campaign.started_at.iso(),
            ended_on: campaign.ended_at.map(Timestamp::iso),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ResetCampaignResponse {
    #[serde(flatten)]
    success: Success,
    /// The campaign that was begun last.
    reset_campaign: ResetCampaign,
}

/// A campaign to be.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct StartResetCampaign {
    /// Where the mail leads: the page of an application on which people begin to sign in.
    #[schema(example = "https://app.example.com/login")]
    link: String,
    /// How many mails are written a minute, from 1 to 600.
    #[schema(default = 60)]
    per_minute: Option<u32>,
}

fn none() -> Failure {
    Failure::new(
        Code::CAMPAIGN_NOT_FOUND,
        "nobody is being written to; start a campaign first",
    )
}

/// Get the reset campaign
///
/// The campaign that was begun last, and how far it is.
#[utoipa::path(get, path = "/api/v1/drip_feed/reset_campaign", operation_id = "getResetCampaign", tag = "Drip-feed",
    responses(
        (status = 200, description = "The campaign.", body = ResetCampaignResponse),
        (status = 404, description = "There was none.")),
    security(("kindeBearerAuth" = ["read:drip_feed"])))]
pub(super) async fn get_reset_campaign(
    Caller { cx, .. }: Caller<ReadDripFeed>,
) -> Result<Json<ResetCampaignResponse>> {
    let mut tx = cx.db().read().await?;
    let campaign = resets::last(&cx, &mut tx).await?.ok_or_else(none)?;
    let left = if campaign.state == State::Running {
        resets::count_left(&cx, &mut tx, Some(&campaign)).await?
    } else {
        0
    };
    Ok(Json(ResetCampaignResponse {
        success: Success::default(),
        reset_campaign: ResetCampaign::new(campaign, left),
    }))
}

/// Start a reset campaign
///
/// Writes to everybody who is still to move, once and at a bearable pace: how to choose a new password. Whoever moves before their
/// turn gets no mail.
#[utoipa::path(post, path = "/api/v1/drip_feed/reset_campaign", operation_id = "startResetCampaign", tag = "Drip-feed",
    request_body = StartResetCampaign,
    responses(
        (status = 201, description = "The campaign runs.", body = ResetCampaignResponse),
        (status = 409, description = "One is running already.")),
    security(("kindeBearerAuth" = ["update:drip_feed"])))]
pub(super) async fn start_reset_campaign(
    Caller { cx, .. }: Caller<UpdateDripFeed>,
    Json(body): Json<StartResetCampaign>,
) -> Result<Created<ResetCampaignResponse>> {
    let mut tx = cx.db().begin().await?;
    let per_minute = body.per_minute.unwrap_or(USUAL_PACE);
    resets::start(&cx, &mut tx, &body.link, per_minute).await?;
    let campaign = resets::last(&cx, &mut tx).await?.ok_or_else(none)?;
    let left = resets::count_left(&cx, &mut tx, Some(&campaign)).await?;
    tx.commit().await?;
    cx.wake_worker();
    Ok(Created(ResetCampaignResponse {
        success: Success::new("RESET_CAMPAIGN_STARTED", "The campaign runs"),
        reset_campaign: ResetCampaign::new(campaign, left),
    }))
}

/// Stop the reset campaign
///
/// Whoever wasn't written to yet isn't.
#[utoipa::path(post, path = "/api/v1/drip_feed/reset_campaign/stop", operation_id = "stopResetCampaign", tag = "Drip-feed",
    responses(
        (status = 200, description = "The campaign is stopped.", body = Success),
        (status = 404, description = "None is running.")),
    security(("kindeBearerAuth" = ["update:drip_feed"])))]
pub(super) async fn stop_reset_campaign(
    Caller { cx, .. }: Caller<UpdateDripFeed>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    if !resets::stop(&cx, &mut tx).await? {
        return Err(none());
    }
    tx.commit().await?;
    Ok(Json(Success::new(
        "RESET_CAMPAIGN_STOPPED",
        "The campaign is stopped",
    )))
}
