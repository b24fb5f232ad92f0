//! What lies on this machine: the data folder, the secret key's file, the filter of common passwords.

use std::path::{Path, PathBuf};

use super::finding::Finding;
use crate::config::Config;
use crate::secret::Secret;

/// File systems on which several machines may meet. SQLite's log needs memory that they can't share
/// (sqlite.org/wal.html, “All processes using a database must be on the same host computer”).
const NETWORK: [&str; 10] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "ceph",
    "glusterfs",
    "fuse.sshfs",
    "fuse.glusterfs",
];

pub(super) fn data_folder(config: &Config) -> Finding {
    const NAME: &str = "data folder";
    let folder = &config.data_dir;
    let shown = folder.display();
    let remedy = "give it to the user that runs Kith, or name another one with `data_dir`";
    if !folder.exists() {
        let parent = existing_parent(folder);
        return match tempfile::tempfile_in(&parent) {
            Ok(_) => Finding::ok(NAME, format!("{shown} is made by the first start")),
            Err(error) => Finding::failed(
                NAME,
                format!("{shown} can't be made in {}: {error}", parent.display()),
                remedy,
            ),
        };
    }
    match tempfile::tempfile_in(folder) {
        Ok(_) => Finding::ok(NAME, format!("{shown} can be written")),
        Err(error) => Finding::failed(NAME, format!("{shown} can't be written: {error}"), remedy),
    }
}

fn existing_parent(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    absolute
        .ancestors()
        .find(|path| path.is_dir())
        .map_or_else(|| PathBuf::from("/"), Path::to_owned)
}

/// The secret key, from the settings or from its file; none where there is none yet.
pub(super) fn secret_key(config: &Config) -> Option<Secret> {
    config.secret_key.clone().or_else(|| {
        let text = std::fs::read_to_string(config.data_dir.join("secret.key")).ok()?;
        Some(Secret::new(text.trim()))
    })
}

/// Whether others on this machine may read the key's file.
#[cfg(unix)]
pub(super) fn is_key_readable_by_others(config: &Config) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    config.secret_key.is_none()
        && std::fs::metadata(config.data_dir.join("secret.key"))
            .is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
pub(super) fn is_key_readable_by_others(_: &Config) -> bool {
    false
}

pub(super) fn common_passwords(config: &Config) -> Finding {
    const NAME: &str = "common passwords";
    let Some(path) = &config.common_passwords else {
        let filter = password::common::CommonPasswords::embedded();
        return Finding::ok(
            NAME,
            format!("{} are refused, from the built-in list", filter.len()),
        );
    };
    let remedy = "make it anew with `kith passwords build`, or leave `common_passwords` out for the built-in list";
    let filter = std::fs::read(path)
        .map_err(|error| error.to_string())
        .and_then(|bytes| {
            password::common::CommonPasswords::from_bytes(&bytes).map_err(|error| error.to_string())
        });
    match filter {
        Ok(filter) => Finding::ok(
            NAME,
            format!("{} are refused, from {}", filter.len(), path.display()),
        ),
        Err(error) => Finding::failed(
            NAME,
            format!("{} can't be used: {error}", path.display()),
            remedy,
        ),
    }
}

/// The kind of network file system on which a path lies, where it lies on one and this machine tells (Linux does).
pub(super) fn network_file_system(path: &Path) -> Option<String> {
    let mounts = std::fs::read_to_string("/proc/mounts").ok()?;
    let path = std::path::absolute(path).ok()?;
    kind_of_mount(&mounts, &path).filter(|kind| NETWORK.contains(&kind.as_str()))
}

/// The kind of the file system that is mounted nearest to the path: lines of `device folder kind options …` (proc(5)).
fn kind_of_mount(mounts: &str, path: &Path) -> Option<String> {
    mounts
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let folder = words.nth(1)?.replace("\\040", " ");
            Some((folder, words.next()?))
        })
        .filter(|(folder, _)| path.starts_with(folder))
        // Of two mounts in the same place, the later one is seen.
        .max_by_key(|(folder, _)| folder.len())
        .map(|(_, kind)| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;
    use crate::config::Values;

    fn config(pairs: &[(&str, &str)]) -> Config {
        let values: Values = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Config::from_values(&values).unwrap()
    }

    #[test]
    fn the_nearest_mount_counts() {
        let mounts = "/dev/sda1 / ext4 rw 0 0\nserver:/srv /srv nfs4 rw 0 0\n/dev/sdb1 /srv/fast\\040disk xfs rw 0 0\n";
        let kind = |path: &str| kind_of_mount(mounts, Path::new(path)).unwrap();
        assert_eq!(kind("/var/lib/kith"), "ext4");
        assert_eq!(kind("/srv/kith"), "nfs4");
        assert_eq!(kind("/srv/fast disk/kith"), "xfs");
        assert_eq!(kind("/srvother"), "ext4");
    }

    #[test]
    fn a_folder_that_is_a_file_is_no_folder() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let config = config(&[("data_dir", file.path().to_str().unwrap())]);
        assert_eq!(data_folder(&config).state, State::Failed);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_fine() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&[("data_dir", folder.path().join("a/b").to_str().unwrap())]);
        assert_eq!(data_folder(&config).state, State::Ok);
        assert!(!folder.path().join("a").exists());
    }

    #[test]
    fn a_broken_filter_is_told() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let finding = common_passwords(&config(&[(
            "common_passwords",
            file.path().to_str().unwrap(),
        )]));
        assert_eq!(finding.state, State::Failed);
        assert!(finding.remedy.unwrap().contains("kith passwords build"));
    }
}
