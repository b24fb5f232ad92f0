use std::io::Cursor;

use password::{Hash, Params};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::identifier::{EmailAddress, Identifier, PhoneNumber, Username};
use crate::own::{Organization, Own, OwnIdentity, OwnMembership, OwnPassword, Permission, Role};
use crate::record::{Identity, Locale, Membership, Passkey, RecordRole, RecoveryCode, Totp};
use crate::source::{self, Options};

/// What a target's file of these records says.
fn written(name: &str, records: &[UserRecord]) -> (String, Vec<Vec<Loss>>) {
    let mut writer = find(name).unwrap().writer();
    let mut text = String::new();
    let losses = records
        .iter()
        .map(|record| writer.record(record, &mut text))
        .collect();
    writer.end(&mut text);
    (text, losses)
}

/// The records that our own reader of that provider finds in a text.
fn read(name: &str, text: &str, options: &Options) -> Vec<UserRecord> {
    source::open(
        source::find(name).unwrap(),
        Cursor::new(text.to_owned().into_bytes()),
        options,
    )
    .unwrap()
    .map(|row| row.unwrap().record)
    .collect()
}

fn email(text: &str, is_verified: bool, primary: bool) -> Identity {
    Identity {
        verified: Some(is_verified),
        primary,
        ..Identity::new(Identifier::Email(EmailAddress::parse(text).unwrap()))
    }
}

fn hash(scheme: &str, encoded: &str, params: &[(&str, &str)]) -> Hash {
    let mut all = Params::default();
    for (name, value) in params {
        all.set(name, value).unwrap();
    }
    Hash::parse(scheme, encoded, &all).unwrap()
}

/// A person with something of everything.
fn mara() -> UserRecord {
    let phone = Identity {
        verified: Some(true),
        primary: true,
        ..Identity::new(Identifier::Phone(
            PhoneNumber::parse("+46701234567").unwrap(),
        ))
    };
    let username = Identity {
        primary: true,
        ..Identity::new(Identifier::Username(Username::parse("mara_v").unwrap()))
    };
    let social = Identity {
        primary: true,
        ..Identity::new(Identifier::Social {
            provider: "google".to_owned(),
            subject: "1042".to_owned(),
        })
    };
    UserRecord {
        provided_id: Some("legacy-1".to_owned()),
        given_name: Some("Mara".to_owned()),
        family_name: Some("Voss, \"the first\"".to_owned()),
        picture: Some("https://img.example/mara.png".to_owned()),
        created_at: Some(1_709_283_600_000),
        last_sign_in_at: Some(1_712_000_000_000),
        suspended: Some(true),
        identities: vec![
            email("Mara@voss.example", true, true),
            email("mv@other.example", false, false),
            phone,
            username,
            social,
        ],
        password: Some(hash(
            "bcrypt",
            "$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.",
            &[],
        )),
        totp: vec![Totp::parse("JBSWY3DPEHPK3PXP").unwrap()],
        organizations: vec![Membership {
            external_id: Some("acme-7".to_owned()),
            roles: vec!["admin".to_owned()],
            permissions: Vec::new(),
        }],
        properties: [("city".to_owned(), json!("Lund"))].into(),
        private_properties: [("plan".to_owned(), json!({"tier": "pro"}))].into(),
        feature_flags: [("beta".to_owned(), json!(true))].into(),
        ..UserRecord::default()
    }
}

