//! Somebody whom nobody here knows, and who has proved an address: the old system may know them by it.
//!
//! They come along with the profile that they had, and without a password: they choose one next. The old system is asked only after
//! the proof, so that neither an answer nor the time that it takes tells anybody who has an account over there.

use std::time::Instant;

use import::UserRecord;
use import::identifier::{EmailAddress, Identifier};

use super::ask::{Asked, MoveError, PATIENCE, record_of};
use super::configuration::{self, Configuration};
use super::connector::{Lookup, NotRight};
use super::log::{self, Came};
use super::store;
use crate::context::Context;
use crate::id::UserId;
use crate::imports::{self, Arrival, ArriveError};

/// The person whom the old system knows by the address that was proved, made here with what it tells of them. None where there is
/// nobody, nobody can be looked up, or the old system has no answer. Slow: opens its own transactions around the call.
///
/// # Errors
/// [`MoveError`], except [`MoveError::Locked`].
pub async fn found(cx: &Context, proved: &Asked) -> Result<Option<UserId>, MoveError> {
    let mut tx = cx.db().read().await?;
    let configuration = configuration::configuration(cx, &mut tx).await?;
    let can_find = configuration::can_find(cx, &mut tx).await?;
    let Some(configuration) = configuration.filter(|_| can_find) else {
        return Ok(None);
    };
    if store::health(&mut tx, cx).await?.is_paused(cx.now()) {
        return Ok(None);
    }
    drop(tx);
    let lookup = Lookup {
        app: cx,
        values: &configuration.values,
        identifier: &proved.identifier,
        caller: Some(proved.caller),
        patience: PATIENCE,
    };
    let begun = Instant::now();
    let told = configuration.connector.find(&lookup).await;
    let took = begun.elapsed();
    // How long a look-up takes says nothing about how long it takes to call a password wrong.
    let judged = match &told {
        Err(not_right) if !not_right.is_an_answer() => Err(not_right.clone()),
        _ => Ok(()),
    };
    let came = settle(cx, &configuration, proved, told).await;
    let moved = came.moved.clone();
    let mut tx = cx.db().begin().await?;
    let asked = (configuration.connector.name, proved.door);
    log::note(cx, &mut tx, asked, (judged.as_ref().copied(), took), came).await?;
    tx.commit().await?;
    Ok(moved)
}

fn nobody(outcome: &'static str, reason: Option<String>) -> Came {
    Came {
        outcome,
        reason,
        moved: None,
    }
}

async fn settle(
    cx: &Context,
    configuration: &Configuration,
    proved: &Asked,
    told: Result<Option<UserRecord>, NotRight>,
) -> Came {
    let record = match told {
        Ok(Some(record)) => record,
        Ok(None) | Err(NotRight::Wrong) => return nobody("unknown", None),
        Err(not_right) => {
            let reason = not_right.reason().map(str::to_owned);
            return nobody(not_right.as_str(), reason);
        }
    };
    if !has_address(&record, &proved.identifier) {
        let reason = "the old system finds somebody by this address who hasn't it, or hasn't proved it over there";
        return nobody("refused", Some(reason.to_owned()));
    }
    let arrival = Arrival {
        record: record_of(record, &proved.identifier, true),
        password: None,
        provider: configuration.connector.name,
    };
    match imports::arrive(cx, &arrival).await {
        Ok(user) => Came {
            outcome: "moved",
            reason: None,
            moved: Some(user),
        },
        Err(ArriveError::Conflict(conflict)) => nobody("refused", Some(conflict.reason)),
        Err(error) => nobody("refused", Some(error.to_string())),
    }
}

/// Whether an address that was proved here is the person's over there: not only a name that they chose, nor one that they never
/// proved, which might be somebody else's.
fn has_address(record: &UserRecord, proved: &str) -> bool {
    let Ok(address) = EmailAddress::parse(proved).map(Identifier::Email) else {
        return false;
    };
    record.identities.iter().any(|identity| {
        identity.identifier.is(&address.kind(), address.folded())
            && identity.verified != Some(false)
    })
}
