//! Who can get a name under a domain.
//!
//! A `*` trusts every name under its domain, so it matters who can get one. The Public Suffix List
//! (publicsuffix.org, compiled in by the `psl` crate) answers: its ICANN part lists where anyone registers domains,
//! its private part lists the hosting services that hand out names to anyone.

/// Who can get a name directly under a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Its owner decides.
    Owned,
    /// A hosting service gives them to its customers, who choose or share a part of the name.
    HandedOut,
    /// Anyone registers or simply uses one.
    Registrable,
}

/// Services that hand out names and are not in the Public Suffix List, or only under one more label.
const MORE_SHARED_HOSTING: &[&str] = &[
    "app.github.dev",
    "codesandbox.io",
    "devtunnels.ms",
    "edgeone.app",
    "github.dev",
    "gitpod.io",
    "glitch.me",
    "gradio.live",
    "hostingersite.com",
    "kinsta.app",
    "koyeb.app",
    "lhr.life",
    "loca.lt",
    "localtunnel.me",
    "pinggy.link",
    "railway.app",
    "serveo.net",
    "sevalla.app",
    "share.zrok.io",
    "stackblitz.io",
    "tiiny.site",
    "webcontainer.io",
    "wpengine.com",
];

/// Services under which every name leads to the network address that is written in it, so that a prefix is no fence.
const EVERY_NAME_RESOLVES: &[&str] = &["nip.io", "sslip.io", "xip.io"];

/// Who can get a name directly under `domain`, given in lowercase; the empty domain is the root of all names.
pub(super) fn names_under(domain: &str) -> Names {
    if domain == "localhost" {
        // On no list, and yet no stranger can get a name there: RFC 6761 §6.3 keeps it on this machine.
        Names::Owned
    } else if domain.is_empty() || EVERY_NAME_RESOLVES.contains(&domain) {
        Names::Registrable
    } else if MORE_SHARED_HOSTING.contains(&domain) {
        Names::HandedOut
    } else {
        names_by_the_list(domain)
    }
}

fn names_by_the_list(domain: &str) -> Names {
    // Either the domain is a suffix, or the list says so of any name under it (`*.elb.amazonaws.com`, `*.kawasaki.jp`).
    for candidate in [domain, &format!("x.{domain}")] {
        let suffix = psl::suffix(candidate.as_bytes());
        if let Some(suffix) = suffix.filter(|suffix| suffix.as_bytes() == candidate.as_bytes()) {
            return match suffix.typ() {
                Some(psl::Type::Private) => Names::HandedOut,
                Some(psl::Type::Icann) | None => Names::Registrable,
            };
        }
    }
    Names::Owned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_knows_who_hands_out_names() {
        for (domain, names) in [
            ("example.com", Names::Owned),
            ("apps.example.co.uk", Names::Owned),
            ("team.vercel.app", Names::Owned),
            ("localhost", Names::Owned),
            ("", Names::Registrable),
            ("com", Names::Registrable),
            ("co.uk", Names::Registrable),
            ("kawasaki.jp", Names::Registrable),
            ("not-a-real-suffix", Names::Registrable),
            ("nip.io", Names::Registrable),
            ("vercel.app", Names::HandedOut),
            ("netlify.app", Names::HandedOut),
            ("pages.dev", Names::HandedOut),
            ("herokuapp.com", Names::HandedOut),
            ("github.io", Names::HandedOut),
            ("elb.amazonaws.com", Names::HandedOut),
            ("replit.dev", Names::HandedOut),
            ("stackblitz.io", Names::HandedOut),
        ] {
            assert_eq!(names_under(domain), names, "{domain}");
        }
    }

    #[test]
    fn every_service_we_add_is_missing_from_the_list() {
        for domain in MORE_SHARED_HOSTING.iter().chain(EVERY_NAME_RESOLVES) {
            assert_eq!(
                names_by_the_list(domain),
                Names::Owned,
                "{domain} is redundant"
            );
        }
    }
}
