use proptest::prelude::*;

use super::*;
use crate::draft::Draft;
use crate::identifier::{EmailAddress, Identifier, PhoneNumber, Username};
use crate::record::{Identity, Membership};

const BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";
const OTHER_BCRYPT: &str = "$2a$10$N9qo8uLOickgx2ZMRZoMye523wyQDvdvMv.I4a2/IIf55jokMUeVG";

/// Stands for the keyed digest of a server: told apart by the scheme's text is enough here.
fn digest(hash: &Hash) -> Digest {
    let mut digest = [0; 32];
    for (index, byte) in hash.encoded().bytes().enumerate() {
        digest[index % 32] ^= byte;
    }
    digest
}

const POLICY: Policy<'_> = Policy {
    on_conflict: OnConflict::Refuse,
    digest: &digest,
};

fn hash(encoded: &str) -> Hash {
    Hash::recognize(encoded).unwrap()
}

fn email(address: &str, verified: Option<bool>) -> Identity {
    let identifier = Identifier::Email(EmailAddress::parse(address).unwrap());
    Identity {
        verified,
        primary: true,
        ..Identity::new(identifier)
    }
}

fn phone(number: &str) -> Identity {
    Identity {
        primary: true,
        ..Identity::new(Identifier::Phone(PhoneNumber::parse(number).unwrap()))
    }
}

fn username(name: &str) -> Identity {
    Identity {
        primary: true,
        ..Identity::new(Identifier::Username(Username::parse(name).unwrap()))
    }
}

fn google(subject: &str) -> Identity {
    Identity {
        primary: true,
        ..Identity::new(Identifier::Social {
            provider: "google".to_owned(),
            subject: subject.to_owned(),
        })
    }
}

fn record(id: Option<&str>, identities: impl Into<Vec<Identity>>) -> UserRecord {
    UserRecord {
        provided_id: id.map(str::to_owned),
        identities: identities.into(),
        ..UserRecord::default()
    }
}

/// Mara as a provider exports her: an id, a verified address, a password, one organization.
fn mara() -> UserRecord {
    UserRecord {
        given_name: Some("Mara".to_owned()),
        password: Some(hash(BCRYPT)),
        organizations: vec![member("acme-7", &["admin"])],
        ..record(Some("m-1"), [email("mara@voss.example", Some(true))])
    }
}

fn member(external_id: &str, roles: &[&str]) -> Membership {
    Membership {
        external_id: Some(external_id.to_owned()),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        permissions: Vec::new(),
    }
}

/// The person that an import made of the record.
fn imported(record: &UserRecord) -> Existing {
    Existing::created("kp_1".to_owned(), record, &POLICY)
}

/// The person that an import made of the record, who has been here since.
fn living(record: &UserRecord) -> Existing {
    Existing {
        has_signed_in: true,
        ..imported(record)
    }
}

/// What a further table says of somebody.
fn addition(id: &str, identities: impl Into<Vec<Identity>>) -> UserRecord {
    UserRecord {
        role: RecordRole::Addition,
        ..record(Some(id), identities)
    }
}

fn changes(plan: Plan) -> Changes {
    match plan {
        Plan::Update(changes) => *changes,
        plan => panic!("expected an update, got {plan:?}"),
    }
}

fn conflict(plan: Plan) -> &'static str {
    match plan {
        Plan::Conflict(conflict) => conflict.code.as_str(),
        plan => panic!("expected a conflict, got {plan:?}"),
    }
}

fn is_unchanged(plan: &Plan) -> bool {
    matches!(plan, Plan::Unchanged { user_id } if user_id == "kp_1")
}

#[test]
fn somebody_new_is_created() {
    let Plan::Create(new) = plan(mara(), &[], &POLICY) else {
        panic!("expected somebody new");
    };
    assert_eq!(new.record, mara());
    assert_eq!(new.warnings, []);
}

#[test]
fn the_same_record_again_changes_nothing() {
    assert!(is_unchanged(&plan(mara(), &[&imported(&mara())], &POLICY)));
    assert!(is_unchanged(&plan(mara(), &[&living(&mara())], &POLICY)));
}

