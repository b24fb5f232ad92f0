//! scrypt (RFC 7914) as a string, and with its parameters in fields of their own.
//!
//! `$scrypt$ln=14,r=8,p=1$salt$hash`: `ln` is the base-2 logarithm of N. Ory writes N itself there; as no logarithm
//! is over 63, larger numbers are N. Base64 with or without padding.

use ::scrypt::{Params as Cost, scrypt};

use super::{Parsed, Scheme, Verify, custom, malformed, never, raw};
use crate::describe::{Facts, Strength};
use crate::encoding::{base64, hex, to_base64_unpadded};
use crate::{Params, ParseError, Workspace, limits};

pub(super) static SCHEME: Scheme = Scheme {
    name: "scrypt",
    aliases: &["scrypt-phc", "scrypt-ory"],
    parameters: FIELDS.parameters,
    recognize: |encoded| encoded.starts_with("$scrypt$"),
    read: |encoded, params| {
        if encoded.starts_with('$') {
            read(encoded)
        } else {
            read_fields(encoded, params)
        }
    },
};

/// Auth0's custom hashes.
pub(super) static FIELDS: Scheme = Scheme {
    name: "scrypt-fields",
    aliases: &[],
    parameters: &[
        "salt",
        "salt_format",
        "layout",
        "hash_encoding",
        "keylen",
        "cost",
        "block_size",
        "parallelization",
    ],
    recognize: never,
    read: read_fields,
};

/// What scrypt is told beside password and salt.
#[derive(Clone, Copy)]
pub(super) struct Costs {
    pub(super) n: u64,
    pub(super) r: u64,
    pub(super) p: u64,
}

impl Costs {
    /// Checks that it is scrypt at all, and affordable.
    pub(super) fn check(self, scheme: &'static str) -> Result<Cost, ParseError> {
        let memory = self.n.saturating_mul(self.r).saturating_mul(128);
        limits::check(scheme, "bytes of memory", memory, &limits::SCRYPT_MEMORY)?;
        limits::check(scheme, "lanes", self.p, &limits::SCRYPT_LANES)?;
        if self.n < 2 || !self.n.is_power_of_two() {
            return Err(malformed(scheme, "its N is not a power of two"));
        }
        let log_n = u8::try_from(self.n.ilog2()).expect("it is under 64");
        let narrow = |cost: u64| u32::try_from(cost).expect("it is within bounds");
        Cost::new(log_n, narrow(self.r), narrow(self.p))
            .map_err(|_| malformed(scheme, "its costs contradict each other"))
    }
}

/// An scrypt hash, however it was written.
pub(super) struct Verifier {
    costs: Costs,
    cost: Cost,
    salt: Vec<u8>,
    key: Vec<u8>,
}

impl Verifier {
    pub(super) fn new(
        scheme: &'static str,
        costs: Costs,
        salt: Vec<u8>,
        key: Vec<u8>,
    ) -> Result<Self, ParseError> {
        limits::check(scheme, "bytes of key", key.len() as u64, &limits::KEY_BYTES)?;
        Ok(Self {
            costs,
            cost: costs.check(scheme)?,
            salt,
            key,
        })
    }
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        let mut output = vec![0; self.key.len()];
        let done = scrypt(password.as_bytes(), &self.salt, &self.cost, &mut output);
        done.map(|()| output).into_iter().collect()
    }

    fn expected(&self) -> &[u8] {
        &self.key
    }

    fn facts(&self) -> Facts {
        facts(self.costs, !self.salt.is_empty()).with("key_bytes", self.key.len())
    }
}

/// OWASP's equivalent choices all have N·p of about 2^16 or more with r = 8, and 8 MiB at least.
pub(super) fn facts(costs: Costs, salted: bool) -> Facts {
    let Costs { n, r, p } = costs;
    let strength = if n * r * 128 < 8 << 20 {
        Strength::Weak
    } else {
        Strength::by_cost(n * r * p, 0, 8 * 80 * 1024)
    };
    Facts::new(strength, salted)
        .with("n", n)
        .with("r", r)
        .with("p", p)
}

