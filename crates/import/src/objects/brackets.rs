//! Where a JSON value ends, found by its brackets and quotes alone.

/// Counts brackets over bytes that arrive piece by piece.
#[derive(Default)]
pub(super) struct Brackets {
    depth: usize,
    in_string: bool,
    after_backslash: bool,
}

/// How far the value reaches.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// It takes this many bytes of the piece.
    Ends(usize),
    /// It takes the piece and more.
    GoesOn,
}

impl Brackets {
    /// Goes on through the next piece. A value without brackets ends before the comma or bracket that follows it.
    pub(super) fn span(&mut self, piece: &[u8]) -> Span {
        for (at, &byte) in piece.iter().enumerate() {
            if self.after_backslash {
                self.after_backslash = false;
            } else if self.in_string {
                self.after_backslash = byte == b'\\';
                self.in_string = byte != b'"';
            } else {
                match byte {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' | b',' if self.depth == 0 => return Span::Ends(at),
                    b'}' | b']' => {
                        self.depth -= 1;
                        if self.depth == 0 {
                            return Span::Ends(at + 1);
                        }
                    }
                    _ => {}
                }
            }
        }
        Span::GoesOn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Span {
        Brackets::default().span(text.as_bytes())
    }

    #[test]
    fn a_value_ends_where_its_brackets_close() {
        assert_eq!(span(r#"{"a":[1,{}]},{"#), Span::Ends(12));
        assert_eq!(span("null, {}"), Span::Ends(4));
        assert_eq!(span("null]"), Span::Ends(4));
        assert_eq!(span("{"), Span::GoesOn);
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        assert_eq!(span(r#"{"a":"}\"}"},"#), Span::Ends(12));
        assert_eq!(span(r#"{"a":"\\"},"#), Span::Ends(10));
        assert_eq!(span(r#"{"a":"}"#), Span::GoesOn);
    }
}
