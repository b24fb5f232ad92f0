//! argon2 (RFC 9106) as PHC strings: `$argon2id$v=19$m=65536,t=3,p=4$salt$hash`, base64 with or without padding.

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};

use super::{Parsed, Scheme, Verify, malformed};
use crate::describe::{Facts, Strength};
use crate::encoding::{base64, to_base64_unpadded};
use crate::{Hash, ParseError, Workspace, limits};

pub(super) static SCHEME: Scheme = Scheme {
    name: "argon2id",
    aliases: &["argon2i", "argon2d", "argon2", "argon2-phc"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("$argon2"),
    read: |encoded, _| read(encoded),
};

/// The name of the scheme in messages, where the flavor is not known yet.
const NAME: &str = "argon2";

/// An argon2 hash, whatever document it came in.
pub(super) struct Verifier {
    context: Argon2<'static>,
    algorithm: Algorithm,
    version: Version,
    salt: Vec<u8>,
    key: Vec<u8>,
}

/// What argon2 is told beside password and salt, as it was read.
#[derive(Default)]
pub(super) struct Costs<'a> {
    pub(super) memory_kib: u64,
    pub(super) passes: u64,
    pub(super) lanes: u64,
    pub(super) data: Option<&'a [u8]>,
}

impl Verifier {
    /// Checks the costs and prepares.
    pub(super) fn new(
        algorithm: Algorithm,
        version: Version,
        costs: &Costs<'_>,
        salt: Vec<u8>,
        key: Vec<u8>,
    ) -> Result<Self, ParseError> {
        limits::check(NAME, "passes", costs.passes, &limits::ARGON2_PASSES)?;
        limits::check(NAME, "lanes", costs.lanes, &limits::ARGON2_LANES)?;
        limits::check(
            NAME,
            "KiB of memory",
            costs.memory_kib,
            &limits::ARGON2_MEMORY_KIB,
        )?;
        limits::check(NAME, "bytes of hash", key.len() as u64, &limits::KEY_BYTES)?;
        let narrow = |cost: u64| u32::try_from(cost).expect("it is within bounds");
        let mut builder = ParamsBuilder::new();
        builder
            .m_cost(narrow(costs.memory_kib))
            .t_cost(narrow(costs.passes))
            .p_cost(narrow(costs.lanes))
            .output_len(key.len());
        if let Some(data) = costs.data {
            builder.data(
                AssociatedData::new(data)
                    .map_err(|_| malformed(NAME, "its data= is over 32 bytes"))?,
            );
        }
        let params = builder
            .build()
            .map_err(|_| malformed(NAME, "it needs 8 KiB of memory for each lane"))?;
        if salt.len() < argon2::MIN_SALT_LEN {
            return Err(malformed(NAME, "its salt is under 8 bytes"));
        }
        Ok(Self {
            context: Argon2::new(algorithm, version, params),
            algorithm,
            version,
            salt,
            key,
        })
    }

    /// The key of these bytes; none where argon2 does not take them.
    pub(super) fn compute(&self, input: &[u8], workspace: &mut Workspace) -> Option<Vec<u8>> {
        let mut output = vec![0; self.key.len()];
        workspace
            .lend(self.context.params().block_count(), |blocks| {
                self.context
                    .hash_password_into_with_memory(input, &self.salt, &mut output, blocks)
            })
            .ok()?;
        Some(output)
    }
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, workspace: &mut Workspace) -> Vec<Vec<u8>> {
        let key = self.compute(password.as_bytes(), workspace);
        key.into_iter().collect()
    }

    fn expected(&self) -> &[u8] {
        &self.key
    }

    fn facts(&self) -> Facts {
        let params = self.context.params();
        let (memory, passes) = (u64::from(params.m_cost()), u64::from(params.t_cost()));
        // OWASP's equivalent choices all come to memory × passes of about 36,000 KiB; 7 MiB is the least memory.
        let strength = if memory < 7 * 1024 {
            Strength::by_cost(memory * passes, 4096, u64::MAX)
        } else {
            Strength::by_cost(memory * passes, 0, 35 * 1024)
        };
        Facts::new(strength, true)
            .variant(self.algorithm.as_str())
            .with("memory_kib", memory)
            .with("iterations", passes)
            .with("parallelism", params.p_cost())
            .with("version", u32::from(self.version))
            .with("hash_bytes", self.key.len())
    }
}

/// The flavor of that name: `argon2id`, `argon2i` or `argon2d`.
pub(super) fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "argon2id" => Some(Algorithm::Argon2id),
        "argon2i" => Some(Algorithm::Argon2i),
        "argon2d" => Some(Algorithm::Argon2d),
        _ => None,
    }
}

/// Reads a PHC string. Its own first field decides the flavor.
pub(super) fn read(encoded: &str) -> Result<Parsed, ParseError> {
    let verifier = Verifier::read(encoded)?;
    Ok(Parsed::new(verifier.algorithm.as_str(), verifier))
}

