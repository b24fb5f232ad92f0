//! Parameters without names, for SQLite.
//!
//! SQLite takes `$1` for a *name*. The driver asks for the name of each parameter, SQLite finds it by walking a list of
//! all of them, and so a statement of n parameters costs n² steps each time it is run: inserting 100 rows of 17 columns took
//! four times as long as without names. `?` has no name. A statement that uses `$1`, `$2`, … in this order and each once
//! means the same with `?` in their places.

/// Fewer parameters than this are not worth reading the statement for.
pub(crate) const WORTHWHILE: usize = 16;

/// The statement with `?` for its parameters; none if they are not `$1`, `$2`, … in this order, each once.
pub(crate) fn anonymous(text: &str) -> Option<String> {
    let mut anonymous = String::with_capacity(text.len());
    let mut n_parameters = 0;
    let mut rest = text;
    while let Some(at) = rest.find(['$', '\'', '"', '-', '/']) {
        let (before, found) = rest.split_at(at);
        anonymous.push_str(before);
        let length = if let Some(after) = found.strip_prefix('$') {
            let n_digits = after.bytes().take_while(u8::is_ascii_digit).count();
            n_parameters += 1;
            if after[..n_digits].parse() != Ok(n_parameters) {
                return None;
            }
            anonymous.push('?');
            1 + n_digits
        } else {
            let length = opaque(found);
            anonymous.push_str(&found[..length]);
            length
        };
        rest = &found[length..];
    }
    anonymous.push_str(rest);
    Some(anonymous)
}

/// How long the literal, quoted name or comment is with which the text begins; 1 if it begins with none.
fn opaque(text: &str) -> usize {
    let to_end_of = |opening: usize, closing: &str| {
        let end = text[opening..].find(closing);
        end.map_or(text.len(), |at| opening + at + closing.len())
    };
    match text.as_bytes() {
        // A doubled quote inside ends one literal and begins the next, which comes to the same.
        [b'\'', ..] => to_end_of(1, "'"),
        [b'"', ..] => to_end_of(1, "\""),
        [b'-', b'-', ..] => to_end_of(2, "\n"),
        [b'/', b'*', ..] => to_end_of(2, "*/"),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_in_order_lose_their_names() {
        assert_eq!(
            anonymous("insert into t (a, b) values ($1,$2),($3,$4)").as_deref(),
            Some("insert into t (a, b) values (?,?),(?,?)")
        );
        let many = crate::placeholders(20, 3);
        assert_eq!(anonymous(&many).unwrap().matches('?').count(), 60);
    }

    #[test]
    fn parameters_in_another_order_keep_them() {
        for text in ["$2, $1", "$1, $1", "$1, $3", "$1, $01x$", "$", "$a"] {
            assert_eq!(anonymous(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_quoted_or_commented_is_no_parameter() {
        for (text, expected) in [
            ("'$9' || $1", "'$9' || ?"),
            ("'it''s $9' || $1", "'it''s $9' || ?"),
            ("\"$9\" = $1", "\"$9\" = ?"),
            ("a -- $9 'x\n + $1", "a -- $9 'x\n + ?"),
            ("a /* $9 ' */ - $1 / 2", "a /* $9 ' */ - ? / 2"),
            ("'$9", "'$9"),
            ("ångström = $1 and 'å$9' = $2", "ångström = ? and 'å$9' = ?"),
        ] {
            assert_eq!(anonymous(text).as_deref(), Some(expected));
        }
    }
}
