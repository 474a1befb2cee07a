//! `/api/preferences`: how somebody counts their days, and what they want done for them.

use axum::{Json, extract::State};
use backend::{Backend, preferences, preferences::PreferencesForm};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{body::Body, error::reject, list::ErrorBody};
use crate::{http::Failure, session::Caller};

/// What somebody chose, or what holds until they do.
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Preferences {
    /// An IANA zone: which day today is.
    #[schema(example = "Europe/Berlin")]
    zone: String,
    /// The first day of a week, 1 for Monday to 7 for Sunday.
    week_start: i64,
    /// The first day of a month, 1 to 31; a shorter month begins on its last day.
    month_start: i64,
    /// The first day of a year, `MM-DD`.
    #[schema(example = "01-01")]
    year_start: String,
    /// Whether transfers between own accounts are found.
    match_transfers: bool,
    /// Whether budgets send mails.
    budget_mail: bool,
    /// Whether a connection to a bank that needs you, or ended, is mailed.
    connection_mail: bool,
    /// Whether deposits that prove an account are mailed about on their way.
    deposit_mail: bool,
}

impl From<preferences::Preferences> for Preferences {
    fn from(chosen: preferences::Preferences) -> Self {
        Self {
            year_start: chosen.year_start_text(),
            zone: chosen.zone,
            week_start: chosen.week_start,
            month_start: chosen.month_start,
            match_transfers: chosen.match_transfers,
            budget_mail: chosen.mails.budgets,
            connection_mail: chosen.mails.connections,
            deposit_mail: chosen.mails.deposits,
        }
    }
}

/// What is to be different. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangedPreferences {
    /// An IANA zone, in any case.
    #[serde(default)]
    #[schema(example = "Europe/Berlin")]
    zone: Option<String>,
    /// 1 for Monday to 7 for Sunday.
    #[serde(default)]
    week_start: Option<i64>,
    /// 1 to 31.
    #[serde(default)]
    month_start: Option<i64>,
    /// `MM-DD`.
    #[serde(default)]
    #[schema(example = "04-06")]
    year_start: Option<String>,
    /// Whether transfers between own accounts are found.
    #[serde(default)]
    match_transfers: Option<bool>,
    /// Whether budgets send mails.
    #[serde(default)]
    budget_mail: Option<bool>,
    /// Whether a connection to a bank that needs you, or ended, is mailed.
    #[serde(default)]
    connection_mail: Option<bool>,
    /// Whether deposits that prove an account are mailed about on their way.
    #[serde(default)]
    deposit_mail: Option<bool>,
}

impl From<ChangedPreferences> for PreferencesForm {
    fn from(changed: ChangedPreferences) -> Self {
        Self {
            zone: changed.zone,
            week_start: changed.week_start,
            month_start: changed.month_start,
            year_start: changed.year_start,
            match_transfers: changed.match_transfers,
            budget_mail: changed.budget_mail,
            connection_mail: changed.connection_mail,
            deposit_mail: changed.deposit_mail,
        }
    }
}

/// What you chose.
#[utoipa::path(
    get,
    path = "/api/preferences",
    tag = "Preferences",
    responses(
        (status = 200, description = "What you chose, or what holds until you do", body = Preferences),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.preferences.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
) -> Result<Json<Preferences>, Failure> {
    let chosen = preferences::get(&backend, &caller).await.map_err(reject)?;
    Ok(Json(chosen.into()))
}

/// Changes what you chose.
#[utoipa::path(
    patch,
    path = "/api/preferences",
    tag = "Preferences",
    request_body = ChangedPreferences,
    responses(
        (status = 200, description = "What is chosen now", body = Preferences),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.preferences.update", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn update(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    body: Body<ChangedPreferences>,
) -> Result<Json<Preferences>, Failure> {
    let form = body.value.into();
    let chosen = preferences::change(&backend, &caller, &form).await.map_err(reject)?;
    Ok(Json(chosen.into()))
}
