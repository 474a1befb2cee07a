use domain::{
    AccountId, Date,
    budget::{BudgetChange, BudgetForm, State},
};
use time::{Duration, macros::date};

use super::*;
use crate::{
    Error, SignedIn,
    accounts::testing::account_of,
    both_engines,
    preferences::{self, Mails, Preferences},
    testing::{World, mails_of},
    transactions::testing::{Given, give, give_all},
};

fn form(category: &str, amount: &str) -> BudgetForm {
    BudgetForm {
        category: category.to_owned(),
        amount: amount.to_owned(),
        start_date: "2026-05-01".to_owned(),
        ..BudgetForm::default()
    }
}

async fn budget(w: &World, form: &BudgetForm) -> domain::BudgetId {
    create(&w.backend, &w.alice, form, None).await.unwrap().value
}

/// The whole form of a change, as the page posts it.
fn all_of(form: &BudgetForm, past_too: bool) -> BudgetChange {
    BudgetChange {
        amount: Some(form.amount.clone()),
        end_date: Some(form.end_date.clone()),
        rollover: Some(form.rollover.clone()),
        cap: Some(form.cap.clone()),
        prorate: Some(form.prorate),
        alert_percents: Some(form.alert_percents.clone()),
        alert_own: Some(form.alert_own.clone()),
        past_too,
    }
}

fn spent(date: Date, minor: i64, category: &'static str) -> Given {
    Given { date, category, minor, ..Given::default() }
}

/// The field and the code of the only error.
fn refusal<T: std::fmt::Debug>(result: crate::Result<T>) -> (String, String) {
    match result {
        Err(Error::Invalid(errors)) if errors.len() == 1 => {
            (errors[0].field.clone(), errors[0].code.clone())
        }
        other => panic!("{other:?}"),
    }
}

async fn account(w: &World) -> AccountId {
    account_of(&w.backend, &w.alice).await
}

async fn windows(w: &World, day: Option<Date>) -> Vec<(String, i64, i64, State)> {
    let page = page(&w.backend, &w.alice, day).await.unwrap();
    let budgets = page.budgets.into_iter();
    budgets
        .map(|budget| {
            let window = budget.window;
            (budget.category, window.spent_minor, window.remaining_minor, window.state)
        })
        .collect()
}

