//! Built-in TLS, for those who run no proxy and for SDKs that insist on https.
//!
//! `self-signed` makes a local authority once and a certificate for the host of `public_url` from it, both in
//! `data_dir/tls`: trust `authority.pem` once, and every certificate made later is trusted. `files` takes one's own and
//! reads them again when they change. TLS 1.2 and 1.3 with the ciphers of `rustls`; nothing older.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use url::Url;

use crate::config::{Config, Tls};
use crate::context::App;

/// Where certificates lie, below `data_dir`.
const FOLDER: &str = "tls";

/// How often the files are looked at.
const RELOAD: Duration = Duration::from_secs(30);

/// What accepts connections, where TLS is on.
///
/// # Errors
/// When the certificate or key can't be made, read or used; the message names the file.
pub async fn acceptor(app: &App) -> anyhow::Result<Option<RustlsAcceptor>> {
    let (cert, key) = match &app.config().tls {
        Tls::Off => return Ok(None),
        Tls::SelfSigned => self_signed(
            &app.config().data_dir.join(FOLDER),
            &app.config().public_url,
        )?,
        Tls::Files { cert, key } => (cert.clone(), key.clone()),
    };
    // Fails only where one is installed already, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let config = RustlsConfig::from_pem_file(&cert, &key)
        .await
        .with_context(|| {
            format!(
                "can't use the certificate {} with the key {}",
                cert.display(),
                key.display()
            )
        })?;
    if matches!(app.config().tls, Tls::Files { .. }) {
        reload(app, config.clone(), cert, key);
    }
    Ok(Some(RustlsAcceptor::new(config)))
}

fn reload(app: &App, config: RustlsConfig, cert: PathBuf, key: PathBuf) {
    let stopping = app.stopping().clone();
    app.spawn(async move {
        let mut seen = changed_at(&cert, &key);
        while !stopping.is_cancelled() {
            tokio::select! {
                () = stopping.cancelled() => {}
                () = tokio::time::sleep(RELOAD) => {}
            }
            let now = changed_at(&cert, &key);
            if now != seen {
                match config.reload_from_pem_file(&cert, &key).await {
                    Ok(()) => {
                        seen = now;
                        tracing::info!("the certificate was renewed");
                    }
                    Err(error) => tracing::error!(cause = %error, "the new certificate can't be used; the old one stays"),
                }
            }
        }
    });
}

fn changed_at(cert: &Path, key: &Path) -> [Option<SystemTime>; 2] {
    [cert, key].map(|path| {
        fs::metadata(path)
            .and_then(|metadata| metadata.modified())
            .ok()
    })
}

/// The file of the certificate that is used, where TLS is on. It may not be there yet.
#[must_use]
pub fn certificate(config: &Config) -> Option<PathBuf> {
    match &config.tls {
        Tls::Off => None,
        Tls::SelfSigned => {
            Some(files_for(&config.data_dir.join(FOLDER), &host(&config.public_url)).0)
        }
        Tls::Files { cert, .. } => Some(cert.clone()),
    }
}

/// The certificate of the local authority, which those who trust it keep; none unless one was made.
#[must_use]
pub fn authority_certificate(config: &Config) -> Option<PathBuf> {
    let path = config.data_dir.join(FOLDER).join("authority.pem");
    (config.tls == Tls::SelfSigned && path.exists()).then_some(path)
}

fn host(public_url: &str) -> String {
    let url = Url::parse(public_url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or("localhost");
    host.trim_matches(['[', ']']).to_owned()
}

fn files_for(folder: &Path, host: &str) -> (PathBuf, PathBuf) {
    (
        folder.join(format!("{host}.pem")),
        folder.join(format!("{host}.key")),
    )
}

/// The certificate and key for the host, made where they are missing or for another host.
fn self_signed(folder: &Path, public_url: &str) -> anyhow::Result<(PathBuf, PathBuf)> {
    let host = host(public_url);
    fs::create_dir_all(folder)
        .with_context(|| format!("can't make the folder {}", folder.display()))?;
    let (cert, key) = files_for(folder, &host);
    if cert.exists() && key.exists() {
        return Ok((cert, key));
    }
    let (authority_params, authority_key) = authority(folder)?;
    let issuer = Issuer::from_params(&authority_params, &authority_key);
    let mut names = vec![host.clone()];
    names.extend(
        [
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
            "::1".to_owned(),
        ]
        .into_iter()
        .filter(|name| *name != host),
    );
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, host);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let pair = KeyPair::generate()?;
    let certificate = params.signed_by(&pair, &issuer)?;
    write_private(&key, &pair.serialize_pem())?;
    fs::write(&cert, certificate.pem())
        .with_context(|| format!("can't write {}", cert.display()))?;
    tracing::info!(
        "made a certificate for {public_url}; trust {} to use it without warnings",
        folder.join("authority.pem").display()
    );
    Ok((cert, key))
}

fn authority(folder: &Path) -> anyhow::Result<(CertificateParams, KeyPair)> {
    let (cert, key) = (folder.join("authority.pem"), folder.join("authority.key"));
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
        .distinguished_name
        .push(DnType::CommonName, "Kith local authority");
    if cert.exists() && key.exists() {
        let pair =
            fs::read_to_string(&key).with_context(|| format!("can't read {}", key.display()))?;
        return Ok((params, KeyPair::from_pem(&pair)?));
    }
    let pair = KeyPair::generate()?;
    write_private(&key, &pair.serialize_pem())?;
    fs::write(&cert, params.self_signed(&pair)?.pem())
        .with_context(|| format!("can't write {}", cert.display()))?;
    Ok((params, pair))
}

/// Writes a file that only its owner may read.
fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("can't write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_made_once_and_its_authority_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (cert, _) = self_signed(folder.path(), "https://localhost:8080").unwrap();
        let (first, authority) = (
            fs::read(&cert).unwrap(),
            fs::read(folder.path().join("authority.pem")).unwrap(),
        );
        let (again, _) = self_signed(folder.path(), "https://localhost:8080").unwrap();
        assert_eq!(fs::read(again).unwrap(), first);
        self_signed(folder.path(), "https://auth.example.com").unwrap();
        assert!(folder.path().join("auth.example.com.pem").exists());
        assert_eq!(
            fs::read(folder.path().join("authority.pem")).unwrap(),
            authority
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_the_keys() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (_, key) = self_signed(folder.path(), "https://localhost").unwrap();
        for key in [key, folder.path().join("authority.key")] {
            assert_eq!(
                fs::metadata(key).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }
}
