//! Campaign tags: where a new person or organization came from.

use std::collections::BTreeMap;

use crate::parameters::Parameters;

/// The tags that become properties, beside everything that begins with `utm_`.
const TAGS: &[&str] = &[
    "ad_group_id",
    "ad_position",
    "campaign_id",
    "click_id",
    "creative",
    "device",
    "fbclid",
    "gclid",
    "hsa_acc",
    "hsa_ad",
    "hsa_cam",
    "hsa_grp",
    "hsa_kw",
    "hsa_mt",
    "hsa_net",
    "hsa_src",
    "hsa_tgt",
    "hsa_ver",
    "keyword",
    "li_fat_id",
    "match_type",
    "msclkid",
    "network",
    "ttclid",
    "twclid",
];

/// The tags of a request, the first of each. A repeated one is no error: campaign links are assembled by machines that
/// nobody watches, and no sign-in should fail for them.
pub(super) fn collect(sent: Parameters<'_>) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    for (name, value) in sent
        .0
        .iter()
        .filter(|(name, value)| is_tag(name) && !value.is_empty())
    {
        tags.entry(name.clone()).or_insert_with(|| value.clone());
    }
    tags
}

pub(super) fn is_tag(name: &str) -> bool {
    name.starts_with("utm_") || TAGS.contains(&name)
}
