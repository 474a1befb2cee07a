//! Reading what is new at one bank, whole or not at all: everything is read first, then taken in by one transaction that
//! also moves the cursor, if nobody else has moved it meanwhile.

mod fail;
mod read;
mod store;

use std::sync::Arc;

use super::{
    not_configured, open_token,
    rows::{self, Row},
    state::{self, Means},
};
use crate::{Backend, Error, Result, accounts::banked, banks::Provider, db::SystemTx};
use domain::{ConnectionId, UserId, states::connection::Event};
use secrecy::SecretString;

pub(super) use read::{Batch, Halt};

/// One connection, ready to be read.
struct Reader {
    user: UserId,
    row: Row,
    token: SecretString,
    provider: Arc<dyn Provider>,
    /// How often this sync found the list changing, or not ready, so far.
    tries: u32,
}

/// Reads what is new at one bank. `tries` counts the readings before this one that are to be made good.
#[tracing::instrument(name = "connections.sync", skip_all, fields(user.id = %user, connection.id = %connection))]
pub(crate) async fn sync(
    backend: &Backend,
    user: &UserId,
    connection: &ConnectionId,
    tries: u32,
) -> Result<SystemTx> {
    if let Some(reader) = begin(backend, user, connection, tries).await? {
        match read::everything(&reader, backend.clock.today()).await {
            Ok(batch) => store::batch(backend, &reader, &batch).await?,
            Err(halt) => fail::note(backend, &reader, halt).await?,
        }
    }
    Ok(backend.db.system().write().await?)
}

/// Says that a reading begins; nothing when there is nothing to read, or nobody may.
async fn begin(
    backend: &Backend,
    user: &UserId,
    connection: &ConnectionId,
    tries: u32,
) -> Result<Option<Reader>> {
    let mut tx = backend.db.as_user(user).read().await?;
    let row = match rows::find(&mut tx, connection).await {
        Err(Error::NotFound(_)) => return Ok(None),
        row => row?,
    };
    drop(tx);
    let Some(token) = open_token(backend, user, &row).await? else { return Ok(None) };
    let provider = backend.banks.provider(row.provider()?);
    let provider = provider.ok_or_else(|| not_configured(&row.institution_name))?;

    let mut tx = backend.db.as_user(user).write().await?;
    let mut row = rows::hold(&mut tx, connection).await?;
    if !row.state.may_sync() || banked::of(&mut tx, connection).await?.is_empty() {
        return Ok(None);
    }
    state::step(&mut tx, backend, &mut row, Event::SyncStarted, &Means::default()).await?;
    // If this reading never ends, the next one begins all the same.
    let now = backend.clock.now();
    row.next_sync_at.get_or_insert(now.into());
    rows::save(&mut tx, &row, now.into()).await?;
    tx.commit().await?;
    Ok(Some(Reader { user: user.clone(), row, token, provider, tries }))
}
