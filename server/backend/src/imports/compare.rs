//! The rows of a file beside the ledger: which are new, which are here, which might be.

use std::collections::{HashMap, HashSet};

use domain::{
    AccountId, Currency, Date,
    fingerprint::RowKey,
    import::{
        ImportRow, Interpretation, RowFlag,
        identity::{self, Known, KnownRow},
    },
};
use time::Duration;

use crate::{Error, Result, Timestamp, db::UserTx, fetch_all};

/// How far apart two records of one payment may be dated.
const NEARBY: Duration = Duration::days(3);
/// Likenesses or ids in one statement.
const CHUNK: usize = 10_000;
/// Hexadecimal digits of a likeness: 128 bits tell the rows of one account apart.
const LIKENESS: usize = 32;

/// What the ledger knows that matters for a file.
#[derive(Default)]
pub(super) struct Ledger {
    /// Rows with the bank's ids, and how many equal rows came without one.
    known: Known,
    /// The fingerprints of equal rows, by their likeness.
    copies: HashMap<String, HashSet<String>>,
    /// Rows of other sources with an amount of the file, near its dates.
    others: Vec<Other>,
}

impl Ledger {
    /// The row with this id of the bank.
    pub fn named(&self, id: &str) -> Option<&KnownRow> {
        self.known.ids.get(id)
    }
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
    New(Kept),
    Here,
    Possible(Other, Kept),
    /// It takes the place of the row with this id of the bank.
    Replaces(String, Kept),
}

/// How a row of the file is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    /// The bank's id of it.
    pub id: Option<String>,
    /// Why somebody should look at it.
    pub flag: Option<RowFlag>,
}

/// What tells a row apart when the bank gave it no id.
pub(super) fn key(row: &ImportRow) -> RowKey {
    RowKey::new(row.date, row.minor, row.currency, &row.description)
}

/// What equal rows of one account share: the start of the fingerprint of the first of them.
fn likeness(key: &RowKey, account: &AccountId) -> String {
    let mut text = key.fingerprint(account, 0);
    text.truncate(LIKENESS);
    text
}

/// The rows that have no id of the bank, by their keys.
fn nameless(read: &Interpretation) -> impl Iterator<Item = RowKey> {
    read.good_rows().filter(|(_, row)| row.provider_id.is_none()).map(|(_, row)| key(row))
}

/// Judges every row that could be read. Of `m` equal rows in the ledger, the first `m` of the file are the same; a row
/// of another source stands for one row of the file, the nearest by date.
pub(super) fn judge(read: &Interpretation, ledger: &Ledger) -> Vec<Verdict> {
    let mut others: HashMap<(i64, &str), Vec<&Other>> = HashMap::new();
    for other in &ledger.others {
        others.entry((other.amount_minor, &other.currency)).or_default().push(other);
    }
    let verdicts = identity::judge(read.good_rows().map(|(_, row)| row), &ledger.known);
    read.good_rows()
        .zip(verdicts)
        .map(|((_, row), verdict)| match verdict {
            identity::Verdict::Here => Verdict::Here,
            identity::Verdict::Replaces { of, id } => {
                Verdict::Replaces(of, Kept { id, flag: row.flag })
            }
            identity::Verdict::New { id, flag } => {
                let kept = Kept { id, flag };
                let candidates = others.get_mut(&(row.minor, row.currency.code()));
                match candidates.and_then(|found| nearest(row.date, found)) {
                    Some(other) => Verdict::Possible(other, kept),
                    None => Verdict::New(kept),
                }
            }
        })
        .collect()
}

/// The bank's ids of rows that the file takes out of the ledger.
pub(super) fn deleted(read: &Interpretation, ledger: &Ledger) -> Vec<String> {
    identity::deleted(&read.deletions, &ledger.known)
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

/// Looks up what the ledger has of these rows.
pub(super) async fn ledger(
    tx: &mut UserTx,
    account: &AccountId,
    read: &Interpretation,
) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    let keys: HashSet<RowKey> = nameless(read).collect();
    let likenesses: HashSet<String> = keys.iter().map(|key| likeness(key, account)).collect();
    let likenesses: Vec<String> = likenesses.into_iter().collect();
    for chunk in likenesses.chunks(CHUNK) {
        for copy in copies(tx, account, chunk).await? {
            ledger.copies.entry(copy.likeness).or_default().insert(copy.fingerprint);
        }
    }
    for key in keys {
        let there = ledger.copies.get(&likeness(&key, account)).map_or(0, HashSet::len);
        ledger.known.copies.insert(key, u32::try_from(there).unwrap_or(u32::MAX));
    }
    ledger.known.ids = ids(tx, account, read).await?;
    let dates = || read.good_rows().map(|(_, row)| row.date);
    if let Some((first, last)) = dates().min().zip(dates().max()) {
        let reach = |date: Date, by| date.checked_add(by).unwrap_or(date);
        let (from, to) = (reach(first, -NEARBY), reach(last, NEARBY));
        ledger.others = others(tx, account, read.format.source(), from, to).await?;
    }
    Ok(ledger)
}

#[derive(sqlx::FromRow)]
struct Copy {
    likeness: String,
    fingerprint: String,
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

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Named {
    provider_id: String,
    date: Date,
    posted_date: Option<Date>,
    date_by: String,
    amount_minor: i64,
    currency: Currency,
    deleted_at: Option<Timestamp>,
}

/// The rows of the ledger that came with an id that the file names.
async fn ids(
    tx: &mut UserTx,
    account: &AccountId,
    read: &Interpretation,
) -> Result<HashMap<String, KnownRow>> {
    let user = tx.user().clone();
    let in_file: HashMap<&str, Date> = read
        .good_rows()
        .filter_map(|(_, row)| Some((row.provider_id.as_deref()?, row.date)))
        .collect();
    let wanted: Vec<String> =
        identity::ids(read.good_rows().map(|(_, row)| row), &read.deletions).into_iter().collect();
    let mut known = HashMap::new();
    for chunk in wanted.chunks(CHUNK) {
        let chunk = serde_json::to_string(chunk).map_err(|_| Error::Corrupt("id of a row"))?;
        let rows: Vec<Named> = fetch_all!(
            tx,
            sqlite: r#"
            select "providerId", "date", "postedDate", "dateBy", "amountMinor", "currency", "deletedAt"
            from "transaction"
            where "userId" = $1 and "accountId" = $2 and "source" = $3
              and "providerId" in (select value from json_each($4))
            "#,
            postgres: r#"
            select t."providerId", t."date", t."postedDate", t."dateBy", t."amountMinor", t."currency", t."deletedAt"
            from json_array_elements_text(cast($4 as json)) w
            cross join lateral (
                select * from "transaction"
                where "userId" = $1 and "accountId" = $2 and "source" = $3 and "providerId" = w.value
                offset 0
            ) t
            "#,
            &user,
            account,
            read.format.source(),
            chunk,
        )?;
        for row in rows {
            // A date that its owner changed is none that the bank would send again.
            let came_on = match (row.posted_date, row.date_by.as_str()) {
                (Some(posted), _) => posted,
                (None, "user") => *in_file.get(&*row.provider_id).unwrap_or(&row.date),
                (None, _) => row.date,
            };
            let one = KnownRow {
                date: came_on,
                minor: row.amount_minor,
                currency: row.currency,
                deleted: row.deleted_at.is_some(),
            };
            known.insert(row.provider_id, one);
        }
    }
    Ok(known)
}

async fn others(
    tx: &mut UserTx,
    account: &AccountId,
    source: &str,
    from: Date,
    to: Date,
) -> Result<Vec<Other>> {
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
        source,
    )?)
}
