//! Every browser in which somebody is signed in, and the way to end that.

use backend::{
    Backend, SignedIn,
    auth::sessions::{self, OwnSession},
};
use domain::{SessionId, user_agent};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{CookieChange, SignInCookies, fresh, reject, signed_in},
    ui::{
        Ago, Badge, Button, Card, Cell, Column, DataTable, HiddenField, LinkButton, Place,
        PostForm, Tone, Variant, count::count,
    },
};

/// Where the form that ends one session posts to.
const END: &str = "/settings/security/sessions/end";
/// Where the form that ends all others posts to.
const END_OTHERS: &str = "/settings/security/sessions/end-others";

/// A signed-in browser as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionRow {
    /// The session's id. It opens nothing.
    pub id: SessionId,
    /// The browser in words: "Chrome on Windows".
    pub device: String,
    /// The address it signed in from; empty when unknown.
    pub ip_address: String,
    /// When it signed in.
    #[serde(with = "time::serde::rfc3339")]
    pub first_seen: OffsetDateTime,
    /// When it was last used.
    #[serde(with = "time::serde::rfc3339")]
    pub last_seen: OffsetDateTime,
    /// Whether it is this browser.
    pub current: bool,
}

impl From<OwnSession> for SessionRow {
    fn from(own: OwnSession) -> Self {
        Self {
            id: own.session.id,
            device: user_agent::in_words(&own.session.user_agent),
            ip_address: own.session.ip_address,
            first_seen: own.session.created_at,
            last_seen: own.last_seen_at,
            current: own.current,
        }
    }
}

/// The caller's sessions, as far as this one may see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sessions {
    /// This one first, then the one used last.
    pub rows: Vec<SessionRow>,
    /// Others that are shown only after a fresh sign-in.
    pub hidden: usize,
}

/// Where the caller is signed in. Other browsers are shown to a fresh sign-in alone: a stolen one learns nothing.
#[server(prefix = "/api/fn", endpoint = "sessions/list")]
pub async fn list_sessions() -> Result<Sessions, AppError> {
    let (backend, caller) = signed_in()?;
    let all = sessions::list(&backend, &caller).await.map_err(reject)?;
    let (mut rows, others): (Vec<_>, Vec<_>) =
        all.into_iter().map(SessionRow::from).partition(|row| row.current);
    if caller.is_fresh(&backend) {
        rows.extend(others);
        return Ok(Sessions { rows, hidden: 0 });
    }
    Ok(Sessions { rows, hidden: others.len() })
}

/// `POST /settings/security/sessions/end`: signs one browser out.
#[server(prefix = "", endpoint = "settings/security/sessions/end")]
pub async fn end_session(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = fresh()?;
    let own = end(&backend, &caller, &id).await?;
    if own {
        SignInCookies::set(CookieChange::End);
        flash::set(&Flash::note("You're signed out."));
        redirect(routes::SIGN_IN);
    } else {
        flash::set(&Flash::done("That device is signed out."));
        redirect(routes::SECURITY);
    }
    Ok(())
}

/// Ends the session with this id; answers whether it was the caller's own. One that is over is no error.
async fn end(backend: &Backend, caller: &SignedIn, id: &str) -> Result<bool, AppError> {
    let all = sessions::list(backend, caller).await.map_err(reject)?;
    match all.iter().find(|own| own.session.id.as_str() == id) {
        Some(own) => sessions::revoke(backend, caller, &own.handle).await.map_err(reject),
        None => Ok(false),
    }
}

/// `POST /settings/security/sessions/end-others`: signs every other browser out.
#[server(prefix = "", endpoint = "settings/security/sessions/end-others")]
pub async fn end_other_sessions() -> Result<(), AppError> {
    let (backend, caller) = fresh()?;
    let ended = sessions::revoke_others(&backend, &caller).await.map_err(reject)?;
    let text = match ended {
        0 => "You were signed in nowhere else.".to_owned(),
        1 => "1 other device is signed out.".to_owned(),
        n => format!("{n} other devices are signed out."),
    };
    flash::set(&Flash::done(text));
    redirect(routes::SECURITY);
    Ok(())
}

/// The table of sessions.
#[component]
pub fn SessionsCard(
    /// What may be shown.
    sessions: Sessions,
    /// The current time.
    now: OffsetDateTime,
) -> AnyView {
    let columns = vec![
        Column::text("Device"),
        Column::text("Signed in"),
        Column::text("Last seen"),
        Column::unseen("Actions"),
    ];
    let others = sessions.rows.len() > 1;
    let hidden = sessions.hidden;
    let rows = sessions.rows.into_iter().map(|row| view! { <Row row now/> }).collect_view();
    view! {
        <Card id="sessions" title="Where you're signed in" flush=true>
            <DataTable caption="Where you're signed in" columns stacked=true>
                <tbody role="rowgroup">{rows}</tbody>
            </DataTable>
            {(hidden > 0).then(|| view! { <Hidden hidden/> })}
            {others.then(|| view! {
                <div class="border-t border-line px-4 py-3 md:px-5">
                    <PostForm action=END_OTHERS page=routes::SECURITY>
                        <div><Button variant=Variant::Secondary busy="Signing out…">"Sign out all others"</Button></div>
                    </PostForm>
                </div>
            })}
        </Card>
    }
    .into_any()
}

/// Other browsers are there, and a fresh sign-in shows them.
#[component]
fn Hidden(hidden: usize) -> AnyView {
    let devices = count(i64::try_from(hidden).unwrap_or(i64::MAX), "other device");
    let verb = if hidden == 1 { "is" } else { "are" };
    view! {
        <div class="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-3 md:px-5">
            <p class="text-sm text-ink-2">
                {format!("{devices} {verb} signed in. To see them or sign them out, confirm that it's you.")}
            </p>
            <LinkButton href=routes::confirm(routes::SECURITY) variant=Variant::Secondary>"Confirm it's you"</LinkButton>
        </div>
    }
    .into_any()
}

#[component]
fn Row(row: SessionRow, now: OffsetDateTime) -> AnyView {
    let SessionRow { id, device, ip_address, first_seen, last_seen, current } = row;
    let label = format!("Sign out {device}");
    let action = if current {
        ().into_any()
    } else {
        view! {
            <form method="post" action=END>
                <HiddenField name="id" value=id.to_string()/>
                <HiddenField name="page" value=routes::SECURITY/>
                <Button variant=Variant::Ghost busy="Signing out…" attr:aria-label=label>"Sign out"</Button>
            </form>
        }
        .into_any()
    };
    view! {
        <tr role="row" data-testid="session-row" data-id=id.to_string() data-state=if current { "current" } else { "other" }>
            <Cell place=Place::Main>
                <span class="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <span class="font-medium">{device}</span>
                    {current.then(|| view! { <Badge tone=Tone::Accent>"This device"</Badge> })}
                </span>
                <span class="block text-caption text-ink-2 break-all">
                    {if ip_address.is_empty() { "Address unknown".to_owned() } else { ip_address }}
                </span>
            </Cell>
            <Cell place=Place::Under>
                <span class="md:hidden">"Signed in "</span>
                <Ago at=first_seen now/>
            </Cell>
            <Cell place=Place::UnderEnd>
                <span class="md:hidden">"Last seen "</span>
                <Ago at=last_seen now/>
            </Cell>
            <Cell place=Place::Actions>{action}</Cell>
        </tr>
    }
    .into_any()
}
