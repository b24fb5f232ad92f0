//! The commands that the guides show, run as they stand there.
//!
//! A page's ```` ```sh ```` blocks hold commands of `kith`, each on its own line (or lines, with `\` at the end); commands of
//! other programs are in ```` ```console ```` blocks. Every line that begins with `kith ` runs in a folder of the page's own,
//! which holds the files of `crates/import/fixtures/<source>/`: `move-from-clerk.md` has those of `clerk`, and another page
//! names its folder in a comment, `<!-- fixtures: kinde -->`, or by its whole path, `<!-- fixtures: docs/samples/workflows -->`. The page's commands run one after the other, so that a second one
//! finds what the first one has written. `RUN` stands for the id of the latest import.
//!
//! A command must end well (0), or with rows refused (3), as the guides say, and must say something. A server doesn't end:
//! of `kith serve` only its settings are checked, and the test says so.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use super::root;
use crate::cli::{Said, Shell};

/// An address in a guide that stands for the reader's own PostgreSQL.
const POSTGRES: &str = "postgres://kith:…@db.example.com/kith";

/// A guide, and the commands that it shows.
struct Guide {
    path: PathBuf,
    fixtures: Option<PathBuf>,
    commands: Vec<String>,
}

#[tokio::test]
async fn every_command_of_every_guide_does_something() {
    let guides = Mutex::new(guides());
    let databases = Databases::new().await;
    let (failures, unrun) = (Mutex::new(String::new()), Mutex::new(String::new()));
    // Two cores, and most of a command's time is its start.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(guide) = guides.lock().unwrap().pop() else {
                        return;
                    };
                    let outcome = guide.follow(&databases);
                    failures.lock().unwrap().push_str(&outcome.failures);
                    unrun.lock().unwrap().push_str(&outcome.unrun);
                }
            });
        }
    });
    let unrun = unrun.into_inner().unwrap();
    if !unrun.is_empty() {
        // Past the harness, which keeps to itself what a test prints when it passes.
        let said = format!("commands of guides that were checked but not run:\n{unrun}");
        std::io::stderr().write_all(said.as_bytes()).unwrap();
    }
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn every_guide_to_a_provider_shows_how_to_look_first_and_how_to_import() {
    let mut wrong = String::new();
    for guide in guides() {
        let name = guide.name();
        if !name.starts_with("move-from-") {
            continue;
        }
        let shows = |what: &str| guide.commands.iter().any(|command| command.contains(what));
        if !shows("--dry-run") || !shows("kith import") {
            writeln!(
                wrong,
                "{name} shows no import, or none with --dry-run, in a ```sh block"
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[derive(Default)]
struct Outcome {
    failures: String,
    unrun: String,
}

impl Guide {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let named = text
            .split("<!-- fixtures:")
            .nth(1)
            .and_then(|rest| rest.split("-->").next())
            .map(|name| name.trim().to_owned());
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let named = named.or_else(|| stem.strip_prefix("move-from-").map(str::to_owned));
        let fixtures = named.map(|name| {
            if name.contains('/') {
                root().join(name)
            } else {
                root().join("crates/import/fixtures").join(name)
            }
        });
        Self {
            commands: commands(&text),
            path,
            fixtures,
        }
    }

    fn name(&self) -> String {
        self.path.file_name().unwrap().to_str().unwrap().to_owned()
    }

    /// Does what the guide says, from top to bottom.
    fn follow(&self, databases: &Databases) -> Outcome {
        let mut outcome = Outcome::default();
        let shell = Shell::new();
        match &self.fixtures {
            Some(folder) if !folder.is_dir() => {
                writeln!(
                    outcome.failures,
                    "{}: there are no fixtures {}; name others by <!-- fixtures: NAME -->",
                    self.name(),
                    folder.display()
                )
                .unwrap();
                return outcome;
            }
            Some(folder) => copy(folder, shell.folder()),
            None => {}
        }
        for command in &self.commands {
            let command = databases.own(command, &shell);
            let command = if has_word(&command, "RUN") {
                replace_word(&command, "RUN", &latest_run(&shell))
            } else {
                command
            };
            let runs = !command.starts_with("kith serve") && !command.starts_with("kith demo");
            let executed = if runs {
                command.clone()
            } else {
                writeln!(outcome.unrun, "  {}: {command}", self.name()).unwrap();
                checked(&command)
            };
            let said = run(&shell, &executed);
            let is_silent = said.stdout.trim().is_empty() && said.stderr.trim().is_empty();
            if !matches!(said.code, 0 | 3) || is_silent {
                writeln!(
                    outcome.failures,
                    "{}: `{command}` ended with {}\n{}{}",
                    self.name(),
                    said.code,
                    said.stdout,
                    said.stderr
                )
                .unwrap();
            }
        }
        outcome
    }
}

/// What checks a server's settings without serving.
fn checked(command: &str) -> String {
    if command.starts_with("kith serve") {
        format!("{command} --print-config")
    } else {
        format!("{command} --help")
    }
}

/// Every page of the documentation that shows commands of ours.
fn guides() -> Vec<Guide> {
    let mut pages: Vec<PathBuf> = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.push(root().join("README.md"));
    pages.sort();
    let guides: Vec<Guide> = pages.into_iter().map(Guide::read).collect();
    assert!(guides.len() > 8, "the guides were not found");
    guides
        .into_iter()
        .filter(|guide| guide.name().starts_with("move-from-") || !guide.commands.is_empty())
        .collect()
}

/// The commands of `kith` in a page's `sh` blocks.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_inside = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            is_inside = !is_inside && language.trim() == "sh";
            continue;
        }
        if !is_inside || !line.starts_with("kith ") {
            continue;
        }
        let mut command = line.to_owned();
        while let Some(begun) = command.strip_suffix('\\') {
            let rest = lines.next().unwrap_or_default();
            command = format!("{} {}", begun.trim_end(), rest.trim());
        }
        found.push(command);
    }
    found
}

