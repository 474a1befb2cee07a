//! `/settings/security`.

use leptos::prelude::*;

use super::{
    super::{
        connections::list_ways_in,
        frame::{SettingsShell, SettingsTab},
    },
    password::PasswordCard,
    sessions::{SessionsCard, list_sessions},
};
use crate::{
    activity::{ActivityRow, ActivityTable, list_activity},
    routes,
    server::now,
    session::use_session,
    ui::{Card, load::load},
};

/// Lines of the trail beside everything else.
const LINES: i64 = 10;

/// The password, every browser that is signed in, and what happened of late.
#[component]
pub fn SecurityPage() -> AnyView {
    load(async move {
        let ways = list_ways_in().await?;
        let sessions = list_sessions().await?;
        let recent = list_activity(1, LINES).await?.rows;
        let email = use_session().map(|session| session.email).unwrap_or_default();
        let has_password = ways.iter().any(|way| way.is_password());
        Ok(view! {
            <SettingsShell tab=SettingsTab::Security>
                <PasswordCard email has_password/>
                <SessionsCard sessions now=now()/>
                <RecentActivity rows=recent/>
            </SettingsShell>
        })
    })
}

/// The newest lines of the trail. Prints nothing before the first.
#[component]
fn RecentActivity(rows: Vec<ActivityRow>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        view! {
            <Card id="recent-activity" title="Recent activity" link=("All activity", routes::ACTIVITY) flush=true>
                <ActivityTable rows now=now()/>
            </Card>
        }
    })
}
