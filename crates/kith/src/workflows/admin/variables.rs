//! Environment variables: what workflows read, and nobody sees again where it is sensitive.

use axum::Router;
use axum::extract::Path;
use axum::response::Response;

use crate::http::routing::{get, post};
use crate::http::{Form, Result};
use crate::pages::{Confirm, Message, Notice, Problems};
use crate::secret::Secret;
use crate::team::Member;
use crate::workflows::variables::{self, Change, Sensitivity, Variable};
use crate::workflows::view::{EditVariable, VariableList, VariableRow};
use crate::workflows::{WorkflowsError, changed};

const PATH: &str = "/settings/environment-variables";

pub(super) fn routes() -> Router {
    Router::new()
        .route(PATH, get(list))
        .route(&format!("{PATH}/new"), get(add).merge(post(create)))
        .route(&format!("{PATH}/{{variable}}"), get(edit).merge(post(save)))
        .route(
            &format!("{PATH}/{{variable}}/delete"),
            get(ask_delete).merge(post(delete)),
        )
}

async fn list(member: Member) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let all = variables::all(&member.cx, &mut tx).await?;
    let url = member.url(PATH);
    let row = |variable: Variable| VariableRow {
        value: variable.shown().map(str::to_owned),
        created_at: variable.created_at.millis(),
        edit_url: format!("{url}/{}", variable.id),
        delete_url: format!("{url}/{}/delete", variable.id),
        key: variable.key,
    };
    Ok(member.show(&VariableList {
        settings_url: member.url("/settings"),
        add_url: format!("{url}/new"),
        rows: all.into_iter().map(row).collect(),
    }))
}

/// What the form holds.
#[derive(Default)]
struct Fields {
    key: String,
    value: String,
    is_secret: bool,
}

impl Fields {
    fn typed(form: &Form) -> Self {
        Self {
            key: form.get("key").to_owned(),
            // Browsers send each line of a text area with CR and LF: HTML §4.10.22.
            value: form.raw("value").replace("\r\n", "\n"),
            is_secret: form.has("is_secret"),
        }
    }
}

async fn add(member: Member) -> Response {
    member.show(&page(&member, None, Fields::default()))
}

async fn create(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let fields = Fields::typed(&form);
    let sensitivity = if fields.is_secret {
        Sensitivity::Sensitive
    } else {
        Sensitivity::Plain
    };
    let value = Secret::new(fields.value.as_str());
    let mut tx = cx.db().begin().await?;
    match variables::create(cx, &mut tx, &fields.key, &value, sensitivity).await {
        Ok(_) => {
            tx.commit().await?;
            changed(cx).await;
            Ok(told(&member, "variable-added-notice", &fields.key))
        }
        Err(error) => again(&member, None, fields, error),
    }
}

/// The form of a variable that is not sensitive.
async fn edit(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let variable = variables::find(&member.cx, &mut tx, &id).await?;
    let Some(value) = variable.shown() else {
        return Err(WorkflowsError::SecretVariable(variable.key).into());
    };
    let fields = Fields {
        value: value.to_owned(),
        key: variable.key.clone(),
        is_secret: false,
    };
    Ok(member.show(&page(&member, Some(&id), fields)))
}

async fn save(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let fields = Fields::typed(&form);
    let change = Change {
        key: Some(fields.key.clone()),
        value: Some(Secret::new(fields.value.as_str())),
        is_secret: Some(fields.is_secret),
    };
    let mut tx = cx.db().begin().await?;
    match variables::update(cx, &mut tx, &id, change).await {
        Ok(_) => {
            tx.commit().await?;
            changed(cx).await;
            Ok(told(&member, "variable-saved-notice", &fields.key))
        }
        Err(error) => again(&member, Some(&id), fields, error),
    }
}

async fn ask_delete(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let variable = variables::find(&member.cx, &mut tx, &id).await?;
    Ok(member.show(&Confirm {
        title: Message::new("variable-delete-title").with("key", variable.key),
        what: vec![
            Message::new("variable-delete-what"),
            Message::new("confirm-for-good"),
        ],
        typed: None,
        action: member.url(&format!("{PATH}/{}/delete", variable.id)),
        button: Message::new("variable-delete"),
        cancel_url: member.url(PATH),
        problems: Problems::none(),
    }))
}

async fn delete(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let mut tx = cx.db().begin().await?;
    let variable = variables::find(cx, &mut tx, &id).await?;
    variables::delete(cx, &mut tx, &id).await?;
    tx.commit().await?;
    changed(cx).await;
    Ok(told(&member, "variable-deleted-notice", &variable.key))
}

fn told(member: &Member, said: &'static str, key: &str) -> Response {
    member.done(PATH, &Notice::good(Message::new(said).with("key", key)))
}

/// The form as typed, with what is wrong with it; errors that are nobody's typing go on.
fn again(
    member: &Member,
    id: Option<&str>,
    fields: Fields,
    error: WorkflowsError,
) -> Result<Response> {
    let problems = match error {
        WorkflowsError::VariableTaken(_) => {
            Problems::at("key", Message::new("variable-error-taken"))
        }
        WorkflowsError::InvalidVariable(_) if fields.value.len() > variables::MAX_VALUE => {
            Problems::at("value", Message::new("variable-error-value"))
        }
        WorkflowsError::InvalidVariable(_) => {
            Problems::at("key", Message::new("variable-error-key"))
        }
        error => return Err(error.into()),
    };
    // A sensitive value is on no page, not even on that of whoever typed it.
    let value = if fields.is_secret {
        String::new()
    } else {
        fields.value
    };
    let page = page(member, id, Fields { value, ..fields });
    Ok(member.show_again(&EditVariable { problems, ..page }))
}

/// The form; `id` is of the variable that is changed, none for a new one.
fn page(member: &Member, id: Option<&str>, fields: Fields) -> EditVariable {
    let title = if id.is_some() {
        "variable-edit"
    } else {
        "variable-add"
    };
    EditVariable {
        title: Message::new(title),
        action: member.url(&format!("{PATH}/{}", id.unwrap_or("new"))),
        cancel_url: member.url(PATH),
        key: fields.key,
        value: fields.value,
        is_secret: fields.is_secret,
        problems: Problems::none(),
    }
}
