//! The risks of an import, in words.

use crate::imports::view::RiskRow;
use crate::imports::{Doubt, Run};
use crate::pages::Message;

/// Risks that have words of their own; the others bring their sentence.
const TEXTS: &[(&str, &str)] = &[
    ("unproven_privileged", "import-risk-unproven-privileged"),
    ("unverifiable_hashes", "import-risk-unverifiable-hashes"),
    ("shared_hashes", "import-risk-shared-hashes"),
    ("unsalted_hashes", "import-risk-unsalted-hashes"),
    ("weak_hashes", "import-risk-weak-hashes"),
    ("disposable_addresses", "import-risk-disposable-addresses"),
    (
        "undeliverable_addresses",
        "import-risk-undeliverable-addresses",
    ),
];

/// All that is to be weighed, the gravest first.
pub(super) fn rows(run: &Run) -> Vec<RiskRow> {
    let doubts = run.summary.doubts().into_iter();
    let row = |doubt: Doubt| RiskRow {
        level: doubt.level,
        text: text(run, &doubt),
        code: doubt.code,
    };
    doubts.map(row).collect()
}

fn text(run: &Run, doubt: &Doubt) -> Message {
    let known = TEXTS.iter().find(|(code, _)| *code == doubt.code);
    let (Some((code, phrase)), Some(count)) = (known, doubt.count) else {
        return Message::new("import-error-reason").with("reason", doubt.reason.clone());
    };
    let text = Message::new(phrase).with("count", count);
    if *code == "shared_hashes" {
        let clusters = run.summary.risks.reuse.clusters();
        let text = text.with("clusters", clusters.clusters);
        text.with("largest", clusters.largest)
    } else {
        text
    }
}
