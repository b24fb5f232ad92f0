//! The harness itself, on a page made for the purpose: a check that cannot fail is worth nothing.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

use anyhow::Result;
use e2e::{Browser, Look, Scheme, Screen, Scripts, TAB};

/// As strict as the product's own: the harness has to work under it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'";

const STYLE: &str = "
body { margin: 1rem; color: #111; background: #fff }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } }
a { color: inherit }
input, button { min-height: 2rem }
.wide { width: 600px; height: 2000px }
";

const GOOD: &str = r#"<!doctype html><html lang="en"><head><title>Good</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css"><script src="/script.js" defer></script>
</head><body><main><h1>Good</h1><p id="script">Script is off</p><noscript><p>No script here</p></noscript>
<form method="get" action="/answer">
<label for="email">Email</label><input id="email" name="email" aria-describedby="hint error">
<p id="hint">Where we reach you</p><p id="error">Enter an address</p>
<button>Continue</button></form><p><a href="/answer?email=link">Skip</a></p></main></body></html>"#;

const BAD: &str = r#"<!doctype html><html><head><title>Bad</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css"></head>
<body><main><h1>Bad</h1><input name="email"><p class="wide">Wide</p><p style="color: red">Red</p></main></body></html>"#;

/// Serves the pages above until the tests end, and gives the address.
fn site() -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let url = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(&stream));
        }
    });
    Ok(url)
}

fn answer(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    while lines
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let path = request.split(' ').nth(1).unwrap_or_default();
    let (kind, body) = match path {
        "/good" => ("text/html", GOOD.to_owned()),
        "/bad" => ("text/html", BAD.to_owned()),
        "/style.css" => ("text/css", STYLE.to_owned()),
        "/script.js" => (
            "text/javascript",
            "document.getElementById('script').textContent = 'With script'".to_owned(),
        ),
        _ => (
            "text/html",
            format!("<!doctype html><title>Answer</title><p>You asked for {path}</p>"),
        ),
    };
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}; charset=utf-8\r\ncontent-security-policy: {POLICY}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn a_good_page_passes_the_review_in_every_look() -> Result<()> {
    let browser = Browser::open(Look::default()).await?;
    browser.goto(&format!("{}/good", site()?)).await?;
    browser.review("harness-good").await
}

#[tokio::test]
async fn a_bad_page_fails_the_review_with_every_reason() -> Result<()> {
    let browser = Browser::open(Look::default()).await?;
    browser.goto(&format!("{}/bad", site()?)).await?;
    let problems = browser.review("harness-bad").await.unwrap_err().to_string();
    assert!(problems.contains("(html-has-lang)"), "{problems}");
    assert!(problems.contains("(label)"), "{problems}");
    assert!(problems.contains("360-light: the page is"), "{problems}");
    assert!(!problems.contains("1280-light: the page is"), "{problems}");
    assert!(problems.contains("Content Security Policy"), "{problems}");
    Ok(())
}

#[tokio::test]
async fn a_picture_shows_what_has_to_be_scrolled_to() -> Result<()> {
    let browser = Browser::open(Look::default()).await?;
    browser.goto(&format!("{}/bad", site()?)).await?;
    let picture = std::fs::read(browser.screenshot("harness-tall").await?)?;
    // PNG §11.2.2: the header chunk begins with width and height.
    let number = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
    assert_eq!(number(16), 1280);
    assert!(number(20) > 2000, "{}", number(20));
    Ok(())
}

#[tokio::test]
async fn fields_buttons_and_links_are_found_by_name() -> Result<()> {
    let site = site()?;
    let browser = Browser::open(Look::default()).await?;
    browser.goto(&format!("{site}/good")).await?;
    browser.fill("Email", "ada").await?;
    browser.fill("Email", "grace").await?;
    assert_eq!(browser.value("Email").await?, "grace");
    assert_eq!(
        browser.description("Email").await?,
        "Where we reach you\nEnter an address"
    );
    browser.press("Continue").await?;
    browser.see("You asked for /answer?email=grace").await?;

    browser.goto(&format!("{site}/good")).await?;
    browser.follow("Skip").await?;
    assert_eq!(browser.url().await?, format!("{site}/answer?email=link"));
    assert_eq!(browser.title().await?, "Answer");
    Ok(())
}

#[tokio::test]
async fn the_keyboard_moves_the_focus() -> Result<()> {
    let browser = Browser::open(Look::default()).await?;
    browser.goto(&format!("{}/good", site()?)).await?;
    browser.strike(TAB).await?;
    assert_eq!(browser.focused().await?, "Email");
    browser.strike(TAB).await?;
    assert_eq!(browser.focused().await?, "Continue");
    Ok(())
}

#[tokio::test]
async fn a_look_has_its_width_and_its_scheme() -> Result<()> {
    let look = Look {
        screen: Screen::Phone,
        scheme: Scheme::Dark,
        scripts: Scripts::On,
    };
    let browser = Browser::open(look).await?;
    let site = site()?;
    for page in ["good", "answer", "good"] {
        browser.goto(&format!("{site}/{page}")).await?;
        assert_eq!(browser.evaluate("return innerWidth").await?, 360);
        assert_eq!(
            browser
                .evaluate("return matchMedia('(prefers-color-scheme: dark)').matches")
                .await?,
            true
        );
    }
    browser.set_scheme(Scheme::Light).await?;
    browser.set_screen(Screen::Desktop).await?;
    assert_eq!(browser.evaluate("return innerWidth").await?, 1280);
    assert_eq!(
        browser
            .evaluate("return matchMedia('(prefers-color-scheme: dark)').matches")
            .await?,
        false
    );
    Ok(())
}

#[tokio::test]
async fn pages_run_scripts_unless_told_otherwise() -> Result<()> {
    let site = site()?;
    let with = Browser::open(Look::default()).await?;
    with.goto(&format!("{site}/good")).await?;
    with.see("With script").await?;

    let without = Browser::open(Look {
        scripts: Scripts::Off,
        ..Look::default()
    })
    .await?;
    without.goto(&format!("{site}/good")).await?;
    without.see("No script here").await?;
    without.check_accessibility().await?;
    assert!(without.text().await?.contains("Script is off"));
    without.fill("Email", "ada").await?;
    without.press("Continue").await?;
    without.see("You asked for /answer?email=ada").await?;
    without.goto(&format!("{site}/good")).await?;
    without.see("No script here").await
}
