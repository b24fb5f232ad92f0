//! The settings: flags over environment over `kith.toml` over defaults.
//!
//! One table, [`SETTINGS`], names each setting once; its flag, its environment variable, its key in the file and its row in
//! the reference page follow from it. A setting that cannot work stops the start with a message that names it.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::secret::Secret;

mod sources;
mod values;

use sources::{read_environment, read_file};
use values::{
    blank_password, parse, parse_addresses, parse_choice, parse_count, parse_database_url,
    parse_networks, parse_seconds, parse_secret_key, parse_smtp_url, parse_switch, parse_threads,
    parse_tls,
};

/// One setting, in all its names.
#[derive(Debug)]
pub struct Setting {
    /// The key in `kith.toml`; the flag has dashes for underscores, the environment variable is `KITH_` and capitals.
    pub name: &'static str,
    /// What holds when nobody says otherwise, as the reference page shows it.
    pub default: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Whether its value must not be shown.
    pub is_secret: bool,
}

const fn setting(name: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting {
        name,
        default,
        about,
        is_secret: false,
    }
}

const fn secret(name: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting {
        name,
        default,
        about,
        is_secret: true,
    }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    setting(
        "data_dir",
        "./kith-data",
        "Folder for the embedded database, the secret key and certificates",
    ),
    secret(
        "database_url",
        "sqlite://<data_dir>/kith.db",
        "Where the data is: sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME",
    ),
    setting("listen", "127.0.0.1:8080", "Address and port to listen on"),
    setting(
        "public_url",
        "http://localhost:8080",
        "The address that people and applications use, without trailing slash; the issuer of the production environment. With TLS on, the default is https",
    ),
    setting(
        "tls",
        "off",
        "off; self-signed (makes a local authority in data_dir); files (tls_cert and tls_key, reloaded when they change)",
    ),
    setting("tls_cert", "", "Certificate chain, PEM; for tls = files"),
    setting("tls_key", "", "Private key, PEM; for tls = files"),
    setting(
        "admin_url",
        "<public_url>/admin",
        "The address of the dashboard",
    ),
    secret(
        "smtp_url",
        "",
        "Mail server, smtps://user:password@host:465 or smtp://…:587; without it mail stays in the outbox that the dashboard shows",
    ),
    setting(
        "mail_from",
        "",
        "Sender of mail, as `Name <no-reply@example.com>`; by default no-reply at the host of public_url",
    ),
    setting(
        "trusted_proxies",
        "",
        "Addresses or networks, comma separated, whose Forwarded and X-Forwarded-For headers are believed",
    ),
    secret(
        "secret_key",
        "made in data_dir on first start",
        "Encrypts stored secrets; the same on every node",
    ),
    setting(
        "allow_private_networks",
        "false",
        "Whether outgoing calls may reach loopback and private addresses",
    ),
    setting(
        "log",
        "info",
        "What to log: error, warn, info, debug, trace, or a filter such as kith=debug,sqlx=warn",
    ),
    setting(
        "log_format",
        "auto",
        "text, json, or auto: text on a terminal, JSON otherwise",
    ),
    setting(
        "metrics_listen",
        "",
        "Address and port for /metrics alone; by default it is on the main port, for loopback callers",
    ),
    setting(
        "shutdown_grace",
        "20s",
        "How long a stop waits for what is in flight",
    ),
    setting(
        "password_hash",
        "argon2id",
        "How new passwords are stored: argon2id or bcrypt",
    ),
    setting(
        "common_passwords",
        "",
        "A filter of refused passwords made by `kith passwords build`, in place of the built-in one",
    ),
    setting(
        "hash_threads",
        "number of cores",
        "Threads that hash passwords",
    ),
    setting(
        "workflow_threads",
        "64",
        "Workflows that run at the same moment; each takes a thread, which mostly waits for other servers",
    ),
    setting(
        "rate_limit",
        "on",
        "off only for load tests: limits on requests a client and an address",
    ),
    setting(
        "synchronous",
        "normal",
        "SQLite durability: normal, or full to survive a power cut without losing the last commits",
    ),
];

