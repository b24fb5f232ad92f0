//! Doubts about a whole file: things that are allowed, and usually a mistake in how somebody prepared it.
//!
//! The costliest mistake is a column taken for another: `accountEnabled` of a directory renamed to `email_verified`
//! tells everybody's address proven because nobody is blocked. Rows cannot show that; the header and the whole can.

use crate::header::{Header, folded};
use crate::identifier::Identifier;
use crate::record::UserRecord;

/// A doubt about the file, for a person to weigh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable code.
    pub code: &'static str,
    /// The column in doubt.
    pub column: Option<String>,
    /// What was seen, and what it may mean.
    pub reason: String,
    /// Whether strangers would get in if it is what it looks like, so that nothing should be imported unless somebody insists.
    pub is_grave: bool,
}

impl Finding {
    /// The code of columns that probably mean something else.
    pub const SUSPICIOUS_MAPPING: &'static str = "suspicious_mapping";

    /// The doubt about a column that somebody says is this field, if there is one.
    pub(crate) fn of_mapping(column: &str, field: &str) -> Option<Self> {
        let field = folded(field);
        let is_proof = [
            "emailverified",
            "phoneverified",
            "emailverifiedat",
            "phoneverifiedat",
        ]
        .contains(&field.as_str());
        (is_proof && OPEN.contains(&folded(column).as_str())).then(|| {
            let reason = format!(
                "{column} usually says whether the account is open, not whether an address is proven; \
                 leave it out, so that addresses are proven by a code at the first sign-in"
            );
            Self::grave(column, reason)
        })
    }

    /// The doubt about a field that somebody says is alike in all rows, if there is one.
    pub(crate) fn of_constant(field: &str, text: &str) -> Option<Self> {
        let is_proof = field.contains("verified") && field != "password_verified";
        (is_proof && !text.trim().is_empty()).then(|| {
            let reason = format!(
                "{field} is said to be alike for everybody; whoever registered with someone else's address \
                 would get in as them; leave it out, unless the former provider proved each address"
            );
            Self::grave(field, reason)
        })
    }

    fn suspicious(column: &str, reason: String) -> Self {
        Self {
            code: Self::SUSPICIOUS_MAPPING,
            column: Some(column.to_owned()),
            reason,
            is_grave: false,
        }
    }

    fn grave(column: &str, reason: String) -> Self {
        Self {
            is_grave: true,
            ..Self::suspicious(column, reason)
        }
    }
}

/// Names of columns that say whether an account is open, folded.
const OPEN: [&str; 8] = [
    "accountenabled",
    "enabled",
    "isenabled",
    "active",
    "isactive",
    "status",
    "userstatus",
    "accountstatus",
];

/// 20: below that, all addresses may well be verified.
const MIN_ROWS: u64 = 20;

/// What is counted while rows go by.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    found: Vec<Finding>,
    email_verified: Tally,
    phone_verified: Tally,
    organization_codes: Tally,
}

/// How many there were, and of how many something was true.
#[derive(Debug, Default)]
struct Tally {
    n_seen: u64,
    n_true: u64,
}

impl Tally {
    fn count(&mut self, is_true: bool) {
        self.n_seen += 1;
        self.n_true += u64::from(is_true);
    }

    fn is_always(&self) -> bool {
        self.n_seen >= MIN_ROWS && self.n_true == self.n_seen
    }
}

impl Watch {
    /// Looks for columns that say whether an account is open, used as ones that say whether an address is proven.
    pub(crate) fn header(
        &mut self,
        header: &Header,
        renamed: &std::collections::BTreeMap<String, String>,
    ) {
        for (name, field) in renamed {
            self.found.extend(Finding::of_mapping(name, field));
        }
        for name in header.names() {
            let is_renamed = renamed
                .keys()
                .any(|renamed| folded(renamed) == folded(name));
            if !is_renamed && OPEN.contains(&folded(name).as_str()) {
                let reason = format!(
                    "{name} is ignored: people whose accounts were closed would be let in; \
                     check, and suspend them after the import"
                );
                self.found.push(Finding::suspicious(name, reason));
            }
        }
    }

    /// Takes note of doubts about what somebody decided.
    pub(crate) fn decided(&mut self, findings: &[Finding]) {
        self.found.extend_from_slice(findings);
    }

    pub(crate) fn record(&mut self, record: &UserRecord) {
        for identity in &record.identities {
            match (&identity.identifier, identity.verified) {
                (Identifier::Email(_), Some(verified)) => self.email_verified.count(verified),
                (Identifier::Phone(_), Some(verified)) => self.phone_verified.count(verified),
                _ => {}
            }
        }
        for id in record
            .organizations
            .iter()
            .filter_map(|membership| membership.external_id.as_ref())
        {
            self.organization_codes.count(id.starts_with("org_"));
        }
    }

    /// The doubts so far; complete at the end of the file.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings = self.found.clone();
        for (column, tally) in [
            ("email_verified", &self.email_verified),
            ("phone_verified", &self.phone_verified),
        ] {
            if tally.is_always() {
                let reason = format!(
                    "{column} is TRUE in all {} rows; if the former provider did not prove each of them, \
                     leave the column out, since whoever registered with someone else's address would get in as them",
                    tally.n_seen
                );
                findings.push(Finding::suspicious(column, reason));
            }
        }
        if self.organization_codes.is_always() {
            let reason = "all ids begin with org_, as the codes of organizations here do; check that they are the \
                          external ids, which the organizations had at the former provider"
                .to_owned();
            findings.push(Finding::suspicious("external_organization_id", reason));
        }
        findings
    }
}
