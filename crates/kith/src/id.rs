//! Typed, prefixed, time-ordered ids.
//!
//! Every record has an id of its own type, so a `UserId` can't be passed where a `SessionId` is meant. The text is a
//! prefix and the 32 hex digits of a `UUIDv7` (RFC 9562 §5.7), so ids sort by the moment they were made and index pages
//! fill from left to right. Roles and permissions show their UUID with dashes and no prefix, because clients of the
//! management API expect that.

use uuid::Uuid;

/// What every id type can do; [`crate::context::App::new_id`] makes them.
pub trait Id: Sized {
    /// The id with this `UUIDv7`.
    fn from_uuid(uuid: Uuid) -> Self;
}

/// A text was not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a {what}: expected {expected}")]
pub struct InvalidId {
    what: &'static str,
    expected: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        id!(@type $(#[$doc])* $name, concat!("`", $prefix, "` and 32 hex digits"),
            |uuid: Uuid| format!(concat!($prefix, "{}"), uuid.simple()),
            |text: &str| text.strip_prefix($prefix).is_some_and(is_hex_32));
    };
    ($(#[$doc:meta])* $name:ident) => {
        id!(@type $(#[$doc])* $name, "a UUID",
            |uuid: Uuid| uuid.hyphenated().to_string(),
            |text: &str| text.len() == 36 && Uuid::try_parse(text).is_ok());
    };
    (@type $(#[$doc:meta])* $name:ident, $expected:expr, $print:expr, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[schema(value_type = String)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Id for $name {
            fn from_uuid(uuid: Uuid) -> Self {
                Self(($print)(uuid))
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if ($check)(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId { what: stringify!($name), expected: $expected })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl db::Bind for $name {
            const NULL: db::Value = db::Value::Text(None);

            fn into_value(self) -> db::Value {
                self.0.into()
            }
        }

        impl db::Column for $name {
            fn from_value(value: db::Value) -> Result<Self, db::BoxError> {
                Ok(String::from_value(value)?.parse()?)
            }
        }
    };
}

fn is_hex_32(text: &str) -> bool {
    text.len() == 32
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

id!(/// A business.
    BusinessId, "bus_");
id!(/// An environment of a business.
    EnvironmentId, "env_");
id!(/// A signing key's record; tokens name it by its `kid`.
    KeyId, "key_");
id!(/// A person. The `sub` of their tokens.
    UserId, "kp_");
id!(/// A name by which a person is known: e-mail address, phone number, username, social account.
    IdentityId, "identity_");
id!(/// An organization. Kinde calls it the organization's code.
    OrganizationId, "org_");
id!(/// A role of the business.
    RoleId);
id!(/// A permission of the business.
    PermissionId);
id!(/// An application; its client id.
    ApplicationId, "");
id!(/// An API that accepts our access tokens.
    ApiId, "");
id!(/// A scope of an API.
    ApiScopeId, "api_scope_");
id!(/// A way of signing in that an application may offer.
    ConnectionId, "conn_");
id!(/// A browser in which somebody is signed in.
    SessionId, "session_");
id!(/// A sign-in, sign-up or recovery under way.
    SignInId, "signin_");
id!(/// What one sign-in gave one application.
    GrantId, "grant_");
id!(/// A one-time code that was sent.
    OneTimeCodeId, "code_");
id!(/// A mail.
    MessageId, "mail_");
id!(/// An import.
    ImportRunId, "import_");
id!(/// Code of the business that runs when something happens.
    WorkflowId, "wf_");
id!(/// A version of a workflow.
    WorkflowVersionId, "wfv_");
id!(/// What was deployed together.
    DeploymentId, "deploy_");
id!(/// A key with which a workflow encrypts what it sends.
    WorkflowKeyId, "wfkey_");
id!(/// A run of a workflow.
    WorkflowRunId, "wfrun_");
id!(/// A repository that workflows come from.
    WorkflowRepositoryId, "wfrepo_");
id!(/// A sync with such a repository.
    WorkflowSyncId, "wfsync_");
id!(/// A variable that workflows can read.
    VariableId, "env_var_");
id!(/// A check of a password at the old system.
    DripFeedCheckId, "drip_");
id!(/// A campaign that writes to everybody who is still to move.
    ResetCampaignId, "resets_");
id!(/// Something that happened.
    EventId, "event_");

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: Uuid = Uuid::from_u128(0x0192_9904_316d_7b2c_869f_99df_ea4a_c394);

    #[test]
    fn an_id_prints_with_its_prefix_and_reads_back() {
        let id = UserId::from_uuid(UUID);
        assert_eq!(id.as_str(), "kp_01929904316d7b2c869f99dfea4ac394");
        assert_eq!(id.as_str().parse(), Ok(id));
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let organization = OrganizationId::from_uuid(UUID);
        assert!(organization.as_str().parse::<UserId>().is_err());
        assert!(
            "kp_01929904316D7B2C869F99DFEA4AC394"
                .parse::<UserId>()
                .is_err()
        );
        assert!("kp_'; drop table users".parse::<UserId>().is_err());
    }

    #[test]
    fn roles_are_plain_uuids_and_client_ids_plain_hex() {
        assert_eq!(
            RoleId::from_uuid(UUID).as_str(),
            "01929904-316d-7b2c-869f-99dfea4ac394"
        );
        assert_eq!(
            ApplicationId::from_uuid(UUID).as_str(),
            "01929904316d7b2c869f99dfea4ac394"
        );
    }
}