/// The effective settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder for the embedded database, the secret key and certificates.
    pub data_dir: PathBuf,
    /// Where the data is.
    pub database_url: Secret,
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// The issuer of the production environment; no trailing slash.
    pub public_url: String,
    /// The address of the dashboard; no trailing slash.
    pub admin_url: String,
    /// How connections are encrypted.
    pub tls: Tls,
    /// The mail server, or none.
    pub smtp_url: Option<Secret>,
    /// Sender of mail.
    pub mail_from: Option<String>,
    /// Networks whose forwarding headers are believed.
    pub trusted_proxies: Vec<Network>,
    /// The installation's key, when it was given; otherwise it is made in `data_dir`.
    pub secret_key: Option<Secret>,
    /// Whether outgoing calls may reach loopback and private addresses.
    pub allow_private_networks: bool,
    /// The log filter.
    pub log: String,
    /// The log format.
    pub log_format: LogFormat,
    /// Where metrics are served alone.
    pub metrics_listen: Option<SocketAddr>,
    /// How long a stop waits for what is in flight.
    pub shutdown_grace: Duration,
    /// How new passwords are stored.
    pub password_hash: PasswordHash,
    /// A filter of refused passwords in place of the built-in one.
    pub common_passwords: Option<PathBuf>,
    /// Threads that hash passwords.
    pub hash_threads: usize,
    /// Workflows that run at the same moment.
    pub workflow_threads: usize,
    /// Whether requests are limited.
    pub rate_limit: bool,
    /// Whether SQLite waits for the disk at each commit.
    pub synchronous_full: bool,
}

/// How connections are encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// Plain HTTP: behind a proxy, or on one's own machine.
    Off,
    /// A certificate of a local authority, made in `data_dir`.
    SelfSigned,
    /// A certificate and key from files.
    Files {
        /// Certificate chain, PEM.
        cert: PathBuf,
        /// Private key, PEM.
        key: PathBuf,
    },
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
    /// Text on a terminal, JSON otherwise.
    Auto,
}

/// How new passwords are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordHash {
    /// Argon2id, the default.
    Argon2id,
    /// bcrypt, for installations whose rules name it.
    Bcrypt,
}

/// A network in CIDR notation, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether the address lies in the network.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.prefix);
                u64::from(network.to_bits()) >> shift == u64::from(address.to_bits()) >> shift
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let shift = 128 - u32::from(self.prefix);
                network.to_bits().checked_shr(shift) == address.to_bits().checked_shr(shift)
            }
            _ => false,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text
            .split_once('/')
            .map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Some(longest), |prefix| prefix.parse().ok())?;
        (prefix <= longest).then_some(Self { address, prefix })
    }
}

/// A setting cannot work.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No setting has this name.
    #[error("`{name}` (from {origin}) is not a setting{}", suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    Unknown {
        /// What was written.
        name: String,
        /// Where.
        origin: String,
        /// The nearest setting's name.
        suggestion: Option<String>,
    },
    /// The value can't be.
    #[error("`{name}` = `{value}` can't work: {expected}")]
    Invalid {
        /// The setting.
        name: &'static str,
        /// Its value; blank for secrets.
        value: String,
        /// What would be right.
        expected: String,
    },
    /// A file could not be read.
    #[error("can't read {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// `kith.toml` is not TOML.
    #[error("{path} is not valid TOML: {message}")]
    Toml {
        /// The file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
}

/// Settings by name, each as text, from one place.
pub type Values = BTreeMap<String, String>;

impl Config {
    /// The effective settings from flags, environment and the file.
    ///
    /// `environment` holds all variables; those that start with `KITH_` are settings. `file` is `kith.toml` unless another
    /// was named.
    ///
    /// # Errors
    /// [`ConfigError`] names the setting that is unknown, malformed or contradictory, or the file that can't be read.
    pub fn load(
        flags: &Values,
        environment: &Values,
        file: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let mut values = Values::new();
        let path = file.map_or_else(|| PathBuf::from("kith.toml"), Path::to_path_buf);
        if file.is_some() || path.exists() {
            values.extend(read_file(&path)?);
        }
        values.extend(read_environment(environment)?);
        values.extend(flags.clone());
        Self::from_values(&values)
    }

