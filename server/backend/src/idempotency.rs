//! The same request twice has its effect once: `Idempotency-Key`.
//!
//! The key is claimed, and the answer kept, in the transaction of the effect. So a crash loses both or none, and
//! there is never a claim without an answer.

use std::time::Duration;

use domain::FieldError;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::{
    Error, Result, Timestamp,
    db::{SystemTx, UserTx},
    execute, fetch_one,
};

/// How long an answer is kept.
pub const KEPT: Duration = Duration::from_hours(24);

/// The value of an `Idempotency-Key` header: 16 to 200 visible ASCII characters.
pub struct Key(String);

impl Key {
    /// Reads a header; nothing when it is no key.
    pub fn parse(text: &str) -> Option<Self> {
        let visible = text.bytes().all(|byte| (0x21..=0x7E).contains(&byte));
        (visible && (16..=200).contains(&text.len())).then(|| Self(text.to_owned()))
    }
}

/// A request that must have its effect once.
#[derive(Clone, Debug)]
pub struct Once {
    key_hash: String,
    route: &'static str,
    body_hash: String,
}

impl Once {
    /// A request by its key, the name of its route and what was sent.
    ///
    /// Of the key a hash is kept. What was sent may hold an account number, which could be guessed from a plain
    /// hash, so its hash is keyed by the key, which is not kept.
    pub fn new(key: &Key, route: &'static str, body: &[u8]) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.0.as_bytes())
            .expect("HMAC takes keys of any length");
        mac.update(body);
        Self {
            key_hash: hex::encode(Sha256::digest(key.0.as_bytes())),
            route,
            body_hash: hex::encode(mac.finalize().into_bytes()),
        }
    }
}

/// What a use case answered, and whether it had done so before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<T> {
    /// The answer.
    pub value: T,
    /// True when the effect is that of an earlier request.
    pub replayed: bool,
}

impl<T> Outcome<T> {
    /// An answer of this request.
    pub fn first(value: T) -> Self {
        Self { value, replayed: false }
    }

    /// The answer of an earlier request.
    pub fn again(value: T) -> Self {
        Self { value, replayed: true }
    }
}

/// What to do now.
pub(crate) enum Begun<T> {
    /// Have the effect in this transaction, then [`finish`].
    First(UserTx),
    /// The effect has been had: answer this.
    Again(Outcome<T>),
}

/// An answer as it is kept. Only answers about the request are; a failure of ours undoes the claim as well.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kept<T> {
    Done(T),
    Invalid(Vec<FieldError>),
    NotFound,
    Expired,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    route: String,
    body_hash: String,
    response: Option<Json<serde_json::Value>>,
}

#[derive(sqlx::FromRow)]
struct Turn {
    mine: bool,
}

/// Claims the key of a request; without one there is nothing to claim. Where there is nothing to do, the
/// transaction has ended when this returns, and its lock with it.
///
/// # Errors
/// [`Error::KeyReused`] when the key belongs to another request, [`Error::KeyInUse`] while that one runs, and
/// what the first answer was, if it was an error.
pub(crate) async fn begin<T: DeserializeOwned>(
    mut tx: UserTx,
    once: Option<&Once>,
    what: &'static str,
    now: OffsetDateTime,
) -> Result<Begun<T>> {
    let Some(once) = once else { return Ok(Begun::First(tx)) };
    let found = if take_turn(&mut tx, once).await? {
        if claim(&mut tx, once, now).await? {
            execute!(tx, "savepoint effect")?;
            return Ok(Begun::First(tx));
        }
        kept(&mut tx, once).await
    } else {
        Err(Error::KeyInUse)
    };
    tx.rollback().await?;
    match found? {
        Kept::Done(value) => Ok(Begun::Again(Outcome::again(value))),
        Kept::Invalid(fields) => Err(Error::Invalid(fields)),
        Kept::NotFound => Err(Error::NotFound(what)),
        Kept::Expired => Err(Error::Expired(what)),
    }
}

