//! The rows of a file beside the ledger: which are new, which are here, which might be.

use std::collections::{HashMap, HashSet};

use domain::{
    AccountId, Date,
    fingerprint::{RowKey, already_here},
    import::ImportRow,
};
use time::Duration;

use super::SOURCE;
use crate::{Error, Result, db::UserTx, fetch_all};

/// How far apart two records of one payment may be dated.
const NEARBY: Duration = Duration::days(3);
/// Likenesses in one statement.
const CHUNK: usize = 10_000;
/// Hexadecimal digits of a likeness: 128 bits tell the rows of one account apart.
const LIKENESS: usize = 32;

/// What the ledger knows that matters for a file.
#[derive(Default)]
pub(super) struct Ledger {
    /// The fingerprints of equal rows, by their likeness.
    copies: HashMap<String, HashSet<String>>,
    /// Rows of other sources with an amount of the file, near its dates.
    others: Vec<Other>,
}

/// A row that came another way.
#[derive(Clone, Debug, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Other {
    pub date: Date,
    pub description: String,
    amount_minor: i64,
    currency: String,
}

/// What a row of the file is.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    New,
    Here,
    Possible(Other),
}

/// The keys of rows, in their order.
pub(super) fn keys<'r>(rows: impl Iterator<Item = &'r ImportRow>) -> Vec<RowKey> {
    rows.map(|row| RowKey::new(row.date, row.minor, row.currency, &row.description)).collect()
}

/// What equal rows of one account share: the start of the fingerprint of the first of them.
pub(super) fn likeness(key: &RowKey, account: &AccountId) -> String {
    let mut text = key.fingerprint(account, 0);
    text.truncate(LIKENESS);
    text
}

/// Judges every row. Of `m` equal rows in the ledger, the first `m` of the file are the same; a row of another
/// source stands for one row of the file, the nearest by date.
pub(super) fn judge(keys: &[RowKey], account: &AccountId, ledger: &Ledger) -> Vec<Verdict> {
    let mut counts: HashMap<RowKey, u32> = HashMap::new();
    for key in keys {
        if !counts.contains_key(key) {
            let there = ledger.copies.get(&likeness(key, account)).map_or(0, HashSet::len);
            counts.insert(key.clone(), u32::try_from(there).unwrap_or(u32::MAX));
        }
    }
    let here = already_here(keys, &counts);
    let mut others: HashMap<(i64, &str), Vec<&Other>> = HashMap::new();
    for other in &ledger.others {
        others.entry((other.amount_minor, &other.currency)).or_default().push(other);
    }
    keys.iter()
        .zip(here)
        .map(|(key, here)| {
            if here {
                return Verdict::Here;
            }
            let candidates = others.get_mut(&(key.minor, key.currency.code()));
            candidates
                .and_then(|found| nearest(key.date, found))
                .map_or(Verdict::New, Verdict::Possible)
        })
        .collect()
}

/// Takes the candidate nearest to a date, if one is near.
fn nearest(date: Date, candidates: &mut Vec<&Other>) -> Option<Other> {
    let (at, _) = candidates
        .iter()
        .enumerate()
        .map(|(at, other)| (at, (other.date - date).abs()))
        .filter(|(_, apart)| *apart <= NEARBY)
        .min_by_key(|(_, apart)| *apart)?;
    Some(candidates.remove(at).clone())
}

/// Gives each row that is added the first fingerprint of its kind that is free.
pub(super) struct Fingerprints<'l> {
    account: &'l AccountId,
    taken: HashMap<String, HashSet<String>>,
}

impl<'l> Fingerprints<'l> {
    pub fn new(account: &'l AccountId, ledger: Ledger) -> Self {
        Self { account, taken: ledger.copies }
    }

    /// The likeness and the fingerprint of a new row.
    pub fn take(&mut self, key: &RowKey) -> (String, String) {
        let likeness = likeness(key, self.account);
        let taken = self.taken.entry(likeness.clone()).or_default();
        let mut n = 0;
        loop {
            let fingerprint = key.fingerprint(self.account, n);
            if taken.insert(fingerprint.clone()) {
                return (likeness, fingerprint);
            }
            n += 1;
        }
    }
}

#[derive(sqlx::FromRow)]
struct Copy {
    likeness: String,
    fingerprint: String,
}

/// Looks up what the ledger has of these rows.
pub(super) async fn ledger(
    tx: &mut UserTx,
    account: &AccountId,
    keys: &[RowKey],
) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    let distinct: HashSet<String> = keys.iter().map(|key| likeness(key, account)).collect();
    let distinct: Vec<String> = distinct.into_iter().collect();
    for chunk in distinct.chunks(CHUNK) {
        for copy in copies(tx, account, chunk).await? {
            ledger.copies.entry(copy.likeness).or_default().insert(copy.fingerprint);
        }
    }
    let dates = || keys.iter().map(|key| key.date);
    if let Some((first, last)) = dates().min().zip(dates().max()) {
        let reach = |date: Date, by| date.checked_add(by).unwrap_or(date);
        ledger.others = others(tx, account, reach(first, -NEARBY), reach(last, NEARBY)).await?;
    }
    Ok(ledger)
}

async fn copies(tx: &mut UserTx, account: &AccountId, likenesses: &[String]) -> Result<Vec<Copy>> {
    let user = tx.user().clone();
    let wanted = serde_json::to_string(likenesses).map_err(|_| Error::Corrupt("fingerprint"))?;
    Ok(fetch_all!(
        tx,
        sqlite: r#"
        select "likeness", "fingerprint"
        from "transaction"
        where "userId" = $1 and "accountId" = $2 and "fingerprint" is not null
          and "likeness" in (select value from json_each($3))
        "#,
        // The fence (`offset 0`) makes it one look into the index for each likeness: without statistics, as after
        // a first large file, the planner would compare every row with every likeness.
        postgres: r#"
        select t."likeness", t."fingerprint"
        from json_array_elements_text(cast($3 as json)) w
        cross join lateral (
            select "likeness", "fingerprint"
            from "transaction"
            where "userId" = $1 and "accountId" = $2 and "fingerprint" is not null and "likeness" = w.value
            offset 0
        ) t
        "#,
        user,
        account,
        wanted,
    )?)
}

async fn others(tx: &mut UserTx, account: &AccountId, from: Date, to: Date) -> Result<Vec<Other>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select "date", "description", "amountMinor", "currency"
        from "transaction"
        where "userId" = $1 and "accountId" = $2 and "deletedAt" is null and "date" between $3 and $4
          and "source" <> $5 and "status" <> 'failed'
        order by "date", "id"
        "#,
        user,
        account,
        from,
        to,
        SOURCE,
    )?)
}
