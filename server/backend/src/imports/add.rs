//! The rows of a file, written: new ones, those that take the place of others, those the bank takes back.

use domain::{
    ImportId, category,
    import::{ImportPart, ImportRow, RowFlag},
    states::import::{Event, ImportState},
};
use serde::Serialize;
use sqlx::types::Json;

use super::{
    IMPORT,
    apply::{Applied, Choice, Reading},
    balance,
    compare::{self, Fingerprints, Kept, Verdict},
    history,
    preview::category_of,
};
use crate::{
    Backend, Error, Result, Timestamp, accounts,
    db::UserTx,
    execute, fetch_all,
    transactions::{self, NewTransaction},
};

/// Rows that are made and added together, so that a large file does not stand in memory twice.
const CHUNK: usize = 1_000;

/// A row that is added.
struct Wanted<'r> {
    row: &'r ImportRow,
    kept: Kept,
    /// The bank's id of the row whose place it takes.
    of: Option<String>,
}

/// Adds what is wanted of a file, all of it or nothing.
pub(super) async fn rows(
    backend: &Backend,
    tx: &mut UserTx,
    import: &ImportId,
    reading: &Reading,
    choice: &Choice,
) -> Result<Applied> {
    let now = Timestamp::from(backend.clock.now());
    // Holds the account until the end: two files of one account are compared one after the other.
    accounts::touch(tx, &reading.account, now).await?;
    // Another request may have been here while this one waited.
    let view = history::one(tx, import).await?;
    let applying = view.state.after(&[Event::Map, Event::Compare, Event::Apply]);
    let applied = applying.and_then(|state| state.after(&[Event::Finish]));
    let applied = applied.map_err(|_| Error::Expired(IMPORT))?;

    let read = &reading.interpretation;
    let source = read.format.source();
    let ledger = compare::ledger(tx, &reading.account, read).await?;
    let wanted = wanted(reading, compare::judge(read, &ledger), choice);
    let leaving: Vec<String> = wanted
        .iter()
        .filter_map(|wanted| wanted.of.clone())
        .chain(compare::deleted(read, &ledger))
        .collect();
    // Before its rows are: they are none that the account had.
    if let Some(given) = balance::given(tx, &reading.account, read).await? {
        balance::take(tx, import, &reading.account, &given).await?;
    }
    let before = remove(tx, reading, &leaving, now).await?;

    let mut fingerprints = Fingerprints::new(&reading.account, ledger);
    let mut ids = ids(backend, &wanted).into_iter();
    let mut added = 0;
    for chunk in wanted.chunks(CHUNK) {
        let mut rows = Vec::with_capacity(chunk.len());
        let mut parts = Vec::new();
        for (wanted, id) in chunk.iter().zip(&mut ids) {
            parts.extend(parts_of(backend, &id, &wanted.row.parts));
            let mut row = new_row(id, wanted, source, &mut fingerprints);
            if let Some(old) =
                wanted.of.as_ref().and_then(|of| before.iter().find(|old| old.provider_id == *of))
            {
                old.hand_on(&mut row);
            }
            rows.push(row);
        }
        added += transactions::insert(tx, &reading.account, Some(import), &rows, now).await?;
        split(tx, &parts).await?;
    }
    let added = i64::try_from(added).unwrap_or(i64::MAX);
    let good = i64::try_from(read.good_rows().count()).unwrap_or(i64::MAX);
    let all = i64::try_from(read.rows.len()).unwrap_or(i64::MAX);
    let counts = Applied { added, skipped: good - added, failed: all - good };
    let removed: Vec<&str> = before.iter().map(|old| old.id.as_str()).collect();
    mark(tx, import, applied, counts, reading, &removed, now).await?;
    Ok(counts)
}

/// The rows that are added, in the order of the file.
fn wanted<'r>(reading: &'r Reading, verdicts: Vec<Verdict>, choice: &Choice) -> Vec<Wanted<'r>> {
    reading
        .interpretation
        .good_rows()
        .zip(verdicts)
        .filter_map(|((line, row), verdict)| {
            let line = i64::from(line);
            let (kept, of) = match verdict {
                Verdict::New(kept) if !choice.leave_out.contains(&line) => (kept, None),
                Verdict::Possible(_, kept) if choice.wants(line) => (kept, None),
                Verdict::Replaces(of, kept) if !choice.leave_out.contains(&line) => {
                    (kept, Some(of))
                }
                Verdict::New(_) | Verdict::Here | Verdict::Possible(..) | Verdict::Replaces(..) => {
                    return None;
                }
            };
            Some(Wanted { row, kept, of })
        })
        .collect()
}

