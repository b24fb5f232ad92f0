//! Redirect addresses: whatever an operator registers and a request sends, an answer goes only where a browser that reads the
//! sent address arrives at the registered host.
//!
//! The input is two lines: what is registered, and what is sent.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oauth::redirect_uri::{RedirectPattern, same_redirect};
use url::Url;

const PLACEHOLDER: &str = "{organization.handle}";

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (registered, sent) = text.split_once('\n').unwrap_or((text, ""));
    assert_eq!(
        same_redirect(registered, sent),
        same_redirect(sent, registered)
    );
    let Ok(pattern) = RedirectPattern::parse(registered) else {
        return;
    };
    assert_eq!(pattern.as_str(), registered);
    let varies = registered.contains('*') || registered.contains(PLACEHOLDER);
    if !varies {
        assert!(pattern.matches(registered), "an address is not itself");
    }
    if !pattern.matches(sent) {
        assert_eq!(pattern.organization_handle(sent), None);
        return;
    }
    let filled = registered.replace(PLACEHOLDER, "x").replace('*', "x");
    let wanted = Url::parse(&filled).expect("what is registered is an address");
    let arrived = Url::parse(sent).expect("what is sent is an address");
    assert_eq!(arrived.scheme(), wanted.scheme());
    assert_eq!(arrived.username(), wanted.username());
    assert_eq!(without_slash(arrived.path()), without_slash(wanted.path()));
    assert_eq!(arrived.query().is_some(), wanted.query().is_some());
    let (arrived, wanted) = (host(&arrived), host(&wanted));
    if varies {
        assert_eq!(domain(&arrived), domain(&wanted), "another domain");
    } else {
        assert_eq!(arrived, wanted, "another host");
    }
});

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// What follows the first label, which is the one that varies.
fn domain(host: &str) -> Option<&str> {
    host.split_once('.').map(|(_, domain)| domain)
}

fn without_slash(path: &str) -> &str {
    path.strip_suffix('/').unwrap_or(path)
}
