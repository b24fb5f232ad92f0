//! Workflows: code of the business that runs when something happens here, in the shape of Kinde's workflows.
//!
//! A *workflow* is a TypeScript module of a project. It says what *trigger* fires it and which *bindings* it wants; its default export is
//! called with the *event*. A run changes nothing by itself: it reads, reaches out, and adds to its *effects* (a claim, a refusal, a
//! message under a field), which the flow that fired it applies. So a program can be tried without consequence. What changes people is
//! our own management API, which a run may call as anybody else does; it is answered in process, with the same authorization.
//!
//! ```text
//! project ─▶ check ─▶ deploy ─▶ version ─▶ live
//!                                            │
//! moment ─▶ fire ─▶ event ─▶ run ─▶ effects ─▶ the flow applies them
//!                             └──▶ runs, without secrets
//! ```
//!
//! Runs have threads of their own, a bounded number of them, and limits of time, memory and calls, so that no program holds up anybody
//! but those who wait for it. What a failure means (stop, or go on) is its author's decision.
//!
//! The engine is the leaf `script`, which knows JavaScript and limits; here is what `kinde` means.

pub mod api;

pub mod admin;

pub mod view;

pub mod trigger;

pub mod binding;

pub mod effects;

pub mod event;

pub mod settings;

pub mod project;

pub mod package;

pub mod check;

mod packages;

pub mod source;

pub mod repository;

pub mod deploy;

pub mod versions;

pub mod preview;

pub mod variables;

pub mod encryption_keys;

pub mod fire;

pub mod runs;

mod live;

mod ready;

mod host;

pub mod run;

mod pool;

mod runtime;

mod redact;

pub mod secure;

pub mod sigv4;

mod bundle;

mod store;

#[cfg(test)]
mod tests;

pub use effects::Effects;
pub use event::{Caller, Moment, NewPasswordReason, Person, TokensOrigin};
pub use fire::{FireError, fire, is_live, listens, says, try_out};
pub use ready::make_ready;
pub use redact::MASK;
pub use trigger::Trigger;

use db::Tx;

use crate::context::Context;
use crate::error::{Code, Coded};
use crate::secret::Unsealable;
use check::Finding;

/// Something about workflows could not be done.
#[derive(Debug, thiserror::Error)]
pub enum WorkflowsError {
    /// There is none of this id, or it has no such version.
    #[error("there is no workflow {0}, or it has no such version")]
    Unknown(String),
    /// The files can't be deployed.
    #[error("the files can't be deployed: {}", listed(.0))]
    Invalid(Vec<Finding>),
    /// There is more than can be deployed.
    #[error(
        "the files are too many or too large: at most 5,000 files and 20 MiB of text can be deployed"
    )]
    TooLarge,
    /// Another workflow is live for the trigger.
    #[error(
        "More than one workflow assigned to this trigger: {workflow} is live for {trigger}; deactivate or delete it first"
    )]
    TriggerTaken {
        /// The trigger's id.
        trigger: &'static str,
        /// The other workflow's id.
        workflow: String,
    },
    /// It can't be done in this state.
    #[error("{0}")]
    State(String),
    /// There is no such key.
    #[error("the workflow has no encryption key {0}")]
    UnknownKey(String),
    /// There is no such run.
    #[error("there is no run {0}")]
    UnknownRun(String),
    /// There is no such variable.
    #[error("there is no environment variable {0}")]
    UnknownVariable(String),
    /// Another variable has the key.
    #[error("another environment variable has the key {0}")]
    VariableTaken(String),
    /// A sensitive value can't be changed.
    #[error(
        "the value of {0} is sensitive and can't be changed or shown; delete the variable and create it again"
    )]
    SecretVariable(String),
    /// No repository is connected.
    #[error("no repository is connected")]
    NoRepository,
    /// A repository can't be connected.
    #[error(transparent)]
    InvalidRepository(#[from] repository::InvalidRepository),
    /// A message that tells of a push does not come from the repository's server.
    #[error("the message is not signed with the secret of a repository that is connected")]
    NotSigned,
    /// A key or a value can't be.
    #[error("{0}")]
    InvalidVariable(&'static str),
    /// No thread could be had.
    #[error("a project could not be checked")]
    Thread(#[source] std::io::Error),
    /// What is stored can't be read.
    #[error("what is stored of a workflow can't be read")]
    Unreadable(#[from] serde_json::Error),
    /// Stored files can't be read.
    #[error(transparent)]
    Damaged(#[from] bundle::Damaged),
    /// A stored secret doesn't open.
    #[error(transparent)]
    Unsealable(#[from] Unsealable),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for WorkflowsError {
    fn code(&self) -> Code {
        match self {
            Self::Unknown(_) => Code::WORKFLOW_NOT_FOUND,
            Self::Invalid(_) => Code::WORKFLOW_INVALID,
            Self::TooLarge => Code::BODY_TOO_LARGE,
            Self::TriggerTaken { .. } => Code::WORKFLOW_TRIGGER_TAKEN,
            Self::State(_) => Code::WORKFLOW_STATE,
            Self::UnknownKey(_) => Code::WORKFLOW_KEY_NOT_FOUND,
            Self::UnknownRun(_) => Code::WORKFLOW_RUN_NOT_FOUND,
            Self::UnknownVariable(_) => Code::VARIABLE_NOT_FOUND,
            Self::VariableTaken(_) => Code::VARIABLE_KEY_TAKEN,
            Self::SecretVariable(_) => Code::VARIABLE_IS_SECRET,
            Self::NoRepository => Code::WORKFLOW_REPOSITORY_NOT_FOUND,
            Self::InvalidRepository(error) => error.code(),
            Self::NotSigned => Code::SIGNATURE_INVALID,
            Self::InvalidVariable(_) => Code::INVALID_REQUEST,
            Self::Thread(_) | Self::Unreadable(_) | Self::Damaged(_) => Code::INTERNAL,
            Self::Unsealable(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// The errors among findings, in one text.
fn listed(findings: &[Finding]) -> String {
    let errors = findings.iter().filter(|finding| finding.is_error);
    let errors: Vec<_> = errors
        .map(|finding| {
            format!(
                "{}:{}:{} {}",
                finding.file, finding.line, finding.column, finding.message
            )
        })
        .collect();
    errors.join("; ")
}

/// Tells every node that what runs has changed, in the transaction that changes it.
async fn touched(cx: &Context, tx: &mut Tx) -> Result<(), db::Error> {
    store::count_revision(tx, &cx.environment().id).await
}

/// Lets this process look again at once; to be called after the commit of a change. Others look within
/// [`live::REMEMBERED`](live) anyway.
pub async fn changed(cx: &Context) {
    deploy::changed(cx).await;
}
