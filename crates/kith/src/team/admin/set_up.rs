//! The page on which the owner sets up their account.

use axum::Extension;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::context::Context;
use crate::credentials::password::HashError;
use crate::error::Code;
use crate::http::{Browser, Client, Failure, Form, Query, Result};
use crate::pages::{Brand, Layout, Message, Problems};
use crate::secret::Secret;
use crate::sessions;
use crate::team::Administered;
use crate::team::setup::{self, NewOwner, SetUpError};
use crate::team::view::SetUp;
use crate::users::EmailAddress;

use super::words;

/// What the link carries.
#[derive(Debug, Deserialize)]
pub(super) struct Link {
    token: Option<Secret>,
}

impl Link {
    fn token(self) -> Result<Secret> {
        self.token.ok_or_else(|| {
            Failure::new(
                Code::SETUP_LINK_INVALID,
                "the address has no token; copy the whole link",
            )
        })
    }
}

pub(super) async fn show(
    cx: Context,
    browser: Browser,
    Extension(administered): Extension<Administered>,
    headers: HeaderMap,
    Query(link): Query<Link>,
) -> Result<Response> {
    let token = link.token()?;
    if !setup::is_usable(&cx, &token).await? {
        return Err(SetUpError::LinkInvalid.into());
    }
    let page = page(
        &cx,
        &administered,
        &token,
        &Form::default(),
        Problems::none(),
    );
    Ok(answer(&cx, &browser, &headers, StatusCode::OK, &page))
}

pub(super) async fn submit(
    cx: Context,
    browser: Browser,
    client: Client,
    Extension(administered): Extension<Administered>,
    headers: HeaderMap,
    Query(link): Query<Link>,
    form: Form,
) -> Result<Response> {
    browser.check(&form)?;
    let token = link.token()?;
    let problems = match owner(&form) {
        Err(problems) => problems,
        Ok(owner) => match setup::complete(&cx, &token, owner).await {
            Ok(owner) => return begin(&cx, &client, &owner).await,
            Err(SetUpError::Password(HashError::Policy(error))) => {
                Problems::at("new_password", words::password(error))
            }
            Err(SetUpError::EmailTaken(_)) => {
                Problems::at("email", Message::new("users-error-email-taken"))
            }
            Err(error) => return Err(error.into()),
        },
    };
    let page = page(&cx, &administered, &token, &form, problems);
    Ok(answer(
        &cx,
        &browser,
        &headers,
        StatusCode::UNPROCESSABLE_ENTITY,
        &page,
    ))
}

/// The owner is signed in at once: they have just proved all that there is to prove.
async fn begin(cx: &Context, client: &Client, owner: &crate::id::UserId) -> Result<Response> {
    let mut tx = cx.db().begin().await?;
    let session = sessions::start(cx, &mut tx, owner, None, client, false).await?;
    tx.commit().await?;
    let home = format!("{}/", cx.environment().base_path());
    let mut response = Redirect::to(&home).into_response();
    session.remember(cx, &mut response);
    Ok(response)
}

fn owner(form: &Form) -> std::result::Result<NewOwner, Problems> {
    let mut problems = Problems::none();
    for (field, missing) in [
        ("first_name", "sign-up-error-first-name"),
        ("last_name", "sign-up-error-last-name"),
    ] {
        if !form.has(field) {
            problems = problems.and(field, Message::new(missing));
        }
    }
    let email = EmailAddress::parse(form.get("email"));
    if email.is_err() {
        problems = problems.and("email", Message::new("sign-in-error-identifier-shape"));
    }
    let (password, repeated) = (form.raw("new_password"), form.raw("repeat_password"));
    if password.is_empty() {
        problems = problems.and(
            "new_password",
            Message::new("choose-password-error-missing"),
        );
    } else if password != repeated {
        problems = problems.and(
            "repeat_password",
            Message::new("choose-password-error-repeat"),
        );
    }
    match email {
        Ok(email) if problems.is_empty() => Ok(NewOwner {
            first_name: form.get("first_name").to_owned(),
            last_name: form.get("last_name").to_owned(),
            email,
            password: Secret::new(password),
        }),
        _ => Err(problems),
    }
}

fn page(
    cx: &Context,
    Administered(environment): &Administered,
    token: &Secret,
    form: &Form,
    problems: Problems,
) -> SetUp {
    let base = cx.environment().base_path();
    SetUp {
        action: format!("{base}/setup?token={}", token.reveal()),
        business: environment.business_name.clone(),
        first_name: form.get("first_name").to_owned(),
        last_name: form.get("last_name").to_owned(),
        email: form.get("email").to_owned(),
        problems,
    }
}

fn answer(
    cx: &Context,
    browser: &Browser,
    headers: &HeaderMap,
    status: StatusCode,
    page: &SetUp,
) -> Response {
    let layout = Layout::hosted(&words::language(headers), Brand::kith(), browser.csrf());
    let html = cx.pages().render(&layout, page);
    let mut response = (status, Html(html)).into_response();
    browser.remember(&mut response);
    response
}
