//! Bringing the files of a source, as a form of several parts: what works without a script, whatever their size.

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, Path};
use axum::response::Response;
use import::FileError;

use super::choose::Choice;
use super::path;
use crate::error::{Code, Coded as _, Kind};
use crate::http::{Failure, Result};
use crate::imports::view::{FileSlot, TextField, Upload as UploadPage};
use crate::imports::{Options, StartError, Upload, UploadError, upload};
use crate::pages::{Message, Problem};
use crate::team::Member;

/// 64 KiB: what a field beside the files may hold.
const MAX_TEXT: usize = 64 * 1024;

/// A parameter of all hashes of a project: its name, its phrases, and whether it is a secret.
struct Param {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    is_secret: bool,
}

const PARAMS: &[Param] = &[
    Param {
        name: "signer_key",
        label: "import-param-signer-key",
        hint: "import-param-signer-key-hint",
        is_secret: true,
    },
    Param {
        name: "salt_separator",
        label: "import-param-salt-separator",
        hint: "import-param-salt-separator-hint",
        is_secret: false,
    },
    Param {
        name: "rounds",
        label: "import-param-rounds",
        hint: "import-param-rounds-hint",
        is_secret: false,
    },
    Param {
        name: "mem_cost",
        label: "import-param-mem-cost",
        hint: "import-param-mem-cost-hint",
        is_secret: false,
    },
];

/// What is said beside the files.
#[derive(Default)]
pub(super) struct Said {
    pub(super) options: Options,
    pub(super) problems: Vec<Problem>,
}

impl Said {
    /// Takes a field of the form.
    pub(super) fn take(&mut self, choice: Choice, name: &str, value: &str) {
        if name == "merge" {
            self.options.merges_on_conflict = true;
        }
        let Some(param) = params(choice).find(|param| param.name == name) else {
            return;
        };
        if let Err(error) = self.options.hash.set(name, value.trim()) {
            self.problems.push(Problem {
                field: Some(param.name),
                message: Message::new("import-error-reason").with("reason", error.to_string()),
            });
        }
    }
}

/// What has come so far.
#[derive(Default)]
struct Received {
    said: Said,
    upload: Option<Upload>,
    n_files: usize,
}

pub(super) async fn show(member: Member, Path(name): Path<String>) -> Result<Response> {
    let choice = Choice::of(&name)?;
    Ok(member.show(&page(&member, choice, &Said::default())))
}

/// Takes the files as they arrive, and sends the browser to the dry run.
pub(super) async fn receive(
    member: Member,
    Path(name): Path<String>,
    mut parts: Multipart,
) -> Result<Response> {
    let choice = Choice::of(&name)?;
    check_token(&member, &mut parts).await?;
    let mut received = Received::default();
    received.said.options.source = choice.source();
    if let Err(failure) = received.all(&member, choice, &mut parts).await {
        received.discard().await?;
        return Err(failure);
    }
    let first = slots(choice)[0].field;
    let problem = |message| Problem {
        field: Some(first),
        message,
    };
    let problems = &mut received.said.problems;
    if received.n_files == 0 && problems.is_empty() {
        problems.push(problem(Message::new("import-error-file")));
    }
    if problems.is_empty()
        && let Some(upload) = &received.upload
    {
        let id = upload.run_id().clone();
        match upload::complete(&member.cx, &id, choice.source(), true).await {
            Ok(run) => return Ok(member.redirect(&path(&run, ""))),
            Err(error) if choice.asks_for_columns(&error) => {
                return Ok(member.redirect(&format!("/users/imports/{id}/columns")));
            }
            Err(error) if error.code().kind == Kind::Invalid => {
                problems.push(problem(said_of(&error)));
            }
            Err(error) => {
                received.discard().await?;
                return Err(error.into());
            }
        }
    }
    let shown = page(&member, choice, &received.said);
    received.discard().await?;
    Ok(member.show_again(&shown))
}

