//! Why an address cannot be registered.

macro_rules! pattern_errors {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $message:literal;)*) => {
        /// Why an address cannot be registered. Displays as a sentence for whoever typed it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
        pub enum PatternError {
            $($(#[$doc])* #[error($message)] $name,)*
        }

        impl PatternError {
            /// Every reason, in the order of definition.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable code, for programs.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

pattern_errors! {
    /// Nothing was given.
    Empty = "redirect_uri_empty", "enter an address, such as https://app.example.com/callback";
    /// More than 2,048 characters: longer than some browsers and proxies carry.
    TooLong = "redirect_uri_too_long", "shorten the address to at most 2048 characters";
    /// A space, a tab, a line break or another control character, often from copying.
    Whitespace = "redirect_uri_whitespace", "remove spaces and line breaks from the address";
    /// A character that RFC 3986 §2 keeps out of addresses.
    InvalidCharacter = "redirect_uri_invalid_character",
        "percent-encode special characters in the path, and write a host with letters beyond ASCII as xn--…";
    /// RFC 6749 §3.1.2 keeps fragments out of redirect addresses.
    Fragment = "redirect_uri_fragment", "remove the # and what follows; a callback cannot have a fragment";
    /// Relative, or without `//` behind a scheme that needs it.
    NotAbsolute = "redirect_uri_not_absolute", "write the whole address, beginning with https:// or your app's own scheme";
    /// A scheme that runs script, reads files, or is not a way back to an application.
    ForbiddenScheme = "redirect_uri_forbidden_scheme", "use https, or a scheme that belongs to your app";
    /// A user name or password before the host.
    Credentials = "redirect_uri_credentials", "remove the user name and the @ in front of the host";
    /// Not a host as a browser would write it.
    InvalidHost = "redirect_uri_invalid_host", "write the host as a browser shows it, such as app.example.com or app.example.com:8443";
    /// Plain `http` beyond this machine; see [`PatternError::page_code`].
    InsecureHttp = "redirect_uri_insecure_http", "use https; http is for localhost, *.localhost, 127.0.0.1 and [::1] only";
    /// A `*` with another scheme than `http` or `https`.
    WildcardScheme = "redirect_uri_wildcard_scheme", "a * needs an address that begins with https:// (or http:// for localhost)";
    /// More than one `*`.
    WildcardRepeated = "redirect_uri_wildcard_repeated", "use a single * in the address";
    /// A `*` in the host, and not in its first label.
    WildcardPosition = "redirect_uri_wildcard_position", "move the * to the leftmost part of the host, as in https://*.example.com";
    /// A `*` in port, path or query.
    WildcardPath = "redirect_uri_wildcard_path", "a * can stand in the host only, not in port, path or query";
    /// A `*` or placeholder directly under a public suffix, where anyone can register a name.
    WildcardRoot = "redirect_uri_wildcard_root", "add your own domain behind the *, as in https://*.example.com; anyone can register a name here";
    /// A whole label under a host whose names are handed out to anyone.
    WildcardSharedHosting = "redirect_uri_wildcard_shared_hosting",
        "anyone can get a name on this hosting service; add a prefix or suffix of yours, as in https://*-myteam.vercel.app";
    /// `{organization.handle}` anywhere but as the whole first label.
    PlaceholderPosition = "redirect_uri_placeholder_position",
        "use {{organization.handle}} once, as the whole leftmost part of the host, as in https://{{organization.handle}}.example.com";
}

impl PatternError {
    /// The number under which error pages and guides list it, where they do: 1656 for a callback that is not https.
    #[must_use]
    pub const fn page_code(self) -> Option<u16> {
        match self {
            Self::InsecureHttp => Some(1656),
            _ => None,
        }
    }
}
