//! Finding transfers in the rows of a person, again and again: the same rows give the same pairs. What their owner said
//! stays; what is no transfer any more, because a row of it is gone or its amount is another, is taken apart.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    AccountId, AccountType, Currency, Date, PairId, TransactionId, TransactionType, UserId,
    account,
    ledger::{
        provenance::Writer,
        transfers::{self, Found, Leg, Verdict, is_shop},
    },
    rules::{Compiled, Subject},
    states::pair::PairState,
};

use super::{
    PAIR,
    rows::{self, NewPair, Pair},
};
use crate::{
    Backend, Error, Result, Timestamp,
    db::UserTx,
    execute, fetch_all, preferences,
    rules::{compiled, other_side},
    transactions::bulk,
};

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: TransactionId,
    account_id: AccountId,
    bank_name: String,
    account_type: AccountType,
    account_nickname: Option<String>,
    mask: Option<String>,
    date: Date,
    amount_minor: i64,
    currency: Currency,
    description: String,
    merchant: Option<String>,
    merchant_by: Writer,
    merchant_key: String,
    category: String,
    provider_category: Option<String>,
    provider_transfer: bool,
    r#type: TransactionType,
}

/// The sides of a pair, out before in.
type Sides = (TransactionId, TransactionId);

/// What a look is made of.
struct Known {
    pairs: Vec<Pair>,
    broken: BTreeSet<PairId>,
    /// Pairs that their owner confirmed, and whose amounts fit no more.
    unequal: BTreeSet<PairId>,
    /// Rows that say they are a side of a pair that is gone.
    is_torn: bool,
}

/// Looks for transfers in the rows of a person: what is as good as certain is linked, the rest is suggested.
pub(crate) async fn look(backend: &Backend, user: &UserId) -> Result<()> {
    // Rows that are free again may be sides of another pair.
    if look_once(backend, user).await? {
        look_once(backend, user).await?;
    }
    Ok(())
}

/// One look; tells whether anything was taken apart.
async fn look_once(backend: &Backend, user: &UserId) -> Result<bool> {
    let mut tx = backend.db.as_user(user).read().await?;
    let known = known(&mut tx).await?;
    let is_wanted = preferences::of(&mut tx).await?.match_transfers;
    let legs = if is_wanted { legs(&mut tx).await? } else { Vec::new() };
    drop(tx);
    let settled = known.pairs.iter().filter(|pair| pair.state != PairState::Suggested);
    let settled: BTreeSet<Sides> =
        settled.map(|pair| (pair.out_id.clone(), pair.in_id.clone())).collect();
    let found = off_thread(legs, settled).await?;
    if is_settled(&known, &found) {
        return Ok(false);
    }
    let now = Timestamp::from(backend.clock.now());
    let mut tx = backend.db.as_user(user).write().await?;
    bulk::hold(&mut tx).await?;
    for pair in known.pairs.iter().filter(|pair| known.broken.contains(&pair.id)) {
        rows::part(&mut tx, &pair.id).await?;
    }
    for id in &known.unequal {
        rows::reopen(&mut tx, id, now).await?;
    }
    mend(&mut tx).await?;
    store(&mut tx, backend, &found, now).await?;
    tx.commit().await?;
    Ok(known.is_torn || !known.broken.is_empty() || !known.unequal.is_empty())
}

/// True when everything is stored as it was found.
fn is_settled(known: &Known, found: &[Found]) -> bool {
    let stored = known.pairs.iter().filter(|pair| is_found(pair));
    let stored: BTreeSet<_> = stored.map(|pair| (&pair.out_id, &pair.in_id, pair.score)).collect();
    let suggested: BTreeSet<_> =
        found.iter().map(|pair| (&pair.out, &pair.into, pair.score)).collect();
    let is_linked = found.iter().any(|pair| pair.verdict == Verdict::Auto);
    let is_whole = known.broken.is_empty() && known.unequal.is_empty() && !known.is_torn;
    is_whole && !is_linked && stored == suggested
}

/// True for a suggestion that stands as long as it is found.
fn is_found(pair: &Pair) -> bool {
    pair.state == PairState::Suggested && pair.score != rows::REOPENED
}

