//! Sign-in, sign-up and recovery: one state machine, and its pages.
//!
//! ```text
//!             who?             proof                     still missing                      one of several
//! start ──▶ Identify ──▶ Password ──┬──▶ Code ──▶ ChoosePassword ──▶ ChooseOrganization ──▶ Done ──▶ taken
//!              │  ▲                 └──────────────────▲                                      │
//!              │  └── somebody else: from any page     │                                      └─▶ a session
//!              ├──▶ Code (a new account: the address)  │
//!              └──▶ Code (forgotten password) ─────────┘
//! ```
//!
//! What it promises:
//!
//! - **Steps can't be skipped, repeated or reordered.** Each [`Step`](step::Step) holds exactly what is known there; whatever
//!   comes next is decided by one pure function from what was proved and what is known of the person. Each step has a
//!   revision, and of two answers to one revision one counts.
//! - **Only the browser that began it goes on with it** (error 8809 elsewhere).
//! - **Nobody learns who has an account.** An identifier that nobody has goes the same way, with the same pages, after the
//!   same work; only the code, which nobody gets, is never right.
//! - **Nothing is decided before the proof**: that a person is suspended, has no password or must choose another one is told
//!   to whoever has proved to be that person.
//!
//! A sign-in belongs to a purpose: an authorization request, which `oidc` answers once the sign-in is done
//! ([`take_finished`]), or the dashboard.

pub mod view;

mod step;

mod start;

mod person;

mod identify;

mod password;

mod sign_up;

mod code;

mod take_over;

mod choose_password;

mod organization;

mod advance;

mod hooks;

mod finish;

mod faults;

mod pages;

mod store;

use db::Tx;
use oauth::AuthorizationRequest;
use serde::{Deserialize, Serialize};

pub use advance::StepError;
pub use faults::{error_page, invalid_redirect_url_page, not_found, signed_out_page, success_page};
pub use finish::{Finished, take_finished};
pub use pages::routes;
pub use start::start;
pub use view::Fault;

use crate::context::{App, Context};
use crate::id::{DeploymentId, SignInId};
use crate::time::Timestamp;
use step::Step;

/// What a sign-in was begun for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An application asks who somebody is. The request is known to be good: its address is the application's own.
    Authorize(Box<AuthorizationRequest>),
    /// Somebody wants to see the dashboard.
    Dashboard {
        /// Where to, below the environment's base: `/users`. Anything but such a path leads to its home page.
        return_to: String,
    },
}

/// A sign-in under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignIn {
    id: SignInId,
    purpose: Purpose,
    /// The deployment whose workflows it tries; none where it is a sign-in like any other.
    preview: Option<DeploymentId>,
    step: Step,
    /// Counts up with each step.
    revision: i64,
    browser_digest: String,
    expires_at: Timestamp,
}

impl SignIn {
    /// The path and query of one of its pages.
    fn url(&self, cx: &Context, path: &str) -> String {
        format!("{}{path}?flow={}", cx.environment().base_path(), self.id)
    }

    /// Where a form of the step that is shown posts: an answer to an older step doesn't count.
    fn action(&self, cx: &Context, path: &str) -> String {
        format!("{}&at={}", self.url(cx, path), self.revision)
    }

    /// The page of the step that it has reached, or what follows when it is done.
    fn current_url(&self, cx: &Context) -> String {
        let base = cx.environment().base_path();
        match (&self.step, &self.purpose) {
            (Step::Done(_), Purpose::Authorize(_)) => {
                format!("{base}/oauth2/auth/resume?flow={}", self.id)
            }
            (Step::Done(_), Purpose::Dashboard { return_to }) => {
                format!("{base}{}", start::dashboard_path(return_to))
            }
            (step, _) => self.url(cx, step.path()),
        }
    }

    /// The context in which its workflows run.
    fn in_preview(&self, cx: &Context) -> Context {
        cx.previewing(self.preview.clone())
    }

    fn request(&self) -> Option<&AuthorizationRequest> {
        match &self.purpose {
            Purpose::Authorize(request) => Some(request),
            Purpose::Dashboard { .. } => None,
        }
    }
}

/// Deletes the sign-ins that were left alone long ago.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(app: &App) -> Result<(), db::Error> {
    let mut tx: Tx = app.db().begin().await?;
    store::delete_expired(&mut tx, app.now() - start::REMEMBERED).await?;
    tx.commit().await
}
