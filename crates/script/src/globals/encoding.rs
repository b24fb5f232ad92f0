//! UTF-8 and Base64.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rquickjs::{Ctx, Function, Object, TypedArray};

use crate::raw::bytes;

/// Defines what `encoding.js` calls.
pub(super) fn define(native: &Object<'_>) -> rquickjs::Result<()> {
    let ctx = native.ctx();
    native.set("encodeUtf8", Function::new(ctx.clone(), encode)?)?;
    native.set("decodeUtf8", Function::new(ctx.clone(), decode)?)?;
    native.set("incompleteUtf8", Function::new(ctx.clone(), incomplete)?)?;
    native.set("toBase64", Function::new(ctx.clone(), to_base64)?)?;
    native.set("fromBase64", Function::new(ctx.clone(), from_base64)?)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn encode(ctx: Ctx<'_>, text: String) -> rquickjs::Result<TypedArray<'_, u8>> {
    TypedArray::new_copy(ctx.clone(), text.as_bytes())
}

/// `None` when the bytes are not UTF-8 and that is fatal.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn decode(input: TypedArray<'_, u8>, is_fatal: bool) -> Option<String> {
    let input = bytes(&input);
    match String::from_utf8(input) {
        Ok(text) => Some(text),
        Err(_) if is_fatal => None,
        Err(error) => Some(String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

/// How many bytes at the end are the start of a character.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn incomplete(input: TypedArray<'_, u8>) -> usize {
    let input = bytes(&input);
    match std::str::from_utf8(&input[input.len().saturating_sub(3)..]) {
        Err(error) if error.error_len().is_none() => input.len().min(3) - error.valid_up_to(),
        _ => (1..=input.len().min(3))
            .rev()
            .find(|tail| {
                let tail = &input[input.len() - tail..];
                std::str::from_utf8(tail)
                    .is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
            })
            .unwrap_or(0),
    }
}

/// `None` when a character is no byte.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn to_base64(text: String) -> Option<String> {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    bytes.map(|bytes| STANDARD.encode(bytes))
}

/// Each byte as a character; `None` when it is not Base64. Spaces and padding may be missing or there.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn from_base64(text: String) -> Option<String> {
    const FORGIVING: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let packed: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    // Padding must fill the last four characters, if there is any.
    if packed.ends_with('=') && !packed.len().is_multiple_of(4) {
        return None;
    }
    let bytes = FORGIVING.decode(packed).ok()?;
    Some(bytes.into_iter().map(char::from).collect())
}
