//! Second factors and passkeys. One that cannot be taken is left out with a warning: the person sets it up again.

use super::Draft;
use crate::problem::{ProblemCode, Refusal};
use crate::record::{InvalidPasskey, InvalidTotp, Passkey, RecoveryCode, Totp};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The bytes of base64 text of either alphabet, padded or not.
pub(crate) fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let engine = if text.contains(['-', '_']) {
        URL_SAFE
    } else {
        STANDARD
    };
    engine.decode(text).ok()
}

impl Draft {
    /// An authenticator app.
    pub(crate) fn authenticator(&mut self, column: &str, totp: Result<Totp, InvalidTotp>) {
        let totp = totp
            .map(Some)
            .map_err(|error| Refusal::at(column, ProblemCode::INVALID_TOTP, error));
        let totp = self.spare(totp);
        self.record.totp.extend(totp);
    }

    /// A recovery code as it is typed.
    pub(crate) fn recovery_code(&mut self, column: &str, text: &str) {
        let code = RecoveryCode::parse(text)
            .map(Some)
            .map_err(|error| Refusal::at(column, ProblemCode::INVALID_RECOVERY_CODE, error));
        let code = self.spare(code);
        self.record.recovery_codes.extend(code);
    }

    /// A passkey.
    pub(crate) fn passkey(&mut self, column: &str, passkey: Result<Passkey, InvalidPasskey>) {
        let passkey = passkey
            .map(Some)
            .map_err(|error| Refusal::at(column, ProblemCode::INVALID_PASSKEY, error));
        let passkey = self.spare(passkey);
        self.record.passkeys.extend(passkey);
    }

    /// A password that is in the file as it is typed. It has been seen by whoever saw the file, so it is not one any more.
    pub(crate) fn plain_password(&mut self, column: &str) {
        self.warn(
            column,
            ProblemCode::NOT_IMPORTED,
            "the file has the password itself, which is not taken; the person chooses a new one",
        );
    }

    /// A factor of which the export does not hold the secret.
    pub(crate) fn lost_factor(&mut self, column: &str) {
        self.warn(
            column,
            ProblemCode::NOT_IMPORTED,
            "the export names a second factor without its secret; it must be set up again",
        );
    }
}
