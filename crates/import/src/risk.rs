//! What makes a person a risk: an address that anybody can get or nobody has, and a role that opens everything.
//!
//! The lists are short and kept by hand. A list of a hundred thousand throw-away domains is old the week after, and one that
//! calls a real provider disposable does harm; what is meant here is to notice a file full of them.

use crate::identifier::Identifier;
use crate::record::UserRecord;

/// Services that give anybody an address for a few minutes, the most used ones.
const DISPOSABLE: &[&str] = &[
    "10minutemail.com",
    "10minutemail.net",
    "20minutemail.com",
    "33mail.com",
    "anonaddy.me",
    "burnermail.io",
    "byom.de",
    "cock.li",
    "discard.email",
    "discardmail.com",
    "dispostable.com",
    "dropmail.me",
    "emailondeck.com",
    "emailtemporanea.net",
    "fakeinbox.com",
    "fakemail.net",
    "getairmail.com",
    "getnada.com",
    "grr.la",
    "guerrillamail.biz",
    "guerrillamail.com",
    "guerrillamail.de",
    "guerrillamail.info",
    "guerrillamail.net",
    "guerrillamail.org",
    "guerrillamailblock.com",
    "harakirimail.com",
    "inboxbear.com",
    "inboxkitten.com",
    "incognitomail.org",
    "jetable.org",
    "linshiyouxiang.net",
    "mail-temp.com",
    "mail.tm",
    "mailcatch.com",
    "maildrop.cc",
    "mailinator.com",
    "mailinator.net",
    "mailnesia.com",
    "mailnull.com",
    "mailpoof.com",
    "mailsac.com",
    "mailtemp.info",
    "meltmail.com",
    "minuteinbox.com",
    "mintemail.com",
    "moakt.com",
    "mohmal.com",
    "mytemp.email",
    "mytrashmail.com",
    "nada.email",
    "nowmymail.com",
    "pokemail.net",
    "sharklasers.com",
    "smailpro.com",
    "spam4.me",
    "spambog.com",
    "spambox.us",
    "spamgourmet.com",
    "spamex.com",
    "temp-mail.io",
    "temp-mail.org",
    "tempail.com",
    "tempinbox.com",
    "tempmail.com",
    "tempmail.dev",
    "tempmail.net",
    "tempmail.plus",
    "tempmailaddress.com",
    "tempmailo.com",
    "tempr.email",
    "throwawaymail.com",
    "tmailor.com",
    "tmpmail.net",
    "tmpmail.org",
    "trash-mail.com",
    "trashmail.com",
    "trashmail.de",
    "trashmail.net",
    "wegwerfmail.de",
    "wegwerfmail.net",
    "wegwerfmail.org",
    "yopmail.com",
    "yopmail.fr",
    "yopmail.net",
];

/// Ends of domains to which no mail goes (RFC 2606 §2, RFC 6761 §6, RFC 6762, RFC 9476). The domains for examples are left out:
/// whoever tries an import uses them.
const UNDELIVERABLE: &[&str] = &[
    "alt",
    "home.arpa",
    "internal",
    "invalid",
    "local",
    "localhost",
    "test",
];

/// Words in the keys of roles that open everything.
const PRIVILEGED: &[&str] = &[
    "admin",
    "administrator",
    "admins",
    "owner",
    "root",
    "superadmin",
    "superuser",
    "sysadmin",
];

/// Whether any of the record's addresses is one that anybody can get for a few minutes.
#[must_use]
pub fn is_disposable(record: &UserRecord) -> bool {
    // A subdomain of such a service is one as well.
    has_domain(record, |domain| {
        DISPOSABLE.iter().any(|known| is_within(domain, known))
    })
}

/// Whether any of the record's addresses is one to which no mail goes.
#[must_use]
pub fn is_undeliverable(record: &UserRecord) -> bool {
    has_domain(record, |domain| {
        !domain.contains('.') || UNDELIVERABLE.iter().any(|end| is_within(domain, end))
    })
}

/// Whether a role with this key opens everything, as far as its name tells: `admin`, `org:owner`, `super-user`.
#[must_use]
pub fn is_privileged(role: &str) -> bool {
    let role = role.to_lowercase();
    let is_one = |word: &str| PRIVILEGED.contains(&word);
    let joined: String = role.chars().filter(|c| c.is_alphanumeric()).collect();
    is_one(&joined) || role.split(|c: char| !c.is_alphanumeric()).any(is_one)
}

/// Whether the record gives a role that opens everything to somebody whose address nobody has proven.
#[must_use]
pub fn is_unproven_and_privileged(record: &UserRecord) -> bool {
    let mut roles = record.organizations.iter().flat_map(|one| &one.roles);
    roles.any(|role| is_privileged(role))
        && !record.identities.iter().any(crate::Identity::is_verified)
}

fn has_domain(record: &UserRecord, is_it: impl Fn(&str) -> bool) -> bool {
    record
        .identities
        .iter()
        .any(|identity| match &identity.identifier {
            Identifier::Email(email) => email
                .folded()
                .rsplit_once('@')
                .is_some_and(|(_, domain)| is_it(domain)),
            _ => false,
        })
}

fn is_within(domain: &str, end: &str) -> bool {
    domain
        .strip_suffix(end)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::EmailAddress;
    use crate::{Identity, Membership};

    fn record(email: &str, role: &str, verified: bool) -> UserRecord {
        let mut identity = Identity::new(Identifier::Email(EmailAddress::parse(email).unwrap()));
        identity.verified = Some(verified);
        UserRecord {
            identities: vec![identity],
            organizations: vec![Membership {
                external_id: None,
                roles: vec![role.to_owned()],
                permissions: Vec::new(),
            }],
            ..UserRecord::default()
        }
    }

    #[test]
    fn throw_away_addresses_are_known_by_their_domain() {
        for (email, expected) in [
            ("a@mailinator.com", true),
            ("a@Inbox.Mailinator.com", true),
            ("a@notmailinator.com", false),
            ("mailinator.com@example.com", false),
        ] {
            assert_eq!(
                is_disposable(&record(email, "x", true)),
                expected,
                "{email}"
            );
        }
    }

    #[test]
    fn no_mail_goes_to_reserved_domains() {
        for (email, expected) in [
            ("a@noreply.invalid", true),
            ("a@corp.local", true),
            ("a@example.com", false),
            ("a@latest.com", false),
        ] {
            assert_eq!(
                is_undeliverable(&record(email, "x", true)),
                expected,
                "{email}"
            );
        }
    }

    #[test]
    fn roles_that_open_everything_are_known_by_their_names() {
        for role in ["admin", "Owner", "org:admin", "super-user", "billing_admin"] {
            assert!(is_privileged(role), "{role}");
            assert!(is_unproven_and_privileged(&record(
                "a@example.com",
                role,
                false
            )));
            assert!(!is_unproven_and_privileged(&record(
                "a@example.com",
                role,
                true
            )));
        }
        for role in ["administration-reader", "member", "homeowner"] {
            assert!(!is_privileged(role), "{role}");
        }
    }

    #[test]
    fn the_list_is_sorted_so_that_nothing_is_in_it_twice() {
        assert!(
            DISPOSABLE
                .iter()
                .all(|domain| domain.to_lowercase() == *domain)
        );
        let mut sorted = DISPOSABLE.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), DISPOSABLE.len());
    }
}