#[test]
fn a_record_with_an_id_alone_needs_somebody_with_that_id() {
    let row = UserRecord {
        organizations: vec![member("zeta-2", &[])],
        ..record(Some("m-1"), [])
    };
    assert_eq!(
        conflict(plan(row.clone(), &[], &POLICY)),
        "missing_identifier"
    );
    let changes = changes(plan(row, &[&living(&mara())], &POLICY));
    assert_eq!(changes.memberships, [member("zeta-2", &[])]);
}

#[test]
fn a_password_needs_something_to_type_beside_it() {
    let row = UserRecord {
        password: Some(hash(BCRYPT)),
        ..record(Some("m-1"), [google("1042")])
    };
    assert_eq!(
        conflict(plan(row, &[], &POLICY)),
        "password_without_identity"
    );
}

#[test]
fn a_row_for_another_organization_adds_a_membership_and_takes_none_away() {
    let row = UserRecord {
        organizations: vec![
            member("zeta-2", &["viewer"]),
            member("acme-7", &["admin", "owner"]),
        ],
        ..mara()
    };
    let mut person = imported(&mara());
    let changes = changes(plan(row, &[&person], &POLICY));
    assert_eq!(
        changes.memberships,
        [member("zeta-2", &["viewer"]), member("acme-7", &["owner"])]
    );
    person.apply(&changes, &POLICY);
    assert_eq!(
        person.memberships,
        [
            member("acme-7", &["admin", "owner"]),
            member("zeta-2", &["viewer"])
        ]
    );
}

#[test]
fn the_profile_follows_the_file_until_the_person_signs_in() {
    let row = UserRecord {
        given_name: Some("Maria".to_owned()),
        suspended: Some(true),
        ..mara()
    };
    let changes = changes(plan(row.clone(), &[&imported(&mara())], &POLICY));
    assert_eq!(changes.given_name.as_deref(), Some("Maria"));
    assert!(changes.suspend);
    assert!(is_unchanged(&plan(row, &[&living(&mara())], &POLICY)));
}

#[test]
fn what_somebody_has_changed_here_stays() {
    let mut person = imported(&mara());
    person.given_name = Some("Mara-Lou".into());
    person.edited_here = EditedHere {
        profile: true,
        suspension: true,
    };
    let mut newer = mara();
    newer.given_name = Some("Marah".into());
    newer.suspended = Some(true);
    assert!(is_unchanged(&plan_among(newer, &[person])));
}

#[test]
fn what_the_file_does_not_say_stays() {
    let row = record(Some("m-1"), [email("mara@voss.example", None)]);
    assert!(is_unchanged(&plan(row, &[&imported(&mara())], &POLICY)));
}

#[test]
fn a_suspension_is_never_lifted() {
    let row = UserRecord {
        suspended: Some(false),
        ..mara()
    };
    let person = Existing {
        suspended: true,
        ..imported(&mara())
    };
    assert!(is_unchanged(&plan(row, &[&person], &POLICY)));
}

#[test]
fn an_imported_password_is_replaced_until_the_person_signs_in() {
    let row = UserRecord {
        password: Some(hash(OTHER_BCRYPT)),
        ..mara()
    };
    let changes = changes(plan(row.clone(), &[&imported(&mara())], &POLICY));
    assert_eq!(changes.password, Some(hash(OTHER_BCRYPT)));
    assert!(is_unchanged(&plan(row, &[&living(&mara())], &POLICY)));
}

#[test]
fn a_password_set_here_is_never_replaced() {
    let person = Existing {
        password: KnownPassword::SetHere,
        ..imported(&mara())
    };
    assert!(is_unchanged(&plan(mara(), &[&person], &POLICY)));
}

#[test]
fn an_address_of_a_person_with_another_id_is_a_duplicate() {
    let row = UserRecord {
        provided_id: Some("m-2".to_owned()),
        ..mara()
    };
    let person = imported(&mara());
    let people = [&person];
    assert_eq!(
        conflict(plan(row.clone(), &people, &POLICY)),
        "duplicate_email"
    );
    let merging = Policy {
        on_conflict: OnConflict::Merge,
        ..POLICY
    };
    assert!(is_unchanged(&plan(row, &people, &merging)));
}

