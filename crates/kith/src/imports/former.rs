//! What the former system knew of a person beyond what we have a place for, as users keep it: one JSON object.

use std::collections::BTreeMap;

use import::UserRecord;
use import::plan::Changes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the former system knew besides.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Former {
    /// When the account was made there, Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_at: Option<i64>,
    /// Properties that the person may see.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) properties: BTreeMap<String, Value>,
    /// Properties for programs only.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) private_properties: BTreeMap<String, Value>,
    /// Feature flags set for this person.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) feature_flags: BTreeMap<String, Value>,
}

impl Former {
    pub(super) fn of(record: &mut UserRecord) -> Self {
        Self {
            created_at: record.created_at,
            properties: std::mem::take(&mut record.properties),
            private_properties: std::mem::take(&mut record.private_properties),
            feature_flags: std::mem::take(&mut record.feature_flags),
        }
    }

    /// What is stored; nothing where it can't be read.
    pub(super) fn parse(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    /// Takes over what changes.
    pub(super) fn apply(&mut self, changes: &Changes) {
        self.properties.extend(changes.properties.clone());
        self.private_properties
            .extend(changes.private_properties.clone());
        self.feature_flags.extend(changes.feature_flags.clone());
    }

    /// As it is stored; nothing where there is nothing.
    pub(super) fn to_text(&self) -> Option<String> {
        (*self != Self::default())
            .then(|| serde_json::to_string(self).expect("JSON values serialize"))
    }
}
