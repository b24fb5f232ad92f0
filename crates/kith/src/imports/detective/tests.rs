//! The detective on whole files, as people bring them.

use super::*;
use crate::imports::{Content, NewRun, run, start as begin};
use crate::testing::Installation;

/// MD5 of the MD5 of `Correct-Horse_42`, and `s4lty`.
const ROW: &str = "mara@voss.example,846415bfecfd27f12a0d78f32ec4c2dc,s4lty";

fn file(text: &str) -> (Input, tempfile::NamedTempFile) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let input = Input {
        name: "people.csv".to_owned(),
        content: Content::Path(file.path().to_owned()),
    };
    (input, file)
}

fn question(input: &Input, identifier: &str) -> Question {
    Question {
        source: Some("kinde-csv".to_owned()),
        inputs: vec![input.clone()],
        options: Options::default(),
        known: vec![Known {
            identifier: identifier.to_owned(),
            password: Secret::new("Correct-Horse_42"),
        }],
        peppers: Vec::new(),
    }
}

#[tokio::test]
async fn one_known_password_makes_the_whole_file_importable() {
    let installation = Installation::sqlite().await;
    let cx = installation.cx();
    // Neither the hash nor the salt is in a column that says so.
    let text = format!(
        "email,token,extra\nother@voss.example,0123456789abcdef0123456789abcdef,x\n{ROW}\n"
    );
    let (input, _kept) = file(&text);
    let answer = detect(&cx, question(&input, "Mara@voss.example"))
        .await
        .unwrap();
    let Answer::Found(finding) = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(finding.column, "token");
    assert_eq!(
        finding.summary,
        "custom: md5(md5(password) + salt), salt in column extra"
    );
    let options = finding.options.unwrap();
    let new = NewRun {
        source: Some("kinde-csv".to_owned()),
        inputs: vec![input],
        options: options.clone(),
        is_dry_run: false,
    };
    let (recorded, inputs) = begin(&cx, new).await.unwrap();
    let done = run(&cx, recorded, &options, inputs, |_| {}).await.unwrap();
    assert_eq!((done.tally.created, done.tally.refused), (2, 0));
    assert_eq!(crate::credentials::weak::count(&cx).await.unwrap(), 2);
}

#[tokio::test]
async fn what_cannot_be_told_is_not_answered() {
    let installation = Installation::sqlite().await;
    let cx = installation.cx();
    let (input, _kept) = file(&format!("email,token,extra,nick\n{ROW},s4lty\n"));
    let answer = detect(&cx, question(&input, "mara@voss.example"))
        .await
        .unwrap();
    assert!(
        matches!(&answer, Answer::Ambiguous(lines) if lines.len() == 2),
        "{answer:?}"
    );
    let (input, _kept) = file("email,token\nmara@voss.example,846415bfecfd27f12a0d78f32ec4c2dd\n");
    let answer = detect(&cx, question(&input, "mara@voss.example"))
        .await
        .unwrap();
    assert!(matches!(answer, Answer::Nothing { .. }), "{answer:?}");
    let error = detect(&cx, question(&input, "nobody@voss.example"))
        .await
        .unwrap_err();
    assert!(matches!(error, DetectError::NoRow(_)), "{error}");
    let nobody = Question {
        known: Vec::new(),
        ..question(&input, "")
    };
    assert!(matches!(
        detect(&cx, nobody).await,
        Err(DetectError::Nobody)
    ));
}
