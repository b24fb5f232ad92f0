//! An installation whose processes are killed, and what can be seen of it from outside.

use std::fmt::Write as _;
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use db::testing::TestDb;
use db::{Db, FromRow, Options, sql};
use serde_json::Value;

use crate::cli::{Said, Shell};

/// bcrypt at a cost that is no weak one, so that no node of a server wraps it meanwhile.
const HASH: &str = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

/// A folder, and a database of its own.
pub struct Home {
    shell: Shell,
    db: TestDb,
}

/// Everything that an import leaves, without what differs from one installation to another.
#[derive(PartialEq)]
pub struct State {
    /// Lines about people, their identities, passwords, memberships.
    people: Vec<String>,
    /// What the run says of itself, and the rows that did not go in.
    report: Vec<String>,
}

/// The first difference is worth more than a hundred thousand lines.
impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digest = RandomState::new().hash_one(&self.people);
        write!(f, "{} lines ({digest:x}), ", self.people.len())?;
        write!(f, "{:?} … {:#?}", self.people.first(), self.report)
    }
}

impl Home {
    pub async fn sqlite() -> Self {
        Self::of(TestDb::sqlite().await).await
    }

    /// None where no server is named.
    pub async fn postgres() -> Option<Self> {
        Some(Self::of(TestDb::postgres().await?).await)
    }

    async fn of(db: TestDb) -> Self {
        // Whoever is killed leaves a log that nobody else has open.
        db.close().await;
        let shell = Shell::new();
        Self { shell, db }
    }

    pub fn write(&self, name: &str, content: &str) {
        fs::write(self.shell.folder().join(name), content).unwrap();
    }

