//! One-time codes: six digits that prove that somebody reads an address.
//!
//! A code is worth one success, five tries, and a while. A newer one for the same subject ends it. Only its hash is kept, keyed
//! with its subject, so that a table of a million hashes doesn't read the digits back without the rows they belong to; what
//! protects six digits is the number of tries.

use std::time::Duration;

use aws_lc_rs::hmac;
use db::{Error, Tx};
use subtle::ConstantTimeEq as _;

use super::store::{self, StoredCode};
use crate::context::Context;
use crate::secret::Secret;
use crate::settings::{self, Policies, SettingsError};

/// How often a wrong code may be entered before the code is worth nothing.
pub const TRIES: i64 = 5;

/// Makes a code for a subject such as `sign_in:<id>`, in place of any former one. It is the caller's to send it.
///
/// # Errors
/// When the settings can't be read or the database fails.
pub async fn make(cx: &Context, tx: &mut Tx, subject: &str) -> Result<Secret, SettingsError> {
    let policies: Policies = settings::get(tx, &cx.environment().id).await?;
    let code = cx.random_digits();
    let stored = StoredCode {
        code_hash: hash(subject, code.reveal()),
        attempts_left: TRIES,
        expires_at: cx.now() + Duration::from_secs(60 * u64::from(policies.otp_minutes)),
    };
    store::put_code(tx, cx, &cx.new_id(), subject, &stored).await?;
    Ok(code)
}

/// What a code that was entered is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgment {
    /// It is the subject's, and is used up now.
    Right,
    /// It is not, or none was made.
    Wrong,
    /// The subject's code is too old, whatever was entered.
    Expired,
    /// The subject's code was tried too often, whatever was entered.
    Exhausted,
}

/// Judges a code for a subject. A try is taken in any case; a right code is used up.
///
/// # Errors
/// When the database fails.
pub async fn redeem(
    cx: &Context,
    tx: &mut Tx,
    subject: &str,
    code: &str,
) -> Result<Judgment, Error> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let stored = store::try_code(tx, cx, subject).await?;
    // Without a stored code the comparison is made all the same, with something that no code hashes to.
    let expected = stored.as_ref().map_or("", |stored| &stored.code_hash);
    let is_right: bool = hash(subject, &digits)
        .as_bytes()
        .ct_eq(expected.as_bytes())
        .into();
    Ok(match stored {
        Some(stored) if stored.expires_at <= cx.now() => Judgment::Expired,
        Some(stored) if stored.attempts_left < 0 => Judgment::Exhausted,
        Some(_) if is_right => {
            store::delete_code(tx, cx, subject).await?;
            Judgment::Right
        }
        _ => Judgment::Wrong,
    })
}

fn hash(subject: &str, code: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, subject.as_bytes());
    hex::encode(hmac::sign(&key, code.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Installation;

    async fn redeemed(cx: &Context, subject: &str, code: &str) -> bool {
        let mut tx = cx.db().begin().await.unwrap();
        let judgment = redeem(cx, &mut tx, subject, code).await.unwrap();
        tx.commit().await.unwrap();
        judgment == Judgment::Right
    }

    async fn made(cx: &Context, subject: &str) -> Secret {
        let mut tx = cx.db().begin().await.unwrap();
        let code = make(cx, &mut tx, subject).await.unwrap();
        tx.commit().await.unwrap();
        code
    }

    #[tokio::test]
    async fn a_code_works_once_for_its_subject() {
        for installation in Installation::all().await {
            let cx = installation.cx();
            let code = made(&cx, "sign_in:1").await;
            assert!(!redeemed(&cx, "sign_in:2", code.reveal()).await);
            let spaced = format!("{} {}", &code.reveal()[..3], &code.reveal()[3..]);
            assert!(redeemed(&cx, "sign_in:1", &spaced).await);
            assert!(!redeemed(&cx, "sign_in:1", code.reveal()).await);
        }
    }

    #[tokio::test]
    async fn a_newer_code_ends_the_older() {
        for installation in Installation::all().await {
            let cx = installation.cx();
            let (older, newer) = (made(&cx, "sign_in:1").await, made(&cx, "sign_in:1").await);
            assert!(!redeemed(&cx, "sign_in:1", older.reveal()).await);
            assert!(redeemed(&cx, "sign_in:1", newer.reveal()).await);
        }
    }

    #[tokio::test]
    async fn a_code_has_five_tries_and_two_hours() {
        for installation in Installation::all().await {
            let cx = installation.cx();
            let code = made(&cx, "sign_in:1").await;
            for _ in 0..TRIES {
                assert!(!redeemed(&cx, "sign_in:1", "").await);
            }
            assert!(!redeemed(&cx, "sign_in:1", code.reveal()).await);
            let code = made(&cx, "sign_in:1").await;
            installation.advance(Duration::from_hours(2));
            assert!(!redeemed(&cx, "sign_in:1", code.reveal()).await);
        }
    }
}
