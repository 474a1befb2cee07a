//! Data keys in the database: made on first use, counted, replaced before they are worn out.

use std::sync::{Arc, atomic::AtomicI64};

use aes_gcm::{Aes256Gcm, KeyInit};
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use super::{
    Purpose, Vault,
    envelope::{self, Sealed},
};
use crate::{Error, Result, Timestamp, db::SystemTx, execute, fetch_optional};

/// With random nonces of 96 bits, 2^32 texts under one key are the limit (NIST SP 800-38D, 8.3); a quarter of
/// it leaves room for uses that were counted and lost in a crash.
const MAX_USES: i64 = 1 << 30;
/// A data key encrypts for one year.
const MAX_AGE: Duration = Duration::days(365);
/// Uses are counted in the database this many at a time, before they happen.
const BATCH: i64 = 1_024;
/// Tries before two processes that replace keys at the same time would have to be a bug.
const TRIES: usize = 5;

/// A data key, unwrapped.
pub(super) struct DataKey {
    pub kid: String,
    pub purpose: String,
    pub cipher: Aes256Gcm,
}

/// The key that encrypts for one purpose, and how many uses of it have been counted and are not spent.
pub(super) struct ActiveKey {
    pub key: Arc<DataKey>,
    pub left: AtomicI64,
    pub replace_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    kid: String,
    purpose: String,
    root_kid: String,
    wrapped: String,
    uses: i64,
    created_at: Timestamp,
}

impl Row {
    fn replace_at(&self) -> OffsetDateTime {
        OffsetDateTime::from(self.created_at) + MAX_AGE
    }

    fn worn_out(&self, now: OffsetDateTime) -> bool {
        self.uses > MAX_USES || now >= self.replace_at()
    }
}

/// The key with this name, whatever its state.
pub(super) async fn load(vault: &Vault, kid: &str) -> Result<Arc<DataKey>> {
    let mut tx = vault.0.db.system().read().await?;
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select "kid", "purpose", "rootKid", "wrapped", "uses", "createdAt"
        from "data_key"
        where "kid" = $1
        "#,
        kid,
    )?;
    unwrap(vault, &row.ok_or(Error::Corrupt("field"))?)
}

/// The active key of a purpose with a batch of uses counted; makes the first one, replaces one that is worn out.
pub(super) async fn reserve(vault: &Vault, purpose: Purpose) -> Result<ActiveKey> {
    for _ in 0..TRIES {
        let now = vault.0.clock.now();
        let mut tx = vault.0.db.system().write().await?;
        let counted = count_batch(&mut tx, purpose).await?;
        if let Some(row) = &counted
            && !row.worn_out(now)
        {
            tx.commit().await?;
            let replace_at = row.replace_at();
            return Ok(ActiveKey { key: unwrap(vault, row)?, left: BATCH.into(), replace_at });
        }
        if let Some(row) = &counted {
            retire(&mut tx, &row.kid).await?;
        }
        // Whoever is first makes the key; everybody reads it in the next round.
        insert(&mut tx, vault, purpose, now).await?;
        tx.commit().await?;
    }
    Err(Error::Busy)
}

async fn count_batch(tx: &mut SystemTx, purpose: Purpose) -> Result<Option<Row>> {
    Ok(fetch_optional!(
        tx,
        r#"
        update "data_key"
        set "uses" = "uses" + $2
        where "purpose" = $1 and "state" = 'active'
        returning "kid", "purpose", "rootKid", "wrapped", "uses", "createdAt"
        "#,
        purpose.as_str(),
        BATCH,
    )?)
}

async fn retire(tx: &mut SystemTx, kid: &str) -> Result<()> {
    execute!(tx, r#"update "data_key" set "state" = 'retired' where "kid" = $1"#, kid)?;
    Ok(())
}

async fn insert(
    tx: &mut SystemTx,
    vault: &Vault,
    purpose: Purpose,
    now: OffsetDateTime,
) -> Result<()> {
    let kid = vault.0.random.alphanumeric(12);
    let key: Zeroizing<[u8; 32]> = Zeroizing::new(vault.0.random.bytes());
    let (root_kid, root) = vault.0.keys.current();
    let wrapped = envelope::seal(
        root,
        root_kid,
        vault.0.random.bytes(),
        &bound(&kid, purpose.as_str()),
        &*key,
    );
    execute!(
        tx,
        r#"
        insert into "data_key" ("kid", "purpose", "rootKid", "wrapped", "state", "uses", "createdAt")
        values ($1, $2, $3, $4, 'active', 0, $5)
        on conflict do nothing
        "#,
        kid,
        purpose.as_str(),
        root_kid,
        wrapped.encode(),
        Timestamp::from(now),
    )?;
    Ok(())
}

/// What a wrapped key is bound to: its name and its purpose.
fn bound(kid: &str, purpose: &str) -> String {
    format!("coffer:dek:v1|{kid}|{purpose}")
}

fn unwrap(vault: &Vault, row: &Row) -> Result<Arc<DataKey>> {
    let unreadable = || Error::Corrupt("data key");
    let root = vault.0.keys.root(&row.root_kid).ok_or_else(unreadable)?;
    let sealed = Sealed::parse(&row.wrapped).filter(|sealed| sealed.kid == row.root_kid);
    let sealed = sealed.ok_or_else(unreadable)?;
    let plain =
        envelope::open(root, &sealed, &bound(&row.kid, &row.purpose)).ok_or_else(unreadable)?;
    let cipher = Aes256Gcm::new_from_slice(&plain).map_err(|_| unreadable())?;
    Ok(vault.remember(DataKey { kid: row.kid.clone(), purpose: row.purpose.clone(), cipher }))
}