#[test]
fn an_id_of_a_person_with_another_address_is_a_duplicate_unless_they_live_here() {
    let row = UserRecord {
        identities: vec![email("mara@other.example", Some(true))],
        ..mara()
    };
    assert_eq!(
        conflict(plan(row.clone(), &[&imported(&mara())], &POLICY)),
        "duplicate_id"
    );
    assert!(is_unchanged(&plan(row, &[&living(&mara())], &POLICY)));
}

#[test]
fn an_id_and_an_address_of_two_people_are_not_guessed_about() {
    let lee = record(Some("l-1"), [google("7")]);
    let people = [
        imported(&record(Some("m-1"), [google("1")])),
        Existing {
            user_id: "kp_2".to_owned(),
            ..imported(&lee)
        },
    ];
    let row = UserRecord {
        alternate_ids: vec!["l-1".to_owned()],
        ..record(Some("m-1"), [])
    };
    assert_eq!(
        conflict(plan(row, &people.each_ref(), &POLICY)),
        "ambiguous_match"
    );
}

#[test]
fn an_unverified_address_brings_no_password_to_a_proven_one() {
    let here = record(None, [email("mara@voss.example", Some(true))]);
    for verified in [None, Some(false)] {
        let row = UserRecord {
            password: Some(hash(BCRYPT)),
            ..record(None, [email("mara@voss.example", verified)])
        };
        assert_eq!(
            conflict(plan(row, &[&imported(&here)], &POLICY)),
            "unverified_identity"
        );
    }
    let with_another_id = record(Some("m-9"), [email("mara@voss.example", Some(false))]);
    assert_eq!(
        conflict(plan(with_another_id, &[&imported(&here)], &POLICY)),
        "unverified_identity"
    );
}

#[test]
fn an_unverified_address_may_bring_memberships() {
    let here = record(None, [email("mara@voss.example", Some(true))]);
    let row = UserRecord {
        organizations: vec![member("acme-7", &["admin"])],
        ..record(None, [email("MARA@voss.example", None)])
    };
    let changes = changes(plan(row, &[&living(&here)], &POLICY));
    assert_eq!(changes.memberships, [member("acme-7", &["admin"])]);
}

#[test]
fn who_signed_up_early_with_an_address_gets_nothing_of_its_owner() {
    let squatter = Existing {
        password: KnownPassword::SetHere,
        ..imported(&record(None, [email("mara@voss.example", None)]))
    };
    assert_eq!(
        conflict(plan(mara(), &[&squatter], &POLICY)),
        "unproven_account"
    );
}

#[test]
fn a_bare_address_imported_earlier_becomes_the_whole_person() {
    let bare = imported(&record(None, [email("mara@voss.example", None)]));
    let changes = changes(plan(mara(), &[&bare], &POLICY));
    assert_eq!(changes.provided_id.as_deref(), Some("m-1"));
    assert_eq!(changes.password, Some(hash(BCRYPT)));
    assert_eq!(changes.verify, [mara().identities[0].identifier.clone()]);
    assert_eq!(changes.identities, []);
}

#[test]
fn a_shared_number_stays_with_who_has_it() {
    let here = imported(&record(
        Some("l-1"),
        [email("lee@voss.example", None), phone("+46701234567")],
    ));
    let row = record(
        Some("m-1"),
        [email("mara@voss.example", None), phone("+46701234567")],
    );
    let Plan::Create(new) = plan(row, &[&here], &POLICY) else {
        panic!("expected somebody new");
    };
    assert_eq!(new.record.identities, [email("mara@voss.example", None)]);
    assert_eq!(new.warnings[0].code, ProblemCode::DUPLICATE_PHONE);
    let number_only = record(Some("m-1"), [phone("+46701234567")]);
    assert_eq!(
        conflict(plan(number_only, &[&here], &POLICY)),
        "duplicate_phone"
    );
}

