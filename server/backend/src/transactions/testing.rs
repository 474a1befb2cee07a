//! Transactions for tests.

use domain::{
    AccountId, Date, TransactionId, TransactionStatus, TransactionType, states::doubt::DoubtKind,
};
use time::macros::date;

use super::{NewTransaction, duplicates::suspect, insert};
use crate::{Backend, SignedIn, execute};

/// What a test says about a row; the rest is a coffee.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// The date at the bank.
    pub date: Date,
    /// The bank's text.
    pub description: &'static str,
    /// The key of the category.
    pub category: &'static str,
    /// A transfer, or by the sign of the amount.
    pub transfer: bool,
    /// How far the bank is.
    pub status: TransactionStatus,
    /// Minor units.
    pub minor: i64,
    /// ISO 4217.
    pub currency: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

impl Default for Given {
    fn default() -> Self {
        Self {
            date: date!(2026 - 05 - 04),
            description: "Coffee",
            category: "food.coffee",
            transfer: false,
            status: TransactionStatus::Completed,
            minor: -450,
            currency: "USD",
            source: "manual",
        }
    }
}

/// Adds one row.
pub async fn give(
    backend: &Backend,
    who: &SignedIn,
    account: &AccountId,
    given: Given,
) -> TransactionId {
    give_all(backend, who, account, &[given]).await.remove(0)
}

/// Adds many rows; answers their ids.
pub async fn give_all(
    backend: &Backend,
    who: &SignedIn,
    account: &AccountId,
    given: &[Given],
) -> Vec<TransactionId> {
    let rows: Vec<NewTransaction> = given.iter().map(|given| row(backend, given)).collect();
    let mut tx = backend.db.as_user(who.user()).write().await.expect("a transaction");
    insert(&mut tx, account, None, &rows, backend.clock.now().into()).await.expect("new rows");
    tx.commit().await.expect("a commit");
    rows.into_iter().map(|row| TransactionId::new(row.id)).collect()
}

/// Files a doubt: these two of somebody's rows may be one, and the first would stay.
pub async fn doubt(backend: &Backend, who: &SignedIn, kept: &TransactionId, other: &TransactionId) {
    let mut tx = backend.db.as_user(who.user()).write().await.expect("a transaction");
    suspect(&mut tx, backend, kept, other, DoubtKind::Copy).await.expect("a doubt");
    tx.commit().await.expect("a commit");
}

/// Says that a row of somebody's comes from elsewhere.
pub async fn becomes(backend: &Backend, who: &SignedIn, id: &TransactionId, source: &str) {
    let mut tx = backend.db.as_user(who.user()).write().await.expect("a transaction");
    execute!(
        tx,
        r#"update "transaction" set "source" = $3 where "userId" = $1 and "id" = $2"#,
        who.user(),
        id,
        source,
    )
    .expect("a row");
    tx.commit().await.expect("a commit");
}

fn row(backend: &Backend, given: &Given) -> NewTransaction {
    let (id, text, currency) =
        (backend.new_id(), given.description.to_owned(), given.currency.to_owned());
    NewTransaction {
        category: given.category.to_owned(),
        r#type: if given.transfer {
            TransactionType::Transfer
        } else {
            TransactionType::of(given.minor)
        },
        status: given.status,
        ..NewTransaction::plain(id, given.date, text, given.minor, currency, given.source)
    }
}
