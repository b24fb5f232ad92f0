//! One question, asked once: whoever would ask the same meanwhile waits for its answer, on whatever node.
//!
//! People press buttons twice, and browsers send forms again. Without this, each time would be one more check at the old system,
//! whose own lockout counts them.

use std::time::Duration;

use super::store;
use crate::context::Context;
use crate::secret::Secret;

/// How often somebody who waits looks whether there is an answer.
const GLANCE: Duration = Duration::from_millis(50);

/// For how long an answer serves whoever asks the same again.
const FRESH: Duration = Duration::from_secs(20);

/// A question that this task asks, or the answer that another has got.
pub(super) enum Turn {
    /// Ask, then [`answer`].
    Ours(Claim),
    /// Another has asked the same; what came out, none where that task gave up.
    Theirs(Option<String>),
}

/// The right to ask.
pub(super) struct Claim {
    fingerprint: String,
    owner: Secret,
}

/// Takes the turn to ask whether this password is that person's; waits, at most for as long as an answer may take, where somebody
/// else has it.
///
/// # Errors
/// When the database fails.
pub(super) async fn turn(
    cx: &Context,
    (folded, password): (&str, &Secret),
    patience: Duration,
) -> Result<Turn, db::Error> {
    let text = format!(
        "drip_feed\n{}\n{folded}\n{}",
        cx.environment().id,
        password.reveal()
    );
    let fingerprint = hex::encode(cx.sealer().fingerprint(text.as_bytes()));
    let claim = Claim {
        fingerprint,
        owner: cx.random_token(),
    };
    let mut tx = cx.db().begin().await?;
    // A while longer than an answer takes, so that who asks has the time to write it down.
    let until = cx.now() + patience * 2;
    let is_ours = store::claim(
        &mut tx,
        cx,
        (&claim.fingerprint, claim.owner.reveal()),
        until,
    )
    .await?;
    tx.commit().await?;
    if is_ours {
        return Ok(Turn::Ours(claim));
    }
    let glances = patience.as_millis() / GLANCE.as_millis();
    for _ in 0..glances {
        let mut tx = cx.db().read().await?;
        if let Some(answer) = store::answer(&mut tx, cx, &claim.fingerprint).await? {
            return Ok(Turn::Theirs(Some(answer)));
        }
        drop(tx);
        tokio::time::sleep(GLANCE).await;
    }
    Ok(Turn::Theirs(None))
}

/// Tells those who wait what came out.
///
/// # Errors
/// When the database fails.
pub(super) async fn answer(cx: &Context, claim: &Claim, outcome: &str) -> Result<(), db::Error> {
    let mut tx = cx.db().begin().await?;
    let who = (claim.fingerprint.as_str(), claim.owner.reveal());
    store::put_answer(&mut tx, cx, who, (outcome, cx.now() + FRESH)).await?;
    tx.commit().await
}
