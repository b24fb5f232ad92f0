//! Whoever has proved an address that nobody has here, and that the old system knows, comes along with the profile that they had.

use super::advance::StepError;
use super::identify::folded;
use super::password::account_of;
use super::sign_up;
use super::step::{Account, Candidate, Letter, Newcomer, Who};
use crate::context::Context;
use crate::drip_feed::{self, Asked, Door};
use crate::http::Client;

/// Who somebody is who has proved an address: somebody of the old system, who is here from now on, or a newcomer still.
///
/// # Errors
/// [`StepError::SignUpClosed`] where the old system knows nobody, and nobody may make an account.
pub(super) async fn known_over_there(
    cx: &Context,
    newcomer: &Newcomer,
    letter: Letter,
    client: &Client,
) -> Result<Who, StepError> {
    let proved = Asked {
        identifier: newcomer.email.clone(),
        folded: folded(&newcomer.email).unwrap_or_default(),
        door: match letter {
            Letter::Reset => Door::Reset,
            Letter::Verification | Letter::ExistingAccount => Door::SignUp,
        },
        caller: client.address,
    };
    if let Some(account) = find(cx, &proved).await? {
        return Ok(Who::Candidate(Candidate {
            typed: newcomer.email.clone(),
            account: Some(account),
        }));
    }
    let mut tx = cx.db().read().await?;
    if sign_up::is_open(cx, &mut tx).await? {
        Ok(Who::Newcomer(newcomer.clone()))
    } else {
        Err(StepError::SignUpClosed)
    }
}

/// The account as it is here now. That the old system can't be asked stops nobody.
async fn find(cx: &Context, proved: &Asked) -> Result<Option<Account>, StepError> {
    let user = match drip_feed::found(cx, proved).await {
        Ok(user) => user,
        Err(error) => {
            tracing::warn!(cause = %error, "nobody could be looked up at the old system");
            None
        }
    };
    let mut tx = cx.db().read().await?;
    match user {
        Some(user) => Ok(account_of(cx, &mut tx, &user, &proved.identifier).await?),
        None => Ok(None),
    }
}
