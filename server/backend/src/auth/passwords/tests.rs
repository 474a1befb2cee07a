use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn passwords() -> Passwords {
    Passwords::new(2, HashParams::CHEAP)
}

const SALT: &str = "00112233445566778899aabbccddeeff";

/// Better Auth's own hashes of two passwords.
const LEGACY: [(&str, &str); 2] = [
    (
        "correct horse battery",
        "267a33c2ae63f1c2d542f84d50b7d87c68900c8b9475f6a47ade71cf44b234822e0a34af1d226572b5caf52809319d4c486f3d209cc2fd022fb53bb4eaeb35b1",
    ),
    (
        "caf\u{e9} \u{fb01}n",
        "3b95d25a170b866aad52a12323205e6b951bed119ce3577650528d565fccf56bf516bfb427616641e4d038a5ec8d6e870212aa67b68cd8fd4a13cfa4efe07ac3",
    ),
];

#[tokio::test]
async fn hashes_of_better_auth_verify_and_are_due_for_replacement() {
    for (password, key) in LEGACY {
        let stored = format!("{SALT}:{key}");

        let right = passwords().verify(&password.into(), &stored).await.unwrap();
        let wrong = passwords().verify(&"correct horse batteri".into(), &stored).await.unwrap();

        assert_eq!((right, wrong), (Match::RightButOld, Match::Wrong), "{password}");
    }
}

#[tokio::test]
async fn a_database_shared_with_better_auth_gets_hashes_it_can_read() {
    let shared = Passwords::new(1, HashParams::BETTER_AUTH);
    let password = Password::from("correct horse battery");

    let stored = shared.hash(&Random::seeded(1), &password).await.unwrap();
    let ours = passwords().hash(&Random::seeded(1), &password).await.unwrap();

    assert_eq!(stored.len(), 32 + 1 + 128);
    assert_eq!(shared.verify(&password, &stored).await.unwrap(), Match::Right);
    assert_eq!(shared.verify(&password, &ours).await.unwrap(), Match::RightButOld);
    let vector = hash::hash(
        HashParams::BETTER_AUTH,
        LEGACY[0].0,
        &0x0011_2233_4455_6677_8899_aabb_ccdd_eeff_u128.to_be_bytes(),
    );
    assert_eq!(vector, format!("{SALT}:{}", LEGACY[0].1));
}

#[tokio::test]
async fn a_wrapped_hash_of_better_auth_opens_to_the_same_password() {
    let passwords = passwords();
    for (password, key) in LEGACY {
        let stored = format!("{SALT}:{key}");
        let wrapped = hash::wrap(HashParams::CHEAP, &stored, b"sixteen bytes ..").unwrap();

        let right = passwords.verify(&password.into(), &wrapped).await.unwrap();
        let wrong = passwords.verify(&"correct horse batteri".into(), &wrapped).await.unwrap();

        assert_eq!((right, wrong), (Match::RightButOld, Match::Wrong), "{password}");
        assert!(!wrapped.contains(key), "the key itself is not stored any more");
    }
    for other in ["", "no colon", "sa$lt:00", "$argon2id$v=19$m=8,t=1,p=1$", "scrypt$00$argon2id$"]
    {
        assert!(hash::wrap(HashParams::CHEAP, other, &[0; 16]).is_none(), "{other}");
    }
}

#[tokio::test]
async fn every_comparison_costs_the_same_whatever_is_stored() {
    let passwords = passwords();
    let ours = passwords.hash(&Random::seeded(1), &"a".into()).await.unwrap();
    let old = format!("{SALT}:{}", LEGACY[0].1);
    let wrapped = hash::wrap(HashParams::CHEAP, &old, &[1; 16]).unwrap();
    let cost = async |stored: Option<&str>, password: &str| {
        let before = passwords.runs_so_far();
        match stored {
            Some(stored) => drop(passwords.verify(&password.into(), stored).await.unwrap()),
            None => passwords.verify_dummy(&password.into()).await.unwrap(),
        }
        let after = passwords.runs_so_far();
        (after.argon2id - before.argon2id, after.scrypt - before.scrypt)
    };

    for stored in [Some(&*ours), None] {
        assert_eq!(cost(stored, "b").await, (1, 0), "nothing old was seen yet");
    }
    for stored in [Some(&*old), Some(&wrapped), Some(&ours), None] {
        for password in ["b", LEGACY[0].0, "b\0"] {
            assert_eq!(cost(stored, password).await, (1, 1), "{stored:?} {password}");
        }
    }
}

