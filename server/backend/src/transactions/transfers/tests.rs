use domain::{
    AccountId, PairId, TransactionId, TransactionType,
    budget::BudgetForm,
    entry::{EditForm, TransactionDetail},
    import::ImportOptions,
    ledger::splits::{PartForm, SplitForm},
    rules::{ActionForm, ConditionForm, RuleForm},
};
use time::macros::date;

use super::*;
use crate::{
    Error, accounts,
    accounts::testing::{account_of, by_hand},
    both_engines, budgets, dashboard, execute, fetch_all, imports,
    preferences::{self, Preferences},
    rules,
    testing::World,
    transactions::{
        self,
        testing::{Given, give},
    },
};

const OUT: Given = Given {
    date: date!(2026 - 05 - 02),
    description: "ONLINE XFER",
    category: "uncategorized",
    transfer: false,
    status: domain::TransactionStatus::Completed,
    minor: -50_000,
    currency: "USD",
    source: "csv",
};
const INTO: Given =
    Given { date: date!(2026 - 05 - 04), description: "DEPOSIT", minor: 50_000, ..OUT };
/// With these it is as good as certain.
const SURE: Given = Given { date: date!(2026 - 05 - 02), description: "TRANSFER", ..INTO };

struct Two {
    w: World,
    wallet: AccountId,
    savings: AccountId,
    out: TransactionId,
    into: TransactionId,
}

impl Two {
    async fn with(w: World, out: Given, into: Given) -> Self {
        let wallet = account_of(&w.backend, &w.alice).await;
        let savings = accounts::create(&w.backend, &w.alice, by_hand("Box", "USD"), None).await;
        let savings = savings.unwrap().value.id;
        let out = give(&w.backend, &w.alice, &wallet, out).await;
        let into = give(&w.backend, &w.alice, &savings, into).await;
        look(&w.backend, w.alice.user()).await.unwrap();
        Self { w, wallet, savings, out, into }
    }

    async fn look(&self) {
        look(&self.w.backend, self.w.alice.user()).await.unwrap();
    }

    async fn suggested(&self) -> Vec<PairId> {
        let mut tx = self.w.backend.db.as_user(self.w.alice.user()).read().await.unwrap();
        let found = open(&mut tx, None, 10).await.unwrap();
        assert_eq!(i64::try_from(found.len()).unwrap(), count(&mut tx).await.unwrap());
        found.into_iter().map(|one| one.id).collect()
    }

    /// Its bank changes what went out.
    async fn costs(&self, minor: i64) {
        costs(&self.w, &self.out, minor).await;
    }

    async fn row(&self, id: &TransactionId) -> TransactionDetail {
        transactions::get(&self.w.backend, &self.w.alice, id).await.unwrap()
    }

