//! The words of a formula, each with its place.

use crate::ParseError;

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Number(u64),
    Literal(String),
    Open,
    Close,
    Comma,
    Plus,
    End,
}

/// A formula is wrong at a place, counted in characters from 1.
pub(super) fn wrong(at: usize, problem: impl Into<String>) -> ParseError {
    ParseError::InvalidFormula {
        at,
        problem: problem.into(),
    }
}

/// The words in order, the last one being [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, ParseError> {
    let mut tokens = Vec::new();
    let mut characters = (1..).zip(text.chars()).peekable();
    let mut end = 1;
    while let Some((at, character)) = characters.next() {
        end = at + 1;
        let token = match character {
            ' ' | '\t' | '\n' | '\r' => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '+' => Token::Plus,
            '"' | '\'' => {
                let mut literal = String::new();
                loop {
                    match characters.next() {
                        None => return Err(wrong(at, "a quote opens here that is not closed")),
                        Some((close, c)) if c == character => {
                            end = close + 1;
                            break;
                        }
                        Some((_, c)) => literal.push(c),
                    }
                }
                Token::Literal(literal)
            }
            c if c.is_ascii_alphanumeric() || c == '_' => {
                let mut word = String::from(c);
                while let Some((last, c)) =
                    characters.next_if(|(_, c)| c.is_ascii_alphanumeric() || *c == '_')
                {
                    word.push(c);
                    end = last + 1;
                }
                if c.is_ascii_digit() {
                    let number = word.parse();
                    Token::Number(number.map_err(|_| {
                        wrong(
                            at,
                            "this is neither a name nor a number; write texts in quotes",
                        )
                    })?)
                } else {
                    Token::Name(word)
                }
            }
            '.' => return Err(wrong(at, "texts are joined by +, not by a dot")),
            _ => {
                return Err(wrong(
                    at,
                    "this character means nothing here; write texts in quotes",
                ));
            }
        };
        tokens.push((at, token));
    }
    tokens.push((end, Token::End));
    Ok(tokens)
}
