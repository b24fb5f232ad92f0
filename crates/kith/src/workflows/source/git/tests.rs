use std::fs;

use super::*;

fn git_in(folder: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]);
    command
        .args(arguments)
        .output()
        .is_ok_and(|output| output.status.success())
}

fn remote(folder: &Path, branch: &str) -> Remote {
    Remote {
        url: format!("file://{}", folder.display()),
        branch: Some(branch.to_owned()),
        token: Some(Secret::new("hush")),
        reach: Reach::Anywhere,
    }
}

#[test]
fn a_repository_is_read_with_its_commit() {
    let root = tempfile::tempdir().unwrap();
    if !git_in(root.path(), &["init", "--quiet", "-b", "main"]) {
        // Without git there is nothing to test but the message.
        let error = head(&remote(root.path(), "main")).unwrap_err();
        assert!(error.to_string().contains("install git"));
        return;
    }
    fs::write(root.path().join("aWorkflow.ts"), "1").unwrap();
    assert!(git_in(root.path(), &["add", "."]));
    assert!(git_in(root.path(), &["commit", "--quiet", "-m", "First"]));
    let (read, source) = files(&remote(root.path(), "main")).unwrap();
    assert_eq!(read.get("aWorkflow.ts"), Some("1"));
    let commit = head(&remote(root.path(), "main")).unwrap();
    assert!(matches!(source, Source::Git { commit: it, .. } if it == commit));
    let nowhere = remote(root.path(), "nowhere");
    for error in [files(&nowhere).unwrap_err(), head(&nowhere).unwrap_err()] {
        let error = error.to_string();
        assert!(
            error.contains("git could not fetch") && !error.contains("hush"),
            "{error}"
        );
    }
}

#[test]
fn a_guarded_remote_is_fetched_over_the_web_only() {
    let root = tempfile::tempdir().unwrap();
    if !git_in(root.path(), &["init", "--quiet", "-b", "main"]) {
        return;
    }
    let guarded = Remote {
        reach: Reach::Only {
            host: "git.example.com".to_owned(),
            port: 443,
            addresses: vec![],
        },
        ..remote(root.path(), "main")
    };
    let error = head(&guarded).unwrap_err().to_string();
    assert!(error.contains("not allowed"), "{error}");
}

#[test]
fn git_connects_to_the_addresses_that_were_judged() {
    // The name is nobody's, so only the pin can lead to this port, where nobody speaks git.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let pinned = Remote {
        url: format!("http://git.example.com:{port}/workflows"),
        branch: None,
        token: None,
        reach: Reach::Only {
            host: "git.example.com".to_owned(),
            port,
            addresses: vec!["127.0.0.1".parse().unwrap()],
        },
    };
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = [0; 4096];
        let n = stream.read(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..n]).into_owned()
    });
    if matches!(head(&pinned), Err(SourceError::NoGit(_))) {
        return;
    }
    assert!(
        asked
            .join()
            .unwrap()
            .starts_with("GET /workflows/info/refs")
    );
}

#[test]
fn the_version_of_git_is_read() {
    assert_eq!(version("git version 2.39.5"), Some((2, 39)));
    assert_eq!(version("git version 2.50.1 (Apple Git-155)"), Some((2, 50)));
    assert_eq!(version("hub version 1"), None);
}

#[test]
fn addresses_are_pinned_as_curl_wants_them() {
    let addresses = ["192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap()];
    assert_eq!(
        super::pinned("git.example.com", 443, &addresses),
        "git.example.com:443:192.0.2.1,[2001:db8::1]"
    );
    assert_eq!(
        without_secrets("https://ada:hush@git.example.com/x"),
        "https://git.example.com/x"
    );
}
