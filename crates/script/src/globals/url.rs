//! URLs and forms, by the crate `url`, whose `quirks` are the setters of the URL standard.

use rquickjs::{Function, Object, function::Opt};
use url::{Url, form_urlencoded, quirks};

/// Defines what `url.js` calls.
pub(super) fn define(native: &Object<'_>) -> rquickjs::Result<()> {
    let ctx = native.ctx();
    native.set("parseUrl", Function::new(ctx.clone(), parse)?)?;
    native.set("changeUrl", Function::new(ctx.clone(), change)?)?;
    native.set("parseForm", Function::new(ctx.clone(), parse_form)?)?;
    native.set("writeForm", Function::new(ctx.clone(), write_form)?)
}

/// The parts of a URL in the order in which `url.js` numbers them.
fn parts(url: &Url) -> Vec<String> {
    [
        quirks::href(url),
        &quirks::origin(url),
        quirks::protocol(url),
        quirks::username(url),
        quirks::password(url),
        quirks::host(url),
        quirks::hostname(url),
        quirks::port(url),
        quirks::pathname(url),
        quirks::search(url),
        quirks::hash(url),
    ]
    .map(str::to_owned)
    .to_vec()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn parse(text: String, base: Opt<Option<String>>) -> Option<Vec<String>> {
    let base = match base.0.flatten() {
        Some(base) => Some(Url::parse(&base).ok()?),
        None => None,
    };
    Url::options()
        .base_url(base.as_ref())
        .parse(&text)
        .ok()
        .map(|url| parts(&url))
}

/// A URL with another part; `None` when the part can't be that.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn change(href: String, part: String, value: String) -> Option<Vec<String>> {
    let mut url = Url::parse(&href).ok()?;
    match part.as_str() {
        "protocol" => quirks::set_protocol(&mut url, &value).ok()?,
        "username" => quirks::set_username(&mut url, &value).ok()?,
        "password" => quirks::set_password(&mut url, &value).ok()?,
        "host" => quirks::set_host(&mut url, &value).ok()?,
        "hostname" => quirks::set_hostname(&mut url, &value).ok()?,
        "port" => quirks::set_port(&mut url, &value).ok()?,
        "pathname" => quirks::set_pathname(&mut url, &value),
        "search" => quirks::set_search(&mut url, &value),
        _ => quirks::set_hash(&mut url, &value),
    }
    Some(parts(&url))
}

/// Names and values in turn.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn parse_form(text: String) -> Vec<String> {
    form_urlencoded::parse(text.as_bytes())
        .flat_map(|(name, value)| [name.into_owned(), value.into_owned()])
        .collect()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn write_form(list: Vec<String>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for pair in list.as_chunks::<2>().0 {
        form.append_pair(&pair[0], &pair[1]);
    }
    form.finish()
}