/// A scheme, a hash of it, and its parameters.
type Sample = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const SCHEMES: &[Sample] = &[
    (
        "bcrypt",
        "$2a$10$N9qo8uLOickgx2ZMRZoMye523wyQDvdvMv.I4a2/IIf55jokMUeVG",
        &[],
    ),
    (
        "bcrypt",
        "$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.",
        &[],
    ),
    (
        "argon2",
        "$argon2id$v=19$m=65536,t=3,p=4$EBESExQVFhcYGRobHB0eHw$JLALd+4TBU7czX/291PCP/NiVOS47iyDLtCgdb22izg",
        &[],
    ),
    (
        "md5",
        "641667a22c9dec5d6159b514a0d9c702",
        &[
            ("salt", "s4lty"),
            ("salt_position", "prefix"),
            ("salt_format", "string"),
        ],
    ),
    (
        "sha256",
        "94a236b828ee834b902afc48504b7d1eaf4286c534a571ca499c992bdfb2b2a6",
        &[
            ("salt", "68656c6c6f"),
            ("salt_position", "prefix"),
            ("salt_format", "hex"),
        ],
    ),
    (
        "ldap",
        "{SSHA}stgaZjJFDWT2VynXv82v1s2yLB6hssPU5fYHGA==",
        &[],
    ),
    ("phpass", "$P$B4d9sKs1/dnhuyW1zKsS9Yd3AclG4L/", &[]),
    (
        "django",
        "pbkdf2_sha256$20000$H0dPx8NeajVu$G8PcacGzWuEaCUBVzq08CAiLmNAx86Z3jdjqXqIj8ww=",
        &[],
    ),
    (
        "pbkdf2",
        "Mdi6v9CEccLjrIT6k3tK/IMgLZPvgGBEeA7YIllcy8c=",
        &[
            ("salt", "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8="),
            ("variant", "salted-pbkdf2-hmac-sha256"),
            ("iterations", "24000"),
        ],
    ),
    (
        "firebase-scrypt",
        "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
        &[
            ("salt", "42xEC+ixf3L2lw=="),
            ("signer_key", SIGNER_KEY),
            ("salt_separator", "Bw=="),
            ("rounds", "8"),
            ("mem_cost", "14"),
        ],
    ),
    (
        "sha512-crypt",
        "$6$saltstring16byte$b8GsU.ZGci5nD48byvyC.GWmg2mWiz6tXvhdCovp4yZtz1ESfXfHHpfkN/ygBiwPPjWpnhecB35o8StVAVN.s/",
        &[],
    ),
];

const SIGNER_KEY: &str =
    "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";

fn with_password(number: usize, password: Hash) -> UserRecord {
    UserRecord {
        provided_id: Some(format!("p{number}")),
        identities: vec![email(&format!("p{number}@voss.example"), true, true)],
        password: Some(password),
        ..UserRecord::default()
    }
}

fn has_lost(losses: &[Loss], field: &str) -> bool {
    losses.iter().any(|loss| loss.field == field)
}

/// A hash that checks the same passwords may be written in another layout.
fn is_same_hash(written: &Hash, read: &Hash) -> bool {
    written == read
        || (written.pbkdf2().is_some() && written.pbkdf2() == read.pbkdf2())
        // Which of the two marks it bears makes no difference to bcrypt.
        || written.encoded().replace("$2b$", "$2a$") == read.encoded().replace("$2b$", "$2a$")
}

/// For each scheme: the password comes back as it was, or is told as lost.
fn check_passwords(name: &str, options: &Options, expected: &[&str]) {
    let mut said = Vec::new();
    for (number, (scheme, encoded, params)) in SCHEMES.iter().enumerate() {
        let record = with_password(number, hash(scheme, encoded, params));
        let (text, losses) = written(name, std::slice::from_ref(&record));
        let back = read(name, &text, options).remove(0);
        let before = record.password.unwrap();
        match back.password {
            Some(after) => {
                assert!(is_same_hash(&before, &after), "{name}, {scheme}: {text}");
                said.push(*scheme);
            }
            None => assert!(has_lost(&losses[0], "password"), "{name}, {scheme}: {text}"),
        }
    }
    said.dedup();
    assert_eq!(said, expected, "{name}");
}

/// What a reader finds of a record that a target has written, and what it has told as lost, make up the record.
fn check_person(name: &str, options: &Options) -> Vec<Loss> {
    let record = mara();
    let (text, losses) = written(name, std::slice::from_ref(&record));
    let losses = losses.into_iter().next().unwrap();
    let back = read(name, &text, options).remove(0);
    let lost = |field: &str| has_lost(&losses, field);
    for identity in &record.identities {
        let kind = identity.kind();
        let found = back
            .identities
            .iter()
            .find(|found| found.identifier.is(&kind, identity.folded()));
        match found {
            Some(found) => assert!(
                found.is_verified() == identity.is_verified() || lost("is_verified"),
                "{name}: {kind}: {text}"
            ),
            None => assert!(
                losses
                    .iter()
                    .any(|loss| loss.field == "identities" && loss.detail == kind.to_string()),
                "{name}: {kind}: {losses:?}"
            ),
        }
    }
    let names = |record: &UserRecord| {
        let names = [record.given_name.clone(), record.family_name.clone()];
        names.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(&back), names(&record), "{name}");
    for (field, is_same) in [
        ("picture", back.picture == record.picture),
        ("is_suspended", back.suspended == record.suspended),
        ("properties", back.properties == record.properties),
        (
            "private_properties",
            back.private_properties == record.private_properties,
        ),
        ("feature_flags", back.feature_flags == record.feature_flags),
        ("organizations", back.organizations == record.organizations),
        (
            "last_signed_in",
            back.last_sign_in_at == record.last_sign_in_at,
        ),
        ("created_on", back.created_at == record.created_at),
        ("totp", back.totp == record.totp),
    ] {
        assert!(is_same != lost(field) || is_same, "{name}: {field}: {text}");
        assert!(is_same || lost(field), "{name}: {field}: {text}");
    }
    losses
}