/// Ids in the order in which rows of one day are listed: as in the file, newest first.
fn ids(backend: &Backend, wanted: &[Wanted<'_>]) -> Vec<String> {
    let mut ids: Vec<String> = wanted.iter().map(|_| backend.new_id()).collect();
    ids.sort_unstable();
    let newest_first = wanted
        .first()
        .zip(wanted.last())
        .is_some_and(|(first, last)| first.row.date > last.row.date);
    if newest_first {
        ids.reverse();
    }
    ids
}

fn new_row(
    id: String,
    wanted: &Wanted<'_>,
    source: &'static str,
    fingerprints: &mut Fingerprints<'_>,
) -> NewTransaction {
    let row = wanted.row;
    let (category, category_by) = category_of(row);
    let (text, currency) = (row.description.clone(), row.currency.code().to_owned());
    // A row is known by the bank's id, or by what it says.
    let (likeness, fingerprint) = if row.provider_id.is_some() {
        (None, None)
    } else {
        let (likeness, fingerprint) = fingerprints.take(&compare::key(row));
        (Some(likeness), Some(fingerprint))
    };
    let mut new = NewTransaction {
        category,
        category_by,
        status: row.status,
        note: row.note.clone(),
        provider_id: wanted.kept.id.clone(),
        // A hint for whoever looks for pairs: one side alone is no transfer.
        provider_transfer: row.transfer,
        fingerprint,
        likeness,
        flag: wanted.kept.flag.map(RowFlag::as_str),
        part_notes: row.parts.iter().filter_map(|part| part.note.clone()).collect(),
        ..NewTransaction::plain(id, row.date, text, row.minor, currency, source)
    };
    if let Some(merchant) = &row.merchant {
        new.merchant = Some(merchant.clone());
        new.merchant_by = "provider";
        new.merchant_key = domain::merchant::key(merchant);
    }
    new
}

/// A row that leaves the ledger, with what its owner said about it.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Old {
    id: String,
    provider_id: String,
    merchant: Option<String>,
    merchant_by: String,
    category: String,
    category_by: String,
    note: Option<String>,
    note_by: String,
    tags: String,
    tags_by: String,
    excluded: bool,
    excluded_by: String,
}

/// Who outranks a file, as the column says it.
fn outranks(by: &str) -> Option<&'static str> {
    ["user", "rule"].into_iter().find(|who| *who == by)
}

impl Old {
    /// Gives what its owner, or a rule of theirs, said to the row that takes its place.
    fn hand_on(&self, row: &mut NewTransaction) {
        if let Some(by) = outranks(&self.merchant_by) {
            row.merchant.clone_from(&self.merchant);
            row.merchant_by = by;
        }
        if let Some(by) = outranks(&self.category_by) {
            row.category.clone_from(&self.category);
            row.category_by = by;
        }
        if let Some(by) = outranks(&self.note_by) {
            row.note.clone_from(&self.note);
            row.note_by = by;
        }
        if let Some(by) = outranks(&self.tags_by) {
            row.tags.clone_from(&self.tags);
            row.tags_by = by;
        }
        if let Some(by) = outranks(&self.excluded_by) {
            row.excluded = self.excluded;
            row.excluded_by = by;
        }
    }
}

