//! The people of the former provider. All are invented, by combining lists of names, and the same at every start.

/// How many people each export holds, besides the rows that nobody can read.
pub const PEOPLE_PER_EXPORT: usize = GIVEN_NAMES.len() * FAMILY_NAMES.len();

/// The passwords that people have had for years. Few, since each is hashed once when the demo starts; the last is one that
/// Kith would not let anybody choose today, and takes over all the same.
pub const PASSWORDS: [&str; 8] = [
    "teal-otter-41",
    "Quiet7Harbour",
    "paper boats & rain",
    "GrüneWiese22",
    "lantern/river/9",
    "five oclock tea",
    "Kumquat_1987",
    "sunshine1",
];

const GIVEN_NAMES: [&str; 60] = [
    "Ada", "Aiko", "Amara", "Anders", "Beatriz", "Bilal", "Carmen", "Chidi", "Clara", "Dalia",
    "David", "Elif", "Emeka", "Esther", "Farid", "Fatima", "Felix", "Freya", "Gita", "Goran",
    "Hana", "Hugo", "Ida", "Imran", "Ines", "Ivo", "Jamila", "Jonas", "Kaito", "Kerstin", "Leila",
    "Liam", "Lucia", "Malik", "Mara", "Mateo", "Mei", "Milan", "Nadia", "Nils", "Noor", "Olga",
    "Omar", "Paula", "Pedro", "Priya", "Rafael", "Ravi", "Rosa", "Samir", "Selma", "Sven", "Tara",
    "Tomas", "Uma", "Viktor", "Wanda", "Yara", "Yusuf", "Zoe",
];

const FAMILY_NAMES: [&str; 50] = [
    "Abara",
    "Almeida",
    "Andersson",
    "Aydin",
    "Bauer",
    "Bekele",
    "Bianchi",
    "Castillo",
    "Chen",
    "Costa",
    "Diallo",
    "Dubois",
    "Eriksen",
    "Farouk",
    "Fischer",
    "Garcia",
    "Gupta",
    "Haddad",
    "Hansen",
    "Horvat",
    "Ibrahim",
    "Ito",
    "Jansen",
    "Kaya",
    "Khan",
    "Kim",
    "Kovacs",
    "Larsen",
    "Lindholm",
    "Lopez",
    "Mbeki",
    "Moreau",
    "Nakamura",
    "Nowak",
    "Okafor",
    "Olsen",
    "Patel",
    "Pereira",
    "Quist",
    "Rossi",
    "Santos",
    "Schmidt",
    "Silva",
    "Suzuki",
    "Tanaka",
    "Torres",
    "Virtanen",
    "Voss",
    "Weber",
    "Zhang",
];

/// One of the former provider's customers' customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their place in the export, from 0.
    pub number: usize,
    /// First name.
    pub given_name: &'static str,
    /// Last name.
    pub family_name: &'static str,
    /// Their address, at a domain that is reserved for examples (RFC 2606 §3).
    pub email: String,
    /// How they signed in.
    pub account: Account,
    /// Which of [`PASSWORDS`] is theirs, if they have one.
    pub password: usize,
}

/// How a person signed in at the former provider, and so what awaits them here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// With a password and a proven address.
    Usual,
    /// With a password; nobody ever confirmed the address.
    Unverified,
    /// With codes by mail.
    WithoutPassword,
    /// With an account at Google.
    Social,
    /// Not any more: somebody blocked them.
    Blocked,
}

impl Account {
    /// Whether the former provider keeps a password hash of them.
    #[must_use]
    pub fn has_password(self) -> bool {
        matches!(self, Self::Usual | Self::Unverified | Self::Blocked)
    }

    /// One in twenty of each unusual kind, one in fifty blocked.
    fn of(number: usize) -> Self {
        match (number % 20, number % 50) {
            (_, 49) => Self::Blocked,
            (7, _) => Self::Unverified,
            (13, _) => Self::WithoutPassword,
            (3, _) => Self::Social,
            _ => Self::Usual,
        }
    }
}

impl Person {
    /// The password that they have had for years; none when they have none.
    #[must_use]
    pub fn old_password(&self) -> Option<&'static str> {
        self.account
            .has_password()
            .then(|| PASSWORDS[self.password])
    }

    /// Both names.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }
}

/// Everybody in one export, with addresses at `domain`. `stride` mixes the names differently for each export.
#[must_use]
pub fn people(domain: &str, stride: usize) -> Vec<Person> {
    (0..PEOPLE_PER_EXPORT)
        .map(|number| {
            let given_name = GIVEN_NAMES[number % GIVEN_NAMES.len()];
            let family = number / GIVEN_NAMES.len() + number * stride;
            let family_name = FAMILY_NAMES[family % FAMILY_NAMES.len()];
            let email = format!("{given_name}.{family_name}@{domain}").to_lowercase();
            Person {
                number,
                given_name,
                family_name,
                email,
                account: Account::of(number),
                password: number % PASSWORDS.len(),
            }
        })
        .collect()
}

/// When a person signed up: some hours after the one before them, from the beginning of 2023.
pub(super) fn signed_up(person: &Person) -> jiff::Timestamp {
    let hours = i64::try_from(person.number).unwrap_or(0) * 7;
    jiff::Timestamp::from_second(1_672_531_200 + hours * 3600)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn everybody_has_an_address_of_their_own() {
        for stride in [super::super::auth0::STRIDE, super::super::clerk::STRIDE] {
            let people = people("example.com", stride);
            let addresses: HashSet<_> = people.iter().map(|person| &person.email).collect();
            assert_eq!(addresses.len(), PEOPLE_PER_EXPORT);
        }
    }

    #[test]
    fn every_kind_of_account_occurs_and_most_are_usual() {
        let people = people("example.com", 7);
        let count = |account| {
            people
                .iter()
                .filter(|person| person.account == account)
                .count()
        };
        assert!(count(Account::Usual) > PEOPLE_PER_EXPORT * 4 / 5 - 50);
        for account in [
            Account::Unverified,
            Account::WithoutPassword,
            Account::Social,
            Account::Blocked,
        ] {
            assert!(count(account) >= 30, "{account:?}");
        }
    }
}