fn firebase_options() -> Options {
    let mut options = Options::default();
    for (name, value) in [
        ("signer_key", SIGNER_KEY),
        ("salt_separator", "Bw=="),
        ("rounds", "8"),
        ("mem_cost", "14"),
    ] {
        options.hash.set(name, value).unwrap();
    }
    options
}

#[test]
fn what_auth0_is_given_comes_back_or_is_told() {
    let none = Options::default();
    let losses = check_person("auth0", &none);
    let fields: Vec<_> = losses.iter().map(|loss| loss.field).collect();
    assert_eq!(
        fields,
        [
            "identities",
            "identities",
            "created_on",
            "last_signed_in",
            "feature_flags",
            "organizations"
        ]
    );
    check_passwords(
        "auth0",
        &none,
        &[
            "bcrypt", "argon2", "md5", "sha256", "ldap", "django", "pbkdf2",
        ],
    );
}

#[test]
fn what_clerk_is_given_comes_back_or_is_told() {
    let none = Options::default();
    check_person("clerk", &none);
    check_passwords(
        "clerk",
        &none,
        &[
            "bcrypt",
            "argon2",
            "phpass",
            "django",
            "pbkdf2",
            "firebase-scrypt",
        ],
    );
}

#[test]
fn what_firebase_is_given_comes_back_or_is_told() {
    let (scheme, encoded, params) = SCHEMES[9];
    let scrypt = with_password(0, hash(scheme, encoded, params));
    let bcrypt = with_password(1, hash(SCHEMES[0].0, SCHEMES[0].1, SCHEMES[0].2));
    let (text, losses) = written("firebase", &[scrypt.clone(), bcrypt]);
    let back = read("firebase", &text, &firebase_options());
    assert_eq!(back[0].password, scrypt.password);
    // One algorithm a file: the first settles it.
    assert_eq!(back[1].password, None);
    assert!(has_lost(&losses[1], "password") && losses[0].is_empty());
}

#[test]
fn the_options_of_an_import_show_no_key() {
    let (scheme, encoded, params) = SCHEMES[9];
    let mut writer = find("firebase").unwrap().writer();
    assert_eq!(writer.options(), None);
    writer.record(
        &with_password(0, hash(scheme, encoded, params)),
        &mut String::new(),
    );
    let options = writer.options().unwrap();
    assert!(options.contains("--rounds=8 --mem-cost=14"), "{options}");
    assert!(!options.contains("jxsp"), "{options}");
    assert!(!format!("{writer:?}").contains("jxsp"));
}

#[test]
fn whoever_came_from_a_provider_goes_back_under_the_old_id() {
    let mut record = mara();
    record.provided_id = Some("auth0|65f0c1d2e3a4b5c6d7e8f901".to_owned());
    record.own = Some(Box::new(Own {
        id: "kp_0193aaaabbbbccccddddeeeeffff0000".to_owned(),
        source: "auth0".to_owned(),
        ..Own::default()
    }));
    let id = |name: &str, record: &UserRecord| {
        let (text, _) = written(name, std::slice::from_ref(record));
        let value: Value = serde_json::from_str(&text).unwrap();
        let user = value.get(0).unwrap_or(&value["users"][0]).clone();
        user.get("user_id").or(user.get("id")).unwrap().clone()
    };
    assert_eq!(id("auth0", &record), "65f0c1d2e3a4b5c6d7e8f901");
    assert_eq!(
        id("keycloak", &record),
        "0193aaaa-bbbb-cccc-dddd-eeeeffff0000"
    );
    record.own.as_mut().unwrap().source = "clerk".to_owned();
    assert_eq!(id("auth0", &record), "kp_0193aaaabbbbccccddddeeeeffff0000");
}

