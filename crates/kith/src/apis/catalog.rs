//! The scopes of the management API.
//!
//! The keys are those that clients of Kinde's management API ask for, spelled as they are there, the uneven ones too
//! (`delete:apis_scopes` beside `create:api_scopes`). Those of imports, exports, the drip-feed and workflows are our own.

/// The key of every scope of the management API, in order.
pub(super) const SCOPES: &[&str] = &[
    "create:api_application_scopes",
    "create:api_keys",
    "create:api_scopes",
    "create:apis",
    "create:application_connections",
    "create:application_logout_uris",
    "create:applications",
    "create:applications_redirect_uris",
    "create:billing_agreements",
    "create:connected_apps",
    "create:connections",
    "create:environment_variables",
    "create:feature_flags",
    "create:imports",
    "create:meter_usage",
    "create:organization_connections",
    "create:organization_invites",
    "create:organization_user_api_scopes",
    "create:organization_user_permissions",
    "create:organization_user_roles",
    "create:organization_users",
    "create:organizations",
    "create:permissions",
    "create:properties",
    "create:property_categories",
    "create:role_scopes",
    "create:roles",
    "create:scim_directories",
    "create:subscribers",
    "create:user_identities",
    "create:users",
    "create:webhooks",
    "create:workflows",
    "delete:api_keys",
    "delete:apis",
    "delete:apis_application_scopes",
    "delete:apis_scopes",
    "delete:application_connections",
    "delete:application_logout_uris",
    "delete:applications",
    "delete:applications_redirect_uris",
    "delete:connections",
    "delete:environment_feature_flags",
    "delete:environment_variables",
    "delete:feature_flags",
    "delete:identities",
    "delete:organization_connections",
    "delete:organization_feature_flags",
    "delete:organization_handles",
    "delete:organization_invites",
    "delete:organization_user_api_scopes",
    "delete:organization_user_mfa",
    "delete:organization_user_permissions",
    "delete:organization_user_roles",
    "delete:organization_users",
    "delete:organizations",
    "delete:permissions",
    "delete:properties",
    "delete:role_permissions",
    "delete:role_scopes",
    "delete:roles",
    "delete:scim_directories",
    "delete:user_mfa",
    "delete:user_sessions",
    "delete:users",
    "delete:webhooks",
    "delete:workflows",
    "read:api_keys",
    "read:api_scopes",
    "read:apis",
    "read:application_connections",
    "read:application_logout_uris",
    "read:application_properties",
    "read:applications",
    "read:applications_redirect_uris",
    "read:billing_agreements",
    "read:billing_entitlements",
    "read:businesses",
    "read:connected_apps",
    "read:connections",
    "read:drip_feed",
    "read:environment_feature_flags",
    "read:environment_variables",
    "read:environments",
    "read:event_types",
    "read:events",
    "read:export",
    "read:export_secrets",
    "read:identities",
    "read:imports",
    "read:industries",
    "read:organization_connections",
    "read:organization_feature_flags",
    "read:organization_invites",
    "read:organization_passkey",
    "read:organization_properties",
    "read:organization_user_mfa",
    "read:organization_user_permissions",
    "read:organization_user_roles",
    "read:organization_users",
    "read:organizations",
    "read:passkey",
    "read:permissions",
    "read:properties",
    "read:property_categories",
    "read:role_permissions",
    "read:role_scopes",
    "read:roles",
    "read:scim_directories",
    "read:subscribers",
    "read:timezones",
    "read:user_identities",
    "read:user_mfa",
    "read:user_properties",
    "read:user_sessions",
    "read:users",
    "read:webhooks",
    "read:workflows",
    "update:api_keys",
    "update:api_scopes",
    "update:apis",
    "update:application_logout_uris",
    "update:application_properties",
    "update:application_tokens",
    "update:applications",
    "update:applications_redirect_uris",
    "update:businesses",
    "update:connections",
    "update:drip_feed",
    "update:environment_feature_flags",
    "update:environment_variables",
    "update:environments",
    "update:feature_flags",
    "update:identities",
    "update:mfa",
    "update:organization_feature_flags",
    "update:organization_mfa",
    "update:organization_passkey",
    "update:organization_properties",
    "update:organization_users",
    "update:organizations",
    "update:passkey",
    "update:permissions",
    "update:properties",
    "update:property_categories",
    "update:role_permissions",
    "update:roles",
    "update:scim_directories",
    "update:user_feature_flags",
    "update:user_passwords",
    "update:user_properties",
    "update:user_refresh_claims",
    "update:users",
    "update:webhooks",
    "update:workflows",
];

/// What a scope allows, for people: `read:user_mfa` reads "Read user MFA".
pub(super) fn describe(key: &str) -> String {
    let words = key.replacen(':', " ", 1).replace('_', " ");
    let words = words
        .split(' ')
        .map(|word| match word {
            "api" => "API",
            "apis" => "APIs",
            "mfa" => "MFA",
            "scim" => "SCIM",
            "uris" => "URLs",
            other => other,
        })
        .collect::<Vec<_>>()
        .join(" ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_is_a_verb_and_its_object_and_stands_once() {
        assert!(SCOPES.is_sorted_by(|a, b| a < b));
        for key in SCOPES {
            let (verb, object) = key.split_once(':').unwrap();
            assert!(
                ["create", "read", "update", "delete"].contains(&verb),
                "{key}"
            );
            assert!(
                object.bytes().all(|c| c.is_ascii_lowercase() || c == b'_'),
                "{key}"
            );
        }
    }

    #[test]
    fn a_scope_is_described_in_words() {
        assert_eq!(describe("read:user_mfa"), "Read user MFA");
        assert_eq!(
            describe("create:application_logout_uris"),
            "Create application logout URLs"
        );
    }
}
