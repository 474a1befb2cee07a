//! The order of currencies on the page: the one that is used most comes first, in every card.

use domain::AccountView;

/// How currencies stand: by the number of transactions, then of accounts, then by code.
#[derive(Clone, Debug)]
pub struct CurrencyOrder(Vec<String>);

impl CurrencyOrder {
    /// The order that fits these accounts.
    pub fn of(accounts: &[AccountView]) -> Self {
        let mut used: Vec<(&str, i64, usize)> = Vec::new();
        for account in accounts {
            match used.iter_mut().find(|(code, ..)| *code == account.currency) {
                Some((_, rows, number)) => {
                    *rows += account.transactions;
                    *number += 1;
                }
                None => used.push((&account.currency, account.transactions, 1)),
            }
        }
        used.sort_by(|a, b| (b.1, b.2, a.0).cmp(&(a.1, a.2, b.0)));
        Self(used.into_iter().map(|(code, ..)| code.to_owned()).collect())
    }

    /// Puts entries into this order; a currency without an account comes last.
    pub fn sort<T>(&self, entries: &mut [T], code: impl Fn(&T) -> &str) {
        entries.sort_by_key(|entry| {
            let code = code(entry);
            self.0.iter().position(|known| known == code).unwrap_or(usize::MAX)
        });
    }
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, AccountStatus, AccountType};
    use time::macros::datetime;

    use super::*;

    fn account(currency: &str, transactions: i64) -> AccountView {
        AccountView {
            id: AccountId::new(currency),
            bank_name: "First Harbor".to_owned(),
            account_type: AccountType::Checking,
            account_nickname: None,
            status: AccountStatus::Active,
            suspended: None,
            archived_at: None,
            mask: None,
            number_is_token: false,
            currency: currency.to_owned(),
            balance_minor: 0,
            bank_balance_minor: None,
            transactions,
            invented: false,
            updated_at: datetime!(2026-06-10 12:00 UTC),
            created_at: datetime!(2026-06-10 12:00 UTC),
        }
    }

    #[test]
    fn the_currency_that_is_used_most_comes_first() {
        let accounts =
            [account("EUR", 12), account("JPY", 0), account("USD", 60), account("CHF", 0)];
        let mut codes = vec!["CHF", "EUR", "GBP", "JPY", "USD"];

        CurrencyOrder::of(&accounts).sort(&mut codes, |code| code);

        assert_eq!(codes, ["USD", "EUR", "CHF", "JPY", "GBP"]);
    }
}