both_engines! {
    async fn a_group_counts_its_leaves_and_nothing_that_is_left_out(db: TestDb) {
        let w = World::new(db).await;
        let id = account(&w).await;
        budget(&w, &form("food", "100")).await;
        let rows = [
            spent(date!(2026 - 05 - 02), -4_000, "food.groceries"),
            spent(date!(2026 - 05 - 03), -1_000, "food"),
            spent(date!(2026 - 05 - 04), 500, "food.coffee"),
            spent(date!(2026 - 05 - 04), -9_999, "transport.fuel"),
            spent(date!(2026 - 04 - 30), -9_999, "food.coffee"),
            Given { transfer: true, ..spent(date!(2026 - 05 - 02), -9_999, "food") },
            Given { currency: "EUR", ..spent(date!(2026 - 05 - 02), -9_999, "food") },
            Given { status: domain::TransactionStatus::Failed, ..spent(date!(2026 - 05 - 02), -9_999, "food") },
        ];
        give_all(&w.backend, &w.alice, &id, &rows).await;
        let out = give(&w.backend, &w.alice, &id, spent(date!(2026 - 05 - 02), -9_999, "food")).await;
        let leave_out = domain::entry::EditForm { excluded: Some(true), ..Default::default() };
        crate::transactions::edit(&w.backend, &w.alice, &out, &leave_out).await.unwrap();

        assert_eq!(windows(&w, None).await, [("food".to_owned(), 4_500, 5_500, State::Fine)]);
    }

    async fn what_is_left_is_carried_from_month_to_month(db: TestDb) {
        let w = World::new(db).await;
        let id = account(&w).await;
        let full = BudgetForm { rollover: "full".to_owned(), start_date: "2026-03-01".to_owned(), ..form("food", "300") };
        budget(&w, &full).await;
        let rows = [
            spent(date!(2026 - 03 - 02), -20_000, "food.groceries"),
            spent(date!(2026 - 04 - 03), -49_500, "food.groceries"),
            spent(date!(2026 - 05 - 04), -10_000, "food.groceries"),
        ];
        give_all(&w.backend, &w.alice, &id, &rows).await;

        let april = windows(&w, Some(date!(2026 - 04 - 10))).await;
        let may = windows(&w, None).await;

        assert_eq!(april[0].2, -9_500);
        assert_eq!((may[0].2, may[0].3), (10_500, State::Fine));
    }

    async fn a_second_budget_of_one_kind_is_refused_by_name(db: TestDb) {
        let w = World::new(db).await;
        budget(&w, &form("food.groceries", "100")).await;

        let again = create(&w.backend, &w.alice, &form("food.groceries", "50"), None).await;

        let Err(Error::Invalid(errors)) = again else { panic!("{again:?}") };
        assert_eq!(errors[0].message, "You already have a monthly budget for Groceries.");
        let weekly = BudgetForm { period: "weekly".to_owned(), ..form("food.groceries", "50") };
        budget(&w, &weekly).await;
    }

    async fn the_refusal_has_its_owners_word_for_a_category(db: TestDb) {
        let w = World::new(db).await;
        let key = crate::categories::create(&w.backend, &w.alice, "food", "School lunch").await.unwrap();
        budget(&w, &form(&key, "100")).await;

        let again = create(&w.backend, &w.alice, &form(&key, "50"), None).await;

        let Err(Error::Invalid(errors)) = again else { panic!("{again:?}") };
        assert_eq!(errors[0].message, "You already have a monthly budget for School lunch.");
    }

    async fn a_budget_that_ends_later_is_live_until_then(db: TestDb) {
        let w = World::new(db).await;
        let year = BudgetForm { end_date: "2026-12-31".to_owned(), ..form("food", "100") };
        budget(&w, &year).await;

        for (start, end) in [("2026-05-01", ""), ("2026-12-31", ""), ("2026-01-01", "2026-05-31")] {
            let second = BudgetForm { start_date: start.to_owned(), end_date: end.to_owned(), ..form("food", "50") };
            let refused = create(&w.backend, &w.alice, &second, None).await;
            assert_eq!(refusal(refused), ("category".to_owned(), "budget_exists".to_owned()), "{start} {end}");
        }
        budget(&w, &BudgetForm { start_date: "2027-01-01".to_owned(), ..form("food", "50") }).await;
        budget(&w, &BudgetForm { start_date: "2026-01-01".to_owned(), end_date: "2026-04-30".to_owned(), ..form("food", "50") }).await;
    }

    async fn an_end_is_not_taken_away_where_another_budget_has_begun(db: TestDb) {
        let w = World::new(db).await;
        let id = budget(&w, &form("food", "100")).await;
        end(&w.backend, &w.alice, &id).await.unwrap();
        // On the day it ends there is room for another one.
        let second = budget(&w, &form("food", "50")).await;

        let endless = update(&w.backend, &w.alice, &id, all_of(&form("food", "100"), false)).await;
        let later = BudgetForm { end_date: "2026-06-30".to_owned(), ..form("food", "100") };
        let longer = update(&w.backend, &w.alice, &id, all_of(&later, false)).await;
        let same = BudgetForm { end_date: "2026-05-04".to_owned(), ..form("food", "120") };
        update(&w.backend, &w.alice, &id, all_of(&same, false)).await.unwrap();
        update(&w.backend, &w.alice, &second, all_of(&form("food", "60"), false)).await.unwrap();

        for refused in [endless, longer] {
            assert_eq!(refusal(refused), ("endDate".to_owned(), "budget_exists".to_owned()));
        }
        let first = get(&w.backend, &w.alice, &id).await.unwrap().budget;
        assert_eq!((first.end_date, first.amount_minor), (Some(date!(2026 - 05 - 04)), 12_000));
        delete(&w.backend, &w.alice, &second).await.unwrap();
        update(&w.backend, &w.alice, &id, all_of(&form("food", "100"), false)).await.unwrap();
        assert_eq!(get(&w.backend, &w.alice, &id).await.unwrap().budget.end_date, None);
    }

    async fn of_two_that_are_made_at_once_one_is_there(db: TestDb) {
        let w = World::new(db).await;
        let year = BudgetForm { end_date: "2026-12-31".to_owned(), ..form("food", "100") };

        let (one, other) = tokio::join!(
            create(&w.backend, &w.alice, &year, None),
            create(&w.backend, &w.alice, &year, None),
        );

        assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1);
        assert_eq!(windows(&w, None).await.len(), 1);
    }

    async fn another_amount_holds_from_this_window_on_or_for_the_past_too(db: TestDb) {
        let w = World::new(db).await;
        let early = BudgetForm { start_date: "2026-03-01".to_owned(), ..form("food", "100") };
        let id = budget(&w, &early).await;

        update(&w.backend, &w.alice, &id, all_of(&BudgetForm { amount: "200".to_owned(), ..early.clone() }, false)).await.unwrap();
        let detail = get(&w.backend, &w.alice, &id).await.unwrap();
        let worth: Vec<i64> = detail.history.iter().map(|window| window.limit_minor).collect();
        assert_eq!(worth, [10_000, 10_000, 20_000]);

        update(&w.backend, &w.alice, &id, all_of(&BudgetForm { amount: "300".to_owned(), ..early }, true)).await.unwrap();
        let detail = get(&w.backend, &w.alice, &id).await.unwrap();
        let worth: Vec<i64> = detail.history.iter().map(|window| window.limit_minor).collect();
        assert_eq!((worth, detail.revisions.len()), (vec![30_000; 3], 1));
    }

    async fn what_is_left_out_of_a_change_stays(db: TestDb) {
        let w = World::new(db).await;
        let made = BudgetForm { rollover: "full".to_owned(), cap: "50".to_owned(), prorate: true, ..form("food", "100") };
        let id = budget(&w, &made).await;

        let change = BudgetChange { end_date: Some("2026-12-31".to_owned()), ..BudgetChange::default() };
        update(&w.backend, &w.alice, &id, change).await.unwrap();
        let ends = get(&w.backend, &w.alice, &id).await.unwrap().budget;
        let change = BudgetChange { end_date: Some(String::new()), cap: Some(String::new()), prorate: Some(false), ..BudgetChange::default() };
        update(&w.backend, &w.alice, &id, change).await.unwrap();
        let endless = get(&w.backend, &w.alice, &id).await.unwrap();
        let early = BudgetChange { end_date: Some("2026-04-30".to_owned()), ..BudgetChange::default() };
        let early = update(&w.backend, &w.alice, &id, early).await;

        assert_eq!((ends.end_date, ends.amount_minor, ends.cap_minor, ends.prorate), (Some(date!(2026 - 12 - 31)), 10_000, Some(5_000), true));
        let budget = endless.budget;
        assert_eq!((budget.end_date, budget.cap_minor, budget.prorate), (None, None, false));
        assert_eq!((budget.rollover.as_str(), endless.revisions.len()), ("full", 1));
        assert_eq!(refusal(early), ("endDate".to_owned(), "budget_dates".to_owned()));
    }

    async fn a_history_has_every_window_the_newest_first(db: TestDb) {
        let w = World::new(db).await;
        let id = account(&w).await;
        let surplus = BudgetForm { rollover: "surplus".to_owned(), start_date: "2025-01-10".to_owned(), ..form("food", "100") };
        let budget = budget(&w, &surplus).await;
        give(&w.backend, &w.alice, &id, spent(date!(2025 - 01 - 12), -6_000, "food.coffee")).await;

        let all = history(&w.backend, &w.alice, &budget).await.unwrap();

        let days: Vec<(Date, Date)> = all.iter().map(|window| (window.from, window.to)).collect();
        assert_eq!((days.len(), days[0]), (17, (date!(2026 - 05 - 01), date!(2026 - 05 - 31))));
        assert_eq!(days[16], (date!(2025 - 01 - 10), date!(2025 - 01 - 31)));
        assert_eq!((all[16].spent_minor, all[15].carry_minor), (6_000, 4_000));
        let from = all[15].carried_from.map(|window| window.from);
        assert_eq!((all[16].carried_from, from), (None, Some(date!(2025 - 01 - 10))));
    }

    async fn a_budget_counts_in_the_currency_of_most_accounts(db: TestDb) {
        let w = World::new(db).await;
        assert_eq!(usual_currency(&w.backend, &w.alice).await.unwrap().code(), "USD");
        for (name, currency) in [("Wallet", "USD"), ("Girokonto", "EUR"), ("Sparbuch", "EUR")] {
            let new = crate::accounts::testing::by_hand(name, currency);
            crate::accounts::create(&w.backend, &w.alice, new, None).await.unwrap();
        }

        let id = budget(&w, &form("food", "100")).await;
        let dollars = budget(&w, &BudgetForm { currency: "USD".to_owned(), ..form("food", "100") }).await;

        assert_eq!(get(&w.backend, &w.alice, &id).await.unwrap().budget.currency, "EUR");
        assert_eq!(get(&w.backend, &w.alice, &dollars).await.unwrap().budget.currency, "USD");
        assert_eq!(usual_currency(&w.backend, &w.mallory).await.unwrap().code(), "USD");
    }

    async fn windows_begin_where_their_owner_begins_them(db: TestDb) {
        let w = World::new(db).await;
        let chosen = Preferences { month_start: 15, ..Preferences::default() };
        preferences::set(&w.backend, &w.alice, &chosen).await.unwrap();

        let whole = BudgetForm { from_start: true, start_date: String::new(), ..form("food", "100") };
        budget(&w, &whole).await;

        let window = page(&w.backend, &w.alice, None).await.unwrap().budgets.remove(0).window;
        assert_eq!((window.from, window.to), (date!(2026 - 04 - 15), date!(2026 - 05 - 14)));
    }

    async fn what_no_budget_counts_is_listed_with_a_suggestion(db: TestDb) {
        let w = World::new(db).await;
        let id = account(&w).await;
        budget(&w, &form("food", "100")).await;
        let mut rows = vec![
            spent(date!(2026 - 05 - 02), -700, "food.coffee"),
            spent(date!(2026 - 05 - 02), -6_000, "transport.fuel"),
        ];
        for (month, minor) in [(11, -1_000), (12, -2_000), (1, -3_000), (2, -4_000), (3, -5_000), (4, -6_000)] {
            let year = if month > 6 { 2025 } else { 2026 };
            let date = Date::from_calendar_date(year, time::Month::try_from(month).unwrap(), 3).unwrap();
            rows.push(spent(date, minor, "transport.fuel"));
        }
        give_all(&w.backend, &w.alice, &id, &rows).await;

        let page = page(&w.backend, &w.alice, None).await.unwrap();

        let rest: Vec<_> = page.unbudgeted.iter().map(|rest| (&*rest.category, rest.spent_minor, rest.suggested_minor)).collect();
        assert_eq!(rest, [("transport.fuel", 6_000, 3_500)]);
    }

    async fn twelve_months_are_replayed_before_a_budget_is_made(db: TestDb) {
        let w = World::new(db).await;
        let id = account(&w).await;
        give(&w.backend, &w.alice, &id, spent(date!(2026 - 04 - 02), -20_000, "food.coffee")).await;

        let replay = preview(&w.backend, &w.alice, &form("food", "100")).await.unwrap();

        assert_eq!((replay.windows.len(), replay.over), (12, 1));
        assert!(page(&w.backend, &w.alice, None).await.unwrap().budgets.is_empty());
    }

    async fn somebody_is_told_once_in_each_window(db: TestDb) {
        let w = World::new(db).await;
        let id = account(&w).await;
        budget(&w, &form("food", "100")).await;
        give(&w.backend, &w.alice, &id, spent(date!(2026 - 05 - 02), -8_000, "food.coffee")).await;
        let subjects = async |w: &World| {
            look(&w.backend, w.alice.user()).await.unwrap();
            let mails = mails_of(&w.backend, "alice@example.com").await;
            let mut subjects: Vec<String> = mails.into_iter().map(|mail| mail.subject).collect();
            subjects.sort();
            subjects
        };

        assert_eq!(subjects(&w).await, ["Food is near its limit"]);
        assert_eq!(subjects(&w).await.len(), 1);
        give(&w.backend, &w.alice, &id, spent(date!(2026 - 05 - 03), -3_000, "food.coffee")).await;
        assert_eq!(subjects(&w).await, ["Food is near its limit", "Food is over budget"]);
        give(&w.backend, &w.alice, &id, spent(date!(2026 - 05 - 03), 5_000, "food.coffee")).await;
        give(&w.backend, &w.alice, &id, spent(date!(2026 - 05 - 03), -5_000, "food.coffee")).await;
        assert_eq!(subjects(&w).await.len(), 2);
        w.backend.clock.advance(std::time::Duration::from_hours(24 * 31));
        give(&w.backend, &w.alice, &id, spent(date!(2026 - 06 - 03), -30_000, "food.coffee")).await;
        assert_eq!(subjects(&w).await.len(), 3);
    }

    async fn each_budget_has_thresholds_of_its_own(db: TestDb) {
        let w = World::new(db).await;
        let id = account(&w).await;
        let alerts = |category, percents: &str| BudgetForm { alert_percents: percents.to_owned(), ..form(category, "100") };
        budget(&w, &alerts("food", "none")).await;
        budget(&w, &alerts("transport", "100")).await;
        let own = budget(&w, &BudgetForm { alert_own: "60 %".to_owned(), ..alerts("travel", "own") }).await;
        let rows = ["food", "transport", "travel"].map(|category| spent(date!(2026 - 05 - 02), -8_500, category));
        give_all(&w.backend, &w.alice, &id, &rows).await;
        let subjects = async |w: &World| {
            look(&w.backend, w.alice.user()).await.unwrap();
            let mails = mails_of(&w.backend, "alice@example.com").await;
            let mut subjects: Vec<String> = mails.into_iter().map(|mail| mail.subject).collect();
            subjects.sort();
            subjects
        };

        assert_eq!(subjects(&w).await, ["Travel has used 60 percent of its budget"]);
        // What lies below a threshold that somebody was told of says nothing new.
        let change = |percents: &str| BudgetChange { alert_percents: Some(percents.to_owned()), ..BudgetChange::default() };
        update(&w.backend, &w.alice, &own, change("50,90")).await.unwrap();
        assert_eq!(get(&w.backend, &w.alice, &own).await.unwrap().budget.alerts.percents(), [50, 90]);
        assert_eq!(subjects(&w).await.len(), 1);
        let rows = ["food", "transport", "travel"].map(|category| spent(date!(2026 - 05 - 03), -2_000, category));
        give_all(&w.backend, &w.alice, &id, &rows).await;
        assert_eq!(subjects(&w).await, [
            "Transport is over budget", "Travel has used 60 percent of its budget", "Travel is near its limit",
        ]);
    }

    async fn a_change_is_looked_back_over_and_changes_nothing(db: TestDb) {
        let w = World::new(db).await;
        let id = account(&w).await;
        let own = budget(&w, &form("food", "100")).await;
        // Its months begin where they did, whatever they begin with now.
        let chosen = Preferences { month_start: 15, ..Preferences::default() };
        preferences::set(&w.backend, &w.alice, &chosen).await.unwrap();
        give(&w.backend, &w.alice, &id, spent(date!(2026 - 04 - 20), -20_000, "food.coffee")).await;
        let change = |amount: &str| BudgetChange { amount: Some(amount.to_owned()), ..BudgetChange::default() };

        let replay = preview_change(&w.backend, &w.alice, &own, change("250")).await.unwrap();
        let tight = preview_change(&w.backend, &w.alice, &own, change("150")).await.unwrap();
        let wrong = preview_change(&w.backend, &w.alice, &own, change("0")).await;
        let theirs = preview_change(&w.backend, &w.mallory, &own, change("5")).await;

        let last = &replay.windows[11];
        assert_eq!((replay.windows.len(), last.from, last.to), (12, date!(2026 - 04 - 01), date!(2026 - 04 - 30)));
        assert_eq!((last.spent_minor, last.remaining_minor, replay.over, tight.over), (20_000, 5_000, 0, 1));
        assert_eq!(refusal(wrong), ("amount".to_owned(), "budget_amount".to_owned()));
        assert!(matches!(theirs, Err(Error::NotFound(_))));
        assert_eq!(get(&w.backend, &w.alice, &own).await.unwrap().budget.amount_minor, 10_000);
    }

    async fn nobody_who_said_no_is_told(db: TestDb) {
        let w = World::new(db).await;
        let id = account(&w).await;
        let chosen = Preferences {
            mails: Mails { budgets: false, ..Mails::default() },
            ..Preferences::default()
        };
        preferences::set(&w.backend, &w.alice, &chosen).await.unwrap();
        budget(&w, &form("food", "100")).await;
        give(&w.backend, &w.alice, &id, spent(date!(2026 - 05 - 02), -80_000, "food.coffee")).await;

        look(&w.backend, w.alice.user()).await.unwrap();

        assert!(mails_of(&w.backend, "alice@example.com").await.is_empty());
    }

    async fn a_budget_ends_with_its_history_or_goes_without(db: TestDb) {
        let w = World::new(db).await;
        let id = budget(&w, &form("food", "100")).await;

        end(&w.backend, &w.alice, &id).await.unwrap();
        assert_eq!(get(&w.backend, &w.alice, &id).await.unwrap().budget.end_date, Some(date!(2026 - 05 - 04)));
        w.backend.clock.advance(std::time::Duration::from_hours(24));
        assert!(page(&w.backend, &w.alice, None).await.unwrap().budgets.is_empty());
        // Ended again, it has not lived any longer.
        end(&w.backend, &w.alice, &id).await.unwrap();
        assert_eq!(get(&w.backend, &w.alice, &id).await.unwrap().budget.end_date, Some(date!(2026 - 05 - 04)));
        budget(&w, &form("food", "50")).await;

        delete(&w.backend, &w.alice, &id).await.unwrap();
        assert!(matches!(get(&w.backend, &w.alice, &id).await, Err(Error::NotFound(_))));
    }

    async fn somebody_elses_budget_is_not_found(db: TestDb) {
        let w = World::new(db).await;
        let id = budget(&w, &form("food", "100")).await;
        let mallory: &SignedIn = &w.mallory;

        assert!(matches!(get(&w.backend, mallory, &id).await, Err(Error::NotFound(_))));
        assert!(matches!(update(&w.backend, mallory, &id, all_of(&form("food", "1"), true)).await, Err(Error::NotFound(_))));
        assert!(matches!(end(&w.backend, mallory, &id).await, Err(Error::NotFound(_))));
        assert!(matches!(history(&w.backend, mallory, &id).await, Err(Error::NotFound(_))));
        assert!(matches!(delete(&w.backend, mallory, &id).await, Err(Error::NotFound(_))));
        assert!(page(&w.backend, mallory, None).await.unwrap().budgets.is_empty());
        assert_eq!(get(&w.backend, &w.alice, &id).await.unwrap().budget.amount_minor, 10_000);
    }
}

#[test]
fn what_is_carried_needs_every_row_since_the_start() {
    let today = date!(2026 - 05 - 04);
    assert_eq!(page::reach(&[], today), (today, today + Duration::ZERO));
}
