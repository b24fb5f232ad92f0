//! Moving people in bulk: the former provider's raw exports, downloaded and imported as they are.

use std::path::Path;

use anyhow::Context as _;

use super::Watch;
use super::former_provider::Export;
use crate::context::Context;
use crate::imports::{self, Content, Input, NewRun, Options, Run};

/// Downloads one export from the former provider at `url` into the folder, and imports it.
///
/// # Errors
/// When the former provider doesn't answer, or the import can't be done.
pub async fn bring_over(
    cx: &Context,
    http: &reqwest::Client,
    url: &str,
    export: &Export,
    folder: &Path,
    watch: &dyn Watch,
) -> anyhow::Result<Run> {
    let mut inputs = Vec::new();
    for (name, _) in &export.files {
        let answer = http
            .get(format!("{url}/export/{name}"))
            .send()
            .await?
            .error_for_status()?;
        let path = folder.join(name);
        std::fs::write(&path, answer.bytes().await?)
            .with_context(|| format!("can't write {}", path.display()))?;
        inputs.push(Input {
            name: (*name).to_owned(),
            content: Content::Path(path),
        });
    }
    let new = NewRun {
        source: None,
        inputs,
        options: Options::default(),
        is_dry_run: false,
    };
    let (run, inputs) = imports::start(cx, new).await?;
    watch.begins(export.label, &run);
    let run = imports::run(cx, run, &Options::default(), inputs, |progress| {
        watch.goes_on(progress);
    })
    .await?;
    watch.ends(&run);
    Ok(run)
}
