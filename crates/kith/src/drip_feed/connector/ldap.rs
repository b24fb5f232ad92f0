//! LDAP and Active Directory: the person is found by a search, and the password is right if one can bind with it.
//!
//! RFC 4511 §4.2 (bind), §4.5 (search); RFC 4515 (filters). The codes that Active Directory hides in its message: Microsoft Learn,
//! “LDAP error codes”, `data 52e` and others.

use std::collections::HashMap;

use futures::FutureExt as _;
use import::UserRecord;
use ldap3::{
    Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult, Scope, SearchEntry, StdStream,
    ldap_escape,
};
use serde_json::{Map, Value};
use tokio::net::TcpStream;

use super::{Connector, Field, Finder, Lookup, NotRight, Question, call, claims};

/// Found under any of the names that people have.
const USUAL_FILTER: &str = "(|(mail={})(uid={})(sAMAccountName={})(userPrincipalName={}))";

/// `invalidCredentials` (RFC 4511, appendix A).
const INVALID_CREDENTIALS: u32 = 49;

/// Ids, in the order in which the import of LDIF takes them. Where Active Directory has one of bytes, there is none: it must not be
/// taken for another person than the one whom an import brought.
const IDS: [&str; 4] = ["entryUUID", "nsUniqueId", "ipaUniqueID", "objectGUID"];

/// Whether Active Directory lets somebody in (Microsoft Learn, “`UserAccountControl` property flags”).
const FLAGS: &str = "userAccountControl";

/// What is asked of an entry besides, and the claim that it is.
const ATTRIBUTES: [(&str, &str); 8] = [
    ("uid", "preferred_username"),
    ("mail", "email"),
    ("givenName", "given_name"),
    ("sn", "family_name"),
    ("displayName", "name"),
    ("telephoneNumber", "phone_number"),
    ("preferredLanguage", "locale"),
    ("sAMAccountName", "preferred_username"),
];

pub(super) const CONNECTOR: Connector = Connector {
    name: "ldap",
    label: "LDAP / Active Directory",
    fields: &[
        Field::place("url", "ldaps://ldap.example.com"),
        Field::plain("base_dn", "ou=people,dc=example,dc=com"),
        Field::plain("bind_dn", "cn=kith,dc=example,dc=com").optional(),
        Field::secret("bind_password").optional(),
        Field::plain("filter", USUAL_FILTER).optional(),
    ],
    ask: |question| ask(question).boxed(),
    finder: Some(Finder {
        needs: &[],
        find: |lookup| find(lookup).boxed(),
    }),
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    // A bind without a password succeeds as nobody (RFC 4513 §5.1.2).
    if question.password.reveal().is_empty() {
        return Err(NotRight::Wrong);
    }
    tokio::time::timeout(question.patience, converse(question))
        .await
        .unwrap_or(Err(NotRight::Slow))
}

async fn converse(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let (mut directory, found) = find_entry(question).await?;
    let Some(entry) = found else {
        return Err(NotRight::Wrong);
    };
    let bound = directory
        .simple_bind(&entry.dn, question.password.reveal())
        .await;
    let outcome = judge(&bound.map_err(|error| down(&error))?);
    // It is over in any case; a goodbye is courtesy.
    let _ = directory.unbind().await;
    outcome?;
    Ok(person(&entry))
}

async fn find(lookup: &Lookup<'_>) -> Result<Option<UserRecord>, NotRight> {
    let found = tokio::time::timeout(lookup.patience, find_entry(lookup)).await;
    let (mut directory, entry) = found.unwrap_or(Err(NotRight::Slow))?;
    let _ = directory.unbind().await;
    match entry {
        Some(entry) if is_disabled(&entry) => Err(NotRight::Locked),
        entry => Ok(entry.as_ref().map(person)),
    }
}

fn person(entry: &SearchEntry) -> UserRecord {
    UserRecord {
        provided_id: id(entry),
        ..claims::record(&claims_of(&entry.attrs))
    }
}

