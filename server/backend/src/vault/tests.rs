use std::{collections::HashSet, path::Path, time::Duration};

use aes_gcm::{Aes256Gcm, KeyInit};
use domain::{AccountNumber, RoundId, RoutingNumber, UserId};
use proptest::prelude::*;

use super::*;
use crate::{
    both_engines, execute, fetch_one,
    testing::{TestDb, World, vault_keys},
};

fn keys(id: &str, byte: u8) -> VaultKeys {
    VaultKeys::new(vec![(id.to_owned(), [byte; 32])], None).unwrap()
}

fn field(user: &UserId) -> Field<'_> {
    Field { table: "bank_account", column: "accountNumber", row: "acc_1", user }
}

#[test]
fn the_stored_form_and_the_index_are_those_of_the_vectors() {
    // Computed with Node's crypto module.
    let user = UserId::new("user_1");
    let cipher = Aes256Gcm::new(&[7; 32].into());
    let sealed =
        envelope::seal(&cipher, "k1", [1; 12], &field(&user).bound().unwrap(), b"000123456789");

    assert_eq!(sealed.encode(), "cfr1.k1.AQEBAQEBAQEBAQEB.RtG5hqKM2Dvn4-QYtrKP5-IrG7PdRNMTShNNVQ");
    let opened = envelope::open(&cipher, &sealed, &field(&user).bound().unwrap()).unwrap();
    assert_eq!(&**opened, b"000123456789");
    let routing = RoutingNumber::parse("021000021").unwrap();
    let number = AccountNumber::parse("000123456789").ok().unwrap();
    let index = "0fa22ee7150dc799ddd40cd04e192c5c49a249f2d021bb427108b4006c965362";
    assert_eq!(keys("1", 7).blind_index(&user, &routing, &number), index);
}

#[test]
fn every_bit_of_nonce_ciphertext_tag_and_associated_data_counts() {
    let user = UserId::new("user_1");
    let cipher = Aes256Gcm::new(&[7; 32].into());
    let bound = field(&user).bound().unwrap();
    let sealed = envelope::seal(&cipher, "k1", [1; 12], &bound, b"000123456789");

    for bit in 0..sealed.nonce.len() * 8 {
        let mut nonce = sealed.nonce;
        nonce[bit / 8] ^= 1 << (bit % 8);
        let changed = Sealed { kid: "k1".to_owned(), nonce, body: sealed.body.clone() };
        assert!(envelope::open(&cipher, &changed, &bound).is_none(), "nonce, bit {bit}");
    }
    for bit in 0..sealed.body.len() * 8 {
        let mut body = sealed.body.clone();
        body[bit / 8] ^= 1 << (bit % 8);
        let changed = Sealed { kid: "k1".to_owned(), nonce: sealed.nonce, body };
        assert!(envelope::open(&cipher, &changed, &bound).is_none(), "body, bit {bit}");
    }
    for bit in 0..bound.len() * 8 {
        let mut bytes = bound.clone().into_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        // Bytes that are no text cannot be an id, and so can never be asked for.
        if let Ok(changed) = String::from_utf8(bytes) {
            assert!(envelope::open(&cipher, &sealed, &changed).is_none(), "bound to, bit {bit}");
        }
    }
}

proptest! {
    #[test]
    fn no_other_text_is_read_as_a_stored_one(text in "\\PC{0,80}") {
        let parsed = Sealed::parse(&text);
        prop_assert!(parsed.is_none_or(|sealed| sealed.encode() == text));
    }
}