impl Verifier {
    /// Reads a PHC string.
    pub(super) fn read(encoded: &str) -> Result<Self, ParseError> {
        let wrong = |problem| Err(malformed(NAME, problem));
        let mut fields = encoded.split('$').skip(1).peekable();
        let Some(algorithm) = fields.next().and_then(algorithm) else {
            return wrong("it does not start with $argon2id$, $argon2i$ or $argon2d$");
        };
        // Without the field it is of version 1.0, which had none.
        let version = match fields.next_if(|field| field.starts_with("v=")) {
            None | Some("v=16") => Version::V0x10,
            Some("v=19") => Version::V0x13,
            Some(_) => return wrong("its version is neither 16 nor 19"),
        };
        let (Some(costs), Some(salt), Some(key), None) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return wrong("it must be $argon2id$v=19$m=…,t=…,p=…$salt$hash");
        };
        let (Some(salt), Some(key)) = (base64(salt), base64(key)) else {
            return wrong("its salt or hash is not base64");
        };
        let data;
        let mut read = Costs::default();
        for cost in costs.split(',') {
            let number = |text: &str| {
                text.parse()
                    .map_err(|_| malformed(NAME, "a cost is not a number"))
            };
            match cost.split_once('=') {
                Some(("m", value)) => read.memory_kib = number(value)?,
                Some(("t", value)) => read.passes = number(value)?,
                Some(("p", value)) => read.lanes = number(value)?,
                // It names a secret key for whoever keeps keys; it is no part of the computation.
                Some(("keyid", _)) => {}
                Some(("data", value)) => {
                    data = base64(value).ok_or(malformed(NAME, "its data= is not base64"))?;
                    read.data = Some(&data);
                    break;
                }
                _ => return wrong("its costs must be m=…,t=…,p=…"),
            }
        }
        Verifier::new(algorithm, version, &read, salt, key)
    }
}

/// Makes a hash. `costs` are memory in KiB, passes and lanes, within the bounds.
pub(crate) fn encode(
    password: &str,
    salt: &[u8; 16],
    costs: [u32; 3],
    workspace: &mut Workspace,
) -> Hash {
    let (encoded, verifier) = make(password.as_bytes(), salt, costs, workspace);
    Hash::from_parsed(&encoded, Parsed::new("argon2id", verifier))
}

/// Makes the hash of any bytes: its text, and what verifies against it.
pub(super) fn make(
    input: &[u8],
    salt: &[u8; 16],
    costs: [u32; 3],
    workspace: &mut Workspace,
) -> (String, Verifier) {
    let [memory_kib, passes, lanes] = costs;
    let read = Costs {
        memory_kib: memory_kib.into(),
        passes: passes.into(),
        lanes: lanes.into(),
        data: None,
    };
    let mut verifier = Verifier::new(
        Algorithm::Argon2id,
        Version::V0x13,
        &read,
        salt.to_vec(),
        vec![0; 32],
    )
    .expect("the costs are within bounds");
    verifier.key = verifier
        .compute(input, workspace)
        .expect("argon2 takes every input within the limit");
    let encoded = format!(
        "$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${}${}",
        to_base64_unpadded(salt),
        to_base64_unpadded(&verifier.key)
    );
    (encoded, verifier)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Params;

    fn code(encoded: &str) -> &'static str {
        Hash::parse("argon2", encoded, &Params::EMPTY)
            .unwrap_err()
            .code()
    }

    #[test]
    fn hostile_costs_are_refused_unevaluated() {
        let with = |costs: &str| {
            format!("$argon2id$v=19${costs}$EBESExQVFhcYGRobHB0eHw$AAAAAAAAAAAAAAAAAAAAAA")
        };
        for costs in [
            "m=4294967295,t=1,p=1",
            "m=1048577,t=1,p=1",
            "m=64,t=17,p=1",
            "m=4096,t=1,p=17",
            "m=64,t=0,p=1",
        ] {
            assert_eq!(code(&with(costs)), "cost_out_of_bounds", "{costs}");
        }
        for costs in [
            "m=64,t=1,p=16",
            "m=64,t=1",
            "m=64;t=1;p=1",
            "m=x,t=1,p=1",
            "m=99999999999999999999,t=1,p=1",
        ] {
            assert!(
                Hash::parse("argon2", &with(costs), &Params::EMPTY).is_err(),
                "{costs}"
            );
        }
    }

    #[test]
    fn short_salts_and_other_versions_are_malformed() {
        assert_eq!(
            code("$argon2id$v=19$m=64,t=1,p=1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA"),
            "malformed_hash"
        );
        assert_eq!(
            code("$argon2id$v=20$m=64,t=1,p=1$EBESExQVFhcYGRobHB0eHw$AAAAAAAAAAAAAAAAAAAAAA"),
            "malformed_hash"
        );
        assert_eq!(
            code("$argon2x$v=19$m=64,t=1,p=1$EBESExQVFhcYGRobHB0eHw$AAAAAAAAAAAAAAAAAAAAAA"),
            "malformed_hash"
        );
    }

    #[test]
    fn owasp_choices_are_strong_and_lesser_ones_are_not() {
        let strength = |costs: &str| {
            let encoded =
                format!("$argon2id$v=19${costs}$EBESExQVFhcYGRobHB0eHw$AAAAAAAAAAAAAAAAAAAAAA");
            Hash::recognize(&encoded).unwrap().describe().strength
        };
        for costs in [
            "m=47104,t=1,p=1",
            "m=19456,t=2,p=1",
            "m=12288,t=3,p=1",
            "m=9216,t=4,p=1",
            "m=7168,t=5,p=1",
        ] {
            assert_eq!(strength(costs), Strength::Strong, "{costs}");
        }
        assert_eq!(strength("m=19456,t=1,p=1"), Strength::Fair);
        assert_eq!(strength("m=1024,t=2,p=8"), Strength::Weak);
    }
}
