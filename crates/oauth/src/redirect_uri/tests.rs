use std::collections::HashSet;

use proptest::prelude::*;

use super::{PatternError::*, *};

fn refusal(text: &str) -> PatternError {
    match RedirectPattern::parse(text) {
        Ok(_) => panic!("{text} was accepted"),
        Err(error) => error,
    }
}

fn pattern(text: &str) -> RedirectPattern {
    RedirectPattern::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn addresses_that_applications_use_can_be_registered() {
    for text in [
        "https://app.example.com/callback",
        "https://app.example.com",
        "https://app.example.com:8443/callback?source=web",
        "https://203.0.113.7/callback",
        "http://localhost:3000/api/auth/kinde_callback",
        "http://admin.localhost:3000/cb",
        "http://127.0.0.1/cb",
        "http://[::1]:4000/cb",
        "https://127.0.0.1:8443/cb",
        "myapp://host/kinde_callback",
        "com.example.app:/callback",
        "com.example.app://callback",
        "exp://127.0.0.1:8081",
        "https://*.example.com/callback",
        "https://prefix-*-suffix.example.com",
        "https://*.apps.example.co.uk",
        "http://*.localhost:3000/cb",
        "https://*something.vercel.app",
        "https://{organization.handle}.app.example.com/callback",
    ] {
        assert_eq!(pattern(text).to_string(), text);
    }
}

/// For each rule, addresses that break it and no other rule before it.
const REFUSED: &[(PatternError, &[&str])] = &[
    (Empty, &[""]),
    (
        Whitespace,
        &[
            " https://a.example",
            "https://a.example ",
            "https://a.example/a b",
            "https://a.ex\nample",
            "https://a.example/\u{a0}",
        ],
    ),
    (
        InvalidCharacter,
        &[
            "https://bücher.example/",
            "https://a.example\\@b.example",
            "https://a.example/{id}",
            "https://{handle}.a.example",
        ],
    ),
    (
        Fragment,
        &[
            "https://a.example/#",
            "https://a.example#top",
            "myapp://cb#x",
        ],
    ),
    (
        NotAbsolute,
        &[
            "/callback",
            "//a.example/cb",
            "a.example/cb",
            "localhost:3000/cb",
            "example.com:8080/cb",
            "https:/a.example",
            "https:a.example",
            "1app://cb",
            "https",
        ],
    ),
    (
        ForbiddenScheme,
        &[
            "javascript:alert(1)",
            "JavaScript://a.example/%0aalert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "vbscript:x",
            "ws://a.example",
        ],
    ),
    (
        Credentials,
        &[
            "https://user@a.example/",
            "https://user:password@a.example/",
            "https://*@a.example",
        ],
    ),
    (
        InvalidHost,
        &[
            "https://",
            "https:///cb",
            "https://%61.example/",
            "https://127.1/",
            "https://0x7f.1/",
            "https://a.example:/",
            "https://a.example:0/",
            "https://a.example:99999/",
            "https://a.example./",
            "https://*.example.com./",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://*.0.0.1/",
            "https://xn--*.example.com/",
        ],
    ),
    (
        InsecureHttp,
        &[
            "http://a.example/cb",
            "http://localhost.example/cb",
            "http://127.0.0.2/",
            "http://*.example.com/",
            "http://notlocalhost/",
        ],
    ),
    (
        WildcardScheme,
        &[
            "*.example.com",
            "*",
            "*.example.com:8080/cb",
            "myapp://*/cb",
            "com.example.*:/cb",
        ],
    ),
    (
        WildcardRepeated,
        &[
            "https://*.*.example.com",
            "https://**.example.com",
            "https://*-*.example.com",
            "https://*.example.com/*",
        ],
    ),
    (
        WildcardPosition,
        &[
            "https://a.*.com",
            "https://a.*.example.com",
            "https://app.example.*",
        ],
    ),
    (
        WildcardPath,
        &[
            "https://a.b.example.com/*",
            "https://a.example.com/?next=*",
            "https://a.example.com:*/",
        ],
    ),
    (
        WildcardRoot,
        &[
            "https://*.com",
            "https://*.co.uk",
            "https://*",
            "https://*/",
            "https://my-*.com",
            "https://*.Com",
            "https://pre-*.nip.io",
            "https://{organization.handle}.com",
        ],
    ),
    (
        WildcardSharedHosting,
        &[
            "https://*.vercel.app",
            "https://*.netlify.app/cb",
            "https://*.pages.dev",
            "https://*.herokuapp.com",
            "https://*.Vercel.App",
            "https://{organization.handle}.vercel.app",
        ],
    ),
    (
        PlaceholderPosition,
        &[
            "https://app.{organization.handle}.example.com",
            "https://a.example.com/{organization.handle}",
            "https://x-{organization.handle}.example.com",
            "https://{organization.handle}-x.example.com",
            "https://{organization.handle}",
            "myapp://{organization.handle}/cb",
        ],
    ),
];

#[test]
fn each_rule_refuses_with_its_own_code() {
    for (error, texts) in REFUSED {
        for text in *texts {
            assert_eq!(refusal(text), *error, "{text}");
        }
    }
    assert_eq!(
        refusal(&format!("https://a.example/{}", "a".repeat(2048))),
        TooLong
    );

    let tested: HashSet<_> = REFUSED
        .iter()
        .map(|(error, _)| *error)
        .chain([TooLong])
        .collect();
    assert_eq!(
        tested.len(),
        PatternError::ALL.len(),
        "a rule has no example"
    );
}

#[test]
fn codes_are_distinct_and_sentences_start_small_and_end_open() {
    let codes: HashSet<_> = PatternError::ALL.iter().map(|error| error.code()).collect();
    assert_eq!(codes.len(), PatternError::ALL.len());
    for error in PatternError::ALL {
        let sentence = error.to_string();
        assert!(
            sentence.starts_with(|c: char| c.is_lowercase()) && !sentence.ends_with('.'),
            "{sentence}"
        );
    }
}

#[test]
fn plain_http_beyond_this_machine_is_error_1656() {
    assert_eq!(refusal("http://a.example/cb").page_code(), Some(1656));
    assert_eq!(refusal("https://*.com").page_code(), None);
}

#[test]
fn the_sent_address_equals_the_registered_one() {
    let registered = pattern("https://app.example.com/callback");
    assert!(registered.matches("https://app.example.com/callback"));
    for sent in [
        "http://app.example.com/callback",
        "HTTPS://app.example.com/callback",
        "https://App.example.com/callback",
        "https://app.example.com/Callback",
        "https://app.example.com/callback ",
        " https://app.example.com/callback",
        "https://app.example.com:443/callback",
        "https://app.example.com/callback?x=1",
        "https://app.example.com/callback#x",
        "https://app.example.com/callback/../callback",
        "https://app.example.com/callback%2f",
        "https://app.example.com/callback/x",
        "https://app.example.com/",
        "https://app.example.com.evil.example/callback",
        "https://app.example.com@evil.example/callback",
        "",
    ] {
        assert!(!registered.matches(sent), "{sent}");
    }
}

#[test]
fn one_slash_at_the_very_end_may_be_there_or_not() {
    for (registered, sent, expected) in [
        ("https://a.example/cb", "https://a.example/cb/", true),
        ("https://a.example/cb/", "https://a.example/cb", true),
        ("https://a.example", "https://a.example/", true),
        ("https://a.example/", "https://a.example", true),
        ("https://a.example/cb", "https://a.example/cb//", false),
        (
            "https://a.example/cb?next=/",
            "https://a.example/cb?next=",
            false,
        ),
        ("https://*.a.example/cb/", "https://x.a.example/cb", true),
        ("https://*.a.example", "https://x.a.example/", true),
        ("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb/", true),
        ("myapp://cb", "myapp://cb/", true),
    ] {
        assert_eq!(
            pattern(registered).matches(sent),
            expected,
            "{registered} {sent}"
        );
        assert!(
            !registered.starts_with("https://a") || same_redirect(registered, sent) == expected,
            "{registered} {sent}"
        );
    }
}

#[test]
fn a_loopback_address_matches_with_any_port() {
    // RFC 8252 §7.3; localhost is a name, and keeps its port.
    for registered in ["http://127.0.0.1/cb", "http://127.0.0.1:3000/cb"] {
        let registered = pattern(registered);
        for sent in [
            "http://127.0.0.1/cb",
            "http://127.0.0.1:1/cb",
            "http://127.0.0.1:65535/cb",
        ] {
            assert!(registered.matches(sent), "{sent}");
        }
        for sent in [
            "https://127.0.0.1:3000/cb",
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:65536/cb",
            "http://127.0.0.1:+80/cb",
            "http://127.0.0.1:80@evil.example/cb",
            "http://127.0.0.1:80/other",
            "http://127.0.0.1.evil.example/cb",
            "http://localhost:3000/cb",
            "http://[::1]:3000/cb",
        ] {
            assert!(!registered.matches(sent), "{sent}");
        }
    }
    assert!(pattern("http://[::1]/cb").matches("http://[::1]:50123/cb"));
    assert!(!pattern("http://localhost:3000/cb").matches("http://localhost:3001/cb"));
    assert!(!pattern("https://127.0.0.1:3000/cb").matches("https://127.0.0.1:3001/cb"));
}

#[test]
fn a_wildcard_stands_for_one_label() {
    let registered = pattern("https://*.example.com/callback");
    assert!(registered.matches("https://x.example.com/callback"));
    assert!(registered.matches("https://x-1.example.com/callback"));
    for sent in [
        "https://x.y.example.com/callback",
        "https://.example.com/callback",
        "https://example.com/callback",
        "https://x.example.com/other",
        "https://x.example.com:8443/callback",
        "http://x.example.com/callback",
        "https://evil.example/.example.com/callback",
        "https://evil.example?.example.com/callback",
        "https://evil.example#.example.com/callback",
        "https://evil@x.example.com/callback",
        "https://evil:80.example.com/callback",
        "https://x%2e.example.com/callback",
        "https://x\\.example.com/callback",
        "https://x .example.com/callback",
        "https://*.example.com/callback",
        "https://é.example.com/callback",
    ] {
        assert!(!registered.matches(sent), "{sent}");
    }
}

#[test]
fn a_prefix_and_a_suffix_stay_fixed() {
    let registered = pattern("https://prefix-*-suffix.example.com");
    assert!(registered.matches("https://prefix-any-suffix.example.com"));
    for sent in [
        "https://prefix--suffix.example.com",
        "https://prefix-suffix.example.com",
        "https://any-suffix.example.com",
    ] {
        assert!(!registered.matches(sent), "{sent}");
    }
    let shared = pattern("https://*-myteam.vercel.app/cb");
    assert!(shared.matches("https://preview-7-myteam.vercel.app/cb"));
    assert!(!shared.matches("https://preview-7-otherteam.vercel.app/cb"));
}

#[test]
fn the_placeholder_tells_which_organization_it_must_be() {
    let registered = pattern("https://{organization.handle}.app.example.com/cb");
    let sent = "https://acme.app.example.com/cb";
    assert!(registered.matches(sent));
    assert_eq!(registered.organization_handle(sent), Some("acme"));
    assert_eq!(
        registered.organization_handle("https://a.b.app.example.com/cb"),
        None
    );
    assert!(!registered.matches("https://{organization.handle}.app.example.com/cb"));
    assert_eq!(
        pattern("https://*.example.com").organization_handle("https://acme.example.com"),
        None
    );
}

proptest! {
    #[test]
    fn parsing_never_panics(text in "\\PC{0,80}") {
        let _ = RedirectPattern::parse(&text);
    }

    #[test]
    fn parsing_never_panics_on_what_looks_like_an_address(text in "(https?|my\\.app)?:?/{0,3}[a-z*.@:\\[\\]%{}/?#]{0,40}") {
        if let Ok(pattern) = RedirectPattern::parse(&text) {
            let varies = text.contains('*') || text.contains(address::PLACEHOLDER);
            prop_assert!(varies || pattern.matches(&text));
        }
    }

    #[test]
    fn a_wildcard_never_lets_another_host_in(middle in "[a-z0-9.@:/?#%\\\\ *-]{0,4}") {
        let sent = format!("https://{middle}.example.com/callback");
        if pattern("https://*.example.com/callback").matches(&sent) {
            let url = url::Url::parse(&sent).unwrap();
            let host = url.host_str().unwrap();
            prop_assert!(host.ends_with(".example.com"));
            prop_assert_eq!(host.matches('.').count(), 2);
            prop_assert_eq!(url.path(), "/callback");
            prop_assert!(url.username().is_empty() && url.query().is_none() && url.fragment().is_none() && url.port().is_none());
        }
    }

    #[test]
    fn what_matches_an_exact_address_leads_to_the_same_place(sent in "https://a\\.example/[a-c/?#%.]{0,6}") {
        if pattern("https://a.example/cb").matches(&sent) {
            prop_assert_eq!(sent.trim_end_matches('/'), "https://a.example/cb");
        }
    }

    #[test]
    fn the_sameness_of_redirects_is_an_equivalence(a in "[a/?]{0,5}", b in "[a/?]{0,5}", c in "[a/?]{0,5}") {
        prop_assert!(same_redirect(&a, &a));
        prop_assert_eq!(same_redirect(&a, &b), same_redirect(&b, &a));
        prop_assert!(!(same_redirect(&a, &b) && same_redirect(&b, &c)) || same_redirect(&a, &c));
    }
}
