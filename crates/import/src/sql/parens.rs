//! Where a row of `VALUES` ends, found by its brackets and quotes alone.

/// Counts brackets over bytes that arrive piece by piece.
pub(super) struct Parens {
    depth: usize,
    /// The quote that is open.
    quote: Option<u8>,
    /// Whether a backslash escapes in the quotes that are open.
    is_escaping: bool,
    after_backslash: bool,
    has_backslash_escapes: bool,
    /// The byte before, which may be the `E` of PostgreSQL's `E'…'`.
    before: u8,
}

/// How far the row reaches.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// It takes this many bytes of the piece.
    Ends(usize),
    /// It takes the piece and more.
    GoesOn,
}

impl Parens {
    pub(super) fn new(has_backslash_escapes: bool) -> Self {
        Self {
            depth: 0,
            quote: None,
            is_escaping: false,
            after_backslash: false,
            has_backslash_escapes,
            before: 0,
        }
    }

    /// Goes on through the next piece.
    pub(super) fn span(&mut self, piece: &[u8]) -> Span {
        let mut at = 0;
        while let Some(&byte) = piece.get(at) {
            if self.after_backslash {
                self.after_backslash = false;
            } else if let Some(quote) = self.quote {
                let is_end = |b: &u8| *b == quote || (self.is_escaping && *b == b'\\');
                let Some(distance) = piece[at..].iter().position(is_end) else {
                    return Span::GoesOn;
                };
                at += distance;
                if piece[at] == quote {
                    // A doubled quote closes and opens again, which comes to the same.
                    self.quote = None;
                } else {
                    self.after_backslash = true;
                }
            } else {
                match byte {
                    b'\'' | b'"' | b'`' => {
                        self.quote = Some(byte);
                        self.is_escaping = byte != b'`'
                            && (self.has_backslash_escapes
                                || self.is_escaping && self.before == byte
                                || self.before.eq_ignore_ascii_case(&b'e'));
                    }
                    b'(' => self.depth += 1,
                    b')' if self.depth <= 1 => return Span::Ends(at + 1),
                    b')' => self.depth -= 1,
                    _ => {}
                }
            }
            self.before = piece[at];
            at += 1;
        }
        Span::GoesOn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, has_backslash_escapes: bool) -> Span {
        Parens::new(has_backslash_escapes).span(text.as_bytes())
    }

    #[test]
    fn a_row_ends_where_its_bracket_closes() {
        assert_eq!(span("(1,(2)),(3)", true), Span::Ends(7));
        assert_eq!(span("(1, ')''(', 2);", false), Span::Ends(14));
        assert_eq!(span("(1", false), Span::GoesOn);
    }

    #[test]
    fn a_backslash_escapes_where_the_dialect_says_so() {
        assert_eq!(span(r"('a\')', 1);", true), Span::Ends(11));
        assert_eq!(span(r"('a\'), (1)", false), Span::Ends(6));
        assert_eq!(span(r"(E'a\')''\')', 1);", false), Span::Ends(17));
    }

    #[test]
    fn pieces_may_be_cut_anywhere() {
        let text = br"('a\'b', 'it''s', 5)";
        for cut in 0..text.len() {
            let mut parens = Parens::new(true);
            assert_eq!(parens.span(&text[..cut]), Span::GoesOn);
            assert_eq!(parens.span(&text[cut..]), Span::Ends(text.len() - cut));
        }
    }
}
