//! Choosing a source, and bringing its files.

use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path};
use axum::response::Response;
use import::FileError;

use super::path;
use crate::error::{Code, Coded as _, Kind};
use crate::http::{Failure, Result};
use crate::imports::view::{ChooseSource, FileSlot, SourceCard, Upload as UploadPage};
use crate::imports::{self, Options, StartError, Upload, UploadError};
use crate::pages::{Message, Problems};
use crate::paging::{Order, Wanted};
use crate::team::Member;

/// A card to choose: the last part of its address, the source (none to tell it from the files), its phrases.
struct Card {
    name: &'static str,
    source: Option<&'static str>,
    title: &'static str,
    text: &'static str,
}

const CARDS: &[Card] = &[
    Card {
        name: "auto",
        source: None,
        title: "import-source-auto",
        text: "import-source-auto-text",
    },
    Card {
        name: "auth0",
        source: Some("auth0"),
        title: "import-source-auth0",
        text: "import-source-auth0-text",
    },
    Card {
        name: "clerk",
        source: Some("clerk"),
        title: "import-source-clerk",
        text: "import-source-clerk-text",
    },
    Card {
        name: "csv",
        source: Some("kinde-csv"),
        title: "import-source-csv",
        text: "import-source-csv-text",
    },
    Card {
        name: "ndjson",
        source: Some("kinde-ndjson"),
        title: "import-source-ndjson",
        text: "import-source-ndjson-text",
    },
];

pub(super) async fn choose(member: Member) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let any = Wanted::first(Order::NEWEST_FIRST, 1);
    let has_runs = !imports::list(&member.cx, &mut tx, &any)
        .await?
        .items
        .is_empty();
    let card = |card: &Card| SourceCard {
        title: Message::new(card.title),
        text: Message::new(card.text),
        is_auto: card.source.is_none(),
        url: member.url(&format!("/users/import/{}", card.name)),
    };
    Ok(member.show(&ChooseSource {
        users_url: member.url("/users"),
        runs_url: has_runs.then(|| member.url("/users/imports")),
        sources: CARDS.iter().map(card).collect(),
    }))
}

pub(super) async fn upload(member: Member, Path(name): Path<String>) -> Result<Response> {
    let card = find(&name)?;
    Ok(member.show(&page(&member, card, Problems::none())))
}

/// Takes the files as they arrive, and sends the browser to the dry run.
pub(super) async fn receive(
    member: Member,
    Path(name): Path<String>,
    mut parts: Multipart,
) -> Result<Response> {
    let card = find(&name)?;
    check_token(&member, &mut parts).await?;
    let mut upload = Upload::begin(&member.cx, Options::default()).await?;
    let received = keep_all(&mut upload, parts).await;
    let n_files = match received {
        Ok(n_files) => n_files,
        Err(error) => {
            upload.discard().await?;
            return Err(error.into());
        }
    };
    let first = slots(card)[0].field;
    if n_files == 0 {
        upload.discard().await?;
        let problems = Problems::at(first, Message::new("import-error-file"));
        return Ok(member.show_again(&page(&member, card, problems)));
    }
    match upload.finish(card.source.map(str::to_owned), true).await {
        Ok(run) => Ok(member.redirect(&path(&run, ""))),
        Err(error) if error.code().kind == Kind::Invalid => {
            let problems = Problems::at(first, said(&error));
            Ok(member.show_again(&page(&member, card, problems)))
        }
        Err(error) => Err(error.into()),
    }
}

/// What is wrong with the files.
fn said(error: &StartError) -> Message {
    match error {
        StartError::File {
            error: FileError::UnknownSource { .. },
            ..
        } => Message::new("import-error-unknown"),
        error => Message::new("import-error-reason").with("reason", error.to_string()),
    }
}

/// The form's token comes first, so that nothing is kept for a form of another browser.
async fn check_token(member: &Member, parts: &mut Multipart) -> Result<()> {
    let token = match parts.next_field().await.map_err(broken)? {
        Some(part) if part.name() == Some("csrf") => part.text().await.map_err(broken)?,
        _ => String::new(),
    };
    member.check_token(&token)
}

/// Keeps the files, and says how many there were.
async fn keep_all(upload: &mut Upload, mut parts: Multipart) -> Result<usize, UploadError> {
    let mut n_files = 0;
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.file_name().unwrap_or_default().to_owned();
        if upload.add(&name, part).await? {
            n_files += 1;
        }
    }
    Ok(n_files)
}

fn broken(error: MultipartError) -> UploadError {
    UploadError::Broken(Box::new(error))
}

fn find(name: &str) -> Result<&'static Card> {
    let card = CARDS.iter().find(|card| card.name == name);
    card.ok_or_else(|| Failure::new(Code::ROUTE_NOT_FOUND, "there is no such source"))
}

fn page(member: &Member, card: &Card, problems: Problems) -> UploadPage {
    UploadPage {
        title: Message::new(card.title),
        text: Message::new(card.text),
        action: member.url(&format!("/users/import/{}", card.name)),
        back_url: member.url("/users/import"),
        slots: slots(card),
        problems,
    }
}

/// The files that a source may have.
fn slots(card: &Card) -> Vec<FileSlot> {
    if card.source != Some("auth0") {
        return vec![FileSlot {
            field: "file",
            label: Message::new("import-file"),
            hint: Message::new("import-file-hint"),
            accept: ".csv,.json,.ndjson,.jsonl,.gz",
            is_required: true,
        }];
    }
    let slot = |field, label, hint| FileSlot {
        field,
        label: Message::new(label),
        hint: Message::new(hint),
        accept: ".json,.ndjson,.jsonl,.gz",
        is_required: false,
    };
    vec![
        slot("users", "import-file-users", "import-file-users-hint"),
        slot(
            "passwords",
            "import-file-passwords",
            "import-file-passwords-hint",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_is_of_a_source_that_there_is() {
        for card in CARDS {
            let is_known = card
                .source
                .is_none_or(|name| import::source::find(name).is_some());
            assert!(is_known, "{}", card.name);
        }
    }
}
