//! The server function of the dashboard.

use backend::dashboard::{self, Dashboard};
use leptos::prelude::*;

use crate::{
    AppError,
    server::{reject, signed_in},
};

/// Everything the dashboard shows of a month (`2026-05`); of this month when the text is no month.
#[server(prefix = "/api/fn", endpoint = "dashboard/get")]
pub async fn get_overview(month: String) -> Result<Dashboard, AppError> {
    let (backend, caller) = signed_in()?;
    dashboard::load(&backend, &caller, month.parse().ok()).await.map_err(reject)
}
