//! PHP's serialized arrays, as far as WordPress writes roles: `a:1:{s:13:"administrator";b:1;}`.

/// The keys whose value is true, in their order; `None` if the text is no such array.
pub(super) fn true_keys(text: &str) -> Option<Vec<String>> {
    let rest = text.trim().strip_prefix("a:")?;
    let (count, rest) = rest.split_once(":{")?;
    let count: usize = count.parse().ok()?;
    let mut rest = rest;
    let mut keys = Vec::new();
    for _ in 0..count {
        let (key, after) = key(rest)?;
        let (is_true, after) = truth(after)?;
        if is_true && key.len() <= crate::value::MAX_KEY && !keys.contains(&key.to_owned()) {
            keys.push(key.to_owned());
        }
        rest = after;
    }
    (rest == "}").then_some(keys)
}

/// A text or a number, and what follows it.
fn key(text: &str) -> Option<(&str, &str)> {
    if let Some(number) = text.strip_prefix("i:") {
        return number.split_once(';');
    }
    let (length, rest) = text.strip_prefix("s:")?.split_once(":\"")?;
    let (key, rest) = rest.split_at_checked(length.parse().ok()?)?;
    Some((key, rest.strip_prefix("\";")?))
}

/// A scalar, whether it counts as true, and what follows it.
fn truth(text: &str) -> Option<(bool, &str)> {
    if text.starts_with("s:") {
        let (value, rest) = key(text)?;
        return Some((!matches!(value, "" | "0"), rest));
    }
    let (value, rest) = text.split_once(';')?;
    let (_, value) = value.split_once(':')?;
    Some((value != "0", rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn roles_are_the_keys_that_are_true() {
        assert_eq!(
            true_keys(r#"a:2:{s:13:"administrator";b:1;s:6:"editor";b:0;}"#).unwrap(),
            ["administrator"]
        );
        assert_eq!(
            true_keys(r#"a:1:{s:7:"größe";s:1:"1";}"#).unwrap(),
            ["größe"]
        );
        assert_eq!(true_keys("a:0:{}").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "b:1;",
            "a:1:{s:99:\"x\";b:1;}",
            "a:2:{s:1:\"x\";b:1;}",
            "a:1:{s:1:\"ö\";b:1;}",
            "O:1:{}",
        ] {
            assert_eq!(true_keys(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in r#"a:[0-9]{1,2}:\{(s:[0-9]{1,2}:"[a-zö]{0,4}";b:[01];|i:[0-9];|x){0,4}\}?"#) {
            let _ = true_keys(&text);
        }
    }
}
