//! What is nested too deep is refused, and nothing below that ends the process.

use crate::kit::compile;

/// Constructs that nest, as what comes before and after the middle at each level.
const NESTS: [(&str, &str, &str, &str); 34] = [
    ("export default ", "(", "1", ")"),
    ("export default ", "[", "1", "]"),
    ("export default ", "{a:", "1", "}"),
    ("export default ", "!", "1", ""),
    ("export default ", "- ", "1", ""),
    ("export default ", "typeof ", "1", ""),
    ("export default ", "void ", "1", ""),
    ("export default ", "new ", "A", ""),
    ("export default ", "1+", "1", ""),
    ("export default ", "2**", "2", ""),
    ("export default ", "a=>", "1", ""),
    ("export default ", "(a)=>(", "1", ")"),
    ("export default ", "a?b:", "1", ""),
    ("export default ", "f(", "1", ")"),
    ("export default a", ".b", "", ""),
    ("export default a", "()", "", ""),
    ("export default a", "?.[0]", "", ""),
    ("export default a", "!", "", ""),
    ("export default ", "`${", "1", "}`"),
    ("export default ", "function(){return ", "1", "}"),
    ("export default ", "class{a=", "1", "}"),
    ("export default ", "async()=>await ", "1", ""),
    ("let x; export default ", "x=", "1", ""),
    ("export default 1; ", "if(1)", ";", ""),
    ("export default 1; ", "if(1);else ", ";", ""),
    ("export default 1; ", "{", "", "}"),
    ("export default 1; ", "for(;;)", ";", ""),
    ("export default 1; ", "try{", "", "}catch{}"),
    ("export default 1; ", "l: ", ";", ""),
    ("export default 1; type T = ", "A<", "B", ">"),
    ("export default 1; type T = ", "A|", "B", ""),
    ("export default 1; type T = A", "[]", "", ""),
    ("export default 1; type T = ", "keyof ", "B", ""),
    ("export default ", "<a>", "", "</a>"),
];

fn nested((head, open, middle, close): (&str, &str, &str, &str), levels: usize) -> String {
    format!(
        "{head}{}{middle}{}",
        open.repeat(levels),
        close.repeat(levels)
    )
}

#[test]
fn the_deepest_that_is_let_through_does_not_end_the_process() {
    for nest in NESTS {
        let start = std::time::Instant::now();
        eprintln!("{nest:?}");
        let file = if nest.1 == "<a>" {
            "main.tsx"
        } else {
            "main.ts"
        };
        let is_too_deep = |levels| {
            let refused = compile([(file, &nested(nest, levels))])
                .err()
                .unwrap_or_default();
            refused.iter().any(|one| one.code == "nested_too_deep")
        };
        assert!(is_too_deep(10_001), "{nest:?}");
        // Brackets have the lower limit; what has none costs one to four levels, as they are counted.
        let fits = [9_990, 4_990, 3_300, 2_490, 499, 249]
            .into_iter()
            .find(|levels| !is_too_deep(*levels));
        assert!(fits.is_some(), "{nest:?} may not even be nested 249 deep");
        eprintln!("{:?}", start.elapsed());
    }
}

#[test]
fn what_people_write_is_not_too_deep() {
    let long = format!(
        "export default [{}]",
        "{ a: 'x+y/z==', b: [1, (2 + 3) * 4, `t`] },\n".repeat(10_000)
    );
    assert!(compile([("main.ts", &long)]).is_ok());
    let sum = format!("export default {}1", "a.b + ".repeat(3_000));
    assert!(compile([("main.ts", &sum)]).is_ok());
}
