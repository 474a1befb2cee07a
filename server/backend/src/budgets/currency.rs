//! The currency that somebody counts in when they say none.

use std::collections::BTreeMap;

use domain::Currency;

use crate::{Backend, Result, SignedIn, accounts, db::UserTx};

/// The currency of most of the caller's accounts; of the one that they keep on top, where there are as many of several.
/// US dollars before the first account.
#[tracing::instrument(name = "budgets.usual_currency", skip_all, fields(user.id = %caller.user()))]
pub async fn usual_currency(backend: &Backend, caller: &SignedIn) -> Result<Currency> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    usual(&mut tx).await
}

/// That of the person whose transaction this is.
pub(super) async fn usual(tx: &mut UserTx) -> Result<Currency> {
    let accounts = accounts::all(tx).await?;
    let known = accounts.iter().filter_map(|account| Currency::parse(&account.currency).ok());
    Ok(most(known).unwrap_or(Currency::USD))
}

/// The one that comes most often; of several, the one that came first.
fn most(currencies: impl Iterator<Item = Currency>) -> Option<Currency> {
    let mut found: BTreeMap<Currency, (usize, usize)> = BTreeMap::new();
    for (at, currency) in currencies.enumerate() {
        let (count, _) = found.entry(currency).or_insert((0, at));
        *count = count.saturating_add(1);
    }
    let best = found.into_iter().max_by_key(|(_, (count, at))| (*count, std::cmp::Reverse(*at)));
    best.map(|(currency, _)| currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_of_most_accounts_counts_and_else_the_first() {
        let of = |codes: &str| {
            most(codes.split_whitespace().map(|code| Currency::parse(code).unwrap()))
                .map(Currency::code)
        };

        assert_eq!(of(""), None);
        assert_eq!(of("EUR USD USD"), Some("USD"));
        assert_eq!(of("GBP EUR"), Some("GBP"));
        assert_eq!(of("USD EUR EUR GBP GBP"), Some("EUR"));
    }
}
