//! The keys with which a workflow encrypts what it sends.

use axum::extract::Path;
use axum::response::Response;

use super::{find, head, path, refused, url};
use crate::http::{Form, Result};
use crate::pages::{Choice, Confirm, Message, Notice, Problems};
use crate::team::Member;
use crate::workflows::encryption_keys::{self, Key};
use crate::workflows::secure::Encoding;
use crate::workflows::versions::Workflow;
use crate::workflows::view::{EncryptionKeys, KeyRow};
use crate::workflows::{WorkflowsError, changed};

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    let keys = encryption_keys::list(&member.cx, &mut tx, &id).await?;
    Ok(member.show(&page(&member, &workflow, keys, None)))
}

/// Makes a key, and shows it on the page that answers: nowhere else, and never again.
pub(super) async fn add(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let encoding = Encoding::parse(form.get("encoding")).unwrap_or_default();
    let mut tx = cx.db().begin().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    let (_, key) = encryption_keys::add(cx, &mut tx, &id, encoding).await?;
    let keys = encryption_keys::list(cx, &mut tx, &id).await?;
    tx.commit().await?;
    changed(cx).await;
    let shown = Some(key.reveal().to_owned());
    Ok(member.show(&page(&member, &workflow, keys, shown)))
}

pub(super) async fn activate(
    member: Member,
    Path((id, key)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let mut tx = cx.db().begin().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    encryption_keys::activate(cx, &mut tx, &id, &key).await?;
    tx.commit().await?;
    changed(cx).await;
    Ok(done(&member, &workflow, "workflow-key-activated-notice"))
}

pub(super) async fn deactivate(
    member: Member,
    Path((id, key)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let mut tx = cx.db().begin().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    if let Err(error) = encryption_keys::deactivate(cx, &mut tx, &id, &key).await {
        return refused(&member, &keys_path(&workflow), error);
    }
    tx.commit().await?;
    changed(cx).await;
    Ok(done(&member, &workflow, "workflow-key-deactivated-notice"))
}

pub(super) async fn ask_delete(
    member: Member,
    Path((id, key)): Path<(String, String)>,
) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    let keys = encryption_keys::list(&member.cx, &mut tx, &id).await?;
    if !keys.iter().any(|known| known.id.as_str() == key) {
        return Err(WorkflowsError::UnknownKey(key).into());
    }
    let keys_url = member.url(&keys_path(&workflow));
    Ok(member.show(&Confirm {
        title: Message::new("workflow-key-delete-title"),
        what: vec![
            Message::new("workflow-key-delete-what"),
            Message::new("confirm-for-good"),
        ],
        typed: None,
        action: format!("{keys_url}/{key}/delete"),
        button: Message::new("workflow-key-delete"),
        cancel_url: keys_url,
        problems: Problems::none(),
    }))
}

pub(super) async fn delete(
    member: Member,
    Path((id, key)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let mut tx = cx.db().begin().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    if let Err(error) = encryption_keys::delete(cx, &mut tx, &id, &key).await {
        return refused(&member, &keys_path(&workflow), error);
    }
    tx.commit().await?;
    Ok(done(&member, &workflow, "workflow-key-deleted-notice"))
}

fn keys_path(workflow: &Workflow) -> String {
    format!("{}/keys", path(workflow))
}

fn done(member: &Member, workflow: &Workflow, said: &'static str) -> Response {
    member.done(&keys_path(workflow), &Notice::good(Message::new(said)))
}

fn page(
    member: &Member,
    workflow: &Workflow,
    keys: Vec<Key>,
    shown: Option<String>,
) -> EncryptionKeys {
    let url = format!("{}/keys", url(member, workflow));
    let row = |key: Key| {
        let url = format!("{url}/{}", key.id);
        KeyRow {
            id: key.id.to_string(),
            encoding: key.encoding.as_str(),
            is_active: key.is_active,
            created_at: key.created_at.millis(),
            activate_url: format!("{url}/activate"),
            deactivate_url: format!("{url}/deactivate"),
            delete_url: format!("{url}/delete"),
        }
    };
    EncryptionKeys {
        head: head(member, workflow, "/keys"),
        rows: keys.into_iter().map(row).collect(),
        shown,
        encodings: encodings(),
        add_action: url,
    }
}

fn encodings() -> Vec<Choice> {
    let choice = |encoding: Encoding, label| Choice {
        value: encoding.as_str(),
        label: Message::new(label),
        is_current: encoding == Encoding::default(),
    };
    vec![
        choice(Encoding::Base64Url, "workflow-key-base64url"),
        choice(Encoding::Base64, "workflow-key-base64"),
    ]
}
