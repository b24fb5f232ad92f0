//! Pieces of text that depend on a number or on what a person typed.

use std::fmt::Write;

/// The rows of a multi-row insert: `placeholders(2, 3)` is `($1,$2,$3),($4,$5,$6)`.
#[must_use]
pub fn placeholders(rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * (columns * 6 + 3));
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ",(" });
        push_list(&mut text, row * columns + 1, columns);
        text.push(')');
    }
    text
}

/// The inside of an `in (…)`: `in_list(3, 2)` is `$3,$4`. Of none it is `null`, which nothing equals.
#[must_use]
pub fn in_list(start: usize, n: usize) -> String {
    if n == 0 {
        return "null".into();
    }
    let mut text = String::with_capacity(n * 6);
    push_list(&mut text, start, n);
    text
}

/// A text to be found as it is by `like … escape '\'`: `%`, `_` and `\` lose their meaning.
#[must_use]
pub fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn push_list(text: &mut String, start: usize, n: usize) {
    for number in start..start + n {
        let comma = if number == start { "" } else { "," };
        write!(text, "{comma}${number}").expect("a String takes all that is written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_across_rows() {
        assert_eq!(placeholders(2, 3), "($1,$2,$3),($4,$5,$6)");
        assert_eq!(placeholders(0, 3), "");
    }

    #[test]
    fn a_list_starts_where_it_is_told() {
        assert_eq!(in_list(3, 3), "$3,$4,$5");
    }

    #[test]
    fn a_list_of_none_is_still_sql() {
        assert_eq!(in_list(1, 0), "null");
    }

    #[test]
    fn wildcards_are_escaped() {
        assert_eq!(escape_like(r"50%_\"), r"50\%\_\\");
    }
}