#[test]
fn a_file_of_nobody_is_a_file_all_the_same() {
    for target in TARGETS {
        let (text, _) = written(target.name, &[]);
        if target.extension == "json" {
            serde_json::from_str::<Value>(&text).unwrap();
        }
    }
    assert_eq!(written("kith", &[]).0, "");
}

#[test]
fn someone_without_an_identity_that_a_format_knows_is_told_and_left_out() {
    let record = UserRecord {
        identities: vec![Identity::new(Identifier::Social {
            provider: "github".to_owned(),
            subject: "5".to_owned(),
        })],
        ..UserRecord::default()
    };
    for name in ["auth0", "clerk", "fusionauth", "keycloak"] {
        let (text, losses) = written(name, std::slice::from_ref(&record));
        assert_eq!(losses[0].last().unwrap().field, "person", "{name}: {text}");
    }
}

#[test]
fn keycloak_is_given_credentials_in_its_own_words() {
    let records: Vec<_> = SCHEMES
        .iter()
        .enumerate()
        .map(|(number, (scheme, encoded, params))| {
            with_password(number, hash(scheme, encoded, params))
        })
        .collect();
    let (text, losses) = written("keycloak", &records);
    let file: Value = serde_json::from_str(&text).unwrap();
    for (number, record) in records.iter().enumerate() {
        let credentials = file["users"][number]["credentials"].as_array().unwrap();
        let Some(credential) = credentials.first() else {
            assert!(has_lost(&losses[number], "password"));
            continue;
        };
        let back = Hash::parse("keycloak", &credential.to_string(), &Params::default()).unwrap();
        let before = record.password.as_ref().unwrap();
        let same_text = before.encoded().replace('=', "") == back.encoded().replace('=', "");
        assert!(
            same_text || is_same_hash(before, &back),
            "{number}: {}",
            back.encoded()
        );
    }
    let kept = losses.iter().filter(|losses| losses.is_empty()).count();
    assert_eq!(kept, 3, "argon2 and two of PBKDF2");
}

#[test]
fn fusionauth_is_given_hashes_in_its_own_words() {
    for at in [0, 1, 7, 8] {
        let (scheme, encoded, params) = SCHEMES[at];
        let before = hash(scheme, encoded, params);
        let (text, losses) = written("fusionauth", &[with_password(0, before.clone())]);
        assert_eq!(losses[0], []);
        let file: Value = serde_json::from_str(&text).unwrap();
        let user = &file["users"][0];
        let field = |name: &str| user[name].as_str().unwrap().to_owned();
        let mut params = Params::default();
        for (name, value) in [
            ("encryption_scheme", field("encryptionScheme")),
            ("salt", field("salt")),
            ("factor", user["factor"].to_string()),
        ] {
            params.set(name, &value).unwrap();
        }
        let back = Hash::parse("fusionauth", &field("password"), &params).unwrap();
        assert!(is_same_hash(&before, &back), "{scheme}: {text}");
    }
    let (text, _) = written("fusionauth", &[mara()]);
    let file: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        file["users"][0]["twoFactor"]["methods"][0]["secret"],
        "SGVsbG8h3q2+7w=="
    );
}

fn text() -> impl Strategy<Value = String> {
    "[^\\x00]{1,12}"
}

fn instant_() -> impl Strategy<Value = i64> {
    0..4_102_444_800_000_i64
}

fn some<T: std::fmt::Debug + Clone>(
    strategy: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    prop::option::of(strategy)
}

