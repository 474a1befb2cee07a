//! The server functions of rules.

use backend::{
    idempotency::{Key, Once},
    rules::{self, RulePreview, RuleView, Shift},
    transactions,
};
use domain::RuleId;
use leptos::prelude::*;
use leptos_axum::redirect;

use super::form::TypedRule;
use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
    transactions::say_done,
};

/// The caller's rules in their order.
#[server(prefix = "/api/fn", endpoint = "rules/list")]
pub async fn list_rules() -> Result<Vec<RuleView>, AppError> {
    let (backend, caller) = signed_in()?;
    rules::list(&backend, &caller).await.map_err(reject)
}

/// One of the caller's rules.
#[server(prefix = "/api/fn", endpoint = "rules/get")]
pub async fn get_rule(id: RuleId) -> Result<RuleView, AppError> {
    let (backend, caller) = signed_in()?;
    rules::get(&backend, &caller, &id).await.map_err(reject)
}

/// What a rule would do to the rows that are here.
#[server(prefix = "/api/fn", endpoint = "rules/preview")]
pub async fn preview_rule(#[server(flatten)] rule: TypedRule) -> Result<RulePreview, AppError> {
    let (backend, caller) = signed_in()?;
    let found = rules::preview(&backend, &caller, &rule.name, &rule.to_form()).await;
    found.map_err(|error| at_fields(&rule, reject(error)))
}

/// Errors at the fields of the page.
fn at_fields(typed: &TypedRule, error: AppError) -> AppError {
    match error {
        AppError::Invalid(errors) => AppError::Invalid(typed.at_fields(errors)),
        error => error,
    }
}

/// `POST /rules/new`: adds a rule at the end.
#[server(prefix = "", endpoint = "rules/new")]
pub async fn create_rule(#[server(flatten)] rule: TypedRule) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let made = rules::create(&backend, &caller, &rule.name, &rule.to_form()).await;
    made.map_err(|error| at_fields(&rule, reject(error)))?;

    flash::set(&Flash::done("Rule added. It sorts what comes from now on."));
    redirect(routes::RULES);
    Ok(())
}

/// `POST /rules/change`: changes a rule, or switches it on or off.
#[server(prefix = "", endpoint = "rules/change")]
pub async fn change_rule(
    #[server(default)] id: String,
    #[server(default)] enabled: String,
    #[server(flatten)] rule: TypedRule,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let (id, form) = (RuleId::new(id), rule.to_form());
    let changed =
        rules::update(&backend, &caller, &id, &rule.name, &form, !enabled.is_empty()).await;
    changed.map_err(|error| at_fields(&rule, reject(error)))?;

    flash::set(&Flash::done("Rule saved."));
    redirect(routes::RULES);
    Ok(())
}

/// `POST /rules/apply`: does what a rule says to the rows that are here. The same form sent twice does it once.
#[server(prefix = "", endpoint = "rules/apply")]
pub async fn apply_rule(
    #[server(default)] id: String,
    #[server(default)]
    #[server(rename = "idempotencyKey")]
    idempotency_key: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let once =
        Key::parse(&idempotency_key).map(|key| Once::new(&key, "POST /rules/apply", id.as_bytes()));
    let id = RuleId::new(id);
    let done = transactions::apply_rule(&backend, &caller, &id, once.as_ref()).await;
    let done = done.map_err(reject)?.value;

    let page = routes::rule(&id);
    say_done(&done, &[], &page);
    redirect(&page);
    Ok(())
}

/// `POST /rules/shift`: asks a rule earlier or later.
#[server(prefix = "", endpoint = "rules/shift")]
pub async fn shift_rule(
    #[server(default)] id: String,
    #[server(default)] way: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let way = if way == "up" { Shift::Up } else { Shift::Down };
    rules::shift(&backend, &caller, &RuleId::new(id), way).await.map_err(reject)?;

    redirect(routes::RULES);
    Ok(())
}

/// `POST /rules/delete`: deletes a rule; what it set stays.
#[server(prefix = "", endpoint = "rules/delete")]
pub async fn delete_rule(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    rules::delete(&backend, &caller, &RuleId::new(id)).await.map_err(reject)?;

    flash::set(&Flash::done("Rule deleted. What it set stays."));
    redirect(routes::RULES);
    Ok(())
}
