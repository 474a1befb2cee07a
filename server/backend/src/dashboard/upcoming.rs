//! What should come in the next days, with what is at hand after each.

use domain::{AccountId, AccountType, AccountView, Currency, Money};
use time::Duration;

use crate::recurring::{Coming, RecurringPage};

/// How far ahead is told.
const UPCOMING: Duration = Duration::days(14);

/// One row that should come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upcoming {
    /// The row.
    pub row: Coming,
    /// Its amount; nothing when the currency is unknown to this version.
    pub money: Option<Money>,
    /// What is at hand after it, where it is paid from there.
    pub balance: Option<Money>,
}

/// What can be paid with: the checking and cash accounts, and what is in them in each currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtHand {
    /// The accounts.
    pub accounts: Vec<AccountId>,
    /// One sum a currency.
    pub sums: Vec<Money>,
}

impl AtHand {
    /// What is in checking and cash accounts, as they are shown.
    pub fn of(accounts: &[AccountView]) -> Self {
        let is_at_hand = |account: &&AccountView| {
            matches!(account.account_type, AccountType::Checking | AccountType::Cash)
        };
        let mut at_hand = Self::default();
        for account in accounts.iter().filter(is_at_hand) {
            let Some(balance) = account.held() else { continue };
            at_hand.accounts.push(account.id.clone());
            match at_hand.sums.iter_mut().find(|sum| sum.currency == balance.currency) {
                Some(sum) => *sum = sum.checked_add(balance).unwrap_or(*sum),
                None => at_hand.sums.push(balance),
            }
        }
        at_hand
    }

    /// What is left after this row; nothing where it is no row of these accounts.
    fn after(&mut self, row: &Coming, money: Money) -> Option<Money> {
        if !self.accounts.contains(&row.account) {
            return None;
        }
        let held = self.sums.iter_mut().find(|held| held.currency == money.currency)?;
        *held = held.checked_add(money)?;
        Some(*held)
    }
}

/// What should come in the next 14 days, by day, with the balance after each.
pub fn upcoming(recurring: &RecurringPage, at_hand: AtHand) -> Vec<Upcoming> {
    let end = recurring.today.saturating_add(UPCOMING);
    let coming = recurring.coming.iter().filter(|row| row.date <= end);
    with_balances(coming.cloned(), at_hand)
}

/// Each row with its amount and the balance after it.
fn with_balances(coming: impl Iterator<Item = Coming>, mut at_hand: AtHand) -> Vec<Upcoming> {
    coming
        .map(|row| {
            let currency = Currency::parse(&row.currency).ok();
            let money = currency.map(|currency| Money::new(row.amount_minor, currency));
            let balance = money.and_then(|money| at_hand.after(&row, money));
            Upcoming { row, money, balance }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::SeriesId;
    use time::macros::date;

    use super::*;

    #[test]
    fn balances_run_on_over_what_is_paid_from_the_accounts_at_hand() {
        let coming = |account: &str, currency: &str, amount_minor| Coming {
            date: date!(2026 - 06 - 10),
            series: SeriesId::new("s1"),
            account: AccountId::new(account),
            merchant: "Shop".to_owned(),
            amount_minor,
            currency: currency.to_owned(),
        };
        let coming = [
            coming("checking", "USD", -100),
            coming("checking", "EUR", -5),
            coming("card", "USD", -1_500),
            coming("checking", "USD", 1_000),
        ];
        let at_hand = AtHand {
            accounts: vec![AccountId::new("checking")],
            sums: vec![Money::new(50, Currency::USD)],
        };

        let rows = with_balances(coming.into_iter(), at_hand);

        let balances: Vec<Option<i64>> =
            rows.into_iter().map(|row| row.balance.map(|money| money.minor)).collect();
        assert_eq!(balances, [Some(-50), None, None, Some(950)]);
    }
}