#[tokio::test]
async fn a_trailing_nul_is_not_the_same_password() {
    let stored = format!("{SALT}:{}", LEGACY[0].1);

    let padded = passwords().verify(&"correct horse battery\0".into(), &stored).await.unwrap();

    assert_eq!(padded, Match::Wrong);
}

#[tokio::test]
async fn a_new_hash_is_argon2id_with_its_own_salt() {
    let (passwords, random) = (Passwords::new(1, HashParams::RECOMMENDED), Random::seeded(1));
    let password = Password::from("correct horse battery staple");

    let first = passwords.hash(&random, &password).await.unwrap();
    let second = passwords.hash(&random, &password).await.unwrap();

    assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
    let parts: Vec<_> = first.split('$').collect();
    assert_eq!((parts[4].len(), parts[5].len()), (22, 43), "16 bytes of salt, 32 of hash");
    assert_ne!(first, second);
    assert_eq!(passwords.verify(&password, &first).await.unwrap(), Match::Right);
    assert_eq!(passwords.verify(&"another".into(), &first).await.unwrap(), Match::Wrong);
}

#[tokio::test]
async fn a_hash_of_weaker_parameters_is_right_and_due_for_replacement() {
    let password = Password::from("correct horse battery staple");
    let weak = passwords().hash(&Random::seeded(1), &password).await.unwrap();

    let strong = Passwords::new(1, HashParams::RECOMMENDED);

    assert_eq!(strong.verify(&password, &weak).await.unwrap(), Match::RightButOld);
    assert_eq!(passwords().verify(&password, &weak).await.unwrap(), Match::Right);
}

#[tokio::test]
async fn an_unreadable_hash_is_an_error_and_not_a_match() {
    let greedy = "$argon2id$v=19$m=4000000,t=2,p=1$bm9ib2R5IGhhcyB0aGlzLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let wrapped = ["scrypt$", "scrypt$00", "scrypt$$argon2id$", "scrypt$00$argon2id$"];
    let other = ["", "no colon", ":", "00:zz", "salt:abcd", "$argon2id$", "$2b$10$abc", greedy];
    for stored in wrapped.into_iter().chain(other) {
        let answer = passwords().verify(&"x".into(), stored).await;

        assert!(matches!(answer, Err(Error::Corrupt(_))), "{stored}: {answer:?}");
    }
}

#[tokio::test]
async fn nul_and_very_long_passwords_are_refused() {
    for (password, code) in
        [("a\0b".to_owned(), "password_characters"), ("é".repeat(513), "password_too_long")]
    {
        let answer = passwords().hash(&Random::seeded(1), &password.into()).await;

        let Err(Error::Invalid(fields)) = answer else { panic!("{answer:?}") };
        assert_eq!(fields[0].code, code);
    }
}

#[tokio::test]
async fn the_same_letters_from_another_keyboard_are_the_same_password() {
    let stored =
        passwords().hash(&Random::seeded(1), &"Cafe\u{301} \u{fb01}n 12".into()).await.unwrap();

    let answer = passwords().verify(&"Caf\u{e9} fin 12".into(), &stored).await.unwrap();

    assert_eq!(answer, Match::Right);
}

#[tokio::test]
async fn comparing_with_nothing_costs_one_hash_like_comparing_with_something() {
    let passwords = passwords();
    let stored = passwords.hash(&Random::seeded(1), &"a".into()).await.unwrap();
    let start = passwords.hashes_so_far();

    passwords.verify(&"b".into(), &stored).await.unwrap();
    passwords.verify_dummy(&"b".into()).await.unwrap();
    passwords.verify(&"b\0".into(), &stored).await.unwrap();

    assert_eq!(passwords.hashes_so_far() - start, 3);
}

#[test]
fn length_counts_utf16_units() {
    assert_eq!(Password::from("\u{1F600}".repeat(4).as_str()).utf16_len(), 8);
    assert_eq!(Password::from("é").utf16_len(), 1);
}

#[tokio::test]
async fn salts_do_not_repeat() {
    let (passwords, random) = (passwords(), Random::system());
    let mut seen = HashSet::new();
    for _ in 0..50 {
        let hash = passwords.hash(&random, &"same".into()).await.unwrap();
        assert!(seen.insert(hash));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn stored_texts_of_any_kind_never_panic(stored in "\\PC{0,80}", password in "\\PC{0,40}") {
        let _ = hash::verify(HashParams::CHEAP, &password, &stored);
    }
}
