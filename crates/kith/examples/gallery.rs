//! Writes every sample page to a folder, to be looked at: `cargo run -p kith --example gallery -- OUT_DIR`.

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context as _, Result};
use kith::gallery::pictures;
use kith::pages::{Assets, Pages};

fn main() -> Result<()> {
    let out = env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .context("name the folder to write to")?;
    fs::create_dir_all(&out)?;
    for (name, content) in kith::pages::assets::files() {
        fs::write(out.join(name), content)?;
    }
    let folder = Assets::urls().css.trim_end_matches("kith.css").to_owned();
    for picture in pictures(&Pages::new())? {
        let html = picture.html.replace(&folder, "");
        fs::write(out.join(picture.name).with_extension("html"), html)?;
    }
    Ok(())
}
