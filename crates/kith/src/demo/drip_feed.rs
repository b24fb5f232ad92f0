//! Moving the rest: those of whom there is no export move when they sign in. The old system is asked once a person.

use crate::context::Context;
use crate::drip_feed::{self, Filled};
use crate::secret::Secret;

/// Has people who are not here yet asked about at the former provider at `url`, as somebody would set it up in the dashboard.
///
/// # Errors
/// When it can't be stored.
pub async fn ask_at(cx: &Context, url: &str) -> anyhow::Result<()> {
    let filled = Filled {
        connector: "http".to_owned(),
        is_on: true,
        trusts_addresses: false,
        values: [(
            "url".to_owned(),
            Secret::new(format!("{url}/check-password")),
        )]
        .into(),
    };
    let mut tx = cx.db().begin().await?;
    drip_feed::configure(cx, &mut tx, &filled).await?;
    tx.commit().await?;
    Ok(())
}
