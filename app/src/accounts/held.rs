//! What accounts hold: the bank's word where a bank gives it, and beside it what the rows in the app come to, where that is
//! something else (spec: banking 6).

use domain::{AccountView, Money};
use leptos::prelude::*;

use crate::ui::Amount;

/// Amounts added up, one for each currency, in the order they first appear. Two currencies are never added.
pub(crate) fn add_up(amounts: impl IntoIterator<Item = Money>) -> Vec<Money> {
    let mut sums: Vec<Money> = Vec::new();
    for money in amounts {
        match sums.iter_mut().find(|sum| sum.currency == money.currency) {
            Some(sum) => *sum = sum.checked_add(money).unwrap_or(*sum),
            None => sums.push(money),
        }
    }
    sums
}

/// What accounts hold together in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Total {
    /// As the accounts show it one by one.
    pub held: Money,
    /// What the rows in the app come to, where that is something else.
    pub in_app: Option<Money>,
}

/// What these accounts hold together, one total for each currency.
pub(crate) fn totals(accounts: &[AccountView]) -> Vec<Total> {
    let held = add_up(accounts.iter().filter_map(AccountView::held));
    let in_app = add_up(accounts.iter().filter_map(AccountView::balance));
    held.into_iter()
        .map(|held| {
            let in_app = in_app.iter().find(|sum| sum.currency == held.currency);
            Total { held, in_app: in_app.copied().filter(|sum| *sum != held) }
        })
        .collect()
}

/// "In the app $980.00", small, under what the bank says; nothing where both say the same.
#[component]
pub(crate) fn InApp(
    /// What the rows come to, where it is something else.
    money: Option<Money>,
    /// The way to these rows.
    #[prop(optional, into)]
    href: Option<String>,
) -> AnyView {
    let Some(money) = money else { return ().into_any() };
    let amount = view! { <Amount money/> };
    let amount = match href {
        None => amount.into_any(),
        Some(href) => {
            view! { <a href=href class="figure-link inline-flex min-h-6 items-center">{amount}</a> }
                .into_any()
        }
    };
    view! {
        <span class="block text-caption font-normal text-ink-2" data-testid="in-app">"In the app " {amount}</span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, AccountStatus, AccountType, Currency};
    use time::macros::datetime;

    use super::*;

    fn account(currency: &str, balance_minor: i64, bank: Option<i64>) -> AccountView {
        AccountView {
            id: AccountId::new("a1"),
            bank_name: "First Harbor".to_owned(),
            account_type: AccountType::Checking,
            account_nickname: None,
            status: AccountStatus::Active,
            suspended: None,
            archived_at: None,
            mask: None,
            number_is_token: false,
            currency: currency.to_owned(),
            balance_minor,
            bank_balance_minor: bank,
            transactions: 0,
            invented: false,
            updated_at: datetime!(2026-06-10 12:00 UTC),
            created_at: datetime!(2026-06-01 12:00 UTC),
        }
    }

    #[test]
    fn totals_are_of_what_the_rows_show_and_two_currencies_are_never_added() {
        let accounts = [
            account("USD", 1_000, Some(1_240)),
            account("EUR", 500, Some(500)),
            account("USD", -300, None),
            account("???", 7, None),
        ];

        let totals: Vec<_> = totals(&accounts)
            .into_iter()
            .map(|total| (total.held.to_string(), total.in_app.map(|sum| sum.to_string())))
            .collect();

        let expected = [("$9.40".to_owned(), Some("$7.00".to_owned())), ("€5.00".to_owned(), None)];
        assert_eq!(totals, expected);
    }

    #[test]
    fn what_is_the_same_is_not_said_twice() {
        let html = |money| Owner::new().with(|| view! { <InApp money/> }.to_html());

        let differs = html(Some(Money::new(98_000, Currency::USD)));
        assert!(differs.contains("In the app ") && differs.contains("$980.00"), "{differs}");
        assert!(!html(None).contains("In the app"));
    }
}