/// The answer to the first request with this key, if this is the same request.
async fn kept<T: DeserializeOwned>(tx: &mut UserTx, once: &Once) -> Result<Kept<T>> {
    let user = tx.user().clone();
    let row: Row = fetch_one!(
        tx,
        r#"
        select "route", "bodyHash", "response"
        from "idempotency"
        where "userId" = $1 and "keyHash" = $2
        "#,
        user,
        &once.key_hash,
    )?;
    if row.route != once.route || row.body_hash != once.body_hash {
        return Err(Error::KeyReused);
    }
    let Json(kept) = row.response.ok_or(Error::KeyInUse)?;
    serde_json::from_value(kept).map_err(|_| Error::Corrupt("idempotent answer"))
}

/// Keeps the answer and commits. An answer that says no undoes what was written since [`begin`].
pub(crate) async fn finish<T: Serialize>(
    mut tx: UserTx,
    once: Option<&Once>,
    result: Result<T>,
) -> Result<Outcome<T>> {
    let Some(once) = once else {
        if result.is_ok() {
            tx.commit().await?;
        }
        return result.map(Outcome::first);
    };
    let (kept, status) = match &result {
        Ok(value) => (Kept::Done(value), 201_i64),
        Err(Error::Invalid(fields)) => (Kept::Invalid(fields.clone()), 422),
        Err(Error::NotFound(_)) => (Kept::NotFound, 404),
        Err(Error::Expired(_)) => (Kept::Expired, 410),
        Err(_) => {
            // The first error is the one to tell: a connection that broke has undone everything by itself.
            drop(tx.rollback().await);
            return result.map(Outcome::first);
        }
    };
    if result.is_err() {
        execute!(tx, "rollback to savepoint effect")?;
    }
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "idempotency"
        set "status" = $3, "response" = $4
        where "userId" = $1 and "keyHash" = $2
        "#,
        user,
        &once.key_hash,
        status,
        Json(serde_json::to_value(&kept).map_err(|_| Error::Corrupt("idempotent answer"))?),
    )?;
    tx.commit().await?;
    result.map(Outcome::first)
}

/// On Postgres a second request with the same key sees that the first still runs; on SQLite it waited for the
/// one writer, so the first has ended.
async fn take_turn(tx: &mut UserTx, once: &Once) -> Result<bool> {
    let user = tx.user().clone();
    let turn: Turn = fetch_one!(
        tx,
        sqlite: r#"select $1 <> $2 as "mine""#,
        postgres: r#"select pg_try_advisory_xact_lock(hashtextextended($1 || '/' || $2, 0)) as "mine""#,
        user,
        &once.key_hash,
    )?;
    Ok(turn.mine)
}

/// True when the key was free. An answer older than [`KEPT`] has had its day, swept or not.
async fn claim(tx: &mut UserTx, once: &Once, now: OffsetDateTime) -> Result<bool> {
    let user = tx.user().clone();
    let claimed = execute!(
        tx,
        r#"
        insert into "idempotency" ("userId", "keyHash", "route", "bodyHash", "createdAt")
        values ($1, $2, $3, $4, $5)
        on conflict ("userId", "keyHash") do update
        set "route" = excluded."route", "bodyHash" = excluded."bodyHash", "status" = null, "response" = null,
            "createdAt" = excluded."createdAt"
        where "idempotency"."createdAt" < $6
        "#,
        user,
        &once.key_hash,
        once.route,
        &once.body_hash,
        Timestamp::from(now),
        Timestamp::from(now - KEPT),
    )?;
    Ok(claimed == 1)
}

/// Deletes answers older than [`KEPT`]; answers how many.
pub async fn sweep(tx: &mut SystemTx, now: OffsetDateTime) -> Result<u64> {
    Ok(execute!(
        tx,
        r#"delete from "idempotency" where "createdAt" < $1"#,
        Timestamp::from(now - KEPT),
    )?)
}

#[cfg(test)]
#[path = "idempotency_tests.rs"]
mod tests;
