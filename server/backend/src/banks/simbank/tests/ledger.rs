//! The ledger as a pure function.

use std::collections::BTreeMap;

use domain::Date;
use proptest::prelude::*;
use time::{Duration, macros::date};

use super::super::{
    bulk,
    cursor::Mark,
    dice,
    institutions::{self, BIG},
    ledger::{Change, Ledger},
};
use crate::banks::ProviderRow;

const OPENED: Date = date!(2026 - 05 - 04);

fn with_ledger<T>(
    seed: &str,
    institution: &str,
    login: &str,
    look: impl Fn(&Ledger<'_>) -> T,
) -> T {
    let account_id = |key: &str| key.to_owned();
    look(&Ledger {
        seed: dice::seed(&[seed]),
        institution,
        accounts: institutions::accounts(institution, login),
        since: bulk::first_day(OPENED),
        extras: &[],
        account_id: &account_id,
    })
}

fn mark(day: Date) -> Mark {
    Mark { day, extras: 0 }
}

/// A reader's own copy of the rows.
#[derive(Default)]
struct Copy(BTreeMap<String, ProviderRow>);

impl Copy {
    fn take(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Added(row) => assert!(self.0.insert(row.id.clone(), row).is_none()),
                Change::Modified(row) => assert!(self.0.insert(row.id.clone(), row).is_some()),
                Change::Removed(id) => assert!(self.0.remove(&id).is_some(), "{id}"),
            }
        }
    }

    fn read(&mut self, ledger: &Ledger<'_>, from: Option<Date>, to: Date, limit: usize) {
        let mut offset = 0;
        loop {
            let part = ledger.part(from.map(mark), mark(to), offset, limit);
            offset += part.changes.len();
            self.take(part.changes);
            if !part.has_more {
                return;
            }
        }
    }
}

fn all(ledger: &Ledger<'_>, day: Date) -> BTreeMap<String, ProviderRow> {
    let mut copy = Copy::default();
    copy.read(ledger, None, day, 10_000);
    copy.0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_reader_who_comes_now_and_then_knows_what_one_who_comes_late_is_told(
        seed in "[a-z]{1,8}",
        steps in prop::collection::vec((0_i64..40, 1_usize..60), 1..8),
    ) {
        let (now_and_then, late) = with_ledger(&seed, "sim_first_harbor", "mfa", |ledger| {
            let (mut copy, mut known, mut day) = (Copy::default(), None, OPENED);
            for (days, limit) in &steps {
                day += Duration::days(*days);
                copy.read(ledger, known, day, *limit);
                known = Some(day);
            }
            (copy.0, all(ledger, day))
        });

        prop_assert_eq!(now_and_then, late);
    }

    #[test]
    fn moving_the_clock_changes_no_booked_row(seed in "[a-z]{1,8}", days in 2_i64..300) {
        let (before, after) = with_ledger(&seed, "sim_first_harbor", "demo", |ledger| {
            (all(ledger, OPENED), all(ledger, OPENED + Duration::days(days)))
        });

        let booked = before.values().filter(|row| !row.pending);
        for row in booked {
            let later = &after[&row.id];
            // The shop's name may be found a day later.
            let named = ProviderRow { merchant: later.merchant.clone(), ..row.clone() };
            prop_assert_eq!(later, &named);
        }
    }

    #[test]
    fn a_balance_is_what_the_booked_rows_add_up_to(seed in "[a-z]{1,8}", days in 0_i64..60) {
        with_ledger(&seed, "sim_first_harbor", "mfa", |ledger| {
            let day = OPENED + Duration::days(days);
            let rows = all(ledger, day);
            for account in ledger.accounts {
                let of = |pending: bool| -> i64 {
                    let own = rows.values().filter(|row| row.account == account.key);
                    own.filter(|row| row.pending == pending).map(|row| row.minor).sum()
                };
                let balance = ledger.balance(account, day);
                assert_eq!(balance.booked, account.base_minor + of(false), "{}", account.key);
                assert!(balance.available <= balance.booked);
            }
        });
    }
}

#[test]
fn the_same_seed_and_day_give_the_same_bytes() {
    let digest = with_ledger("ada", "sim_first_harbor", "demo", |ledger| {
        let rows: Vec<ProviderRow> = all(ledger, OPENED).into_values().collect();
        dice::name(&[&format!("{rows:?}")])
    });

    // Computed once and written down: a change here is a change of everybody's past.
    assert_eq!(digest, "0ab5d9214138e7284d67a4da");
}

