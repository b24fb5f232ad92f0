//! Identifiers: what is taken is taken again as it was typed, and its form for comparison is its own form for comparison. Otherwise
//! two people would have one address, or one person two.

#![no_main]

use import::identifier::{EmailAddress, PhoneNumber, Username};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(email) = EmailAddress::parse(text) {
        assert_eq!(EmailAddress::parse(email.as_str()).as_ref(), Ok(&email));
        assert_eq!(email.as_str().to_lowercase(), email.folded());
        let folded = EmailAddress::parse(email.folded()).expect("a folded address is one");
        assert_eq!(folded.folded(), email.folded());
        if let Some(without) = email.without_tag() {
            assert_eq!(
                EmailAddress::parse(&without).map(|one| one.without_tag()),
                Ok(None)
            );
        }
    }
    if let Ok(phone) = PhoneNumber::parse(text) {
        assert_eq!(PhoneNumber::parse(phone.as_str()).as_ref(), Ok(&phone));
        assert_eq!(PhoneNumber::parse(phone.folded()).as_ref(), Ok(&phone));
        assert!(EmailAddress::parse(text).is_err() && Username::parse(text).is_err());
    }
    if let Ok(name) = Username::parse(text) {
        assert_eq!(Username::parse(name.as_str()).as_ref(), Ok(&name));
        let folded = Username::parse(name.folded()).expect("a folded name is one");
        assert_eq!(folded.folded(), name.folded());
        assert!(
            EmailAddress::parse(text).is_err(),
            "who types it is one of two people"
        );
    }
});