    /// The effective settings from values by name.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_values(values: &Values) -> Result<Self, ConfigError> {
        let get = |name: &str| {
            values
                .get(name)
                .map(|value| value.trim())
                .filter(|value| !value.is_empty())
        };
        let data_dir = PathBuf::from(get("data_dir").unwrap_or("./kith-data"));
        let tls = parse_tls(get("tls"), get("tls_cert"), get("tls_key"))?;
        let listen = parse(
            "listen",
            get("listen").unwrap_or("127.0.0.1:8080"),
            "an address and port such as 127.0.0.1:8080",
        )?;
        let (public_url, admin_url) = parse_addresses(&tls, get("public_url"), get("admin_url"))?;
        Ok(Self {
            database_url: parse_database_url(get("database_url"), &data_dir)?,
            listen,
            public_url,
            admin_url,
            tls,
            smtp_url: parse_smtp_url(get("smtp_url"))?,
            mail_from: get("mail_from").map(str::to_owned),
            trusted_proxies: parse_networks(get("trusted_proxies").unwrap_or(""))?,
            secret_key: parse_secret_key(get("secret_key"))?,
            allow_private_networks: parse_switch(
                "allow_private_networks",
                get("allow_private_networks"),
                false,
            )?,
            log: get("log").unwrap_or("info").to_owned(),
            log_format: parse_choice(
                "log_format",
                get("log_format"),
                &[
                    ("auto", LogFormat::Auto),
                    ("text", LogFormat::Text),
                    ("json", LogFormat::Json),
                ],
            )?,
            metrics_listen: get("metrics_listen")
                .map(|text| {
                    parse(
                        "metrics_listen",
                        text,
                        "an address and port such as 127.0.0.1:9090",
                    )
                })
                .transpose()?,
            shutdown_grace: parse_seconds(
                "shutdown_grace",
                get("shutdown_grace").unwrap_or("20s"),
            )?,
            password_hash: parse_choice(
                "password_hash",
                get("password_hash"),
                &[
                    ("argon2id", PasswordHash::Argon2id),
                    ("bcrypt", PasswordHash::Bcrypt),
                ],
            )?,
            common_passwords: get("common_passwords").map(PathBuf::from),
            hash_threads: parse_threads(get("hash_threads"))?,
            workflow_threads: parse_count("workflow_threads", get("workflow_threads"), 64)?,
            rate_limit: parse_switch("rate_limit", get("rate_limit"), true)?,
            synchronous_full: parse_choice(
                "synchronous",
                get("synchronous"),
                &[("normal", false), ("full", true)],
            )?,
            data_dir,
        })
    }

    /// The effective settings as `kith.toml` would say them, secrets blanked.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let blank = |secret: bool| if secret { "…" } else { "" }.to_owned();
        let (tls, cert, key) = match &self.tls {
            Tls::Off => ("off", String::new(), String::new()),
            Tls::SelfSigned => ("self-signed", String::new(), String::new()),
            Tls::Files { cert, key } => (
                "files",
                cert.display().to_string(),
                key.display().to_string(),
            ),
        };
        let on = |flag: bool, yes: &str, no: &str| if flag { yes } else { no }.to_owned();
        let networks = self
            .trusted_proxies
            .iter()
            .map(|n| format!("{}/{}", n.address, n.prefix))
            .collect::<Vec<_>>()
            .join(",");
        let values: BTreeMap<&str, String> = BTreeMap::from([
            ("data_dir", self.data_dir.display().to_string()),
            ("database_url", blank_password(self.database_url.reveal())),
            ("listen", self.listen.to_string()),
            ("public_url", self.public_url.clone()),
            ("admin_url", self.admin_url.clone()),
            ("tls", tls.to_owned()),
            ("tls_cert", cert),
            ("tls_key", key),
            (
                "smtp_url",
                self.smtp_url
                    .as_ref()
                    .map(|url| blank_password(url.reveal()))
                    .unwrap_or_default(),
            ),
            ("mail_from", self.mail_from.clone().unwrap_or_default()),
            ("trusted_proxies", networks),
            ("secret_key", blank(self.secret_key.is_some())),
            (
                "allow_private_networks",
                self.allow_private_networks.to_string(),
            ),
            ("log", self.log.clone()),
            (
                "log_format",
                format!("{:?}", self.log_format).to_lowercase(),
            ),
            (
                "metrics_listen",
                self.metrics_listen
                    .map(|at| at.to_string())
                    .unwrap_or_default(),
            ),
            (
                "shutdown_grace",
                format!("{}s", self.shutdown_grace.as_secs()),
            ),
            (
                "password_hash",
                format!("{:?}", self.password_hash).to_lowercase(),
            ),
            (
                "common_passwords",
                self.common_passwords
                    .as_ref()
                    .map(|p| p.display().to_string())
                    .unwrap_or_default(),
            ),
            ("hash_threads", self.hash_threads.to_string()),
            ("workflow_threads", self.workflow_threads.to_string()),
            ("rate_limit", on(self.rate_limit, "on", "off")),
            ("synchronous", on(self.synchronous_full, "full", "normal")),
        ]);
        SETTINGS.iter().fold(String::new(), |text, setting| {
            let value = toml::Value::from(values[setting.name].as_str());
            text + &format!("{} = {value}\n", setting.name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn flags_beat_the_environment() {
        let config = Config::load(
            &values(&[("listen", "127.0.0.1:1")]),
            &values(&[("KITH_LISTEN", "127.0.0.1:2"), ("KITH_LOG", "debug")]),
            None,
        )
        .unwrap();
        assert_eq!(config.listen.port(), 1);
        assert_eq!(config.log, "debug");
    }

    #[test]
    fn a_typo_stops_the_start_and_says_what_was_meant() {
        let error =
            Config::load(&Values::new(), &values(&[("KITH_PUBLIC_ULR", "x")]), None).unwrap_err();
        assert!(
            error.to_string().contains("did you mean `public_url`?"),
            "{error}"
        );
    }

    #[test]
    fn a_value_that_cannot_work_names_its_setting() {
        for (name, value) in [
            ("listen", "nowhere"),
            ("tls", "maybe"),
            ("public_url", "ftp://example.com"),
            ("secret_key", "short"),
            ("trusted_proxies", "10.0.0.0/99"),
            ("database_url", "mysql://x"),
            ("hash_threads", "0"),
        ] {
            let error = Config::from_values(&values(&[(name, value)])).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn secrets_are_blank_when_printed() {
        let config = Config::from_values(&values(&[
            ("database_url", "postgres://kith:hush@db.example.com/kith"),
            ("smtp_url", "smtps://u:hush@mail.example.com:465"),
            ("secret_key", "hushhushhushhushhushhushhushhush"),
        ]))
        .unwrap();
        assert!(!config.to_toml().contains("hush"), "{}", config.to_toml());
        assert!(!format!("{config:?}").contains("hush"));
        assert!(
            config
                .to_toml()
                .contains("postgres://kith:…@db.example.com/kith")
        );
    }

    #[test]
    fn https_is_the_default_where_tls_is_on() {
        let config = Config::from_values(&values(&[("tls", "self-signed")])).unwrap();
        assert_eq!(config.public_url, "https://localhost:8080");
        assert_eq!(config.admin_url, "https://localhost:8080/admin");
    }

    #[test]
    fn a_network_contains_its_addresses_only() {
        let network = Network::parse("10.1.0.0/16").unwrap();
        assert!(network.contains("10.1.2.3".parse().unwrap()));
        assert!(network.contains("::ffff:10.1.2.3".parse().unwrap()));
        assert!(!network.contains("10.2.0.1".parse().unwrap()));
        assert!(
            Network::parse("0.0.0.0/0")
                .unwrap()
                .contains("8.8.8.8".parse().unwrap())
        );
        assert!(
            Network::parse("::/0")
                .unwrap()
                .contains("2001:db8::1".parse().unwrap())
        );
    }
}
