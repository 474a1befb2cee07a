//! Mails about budgets that come near their end: once for each threshold and window.

use domain::{BudgetId, Date, UserId, budget::due};

use super::{letters, page, rows};
use crate::{
    Backend, Result, Timestamp, auth, categories, db::UserTx, execute, fetch_all, mail, preferences,
};

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Told {
    budget_id: BudgetId,
    window_start: Date,
    threshold: i64,
}

/// Tells by mail which budgets came near their end or went over it, once for each window.
pub(crate) async fn look(backend: &Backend, user: &UserId) -> Result<()> {
    let Some(address) = auth::address_of(backend, user).await? else { return Ok(()) };
    let mut tx = backend.db.as_user(user).write().await?;
    if !preferences::of(&mut tx).await?.mails.budgets {
        return Ok(());
    }
    let today = preferences::today(&mut tx, backend).await?;
    let budgets = rows::with_limits(&mut tx).await?;
    if budgets.is_empty() {
        return Ok(());
    }
    let sums = page::sums(&mut tx, &budgets, today).await?;
    let told = told(&mut tx).await?;
    let labels = categories::labels(&mut tx).await?;
    for (budget, limits) in &budgets {
        let Some(link) = page::link(budget, limits, today, &sums) else { continue };
        let before: Vec<i64> = told
            .iter()
            .filter(|told| told.budget_id == budget.id && told.window_start == link.window.from)
            .map(|told| told.threshold)
            .collect();
        let due = due(link.standing, &budget.alert_percents, &before);
        for threshold in &due {
            note(&mut tx, backend, &budget.id, link.window.from, *threshold).await?;
        }
        // Of two thresholds that were reached at once, the higher says it all.
        if let Some(threshold) = due.last() {
            let name = labels.of(&budget.category);
            let letter = letters::reached(backend, name, budget, *threshold, link.window.to);
            mail::post(&mut tx, backend, &address, &letter).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn told(tx: &mut UserTx) -> Result<Vec<Told>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"select "budgetId", "windowStart", "threshold" from "budget_alert" where "userId" = $1"#,
        user,
    )?)
}

async fn note(
    tx: &mut UserTx,
    backend: &Backend,
    budget: &BudgetId,
    window: Date,
    threshold: i64,
) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        insert into "budget_alert" ("userId", "budgetId", "windowStart", "threshold", "sentAt")
        values ($1, $2, $3, $4, $5)
        on conflict do nothing
        "#,
        user,
        budget,
        window,
        threshold,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(())
}
