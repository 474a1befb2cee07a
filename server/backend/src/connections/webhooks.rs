//! What providers tell us: kept before it is acknowledged, acted on by a job. It repeats, comes late and out of order, so it
//! only ever means: look again.

use domain::{
    ConnectionId, Date, UserId,
    connection::BankProblem,
    day,
    provider::TroubleKind,
    states::{account, connection::Event},
};
use metrics::counter;

use super::{
    open_token,
    rows::{self, Row},
    shared_numbers,
    state::{self, Means},
};
use crate::{
    Backend, Error, Result, Timestamp,
    accounts::banked,
    auth::address_of,
    banks::{BankEvent, EventKind, ProviderKind},
    db::{SystemTx, UserTx},
    execute, fetch_optional,
    jobs::{self, Job, Options},
};

/// An event as a word of the database.
fn word(kind: &EventKind) -> String {
    match kind {
        EventKind::RowsAvailable { .. } => "rows_available",
        EventKind::LoginRequired => "login_required",
        EventKind::LoginRepaired => "login_repaired",
        EventKind::Expiring { on: Some(on) } => {
            return format!("expiring:{}", day::format_iso(*on));
        }
        EventKind::Expiring { on: None } => "expiring",
        EventKind::Revoked => "revoked",
        EventKind::NewAccounts => "new_accounts",
        EventKind::Verified => "verified",
        EventKind::VerificationExpired => "verification_expired",
        EventKind::NumbersChanged => "numbers_changed",
        EventKind::Ignored => "ignored",
    }
    .to_owned()
}

/// Reads [`word`]. How much of the past has been read is asked of the provider, not believed here.
fn kind(word: &str) -> Option<EventKind> {
    Some(match word {
        "rows_available" => EventKind::RowsAvailable { history_complete: false },
        "login_required" => EventKind::LoginRequired,
        "login_repaired" => EventKind::LoginRepaired,
        "expiring" => EventKind::Expiring { on: None },
        "revoked" => EventKind::Revoked,
        "new_accounts" => EventKind::NewAccounts,
        "verified" => EventKind::Verified,
        "verification_expired" => EventKind::VerificationExpired,
        "numbers_changed" => EventKind::NumbersChanged,
        "ignored" => EventKind::Ignored,
        _ => {
            let on: Date = day::parse_iso(word.strip_prefix("expiring:")?)?;
            EventKind::Expiring { on: Some(on) }
        }
    })
}

fn place(id: &str) -> String {
    format!("bank_webhook:{id}")
}

