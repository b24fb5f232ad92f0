//! Bringing files piece by piece, for pages that run the script: what broke off goes on where it was, also in another tab.
//!
//! The script announces the files ([`begin`]), sends their bytes ([`append`]) and asks for the dry run ([`complete`]). In a page
//! that was opened again it first asks how much is here ([`files`]).

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

use super::bring::{Said, said_of};
use super::choose::Choice;
use super::{find, path};
use crate::error::{Coded as _, Kind};
use crate::http::{Form, Query, Result};
use crate::imports::{Arrived, NotFound, Run, StartError, start, upload};
use crate::pages::Message;
use crate::team::Member;

/// The header with the form's token, for requests that are no forms.
const TOKEN: &str = "x-csrf-token";

/// What the script goes on with.
#[derive(Debug, Serialize)]
struct Begun {
    /// The import's page, which goes on when it is opened again.
    url: String,
    /// The files, with how much of each is here.
    files: Vec<Arrived>,
}

/// What can't be done, for people.
#[derive(Debug, Serialize)]
struct Refused {
    error: String,
}

fn refused(member: &Member, message: &Message) -> Response {
    let error = member.say(message);
    (StatusCode::UNPROCESSABLE_ENTITY, Json(Refused { error })).into_response()
}

/// Announces the files of a form: their names and sizes, in this order.
pub(super) async fn begin(
    member: Member,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let choice = Choice::of(&name)?;
    let mut said = Said::default();
    for (name, value) in &form.0 {
        said.take(choice, name, value);
    }
    if let Some(problem) = said.problems.first() {
        return Ok(refused(&member, &problem.message));
    }
    said.options.source = choice.source();
    let mut tx = member.cx.db().begin().await?;
    let run = upload::begin(&member.cx, &mut tx, &said.options).await?;
    let mut files = Vec::new();
    for (name, size) in form.all("file_name").zip(form.all("file_size")) {
        let bytes = size.parse().ok();
        files.push(upload::add_file(&member.cx, &mut tx, &run.id, name, bytes).await?);
    }
    tx.commit().await?;
    let url = member.url(&path(&run, ""));
    Ok(Json(Begun { url, files }).into_response())
}

/// How much of each file is here.
pub(super) async fn files(member: Member, Path(id): Path<String>) -> Result<Response> {
    let id = id.parse().map_err(|_| NotFound)?;
    let mut tx = member.cx.db().read().await?;
    let files = upload::arrived(&member.cx, &mut tx, &id).await?;
    Ok(Json(files).into_response())
}

/// Where a piece belongs.
#[derive(Debug, Deserialize)]
pub(super) struct Place {
    offset: i64,
}

/// Keeps a piece of a file as it arrives.
pub(super) async fn append(
    member: Member,
    Path((id, number)): Path<(String, i64)>,
    Query(place): Query<Place>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response> {
    let token = headers.get(TOKEN).and_then(|token| token.to_str().ok());
    member.check_token(token.unwrap_or_default())?;
    let id = id.parse().map_err(|_| NotFound)?;
    let body = request.into_body().into_data_stream();
    let file = upload::append(&member.cx, &id, number, place.offset, body).await?;
    Ok(Json(file).into_response())
}

/// Looks at the files, and answers with where to go on: at the dry run, or with what is wrong.
pub(super) async fn complete(
    member: Member,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let run = find(&member, &id).await?;
    match upload::complete(&member.cx, &run.id, None, true).await {
        Ok(run) => Ok(begun(&member, &path(&run, ""))),
        Err(error) if asks_for_columns(&member, &run, &error).await? => {
            Ok(begun(&member, &path(&run, "/columns")))
        }
        Err(error) if error.code().kind == Kind::Invalid => Ok(refused(&member, &said_of(&error))),
        Err(error) => Err(error.into()),
    }
}

/// Whether the source that was chosen leaves it to people to say what the columns are, and somebody has to.
async fn asks_for_columns(member: &Member, run: &Run, error: &StartError) -> Result<bool> {
    let mut tx = member.cx.db().read().await?;
    let options = start::options(&member.cx, &mut tx, &run.id).await?;
    let choice = options.source.as_deref().map(Choice::of).transpose()?;
    Ok(choice.is_some_and(|choice| choice.asks_for_columns(error)))
}

fn begun(member: &Member, path: &str) -> Response {
    let url = member.url(path);
    let files = Vec::new();
    Json(Begun { url, files }).into_response()
}
