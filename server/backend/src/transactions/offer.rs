//! "Always categorise Blue Bottle as Coffee?": the rule to offer beside a row.

use domain::{
    RuleId, TransactionId, category, merchant,
    rules::{Rule, RuleForm, does_always, offer_always},
};
use serde::{Deserialize, Serialize};

use super::TRANSACTION;
use crate::{Backend, Error, Result, SignedIn, db::UserTx, fetch_optional, rules};

/// What would be done from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// The name of the shop.
    pub merchant: String,
    /// The key of the category.
    pub category: String,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    merchant_key: String,
    category: String,
    times: i64,
}

/// What to offer beside one of the caller's rows: nothing before the second row of its shop got this category by hand,
/// nor when a rule does it already.
///
/// # Errors
/// [`Error::NotFound`] also for a row of somebody else.
#[tracing::instrument(name = "transactions.offer", skip_all, fields(user.id = %caller.user()))]
pub async fn offer(
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
) -> Result<Option<Offer>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    match look(&mut tx, id).await? {
        Found::Offer(offer, _) => Ok(Some(offer)),
        Found::Rule(_) | Found::Nothing => Ok(None),
    }
}

/// Takes the offer: a rule of the caller's, at the end of their list. Nothing when it is none any more.
///
/// # Errors
/// [`Error::NotFound`] as [`offer`]; [`Error::Invalid`] when they have rules enough.
#[tracing::instrument(name = "transactions.take_offer", skip_all, fields(user.id = %caller.user()))]
pub async fn take_offer(
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
) -> Result<Option<(Offer, RuleId)>> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    hold(&mut tx, id).await?;
    let Found::Offer(offer, rule) = look(&mut tx, id).await? else { return Ok(None) };
    let made = rules::add(&mut tx, backend, &offer.merchant, &RuleForm::of(&rule)).await?;
    tx.commit().await?;
    Ok(Some((offer, made)))
}

/// The same for a request that may come twice: the rule that does it, and whether it is new.
///
/// # Errors
/// As [`take_offer`]; [`Error::NotFound`] too where there is nothing to offer and no rule does it.
#[tracing::instrument(name = "transactions.always", skip_all, fields(user.id = %caller.user()))]
pub async fn always(
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
) -> Result<(RuleId, bool)> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    hold(&mut tx, id).await?;
    match look(&mut tx, id).await? {
        Found::Offer(offer, rule) => {
            let made = rules::add(&mut tx, backend, &offer.merchant, &RuleForm::of(&rule)).await?;
            tx.commit().await?;
            Ok((made, true))
        }
        Found::Rule(there) => Ok((there, false)),
        Found::Nothing => Err(Error::NotFound("offer")),
    }
}

/// The same asked twice at once is done one after the other.
async fn hold(tx: &mut UserTx, id: &TransactionId) -> Result<()> {
    let user = tx.user().clone();
    let held: Option<(TransactionId,)> = fetch_optional!(
        tx,
        sqlite: r#"select "id" from "transaction" where "userId" = $1 and "id" = $2"#,
        postgres: r#"select "id" from "transaction" where "userId" = $1 and "id" = $2 for update"#,
        user,
        id,
    )?;
    held.map(|_| ()).ok_or(Error::NotFound(TRANSACTION))
}

/// What there is to say about a row's shop.
enum Found {
    /// This would be done from now on.
    Offer(Offer, Rule),
    /// A rule does it already.
    Rule(RuleId),
    /// It was not said often enough.
    Nothing,
}

async fn look(tx: &mut UserTx, id: &TransactionId) -> Result<Found> {
    let user = tx.user().clone();
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select t."merchantKey", t."category",
               (select count(*) from "transaction" o
                where o."userId" = t."userId" and o."deletedAt" is null and o."categoryBy" = 'user'
                  and o."merchantKey" = t."merchantKey" and o."category" = t."category") as "times"
        from "transaction" t
        where t."userId" = $1 and t."id" = $2 and t."deletedAt" is null
        "#,
        user,
        id,
    )?;
    let row = row.ok_or(Error::NotFound(TRANSACTION))?;
    if category::group_of(&row.category) == "transfer" {
        return Ok(Found::Nothing);
    }
    let views = rules::all(tx).await?;
    let does_it =
        |view: &&rules::RuleView| does_always(&view.rule, &row.merchant_key, &row.category);
    if let Some(view) = views.iter().find(does_it) {
        return Ok(Found::Rule(view.id.clone()));
    }
    let by_hand = u32::try_from(row.times).unwrap_or(u32::MAX);
    let Some(rule) = offer_always(&row.merchant_key, &row.category, by_hand, &[]) else {
        return Ok(Found::Nothing);
    };
    let merchant = merchant::display_name(&row.merchant_key).unwrap_or(row.merchant_key);
    Ok(Found::Offer(Offer { merchant, category: row.category }, rule))
}
