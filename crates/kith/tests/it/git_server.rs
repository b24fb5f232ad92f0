//! A git server with one repository, for tests: `git http-backend` behind a socket, and a work tree from which is pushed.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;

/// A repository that is served, with a branch `main`.
pub struct GitServer {
    folder: tempfile::TempDir,
    port: u16,
    /// What it asks for; empty where anybody may read it.
    token: Arc<Mutex<String>>,
}

impl GitServer {
    /// Serves an empty repository.
    #[expect(
        clippy::disallowed_methods,
        reason = "a test's server ends with the test"
    )]
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder is made");
        let bare = folder.path().join("workflows.git");
        git(
            folder.path(),
            &["init", "--quiet", "--bare", "-b", "main", "workflows.git"],
        );
        git(folder.path(), &["init", "--quiet", "-b", "main", "tree"]);
        let remote = bare.display().to_string();
        git(
            &folder.path().join("tree"),
            &["remote", "add", "origin", &remote],
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let token = Arc::new(Mutex::new(String::new()));
        let served = (folder.path().to_owned(), Arc::clone(&token));
        let router = Router::new().fallback(answer).with_state(served);
        tokio::task::spawn(async move { axum::serve(listener, router).await });
        Self {
            folder,
            port,
            token,
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/workflows.git", self.port)
    }

    /// From now on it asks for this token.
    pub fn ask_for(&self, token: &str) {
        token.clone_into(&mut self.token.lock().expect("nobody panicked"));
    }

    /// Makes a branch of what was pushed last.
    pub fn branch(&self, name: &str) {
        let tree = self.folder.path().join("tree");
        let what = format!("main:refs/heads/{name}");
        git(&tree, &["push", "--quiet", "origin", &what]);
    }

    /// Pushes a commit with this one file beside those that are there, and returns its id.
    pub fn push(&self, path: &str, text: &str) -> String {
        let tree = self.folder.path().join("tree");
        let file = tree.join(path);
        std::fs::create_dir_all(file.parent().expect("it has a folder")).expect("it is made");
        std::fs::write(file, text).expect("the file is written");
        git(&tree, &["add", "."]);
        git(
            &tree,
            &["commit", "--quiet", "--allow-empty", "-m", "Change"],
        );
        git(&tree, &["push", "--quiet", "origin", "main"]);
        git(&tree, &["rev-parse", "HEAD"])
    }
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
        .args(arguments)
        .output()
        .expect("git is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

type Served = (std::path::PathBuf, Arc<Mutex<String>>);

/// Answers by the CGI program that comes with git (RFC 3875).
async fn answer(
    State((root, token)): State<Served>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let text = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let token = token.lock().expect("nobody panicked").clone();
    if !token.is_empty() {
        let pair =
            base64::engine::general_purpose::STANDARD.encode(format!("x-access-token:{token}"));
        if text("authorization") != format!("Basic {pair}") {
            let ask = [(header::WWW_AUTHENTICATE, "Basic realm=\"git\"")];
            return (StatusCode::UNAUTHORIZED, ask).into_response();
        }
    }
    let mut backend = Command::new("git");
    backend
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_INFO", uri.path())
        .env("QUERY_STRING", uri.query().unwrap_or_default())
        .env("REQUEST_METHOD", method.as_str())
        .env("CONTENT_TYPE", text("content-type"))
        .env("HTTP_CONTENT_ENCODING", text("content-encoding"))
        .env("GIT_PROTOCOL", text("git-protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || {
        let mut child = backend.spawn().expect("git is installed");
        let mut input = child.stdin.take().expect("it is piped");
        input.write_all(&body).expect("it reads");
        drop(input);
        child.wait_with_output().expect("it ends").stdout
    });
    let output = output.await.expect("nobody panicked");
    let end = output
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("there is a head");
    let mut response = Response::builder();
    for line in String::from_utf8_lossy(&output[..end]).lines() {
        let (name, value) = line.split_once(": ").expect("it is a header");
        response = if name == "Status" {
            response.status(&value[..3])
        } else {
            response.header(name, value)
        };
    }
    response
        .body(output[end + 4..].to_vec().into())
        .expect("it is an answer")
}
