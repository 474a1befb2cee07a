//! Browsers that somebody has signed in with before. A guess from elsewhere does not slow them down, and a sign-in
//! from any other is told to the person by mail.

use domain::{Email, UserId, user_agent};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::Client;
use crate::{Backend, Result, Timestamp, db::SystemTx, execute, fetch_all, fetch_optional};

/// A browser that nobody signed in with for so long is forgotten: browsers keep no cookie longer (RFC 6265bis 5.5).
pub const LIFE: Duration = Duration::days(400);

/// What the browser of a login is to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// They have signed in with it before.
    Known,
    /// They have never signed in with any: nothing to compare with.
    First,
    /// They have signed in, but not with this one.
    Unknown,
}

impl Arrival {
    /// How the trail has it.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::First => "first",
            Self::Unknown => "unknown",
        }
    }
}

/// A new id for a device cookie.
pub fn new_id(backend: &Backend) -> String {
    backend.random.alphanumeric(32)
}

/// What stands for the browser of `client` in limits, if its cookie belongs to the account with this address.
pub(super) async fn known(
    backend: &Backend,
    email: &Email,
    client: &Client,
) -> Result<Option<String>> {
    let Some(id) = &client.device else { return Ok(None) };
    let mut tx = backend.db.system().read().await?;
    let found: Option<(String,)> = fetch_optional!(
        tx,
        r#"
        select d."hash"
        from "known_device" d
        join "user" u on u."id" = d."userId"
        where lower(u."email") = $1 and d."hash" = $2
        "#,
        email.as_str(),
        by_cookie(id),
    )?;
    Ok(found.map(|(hash,)| format!("{email}|{hash}")))
}

/// Notes the browser of a login.
pub(super) async fn arrive(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserId,
    client: &Client,
) -> Result<Arrival> {
    let rows: Vec<(String,)> =
        fetch_all!(tx, r#"select "hash" from "known_device" where "userId" = $1"#, user)?;
    let has = |hash: &str| rows.iter().any(|(known,)| known == hash);
    let by_cookie_now = client.device.as_deref().map(by_cookie);
    let by_cookie_next = client.next_device.as_deref().map(by_cookie);
    let by_agent = by_agent(&client.user_agent);
    let came_before =
        by_cookie_now.as_deref().is_some_and(has) || (by_cookie_next.is_none() && has(&by_agent));

    if let (Some(old), Some(new)) = (&by_cookie_now, &by_cookie_next) {
        rename(tx, old, new).await?;
    }
    let kept = match (by_cookie_next, by_cookie_now) {
        (Some(next), _) => next,
        (None, Some(now)) if has(&now) => now,
        (None, _) => by_agent,
    };
    keep(tx, backend, user, &kept).await?;
    Ok(match (came_before, rows.is_empty()) {
        (true, _) => Arrival::Known,
        (false, true) => Arrival::First,
        (false, false) => Arrival::Unknown,
    })
}

/// A cookie's id changes with each login, for everybody who uses this browser: one that somebody planted before
/// belongs to nobody afterwards.
async fn rename(tx: &mut SystemTx, old: &str, new: &str) -> Result<()> {
    execute!(tx, r#"update "known_device" set "hash" = $2 where "hash" = $1"#, old, new)?;
    Ok(())
}

async fn keep(tx: &mut SystemTx, backend: &Backend, user: &UserId, hash: &str) -> Result<()> {
    execute!(
        tx,
        r#"
        insert into "known_device" ("id", "userId", "hash", "createdAt", "lastSeenAt")
        values ($1, $2, $3, $4, $4)
        on conflict ("userId", "hash") do update set "lastSeenAt" = excluded."lastSeenAt"
        "#,
        backend.new_id(),
        user,
        hash,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(())
}

/// Forgets every browser of a person, in the transaction of a password reset: whoever had the old password may
/// have signed in with one of them.
pub(super) async fn forget(tx: &mut SystemTx, user: &UserId) -> Result<()> {
    execute!(tx, r#"delete from "known_device" where "userId" = $1"#, user)?;
    Ok(())
}

/// Deletes what was not seen for [`LIFE`]; answers how many there were.
pub(crate) async fn sweep(tx: &mut SystemTx, now: OffsetDateTime) -> Result<u64> {
    Ok(execute!(
        tx,
        r#"delete from "known_device" where "lastSeenAt" <= $1"#,
        Timestamp::from(now - LIFE),
    )?)
}

fn by_cookie(id: &str) -> String {
    hex::encode(Sha256::digest(format!("cookie:{id}")))
}

/// Where answers set no cookie: a browser is what it calls itself, in the words of mails.
fn by_agent(user_agent: &str) -> String {
    hex::encode(Sha256::digest(format!("agent:{}", user_agent::in_words(user_agent))))
}

#[cfg(test)]
mod tests;