#[test]
fn a_number_alone_finds_its_owner() {
    let row = UserRecord {
        organizations: vec![member("acme-7", &[])],
        ..record(None, [phone("+46701234567")])
    };
    let here = imported(&record(Some("m-1"), [phone("+46701234567")]));
    assert_eq!(
        changes(plan(row, &[&here], &POLICY)).memberships,
        [member("acme-7", &[])]
    );
}

#[test]
fn a_taken_username_refuses_somebody_new() {
    let here = imported(&record(Some("l-1"), [username("mara_v")]));
    let row = record(
        Some("m-1"),
        [email("mara@voss.example", None), username("Mara_V")],
    );
    assert_eq!(conflict(plan(row, &[&here], &POLICY)), "duplicate_username");
}

#[test]
fn a_username_brings_no_password_to_somebody_who_lives_here() {
    let here = living(&record(None, [username("mara_v"), google("1042")]));
    let row = UserRecord {
        password: Some(hash(BCRYPT)),
        ..record(None, [username("mara_v")])
    };
    assert_eq!(
        conflict(plan(row, &[&here], &POLICY)),
        "unverified_identity"
    );
}

#[test]
fn an_unproven_further_address_of_somebody_else_is_left_out() {
    let here = imported(&record(
        Some("l-1"),
        [email("lee@voss.example", Some(true))],
    ));
    let further = Identity {
        primary: false,
        ..email("lee@voss.example", Some(false))
    };
    let row = record(
        Some("m-1"),
        [email("mara@voss.example", Some(true)), further],
    );
    let Plan::Create(new) = plan(row, &[&here], &POLICY) else {
        panic!("expected somebody new");
    };
    assert_eq!(
        new.record.identities,
        [email("mara@voss.example", Some(true))]
    );
    assert_eq!(new.warnings[0].code, ProblemCode::DUPLICATE_EMAIL);
}

#[test]
fn an_account_elsewhere_finds_its_owner_whatever_the_address() {
    let here = imported(&record(None, [google("1042")]));
    let row = record(
        Some("m-1"),
        [google("1042"), email("mara@voss.example", Some(true))],
    );
    let changes = changes(plan(row, &[&here], &POLICY));
    assert_eq!(changes.provided_id.as_deref(), Some("m-1"));
    assert_eq!(changes.identities, [email("mara@voss.example", Some(true))]);
}

#[test]
fn addresses_are_never_added_to_those_a_person_has() {
    let further = Identity {
        primary: false,
        ..email("mara@other.example", Some(true))
    };
    let row = record(
        Some("m-1"),
        [email("mara@voss.example", Some(true)), further],
    );
    assert!(is_unchanged(&plan(row, &[&imported(&mara())], &POLICY)));
}

fn password_of(id: &str, address: &str, verified: bool) -> UserRecord {
    UserRecord {
        role: RecordRole::Password,
        password: Some(hash(BCRYPT)),
        ..record(Some(id), [email(address, Some(verified))])
    }
}

#[test]
fn a_password_file_makes_nobody() {
    let row = password_of("auth0|1", "mara@voss.example", true);
    assert_eq!(conflict(plan(row, &[], &POLICY)), "no_matching_user");
}

#[test]
fn a_password_file_finds_people_by_id_and_changes_nothing_else() {
    let here = imported(&record(
        Some("auth0|1"),
        [email("mara@voss.example", Some(false))],
    ));
    let row = password_of("auth0|1", "mara@other.example", true);
    let changes = changes(plan(row, &[&here], &POLICY));
    let expected = Changes {
        user_id: "kp_1".to_owned(),
        password: Some(hash(BCRYPT)),
        ..Changes::default()
    };
    assert_eq!(changes, expected);
}

