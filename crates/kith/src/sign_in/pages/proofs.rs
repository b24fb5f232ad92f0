//! The pages on which people prove who they are, and what follows. Each can be opened at its own step only: at any other it is
//! the error 4321.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::forms::status;
use super::visit::{Stop, Submission, Visit};
use crate::credentials::lockout::Locked;
use crate::credentials::password::PolicyError;
use crate::pages::{Message, Problems};
use crate::secret::Secret;
use crate::sign_in::choose_password::{self, ChooseError};
use crate::sign_in::code::{self, CodeError};
use crate::sign_in::password::{self, PasswordError};
use crate::sign_in::step::{Chooser, Step};
use crate::sign_in::view::{
    AccountLocked, ChooseOrganization, ChoosePassword, EmailCode, Fault, OrganizationChoice,
    Password,
};
use crate::sign_in::{SignIn, organization};

/// After how many seconds somebody who was turned away at the hashing threads may come back.
const BUSY_SECONDS: u32 = 2;

pub(super) async fn show_password(visit: Visit) -> Response {
    let shown = async {
        let sign_in = visit.open(&mut visit.cx.db().read().await?).await?;
        password_page(&visit, &sign_in, Problems::none())
    };
    visit.settle(shown.await).await
}

pub(super) async fn prove_password(Submission { visit, form }: Submission) -> Response {
    let answered = async {
        let sign_in = visit
            .open_for_answer(&mut visit.cx.db().read().await?)
            .await?;
        let typed = Secret::new(form.raw("password"));
        if typed.reveal().is_empty() {
            return password_page(
                &visit,
                &sign_in,
                Problems::at("password", Message::new("password-error-missing")),
            );
        }
        match password::prove(&visit.cx, sign_in.clone(), &typed, &visit.client).await {
            Ok(moved) => Ok(visit.on(&moved)),
            Err(PasswordError::Wrong) => password_page(
                &visit,
                &sign_in,
                Problems::at("password", Message::new("password-error-wrong")),
            ),
            Err(PasswordError::Invalid(said)) => {
                let text = said
                    .into_iter()
                    .map(|(_, text)| text)
                    .collect::<Vec<_>>()
                    .join(" ");
                let message = Message::new("workflow-says").with("text", text);
                password_page(&visit, &sign_in, Problems::at("password", message))
            }
            Err(PasswordError::Locked(locked)) => Ok(locked_page(&visit, &sign_in, locked)),
            Err(PasswordError::Busy(_)) => {
                let problems = Problems::overall(Message::new("busy-error"));
                password_page(&visit, &sign_in, problems).map(too_many)
            }
            Err(PasswordError::Check(error)) => Err(Stop::Failure(error.into())),
            Err(PasswordError::Move(error)) => Err(Stop::Failure(error.into())),
            Err(PasswordError::Step(error)) => Err(error.into()),
        }
    };
    visit.settle(answered.await).await
}

pub(super) async fn show_code(visit: Visit) -> Response {
    let shown = async {
        let sign_in = visit.open(&mut visit.cx.db().read().await?).await?;
        code_page(&visit, &sign_in, Problems::none())
    };
    visit.settle(shown.await).await
}

pub(super) async fn prove_code(Submission { visit, form }: Submission) -> Response {
    let answered = async {
        let sign_in = visit
            .open_for_answer(&mut visit.cx.db().read().await?)
            .await?;
        let problem = |key| Problems::at("code", Message::new(key));
        if !form.has("code") {
            return code_page(&visit, &sign_in, problem("email-code-error-missing"));
        }
        match code::prove(&visit.cx, sign_in.clone(), form.get("code"), &visit.client).await {
            Ok(moved) => Ok(visit.on(&moved)),
            Err(CodeError::Wrong) => code_page(&visit, &sign_in, problem("email-code-error-wrong")),
            Err(CodeError::Expired) => {
                code_page(&visit, &sign_in, problem("email-code-error-expired"))
            }
            Err(CodeError::Exhausted) => {
                code_page(&visit, &sign_in, problem("email-code-error-too-many"))
            }
            Err(CodeError::Locked(locked)) => Ok(locked_page(&visit, &sign_in, locked)),
            Err(CodeError::Step(error)) => Err(error.into()),
        }
    };
    visit.settle(answered.await).await
}

pub(super) async fn resend_code(Submission { visit, .. }: Submission) -> Response {
    let answered = async {
        let mut tx = visit.cx.db().begin().await?;
        let sign_in = visit.open_for_answer(&mut tx).await?;
        let moved = code::resend(&visit.cx, &mut tx, sign_in).await?;
        tx.commit().await?;
        visit.cx.wake_worker();
        let url = format!("{}&resent=1", moved.sign_in.url(&visit.cx, "/login/code"));
        Ok(Redirect::to(&url).into_response())
    };
    visit.settle(answered.await).await
}

pub(super) async fn show_choose_password(visit: Visit) -> Response {
    let shown = async {
        let sign_in = visit.open(&mut visit.cx.db().read().await?).await?;
        choose_password_page(&visit, &sign_in, Problems::none())
    };
    visit.settle(shown.await).await
}

