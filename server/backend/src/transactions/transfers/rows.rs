//! Pairs and their two rows: what becomes of the rows when they are a transfer, and when they are one no more.

use domain::{
    AccountId, AccountType, Code, Currency, ImportId, PairId, TransactionId, TransactionType,
    ledger::{
        provenance::Writer,
        transfers::{Chosen, category_into, keeps_category},
    },
    states::pair::PairState,
};
use serde::{Deserialize, Serialize};

use super::PAIR;
use crate::{
    Error, Result, Timestamp, db::UserTx, execute, fetch_all, fetch_optional, transactions::bulk,
};

/// The score of a suggestion that was a transfer until an amount changed. None that we find has so little: one with it
/// stays until its owner decides, or until it is found again.
pub(super) const REOPENED: i64 = 0;

/// A pair as it is stored.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Pair {
    pub id: PairId,
    pub out_id: TransactionId,
    pub in_id: TransactionId,
    pub state: PairState,
    pub score: i64,
    /// A [`Before`]; empty while it is no transfer.
    pub before: String,
}

/// A row that may be a side: it counts.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Side {
    pub id: TransactionId,
    account_id: AccountId,
    account_type: AccountType,
    r#type: TransactionType,
    pub amount_minor: i64,
    currency: Currency,
    category: String,
    category_by: Writer,
    has_parts: bool,
    transfer_id: Option<PairId>,
}

impl Side {
    /// What is asked before two are linked by hand.
    pub fn chosen(&self) -> Chosen<'_> {
        Chosen {
            account: &self.account_id,
            minor: self.amount_minor,
            currency: self.currency,
            taken: self.is_taken(),
        }
    }

    /// True for one that can be no side of another transfer.
    pub fn is_taken(&self) -> bool {
        self.has_parts || self.transfer_id.is_some()
    }
}

/// What the two rows of a transfer were, as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Before {
    out: Was,
    into: Was,
}

#[derive(Serialize, Deserialize)]
struct Was {
    r#type: TransactionType,
    category: String,
    by: Writer,
    /// The category that it got as a side; while it has that one, it gets its own back.
    made: String,
}

/// One pair of the person whose transaction this is.
pub(super) async fn one(tx: &mut UserTx, id: &PairId) -> Result<Pair> {
    let user = tx.user().clone();
    let found: Option<Pair> = fetch_optional!(
        tx,
        r#"
        select "id", "outId", "inId", "state", "score", "before"
        from "transfer_pair"
        where "userId" = $1 and "id" = $2
        "#,
        user,
        id,
    )?;
    found.ok_or(Error::NotFound(PAIR))
}

/// Two rows of the person whose transaction this is, in this order, as long as both count.
pub(super) async fn sides(
    tx: &mut UserTx,
    one: &TransactionId,
    other: &TransactionId,
) -> Result<Option<(Side, Side)>> {
    let user = tx.user().clone();
    let mut found: Vec<Side> = fetch_all!(
        tx,
        sqlite: r#"
        select t."id", t."accountId", a."accountType", t."type", t."amountMinor", t."currency", t."category",
               t."categoryBy", t."hasParts", t."transferId"
        from "transaction" t
        join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
        where t."userId" = $1 and t."id" in ($2, $3) and t."deletedAt" is null and t."status" <> 'failed'
        order by t."id"
        "#,
        postgres: r#"
        select t."id", t."accountId", a."accountType", t."type", t."amountMinor", t."currency", t."category",
               t."categoryBy", t."hasParts", t."transferId"
        from "transaction" t
        join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
        where t."userId" = $1 and t."id" in ($2, $3) and t."deletedAt" is null and t."status" <> 'failed'
        order by t."id"
        for no key update of t
        "#,
        user,
        one,
        other,
    )?;
    let mut take = |id: &TransactionId| {
        found.iter().position(|side| side.id == *id).map(|at| found.swap_remove(at))
    };
    Ok(take(one).zip(take(other)))
}

/// Makes both rows sides of this transfer; answers what they were. One that we found is no change by anybody: it leaves
/// the time of the last one alone.
///
/// # Errors
/// [`Error::Invalid`] when one of them is taken.
pub(super) async fn mark(
    tx: &mut UserTx,
    pair: &PairId,
    (out, into): (&Side, &Side),
    by: Writer,
    now: Timestamp,
) -> Result<String> {
    let category = category_into(into.account_type);
    let changed = (by == Writer::User).then_some(now);
    let mut marked = 0;
    for side in [out, into] {
        let user = tx.user().clone();
        let made = made(side, category);
        let by = if made == side.category { side.category_by } else { by };
        marked += execute!(
            tx,
            r#"
            update "transaction"
            set "type" = 'transfer', "transferId" = $3, "category" = $4, "categoryBy" = $5,
                "updatedAt" = coalesce($6, "updatedAt")
            where "userId" = $1 and "id" = $2 and "deletedAt" is null and "transferId" is null and not "hasParts"
              and "amountMinor" <> 0
            "#,
            user,
            &side.id,
            pair,
            made,
            by,
            changed,
        )?;
    }
    if marked != 2 {
        return Err(Error::field("other", Code::PairTaken));
    }
    let was = |side: &Side| Was {
        r#type: side.r#type,
        category: side.category.clone(),
        by: side.category_by,
        made: made(side, category).to_owned(),
    };
    serde_json::to_string(&Before { out: was(out), into: was(into) })
        .map_err(|_| Error::Corrupt(PAIR))
}