/// Whether Active Directory says that the account is switched off (`ACCOUNTDISABLE`), which a bind would tell.
fn is_disabled(entry: &SearchEntry) -> bool {
    let flags = first(&entry.attrs, FLAGS).and_then(|flags| flags.parse::<u32>().ok());
    flags.is_some_and(|flags| flags & 2 != 0)
}

/// The directory, and the person in it.
async fn find_entry(lookup: &Lookup<'_>) -> Result<(Ldap, Option<SearchEntry>), NotRight> {
    let mut directory = connect(lookup).await?;
    let values = lookup.values;
    if let Some(name) = values.given("bind_dn") {
        let bound = directory
            .simple_bind(name, values.get("bind_password"))
            .await;
        if bound.map_err(|error| down(&error))?.rc != 0 {
            return Err(NotRight::Unclear(
                "the directory does not let this server in; check the name and password to bind with".to_owned(),
            ));
        }
    }
    let found = search(&mut directory, lookup).await?;
    Ok((directory, found))
}

async fn connect(lookup: &Lookup<'_>) -> Result<Ldap, NotRight> {
    let text = lookup.values.get("url");
    let url: url::Url = text.parse().map_err(|_| {
        NotRight::Unclear(format!(
            "{text} is no address; write it as ldaps://ldap.example.com"
        ))
    })?;
    let usual = if url.scheme() == "ldaps" { 636 } else { 389 };
    let host = url.host_str().unwrap_or_default();
    let allowed = lookup
        .app
        .outgoing()
        .addresses(host, url.port().unwrap_or(usual))
        .await;
    let addresses = allowed.map_err(|error| call::of_failure(&error))?;
    // To the very address that was judged; TLS asks for the name all the same.
    let stream = TcpStream::connect(addresses.as_slice()).await;
    let stream = stream
        .and_then(TcpStream::into_std)
        .map_err(|error| down(&error.into()))?;
    let settings = LdapConnSettings::new()
        .set_conn_timeout(lookup.patience)
        .set_std_stream(StdStream::Tcp(stream));
    let (connection, directory) = LdapConnAsync::with_settings(settings, text)
        .await
        .map_err(|error| down(&error))?;
    lookup.app.spawn(async move {
        // Its failure is told by the call that waits for it.
        let _ = connection.drive().await;
    });
    Ok(directory)
}

/// The one entry that the filter finds; none where it finds nobody, or several.
async fn search(
    directory: &mut Ldap,
    lookup: &Lookup<'_>,
) -> Result<Option<SearchEntry>, NotRight> {
    let values = lookup.values;
    let filter = values.given("filter").unwrap_or(USUAL_FILTER);
    let filter = filter.replace("{}", &ldap_escape(lookup.identifier));
    let attributes: Vec<_> = ATTRIBUTES
        .iter()
        .map(|(name, _)| *name)
        .chain(IDS)
        .chain([FLAGS])
        .collect();
    let found = directory
        .search(values.get("base_dn"), Scope::Subtree, &filter, attributes)
        .await
        .and_then(ldap3::SearchResult::success);
    let (entries, _) = found.map_err(|error| {
        NotRight::Unclear(format!(
            "the search failed: {error}; check the base and the filter"
        ))
    })?;
    let mut entries = entries.into_iter().filter(|entry| !entry.is_ref());
    match (entries.next(), entries.next()) {
        (Some(entry), None) => Ok(Some(SearchEntry::construct(entry))),
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(NotRight::Unclear(
            "the filter finds more than one entry; make it narrower".to_owned(),
        )),
    }
}

/// What the answer to a person's bind means.
fn judge(result: &LdapResult) -> Result<(), NotRight> {
    let says = |code: &str| result.text.contains(&format!("data {code},"));
    match result.rc {
        0 => Ok(()),
        // Active Directory says so only after the password was right: it has expired, or must be changed.
        INVALID_CREDENTIALS if says("532") || says("773") => Ok(()),
        INVALID_CREDENTIALS if says("533") || says("775") || says("701") => Err(NotRight::Locked),
        // Or inappropriateAuthentication: an entry without a password; or noSuchObject: it has just been deleted.
        INVALID_CREDENTIALS | 48 | 32 => Err(NotRight::Wrong),
        // busy, unavailable
        51 | 52 => Err(NotRight::Down(format!(
            "the directory answered {}",
            result.rc
        ))),
        other => Err(NotRight::Unclear(format!(
            "the directory answered {other} to a bind"
        ))),
    }
}

