//! Importing organizations from a file: a look at what would happen, or the import itself.

use std::fs::File;

use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::response::Response;

use crate::error::{Coded as _, Kind};
use crate::http::Result;
use crate::http::spool::{SpoolError, spool};
use crate::organizations::view::{ImportOrganizations, OrganizationsOutcome, RefusedOrganization};
use crate::organizations::{self, Imported, Mode};
use crate::pages::{Message, Problems};
use crate::team::Member;

/// How many refused rows the page shows.
const SHOWN: usize = 100;

pub(super) async fn show(member: Member) -> Response {
    member.show(&page(&member, None, Problems::none()))
}

pub(super) async fn submit(member: Member, parts: Multipart) -> Result<Response> {
    let refused = |message| {
        let problems = Problems::at("file", message);
        member.show_again(&page(&member, None, problems))
    };
    let Some((file, mode)) = receive(&member, parts).await? else {
        return Ok(refused(Message::new("import-error-file")));
    };
    match organizations::import_file(&member.cx, file, mode).await {
        Ok(imported) => {
            let outcome = outcome(imported, mode);
            Ok(member.show(&page(&member, Some(outcome), Problems::none())))
        }
        Err(error) if error.code().kind == Kind::Invalid => {
            let reason = Message::new("import-error-reason").with("reason", error.to_string());
            Ok(refused(reason))
        }
        Err(error) => Err(error.into()),
    }
}

/// The file, and which button was pressed; nothing if no file was chosen. The form's token comes first, so that nothing is kept
/// for a form of another browser.
async fn receive(member: &Member, mut parts: Multipart) -> Result<Option<(File, Mode)>> {
    let token = match parts.next_field().await.map_err(broken)? {
        Some(part) if part.name() == Some("csrf") => part.text().await.map_err(broken)?,
        _ => String::new(),
    };
    member.check_token(&token)?;
    let (mut file, mut mode) = (None, Mode::DryRun);
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        if part.name() == Some("file") {
            file = Some(spool(part).await?);
        } else if part.name() == Some("mode") && part.text().await.map_err(broken)? == "import" {
            mode = Mode::Import;
        }
    }
    let is_filled = |file: &File| file.metadata().is_ok_and(|about| about.len() > 0);
    Ok(file.filter(is_filled).map(|file| (file, mode)))
}

fn broken(error: MultipartError) -> SpoolError {
    SpoolError::Broken(Box::new(error))
}

fn outcome(imported: Imported, mode: Mode) -> OrganizationsOutcome {
    let tally = imported.tally;
    let refused = imported.refused.into_iter().take(SHOWN);
    OrganizationsOutcome {
        is_dry_run: mode == Mode::DryRun,
        records: tally.records,
        created: tally.created,
        updated: tally.updated,
        unchanged: tally.unchanged,
        n_refused: tally.refused,
        refused: refused
            .map(|problem| RefusedOrganization {
                line: problem.line,
                column: problem.column.unwrap_or_default(),
                reason: problem.reason,
                row: problem.row,
            })
            .collect(),
    }
}

fn page(
    member: &Member,
    outcome: Option<OrganizationsOutcome>,
    problems: Problems,
) -> ImportOrganizations {
    ImportOrganizations {
        action: member.url("/organizations/import"),
        list_url: member.url("/organizations"),
        users_import_url: member.url("/users/import"),
        outcome,
        problems,
    }
}