/// Keeps a webhook that its provider has been shown to have sent ([`crate::banks::Provider::parse_webhook`]). When this
/// returns, it may be acknowledged.
#[tracing::instrument(name = "connections.receive", skip_all, fields(provider = provider.as_str(), event = event.name))]
pub async fn receive(
    backend: &Backend,
    provider: ProviderKind,
    event: &BankEvent,
    body: &[u8],
) -> Result<()> {
    let id = backend.new_id();
    let body = backend.vault.seal_waiting(&place(&id), &String::from_utf8_lossy(body));
    let ignored = event.kind == EventKind::Ignored;
    let mut tx = backend.db.system().write().await?;
    execute!(
        tx,
        r#"
        insert into "bank_webhook" ("id", "provider", "itemId", "kind", "body", "receivedAt", "state")
        values ($1, $2, $3, $4, $5, $6, $7)
        "#,
        &id,
        provider.as_str(),
        event.item_id.as_deref(),
        word(&event.kind),
        body,
        Timestamp::from(backend.clock.now()),
        if ignored { "ignored" } else { "new" },
    )?;
    if !ignored {
        let job = Job::ApplyBankWebhook { webhook: id };
        jobs::enqueue(&mut tx, backend, &job, Options::default()).await?;
    }
    tx.commit().await?;
    counter!("coffer_bank_webhooks_total", "provider" => provider.as_str(), "ignored" => ignored.to_string())
        .increment(1);
    Ok(())
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Stored {
    provider: String,
    item_id: Option<String>,
    kind: String,
}

/// Acts on one stored webhook. One that was acted on is left alone, so the job may run again.
#[tracing::instrument(name = "connections.apply_webhook", skip_all, fields(webhook.id = %webhook))]
pub(crate) async fn apply(backend: &Backend, webhook: &str) -> Result<SystemTx> {
    let mut tx = backend.db.system().read().await?;
    let stored: Option<Stored> = fetch_optional!(
        tx,
        r#"select "provider", "itemId", "kind" from "bank_webhook" where "id" = $1 and "state" = 'new'"#,
        webhook,
    )?;
    let Some(stored) = stored else {
        // Nobody holds one connection and waits for a second.
        drop(tx);
        return Ok(backend.db.system().write().await?);
    };
    let owner: Option<(ConnectionId, UserId)> = fetch_optional!(
        tx,
        r#"select "id", "userId" from "connection" where "provider" = $1 and "itemId" = $2"#,
        &stored.provider,
        stored.item_id.as_deref(),
    )?;
    drop(tx);
    let event = kind(&stored.kind);
    let outcome = match (owner, event) {
        (_, None) => "failed",
        (None, Some(_)) => {
            // Somebody is billed for it.
            tracing::warn!(
                provider = stored.provider,
                "a webhook is about a connection that is not ours"
            );
            counter!("coffer_bank_webhooks_unknown_total", "provider" => stored.provider)
                .increment(1);
            "unknown"
        }
        (Some((connection, user)), Some(event)) => {
            if act(backend, &user, &connection, &event).await? { "applied" } else { "ignored" }
        }
    };
    let mut tx = backend.db.system().write().await?;
    execute!(
        tx,
        r#"update "bank_webhook" set "state" = $2, "settledAt" = $3 where "id" = $1"#,
        webhook,
        outcome,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(tx)
}

/// Does what an event asks for. False when the connection has ended.
async fn act(
    backend: &Backend,
    user: &UserId,
    connection: &ConnectionId,
    event: &EventKind,
) -> Result<bool> {
    let means = Means { email: address_of(backend, user).await?, token: None };
    let now = Timestamp::from(backend.clock.now());
    let mut tx = backend.db.as_user(user).write().await?;
    let mut row = match rows::hold(&mut tx, connection).await {
        Err(Error::NotFound(_)) => return Ok(false),
        row => row?,
    };
    if !row.state.may_call() {
        return Ok(false);
    }
    note(&mut tx, backend, &mut row, event, &means).await?;
    rows::save(&mut tx, &row, now).await?;
    tx.commit().await?;
    if matches!(event, EventKind::NumbersChanged | EventKind::Verified) {
        fetch_numbers(backend, user, row).await?;
    }
    Ok(true)
}

async fn note(
    tx: &mut UserTx,
    backend: &Backend,
    row: &mut Row,
    event: &EventKind,
    means: &Means,
) -> Result<()> {
    let now = Timestamp::from(backend.clock.now());
    let needs_login = Some(BankProblem::Trouble(TroubleKind::NeedsLogin));
    match event {
        EventKind::RowsAvailable { .. } if row.state.may_sync() => {
            state::look_again(tx, backend, row).await?;
        }
        EventKind::LoginRequired => {
            if state::step(tx, backend, row, Event::LoginRequired, means).await? {
                row.problem = needs_login;
            }
        }
        EventKind::LoginRepaired => {
            if row.state.asks_person() {
                row.problem = None;
            }
            state::step(tx, backend, row, Event::LoginRepaired, means).await?;
        }
        EventKind::Expiring { on } => {
            let on = on.or(row.expires_on);
            state::step(tx, backend, row, Event::Expiring(on), means).await?;
        }
        EventKind::Revoked => {
            state::step(tx, backend, row, Event::Revoked, means).await?;
        }
        EventKind::NewAccounts => row.new_accounts = true,
        EventKind::VerificationExpired => banked::lapse(tx, &row.id, now).await?,
        EventKind::NumbersChanged => {
            for account in banked::of(tx, &row.id).await? {
                if account.number_index.is_some() {
                    banked::suspend(tx, &account, account::Event::NumbersChanged, now).await?;
                }
            }
        }
        EventKind::RowsAvailable { .. } | EventKind::Verified | EventKind::Ignored => {}
    }
    Ok(())
}

/// Fetches the numbers of a connection's accounts anew: whoever has them is proven. An account without any stays as it is.
async fn fetch_numbers(backend: &Backend, user: &UserId, row: Row) -> Result<()> {
    let Some(token) = open_token(backend, user, &row).await? else { return Ok(()) };
    let mut tx = backend.db.as_user(user).read().await?;
    let accounts = banked::of(&mut tx, &row.id).await?;
    drop(tx);
    let ids: Vec<String> =
        accounts.iter().filter_map(|account| account.provider_id.clone()).collect();
    let provider = backend.banks.provider(row.provider()?);
    let provider = provider.ok_or_else(|| super::not_configured(&row.institution_name))?;
    let numbers = shared_numbers(&*provider, &row.institution_name, &token, &ids).await?;
    let mut sealed = Vec::new();
    for numbers in numbers {
        let owner = accounts
            .iter()
            .find(|account| account.provider_id.as_deref() == Some(&*numbers.account));
        if let Some(owner) = owner {
            sealed.push((owner, banked::seal(backend, user, &owner.id, numbers).await?));
        }
    }
    let now = backend.clock.now().into();
    let mut tx = backend.db.as_user(user).write().await?;
    for (account, numbers) in &sealed {
        banked::renumber(&mut tx, account, numbers, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod words {
    use time::macros::date;

    use super::*;

    #[test]
    fn an_event_is_read_as_it_was_written() {
        let all = [
            EventKind::RowsAvailable { history_complete: false },
            EventKind::LoginRequired,
            EventKind::LoginRepaired,
            EventKind::Expiring { on: None },
            EventKind::Expiring { on: Some(date!(2026 - 06 - 10)) },
            EventKind::Revoked,
            EventKind::NewAccounts,
            EventKind::Verified,
            EventKind::VerificationExpired,
            EventKind::NumbersChanged,
            EventKind::Ignored,
        ];
        for event in all {
            assert_eq!(kind(&word(&event)), Some(event));
        }
        assert_eq!(kind("expiring:soon"), None);
    }
}
