//! The management API of the drip-feed: which old system is asked, how far the move is, and writing to those who are left. Kinde has
//! none; these operations are our own.

mod old_system;
mod progress;
mod resets;
mod trial;

use utoipa_axum::router::OpenApiRouter;

use crate::routes;

crate::scopes! {
    ReadDripFeed = "read:drip_feed";
    UpdateDripFeed = "update:drip_feed";
}

/// The operations.
#[must_use]
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(old_system::get_drip_feed_connectors))
        .routes(routes!(
            old_system::get_drip_feed,
            old_system::configure_drip_feed
        ))
        .routes(routes!(trial::test_drip_feed))
        .routes(routes!(old_system::pause_drip_feed))
        .routes(routes!(old_system::resume_drip_feed))
        .routes(routes!(old_system::end_drip_feed))
        .routes(routes!(progress::get_drip_feed_statistics))
        .routes(routes!(progress::get_drip_feed_waiting))
        .routes(routes!(
            resets::get_reset_campaign,
            resets::start_reset_campaign
        ))
        .routes(routes!(resets::stop_reset_campaign))
}