/// The id of an entry; its name where it has no other.
fn id(entry: &SearchEntry) -> Option<String> {
    let has_bytes = entry
        .bin_attrs
        .keys()
        .any(|name| IDS.iter().any(|id| name.eq_ignore_ascii_case(id)));
    let text = IDS.iter().find_map(|name| first(&entry.attrs, name));
    match text {
        Some(id) => Some(id.clone()),
        None => (!has_bytes).then(|| entry.dn.clone()),
    }
}

fn claims_of(attributes: &HashMap<String, Vec<String>>) -> Map<String, Value> {
    ATTRIBUTES
        .iter()
        .filter_map(|(name, claim)| {
            let value = first(attributes, name)?;
            Some(((*claim).to_owned(), Value::from(value.clone())))
        })
        .collect()
}

fn first<'a>(attributes: &'a HashMap<String, Vec<String>>, name: &str) -> Option<&'a String> {
    let found = attributes
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.and_then(|(_, values)| values.first())
}

fn down(error: &LdapError) -> NotRight {
    NotRight::Down(format!("the directory could not be reached: {error}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::super::Values;
    use super::*;
    use crate::secret::Secret;
    use crate::testing::Installation;

    /// A value of BER: tag, length below 128 or in two bytes, content.
    fn ber(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap();
        let mut value = vec![tag, 0x82];
        value.extend(length.to_be_bytes());
        value.extend(content);
        value
    }

    /// The first value, and what follows it: tag, content, rest.
    fn read(bytes: &[u8]) -> (u8, &[u8], &[u8]) {
        let (length, from) = match bytes[1] {
            short @ 0..=0x7f => (usize::from(short), 2),
            0x81 => (usize::from(bytes[2]), 3),
            _ => (usize::from(u16::from_be_bytes([bytes[2], bytes[3]])), 4),
        };
        (
            bytes[0],
            &bytes[from..from + length],
            &bytes[from + length..],
        )
    }

    fn message(id: &[u8], operation: Vec<u8>) -> Vec<u8> {
        ber(0x30, &[ber(0x02, id), operation].concat())
    }

    fn result(tag: u8, code: u8, text: &str) -> Vec<u8> {
        ber(
            tag,
            &[
                ber(0x0a, &[code]),
                ber(0x04, b""),
                ber(0x04, text.as_bytes()),
            ]
            .concat(),
        )
    }

    fn attribute(name: &str, value: &str) -> Vec<u8> {
        let values = ber(0x31, &ber(0x04, value.as_bytes()));
        ber(0x30, &[ber(0x04, name.as_bytes()), values].concat())
    }

    /// A directory with one person, whose bind is answered so.
    async fn directory(code: u8, text: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ldap://{}", listener.local_addr().unwrap());
        #[expect(clippy::disallowed_methods, reason = "the test's own server")]
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut buffer = vec![0; 4096];
                while let Ok(length @ 1..) = stream.read(&mut buffer).await {
                    let (_, request, _) = read(&buffer[..length]);
                    let (_, id, operation) = read(request);
                    let (tag, content, _) = read(operation);
                    let answer = match tag {
                        0x60 => {
                            let (_, _, rest) = read(content);
                            let (_, name, rest) = read(rest);
                            let (_, password, _) = read(rest);
                            let (code, text) = match (name, password) {
                                (b"cn=kith", b"hush") => (0, ""),
                                (b"uid=ada,dc=example", b"Correct-Horse_42") => (code, text),
                                _ => (49, "80090308: LdapErr: DSID-0C09, data 52e, v4563"),
                            };
                            message(id, result(0x61, code, text))
                        }
                        0x63 if String::from_utf8_lossy(content).contains("ada@example.com") => {
                            let attributes = [
                                attribute("entryUUID", "7f0e"),
                                attribute("MAIL", "ada@example.com"),
                                attribute("sn", "King"),
                            ];
                            let entry = [
                                ber(0x04, b"uid=ada,dc=example"),
                                ber(0x30, &attributes.concat()),
                            ];
                            let entry = message(id, ber(0x64, &entry.concat()));
                            [entry, message(id, result(0x65, 0, ""))].concat()
                        }
                        0x63 => message(id, result(0x65, 0, "")),
                        _ => break,
                    };
                    stream.write_all(&answer).await.unwrap();
                }
            }
        });
        url
    }

    async fn with<T>(url: &str, identifier: &str, call: impl AsyncFnOnce(Lookup<'_>) -> T) -> T {
        let app = Installation::sqlite().await.app;
        let fields = [
            ("url", url),
            ("base_dn", "dc=example"),
            ("bind_dn", "cn=kith"),
            ("bind_password", "hush"),
        ];
        let values = fields.map(|(name, value)| (name.to_owned(), Secret::new(value)));
        call(Lookup {
            app: &app,
            values: &Values(values.into()),
            identifier,
            caller: None,
            patience: Duration::from_secs(2),
        })
        .await
    }

    async fn ask(url: &str, identifier: &str, password: &str) -> Result<UserRecord, NotRight> {
        with(url, identifier, async |whose| {
            let password = &Secret::new(password);
            let question = Question { whose, password };
            super::super::find("ldap").unwrap().ask(&question).await
        })
        .await
    }

    async fn look_up(url: &str, identifier: &str) -> Result<Option<UserRecord>, NotRight> {
        with(url, identifier, async |lookup| {
            super::super::find("ldap").unwrap().find(&lookup).await
        })
        .await
    }

    #[tokio::test]
    async fn somebody_is_found_without_a_password() {
        let url = directory(0, "").await;
        let ada = look_up(&url, "ada@example.com").await.unwrap().unwrap();
        assert_eq!(ada.provided_id.as_deref(), Some("7f0e"));
        assert_eq!(ada.identities[0].folded(), "ada@example.com");
        assert_eq!(look_up(&url, "bea@example.com").await, Ok(None));
        let nobody = look_up("ldap://127.0.0.1:9", "ada@example.com").await;
        assert!(matches!(nobody, Err(NotRight::Down(_))), "{nobody:?}");
    }

    #[tokio::test]
    async fn a_bind_tells_whether_a_password_is_right() {
        let url = directory(0, "").await;
        let ada = ask(&url, "ada@example.com", "Correct-Horse_42")
            .await
            .unwrap();
        assert_eq!(ada.provided_id.as_deref(), Some("7f0e"));
        assert_eq!(ada.family_name.as_deref(), Some("King"));
        assert_eq!(ada.identities[0].folded(), "ada@example.com");
        for (identifier, password) in [
            ("ada@example.com", "wrong"),
            ("ada@example.com", ""),
            ("bea@example.com", "Correct-Horse_42"),
            ("*)(uid=*", "Correct-Horse_42"),
        ] {
            assert_eq!(
                ask(&url, identifier, password).await,
                Err(NotRight::Wrong),
                "{identifier}"
            );
        }
    }

    #[tokio::test]
    async fn what_active_directory_hides_in_its_message_is_understood() {
        for (text, expected) in [
            ("80090308: LdapErr, data 775, v4563", Err(NotRight::Locked)),
            ("80090308: LdapErr, data 533, v4563", Err(NotRight::Locked)),
            ("80090308: LdapErr, data 773, v4563", Ok(())),
            ("80090308: LdapErr, data 52e, v4563", Err(NotRight::Wrong)),
        ] {
            let url = directory(49, text).await;
            let said = ask(&url, "ada@example.com", "Correct-Horse_42").await;
            assert_eq!(said.map(drop), expected, "{text}");
        }
        let nobody = ask("ldap://127.0.0.1:9", "ada@example.com", "x").await;
        assert!(matches!(nobody, Err(NotRight::Down(_))), "{nobody:?}");
    }
}
