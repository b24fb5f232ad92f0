//! The hash detective on the files of a dry run: one known password tells how all were hashed, and one click applies it.

use axum::extract::Path;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{find, head, path};
use crate::error::Code;
use crate::http::{Failure, Form, Result};
use crate::imports::detective::{Answer, DetectError, Finding, Known, detect_in};
use crate::imports::view::{Detective, Solution};
use crate::imports::{self, Options, Run};
use crate::pages::{Message, Notice, Problems};
use crate::secret::Secret;
use crate::team::Member;

/// What an answer is sealed for, on its way through the page: it may hold a pepper.
const PURPOSE: &str = "import_detective";

/// An answer, and the import whose files gave it.
#[derive(Serialize, Deserialize)]
struct Sealed {
    run: String,
    options: Options,
}

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let run = find(&member, &id).await?;
    Ok(member.show(&page(&member, &run, "")))
}

/// Looks for how the hash of a known password was made. The password is not shown again, and not kept.
pub(super) async fn submit(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let run = find(&member, &id).await?;
    let identifier = form.get("identifier");
    let unanswered = page(&member, &run, identifier);
    let again = |field, phrase| {
        let problems = Problems::at(field, Message::new(phrase));
        Ok(member.show_again(&Detective {
            problems,
            ..unanswered.clone()
        }))
    };
    if identifier.is_empty() {
        return again("identifier", "import-detective-who");
    }
    if form.raw("password").is_empty() {
        return again("password", "import-detective-password-missing");
    }
    let secret = |field| Secret::new(form.raw(field).to_owned());
    let known = Known {
        identifier: identifier.to_owned(),
        password: secret("password"),
    };
    let mut peppers = Vec::new();
    if !form.raw("pepper").is_empty() {
        peppers.push(secret("pepper"));
    }
    let answer = match detect_in(&member.cx, &run.id, vec![known], peppers).await {
        Ok(answer) => answer,
        Err(DetectError::NoRow(_)) => return again("identifier", "import-detective-no-row"),
        Err(error) => return Err(error.into()),
    };
    Ok(member.show(&answered(&member, &run, unanswered, answer)))
}

/// Reads the files anew as the answer says.
pub(super) async fn apply(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let run = find(&member, &id).await?;
    let options = open(&member, &run, form.raw("answer"))?;
    let mut tx = member.cx.db().begin().await?;
    let run = imports::recheck(&member.cx, &mut tx, &run.id, &options).await?;
    tx.commit().await?;
    member.cx.wake_worker();
    let said = Notice::good(Message::new("import-detective-applied"));
    Ok(member.done(&path(&run, ""), &said))
}

fn open(member: &Member, run: &Run, sealed: &str) -> Result<Options> {
    let text = member.cx.sealer().open(PURPOSE, sealed).ok();
    let sealed: Option<Sealed> = text.and_then(|text| serde_json::from_slice(&text).ok());
    let of_run = sealed.filter(|sealed| sealed.run == run.id.as_str());
    let stale = "the answer is of another import; ask once more";
    Ok(of_run
        .ok_or_else(|| Failure::new(Code::INVALID_REQUEST, stale))?
        .options)
}

fn page(member: &Member, run: &Run, identifier: &str) -> Detective {
    Detective {
        head: head(member, run, "/detective"),
        action: member.url(&path(run, "/detective")),
        apply_action: member.url(&path(run, "/detective/apply")),
        identifier: identifier.to_owned(),
        solution: None,
        readings: Vec::new(),
        failure: None,
        problems: Problems::none(),
    }
}

fn answered(member: &Member, run: &Run, page: Detective, answer: Answer) -> Detective {
    match answer {
        Answer::Found(finding) => Detective {
            solution: Some(solution(member, run, *finding)),
            ..page
        },
        Answer::Ambiguous(readings) => Detective { readings, ..page },
        Answer::Nothing { was_all_tried } => {
            let phrase = if was_all_tried {
                "import-detective-nothing"
            } else {
                "import-detective-no-time"
            };
            Detective {
                failure: Some(Message::new(phrase)),
                ..page
            }
        }
    }
}

fn solution(member: &Member, run: &Run, finding: Finding) -> Solution {
    let seal = |options| {
        let sealed = Sealed {
            run: run.id.to_string(),
            options,
        };
        let text = serde_json::to_string(&sealed).expect("options are plain data");
        member.cx.seal(PURPOSE, &text)
    };
    Solution {
        summary: finding.summary,
        column: finding.column,
        assumed: finding.assumed,
        sealed: finding.options.map(seal),
    }
}