pub(super) fn read(encoded: &str) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(SCHEME.name, problem);
    let fields: Vec<&str> = encoded
        .strip_prefix("$scrypt$")
        .unwrap_or_default()
        .split('$')
        .collect();
    let [costs, salt, key] = fields[..] else {
        return Err(wrong("it must be $scrypt$ln=…,r=…,p=…$salt$hash"));
    };
    let costs = read_costs(costs).ok_or(wrong("its costs must be ln=…,r=…,p=…"))?;
    match (base64(salt), base64(key)) {
        (Some(salt), Some(key)) => Ok(Parsed::new(
            SCHEME.name,
            Verifier::new(SCHEME.name, costs, salt, key)?,
        )),
        _ => Err(wrong("its salt or hash is not base64")),
    }
}

/// Reads `ln=14,r=8,p=1`.
pub(super) fn read_costs(text: &str) -> Option<Costs> {
    let (mut n, mut r, mut p) = (None, None, None);
    for cost in text.split(',') {
        let (name, value) = cost.split_once('=')?;
        let value: u64 = value.parse().ok()?;
        match name {
            "ln" if value > 63 => n = Some(value),
            "ln" => n = Some(1 << value),
            "r" => r = Some(value),
            "p" => p = Some(value),
            _ => return None,
        }
    }
    Some(Costs {
        n: n?,
        r: r?,
        p: p?,
    })
}

/// Puts the fields together, with Auth0's defaults: N = 16384, r = 8, p = 1.
fn read_fields(encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
    let costs = Costs {
        n: params.cost.unwrap_or(16_384),
        r: params.block_size.unwrap_or(8),
        p: params.parallelization.unwrap_or(1),
    };
    let mut params = params.clone();
    let encoded = custom::without_layout(FIELDS.name, encoded, &mut params)?;
    let salt = raw::salt_bytes(&params)?.ok_or(ParseError::MissingParameter {
        scheme: FIELDS.name,
        parameter: "salt",
    })?;
    let key = match params
        .hash_encoding
        .as_deref()
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("base64") => base64(encoded),
        Some("hex") => hex(encoded),
        None => hex(encoded).or_else(|| base64(encoded)),
        Some(_) => {
            return Err(ParseError::InvalidParameter {
                parameter: "hash_encoding",
                expected: "hex or base64",
            });
        }
    };
    let key = key.ok_or(malformed(
        FIELDS.name,
        "it is neither hexadecimal nor base64, or not what hash_encoding says",
    ))?;
    if params
        .keylen
        .is_some_and(|length| length != key.len() as u64)
    {
        return Err(malformed(
            FIELDS.name,
            "it has not the length that keylen says",
        ));
    }
    let Costs { n, r, p } = costs;
    costs.check(SCHEME.name)?;
    let text = format!(
        "$scrypt$ln={},r={r},p={p}${}${}",
        n.ilog2(),
        to_base64_unpadded(&salt),
        to_base64_unpadded(&key)
    );
    Ok(read(&text)?.stored_as(text))
}

#[cfg(test)]
mod tests {
    use crate::Hash;

    #[test]
    fn memory_and_lanes_are_bounded() {
        let code = |costs: &str| {
            let key = "eI+Ca7ItTYzZRRrMUNgbwDMyiS0ET7YkJe4tVD+ZvmM";
            Hash::recognize(&format!("$scrypt${costs}$EBESExQVFhcYGRobHB0eHw${key}"))
                .map_err(|e| e.code())
        };
        assert!(code("ln=14,r=8,p=1").is_ok());
        assert!(code("ln=16384,r=8,p=1").unwrap().verify("Correct-Horse_42"));
        for costs in [
            "ln=21,r=8,p=1",
            "ln=63,r=8,p=1",
            "ln=14,r=8,p=17",
            "ln=14,r=0,p=1",
            "ln=14,r=18446744073709551615,p=1",
        ] {
            assert_eq!(code(costs).unwrap_err(), "cost_out_of_bounds", "{costs}");
        }
        for costs in [
            "ln=100,r=8,p=1",
            "ln=14,r=8",
            "ln=14,r=8,p=x",
            "n=14,r=8,p=1",
            "ln=0,r=8,p=1",
        ] {
            assert_eq!(code(costs).unwrap_err(), "malformed_hash", "{costs}");
        }
    }
}
