//! Puts the templates into the binary, so that Kith stays one file to copy.

fn main() {
    minijinja_embed::embed_templates!("templates");
}
