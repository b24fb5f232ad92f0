//! The page that says a flow cannot go on: what happened, what to do, the numbered code for support.

use serde::Serialize;

use crate::pages::{Message, Page};

/// Why a flow stopped. The numbers are those that people know from the service we are compatible with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 1656: a parameter is missing, malformed, repeated or not allowed.
    BadRequest,
    /// 4321: a step's address was opened out of order, or after the end.
    OutOfOrder,
    /// 8809: the browser is not the one that started the flow.
    OtherBrowser,
    /// The flow was left alone for too long.
    Expired,
    /// The user is suspended.
    Suspended,
    /// The user may not sign in to the organization that was asked for, or to any of theirs.
    NoAccess,
    /// Sign-up was asked for, and is closed.
    SignUpClosed,
    /// No sign-in method is enabled.
    NoMethod,
    /// The form's token is missing or not this browser's: an old tab, or somebody else's page that posts here.
    StaleForm,
    /// The person is known, and may not.
    Denied,
    /// 2201: a workflow of the business refuses the person.
    WorkflowDenied,
    /// 1706: a workflow of the business failed, and its author wants the flow to stop then.
    WorkflowStopped,
    /// A preview link has expired, or is none of ours.
    NoPreview,
    /// Nothing is at this address.
    NotFound,
    /// One code after the other was asked for.
    TooManyCodes,
    /// A rate limit was reached.
    TooMany,
    /// A bug, or a broken part of the machine.
    Internal,
}

impl Fault {
    /// The numbered code that the page shows, for the faults that have one.
    #[must_use]
    pub fn number(self) -> Option<u32> {
        match self {
            Self::BadRequest => Some(1656),
            Self::OutOfOrder => Some(4321),
            Self::OtherBrowser => Some(8809),
            Self::WorkflowDenied => Some(2201),
            Self::WorkflowStopped => Some(1706),
            _ => None,
        }
    }

    /// Title, what happened, what to do.
    fn words(self) -> [Message; 3] {
        let keys = match self {
            Self::BadRequest => [
                "fault-title",
                "fault-bad-request-what",
                "fault-bad-request-remedy",
            ],
            Self::OutOfOrder => [
                "fault-title",
                "fault-out-of-order-what",
                "fault-out-of-order-remedy",
            ],
            Self::OtherBrowser => [
                "fault-other-browser-title",
                "fault-other-browser-what",
                "fault-other-browser-remedy",
            ],
            Self::Expired => [
                "fault-expired-title",
                "fault-expired-what",
                "fault-expired-remedy",
            ],
            Self::Suspended => [
                "fault-suspended-title",
                "fault-suspended-what",
                "fault-suspended-remedy",
            ],
            Self::NoAccess => [
                "fault-no-access-title",
                "fault-no-access-what",
                "fault-no-access-remedy",
            ],
            Self::SignUpClosed => [
                "fault-sign-up-closed-title",
                "fault-sign-up-closed-what",
                "fault-sign-up-closed-remedy",
            ],
            Self::NoMethod => [
                "fault-no-method-title",
                "fault-no-method-what",
                "fault-no-method-remedy",
            ],
            Self::StaleForm => [
                "fault-stale-form-title",
                "fault-stale-form-what",
                "fault-stale-form-remedy",
            ],
            Self::Denied => [
                "fault-denied-title",
                "fault-denied-what",
                "fault-denied-remedy",
            ],
            Self::WorkflowDenied => [
                "fault-denied-title",
                "fault-workflow-denied-what",
                "fault-workflow-denied-remedy",
            ],
            Self::WorkflowStopped => [
                "fault-title",
                "fault-workflow-stopped-what",
                "fault-workflow-stopped-remedy",
            ],
            Self::NoPreview => [
                "fault-no-preview-title",
                "fault-no-preview-what",
                "fault-no-preview-remedy",
            ],
            Self::NotFound => [
                "fault-not-found-title",
                "fault-not-found-what",
                "fault-not-found-remedy",
            ],
            Self::TooManyCodes => [
                "fault-too-many-codes-title",
                "fault-too-many-codes-what",
                "fault-too-many-codes-remedy",
            ],
            Self::TooMany => [
                "fault-too-many-title",
                "fault-too-many-what",
                "fault-too-many-remedy",
            ],
            Self::Internal => [
                "fault-title",
                "fault-internal-what",
                "fault-internal-remedy",
            ],
        };
        keys.map(Message::new)
    }
}

/// The error page.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// The numbered code, if the fault has one.
    pub code: Option<String>,
    /// What it is called.
    pub title: Message,
    /// What happened.
    pub what: Message,
    /// What to do.
    pub remedy: Message,
    /// What a workflow of the business says about it, as it says it.
    pub reason: Option<String>,
    /// Where the person can start again, if that is known.
    pub restart_url: Option<String>,
    /// Finds the request in the log.
    pub support_id: String,
}

impl ErrorPage {
    /// The page for a fault; `brand` is the product's name as the reader knows it.
    #[must_use]
    pub fn new(
        fault: Fault,
        brand: &str,
        restart_url: Option<String>,
        support_id: impl Into<String>,
    ) -> Self {
        let [title, what, remedy] = fault.words().map(|message| message.with("brand", brand));
        let code = fault.number().map(|number| number.to_string());
        Self {
            code,
            title,
            what,
            remedy,
            reason: None,
            restart_url,
            support_id: support_id.into(),
        }
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "sign_in/error.html";

    fn sample() -> Self {
        Self::new(
            Fault::OtherBrowser,
            "Lovelace Analytics",
            Some("/login".to_owned()),
            "req_0193a1c2",
        )
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let page = |fault| Self::new(fault, "Lovelace Analytics", None, "req_0193a1c2");
        vec![
            ("bad-request", page(Fault::BadRequest)),
            ("out-of-order", page(Fault::OutOfOrder)),
            ("expired", page(Fault::Expired)),
            ("suspended", page(Fault::Suspended)),
            ("no-access", page(Fault::NoAccess)),
            ("sign-up-closed", page(Fault::SignUpClosed)),
            ("no-method", page(Fault::NoMethod)),
            ("stale-form", page(Fault::StaleForm)),
            ("denied", page(Fault::Denied)),
            (
                "workflow-denied",
                Self {
                    reason: Some(
                        "We don’t accept addresses of mail services that forget.".to_owned(),
                    ),
                    ..page(Fault::WorkflowDenied)
                },
            ),
            ("workflow-stopped", page(Fault::WorkflowStopped)),
            ("no-preview", page(Fault::NoPreview)),
            ("not-found", page(Fault::NotFound)),
            ("too-many-codes", page(Fault::TooManyCodes)),
            ("too-many", page(Fault::TooMany)),
            ("internal", page(Fault::Internal)),
        ]
    }
}
