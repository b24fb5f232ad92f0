//! The outcomes of an import, each with a few rows that show what it means.

use db::Tx;

use super::{path, rows};
use crate::http::Result;
use crate::imports::view::{Examples, NoteRow, SampleChangeRow, SampleRow};
use crate::imports::{self, Run, Sample, SampleChange, SampleField, SampleOutcome};
use crate::pages::Message;
use crate::team::Member;

/// How many refused rows are shown; the list has them all.
const REFUSED: i64 = 5;

/// The outcomes that there are.
pub(super) async fn all(member: &Member, tx: &mut Tx, run: &Run) -> Result<Vec<Examples>> {
    let mut all = Vec::new();
    all.extend(examples(run, SampleOutcome::Created));
    all.extend(examples(run, SampleOutcome::Updated));
    all.extend(examples(run, SampleOutcome::Unchanged));
    if run.tally.refused > 0 {
        let refused = imports::first_refused(tx, &run.id, REFUSED).await?;
        let refused: Vec<NoteRow> = refused
            .into_iter()
            .map(|row| rows::note(run, row))
            .collect();
        let title = if run.is_dry_run {
            "import-examples-refused"
        } else {
            "import-examples-were-refused"
        };
        all.push(Examples {
            id: "refused",
            title: Message::new(title).with("count", run.tally.refused),
            text: Message::new("import-examples-refused-text"),
            is_new: false,
            samples: Vec::new(),
            refused,
            all_url: Some(member.url(&path(run, "/rows?show=refused"))),
        });
    }
    Ok(all)
}

/// The rows of one outcome; none when there are none.
fn examples(run: &Run, outcome: SampleOutcome) -> Option<Examples> {
    let (id, n, [will, did, text]) = match outcome {
        SampleOutcome::Created => (
            "created",
            run.tally.created,
            [
                "import-examples-created",
                "import-examples-were-created",
                "import-examples-created-text",
            ],
        ),
        SampleOutcome::Updated => (
            "updated",
            run.tally.updated,
            [
                "import-examples-updated",
                "import-examples-were-updated",
                "import-examples-updated-text",
            ],
        ),
        SampleOutcome::Unchanged => (
            "unchanged",
            run.tally.unchanged,
            [
                "import-examples-unchanged",
                "import-examples-unchanged",
                "import-examples-unchanged-text",
            ],
        ),
    };
    let samples = run.summary.samples.iter();
    let samples: Vec<SampleRow> = samples
        .filter(|sample| sample.outcome == outcome)
        .map(sample)
        .collect();
    (n > 0 && !samples.is_empty()).then(|| Examples {
        id,
        title: Message::new(if run.is_dry_run { will } else { did }).with("count", n),
        text: Message::new(text),
        is_new: outcome == SampleOutcome::Created,
        samples,
        refused: Vec::new(),
        all_url: None,
    })
}

/// A row as pages show it.
pub(super) fn sample(sample: &Sample) -> SampleRow {
    SampleRow {
        line: sample.line,
        name: sample.name.clone(),
        contact: sample.contact.clone(),
        is_verified: sample.is_verified,
        changes: sample.changes.iter().map(change).collect(),
        row: sample.row.clone(),
    }
}

fn change(change: &SampleChange) -> SampleChangeRow {
    SampleChangeRow {
        label: Message::new(label(change.field)),
        of: change.of.clone(),
        before: change.before.clone(),
        after: change.after.clone(),
    }
}

fn label(field: SampleField) -> &'static str {
    match field {
        SampleField::FormerId => "import-field-former-id",
        SampleField::FirstName => "import-field-first-name",
        SampleField::LastName => "import-field-last-name",
        SampleField::Picture => "import-field-picture",
        SampleField::Identity => "import-field-identity",
        SampleField::Verified => "import-field-verified",
        SampleField::Suspended => "import-field-suspended",
        SampleField::Password => "import-field-password",
        SampleField::Authenticator => "import-field-authenticator",
        SampleField::Organization => "import-field-organization",
        SampleField::Property => "import-field-property",
        SampleField::FeatureFlag => "import-field-feature-flag",
    }
}
