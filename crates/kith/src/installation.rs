//! Opening the installation: folder, secret key, database, and everything that the first start makes.
//!
//! Every step makes what is missing and leaves what is there, so it can be repeated and two nodes may do it at once.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

use crate::config::Config;
use crate::context::{Actor, App, Clock, Random};
use crate::environments::{self, Environments};
use crate::secret::Secret;
use crate::{apis, applications, keys, organizations, team};

/// Opens the installation on a migrated database.
///
/// # Errors
/// When the folder, the secret key, the filter of common passwords or the database can't be opened; the message says how to
/// mend it.
pub async fn open(config: Config) -> anyhow::Result<App> {
    fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("can't make the data folder {}", config.data_dir.display()))?;
    let secret_key = match &config.secret_key {
        Some(key) => key.clone(),
        None => ensure_secret_key(&config.data_dir.join("secret.key"))?,
    };
    let durability = if config.synchronous_full {
        db::Durability::Full
    } else {
        db::Durability::Normal
    };
    let options = db::Options {
        durability,
        ..db::Options::default()
    };
    let db = db::Db::connect(config.database_url.reveal(), options)
        .await
        .context("can't open the database: check `database_url`")?;
    db.migrate(crate::MIGRATIONS)
        .await
        .context("can't bring the database up to date")?;
    let common_passwords = match &config.common_passwords {
        None => password::common::CommonPasswords::embedded(),
        Some(path) => fs::read(path)
            .map_err(anyhow::Error::from)
            .and_then(|bytes| Ok(password::common::CommonPasswords::from_bytes(&bytes)?))
            .with_context(|| format!("can't read `common_passwords` = {}", path.display()))?,
    };
    Ok(App::new(
        config,
        db,
        (Clock::System, Random::System),
        &secret_key,
        common_passwords,
    ))
}

/// Makes business, environments, keys, default organization, management API and applications where they are missing.
///
/// # Errors
/// When the database fails, or stored keys were sealed with another secret key.
pub async fn ensure(app: &App) -> anyhow::Result<Environments> {
    let environments = environments::ensure(app, "My business").await?;
    for environment in [&environments.production, &environments.team] {
        let cx = app.at(environment.clone(), Actor::System);
        keys::ensure(&cx)
            .await
            .context("can't prepare the signing keys")?;
    }
    team::ensure(&app.at(environments.team.clone(), Actor::System)).await?;
    let cx = app.at(environments.production.clone(), Actor::System);
    organizations::ensure_default(&cx).await?;
    apis::ensure_management_api(&cx).await?;
    applications::ensure_defaults(&cx).await?;
    Ok(environments)
}

/// The secret key in the file, made where there is none. Only the owner may read it.
fn ensure_secret_key(path: &Path) -> anyhow::Result<Secret> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            let mut bytes = [0u8; 32];
            aws_lc_rs::rand::fill(&mut bytes)
                .map_err(|_| anyhow::anyhow!("the operating system gives no randomness"))?;
            file.write_all(hex::encode(bytes).as_bytes())?;
            file.sync_all()?;
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => {
            return Err(error)
                .with_context(|| format!("can't make the secret key {}", path.display()));
        }
    }
    let text = fs::read_to_string(path)
        .with_context(|| format!("can't read the secret key {}", path.display()))?;
    anyhow::ensure!(
        text.trim().len() >= 32,
        "{} holds no key; restore it from a backup, or set `secret_key`",
        path.display()
    );
    Ok(Secret::new(text.trim()))
}