pub(super) async fn choose_password(Submission { visit, form }: Submission) -> Response {
    let answered = async {
        let sign_in = visit
            .open_for_answer(&mut visit.cx.db().read().await?)
            .await?;
        let typed = (
            &Secret::new(form.raw("new_password")),
            &Secret::new(form.raw("repeat_password")),
        );
        let problem = |message| Problems::at("new_password", message);
        let problems =
            match choose_password::choose(&visit.cx, sign_in.clone(), typed, &visit.client).await {
                Ok(moved) => return Ok(visit.on(&moved)),
                Err(ChooseError::Missing) => problem(Message::new("choose-password-error-missing")),
                Err(ChooseError::Differs) => Problems::at(
                    "repeat_password",
                    Message::new("choose-password-error-repeat"),
                ),
                Err(ChooseError::Policy(error)) => problem(policy_message(error)),
                Err(ChooseError::Invalid(said)) => said_problems(&said),
                Err(ChooseError::Busy(_)) => {
                    let problems = Problems::overall(Message::new("busy-error"));
                    return choose_password_page(&visit, &sign_in, problems).map(too_many);
                }
                Err(ChooseError::Create(error)) => return Err(Stop::Failure(error.into())),
                Err(ChooseError::Step(error)) => return Err(error.into()),
            };
        choose_password_page(&visit, &sign_in, problems)
    };
    visit.settle(answered.await).await
}

pub(super) async fn show_organizations(visit: Visit) -> Response {
    let shown = async {
        let mut tx = visit.cx.db().read().await?;
        let sign_in = visit.open(&mut tx).await?;
        let Step::ChooseOrganization { account, .. } = &sign_in.step else {
            return Err(Stop::Fault(Fault::OutOfOrder));
        };
        let choices = organization::choices(&mut tx, &account.user).await?;
        let view = ChooseOrganization {
            action: sign_in.action(&visit.cx, "/login/organization"),
            organizations: choices
                .into_iter()
                .map(|organization| OrganizationChoice {
                    code: organization.id.into(),
                    name: organization.name,
                })
                .collect(),
            restart_url: sign_in.url(&visit.cx, "/login"),
        };
        Ok(visit.page(&sign_in, StatusCode::OK, &view))
    };
    visit.settle(shown.await).await
}

pub(super) async fn choose_organization(Submission { visit, form }: Submission) -> Response {
    let answered = async {
        let mut tx = visit.cx.db().begin().await?;
        let sign_in = visit.open_for_answer(&mut tx).await?;
        let moved = organization::choose(
            &visit.cx,
            &mut tx,
            sign_in,
            form.get("organization"),
            &visit.client,
        )
        .await?;
        tx.commit().await?;
        Ok(visit.on(&moved))
    };
    visit.settle(answered.await).await
}

fn password_page(visit: &Visit, sign_in: &SignIn, problems: Problems) -> Result<Response, Stop> {
    let Step::Password { who } = &sign_in.step else {
        return Err(Stop::Fault(Fault::OutOfOrder));
    };
    let view = Password {
        action: sign_in.action(&visit.cx, "/login/password"),
        identifier: who.typed.clone(),
        restart_url: sign_in.url(&visit.cx, "/login"),
        forgot_url: sign_in.url(&visit.cx, "/login/reset"),
        code_action: sign_in.action(&visit.cx, "/login/reset"),
        problems,
    };
    Ok(visit.page(sign_in, status(&view.problems), &view))
}

fn code_page(visit: &Visit, sign_in: &SignIn, problems: Problems) -> Result<Response, Stop> {
    let Step::Code(step) = &sign_in.step else {
        return Err(Stop::Fault(Fault::OutOfOrder));
    };
    let view = EmailCode {
        action: sign_in.action(&visit.cx, "/login/code"),
        purpose: step.letter.purpose(),
        sent_to: step.shown.clone(),
        resend_action: sign_in.action(&visit.cx, "/login/code/resend"),
        restart_url: sign_in.url(&visit.cx, "/login"),
        is_resent: visit.is_resent && problems.is_empty(),
        problems,
    };
    Ok(visit.page(sign_in, status(&view.problems), &view))
}

fn choose_password_page(
    visit: &Visit,
    sign_in: &SignIn,
    problems: Problems,
) -> Result<Response, Stop> {
    let Step::ChoosePassword { whose, reason } = &sign_in.step else {
        return Err(Stop::Fault(Fault::OutOfOrder));
    };
    let view = ChoosePassword {
        action: sign_in.action(&visit.cx, "/login/new-password"),
        identifier: match whose {
            Chooser::Newcomer(newcomer) => newcomer.email.clone(),
            Chooser::User { name, .. } => name.clone(),
        },
        restart_url: sign_in.url(&visit.cx, "/login"),
        reason: *reason,
        problems,
    };
    Ok(visit.page(sign_in, status(&view.problems), &view))
}

/// The page for whoever failed too often. Being locked out tells nothing: nobody's identifiers are locked alike.
fn locked_page(visit: &Visit, sign_in: &SignIn, locked: Locked) -> Response {
    let seconds = locked.until.since(visit.cx.now()).as_secs().max(1);
    let view = AccountLocked {
        minutes: u32::try_from(seconds.div_ceil(60)).unwrap_or(u32::MAX),
        restart_url: sign_in.url(&visit.cx, "/login"),
    };
    let mut response = visit.page(sign_in, StatusCode::TOO_MANY_REQUESTS, &view);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The same page, telling a program as well to come back later.
fn too_many(mut response: Response) -> Response {
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(BUSY_SECONDS));
    response
}

/// What a workflow says under the fields that it names; under the first one where it names none that is here.
fn said_problems(said: &[(String, String)]) -> Problems {
    said.iter()
        .fold(Problems::none(), |problems, (field, text)| {
            let message = Message::new("workflow-says").with("text", text.as_str());
            match field.as_str() {
                "p_second_password" => problems.and("repeat_password", message),
                _ => problems.and("new_password", message),
            }
        })
}

fn policy_message(error: PolicyError) -> Message {
    match error {
        PolicyError::TooShort => Message::new("choose-password-error-short"),
        PolicyError::TooLong => Message::new("choose-password-error-long").with(
            "limit",
            u64::try_from(::password::MAX_PASSWORD_BYTES).unwrap_or(u64::MAX),
        ),
        PolicyError::TooCommon => Message::new("choose-password-error-common"),
    }
}