fn made<'s>(side: &'s Side, category: &'s str) -> &'s str {
    if keeps_category(&side.category, side.category_by) { &side.category } else { category }
}

/// Makes both rows of a transfer what they were. A category that somebody gave to one since stays. `changed` is when
/// their owner did it; none when it is us.
pub(super) async fn restore(
    tx: &mut UserTx,
    pair: &Pair,
    changed: Option<Timestamp>,
) -> Result<()> {
    let before: Before = serde_json::from_str(&pair.before).map_err(|_| Error::Corrupt(PAIR))?;
    for (id, was) in [(&pair.out_id, before.out), (&pair.in_id, before.into)] {
        let user = tx.user().clone();
        execute!(
            tx,
            r#"
            update "transaction"
            set "type" = case when "amountMinor" = 0 then 'debit' when $4 = 'transfer' then 'transfer'
                              when "amountMinor" > 0 then 'credit' else 'debit' end,
                "category" = case when "category" = $7 then $5 else "category" end,
                "categoryBy" = case when "category" = $7 then $6 else "categoryBy" end,
                "transferId" = null, "updatedAt" = coalesce($8, "updatedAt")
            where "userId" = $1 and "id" = $2 and "transferId" = $3
            "#,
            user,
            id,
            &pair.id,
            was.r#type,
            was.category,
            was.by,
            was.made,
            changed,
        )?;
    }
    Ok(())
}

/// Ends a transfer whose one row is about to go, as if it had never been found.
pub(in crate::transactions) async fn part(tx: &mut UserTx, id: &PairId) -> Result<()> {
    let pair = match one(tx, id).await {
        Err(Error::NotFound(_)) => return Ok(()),
        found => found?,
    };
    // Its owner may have taken it apart in the meantime.
    if pair.state == PairState::Confirmed {
        restore(tx, &pair, None).await?;
    }
    drop_pair(tx, id).await
}

/// Takes a transfer apart that its owner confirmed and whose bank has changed an amount since, and puts it before them
/// again.
pub(super) async fn reopen(tx: &mut UserTx, id: &PairId, now: Timestamp) -> Result<()> {
    let pair = match one(tx, id).await {
        Err(Error::NotFound(_)) => return Ok(()),
        found => found?,
    };
    if pair.state != PairState::Confirmed {
        return Ok(());
    }
    restore(tx, &pair, None).await?;
    set_state(tx, id, PairState::Suggested, None, now).await?;
    let user = tx.user().clone();
    execute!(
        tx,
        r#"update "transfer_pair" set "score" = $3 where "userId" = $1 and "id" = $2"#,
        user,
        id,
        REOPENED,
    )?;
    Ok(())
}

/// Ends the transfers of rows that an import added and that are about to go. Holds the accounts first.
pub(crate) async fn part_import(tx: &mut UserTx, import: &ImportId) -> Result<()> {
    bulk::hold(tx).await?;
    let user = tx.user().clone();
    let pairs: Vec<(PairId,)> = fetch_all!(
        tx,
        r#"
        select distinct "transferId" from "transaction"
        where "userId" = $1 and "importId" = $2 and "transferId" is not null
        "#,
        user,
        import,
    )?;
    for (pair,) in &pairs {
        part(tx, pair).await?;
    }
    Ok(())
}

/// Forgets a pair.
pub(super) async fn drop_pair(tx: &mut UserTx, id: &PairId) -> Result<()> {
    let user = tx.user().clone();
    execute!(tx, r#"delete from "transfer_pair" where "userId" = $1 and "id" = $2"#, user, id)?;
    Ok(())
}

/// What is stored of a new pair.
pub(super) struct NewPair<'p> {
    pub id: &'p PairId,
    pub out: &'p TransactionId,
    pub into: &'p TransactionId,
    pub state: PairState,
    /// Found without its owner.
    pub by_rule: bool,
    pub score: i64,
    pub before: Option<&'p str>,
}

/// Stores a pair.
pub(super) async fn insert(tx: &mut UserTx, new: &NewPair<'_>, now: Timestamp) -> Result<()> {
    let user = tx.user().clone();
    let decided = (new.state != PairState::Suggested).then_some(now);
    execute!(
        tx,
        r#"
        insert into "transfer_pair" ("id", "userId", "outId", "inId", "state", "byRule", "score", "before", "createdAt",
                                     "decidedAt")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        "#,
        new.id,
        user,
        new.out,
        new.into,
        new.state,
        new.by_rule,
        new.score,
        new.before.unwrap_or("{}"),
        now,
        decided,
    )?;
    Ok(())
}

/// Says where a pair stands now.
pub(super) async fn set_state(
    tx: &mut UserTx,
    id: &PairId,
    state: PairState,
    before: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let user = tx.user().clone();
    let decided = (state != PairState::Suggested).then_some(now);
    execute!(
        tx,
        r#"
        update "transfer_pair" set "state" = $3, "byRule" = false, "before" = $4, "decidedAt" = $5
        where "userId" = $1 and "id" = $2
        "#,
        user,
        id,
        state,
        before.unwrap_or("{}"),
        decided,
    )?;
    Ok(())
}
