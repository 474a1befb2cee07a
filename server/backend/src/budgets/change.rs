//! Making, changing, ending and deleting budgets.

use domain::{
    BudgetId, Code, Date, FieldError,
    activity::Action,
    budget::{BudgetChange, BudgetForm, NewBudget, Period},
};

use super::{
    BUDGET, currency,
    live::{Place, is_taken},
    rows,
};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    audit::{self, Event},
    categories,
    db::UserTx,
    execute,
    idempotency::{self, Begun, Once, Outcome},
    look,
    preferences::{self, Preferences},
};

/// Adds a budget for the caller.
///
/// # Errors
/// [`Error::Invalid`] names each field, `budget_exists` for a second live one of the same category, currency
/// and period; and what [`Once`] can be refused for.
#[tracing::instrument(name = "budgets.create", skip_all, fields(user.id = %caller.user()))]
pub async fn create(
    backend: &Backend,
    caller: &SignedIn,
    form: &BudgetForm,
    once: Option<&Once>,
) -> Result<Outcome<BudgetId>> {
    let tx = backend.db.as_user(caller.user()).write().await?;
    let mut tx = match idempotency::begin(tx, once, BUDGET, backend.clock.now()).await? {
        Begun::First(tx) => tx,
        Begun::Again(outcome) => return Ok(outcome),
    };
    let created = match checked(&mut tx, backend, form).await {
        Ok(new) => insert(&mut tx, backend, &new).await,
        Err(error) => Err(error),
    };
    idempotency::finish(tx, once, created).await
}

/// Reads the form with what this person calls a category, where their periods begin and which currency they count in.
pub(super) async fn checked(
    tx: &mut UserTx,
    backend: &Backend,
    form: &BudgetForm,
) -> Result<NewBudget> {
    let chosen = preferences::of(tx).await?;
    let today = preferences::today(tx, backend).await?;
    let own = categories::own_keys(tx).await?;
    let mut form = form.clone();
    if form.currency.trim().is_empty() {
        currency::usual(tx).await?.code().clone_into(&mut form.currency);
    }
    form.parse(today, |period| anchor(&chosen, period), |key| own.contains(key))
        .map_err(Error::Invalid)
}

/// Where a period begins for this person.
pub(super) fn anchor(chosen: &Preferences, period: Period) -> i64 {
    match period {
        Period::Weekly => chosen.week_start,
        Period::Monthly => chosen.month_start,
        Period::Yearly => chosen.year_start,
    }
}

async fn insert(tx: &mut UserTx, backend: &Backend, new: &NewBudget) -> Result<BudgetId> {
    let today = preferences::today(tx, backend).await?;
    if is_taken(tx, Place::from(new), None, today).await? {
        return Err(exists(tx, "category", new).await?);
    }
    let id = BudgetId::new(backend.new_id());
    let user = tx.user().clone();
    let now = Timestamp::from(backend.clock.now());
    execute!(
        tx,
        r#"
        insert into "budget" ("id", "userId", "category", "amountMinor", "currency", "period", "startDate", "endDate",
                              "rollover", "capMinor", "prorate", "alertPercents", "anchor", "createdAt", "updatedAt")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
        "#,
        &id,
        &user,
        &new.category,
        new.minor,
        new.currency,
        new.grid.period(),
        new.start,
        new.end,
        new.rollover,
        new.cap,
        new.prorate,
        &new.alerts,
        new.grid.anchor(),
        now,
    )?;
    revise(tx, &id, new.start, new.minor, now).await?;
    look::later(tx, backend, &user).await?;
    Ok(id)
}

/// The refusal of a second budget, in the words of its owner.
async fn exists(tx: &mut UserTx, field: &str, new: &NewBudget) -> Result<Error> {
    let labels = categories::labels(tx).await?;
    let period = new.grid.period().label().to_lowercase();
    let message = format!("You already have a {period} budget for {}.", labels.of(&new.category));
    let error = FieldError { message, ..FieldError::new(field, Code::BudgetExists) };
    Ok(Error::Invalid(vec![error]))
}