    /// What both rows are: their type, their category, whether they are paired.
    async fn are(&self) -> [(TransactionType, String, bool); 2] {
        let is = |row: TransactionDetail| (row.r#type, row.category, row.transfer.is_some());
        [is(self.row(&self.out).await), is(self.row(&self.into).await)]
    }

    /// Income and spending of May, of every row.
    async fn month(&self) -> Vec<(i64, i64)> {
        let month = Some("2026-05".parse().unwrap());
        let found = dashboard::load(&self.w.backend, &self.w.alice, month).await.unwrap();
        let spent: i64 = found.spending.iter().flat_map(|one| &one.days).map(|day| day.minor).sum();
        let categories: i64 = found.categories.iter().map(|total| total.minor).sum();
        assert_eq!(spent, -categories);
        found.month_sums.into_iter().map(|sum| (sum.in_minor, sum.out_minor)).collect()
    }
}

/// The bank changes the amount of a row of Alice's.
async fn costs(w: &World, id: &TransactionId, minor: i64) {
    let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
    execute!(
        tx,
        r#"update "transaction" set "amountMinor" = $3 where "userId" = $1 and "id" = $2"#,
        w.alice.user(),
        id,
        minor,
    )
    .unwrap();
    tx.commit().await.unwrap();
}

fn plain() -> [(TransactionType, String, bool); 2] {
    [TransactionType::Debit, TransactionType::Credit]
        .map(|is| (is, "uncategorized".to_owned(), false))
}

fn paired() -> [(TransactionType, String, bool); 2] {
    [(); 2].map(|()| (TransactionType::Transfer, "transfer.cash".to_owned(), true))
}

both_engines! {
    async fn what_is_as_good_as_certain_is_linked_and_counts_as_nothing(db: TestDb) {
        let w = World::new(db).await;
        let t = Two::with(w, Given { description: "TRANSFER", ..OUT }, SURE).await;

        assert_eq!(t.are().await, paired());
        let side = t.row(&t.out).await.transfer.unwrap();
        assert!(side.auto && side.other == t.into);
        assert_eq!(t.month().await, []);
        assert!(t.suggested().await.is_empty());
        let again = t.row(&t.out).await;
        t.look().await;
        assert_eq!(t.row(&t.out).await, again, "the same rows give the same pairs");
    }

    async fn a_rule_that_names_the_other_account_decides_between_two(db: TestDb) {
        let w = World::new(db).await;
        let (backend, alice) = (&w.backend, &w.alice);
        let wallet = account_of(backend, alice).await;
        let mut others = Vec::new();
        for name in ["Box", "Jar"] {
            let made = accounts::create(backend, alice, by_hand(name, "USD"), None).await;
            others.push(made.unwrap().value.id);
        }
        let form = RuleForm {
            conditions: vec![ConditionForm {
                field: "description".to_owned(),
                value: "zelle".to_owned(),
                ..ConditionForm::default()
            }],
            actions: vec![ActionForm { kind: "transfer".to_owned(), value: others[1].to_string() }],
            ..RuleForm::default()
        };
        rules::create(backend, alice, "To the jar", &form).await.unwrap();
        let out = give(backend, alice, &wallet, Given { description: "ZELLE 881", ..OUT }).await;
        give(backend, alice, &others[0], SURE).await;
        let jar = give(backend, alice, &others[1], Given { description: "DEPOSIT", ..SURE }).await;

        look(backend, alice.user()).await.unwrap();

        let side = transactions::get(backend, alice, &out).await.unwrap().transfer.unwrap();
        assert_eq!((side.other, side.auto), (jar, true));
    }

    async fn a_suggestion_changes_nothing_until_it_is_confirmed_and_is_taken_apart_for_good(db: TestDb) {
        let t = Two::with(World::new(db).await, OUT, INTO).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let suggested = t.suggested().await;
        assert_eq!(suggested.len(), 1);
        assert_eq!((t.are().await, t.month().await), (plain(), vec![(50_000, -50_000)]));

        confirm(backend, alice, &suggested[0]).await.unwrap();
        assert_eq!((t.are().await, t.month().await), (paired(), vec![]));
        assert!(!t.row(&t.into).await.transfer.unwrap().auto);
        assert!(matches!(confirm(backend, alice, &suggested[0]).await, Err(Error::NotFound(_))));
        unlink(backend, alice, &suggested[0]).await.unwrap();
        t.look().await;

        assert_eq!((t.are().await, t.month().await), (plain(), vec![(50_000, -50_000)]));
        assert!(t.suggested().await.is_empty());
    }

    async fn what_was_turned_down_is_not_suggested_again_unless_that_was_a_slip(db: TestDb) {
        let t = Two::with(World::new(db).await, OUT, INTO).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let suggested = t.suggested().await;

        reject(backend, alice, &suggested[0]).await.unwrap();
        t.look().await;
        assert!(t.suggested().await.is_empty());
        take_back(backend, alice, &suggested[0]).await.unwrap();
        t.look().await;
        assert_eq!(t.suggested().await, suggested);
        confirm(backend, alice, &suggested[0]).await.unwrap();
        take_back(backend, alice, &suggested[0]).await.unwrap();
        t.look().await;

        assert_eq!((t.are().await, t.suggested().await), (plain(), suggested));
    }

    async fn nobody_decides_about_somebody_elses_rows(db: TestDb) {
        let t = Two::with(World::new(db).await, OUT, INTO).await;
        let (backend, mallory) = (&t.w.backend, &t.w.mallory);
        let pair = t.suggested().await.remove(0);
        let own = account_of(backend, mallory).await;
        let hers = give(backend, mallory, &own, INTO).await;

        for refused in [
            confirm(backend, mallory, &pair).await,
            reject(backend, mallory, &pair).await,
            unlink(backend, mallory, &pair).await,
            take_back(backend, mallory, &pair).await,
            link(backend, mallory, &t.out, &t.into).await.map(drop),
            link(backend, mallory, &hers, &t.out).await.map(drop),
            candidates(backend, mallory, &t.out).await.map(drop),
        ] {
            assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
        }
        let mut tx = backend.db.as_user(mallory.user()).read().await.unwrap();
        assert_eq!((open(&mut tx, None, 10).await.unwrap().len(), count(&mut tx).await.unwrap()), (0, 0));
        drop(tx);
        assert!(candidates(backend, mallory, &hers).await.unwrap().is_empty());
        assert_eq!((t.are().await, t.suggested().await), (plain(), vec![pair]));
    }

    async fn two_rows_are_linked_by_hand_and_leave_budgets(db: TestDb) {
        let groceries = Given { category: "food.groceries", description: "CORNER MARKET", ..OUT };
        let t = Two::with(World::new(db).await, groceries, INTO).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let form = BudgetForm {
            category: "food".to_owned(),
            amount: "600".to_owned(),
            start_date: "2026-05-01".to_owned(),
            ..BudgetForm::default()
        };
        budgets::create(backend, alice, &form, None).await.unwrap();
        let spent = async || budgets::page(backend, alice, None).await.unwrap().budgets[0].window.spent_minor;
        assert_eq!((t.suggested().await.len(), spent().await), (0, 50_000));

        let pair = link(backend, alice, &t.into, &t.out).await.unwrap();
        assert_eq!((t.are().await, spent().await, t.month().await), (paired(), 0, vec![]));
        // What its owner says about a side afterwards is theirs.
        let form = EditForm { category: Some("giving".to_owned()), ..EditForm::default() };
        transactions::edit(backend, alice, &t.into, &form).await.unwrap();
        assert_eq!(t.month().await, []);
        unlink(backend, alice, &pair).await.unwrap();

        let [out, into] = t.are().await;
        assert_eq!((out.1.as_str(), into.1.as_str(), spent().await), ("food.groceries", "giving", 50_000));
    }

    async fn a_pair_that_was_turned_down_can_still_be_linked_by_hand(db: TestDb) {
        let t = Two::with(World::new(db).await, OUT, INTO).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        reject(backend, alice, &t.suggested().await[0]).await.unwrap();

        link(backend, alice, &t.out, &t.into).await.unwrap();
        t.look().await;

        assert_eq!(t.are().await, paired());
    }

    async fn what_cannot_be_two_sides_is_refused_at_its_field(db: TestDb) {
        let t = Two::with(World::new(db).await, OUT, INTO).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let beside = give(backend, alice, &t.wallet, INTO).await;
        let other = give(backend, alice, &t.savings, Given { minor: 49_999, ..INTO }).await;
        let refused = async |one: &TransactionId, two: &TransactionId| match link(backend, alice, one, two).await {
            Err(Error::Invalid(fields)) => fields[0].code.clone(),
            done => panic!("{done:?}"),
        };

        assert_eq!(refused(&t.out, &beside).await, "pair_sides");
        assert_eq!(refused(&t.out, &other).await, "pair_sides");
        let part = |amount: &str| PartForm { amount: amount.to_owned(), category: "travel".to_owned(), ..PartForm::default() };
        let halves = SplitForm { parts: vec![part("250"), part("250")] };
        transactions::split(backend, alice, &t.into, &halves).await.unwrap();
        assert_eq!(refused(&t.out, &t.into).await, "pair_taken");
        assert!(candidates(backend, alice, &t.into).await.unwrap().is_empty());
        t.look().await;
        assert!(t.suggested().await.is_empty(), "what is split is no side");
    }

    async fn the_other_side_is_looked_for_by_amount_and_by_day(db: TestDb) {
        let t = Two::with(World::new(db).await, OUT, INTO).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let euros = accounts::create(backend, alice, by_hand("Euros", "EUR"), None).await.unwrap().value.id;
        let late = give(backend, alice, &t.savings, Given { date: date!(2026 - 04 - 20), ..INTO }).await;
        let abroad = give(backend, alice, &euros, Given { currency: "EUR", minor: 46_000, ..INTO }).await;
        for never in [
            Given { date: date!(2026 - 03 - 01), ..INTO },
            Given { minor: 50_001, ..INTO },
            Given { status: domain::TransactionStatus::Failed, ..INTO },
            OUT,
        ] {
            give(backend, alice, &t.savings, never).await;
        }

        let found = candidates(backend, alice, &t.out).await.unwrap();

        let found: Vec<TransactionId> = found.into_iter().map(|one| one.id).collect();
        assert_eq!(found, [t.into.clone(), late, abroad.clone()]);
        link(backend, alice, &t.out, &abroad).await.unwrap();
        assert_eq!(t.row(&abroad).await.r#type, TransactionType::Transfer);
    }

    async fn a_side_that_goes_gives_the_other_one_back(db: TestDb) {
        let t = Two::with(World::new(db).await, Given { description: "TRANSFER", ..OUT }, SURE).await;
        let mut tx = t.w.backend.db.as_user(t.w.alice.user()).write().await.unwrap();
        execute!(
            tx,
            r#"update "transaction" set "status" = 'failed' where "userId" = $1 and "id" = $2"#,
            t.w.alice.user(),
            &t.into,
        )
        .unwrap();
        tx.commit().await.unwrap();

        // The bank posts it again under another id.
        let again = give(&t.w.backend, &t.w.alice, &t.savings, SURE).await;
        t.look().await;

        assert_eq!(t.row(&t.out).await.transfer.unwrap().other, again);
        let failed = t.row(&t.into).await;
        assert_eq!((failed.r#type, failed.transfer), (TransactionType::Credit, None));
    }

    async fn a_side_whose_other_account_is_deleted_stays_a_transfer_that_can_be_paired_anew(db: TestDb) {
        let t = Two::with(World::new(db).await, Given { description: "TRANSFER", ..OUT }, SURE).await;
        accounts::delete(&t.w.backend, &t.w.alice, &t.savings).await.unwrap();

        t.look().await;

        let out = t.row(&t.out).await;
        assert_eq!((out.r#type, out.transfer), (TransactionType::Transfer, None));
        assert_eq!(t.month().await, []);
        let mut tx = t.w.backend.db.as_user(t.w.alice.user()).read().await.unwrap();
        let torn: Vec<(String,)> = fetch_all!(
            tx,
            r#"select "id" from "transaction" where "userId" = $1 and "transferId" is not null"#,
            t.w.alice.user(),
        )
        .unwrap();
        assert_eq!(torn, []);
    }

    async fn whoever_wants_no_transfers_found_gets_none(db: TestDb) {
        let t = Two::with(World::new(db).await, OUT, INTO).await;
        let off = Preferences { match_transfers: false, ..Preferences::default() };
        preferences::set(&t.w.backend, &t.w.alice, &off).await.unwrap();

        t.look().await;

        assert!(t.suggested().await.is_empty());
    }

    async fn an_import_that_is_undone_gives_the_other_side_back(db: TestDb) {
        let w = World::new(db).await;
        let (backend, alice) = (&w.backend, &w.alice);
        let wallet = account_of(backend, alice).await;
        let savings = accounts::create(backend, alice, by_hand("Box", "USD"), None).await.unwrap().value.id;
        let out = give(backend, alice, &wallet, Given { description: "TRANSFER", ..OUT }).await;
        let file = "Date,Description,Amount\n2026-05-02,TRANSFER,500.00".as_bytes().to_vec();
        let import = imports::upload(backend, alice, &savings, "bank.csv", file).await.unwrap();
        let (options, choice) = (ImportOptions::default(), imports::Choice::default());
        imports::apply(backend, alice, &import, &options, &choice, None).await.unwrap();
        look(backend, alice.user()).await.unwrap();
        let is = async || {
            let row = transactions::get(backend, alice, &out).await.unwrap();
            (row.r#type, row.category, row.transfer.is_some())
        };
        assert_eq!((is().await.0, is().await.2), (TransactionType::Transfer, true));

        imports::undo(backend, alice, &import).await.unwrap();

        assert_eq!(is().await, (TransactionType::Debit, "uncategorized".to_owned(), false));
    }

    async fn a_transfer_whose_amount_changes_is_put_before_its_owner_again(db: TestDb) {
        let t = Two::with(World::new(db).await, OUT, INTO).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let pair = t.suggested().await.remove(0);
        confirm(backend, alice, &pair).await.unwrap();
        t.look().await;
        assert_eq!(t.are().await, paired(), "nothing has changed yet");

        t.costs(-52_300).await;
        t.look().await;

        assert_eq!((t.are().await, t.suggested().await), (plain(), vec![pair.clone()]));
        assert_eq!(t.month().await, [(50_000, -52_300)], "both count again");
        let mut tx = backend.db.as_user(alice.user()).read().await.unwrap();
        assert!(!open(&mut tx, None, 10).await.unwrap()[0].fits());
        drop(tx);
        let refused = confirm(backend, alice, &pair).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        t.look().await;
        assert_eq!(t.suggested().await, std::slice::from_ref(&pair), "it waits for its owner");
        t.costs(-50_000).await;
        t.look().await;
        let again = t.suggested().await;
        assert_eq!(again.len(), 1);
        let mut tx = backend.db.as_user(alice.user()).read().await.unwrap();
        assert!(open(&mut tx, None, 10).await.unwrap()[0].fits());
        drop(tx);
        confirm(backend, alice, &again[0]).await.unwrap();
        assert_eq!(t.are().await, paired());
    }

    async fn what_was_a_transfer_is_turned_down_for_good_when_its_owner_says_so(db: TestDb) {
        let t = Two::with(World::new(db).await, OUT, INTO).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let pair = link(backend, alice, &t.out, &t.into).await.unwrap();
        t.costs(-52_300).await;
        t.look().await;
        assert_eq!(t.suggested().await, std::slice::from_ref(&pair));

        reject(backend, alice, &pair).await.unwrap();
        t.look().await;
        t.costs(-50_000).await;
        t.look().await;

        assert_eq!((t.are().await, t.suggested().await), (plain(), vec![]));
    }

    async fn a_transfer_that_we_found_is_none_any_more_when_an_amount_changes(db: TestDb) {
        let t = Two::with(World::new(db).await, Given { description: "TRANSFER", ..OUT }, SURE).await;
        assert_eq!(t.are().await, paired());

        t.costs(-52_300).await;
        t.look().await;

        assert_eq!((t.are().await, t.suggested().await), (plain(), vec![]));
    }

    async fn two_currencies_may_differ_as_long_as_one_goes_and_one_comes(db: TestDb) {
        let t = Two::with(World::new(db).await, OUT, INTO).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let euros = accounts::create(backend, alice, by_hand("Euros", "EUR"), None).await.unwrap().value.id;
        let abroad = give(backend, alice, &euros, Given { currency: "EUR", minor: 46_000, ..INTO }).await;
        let pair = link(backend, alice, &t.out, &abroad).await.unwrap();

        t.costs(-52_300).await;
        t.look().await;
        assert_eq!(t.row(&t.out).await.transfer.unwrap().other, abroad);
        t.costs(52_300).await;
        t.look().await;

        assert_eq!(t.row(&t.out).await.transfer, None);
        assert_eq!(t.suggested().await, [pair]);
    }

    async fn what_we_find_ourselves_is_no_edit_before_an_undo(db: TestDb) {
        let w = World::new(db).await;
        let (backend, alice) = (&w.backend, &w.alice);
        let wallet = account_of(backend, alice).await;
        let savings = accounts::create(backend, alice, by_hand("Box", "USD"), None).await.unwrap().value.id;
        let out = give(backend, alice, &wallet, Given { description: "TRANSFER", ..OUT }).await;
        let file = "Date,Description,Amount\n2026-05-02,TRANSFER,500.00".as_bytes().to_vec();
        let import = imports::upload(backend, alice, &savings, "bank.csv", file).await.unwrap();
        let (options, choice) = (ImportOptions::default(), imports::Choice::default());
        imports::apply(backend, alice, &import, &options, &choice, None).await.unwrap();
        w.backend.clock.advance(std::time::Duration::from_mins(1));
        let edited = async || imports::edited_since(backend, alice, &import).await.unwrap();

        look(backend, alice.user()).await.unwrap();
        let side = transactions::get(backend, alice, &out).await.unwrap().transfer.unwrap();
        assert_eq!(edited().await, 0);
        // Found, and taken apart again because the bank changed the other side.
        w.backend.clock.advance(std::time::Duration::from_mins(1));
        costs(&w, &out, -52_300).await;
        look(backend, alice.user()).await.unwrap();
        assert!(transactions::get(backend, alice, &out).await.unwrap().transfer.is_none());
        assert_eq!(edited().await, 0);
        costs(&w, &out, -50_000).await;
        link(backend, alice, &out, &side.other).await.unwrap();

        assert_eq!(edited().await, 1, "what its owner links, they would miss");
    }

    async fn a_suggestion_whose_amount_has_changed_is_refused(db: TestDb) {
        let two = Two::with(World::new(db).await, OUT, INTO).await;
        let pair = two.suggested().await.remove(0);
        let (backend, alice) = (&two.w.backend, &two.w.alice);
        two.costs(-52_300).await;

        let refused = confirm(backend, alice, &pair).await;

        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        assert_eq!(two.are().await, plain());
    }
}
