//! What a deletion would take away, before anybody says yes to it.

use std::collections::BTreeMap;

use domain::{
    Currency, Date, Money, TransactionFilter, TransactionId,
    batch::{BatchForm, BatchTarget},
};

use super::{
    CHUNK,
    change::{matching_after, refuse_too_many},
};
use crate::{
    Backend, Error, Result, SignedIn,
    db::UserTx,
    fetch_all,
    transactions::{TRANSACTION, list},
};

/// How many rows are shown by name.
const SHOWN: usize = 20;

/// What would go, and what would stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deletion {
    /// How many rows would go.
    pub goes: i64,
    /// How many are meant and stay: those that nobody typed in, and sides of transfers.
    pub stays: i64,
    /// What the balances would change by, one entry a currency, in the order of their codes.
    pub changes: Vec<Money>,
    /// The first rows that would go.
    pub first: Vec<Goes>,
}

/// A row that would go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goes {
    /// Its id.
    pub id: TransactionId,
    /// Its date.
    pub date: Date,
    /// The name of the shop, else the bank's text.
    pub title: String,
    /// Its amount.
    pub amount: Option<Money>,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: TransactionId,
    date: Date,
    title: String,
    amount_minor: i64,
    currency: String,
    goes: bool,
}

/// What the deletion of these of the caller's rows would take away.
///
/// # Errors
/// Those of [`change`](super::change) with the same form.
#[tracing::instrument(name = "transactions.deletion", skip_all, fields(user.id = %caller.user()))]
pub async fn deletion(backend: &Backend, caller: &SignedIn, form: &BatchForm) -> Result<Deletion> {
    let target = form.parse().map_err(Error::Invalid)?.target;
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let mut look = Look::default();
    match target {
        BatchTarget::Rows(ids) => {
            for chunk in ids.chunks(CHUNK) {
                look.take(&mut tx, chunk).await?;
            }
            if look.is_empty() {
                return Err(Error::NotFound(TRANSACTION));
            }
        }
        BatchTarget::Matching(filter) => {
            let filter: TransactionFilter = list::reach(&mut tx, backend, &filter).await?.filter;
            refuse_too_many(&mut tx, &filter).await?;
            let mut after = None;
            while let Some(ids) = matching_after(&mut tx, &filter, &mut after).await? {
                look.take(&mut tx, &ids).await?;
            }
        }
    }
    Ok(look.finish())
}

/// What has been counted so far.
#[derive(Default)]
struct Look {
    deletion: Deletion,
    sums: BTreeMap<String, i64>,
}

impl Look {
    const fn is_empty(&self) -> bool {
        self.deletion.goes == 0 && self.deletion.stays == 0
    }

    async fn take(&mut self, tx: &mut UserTx, ids: &[TransactionId]) -> Result<()> {
        for row in rows(tx, ids).await? {
            if !row.goes {
                self.deletion.stays += 1;
                continue;
            }
            self.deletion.goes += 1;
            let sum = self.sums.entry(row.currency.clone()).or_default();
            *sum = sum.saturating_sub(row.amount_minor);
            if self.deletion.first.len() < SHOWN {
                let currency = Currency::parse(&row.currency).ok();
                self.deletion.first.push(Goes {
                    id: row.id,
                    date: row.date,
                    title: row.title,
                    amount: currency.map(|currency| Money::new(row.amount_minor, currency)),
                });
            }
        }
        Ok(())
    }

    fn finish(self) -> Deletion {
        let changes = self.sums.into_iter().filter_map(|(code, minor)| {
            Currency::parse(&code).ok().map(|currency| Money::new(minor, currency))
        });
        Deletion { changes: changes.collect(), ..self.deletion }
    }
}

/// Those of these rows that the person has, the newest first. A row may go when it was typed in and is no side of a
/// transfer.
async fn rows(tx: &mut UserTx, ids: &[TransactionId]) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    let ids = serde_json::to_string(ids).map_err(|_| Error::Corrupt("id"))?;
    Ok(fetch_all!(
        tx,
        sqlite: r#"
        select t."id", t."date", coalesce(t."merchant", t."description") as "title", t."amountMinor", t."currency",
               t."source" = 'manual' and t."transferId" is null as "goes"
        from "transaction" t
        where t."userId" = $1 and t."deletedAt" is null and t."id" in (select value from json_each($2))
        order by t."date" desc, t."id" desc
        "#,
        postgres: r#"
        select t."id", t."date", coalesce(t."merchant", t."description") as "title", t."amountMinor", t."currency",
               t."source" = 'manual' and t."transferId" is null as "goes"
        from "transaction" t
        where t."userId" = $1 and t."deletedAt" is null
          and t."id" in (select value from json_array_elements_text(cast($2 as json)))
        order by t."date" desc, t."id" desc
        "#,
        user,
        ids,
    )?)
}