both_engines! {
    async fn what_was_encrypted_is_read_again_even_by_another_process(db: TestDb) {
        let w = World::new(db).await;
        let stored = w.backend.vault.encrypt(Purpose::BankNumber, &field(w.alice.user()), "000123456789").await.unwrap();

        let other = Vault::open(&w.backend.db, &w.backend.clock, &Random::system(), vault_keys());
        let plain = other.decrypt(Purpose::BankNumber, &field(w.alice.user()), &stored).await.unwrap();

        assert_eq!(&**plain, "000123456789");
        assert!(stored.starts_with("cfr1."));
        assert!(!stored.contains("0001"));
    }

    async fn a_text_that_was_moved_to_another_row_column_table_or_person_is_not_read(db: TestDb) {
        let w = World::new(db).await;
        let (alice, mallory) = (w.alice.user(), w.mallory.user());
        let vault = &w.backend.vault;
        let stored = vault.encrypt(Purpose::BankNumber, &field(alice), "000123456789").await.unwrap();

        for elsewhere in [
            field(mallory),
            Field { row: "acc_2", ..field(alice) },
            Field { column: "routingNumber", ..field(alice) },
            Field { table: "import", ..field(alice) },
        ] {
            let moved = vault.decrypt(Purpose::BankNumber, &elsewhere, &stored).await;
            assert!(matches!(moved, Err(Error::Corrupt(_))), "{elsewhere:?}");
        }
        let other_purpose = vault.decrypt(Purpose::Routing, &field(alice), &stored).await;
        assert!(matches!(other_purpose, Err(Error::Corrupt(_))));
        let blurred = vault.encrypt(Purpose::Routing, &Field { row: "a|b", ..field(alice) }, "1").await;
        assert!(matches!(blurred, Err(Error::Corrupt(_))));
    }

    async fn every_character_of_a_stored_text_counts(db: TestDb) {
        let w = World::new(db).await;
        let vault = &w.backend.vault;
        let stored = vault.encrypt(Purpose::BankNumber, &field(w.alice.user()), "000123456789").await.unwrap();

        for bit in 0..stored.len() * 7 {
            let mut bytes = stored.clone().into_bytes();
            bytes[bit / 7] ^= 1 << (bit % 7);
            let changed = String::from_utf8(bytes).unwrap();
            let read = vault.decrypt(Purpose::BankNumber, &field(w.alice.user()), &changed).await;
            assert!(matches!(read, Err(Error::Corrupt(_))), "bit {bit}: {changed}");
        }
    }

    async fn a_hundred_thousand_writes_repeat_no_nonce_and_are_all_counted(db: TestDb) {
        let w = World::new(db).await;
        let vault = Vault::open(&w.backend.db, &w.backend.clock, &Random::system(), vault_keys());
        let mut nonces = HashSet::new();

        for _ in 0..100_000 {
            let stored = vault.encrypt(Purpose::BankNumber, &field(w.alice.user()), "1234").await.unwrap();
            assert!(nonces.insert(stored.split('.').nth(2).unwrap().to_owned()), "a nonce came twice");
        }

        let mut tx = w.backend.db.system().read().await.unwrap();
        let (uses,): (i64,) = fetch_one!(tx, r#"select "uses" from "data_key" where "state" = 'active'"#).unwrap();
        assert!((100_000..102_000).contains(&uses), "{uses}");
    }

    async fn many_processes_that_start_together_share_one_key(db: TestDb) {
        let w = World::new(db).await;
        let vaults: Vec<Vault> = (0..8)
            .map(|_| Vault::open(&w.backend.db, &w.backend.clock, &Random::system(), vault_keys()))
            .collect();

        let field = field(w.alice.user());
        let writes = vaults.iter().map(|vault| vault.encrypt(Purpose::BankNumber, &field, "1234"));
        let stored = futures::future::try_join_all(writes).await.unwrap();

        let kids: HashSet<_> = stored.iter().map(|text| text.split('.').nth(1).unwrap()).collect();
        assert_eq!(kids.len(), 1);
        for text in &stored {
            vaults[0].decrypt(Purpose::BankNumber, &field, text).await.unwrap();
        }
    }

    async fn a_key_is_replaced_after_a_year_and_after_two_to_the_thirty_uses(db: TestDb) {
        let w = World::new(db).await;
        let vault = &w.backend.vault;
        let user = w.alice.user();
        let kid = |text: &str| text.split('.').nth(1).unwrap().to_owned();
        let first = vault.encrypt(Purpose::BankNumber, &field(user), "1111").await.unwrap();

        w.backend.clock.advance(Duration::from_hours(366 * 24));
        let second = vault.encrypt(Purpose::BankNumber, &field(user), "2222").await.unwrap();
        let mut tx = w.backend.db.system().write().await.unwrap();
        execute!(tx, r#"update "data_key" set "uses" = 1073741824 where "state" = 'active'"#).unwrap();
        tx.commit().await.unwrap();
        let worn = Vault::open(&w.backend.db, &w.backend.clock, &Random::system(), vault_keys());
        let third = worn.encrypt(Purpose::BankNumber, &field(user), "3333").await.unwrap();

        assert_eq!(HashSet::from([kid(&first), kid(&second), kid(&third)]).len(), 3);
        for (text, plain) in [(&first, "1111"), (&second, "2222"), (&third, "3333")] {
            assert_eq!(&**vault.decrypt(Purpose::BankNumber, &field(user), text).await.unwrap(), plain);
        }
    }

    async fn a_data_key_under_a_new_root_stays_readable_while_the_old_root_is_given(db: TestDb) {
        let w = World::new(db).await;
        let open = |keys| Vault::open(&w.backend.db, &w.backend.clock, &Random::system(), keys);
        let old = open(keys("1", 1));
        let stored = old.encrypt(Purpose::BankNumber, &field(w.alice.user()), "1234").await.unwrap();

        let both = VaultKeys::new(vec![("2".to_owned(), [2; 32]), ("1".to_owned(), [1; 32])], None).unwrap();
        open(both).decrypt(Purpose::BankNumber, &field(w.alice.user()), &stored).await.unwrap();
        for wrong in [keys("2", 2), keys("1", 2)] {
            let read = open(wrong).decrypt(Purpose::BankNumber, &field(w.alice.user()), &stored).await;
            assert!(matches!(read, Err(Error::Corrupt(_))));
        }
    }

    async fn a_wrapped_key_cannot_serve_another_purpose(db: TestDb) {
        let w = World::new(db).await;
        let stored = w.backend.vault.encrypt(Purpose::BankNumber, &field(w.alice.user()), "1234").await.unwrap();
        let mut tx = w.backend.db.system().write().await.unwrap();
        execute!(tx, r#"update "data_key" set "purpose" = 'routing'"#).unwrap();
        tx.commit().await.unwrap();

        let other = Vault::open(&w.backend.db, &w.backend.clock, &Random::system(), vault_keys());

        assert!(matches!(other.decrypt(Purpose::Routing, &field(w.alice.user()), &stored).await, Err(Error::Corrupt(_))));
        assert!(matches!(other.encrypt(Purpose::Routing, &field(w.alice.user()), "1").await, Err(Error::Corrupt(_))));
    }

    async fn the_index_tells_people_banks_and_numbers_apart(db: TestDb) {
        let w = World::new(db).await;
        let routing = |text| RoutingNumber::parse(text).unwrap();
        let number = |text| AccountNumber::parse(text).ok().unwrap();
        let index = |user, r, n| w.backend.vault.blind_index(user, &routing(r), &number(n));
        let (alice, mallory) = (w.alice.user(), w.mallory.user());
        let base = index(alice, "021000021", "000123456789");

        assert_eq!(base, index(alice, "0210-0002-1", "0001 2345 6789"));
        assert_ne!(base, index(mallory, "021000021", "000123456789"));
        assert_ne!(base, index(alice, "011401533", "000123456789"));
        assert_ne!(base, index(alice, "021000021", "123456789"));
    }

    async fn rounds_are_counted_by_numbers_alone_and_an_answer_belongs_to_one_round(db: TestDb) {
        let w = World::new(db).await;
        let (vault, user) = (&w.backend.vault, w.alice.user());
        let routing = RoutingNumber::parse("021000021").unwrap();
        let number = |text| AccountNumber::parse(text).ok().unwrap();
        let hash = vault.number_hash(&routing, &number("000123456789"));
        let (one, other) = (RoundId::new("round-1"), RoundId::new("round-2"));
        let answer = vault.answer_hash(&one, "32,45");

        assert_eq!(hash, vault.number_hash(&routing, &number("0001 2345 6789")));
        assert_ne!(hash, vault.number_hash(&routing, &number("123456789")));
        assert_ne!(hash, vault.blind_index(user, &routing, &number("000123456789")));
        assert_eq!(answer, vault.answer_hash(&one, "32,45"));
        assert_ne!(answer, vault.answer_hash(&other, "32,45"));
        assert_ne!(answer, vault.answer_hash(&one, "32,46"));
    }

    async fn a_dump_of_the_database_holds_no_number_that_was_entered(db: TestDb) {
        let w = World::new(db.clone()).await;
        let numbers = [("021000021", "000123456789"), ("011401533", "98765432101234567"), ("322271627", "5550001")];
        for (routing, number) in numbers {
            crate::accounts::create(&w.backend, &w.alice, crate::accounts::testing::checking(routing, number), None).await.unwrap();
        }

        let dump = dump(&db).await;

        assert!(dump.windows(5).any(|part| part == b"cfr1."), "the dump shows the accounts");
        for (routing, number) in numbers {
            for secret in [routing, number] {
                let found = dump.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!found, "{secret} stands in the database");
            }
        }
    }
}

/// Everything that is stored, as bytes: the files of SQLite, every row of every table of Postgres as text.
async fn dump(db: &TestDb) -> Vec<u8> {
    match &db.settings {
        crate::db::DbSettings::Sqlite { path } => {
            let files = ["", "-wal"].map(|end| format!("{}{end}", path.display()));
            files
                .iter()
                .filter(|file| Path::new(file).exists())
                .flat_map(|file| std::fs::read(file).unwrap())
                .collect()
        }
        crate::db::DbSettings::Postgres { urls, .. } => {
            use secrecy::ExposeSecret;
            use sqlx::{Connection, Executor, Row};
            let mut owner =
                sqlx::PgConnection::connect(urls.migrate.expose_secret()).await.unwrap();
            let tables = owner
                .fetch_all(
                    "select query_to_xml(format('select * from %I', tablename), true, false, '')::text
                     from pg_tables where schemaname = 'public'",
                )
                .await
                .unwrap();
            tables.iter().flat_map(|table| table.get::<String, _>(0).into_bytes()).collect()
        }
    }
}

both_engines! {
    async fn a_waiting_text_opens_in_its_place_and_nowhere_else(db: TestDb) {
        let w = World::new(db).await;
        let vault = &w.backend.vault;

        let sealed = vault.seal_waiting("job-1", "a link");

        assert!(!sealed.contains("link"));
        assert_eq!(*vault.open_waiting("job-1", &sealed).unwrap(), "a link");
        for (place, text) in [("job-2", &*sealed), ("job-1", "cfr1.1.x"), ("job-1", &sealed[1..])] {
            assert!(matches!(vault.open_waiting(place, text), Err(Error::Corrupt(_))), "{place} {text}");
        }
    }
}