#[test]
fn a_password_file_finds_a_linked_account_by_its_own_id() {
    let here = UserRecord {
        alternate_ids: vec!["auth0|1".to_owned()],
        ..record(
            Some("google-oauth2|7"),
            [email("mara@voss.example", Some(true))],
        )
    };
    let row = password_of("auth0|1", "mara@voss.example", false);
    assert_eq!(
        changes(plan(row.clone(), &[&imported(&here)], &POLICY)).password,
        Some(hash(BCRYPT))
    );
    let unlinked = UserRecord {
        alternate_ids: Vec::new(),
        ..here
    };
    assert_eq!(
        conflict(plan(row, &[&imported(&unlinked)], &POLICY)),
        "duplicate_email"
    );
}

#[test]
fn properties_follow_the_file_until_the_person_signs_in_and_grow_after() {
    let properties = |city: &str| {
        [
            ("city".to_owned(), city.into()),
            ("team".to_owned(), "b".into()),
        ]
        .into()
    };
    let row = UserRecord {
        properties: properties("Lund"),
        ..mara()
    };
    let before = UserRecord {
        properties: [("city".to_owned(), "Oslo".into())].into(),
        ..mara()
    };
    let fresh = changes(plan(row.clone(), &[&imported(&before)], &POLICY));
    assert_eq!(fresh.properties, properties("Lund"));
    let settled = changes(plan(row, &[&living(&before)], &POLICY));
    assert_eq!(settled.properties, [("team".to_owned(), "b".into())].into());
}

fn any_identity() -> impl Strategy<Value = (Identifier, Option<bool>)> {
    let verified = prop_oneof![Just(None), Just(Some(false)), Just(Some(true))];
    (0..3_u8, 0..4_u8, verified).prop_map(|(who, kind, verified)| {
        let identity = match kind {
            0 => email(&format!("p{who}@voss.example"), None),
            1 => phone(&format!("+4670123456{who}")),
            2 => username(&format!("person{who}")),
            _ => google(&who.to_string()),
        };
        (identity.identifier, verified)
    })
}

prop_compose! {
    fn any_record()(
        id in prop::option::of("[abc]"),
        identities in prop::collection::vec(any_identity(), 0..4),
        name in prop::option::of("[xy]"),
        suspended in prop::option::of(any::<bool>()),
        password in prop::option::of(prop::sample::select(vec![BCRYPT, OTHER_BCRYPT])),
        roles in prop::collection::vec("[rst]", 0..3),
    ) -> UserRecord {
        let mut draft = Draft::default();
        for (identifier, verified) in identities {
            draft.identify(identifier, verified);
        }
        UserRecord {
            provided_id: id,
            given_name: name,
            suspended,
            password: password.map(hash),
            organizations: vec![Membership { external_id: None, roles, permissions: Vec::new() }],
            ..draft.record
        }
    }
}

/// Does what the plan says; tells whether anything was done.
fn carry_out(plan: Plan, people: &mut Vec<Existing>) -> bool {
    match plan {
        Plan::Create(new) => {
            let user_id = format!("kp_{}", people.len());
            people.push(Existing::created(user_id, &new.record, &POLICY));
            true
        }
        Plan::Update(changes) => {
            let person = people
                .iter_mut()
                .find(|person| person.user_id == changes.user_id);
            person.unwrap().apply(&changes, &POLICY);
            true
        }
        Plan::Unchanged { .. } | Plan::Conflict(_) => false,
    }
}

fn plan_among(record: UserRecord, people: &[Existing]) -> Plan {
    plan(record, &people.iter().collect::<Vec<_>>(), &POLICY)
}

#[test]
fn an_addition_finds_its_person_by_id_alone() {
    let person = imported(&mara());
    let changes = changes(plan(addition("m-1", [google("g-1")]), &[&person], &POLICY));
    assert_eq!(changes.identities, [google("g-1")]);
    assert_eq!(changes.provided_id, None);
    // The account is hers; the id that it is said to belong to is nobody's.
    let with_account = imported(&record(Some("m-1"), [google("g-1")]));
    for (record, existing) in [
        (addition("m-2", [google("g-1")]), &with_account),
        (
            addition("m-2", [email("mara@voss.example", Some(true))]),
            &person,
        ),
    ] {
        assert_eq!(
            conflict(plan(record, &[existing], &POLICY)),
            "no_matching_user"
        );
    }
    assert_eq!(
        conflict(plan(addition("m-1", []), &[], &POLICY)),
        "no_matching_user"
    );
}

