//! The pages on which people say who they are. They can be opened at any time before the end: whoever says to be somebody else
//! begins anew.

use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;

use super::visit::{Stop, Submission, Visit};
use crate::pages::{Message, Problem, Problems};
use crate::sign_in::identify::{self, IdentifyError};
use crate::sign_in::sign_up::{self, Form, Refused, SignUpError};
use crate::sign_in::step::Step;
use crate::sign_in::view::{Fault, Reset, SignIn as SignInView, SignUp};
use crate::sign_in::{SignIn, store};

pub(super) async fn show_sign_in(visit: Visit) -> Response {
    let shown = async {
        let mut tx = visit.cx.db().read().await?;
        let sign_in = open(&visit, &mut tx).await?;
        let typed = sign_in.step.typed().to_owned();
        sign_in_page(&visit, &mut tx, &sign_in, typed, Problems::none()).await
    };
    visit.settle(shown.await).await
}

pub(super) async fn identify(Submission { visit, form }: Submission) -> Response {
    let typed = form.get("identifier");
    let answered = async {
        let mut tx = visit.cx.db().begin().await?;
        let sign_in = open_for_answer(&visit, &mut tx).await?;
        match identify::identify(&visit.cx, &mut tx, sign_in.clone(), typed).await {
            Ok(moved) => {
                tx.commit().await?;
                Ok(visit.on(&moved))
            }
            Err(error) => {
                let problems = Problems::at("identifier", identifier_problem(error)?);
                sign_in_page(&visit, &mut tx, &sign_in, typed.to_owned(), problems).await
            }
        }
    };
    visit.settle(answered.await).await
}

pub(super) async fn show_sign_up(visit: Visit) -> Response {
    let shown = async {
        let mut tx = visit.cx.db().read().await?;
        let sign_in = open(&visit, &mut tx).await?;
        if !sign_up::is_open(&visit.cx, &mut tx)
            .await
            .map_err(|error| Stop::Failure(error.into()))?
        {
            return Err(Stop::Fault(Fault::SignUpClosed));
        }
        let form = Form {
            given_name: "",
            family_name: "",
            email: sign_in.step.typed(),
        };
        Ok(sign_up_page(&visit, &sign_in, &form, Problems::none()))
    };
    visit.settle(shown.await).await
}

pub(super) async fn sign_up(Submission { visit, form }: Submission) -> Response {
    let typed = Form {
        given_name: form.get("first_name"),
        family_name: form.get("last_name"),
        email: form.get("email"),
    };
    let answered = async {
        let mut tx = visit.cx.db().begin().await?;
        let sign_in = open_for_answer(&visit, &mut tx).await?;
        match sign_up::sign_up(&visit.cx, &mut tx, sign_in.clone(), &typed).await {
            Ok(moved) => {
                tx.commit().await?;
                Ok(visit.on(&moved))
            }
            Err(SignUpError::Closed) => Err(Stop::Fault(Fault::SignUpClosed)),
            Err(SignUpError::Fields(refused)) => Ok(sign_up_page(
                &visit,
                &sign_in,
                &typed,
                sign_up_problems(refused),
            )),
            Err(SignUpError::Step(error)) => Err(error.into()),
        }
    };
    visit.settle(answered.await).await
}

pub(super) async fn show_reset(visit: Visit) -> Response {
    let shown = async {
        let sign_in = open(&visit, &mut visit.cx.db().read().await?).await?;
        Ok(reset_page(
            &visit,
            &sign_in,
            sign_in.step.typed(),
            Problems::none(),
        ))
    };
    visit.settle(shown.await).await
}

pub(super) async fn recover(Submission { visit, form }: Submission) -> Response {
    let typed = form.get("identifier");
    let answered = async {
        let mut tx = visit.cx.db().begin().await?;
        let sign_in = open_for_answer(&visit, &mut tx).await?;
        match identify::recover(&visit.cx, &mut tx, sign_in.clone(), typed).await {
            Ok(moved) => {
                tx.commit().await?;
                Ok(visit.on(&moved))
            }
            Err(error) => {
                let problems = Problems::at("identifier", identifier_problem(error)?);
                Ok(reset_page(&visit, &sign_in, typed, problems))
            }
        }
    };
    visit.settle(answered.await).await
}

/// The sign-in, as long as it has not ended.
async fn open(visit: &Visit, tx: &mut Tx) -> Result<SignIn, Stop> {
    let sign_in = visit.open(tx).await?;
    match sign_in.step {
        Step::Done(_) => Err(Stop::Fault(Fault::OutOfOrder)),
        _ => Ok(sign_in),
    }
}

async fn open_for_answer(visit: &Visit, tx: &mut Tx) -> Result<SignIn, Stop> {
    let sign_in = visit.open_for_answer(tx).await?;
    match sign_in.step {
        Step::Done(_) => Err(Stop::Fault(Fault::OutOfOrder)),
        _ => Ok(sign_in),
    }
}

async fn sign_in_page(
    visit: &Visit,
    tx: &mut Tx,
    sign_in: &SignIn,
    identifier: String,
    problems: Problems,
) -> Result<Response, Stop> {
    let can_sign_up = sign_up::is_open(&visit.cx, tx)
        .await
        .map_err(|error| Stop::Failure(error.into()))?;
    let view = SignInView {
        action: sign_in.action(&visit.cx, "/login"),
        identifier,
        takes_username: store::has_usernames(tx, &visit.cx).await?,
        sign_up_url: can_sign_up.then(|| sign_in.url(&visit.cx, "/register")),
        problems,
    };
    Ok(visit.page(sign_in, status(&view.problems), &view))
}

fn sign_up_page(visit: &Visit, sign_in: &SignIn, typed: &Form<'_>, problems: Problems) -> Response {
    let view = SignUp {
        action: sign_in.action(&visit.cx, "/register"),
        asks_names: true,
        first_name: typed.given_name.to_owned(),
        last_name: typed.family_name.to_owned(),
        email: typed.email.to_owned(),
        sign_in_url: sign_in.url(&visit.cx, "/login"),
        problems,
    };
    visit.page(sign_in, status(&view.problems), &view)
}

fn reset_page(visit: &Visit, sign_in: &SignIn, typed: &str, problems: Problems) -> Response {
    let view = Reset {
        action: sign_in.action(&visit.cx, "/login/reset"),
        identifier: typed.to_owned(),
        back_url: sign_in.url(&visit.cx, "/login"),
        problems,
    };
    visit.page(sign_in, status(&view.problems), &view)
}

/// A form that comes back with problems is no success: password managers then don't offer to save what was typed.
pub(super) fn status(problems: &Problems) -> StatusCode {
    if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

fn identifier_problem(error: IdentifyError) -> Result<Message, Stop> {
    match error {
        IdentifyError::Missing => Ok(Message::new("sign-in-error-identifier")),
        IdentifyError::Malformed => Ok(Message::new("sign-in-error-identifier-shape")),
        IdentifyError::Unknown => Ok(Message::new("sign-in-error-unknown")),
        IdentifyError::Step(error) => Err(error.into()),
    }
}

fn sign_up_problems(refused: Refused) -> Problems {
    let problem = |is_refused: bool, field, key| {
        is_refused.then(|| Problem {
            field: Some(field),
            message: Message::new(key),
        })
    };
    [
        problem(refused.given_name, "first_name", "sign-up-error-first-name"),
        problem(refused.family_name, "last_name", "sign-up-error-last-name"),
        problem(
            refused.email_is_missing,
            "email",
            "sign-in-error-identifier",
        ),
        problem(
            refused.email_is_malformed,
            "email",
            "sign-in-error-identifier-shape",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}
