//! yescrypt (Alexander Peslyak), the default of current Linux distributions: `$y$j9T$salt$hash`.
//!
//! Only the default mode without extra time is read: that is what systems write, and its cost is known from N and r.

use ::yescrypt::{Mode, Params as Costs, yescrypt};

use super::{Parsed, Scheme, Verify, malformed};
use crate::describe::{Facts, Strength};
use crate::encoding::crypt64;
use crate::{ParseError, Workspace, limits};

pub(super) static SCHEME: Scheme = Scheme {
    name: "yescrypt",
    aliases: &[],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("$y$"),
    read: |encoded, _| read(encoded),
};

struct Verifier {
    costs: Costs,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        let mut output = vec![0; self.hash.len()];
        let done = yescrypt(password.as_bytes(), &self.salt, &self.costs, &mut output);
        done.map(|()| output).into_iter().collect()
    }

    fn expected(&self) -> &[u8] {
        &self.hash
    }

    fn facts(&self) -> Facts {
        let memory = 128 * self.costs.n() * u64::from(self.costs.r());
        Facts::new(Strength::by_cost(memory, 1 << 20, 1 << 24), true)
            .with("n", self.costs.n())
            .with("r", self.costs.r())
            .with("p", self.costs.p())
    }
}

fn read(encoded: &str) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(SCHEME.name, problem);
    let fields: Vec<&str> = encoded
        .strip_prefix("$y$")
        .unwrap_or_default()
        .split('$')
        .collect();
    let [costs, salt, hash] = fields[..] else {
        return Err(wrong("it must be $y$, costs, $, salt, $, hash"));
    };
    let costs: Costs = costs
        .parse()
        .map_err(|_| wrong("its costs cannot be read"))?;
    let memory = costs
        .n()
        .saturating_mul(128)
        .saturating_mul(costs.r().into());
    limits::check(
        SCHEME.name,
        "bytes of memory",
        memory,
        &limits::SCRYPT_MEMORY,
    )?;
    limits::check(
        SCHEME.name,
        "lanes",
        costs.p().into(),
        &limits::SCRYPT_LANES,
    )?;
    if Costs::new(Mode::default(), costs.n(), costs.r(), costs.p()) != Ok(costs) {
        return Err(wrong("it is not of the default mode"));
    }
    match (crypt64(salt), crypt64(hash)) {
        (Some(salt), Some(hash)) if hash.len() == 32 => {
            Ok(Parsed::new(SCHEME.name, Verifier { costs, salt, hash }))
        }
        _ => Err(wrong(
            "its salt or hash is not of the alphabet ./0-9A-Za-z, or has not the right length",
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::Hash;

    #[test]
    fn memory_and_time_are_bounded() {
        let code = |costs: &str| {
            let encoded = format!(
                "$y${costs}$abcdefghijklmnopqrstu/$rf5Ti5/UboLjtXD386L0SzuJErmHmgeDtJ7PZ3OeqS/"
            );
            Hash::recognize(&encoded).map_err(|error| error.code())
        };
        assert!(code("j9T").is_ok());
        assert_eq!(code("jKT").unwrap_err(), "cost_out_of_bounds");
        for costs in ["", "j", "j9", "!9T", "j9T//"] {
            assert!(code(costs).is_err(), "{costs}");
        }
    }
}
