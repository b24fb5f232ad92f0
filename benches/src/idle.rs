//! A server at rest: how soon it is ready, how much memory it takes.

use anyhow::Result;

use crate::say;
use crate::server::Server;

pub(crate) fn run() -> Result<()> {
    let server = Server::start(&[])?;
    std::thread::sleep(std::time::Duration::from_secs(2));
    say(&format!(
        "idle: ready in {} ms (target 300 ms)",
        server.ready_after.as_millis()
    ));
    say(&format!(
        "idle: {:.0} MB resident (target 50 MB)",
        server.memory_mb()?
    ));
    Ok(())
}
