//! A way to one very address, for drivers that only know names.
//!
//! Whoever judges the addresses of a name, and then connects by the name, may come to another address: names change between two
//! questions. The drivers take a name or a socket of the machine. So they get a socket, in a folder that nobody else may open, and
//! what goes in there comes out at the address that was judged. TLS goes through it untouched, and still asks for the name.

use std::net::SocketAddr;
use std::path::Path;

use tempfile::TempDir;
use tokio::net::{TcpStream, UnixListener};

use super::{Lookup, NotRight};
use crate::drip_feed::connector::call;

/// A socket of this machine that leads to an address elsewhere, for one connection.
pub(super) struct Bridge {
    folder: TempDir,
}

impl Bridge {
    /// Connects to a host, and opens a socket of this name that leads there.
    pub(super) async fn to(
        lookup: &Lookup<'_>,
        (host, port): (&str, u16),
        name: &str,
    ) -> Result<Self, NotRight> {
        let mut far = connect(lookup, (host, port)).await?;
        let made = tempfile::tempdir().and_then(|folder| {
            let listener = UnixListener::bind(folder.path().join(name))?;
            Ok((folder, listener))
        });
        let (folder, listener) = made.map_err(|error| {
            NotRight::Down(format!(
                "no socket could be opened on this machine: {error}"
            ))
        })?;
        // Whoever asks has gone by then, and a server that never hangs up keeps nothing open.
        let patience = lookup.patience * 2;
        lookup.app.spawn(async move {
            let carried = async {
                let (mut near, _) = listener.accept().await?;
                tokio::io::copy_bidirectional(&mut near, &mut far).await
            };
            // It ends when either side does, which whoever speaks through it notices.
            let _ = tokio::time::timeout(patience, carried).await;
        });
        Ok(Self { folder })
    }

    /// The folder in which the socket is, for as long as the bridge is kept.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A connection to the first address of a host that answers, none of which is one that may not be spoken to.
async fn connect(lookup: &Lookup<'_>, (host, port): (&str, u16)) -> Result<TcpStream, NotRight> {
    let addresses = lookup.app.outgoing().addresses(host, port).await;
    let addresses: Vec<SocketAddr> = addresses.map_err(|error| call::of_failure(&error))?;
    TcpStream::connect(addresses.as_slice())
        .await
        .map_err(|error| NotRight::Down(format!("{host} could not be reached: {error}")))
}