fn identities() -> impl Strategy<Value = (Vec<Identity>, Vec<OwnIdentity>)> {
    let one = (
        prop_oneof![
            "[a-zA-Z0-9.]{1,8}@[a-z]{1,8}\\.example"
                .prop_filter_map("an address", |text| EmailAddress::parse(&text).ok())
                .prop_map(Identifier::Email),
            "\\+4670[0-9]{7}"
                .prop_filter_map("a number", |text| PhoneNumber::parse(&text).ok())
                .prop_map(Identifier::Phone),
            "[a-zA-Z][a-z0-9_-]{2,10}"
                .prop_filter_map("a name", |text| Username::parse(&text).ok())
                .prop_map(Identifier::Username),
            ("(google|github|slack)", text())
                .prop_map(|(provider, subject)| Identifier::Social { provider, subject }),
        ],
        any::<bool>(),
        any::<bool>(),
        some(text()),
        ("[0-9a-f]{32}", instant_(), 0..9_i64, some(instant_())),
    );
    prop::collection::vec(one, 1..5).prop_map(|all| {
        let (mut identities, mut owns): (Vec<Identity>, Vec<OwnIdentity>) = Default::default();
        for (identifier, is_verified, primary, profile, own) in all {
            let kind = identifier.kind();
            if identities
                .iter()
                .any(|known| known.identifier.is(&kind, identifier.folded()))
            {
                continue;
            }
            identities.push(Identity {
                verified: Some(is_verified),
                primary,
                profile: profile.map(|text| json!({ "login": text, "n": [1, null] })),
                ..Identity::new(identifier)
            });
            owns.push(OwnIdentity {
                id: format!("identity_{}", own.0),
                created_at: own.1,
                total_sign_ins: own.2,
                last_sign_in_at: own.3,
            });
        }
        (identities, owns)
    })
}

fn memberships() -> impl Strategy<Value = (Vec<Membership>, Vec<OwnMembership>)> {
    let one = (
        "org_[0-9a-f]{32}",
        some(text()),
        any::<bool>(),
        prop::collection::vec(text(), 0..3),
        prop::collection::vec(text(), 0..3),
        instant_(),
        some(instant_()),
    );
    prop::collection::vec(one, 0..3).prop_map(|all| {
        all.into_iter()
            .map(
                |(code, external_id, is_default, roles, permissions, joined_at, last)| {
                    let membership = Membership {
                        external_id: Some(code.clone()),
                        roles,
                        permissions,
                    };
                    let own = OwnMembership {
                        code,
                        external_id,
                        is_default,
                        joined_at,
                        last_sign_in_at: last,
                    };
                    (membership, own)
                },
            )
            .unzip()
    })
}

type Factors = (Vec<Totp>, Vec<RecoveryCode>, Vec<Passkey>);

fn factors() -> impl Strategy<Value = Factors> {
    let totp = (6..9_u32, 1..90_u32, some("[a-z]{1,5}")).prop_map(|(digits, period, name)| {
        let usual = Totp::parse("JBSWY3DPEHPK3PXP").unwrap();
        let mut totp = usual.with_digits(digits).unwrap();
        totp = totp.with_period(period).unwrap();
        totp.name = name;
        totp
    });
    let code = "[a-z0-9]{8}".prop_map(|code| RecoveryCode::parse(&code).unwrap());
    let passkey = (any::<[u8; 16]>(), any::<u32>()).prop_map(|(id, sign_count)| {
        let key = [&[0xa5][..], &[7; 76]].concat();
        let mut passkey = Passkey::new(id.to_vec(), key).unwrap();
        passkey.sign_count = sign_count;
        passkey.rp_id = Some("voss.example".to_owned());
        passkey
    });
    let up_to_two = 0..3_usize;
    (
        prop::collection::vec(totp, up_to_two.clone()),
        prop::collection::vec(code, up_to_two.clone()),
        prop::collection::vec(passkey, up_to_two),
    )
}