/// Runs a line as a shell does: guides have quotes, pipes and redirections.
fn run(shell: &Shell, command: &str) -> Said {
    let ours = Path::new(env!("CARGO_BIN_EXE_kith")).parent().unwrap();
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(shell.folder())
        .env_clear()
        .env(
            "PATH",
            format!("{}:/usr/local/bin:/usr/bin:/bin", ours.display()),
        )
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Said::of(&output)
}

fn latest_run(shell: &Shell) -> String {
    let listed = shell.kith(&["import", "list", "--limit", "1", "--json"]);
    let id = listed.json()["imports"][0]["id"]
        .as_str()
        .map(str::to_owned);
    id.unwrap_or_else(|| "RUN".to_owned())
}

fn has_word(text: &str, word: &str) -> bool {
    text.split_whitespace().any(|part| part == word)
}

fn replace_word(text: &str, word: &str, by: &str) -> String {
    let parts = text.split(' ');
    let parts: Vec<_> = parts
        .map(|part| if part == word { by } else { part })
        .collect();
    parts.join(" ")
}

/// Copies the files of a folder, and those of folders in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What stands in the place of the databases that guides name.
struct Databases(Vec<db::testing::TestDb>);

impl Databases {
    async fn new() -> Self {
        Self(db::testing::databases().await)
    }

    /// The command with a database of ours in the place of the reader's: PostgreSQL where a server is named for tests, else a
    /// second file.
    fn own(&self, command: &str, shell: &Shell) -> String {
        let ours = self.0.iter().find(|db| db.engine() == "postgres");
        let url = match ours {
            Some(db) => db.url().to_owned(),
            None => format!("sqlite://{}", shell.folder().join("second.db").display()),
        };
        command.replace(POSTGRES, &format!("'{url}'"))
    }
}
