use super::*;
use crate::Hash;

fn parse(encoded: &str, set: &[(&str, &str)]) -> Result<Hash, ParseError> {
    let mut params = Params::default();
    for (name, value) in set {
        params.set(name, value)?;
    }
    Hash::parse("custom", encoded, &params)
}

#[test]
fn a_program_of_2009_is_told_in_one_line() {
    let set = [
        ("formula", "sha1(salt + md5(password) + pepper)"),
        ("salt", "s4lty"),
        ("pepper", "pepper!"),
    ];
    for encoded in [
        "2e884ba7c4cae66574b247201cdb9861e871fa3d",
        "2E884BA7C4CAE66574B247201CDB9861E871FA3D",
        "LohLp8TK5mV0skcgHNuYYehx+j0=",
    ] {
        let hash = parse(encoded, &set).unwrap();
        assert!(hash.verify("Correct-Horse_42"), "{encoded}");
        assert!(!hash.verify("correct-horse_42"), "{encoded}");
        let again = Hash::parse(hash.scheme(), hash.encoded(), hash.params());
        assert_eq!(again, Ok(hash));
    }
    let hash = parse("2e884ba7c4cae66574b247201cdb9861e871fa3d", &set).unwrap();
    let shown = format!("{hash:?} {:?} {:?}", hash.params(), hash.describe());
    assert!(
        !shown.contains("pepper!") && !shown.contains("md5("),
        "{shown}"
    );
}

#[test]
fn hash_and_salt_may_share_the_text() {
    let formula = ("formula", "sha1(salt + password)");
    let digest = "2f135fc2de0c526988a36e89e7773d7d945f873a";
    for (layout, encoded) in [
        ("{salt:9}{hash}", format!("abcdefghi{digest}")),
        ("{salt}:{hash}", format!("abcdefghi:{digest}")),
        ("{hash}:{salt}", format!("{digest}:abcdefghi")),
        ("v1${salt}${hash}$", format!("v1$abcdefghi${digest}$")),
        ("{hash:40}{salt}", format!("{digest}abcdefghi")),
    ] {
        let hash = parse(&encoded, &[formula, ("layout", layout)]).unwrap();
        assert!(hash.verify("Correct-Horse_42"), "{layout}");
        assert_eq!(
            (hash.encoded(), hash.params().layout.as_ref()),
            (digest, None)
        );
        assert_eq!(hash.params().salt.as_deref(), Some("abcdefghi"));
    }
    for (layout, code) in [
        ("{salt}{hash}", "invalid_parameter"),
        ("{salt}:", "invalid_parameter"),
        ("{hash}:{hash}", "invalid_parameter"),
        ("{name}:{hash}", "invalid_parameter"),
        ("{hash", "invalid_parameter"),
        ("v2${salt}${hash}", "malformed_hash"),
        ("{salt:99}{hash}", "malformed_hash"),
    ] {
        let error = parse(
            &format!("abcdefghi:{digest}"),
            &[formula, ("layout", layout)],
        )
        .unwrap_err();
        assert_eq!(error.code(), code, "{layout}");
    }
}

#[test]
fn a_hash_that_was_hashed_again_is_told_with_its_scheme_around() {
    // bcrypt of the hexadecimal MD5 of the password, made with the same library that checks it.
    let md5 = "a3c68e193330b110c76ba1a5098cc64c";
    let native = crate::Native::Bcrypt { cost: 4 };
    let made = native.hash(md5, &[7; 16], &mut Workspace::new());
    for formula in ["bcrypt(md5(password))", "crypt(md5(password))"] {
        let hash = parse(made.encoded(), &[("formula", formula)]).unwrap();
        assert!(hash.verify("Correct-Horse_42"));
        assert!(!hash.verify(md5));
    }
    let error = parse(md5, &[("formula", "crypt(md5(password))")]).unwrap_err();
    assert_eq!(error.code(), "malformed_hash");
}

#[test]
fn bytes_of_salt_and_password_are_read_as_said() {
    let hash = parse(
        "PuB2bK4aDvtRb+m9khe5guIUTaY=",
        &[
            ("formula", "sha1(salt + password)"),
            ("salt", "AP8Q"),
            ("salt_format", "base64"),
            ("password_encoding", "utf16le"),
        ],
    );
    assert!(hash.unwrap().verify("Correct-Horse_42"));
    let symfony = parse(
        "q74hcVFG7mt86LFQzklj15okWet/87wCG5vTtVQgNleYmAie0CzVDhcVrauvaOssIR+rLlTv5Pd3uDETk2tskg==",
        &[
            (
                "formula",
                "repeat(4999, raw(sha512(password + '{' + salt + '}')), raw(sha512(previous + password + '{' + salt + '}')))",
            ),
            ("salt", "abcSALTdef"),
        ],
    );
    assert!(symfony.unwrap().verify("Correct-Horse_42"));
}

#[test]
fn it_is_wrapped_like_any_weak_hash() {
    let set = [("formula", "'*' + upper(sha1(raw(sha1(password))))")];
    let hash = parse("*091972515DF05EDEB51FE32E58F855158CB03B19", &set).unwrap();
    let wrapped = hash.wrap(&[7; 16], &mut Workspace::new()).unwrap();
    assert!(wrapped.verify("Correct-Horse_42"));
    assert!(!wrapped.verify("correct-horse_42"));
}

#[test]
fn what_it_does_not_take_is_refused() {
    let md5 = "a3c68e193330b110c76ba1a5098cc64c";
    let code = |set: &[(&str, &str)]| parse(md5, set).unwrap_err().code();
    assert_eq!(code(&[]), "missing_parameter");
    assert_eq!(code(&[("formula", "md5(password")]), "invalid_formula");
    assert_eq!(code(&[("formula", "sha1(password)")]), "malformed_hash");
    let position = ("salt_position", "prefix");
    assert_eq!(
        code(&[("formula", "md5(password)"), position]),
        "unexpected_parameter"
    );
    let costly = ("formula", "repeat(5000000, md5(password), md5(previous))");
    assert_eq!(code(&[costly]), "cost_out_of_bounds");
}
