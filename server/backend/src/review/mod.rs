//! What waits for a look: rows without a category, possible copies, suggested transfers, prices that rose.

#[cfg(test)]
mod tests;

use domain::{recurring::SeriesView, review::Kind};
use serde::{Deserialize, Serialize};

use crate::{
    Backend, Result, SignedIn,
    db::UserTx,
    preferences, recurring,
    transactions::{
        self, Unsorted,
        duplicates::{self, Doubt},
        transfers::{self, Suggestion},
    },
};

/// How many are shown at a time.
const SHOWN: usize = 10;

/// How many wait of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Rows without a category.
    pub unsorted: i64,
    /// Pairs of rows that may be one.
    pub duplicates: i64,
    /// Pairs of rows that may be a transfer.
    pub transfers: i64,
    /// Prices that rose.
    pub prices: i64,
}

impl Counts {
    /// How many wait of one kind.
    pub const fn of(self, kind: Kind) -> i64 {
        match kind {
            Kind::Unsorted => self.unsorted,
            Kind::Duplicates => self.duplicates,
            Kind::Transfers => self.transfers,
            Kind::Prices => self.prices,
        }
    }

    /// How many wait.
    pub fn all(self) -> i64 {
        Kind::ALL.iter().map(|kind| self.of(*kind)).sum()
    }
}

/// What waits, counted, with the prices themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// How many.
    pub counts: Counts,
    /// What costs more now.
    pub rises: Vec<SeriesView>,
}

/// Things of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "items")]
pub enum Items {
    /// Rows without a category.
    Unsorted(Vec<Unsorted>),
    /// Two rows that may be one.
    Duplicates(Vec<Doubt>),
    /// Two rows that may be a transfer.
    Transfers(Vec<Suggestion>),
    /// What costs more now.
    Prices(Vec<SeriesView>),
}

/// A page of what waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReviewPage {
    /// How many wait of each kind.
    pub counts: Counts,
    /// The kind that is shown.
    pub kind: Kind,
    /// What is shown.
    pub items: Items,
    /// Where the next page begins: an id.
    pub next: Option<String>,
}

/// What waits for the caller, without the rows.
#[tracing::instrument(name = "review.waiting", skip_all, fields(user.id = %caller.user()))]
pub async fn waiting(backend: &Backend, caller: &SignedIn) -> Result<Waiting> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    waiting_in(&mut tx, backend).await
}

async fn waiting_in(tx: &mut UserTx, backend: &Backend) -> Result<Waiting> {
    let today = preferences::today(tx, backend).await?;
    let rises = recurring::rises(tx, today).await?;
    let counts = Counts {
        unsorted: transactions::count_unsorted(tx).await?,
        duplicates: duplicates::count(tx).await?,
        transfers: transfers::count(tx).await?,
        prices: i64::try_from(rises.len()).unwrap_or(i64::MAX),
    };
    Ok(Waiting { counts, rises })
}

/// Rows without a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsortedPage {
    /// The newest first.
    pub items: Vec<Unsorted>,
    /// Where the next page begins, if there is one: an id.
    pub next: Option<String>,
}

/// One page of the caller's rows without a category. `after` is where the page before it ended.
#[tracing::instrument(name = "review.unsorted", skip_all, fields(user.id = %caller.user()))]
pub async fn unsorted(
    backend: &Backend,
    caller: &SignedIn,
    after: Option<&str>,
) -> Result<UnsortedPage> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    unsorted_in(&mut tx, after).await
}

async fn unsorted_in(tx: &mut UserTx, after: Option<&str>) -> Result<UnsortedPage> {
    let rows = transactions::unsorted(tx, after, limit()).await?;
    let (items, next) = cut(rows, |one| one.row.id.to_string());
    Ok(UnsortedPage { items, next })
}

/// One more than are shown: it says whether there are others.
fn limit() -> i64 {
    i64::try_from(SHOWN + 1).unwrap_or(i64::MAX)
}

/// One page of what waits for the caller: of this kind, or of the first that has anything. `after` is where the page
/// before it ended.
#[tracing::instrument(name = "review.page", skip_all, fields(user.id = %caller.user()))]
pub async fn page(
    backend: &Backend,
    caller: &SignedIn,
    kind: Option<Kind>,
    after: Option<&str>,
) -> Result<ReviewPage> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let Waiting { counts, rises } = waiting_in(&mut tx, backend).await?;
    let waits = || Kind::ALL.iter().copied().find(|kind| counts.of(*kind) > 0);
    let kind = kind.or_else(waits).unwrap_or(Kind::Unsorted);
    let (items, next) = match kind {
        Kind::Unsorted => {
            let UnsortedPage { items, next } = unsorted_in(&mut tx, after).await?;
            (Items::Unsorted(items), next)
        }
        Kind::Duplicates => {
            let rows = duplicates::open(&mut tx, after, limit()).await?;
            let (rows, next) = cut(rows, |one| one.id.to_string());
            (Items::Duplicates(rows), next)
        }
        Kind::Transfers => {
            let rows = transfers::open(&mut tx, after, limit()).await?;
            let (rows, next) = cut(rows, |one| one.id.to_string());
            (Items::Transfers(rows), next)
        }
        Kind::Prices => {
            let skipped = rises.iter().position(|one| Some(one.id.as_str()) == after);
            let rises = rises.into_iter().skip(skipped.map_or(0, |at| at + 1)).collect();
            let (rises, next) = cut(rises, |one| one.id.to_string());
            (Items::Prices(rises), next)
        }
    };
    Ok(ReviewPage { counts, kind, items, next })
}

/// One page, and where the next begins if there is one.
fn cut<T>(mut rows: Vec<T>, id: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let is_more = rows.len() > SHOWN;
    rows.truncate(SHOWN);
    let next = rows.last().filter(|_| is_more).map(id);
    (rows, next)
}
