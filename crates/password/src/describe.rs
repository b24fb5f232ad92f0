//! What can be told about a hash without giving any of it away.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// How well a hash keeps its password if it is stolen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// A fast digest: most passwords fall in hours.
    Weak,
    /// Slow, but below what is recommended today.
    Fair,
    /// As slow as the OWASP Password Storage Cheat Sheet asks, or slower.
    Strong,
}

/// A description of a hash, for people and for `--json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Description {
    /// The stable name of the scheme.
    pub scheme: &'static str,
    /// The flavor of the scheme, where it has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Costs and encodings by name; units are in the names. No salt, no digest, no key.
    pub parameters: BTreeMap<&'static str, Value>,
    /// How well it protects.
    pub strength: Strength,
    /// Whether equal passwords have different hashes.
    pub salted: bool,
    /// One sentence: what to make of it.
    pub advice: &'static str,
}

impl Description {
    pub(crate) fn new(scheme: &'static str, facts: Facts) -> Self {
        let advice = match (facts.strength, facts.salted) {
            (Strength::Strong, _) => "As strong as recommended today: nothing to do.",
            (Strength::Fair, _) => {
                "Below today's recommendation: it is replaced at the next good sign-in."
            }
            (Strength::Weak, true) => {
                "Quick to guess if stolen: it is replaced at the next good sign-in; consider a reset for people who do not come back."
            }
            (Strength::Weak, false) => {
                "Quick to guess if stolen, and equal passwords show: it is replaced at the next good sign-in; consider a reset for people who do not come back."
            }
        };
        Self {
            scheme,
            variant: facts.variant,
            parameters: facts.parameters,
            strength: facts.strength,
            salted: facts.salted,
            advice,
        }
    }
}

/// What a scheme tells about one of its hashes.
pub(crate) struct Facts {
    variant: Option<String>,
    parameters: BTreeMap<&'static str, Value>,
    pub(crate) strength: Strength,
    salted: bool,
}

impl Facts {
    pub(crate) fn new(strength: Strength, salted: bool) -> Self {
        Self {
            variant: None,
            parameters: BTreeMap::new(),
            strength,
            salted,
        }
    }

    pub(crate) fn variant(mut self, variant: impl Into<String>) -> Self {
        self.variant = Some(variant.into());
        self
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.parameters.insert(name, value.into());
        self
    }
}

impl Strength {
    /// Strong from `strong` on, fair from `fair` on.
    pub(crate) fn by_cost(cost: u64, fair: u64, strong: u64) -> Self {
        if cost >= strong {
            Self::Strong
        } else if cost >= fair {
            Self::Fair
        } else {
            Self::Weak
        }
    }
}