#[test]
fn an_addition_leaves_to_others_what_is_theirs() {
    let (person, other) = (
        imported(&mara()),
        Existing {
            user_id: "kp_2".to_owned(),
            ..imported(&record(Some("l-1"), [google("g-1")]))
        },
    );
    let planned = plan(
        addition("m-1", [google("g-1")]),
        &[&person, &other],
        &POLICY,
    );
    assert!(matches!(planned, Plan::Unchanged { user_id } if user_id == "kp_1"));
}

#[test]
fn an_addition_may_prove_an_address_and_adds_no_second_one() {
    let mut unproven = mara();
    unproven.identities = vec![email("mara@voss.example", Some(false))];
    let person = imported(&unproven);
    let proven = addition("m-1", [email("mara@voss.example", Some(true))]);
    let changes = changes(plan(proven, &[&person], &POLICY));
    assert_eq!(changes.verify.len(), 1);
    let second = addition("m-1", [email("second@voss.example", Some(true))]);
    assert!(matches!(
        plan(second, &[&person], &POLICY),
        Plan::Unchanged { .. }
    ));
}

#[test]
fn an_addition_gives_nothing_to_somebody_who_lives_here_but_roles() {
    let person = living(&mara());
    let mut record = addition("m-1", [google("g-1")]);
    record.totp = vec![crate::record::Totp::parse("JBSWY3DPEHPK3PXP").unwrap()];
    record.organizations = vec![member("acme-7", &["admin", "editor"])];
    let changes = changes(plan(record, &[&person], &POLICY));
    assert!(changes.identities.is_empty() && changes.totp.is_empty());
    assert_eq!(changes.memberships, [member("acme-7", &["editor"])]);
}

proptest! {
    #[test]
    fn what_was_just_done_is_not_done_again(
        rows in prop::collection::vec((any_record(), any::<bool>()), 1..8),
    ) {
        let mut people = Vec::new();
        for (row, signs_in) in rows {
            if carry_out(plan_among(row.clone(), &people), &mut people) {
                let again = plan_among(row, &people);
                prop_assert!(matches!(again, Plan::Unchanged { .. }), "{again:?}");
            }
            if let (true, Some(person)) = (signs_in, people.last_mut()) {
                person.has_signed_in = true;
            }
        }
    }

    #[test]
    fn no_two_people_share_an_identity_or_an_id(rows in prop::collection::vec(any_record(), 1..8)) {
        let mut people: Vec<Existing> = Vec::new();
        for row in rows {
            carry_out(plan_among(row, &people), &mut people);
        }
        let mut seen = std::collections::HashSet::new();
        for person in &people {
            let mut own = std::collections::HashSet::new();
            for known in &person.identities {
                own.insert((known.kind.to_string(), known.folded.clone()));
            }
            own.extend(person.provided_id.iter().map(|id| ("id".to_owned(), id.clone())));
            for key in own {
                prop_assert!(seen.insert(key.clone()), "{key:?} belongs to two people");
            }
        }
    }

    #[test]
    fn a_batch_plans_as_if_everybody_were_looked_at(rows in prop::collection::vec(any_record(), 1..8)) {
        let mut people: Vec<Existing> = Vec::new();
        let mut batch = People::default();
        for row in rows {
            let expected = plan_among(row.clone(), &people);
            let planned = batch.plan(row, &POLICY);
            prop_assert_eq!(&planned, &expected);
            match &planned {
                Plan::Create(new) => batch.create(format!("kp_{}", people.len()), &new.record, &POLICY),
                Plan::Update(changes) => batch.change(changes, &POLICY),
                Plan::Unchanged { .. } | Plan::Conflict(_) => {}
            }
            carry_out(planned, &mut people);
            for person in &people {
                prop_assert_eq!(batch.get(&person.user_id), Some(person));
            }
        }
    }
}