impl Received {
    /// Reads the fields, which come before the files, and keeps the files.
    async fn all(&mut self, member: &Member, choice: Choice, parts: &mut Multipart) -> Result<()> {
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            if part.file_name().is_none() {
                let name = part.name().unwrap_or_default().to_owned();
                self.said.take(choice, &name, &text(part).await?);
            } else if self.said.problems.is_empty() {
                self.file(member, part).await?;
            }
        }
        Ok(())
    }

    async fn file(&mut self, member: &Member, part: Field<'_>) -> Result<()> {
        let name = part.file_name().unwrap_or_default().to_owned();
        if self.upload.is_none() {
            self.upload = Some(Upload::begin(&member.cx, self.said.options.clone()).await?);
        }
        if let Some(upload) = &mut self.upload {
            self.n_files += usize::from(upload.add(&name, part).await?);
        }
        Ok(())
    }

    /// Forgets what has come.
    async fn discard(&mut self) -> Result<()> {
        match self.upload.take() {
            Some(upload) => Ok(upload.discard().await?),
            None => Ok(()),
        }
    }
}

/// What is wrong with the files.
pub(super) fn said_of(error: &StartError) -> Message {
    match error {
        StartError::File {
            error: FileError::UnknownSource { .. },
            ..
        } => Message::new("import-error-unknown"),
        error => Message::new("import-error-reason").with("reason", error.to_string()),
    }
}

/// The form's token comes first, so that nothing is kept for a form of another browser.
pub(super) async fn check_token(member: &Member, parts: &mut Multipart) -> Result<()> {
    let token = match parts.next_field().await.map_err(broken)? {
        Some(part) if part.name() == Some("csrf") => text(part).await?,
        _ => String::new(),
    };
    member.check_token(&token)
}

/// The value of a field that is no file.
async fn text(mut part: Field<'_>) -> Result<String> {
    let mut value = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(broken)? {
        value.extend_from_slice(&piece);
        if value.len() > MAX_TEXT {
            let said = "a field of the form is larger than any of ours";
            return Err(Failure::new(Code::BODY_TOO_LARGE, said));
        }
    }
    Ok(String::from_utf8_lossy(&value).into_owned())
}

pub(super) fn broken(error: MultipartError) -> UploadError {
    UploadError::Broken(Box::new(error))
}

fn page(member: &Member, choice: Choice, said: &Said) -> UploadPage {
    let options = &said.options;
    let field = |param: &Param| TextField {
        field: param.name,
        label: Message::new(param.label),
        hint: Message::new(param.hint),
        value: typed(options, param),
        is_secret: param.is_secret,
    };
    UploadPage {
        title: choice.title(),
        text: choice.text(),
        action: member.url(&format!("/users/import/{}", choice.name())),
        back_url: member.url("/users/import"),
        slots: slots(choice),
        params: params(choice).map(field).collect(),
        has_closed_params: matches!(choice, Choice::Auto) && said.problems.is_empty(),
        merges: options.merges_on_conflict,
        problems: said.problems.iter().cloned().collect(),
    }
}

/// The parameters that files of this choice may need: of any source while nobody knows which it is.
fn params(choice: Choice) -> impl Iterator<Item = &'static Param> {
    PARAMS.iter().filter(move |param| match choice {
        Choice::Auto => true,
        Choice::Source(source) => source.project_params.contains(&param.name),
    })
}

/// What was typed into a field, so that it stays; never a secret.
fn typed(options: &Options, param: &Param) -> String {
    let number = |number: Option<u64>| number.map(|n| n.to_string()).unwrap_or_default();
    match param.name {
        "rounds" => number(options.hash.rounds),
        "mem_cost" => number(options.hash.mem_cost),
        "salt_separator" => options.hash.salt_separator.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

/// The files that a source may have.
fn slots(choice: Choice) -> Vec<FileSlot> {
    if choice.name() != "auth0" {
        return vec![FileSlot {
            field: "file",
            label: Message::new("import-files-label"),
            hint: Message::new("import-file-hint"),
            accept: "",
            is_required: true,
            is_many: true,
        }];
    }
    let slot = |field, label, hint| FileSlot {
        field,
        label: Message::new(label),
        hint: Message::new(hint),
        accept: ".json,.ndjson,.jsonl,.gz",
        is_required: false,
        is_many: true,
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
    fn every_parameter_of_a_project_has_a_field() {
        let all = import::source::SOURCES.iter();
        for name in all.flat_map(|source| source.project_params) {
            assert!(PARAMS.iter().any(|param| param.name == *name), "{name}");
        }
    }
}
