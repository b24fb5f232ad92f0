//! Random values, digests, HMAC and AES-GCM, by AWS-LC, which the whole house uses.

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{constant_time, digest, hmac, rand};
use rquickjs::{Ctx, Exception, Function, Object, TypedArray};

use crate::raw::bytes;

type Bytes<'js> = TypedArray<'js, u8>;

/// Defines what `crypto.js` calls.
pub(super) fn define(native: &Object<'_>) -> rquickjs::Result<()> {
    let ctx = native.ctx();
    native.set("random", Function::new(ctx.clone(), random)?)?;
    native.set("digest", Function::new(ctx.clone(), digested)?)?;
    native.set("hmac", Function::new(ctx.clone(), signed)?)?;
    native.set("isEqual", Function::new(ctx.clone(), is_equal)?)?;
    native.set("seal", Function::new(ctx.clone(), seal)?)?;
    native.set("open", Function::new(ctx.clone(), open)?)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn random(ctx: Ctx<'_>, length: usize) -> rquickjs::Result<Bytes<'_>> {
    let mut filled = vec![0; length.min(65536)];
    rand::fill(&mut filled)
        .map_err(|_| Exception::throw_internal(&ctx, "the system gives no random values"))?;
    TypedArray::new_copy(ctx.clone(), filled)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn digested<'js>(ctx: Ctx<'js>, hash: String, data: Bytes<'js>) -> rquickjs::Result<Bytes<'js>> {
    let algorithm = match hash.as_str() {
        "SHA-1" => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        "SHA-384" => &digest::SHA384,
        "SHA-512" => &digest::SHA512,
        _ => &digest::SHA256,
    };
    TypedArray::new_copy(ctx.clone(), digest::digest(algorithm, &bytes(&data)))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn signed<'js>(
    ctx: Ctx<'js>,
    hash: String,
    key: Bytes<'js>,
    data: Bytes<'js>,
) -> rquickjs::Result<Bytes<'js>> {
    let algorithm = match hash.as_str() {
        "SHA-1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "SHA-384" => hmac::HMAC_SHA384,
        "SHA-512" => hmac::HMAC_SHA512,
        _ => hmac::HMAC_SHA256,
    };
    let key = hmac::Key::new(algorithm, &bytes(&key));
    TypedArray::new_copy(ctx.clone(), hmac::sign(&key, &bytes(&data)))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn is_equal(a: Bytes<'_>, b: Bytes<'_>) -> bool {
    constant_time::verify_slices_are_equal(&bytes(&a), &bytes(&b)).is_ok()
}

/// A key of 16 or 32 bytes, a nonce of 12; `crypto.js` has checked both.
fn key_and_nonce(key: &Bytes<'_>, iv: &Bytes<'_>) -> Option<(LessSafeKey, Nonce)> {
    let key = bytes(key);
    let algorithm = if key.len() == 16 {
        &AES_128_GCM
    } else {
        &AES_256_GCM
    };
    let key = LessSafeKey::new(UnboundKey::new(algorithm, &key).ok()?);
    Some((key, Nonce::try_assume_unique_for_key(&bytes(iv)).ok()?))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn seal<'js>(
    ctx: Ctx<'js>,
    key: Bytes<'js>,
    iv: Bytes<'js>,
    additional: Bytes<'js>,
    data: Bytes<'js>,
) -> rquickjs::Result<Option<Bytes<'js>>> {
    let Some((key, nonce)) = key_and_nonce(&key, &iv) else {
        return Ok(None);
    };
    let mut sealed = bytes(&data);
    match key.seal_in_place_append_tag(nonce, Aad::from(bytes(&additional)), &mut sealed) {
        Ok(()) => TypedArray::new_copy(ctx.clone(), sealed).map(Some),
        Err(_) => Ok(None),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine gives its arguments away"
)]
fn open<'js>(
    ctx: Ctx<'js>,
    key: Bytes<'js>,
    iv: Bytes<'js>,
    additional: Bytes<'js>,
    data: Bytes<'js>,
) -> rquickjs::Result<Option<Bytes<'js>>> {
    let Some((key, nonce)) = key_and_nonce(&key, &iv) else {
        return Ok(None);
    };
    let mut opened = bytes(&data);
    match key.open_in_place(nonce, Aad::from(bytes(&additional)), &mut opened) {
        Ok(text) => TypedArray::new_copy(ctx.clone(), &*text).map(Some),
        Err(_) => Ok(None),
    }
}