/// Takes rows out of the ledger by the bank's ids. They stay known, so that an older file does not bring them back.
async fn remove(
    tx: &mut UserTx,
    reading: &Reading,
    provider_ids: &[String],
    now: Timestamp,
) -> Result<Vec<Old>> {
    if provider_ids.is_empty() {
        return Ok(Vec::new());
    }
    let user = tx.user().clone();
    let wanted = serde_json::to_string(provider_ids).map_err(|_| Error::Corrupt("id of a row"))?;
    Ok(fetch_all!(
        tx,
        sqlite: r#"
        update "transaction" set "deletedAt" = $5, "updatedAt" = $5
        where "userId" = $1 and "accountId" = $2 and "source" = $3 and "deletedAt" is null
          and "providerId" in (select value from json_each($4))
        returning "id", "providerId", "merchant", "merchantBy", "category", "categoryBy", "note", "noteBy", "tags",
                  "tagsBy", "excluded", "excludedBy"
        "#,
        postgres: r#"
        update "transaction" set "deletedAt" = $5, "updatedAt" = $5
        where "userId" = $1 and "accountId" = $2 and "source" = $3 and "deletedAt" is null
          and "providerId" in (select value from json_array_elements_text(cast($4 as json)))
        returning "id", "providerId", "merchant", "merchantBy", "category", "categoryBy", "note", "noteBy", "tags",
                  "tagsBy", "excluded", "excludedBy"
        "#,
        user,
        &reading.account,
        reading.interpretation.format.source(),
        wanted,
        now,
    )?)
}

/// One part of a row that the file splits.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewPart {
    id: String,
    transaction_id: String,
    position: usize,
    category: String,
    amount_minor: i64,
    note: Option<String>,
}

fn parts_of(backend: &Backend, row: &str, parts: &[ImportPart]) -> Vec<NewPart> {
    let new = |(position, part): (usize, &ImportPart)| NewPart {
        id: backend.new_id(),
        transaction_id: row.to_owned(),
        position,
        category: part.category.clone().unwrap_or_else(|| category::UNCATEGORIZED.to_owned()),
        amount_minor: part.minor,
        note: part.note.clone(),
    };
    parts.iter().enumerate().map(new).collect()
}

/// Splits rows that were just added.
async fn split(tx: &mut UserTx, parts: &[NewPart]) -> Result<()> {
    if parts.is_empty() {
        return Ok(());
    }
    let user = tx.user().clone();
    let json = serde_json::to_string(parts).map_err(|_| Error::Corrupt("part of a row"))?;
    execute!(
        tx,
        sqlite: r#"
        insert into "transaction_part" ("id", "userId", "transactionId", "position", "category", "amountMinor", "note")
        select p.value ->> 'id', $1, t."id", p.value ->> 'position', p.value ->> 'category',
               p.value ->> 'amountMinor', p.value ->> 'note'
        from json_each($2) p
        join "transaction" t on t."userId" = $1 and t."id" = p.value ->> 'transactionId'
        "#,
        postgres: r#"
        insert into "transaction_part" ("id", "userId", "transactionId", "position", "category", "amountMinor", "note")
        select p."id", $1, t."id", p."position", p."category", p."amountMinor", p."note"
        from json_to_recordset(cast($2 as json)) as p(
            "id" text, "transactionId" text, "position" bigint, "category" text, "amountMinor" bigint, "note" text)
        join "transaction" t on t."userId" = $1 and t."id" = p."transactionId"
        "#,
        &user,
        &json,
    )?;
    execute!(
        tx,
        sqlite: r#"
        update "transaction" set "hasParts" = true
        where "userId" = $1 and "id" in (select value ->> 'transactionId' from json_each($2))
        "#,
        postgres: r#"
        update "transaction" set "hasParts" = true
        where "userId" = $1 and "id" in (select value ->> 'transactionId' from json_array_elements(cast($2 as json)))
        "#,
        &user,
        &json,
    )?;
    Ok(())
}

/// Notes what was done, remembers how the file was read, and drops the file.
async fn mark(
    tx: &mut UserTx,
    import: &ImportId,
    state: ImportState,
    counts: Applied,
    reading: &Reading,
    removed: &[&str],
    now: Timestamp,
) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "import"
        set "state" = $3, "added" = $4, "skipped" = $5, "failed" = $6, "options" = $7, "appliedAt" = $8,
            "content" = null, "format" = $9, "removed" = $10
        where "userId" = $1 and "id" = $2
        "#,
        user,
        import,
        state.as_str(),
        counts.added,
        counts.skipped,
        counts.failed,
        Json(reading.interpretation.options()),
        now,
        reading.interpretation.format.as_str(),
        Json(removed),
    )?;
    Ok(())
}
