//! The server function of the trail.

use backend::audit::{self, Activity, Outcome};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    AppError,
    server::{reject, signed_in},
};

/// One line of the trail, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityRow {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// What: "Password changed".
    pub what: String,
    /// Whether it was tried and refused.
    pub refused: bool,
    /// The browser in words; none for what no request did.
    pub device: Option<String>,
    /// The network it came from, as `198.51.100.0/24`.
    pub network: Option<String>,
    /// Whether it was this session.
    pub here: bool,
}

impl From<Activity> for ActivityRow {
    fn from(line: Activity) -> Self {
        Self {
            at: line.at,
            what: line.action.in_words().to_owned(),
            refused: line.outcome == Outcome::Refused,
            device: line.device,
            network: line.ip_prefix.filter(|prefix| !prefix.is_empty()),
            here: line.here,
        }
    }
}

/// One page of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityList {
    /// The newest first.
    pub rows: Vec<ActivityRow>,
    /// Which page it is, from 1.
    pub page: i64,
    /// How many there are.
    pub total_pages: i64,
}

/// One page of what was done to the caller's account, `limit` lines long.
#[server(prefix = "/api/fn", endpoint = "activity/list")]
pub async fn list_activity(
    #[server(default)] page: i64,
    #[server(default)] limit: i64,
) -> Result<ActivityList, AppError> {
    let (backend, caller) = signed_in()?;
    let (page, limit) = (page.clamp(1, 10_000), limit.clamp(1, 100));
    let (lines, total) = audit::list(&backend, &caller, page, limit).await.map_err(reject)?;
    Ok(ActivityList {
        rows: lines.into_iter().map(ActivityRow::from).collect(),
        page,
        total_pages: domain::page::total_pages(total, limit),
    })
}