#[test]
fn two_years_hold_every_shape_that_a_ledger_must_bear() {
    let rows = with_ledger("ada", "sim_first_harbor", "demo", |ledger| all(ledger, OPENED));
    let of = |text: &str| -> Vec<&ProviderRow> {
        let mut found: Vec<_> =
            rows.values().filter(|row| row.description.contains(text)).collect();
        found.sort_by_key(|row| row.date);
        found
    };

    let salary = of("PAYROLL");
    assert!((51..=53).contains(&salary.len()), "{}", salary.len());
    assert!(salary.windows(2).all(|two| two[1].date - two[0].date == Duration::days(14)));
    assert!(of("RENT").iter().all(|row| row.date.next_day().unwrap().day() == 1));
    assert_eq!(of("RENT").len(), 24);
    let prices: Vec<i64> = of("LUMEN").iter().map(|row| -row.minor).collect();
    assert!(prices.windows(2).all(|two| two[0] <= two[1]) && prices[0] < prices[23], "{prices:?}");
    assert_eq!(of("ANNUAL PREMIUM").len(), 2);
    let nimbus: Vec<&str> = of("NIMBUS").iter().filter_map(|row| row.merchant.as_deref()).collect();
    assert!(nimbus.len() >= 46 && nimbus.iter().all(|name| *name == "Nimbus"));

    let coats = of("OAK & LINEN");
    let back = coats.iter().find(|row| row.minor > 0).unwrap();
    let bought = coats.iter().find(|row| row.minor == -back.minor).unwrap();
    assert_eq!(domain::Month::containing(bought.date).next(), domain::Month::containing(back.date));

    let (out, inward) = (of("TRANSFER TO SAVINGS"), of("TRANSFER FROM CHECKING"));
    assert!(out.len() >= 23 && out.len() == inward.len());
    for (out, inward) in out.iter().zip(&inward) {
        assert_eq!((out.minor, out.date + Duration::DAY), (-inward.minor, inward.date));
        assert!(out.is_transfer && inward.is_transfer && out.account != inward.account);
    }

    let fares = of("METRO TRANSIT");
    assert!(fares.chunks(2).all(|two| two[0].date == two[1].date && two[0].minor == two[1].minor));
    let holds = of("HOTEL HOLD");
    assert!(holds.iter().all(|row| row.pending && row.date == date!(2026 - 05 - 02)), "{holds:?}");
    assert_eq!(holds.len(), 1);
    let euros = rows.values().filter(|row| row.account == "euro").count();
    assert!(euros > 100, "{euros}");
    assert!(
        rows.values()
            .all(|row| row.account != "euro" || row.currency.as_ref().unwrap().code() == "EUR")
    );
}

#[test]
fn tips_and_fuel_are_pending_with_another_amount() {
    with_ledger("ada", "sim_first_harbor", "demo", |ledger| {
        let mut seen = (0, 0, 0);
        for n in 0..120 {
            let (day, before) = (OPENED + Duration::days(n + 1), OPENED + Duration::days(n));
            for change in ledger.part(Some(mark(before)), mark(day), 0, 1_000).changes {
                let Change::Added(row) = change else { continue };
                if row.description.contains("NOODLE") && !row.pending {
                    *(if row.pending_id.is_some() { &mut seen.0 } else { &mut seen.1 }) += 1;
                }
                if row.description.contains("FUEL") && row.pending {
                    assert_eq!(row.minor, -12_500);
                    seen.2 += 1;
                }
            }
        }
        assert!(seen.0 > 5 && seen.1 > 5 && seen.2 > 5, "{seen:?}");
    });
}

#[test]
fn big_ledger_has_a_hundred_thousand_rows_and_any_part_of_them_is_found_at_once() {
    with_ledger("ada", BIG, "demo", |ledger| {
        let whole = ledger.part(None, mark(OPENED), 0, 200_000);
        assert_eq!((whole.changes.len(), whole.has_more), (100_000, false));

        let part = ledger.part(None, mark(OPENED), 73_210, 500);
        assert!(part.has_more);
        assert_eq!(part.changes, whole.changes[73_210..73_710]);
        let last = ledger.part(None, mark(OPENED), 99_500, 500);
        assert_eq!((last.changes.len(), last.has_more), (500, false));
        let next = ledger.part(Some(mark(OPENED)), mark(OPENED + Duration::DAY), 0, 500);
        assert!((100..200).contains(&next.changes.len()), "{}", next.changes.len());
    });
}