/// Work of the processor, off the threads that serve.
async fn off_thread(legs: Vec<Leg>, settled: BTreeSet<Sides>) -> Result<Vec<Found>> {
    tokio::task::spawn_blocking(move || transfers::find(&legs, &settled))
        .await
        .map_err(|error| Error::Upstream { service: PAIR, reason: error.to_string() })
}

async fn known(tx: &mut UserTx) -> Result<Known> {
    let user = tx.user().clone();
    let pairs: Vec<Pair> = fetch_all!(
        tx,
        r#"
        select "id", "outId", "inId", "state", "score", "before"
        from "transfer_pair"
        where "userId" = $1
        "#,
        &user,
    )?;
    let broken: Vec<(PairId, bool)> = fetch_all!(
        tx,
        r#"
        select p."id", o."deletedAt" is null and i."deletedAt" is null and o."status" <> 'failed'
                       and i."status" <> 'failed' and not p."byRule" as "unequal"
        from "transfer_pair" p
        join "transaction" o on o."userId" = p."userId" and o."id" = p."outId"
        join "transaction" i on i."userId" = p."userId" and i."id" = p."inId"
        where p."userId" = $1 and p."state" = 'confirmed'
          and (o."deletedAt" is not null or i."deletedAt" is not null or o."status" = 'failed' or i."status" = 'failed'
               or (o."currency" = i."currency" and o."amountMinor" <> -i."amountMinor")
               or (o."currency" <> i."currency" and (o."amountMinor" >= 0 or i."amountMinor" <= 0)))
        "#,
        &user,
    )?;
    let torn: Vec<(TransactionId,)> = fetch_all!(
        tx,
        r#"
        select t."id"
        from "transaction" t
        where t."userId" = $1 and t."transferId" is not null
          and not exists (select 1 from "transfer_pair" p where p."userId" = t."userId" and p."id" = t."transferId")
        limit 1
        "#,
        &user,
    )?;
    let (unequal, broken): (Vec<_>, Vec<_>) = broken.into_iter().partition(|(_, unequal)| *unequal);
    let ids = |pairs: Vec<(PairId, bool)>| pairs.into_iter().map(|(id, _)| id).collect();
    Ok(Known { pairs, broken: ids(broken), unequal: ids(unequal), is_torn: !torn.is_empty() })
}

/// A row whose other side went with its account or its import is a transfer to somewhere else: it may be paired anew.
async fn mend(tx: &mut UserTx) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "transaction" set "transferId" = null
        where "userId" = $1 and "transferId" is not null
          and not exists (
              select 1 from "transfer_pair" p
              where p."userId" = $1 and p."id" = "transaction"."transferId")
        "#,
        user,
    )?;
    Ok(())
}

/// The rows that have another of the opposite amount near them: of all others nothing can come.
async fn legs(tx: &mut UserTx) -> Result<Vec<Leg>> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        sqlite: r#"
        select t."id", t."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", t."date",
               t."amountMinor", t."currency", t."description", t."merchant", t."merchantBy", t."merchantKey",
               t."category", t."providerCategory", t."providerTransfer", t."type"
        from "transaction" t
        join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
        where t."userId" = $1 and t."deletedAt" is null and t."transferId" is null and t."status" <> 'failed'
          and not t."excluded" and not t."hasParts" and t."amountMinor" <> 0 and a."archivedAt" is null
          and exists (
              select 1 from "transaction" o
              where o."userId" = t."userId" and o."currency" = t."currency" and o."amountMinor" = -t."amountMinor"
                and o."date" between date(t."date", '-4 days') and date(t."date", '+4 days')
                and o."deletedAt" is null and o."transferId" is null and o."accountId" <> t."accountId")
        "#,
        postgres: r#"
        select t."id", t."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", t."date",
               t."amountMinor", t."currency", t."description", t."merchant", t."merchantBy", t."merchantKey",
               t."category", t."providerCategory", t."providerTransfer", t."type"
        from "transaction" t
        join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
        where t."userId" = $1 and t."deletedAt" is null and t."transferId" is null and t."status" <> 'failed'
          and not t."excluded" and not t."hasParts" and t."amountMinor" <> 0 and a."archivedAt" is null
          and exists (
              select 1 from "transaction" o
              where o."userId" = t."userId" and o."currency" = t."currency" and o."amountMinor" = -t."amountMinor"
                and o."date" between t."date" - 4 and t."date" + 4
                and o."deletedAt" is null and o."transferId" is null and o."accountId" <> t."accountId")
        "#,
        user,
    )?;
    let rules = compiled(tx).await?;
    Ok(rows.into_iter().map(|row| leg(row, &rules)).collect())
}

