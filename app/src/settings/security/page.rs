//! `/settings/security`.

use backend::auth::{passkeys, two_factor};
use leptos::prelude::*;

use super::{
    super::{
        connections::{WayIn, list_ways_in},
        frame::{SettingsShell, SettingsTab},
    },
    passkeys::PasskeysCard,
    password::PasswordCard,
    second_step::SecondStepCard,
    sessions::{SessionsCard, list_sessions},
};
use crate::{
    activity::{ActivityRow, ActivityTable, list_activity},
    routes,
    server::{now, reject, signed_in},
    session::use_session,
    ui::{Card, load::load},
};

/// Lines of the trail beside everything else.
const LINES: i64 = 10;

/// The password, the second step, passkeys, every browser that is signed in, and what happened of late.
#[component]
pub fn SecurityPage() -> AnyView {
    load(async move {
        let (backend, caller) = signed_in()?;
        let ways = list_ways_in().await?;
        let status = two_factor::status(&backend, &caller).await.map_err(reject)?;
        let keys = passkeys::passkeys(&backend, &caller).await.map_err(reject)?;
        let is_fresh = caller.is_fresh(&backend);
        let sessions = list_sessions().await?;
        let recent = list_activity(1, LINES).await?.rows;
        let email = use_session().map(|session| session.email).unwrap_or_default();
        let has_password = ways.iter().any(WayIn::is_password);
        Ok(view! {
            <SettingsShell tab=SettingsTab::Security>
                <PasswordCard email=email.clone() has_password/>
                <SecondStepCard status email has_password now=now()/>
                <PasskeysCard passkeys=keys other_ways=ways.len() is_fresh now=now()/>
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