/// Notes what a budget is worth from a day on.
async fn revise(
    tx: &mut UserTx,
    id: &BudgetId,
    from: Date,
    minor: i64,
    now: Timestamp,
) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        insert into "budget_revision" ("userId", "budgetId", "fromDate", "amountMinor", "createdAt")
        values ($1, $2, $3, $4, $5)
        on conflict ("userId", "budgetId", "fromDate") do update set "amountMinor" = excluded."amountMinor"
        "#,
        user,
        id,
        from,
        minor,
        now,
    )?;
    Ok(())
}

/// Changes one of the caller's budgets. Another amount holds from the current window on, or for the past too.
///
/// # Errors
/// [`Error::Invalid`] names each field, `budget_exists` at `endDate` where another one begins before it;
/// [`Error::NotFound`] also for a budget of somebody else.
#[tracing::instrument(name = "budgets.update", skip_all, fields(user.id = %caller.user()))]
pub async fn update(
    backend: &Backend,
    caller: &SignedIn,
    id: &BudgetId,
    change: BudgetChange,
) -> Result<()> {
    let past_too = change.past_too;
    let now = Timestamp::from(backend.clock.now());
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let (budget, limits) = rows::one(&mut tx, id).await?;
    let new = checked(&mut tx, backend, &change.over(budget.form())).await?;
    let today = preferences::today(&mut tx, backend).await?;
    // As long as its end stays, it is in nobody's way who was not in its own before.
    if new.end != budget.end_date && is_taken(&mut tx, Place::from(&new), Some(id), today).await? {
        return Err(exists(&mut tx, "endDate", &new).await?);
    }
    execute!(
        tx,
        r#"
        update "budget"
        set "amountMinor" = $3, "endDate" = $4, "rollover" = $5, "capMinor" = $6, "prorate" = $7, "alertPercents" = $8,
            "updatedAt" = $9
        where "userId" = $1 and "id" = $2
        "#,
        caller.user(),
        id,
        new.minor,
        new.end,
        new.rollover,
        new.cap,
        new.prorate,
        &new.alerts,
        now,
    )?;
    if past_too {
        execute!(
            tx,
            r#"delete from "budget_revision" where "userId" = $1 and "budgetId" = $2"#,
            caller.user(),
            id,
        )?;
        revise(&mut tx, id, budget.start_date, new.minor, now).await?;
    } else if new.minor != budget.amount_minor {
        let from = limits.grid.window(today).from.max(budget.start_date);
        revise(&mut tx, id, from, new.minor, now).await?;
    }
    look::later(&mut tx, backend, caller.user()).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends one of the caller's budgets today: its history stays. One that has ended stays as it is.
///
/// # Errors
/// [`Error::NotFound`] also for a budget of somebody else.
#[tracing::instrument(name = "budgets.end", skip_all, fields(user.id = %caller.user()))]
pub async fn end(backend: &Backend, caller: &SignedIn, id: &BudgetId) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let (budget, _) = rows::one(&mut tx, id).await?;
    let today = preferences::today(&mut tx, backend).await?.max(budget.start_date);
    execute!(
        tx,
        r#"update "budget" set "endDate" = $3, "updatedAt" = $4 where "userId" = $1 and "id" = $2"#,
        caller.user(),
        id,
        budget.end_date.map_or(today, |end| end.min(today)),
        Timestamp::from(backend.clock.now()),
    )?;
    tx.commit().await?;
    Ok(())
}

/// Deletes one of the caller's budgets with its history, for good.
///
/// # Errors
/// [`Error::NotFound`] also for a budget of somebody else.
#[tracing::instrument(name = "budgets.delete", skip_all, fields(user.id = %caller.user()))]
pub async fn delete(backend: &Backend, caller: &SignedIn, id: &BudgetId) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let deleted = execute!(
        tx,
        r#"delete from "budget" where "userId" = $1 and "id" = $2"#,
        caller.user(),
        id,
    )?;
    if deleted == 0 {
        return Err(Error::NotFound(BUDGET));
    }
    let event = Event::by(Action::BudgetDeleted, caller).subject("budget", id);
    audit::record(&mut tx, backend, event).await?;
    tx.commit().await?;
    Ok(())
}
