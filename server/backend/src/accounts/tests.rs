use domain::TransactionStatus;

use super::{testing::*, *};
use crate::{
    both_engines,
    db::UserTx,
    fetch_one,
    idempotency::{Key, Once},
    testing::World,
    transactions::testing::{Given, give},
};

const ROUTING: &str = "021000021";
const NUMBER: &str = "000123456789";

async fn stored(
    w: &World,
    who: &SignedIn,
    id: &AccountId,
) -> (Option<String>, Option<String>, Option<String>) {
    let mut tx: UserTx = w.backend.db.as_user(who.user()).read().await.unwrap();
    fetch_one!(
        tx,
        r#"select "accountNumber", "routingNumber", "numberIndex" from "bank_account" where "userId" = $1 and "id" = $2"#,
        who.user(),
        id,
    )
    .unwrap()
}

both_engines! {
    async fn an_account_with_numbers_is_pending_and_shows_only_its_mask(db: TestDb) {
        let w = World::new(db).await;

        let account = create(&w.backend, &w.alice, checking(ROUTING, NUMBER), None).await.unwrap().value;

        assert_eq!(account.status, AccountStatus::Pending);
        assert_eq!(account.mask.as_deref(), Some("6789"));
        let json = serde_json::to_string(&account).unwrap();
        assert!(!json.contains(NUMBER) && !json.contains(ROUTING), "{json}");
        let (number, routing, index) = stored(&w, &w.alice, &account.id).await;
        assert!(number.unwrap().starts_with("cfr1.") && routing.unwrap().starts_with("cfr1."));
        assert_eq!(index.unwrap().len(), 64);
    }

    async fn an_account_kept_by_hand_is_active_and_has_nothing_to_hide(db: TestDb) {
        let w = World::new(db).await;

        let account = create(&w.backend, &w.alice, by_hand("Wallet", "EUR"), None).await.unwrap().value;

        assert_eq!((account.status, account.mask.as_deref()), (AccountStatus::Active, None));
        assert_eq!(stored(&w, &w.alice, &account.id).await, (None, None, None));
    }

    async fn an_account_that_is_put_away_keeps_its_rows_and_loses_its_number(db: TestDb) {
        let w = World::new(db).await;
        let id = create(&w.backend, &w.alice, checking(ROUTING, NUMBER), None).await.unwrap().value.id;
        give(&w.backend, &w.alice, &id, Given::default()).await;

        let away = archive(&w.backend, &w.alice, &id).await.unwrap();
        let again = archive(&w.backend, &w.alice, &id).await.unwrap();

        assert!(away.archived_at.is_some());
        assert_eq!(again, away);
        assert_eq!(list(&w.backend, &w.alice).await.unwrap(), []);
        assert_eq!(archived(&w.backend, &w.alice).await.unwrap(), std::slice::from_ref(&away));
        assert_eq!(archived(&w.backend, &w.mallory).await.unwrap(), []);
        assert_eq!(get(&w.backend, &w.alice, &id).await.unwrap().transactions, 1);
        assert_eq!(stored(&w, &w.alice, &id).await, (None, None, None));
        // The numbers are free for another account of the same person.
        create(&w.backend, &w.alice, checking(ROUTING, NUMBER), None).await.unwrap();

        let back = unarchive(&w.backend, &w.alice, &id).await.unwrap();

        assert_eq!((back.archived_at, back.transactions), (None, 1));
        assert_eq!(unarchive(&w.backend, &w.alice, &id).await.unwrap(), back);
        assert_eq!(list(&w.backend, &w.alice).await.unwrap().len(), 2);
        assert_eq!(stored(&w, &w.alice, &id).await, (None, None, None));
    }

    async fn nobody_puts_away_what_is_somebody_elses(db: TestDb) {
        let w = World::new(db).await;
        let id = account_of(&w.backend, &w.alice).await;

        let away = archive(&w.backend, &w.mallory, &id).await;
        archive(&w.backend, &w.alice, &id).await.unwrap();
        let back = unarchive(&w.backend, &w.mallory, &id).await;

        assert!(matches!(away, Err(Error::NotFound(_))) && matches!(back, Err(Error::NotFound(_))));
        assert_eq!(archived(&w.backend, &w.alice).await.unwrap().len(), 1);
    }

    async fn the_stored_number_is_that_of_its_row_and_owner(db: TestDb) {
        use crate::vault::{Field, Purpose};
        let w = World::new(db).await;
        let id = create(&w.backend, &w.alice, checking(ROUTING, NUMBER), None).await.unwrap().value.id;
        let (number, routing, _) = stored(&w, &w.alice, &id).await;
        let field = |column| Field { table: "bank_account", column, row: id.as_str(), user: w.alice.user() };

        let vault = &w.backend.vault;
        let number = vault.decrypt(Purpose::BankNumber, &field("accountNumber"), &number.unwrap()).await.unwrap();
        let routing = vault.decrypt(Purpose::Routing, &field("routingNumber"), &routing.unwrap()).await.unwrap();

        assert_eq!((&**number, &**routing), (NUMBER, ROUTING));
    }

    async fn the_same_numbers_again_are_a_duplicate_for_one_person_and_fine_for_another(db: TestDb) {
        let w = World::new(db).await;
        create(&w.backend, &w.alice, checking(ROUTING, NUMBER), None).await.unwrap();

        let again = create(&w.backend, &w.alice, checking("0210-00021", "0001 2345 6789"), None).await;
        let other = create(&w.backend, &w.mallory, checking(ROUTING, NUMBER), None).await;

        let Err(Error::Invalid(fields)) = again else { panic!("{again:?}") };
        assert_eq!((&*fields[0].field, &*fields[0].code), ("accountNumber", "account_duplicate"));
        assert!(other.is_ok());
        assert_eq!(list(&w.backend, &w.alice).await.unwrap().len(), 1);
    }

    async fn twenty_at_once_with_the_same_numbers_make_one_account(db: TestDb) {
        let w = World::new(db).await;

        let tries = (0..20).map(|_| create(&w.backend, &w.alice, checking(ROUTING, NUMBER), None));
        let made = futures::future::join_all(tries).await.into_iter().flatten().count();

        assert_eq!(made, 1);
    }

    async fn a_request_with_a_key_makes_one_account_and_keeps_its_refusal(db: TestDb) {
        let w = World::new(db).await;
        let once = |key: &str| Once::new(&Key::parse(key).unwrap(), "accounts.create", b"body");

        let first = create(&w.backend, &w.alice, checking(ROUTING, NUMBER), Some(&once("first-key-0000001"))).await.unwrap();
        let again = create(&w.backend, &w.alice, checking(ROUTING, NUMBER), Some(&once("first-key-0000001"))).await.unwrap();
        let refused = create(&w.backend, &w.alice, checking(ROUTING, NUMBER), Some(&once("second-key-000001"))).await;
        delete(&w.backend, &w.alice, &first.value.id).await.unwrap();
        let still = create(&w.backend, &w.alice, checking(ROUTING, NUMBER), Some(&once("second-key-000001"))).await;

        assert!(again.replayed);
        assert_eq!(first.value, again.value);
        for answer in [refused, still] {
            assert!(matches!(&answer, Err(Error::Invalid(f)) if f[0].code == "account_duplicate"), "{answer:?}");
        }
    }

    async fn the_balance_is_the_sum_of_completed_rows_in_the_accounts_currency(db: TestDb) {
        let w = World::new(db).await;
        let id = account_of(&w.backend, &w.alice).await;
        let empty = account_of(&w.backend, &w.alice).await;
        for (minor, status, currency) in [
            (10_000, TransactionStatus::Completed, "USD"),
            (-2_500, TransactionStatus::Completed, "USD"),
            (-100, TransactionStatus::Pending, "USD"),
            (-999, TransactionStatus::Failed, "USD"),
            (-70, TransactionStatus::Completed, "EUR"),
        ] {
            give(&w.backend, &w.alice, &id, Given { status, minor, currency, ..Given::default() }).await;
        }

        let accounts = list(&w.backend, &w.alice).await.unwrap();

        let of = |id: &AccountId| accounts.iter().find(|a| a.id == *id).map(|a| (a.balance_minor, a.transactions));
        assert_eq!(of(&id), Some((7_500, 4)));
        assert_eq!(of(&empty), Some((0, 0)));
        let one = get(&w.backend, &w.alice, &id).await.unwrap();
        assert!(accounts.contains(&one), "{one:?}");
    }

    async fn a_new_name_keeps_the_rest_and_an_empty_nickname_takes_it_away(db: TestDb) {
        let w = World::new(db).await;
        let id = account_of(&w.backend, &w.alice).await;
        let change = |name, nickname| AccountChange::parse(name, nickname).unwrap();

        let named = update(&w.backend, &w.alice, &id, &change(None, Some(" My  purse "))).await.unwrap();
        let moved = update(&w.backend, &w.alice, &id, &change(Some("Drawer"), None)).await.unwrap();
        let bare = update(&w.backend, &w.alice, &id, &change(None, Some(""))).await.unwrap();

        assert_eq!((named.bank_name.as_str(), named.account_nickname.as_deref()), ("Wallet", Some("My purse")));
        assert_eq!((moved.bank_name.as_str(), moved.account_nickname.as_deref()), ("Drawer", Some("My purse")));
        assert_eq!((bare.bank_name.as_str(), bare.account_nickname), ("Drawer", None));
    }

    async fn deleting_takes_the_rows_along_and_frees_the_numbers(db: TestDb) {
        let w = World::new(db).await;
        let id = create(&w.backend, &w.alice, checking(ROUTING, NUMBER), None).await.unwrap().value.id;
        give(&w.backend, &w.alice, &id, Given::default()).await;
        give(&w.backend, &w.alice, &id, Given::default()).await;

        let deleted = delete(&w.backend, &w.alice, &id).await.unwrap();

        assert_eq!(deleted.transactions, 2);
        assert!(list(&w.backend, &w.alice).await.unwrap().is_empty());
        create(&w.backend, &w.alice, checking(ROUTING, NUMBER), None).await.unwrap();
    }

    async fn a_person_who_goes_takes_their_money_along(db: TestDb) {
        let w = World::new(db).await;
        let id = account_of(&w.backend, &w.alice).await;
        give(&w.backend, &w.alice, &id, Given::default()).await;

        let mut tx = w.backend.db.system().write().await.unwrap();
        execute!(tx, r#"delete from "user" where "id" = $1"#, w.alice.user()).unwrap();
        tx.commit().await.unwrap();

        assert!(list(&w.backend, &w.alice).await.unwrap().is_empty());
        let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
        let left: Vec<(String,)> = fetch_all!(
            tx,
            r#"
            select "accountId" from "transaction" where "userId" = $1
            union all select "accountId" from "ledger_sum" where "userId" = $1
            "#,
            w.alice.user(),
        )
        .unwrap();
        assert_eq!(left, []);
    }

    async fn mallory_cannot_see_rename_or_delete_an_account_of_alice(db: TestDb) {
        let w = World::new(db).await;
        let id = account_of(&w.backend, &w.alice).await;
        give(&w.backend, &w.alice, &id, Given::default()).await;
        let change = AccountChange::parse(Some("Mine"), None).unwrap();

        let seen = get(&w.backend, &w.mallory, &id).await;
        let renamed = update(&w.backend, &w.mallory, &id, &change).await;
        let deleted = delete(&w.backend, &w.mallory, &id).await;

        assert!(matches!(seen, Err(Error::NotFound("account"))), "{seen:?}");
        assert!(matches!(renamed, Err(Error::NotFound("account"))), "{renamed:?}");
        assert!(matches!(deleted, Err(Error::NotFound("account"))), "{deleted:?}");
        assert!(list(&w.backend, &w.mallory).await.unwrap().is_empty());
        let account = get(&w.backend, &w.alice, &id).await.unwrap();
        assert_eq!((account.bank_name.as_str(), account.transactions), ("Wallet", 1));
    }
}

#[test]
fn every_error_of_a_change_is_said_at_once() {
    let errors = AccountChange::parse(Some("  "), Some(&"n".repeat(41))).unwrap_err();

    let said: Vec<_> = errors.iter().map(|e| (e.field.as_str(), e.code.as_str())).collect();
    assert_eq!(said, [("bankName", "bank_name_required"), ("accountNickname", "nickname_length")]);
}
