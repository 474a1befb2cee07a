//! The server functions of budgets.
#![expect(clippy::too_many_arguments, reason = "one argument for each field of the form")]

use backend::{
    budgets::{self, BudgetDetail, BudgetsPage},
    idempotency::{Key, Once},
};
use domain::{
    BudgetId, Currency, Month,
    budget::{BudgetChange, BudgetForm, Replay},
};
use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in, today},
};

/// The caller's budgets in a month; without one, in the windows of today.
#[server(prefix = "/api/fn", endpoint = "budgets/list")]
pub async fn list_budgets(month: Option<Month>) -> Result<BudgetsPage, AppError> {
    let (backend, caller) = signed_in()?;
    let here = Month::containing(today().await?);
    // Of a month that is over, its last day tells how it ended.
    let day = month.filter(|month| *month != here).map(Month::last_day);
    budgets::page(&backend, &caller, day).await.map_err(reject)
}

/// One of the caller's budgets with its history.
#[server(prefix = "/api/fn", endpoint = "budgets/get")]
pub async fn get_budget(id: BudgetId) -> Result<BudgetDetail, AppError> {
    let (backend, caller) = signed_in()?;
    budgets::get(&backend, &caller, &id).await.map_err(reject)
}

/// How the last twelve windows would have gone with this budget.
#[server(prefix = "/api/fn", endpoint = "budgets/replay")]
pub async fn replay_budget(#[server(default)] form: BudgetForm) -> Result<Replay, AppError> {
    let (backend, caller) = signed_in()?;
    budgets::preview(&backend, &caller, &form).await.map_err(reject)
}

/// How the last twelve windows of a budget would have gone with what is typed about it.
#[server(prefix = "/api/fn", endpoint = "budgets/replay-change")]
pub async fn replay_change(
    id: BudgetId,
    #[server(default)] form: BudgetForm,
) -> Result<Replay, AppError> {
    let (backend, caller) = signed_in()?;
    let change = BudgetChange {
        amount: Some(form.amount),
        end_date: Some(form.end_date),
        rollover: Some(form.rollover),
        cap: Some(form.cap),
        prorate: Some(form.prorate),
        alert_percents: Some(form.alert_percents),
        alert_own: Some(form.alert_own),
        past_too: false,
    };
    budgets::preview_change(&backend, &caller, &id, change).await.map_err(reject)
}

/// The currency that the caller counts in when they say none.
#[server(prefix = "/api/fn", endpoint = "budgets/currency")]
pub async fn usual_currency() -> Result<Currency, AppError> {
    let (backend, caller) = signed_in()?;
    budgets::usual_currency(&backend, &caller).await.map_err(reject)
}

/// `POST /budgets/new`: makes a budget. The same form sent twice makes one.
#[server(prefix = "", endpoint = "budgets/new")]
pub async fn create_budget(
    #[server(default)] category: String,
    #[server(default)] amount: String,
    #[server(default)] currency: String,
    #[server(default)] period: String,
    #[server(default)]
    #[server(rename = "startDate")]
    start_date: String,
    #[server(default)]
    #[server(rename = "fromStart")]
    from_start: bool,
    #[server(default)]
    #[server(rename = "endDate")]
    end_date: String,
    #[server(default)] rollover: String,
    #[server(default)] cap: String,
    #[server(default)] prorate: bool,
    #[server(default)]
    #[server(rename = "alertPercents")]
    alert_percents: String,
    #[server(default)]
    #[server(rename = "alertOwn")]
    alert_own: String,
    #[server(default)]
    #[server(rename = "idempotencyKey")]
    idempotency_key: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let form = BudgetForm {
        category,
        amount,
        currency,
        period,
        start_date,
        from_start,
        end_date,
        rollover,
        cap,
        prorate,
        alert_percents,
        alert_own,
    };
    let once = once(&idempotency_key, &form);
    let created = budgets::create(&backend, &caller, &form, once.as_ref()).await.map_err(reject)?;

    flash::set(&Flash::done("Budget created."));
    redirect(&routes::budget(&created.value));
    Ok(())
}

/// The form's key with what it was sent for; nothing when the key is none of ours.
fn once(key: &str, form: &BudgetForm) -> Option<Once> {
    // Each by its name: a new field is not forgotten here.
    let BudgetForm {
        category,
        amount,
        currency,
        period,
        start_date,
        from_start,
        end_date,
        rollover,
        cap,
        prorate,
        alert_percents,
        alert_own,
    } = form;
    let dates = [start_date, end_date];
    let typed = [category, amount, currency, period, rollover, cap, alert_percents, alert_own];
    let ticked = [*from_start, *prorate].map(|ticked| if ticked { "true" } else { "" });
    let body: Vec<&str> =
        typed.into_iter().chain(dates).map(String::as_str).chain(ticked).collect();
    Some(Once::new(&Key::parse(key)?, "POST /budgets/new", body.join("\u{1F}").as_bytes()))
}

/// `POST /budgets/change`: another amount, end or rollover.
#[server(prefix = "", endpoint = "budgets/change")]
pub async fn change_budget(
    #[server(default)] id: String,
    #[server(default)] amount: String,
    #[server(default)]
    #[server(rename = "endDate")]
    end_date: String,
    #[server(default)] rollover: String,
    #[server(default)] cap: String,
    #[server(default)] prorate: bool,
    #[server(default)]
    #[server(rename = "alertPercents")]
    alert_percents: String,
    #[server(default)]
    #[server(rename = "alertOwn")]
    alert_own: String,
    #[server(default)]
    #[server(rename = "pastToo")]
    past_too: bool,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = BudgetId::new(id);
    let change = BudgetChange {
        amount: Some(amount),
        end_date: Some(end_date),
        rollover: Some(rollover),
        cap: Some(cap),
        prorate: Some(prorate),
        // A page from before there was the field sends none.
        alert_percents: Some(alert_percents).filter(|percents| !percents.is_empty()),
        alert_own: Some(alert_own),
        past_too,
    };
    budgets::update(&backend, &caller, &id, change).await.map_err(reject)?;

    flash::set(&Flash::done("Budget saved."));
    redirect(&routes::budget(&id));
    Ok(())
}

/// `POST /budgets/end`: ends a budget today.
#[server(prefix = "", endpoint = "budgets/end")]
pub async fn end_budget(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = BudgetId::new(id);
    budgets::end(&backend, &caller, &id).await.map_err(reject)?;

    flash::set(&Flash::done("Budget ended. Its history stays."));
    redirect(&routes::budget(&id));
    Ok(())
}

/// `POST /budgets/delete`: deletes a budget with its history.
#[server(prefix = "", endpoint = "budgets/delete")]
pub async fn delete_budget(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    budgets::delete(&backend, &caller, &BudgetId::new(id)).await.map_err(reject)?;

    flash::set(&Flash::done("Budget deleted."));
    redirect(routes::BUDGETS);
    Ok(())
}