/// The account that a rule which made a row a transfer names as its other side.
fn named(row: &Row, rules: &[Compiled]) -> Option<AccountId> {
    if row.r#type != TransactionType::Transfer {
        return None;
    }
    let subject = Subject {
        description: &row.description,
        merchant: row.merchant.as_deref(),
        merchant_key: &row.merchant_key,
        minor: row.amount_minor,
        currency: row.currency,
        account: &row.account_id,
        date: row.date,
        provider_category: row.provider_category.as_deref(),
    };
    other_side(rules, &subject).filter(|named| *named != row.account_id)
}

fn leg(row: Row, rules: &[Compiled]) -> Leg {
    Leg {
        named: named(&row, rules),
        shop: is_shop(Some(row.merchant_by), &row.category),
        account_name: account::display_name(
            row.account_nickname.as_deref(),
            &row.bank_name,
            row.account_type,
        ),
        id: row.id,
        account: row.account_id,
        account_mask: row.mask,
        date: row.date,
        minor: row.amount_minor,
        currency: row.currency,
        description: row.description,
        provider_transfer: row.provider_transfer,
        taken: false,
    }
}

/// Links and suggests what was found; a suggestion that was not found again goes.
async fn store(tx: &mut UserTx, backend: &Backend, found: &[Found], now: Timestamp) -> Result<()> {
    let user = tx.user().clone();
    let pairs: Vec<Pair> = fetch_all!(
        tx,
        r#"
        select "id", "outId", "inId", "state", "score", "before"
        from "transfer_pair"
        where "userId" = $1
        "#,
        user,
    )?;
    let mut stored: BTreeMap<Sides, Pair> =
        pairs.into_iter().map(|pair| ((pair.out_id.clone(), pair.in_id.clone()), pair)).collect();
    for pair in found {
        let before = stored.remove(&(pair.out.clone(), pair.into.clone()));
        // Its owner said something about it while it was looked for.
        if before.as_ref().is_some_and(|before| before.state != PairState::Suggested) {
            continue;
        }
        let is_as_it_was = before.as_ref().is_some_and(|before| before.score == pair.score);
        if is_as_it_was && pair.verdict == Verdict::Suggest {
            continue;
        }
        if let Some(before) = before {
            rows::drop_pair(tx, &before.id).await?;
        }
        put(tx, backend, pair, now).await?;
    }
    for gone in stored.into_values().filter(is_found) {
        rows::drop_pair(tx, &gone.id).await?;
    }
    Ok(())
}

/// Stores one pair, as long as its rows are still free.
async fn put(tx: &mut UserTx, backend: &Backend, pair: &Found, now: Timestamp) -> Result<()> {
    let Some((out, into)) = rows::sides(tx, &pair.out, &pair.into).await? else { return Ok(()) };
    if out.is_taken() || into.is_taken() {
        return Ok(());
    }
    let id = PairId::new(backend.new_id());
    let is_sure = pair.verdict == Verdict::Auto;
    let before = if is_sure {
        Some(rows::mark(tx, &id, (&out, &into), Writer::Rule, now).await?)
    } else {
        None
    };
    let new = NewPair {
        id: &id,
        out: &pair.out,
        into: &pair.into,
        state: if is_sure { PairState::Confirmed } else { PairState::Suggested },
        by_rule: is_sure,
        score: pair.score,
        before: before.as_deref(),
    };
    rows::insert(tx, &new, now).await
}
