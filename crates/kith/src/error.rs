//! The stable codes of everything that can go wrong.
//!
//! An error has three audiences: a [`Code`] for programs, stable for ever; a sentence for people, which says what to do
//! (the error's `Display`); a cause for the log (the error's `source`). Slices have their own error enums and give each
//! variant its code through [`Coded`]; only the web layer turns a code's [`Kind`] into a status.

/// What sort of trouble a code is; decides the HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request makes no sense as it stands. 400.
    Invalid,
    /// Nobody proved who is asking. 401.
    Unauthenticated,
    /// The caller may not do this. 403.
    Denied,
    /// There is no such thing. 404.
    Missing,
    /// It contradicts what is there already. 409.
    Conflict,
    /// Too much of a request. 413.
    TooLarge,
    /// Too many requests. 429.
    Throttled,
    /// Our fault. 500.
    Internal,
    /// Not now. 503.
    Unavailable,
}

/// A stable code for programs. The management API shows it in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The code, in small letters with underscores.
    pub name: &'static str,
    /// What sort of trouble it is.
    pub kind: Kind,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $constant:ident = $name:literal, $kind:ident;)*) => {
        impl Code {
            $($(#[doc = $doc])* pub const $constant: Self = Self { name: $name, kind: Kind::$kind };)*

            /// Every code with its meaning, for the reference page.
            pub const ALL: &[(Self, &str)] = &[$((Self::$constant, concat!($($doc),*))),*];
        }
    };
}

codes! {
    /// Something failed on our side; the log has the cause under the request's id.
    INTERNAL = "internal_error", Internal;
    /// The database can't be reached or is overloaded; try again.
    UNAVAILABLE = "unavailable", Unavailable;
    /// The request has a missing, malformed or contradictory part; the message names it.
    INVALID_REQUEST = "invalid_request", Invalid;
    /// The body is not valid JSON, or a field has the wrong type.
    INVALID_BODY = "invalid_body", Invalid;
    /// The body is larger than this operation takes.
    BODY_TOO_LARGE = "body_too_large", TooLarge;
    /// There is no such address.
    ROUTE_NOT_FOUND = "route_not_found", Missing;
    /// The address exists, with another method.
    METHOD_NOT_ALLOWED = "method_not_allowed", Invalid;
    /// No access token came, or it is malformed, expired or revoked.
    INVALID_TOKEN = "invalid_token", Denied;
    /// The application is unknown, or its secret is wrong.
    INVALID_CLIENT = "invalid_client", Unauthenticated;
    /// The access token lacks the scope that the message names.
    SCOPE_MISSING = "scope_missing", Denied;
    /// The form's CSRF token is missing or belongs to another browser.
    CSRF_MISMATCH = "csrf_mismatch", Denied;
    /// The caller may not do this.
    FORBIDDEN = "forbidden", Denied;
    /// Too many requests; `Retry-After` says when to come back.
    RATE_LIMITED = "rate_limited", Throttled;
    /// The address is not a public one; the setting `allow_private_networks` lets calls reach it.
    ADDRESS_NOT_PUBLIC = "address_not_public", Invalid;
    /// Another server gave no usable answer; try again.
    OUTGOING_FAILED = "outgoing_failed", Unavailable;
    /// The paging token is not one of ours.
    INVALID_CURSOR = "invalid_next_token", Invalid;
    /// There is no such user.
    USER_NOT_FOUND = "user_not_found", Missing;
    /// There is no such identity.
    IDENTITY_NOT_FOUND = "identity_not_found", Missing;
    /// Another person has this e-mail address, phone number or username.
    IDENTITY_TAKEN = "identity_taken", Conflict;
    /// The address is no e-mail address.
    INVALID_EMAIL = "invalid_email", Invalid;
    /// The number is no phone number in international form.
    INVALID_PHONE = "invalid_phone", Invalid;
    /// A username has 2 to 64 letters, digits, `-` and `_`.
    INVALID_USERNAME = "invalid_username", Invalid;
    /// Another person has this provided id.
    PROVIDED_ID_TAKEN = "provided_id_taken", Conflict;
    /// The password is wrong, or nobody has it.
    PASSWORD_WRONG = "password_wrong", Invalid;
    /// Too many failed attempts; try again when the lock is over.
    LOCKED = "locked", Throttled;
    /// The password has fewer than 8 characters.
    PASSWORD_TOO_SHORT = "password_too_short", Invalid;
    /// The password has more characters than can be hashed.
    PASSWORD_TOO_LONG = "password_too_long", Invalid;
    /// The password is one of the most common ones.
    PASSWORD_TOO_COMMON = "password_too_common", Invalid;
    /// The password hash can't be understood; the message says why.
    INVALID_PASSWORD_HASH = "invalid_password_hash", Invalid;
    /// There is no such organization.
    ORGANIZATION_NOT_FOUND = "organization_not_found", Missing;
    /// Another organization has this handle.
    HANDLE_TAKEN = "handle_taken", Conflict;
    /// Another organization has this external id.
    EXTERNAL_ID_TAKEN = "external_id_taken", Conflict;
    /// The default organization can't be suspended.
    DEFAULT_ORGANIZATION_CANNOT_BE_SUSPENDED = "default_organization_cannot_be_suspended", Invalid;
    /// The default organization can't be deleted.
    DEFAULT_ORGANIZATION_CANNOT_BE_DELETED = "default_organization_cannot_be_deleted", Invalid;
    /// The person is not a member of the organization.
    USER_NOT_IN_ORGANIZATION = "user_not_in_organization", Missing;
    /// There is no such role.
    ROLE_NOT_FOUND = "role_not_found", Missing;
    /// Another role has this key.
    ROLE_KEY_TAKEN = "role_key_taken", Conflict;
    /// No role has the key that the message names.
    UNKNOWN_ROLE_KEY = "unknown_role_key", Invalid;
    /// There is no such permission.
    PERMISSION_NOT_FOUND = "invalid_permission_id", Missing;
    /// No permission has the key that the message names.
    UNKNOWN_PERMISSION_KEY = "unknown_permission_key", Invalid;
    /// Another permission has this key.
    PERMISSION_KEY_TAKEN = "permission_key_taken", Conflict;
    /// The role doesn't have this permission.
    PERMISSION_NOT_IN_ROLE = "invalid_permission_id_role", Missing;
    /// People are being written to already; one campaign runs at a time.
    CAMPAIGN_RUNNING = "campaign_running", Conflict;
    /// Nobody is being written to, or ever was.
    CAMPAIGN_NOT_FOUND = "campaign_not_found", Missing;
    /// No old system is configured that could be asked about people.
    DRIP_FEED_NOT_CONFIGURED = "drip_feed_not_configured", Missing;
    /// There is no such application.
    APPLICATION_NOT_FOUND = "application_not_found", Missing;
    /// Kith's own application can't be changed or deleted.
    APPLICATION_BUILTIN = "application_builtin", Denied;
    /// The address can't be registered; the message says which rule it breaks.
    INVALID_URL = "invalid_url", Invalid;
    /// There is no such API.
    API_NOT_FOUND = "api_not_found", Missing;
    /// Another API has this audience.
    AUDIENCE_TAKEN = "audience_taken", Conflict;
    /// The management API can't be changed or deleted.
    API_BUILTIN = "api_builtin", Denied;
    /// There is no such scope.
    SCOPE_NOT_FOUND = "scope_not_found", Missing;
    /// The API has a scope with this key already.
    SCOPE_KEY_TAKEN = "scope_key_taken", Conflict;
    /// The application is not authorized for the API.
    APPLICATION_NOT_AUTHORIZED = "application_not_authorized", Invalid;
    /// There is no such import.
    IMPORT_NOT_FOUND = "import_not_found", Missing;
    /// The import is not in a state in which this can be done.
    IMPORT_STATE = "import_state", Conflict;
    /// There is no such file of the import.
    IMPORT_FILE_NOT_FOUND = "import_file_not_found", Missing;
    /// Bytes before these have not arrived; the message says from where to go on.
    IMPORT_OFFSET = "import_offset", Conflict;
    /// The file can't be imported; the message says why.
    IMPORT_FILE = "import_file", Invalid;
    /// The file looks as if strangers would get in; the message says why. Nothing is imported unless it is forced.
    IMPORT_SUSPICIOUS = "import_suspicious", Conflict;
    /// There is no such workflow, or no such version of it.
    WORKFLOW_NOT_FOUND = "workflow_not_found", Missing;
    /// The files can't be deployed; the message says what is wrong where.
    WORKFLOW_INVALID = "workflow_invalid", Invalid;
    /// Another workflow is live for the trigger.
    WORKFLOW_TRIGGER_TAKEN = "workflow_trigger_taken", Conflict;
    /// The workflow, its version or its key is not in a state in which this can be done; the message says why.
    WORKFLOW_STATE = "workflow_state", Conflict;
    /// A workflow failed, and its failure policy is to stop.
    WORKFLOW_STOPPED = "workflow_stopped", Denied;
    /// There is no such encryption key.
    WORKFLOW_KEY_NOT_FOUND = "workflow_key_not_found", Missing;
    /// There is no such run.
    WORKFLOW_RUN_NOT_FOUND = "workflow_run_not_found", Missing;
    /// No repository is connected.
    WORKFLOW_REPOSITORY_NOT_FOUND = "workflow_repository_not_found", Missing;
    /// The repository can't be connected: its address, its branch or its token can't be; the message says which.
    WORKFLOW_REPOSITORY_INVALID = "workflow_repository_invalid", Invalid;
    /// The repository can't be read; the message is what git said.
    WORKFLOW_REPOSITORY_UNREADABLE = "workflow_repository_unreadable", Unavailable;
    /// The message is not signed with the secret of a repository that is connected.
    SIGNATURE_INVALID = "signature_invalid", Unauthenticated;
    /// There is no such environment variable.
    VARIABLE_NOT_FOUND = "environment_variable_not_found", Missing;
    /// Another environment variable has this key.
    VARIABLE_KEY_TAKEN = "environment_variable_key_taken", Conflict;
    /// The value of a sensitive variable can't be changed; delete it and create it again.
    VARIABLE_IS_SECRET = "environment_variable_is_secret", Conflict;
    /// There is no such mail.
    MESSAGE_NOT_FOUND = "message_not_found", Missing;
    /// The mail server refused; the message says what and how to mend it.
    MAIL_REFUSED = "mail_refused", Invalid;
    /// The set-up link is unknown, used or expired; `kith bootstrap` prints a new one.
    SETUP_LINK_INVALID = "setup_link_invalid", Invalid;
}

/// An error with a stable code.
pub trait Coded: std::error::Error + Send + Sync + 'static {
    /// The code that programs may rely on.
    fn code(&self) -> Code;
}

impl Coded for db::Error {
    fn code(&self) -> Code {
        match self {
            Self::Unavailable(_) | Self::Busy(_) => Code::UNAVAILABLE,
            Self::NulInText => Code::INVALID_REQUEST,
            _ => Code::INTERNAL,
        }
    }
}

impl Coded for crate::secret::Unsealable {
    fn code(&self) -> Code {
        Code::INTERNAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique_and_explained() {
        let mut names: Vec<_> = Code::ALL.iter().map(|(code, _)| code.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(
            Code::ALL
                .iter()
                .all(|(_, meaning)| meaning.trim().ends_with('.'))
        );
    }
}