    fn variables(&self) -> [(&'static str, &str); 4] {
        [
            // All nodes are one installation, whatever they listen on.
            ("KITH_PUBLIC_URL", "http://127.0.0.1:8080"),
            ("KITH_DATABASE_URL", self.db.url()),
            ("KITH_DATA_DIR", "data"),
            // The same everywhere, so that digests of passwords can be compared.
            ("KITH_SECRET_KEY", "a key for tests, 32 bytes at least"),
        ]
    }

    pub fn kith(&self, arguments: &[&str]) -> Said {
        self.shell.kith_with(&self.variables(), arguments)
    }

    pub fn spawn(&self, arguments: &[&str]) -> Child {
        self.spawn_with(&[], arguments)
    }

    /// [`Home::spawn`] with these variables in the environment.
    pub fn spawn_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(arguments)
            .current_dir(self.shell.folder())
            .env_clear()
            .envs(self.variables())
            .envs(variables.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Whether the command was still running then. If so, it is not any more.
    pub fn is_killed_after(&self, arguments: &[&str], moment: Duration) -> bool {
        let mut process = self.spawn(arguments);
        std::thread::sleep(moment);
        process.kill().unwrap();
        process.wait().unwrap().code().is_none()
    }

    /// The newest import.
    pub fn last_run(&self) -> Option<Value> {
        let said = self.kith(&["import", "list", "--json"]);
        assert_eq!(said.code, 0, "{said:?}");
        said.json()["imports"].get(0).cloned()
    }

    /// Everything that the last import has left.
    pub async fn state(&self) -> State {
        let run = self.last_run().unwrap();
        let id = run["id"].as_str().unwrap();
        let shown = self.kith(&["import", "show", id, "--json", "--report", "refused.csv"]);
        let mut shown = shown.json();
        // An upload has another name than a file.
        for what in ["id", "files", "created_on", "started_on", "finished_on"] {
            shown.as_object_mut().unwrap().remove(what);
        }
        let refused = fs::read_to_string(self.shell.folder().join("refused.csv")).unwrap();
        let mut report = vec![format!("{shown:#}")];
        report.extend(refused.lines().map(str::to_owned));
        State {
            people: self.people().await,
            report,
        }
    }

    /// Everybody with everything, in lines.
    pub async fn people(&self) -> Vec<String> {
        let db = Db::connect(self.db.url(), Options::default())
            .await
            .unwrap();
        let mut lines = Vec::new();
        for (what, columns, from) in TABLES {
            let line = columns.join(", '') || '|' || coalesce(");
            let query = format!("select coalesce({line}, '') as line from {from}");
            let rows: Vec<Line> = sql(query)
                .fetch_all(&mut db.read().await.unwrap())
                .await
                .unwrap();
            lines.extend(rows.into_iter().map(|Line(line)| format!("{what} {line}")));
        }
        db.close().await;
        lines.sort_unstable();
        lines
    }
}

struct Line(String);

impl FromRow for Line {
    fn from_row(row: &db::Row) -> Result<Self, db::Error> {
        Ok(Self(row.get("line")?))
    }
}

/// What to call a line, its columns, and where they are from. Ids and instants are left out: they differ.
const TABLES: &[(&str, &[&str], &str)] = &[
    (
        "user",
        &[
            "provided_id",
            "given_name",
            "family_name",
            "folded_name",
            "picture",
            "source",
            "properties",
            "cast(is_suspended as text)",
        ],
        "users where import_run_id is not null",
    ),
    (
        "identity",
        &[
            "provided_id",
            "kind",
            "value",
            "folded",
            "cast(is_verified as text)",
            "cast(is_primary as text)",
        ],
        "identities join users on users.id = user_id",
    ),
    (
        "password",
        &[
            "provided_id",
            "scheme",
            "encoded",
            "set_by",
            "imported_digest",
            "cast(is_temporary as text)",
        ],
        "passwords join users on users.id = user_id",
    ),
    (
        "member",
        &["provided_id", "organizations.name"],
        "members join users on users.id = user_id join organizations on organizations.id = organization_id
          where users.import_run_id is not null",
    ),
];

/// A table of these people. Now and then a row is no address, repeats somebody with another name, or names a role that
/// doesn't exist.
pub fn people(numbers: Range<usize>) -> String {
    let mut text =
        "id,email,first_name,last_name,email_verified,role_key,hashed_password,hashing_method\n"
            .to_owned();
    for n in numbers.clone() {
        let address = if n % 997 == 0 {
            format!("p{n}")
        } else {
            format!("p{n}@example.com")
        };
        let role = if n % 1_009 == 0 { "pilot" } else { "" };
        writeln!(
            text,
            "u{n},{address},Given{n},Family,TRUE,{role},{HASH},bcrypt"
        )
        .unwrap();
        if n % 211 == 0 && n > numbers.start + 5_000 {
            let earlier = n - 5_000;
            writeln!(text, "u{earlier},p{earlier}@example.com,New{n},,,,,").unwrap();
        }
    }
    text
}

/// A table of these people, each once and in order.
pub fn strangers(numbers: Range<usize>) -> String {
    let mut text = "id,email,email_verified,hashed_password,hashing_method\n".to_owned();
    for n in numbers {
        writeln!(text, "u{n},p{n}@example.com,TRUE,{HASH},bcrypt").unwrap();
    }
    text
}

/// Random moments, which can be repeated.
pub struct Moments(u64);

impl Moments {
    #[expect(clippy::disallowed_methods, reason = "tests have no config.rs")]
    pub fn new() -> Self {
        let told = std::env::var("KITH_TEST_SEED").ok();
        let told = told.and_then(|text| text.parse().ok());
        let seed = told.unwrap_or_else(|| RandomState::new().hash_one(()));
        eprintln!("KITH_TEST_SEED={seed}");
        Self(seed)
    }

    /// A moment between now and then.
    pub fn within(&mut self, longest: Duration) -> Duration {
        // SplitMix64 (Steele, Lea and Flood, 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let share = u32::try_from(mixed >> 32).expect("half of a number") / 65_536;
        longest * share / 65_536
    }
}
