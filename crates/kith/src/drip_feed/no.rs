//! How a no to a password is said, so that it doesn't tell who has moved: whoever is asked about elsewhere waits for that answer,
//! and reads what a workflow says. Whoever has a password here waits as long, and reads the same.

use std::time::Duration;

use super::configuration;
use super::health::WorkflowNo;
use super::store;
use crate::context::Context;
use crate::settings::SettingsError;

/// How a no is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct No {
    /// How long it should take.
    pub takes: Duration,
    /// What a workflow said under the field last, in its own words.
    pub says: Option<String>,
}

/// How a no is said now, where a workflow `listens` or a connector is on.
///
/// # Errors
/// When the settings or the database fail.
pub async fn no(cx: &Context, listens: bool) -> Result<No, SettingsError> {
    let mut tx = cx.db().read().await?;
    let of_connector = if configuration::is_on(cx, &mut tx).await? {
        store::health(&mut tx, cx).await?.typical_ms
    } else {
        0
    };
    let of_workflow = if listens {
        store::workflow_no(&mut tx, cx).await?
    } else {
        WorkflowNo::default()
    };
    let millis = of_connector.max(of_workflow.takes_ms);
    Ok(No {
        takes: Duration::from_millis(u64::try_from(millis).unwrap_or(0)),
        says: of_workflow.says,
    })
}