fn record() -> impl Strategy<Value = UserRecord> {
    let profile = (
        some(text()),
        some(text()),
        some(text()),
        some(instant_()),
        some(instant_()),
    );
    let facts = (
        any::<bool>(),
        any::<bool>(),
        instant_(),
        instant_(),
        0..9_i64,
        0..9_i64,
    );
    let password = some((
        0..SCHEMES.len(),
        any::<bool>(),
        any::<bool>(),
        some(any::<[u8; 32]>()),
        instant_(),
    ));
    let map = prop::collection::btree_map(
        text(),
        prop_oneof![
            text().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            text().prop_map(|text| json!({ "a": [text, null] })),
        ],
        0..3,
    );
    let rest = (
        some(text()),
        prop::collection::vec(text(), 0..3),
        map,
        any::<bool>(),
    );
    (
        profile,
        facts,
        password,
        rest,
        identities(),
        memberships(),
        factors(),
    )
        .prop_map(
            |(profile, facts, password, rest, identities, memberships, factors)| {
                let own_password =
                    password
                        .as_ref()
                        .map(|(_, is_temporary, is_proved, digest, at)| OwnPassword {
                            is_temporary: *is_temporary,
                            is_proved: *is_proved,
                            set_by: "import".to_owned(),
                            imported_digest: *digest,
                            updated_at: *at,
                        });
                UserRecord {
                    provided_id: rest.0,
                    alternate_ids: rest.1,
                    given_name: profile.0,
                    family_name: profile.1,
                    picture: profile.2,
                    created_at: profile.3,
                    last_sign_in_at: profile.4,
                    suspended: Some(facts.0),
                    must_reset_password: Some(facts.1),
                    identities: identities.0,
                    password_verified: password.as_ref().map(|_| true),
                    password: password.map(|(at, ..)| {
                        let (scheme, encoded, params) = SCHEMES[at];
                        hash(scheme, encoded, params)
                    }),
                    totp: factors.0,
                    recovery_codes: factors.1,
                    passkeys: factors.2,
                    locale: rest.3.then(|| Locale::parse("sv-SE").unwrap()),
                    suspended_until: profile.3,
                    organizations: memberships.0,
                    properties: rest.2.clone(),
                    private_properties: rest.2.clone(),
                    feature_flags: rest.2,
                    own: Some(Box::new(Own {
                        id: "kp_0193aaaabbbbccccddddeeeeffff0000".to_owned(),
                        source: "clerk".to_owned(),
                        created_at: facts.2,
                        updated_at: facts.3,
                        total_sign_ins: facts.4,
                        failed_sign_ins: facts.5,
                        identities: identities.1,
                        memberships: memberships.1,
                        password: own_password,
                    })),
                    ..UserRecord::default()
                }
            },
        )
}

fn definition() -> impl Strategy<Value = Definition> {
    prop_oneof![
        (text(), text(), text(), some(text()), instant_()).prop_map(
            |(id, key, name, description, created_at)| Definition::Permission(Permission {
                id,
                key,
                name,
                description,
                created_at,
            })
        ),
        (
            text(),
            text(),
            text(),
            any::<bool>(),
            some(text()),
            prop::collection::vec(text(), 0..3),
            instant_()
        )
            .prop_map(
                |(
                    id,
                    key,
                    name,
                    is_default_role,
                    assignment_permission,
                    permissions,
                    created_at,
                )| {
                    Definition::Role(Role {
                        id,
                        key,
                        name,
                        description: None,
                        is_default_role,
                        assignment_permission,
                        permissions,
                        created_at,
                    })
                }
            ),
        (
            text(),
            text(),
            some(text()),
            some(text()),
            any::<[bool; 2]>(),
            some(instant_()),
            instant_()
        )
            .prop_map(
                |(code, name, handle, external_id, flags, suspended_at, created_at)| {
                    Definition::Organization(Organization {
                        code,
                        name,
                        handle,
                        external_id,
                        is_default: flags[0],
                        is_auto_membership_enabled: flags[1],
                        suspended_at,
                        created_at,
                    })
                }
            ),
    ]
}

proptest! {
    #[test]
    fn our_own_export_reads_back_to_equal_records(records in prop::collection::vec(record(), 1..4)) {
        let (text, losses) = written("kith", &records);
        prop_assert!(losses.iter().all(Vec::is_empty));
        prop_assert_eq!(text.lines().count(), records.len());
        prop_assert_eq!(source::detect(text.as_bytes()).unwrap().source.name, "kith");
        prop_assert_eq!(read("kith", &text, &Options::default()), records);
    }

    #[test]
    fn our_own_definitions_read_back_to_equal_ones(definitions in prop::collection::vec(definition(), 1..4)) {
        let mut writer = find("kith").unwrap().writer();
        let mut text = String::new();
        for definition in &definitions {
            writer.definition(definition, &mut text);
        }
        writer.end(&mut text);
        let back = read("kith", &text, &Options::default());
        prop_assert!(back.iter().all(|record| record.role == RecordRole::Definition));
        let back: Vec<_> = back.into_iter().map(|record| *record.definition.unwrap()).collect();
        prop_assert_eq!(back, definitions);
    }

    #[test]
    fn no_record_makes_a_target_panic_or_a_file_that_is_none(records in prop::collection::vec(record(), 0..4)) {
        for target in TARGETS {
            let (text, losses) = written(target.name, &records);
            prop_assert_eq!(losses.len(), records.len());
            if target.extension == "json" {
                prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{}: {}", target.name, text);
            }
        }
    }
}
