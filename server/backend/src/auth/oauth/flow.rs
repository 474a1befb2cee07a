//! What a browser carries through a sign-in at another provider: `tower-sessions` over our own database.
//!
//! The state in the signed cookie begins with the id of such a session. Who somebody is never goes through here.
//! `docs/adr/0010-social-sign-in.md` says why the store is ours.

use std::{collections::HashMap, fmt, sync::Arc};

use serde_json::Value;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    Expiry, Session, SessionStore,
    session::{Id, Record},
    session_store,
};

use crate::{Backend, Clock, Db, OnConflict, Random, Result, Timestamp, execute, fetch_optional};

/// Sessions of the table `flow_session`. The database knows hashes of their ids.
#[derive(Clone)]
pub struct FlowStore {
    db: Db,
    clock: Clock,
    random: Random,
}

impl fmt::Debug for FlowStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowStore").finish_non_exhaustive()
    }
}

/// A session that begins now and is written by `save`.
pub(super) fn begin(backend: &Backend, life: Duration) -> Session {
    let until = Expiry::AtDateTime(backend.clock.now() + life);
    Session::new(None, Arc::new(FlowStore::new(backend)), Some(until))
}

/// The session with this id, whether or not there is one.
pub(super) fn open(backend: &Backend, id: Id) -> Session {
    Session::new(Some(id), Arc::new(FlowStore::new(backend)), None)
}

/// Deletes flows whose time is over; answers how many there were.
pub async fn delete_expired(backend: &Backend) -> Result<u64> {
    let mut tx = backend.db.system().write().await?;
    let deleted = execute!(
        tx,
        r#"delete from "flow_session" where "expiresAt" <= $1"#,
        Timestamp::from(backend.clock.now()),
    )?;
    tx.commit().await?;
    Ok(deleted)
}

impl FlowStore {
    /// A store over the database of a backend.
    pub fn new(backend: &Backend) -> Self {
        let (db, clock) = (backend.db.clone(), backend.clock.clone());
        Self { db, clock, random: backend.random.clone() }
    }

    async fn insert(&self, record: &Record) -> Result<()> {
        let data = text(&record.data)?;
        let mut tx = self.db.system().write().await?;
        execute!(
            tx,
            r#"insert into "flow_session" ("id", "data", "expiresAt") values ($1, $2, $3)"#,
            at_rest(&record.id),
            data,
            Timestamp::from(record.expiry_date),
        )
        .on_conflict("flow")?;
        tx.commit().await?;
        Ok(())
    }

    /// Only a row that is alive: a flow that was spent does not come back.
    async fn update(&self, record: &Record) -> Result<u64> {
        let data = text(&record.data)?;
        let mut tx = self.db.system().write().await?;
        let changed = execute!(
            tx,
            r#"
            update "flow_session"
            set "data" = $1, "expiresAt" = $2
            where "id" = $3 and "expiresAt" > $4
            "#,
            data,
            Timestamp::from(record.expiry_date),
            at_rest(&record.id),
            Timestamp::from(self.clock.now()),
        )?;
        tx.commit().await?;
        Ok(changed)
    }

    async fn find(&self, id: &Id) -> Result<Option<Record>> {
        let mut tx = self.db.system().read().await?;
        let row: Option<(String, Timestamp)> = fetch_optional!(
            tx,
            r#"
            select "data", "expiresAt"
            from "flow_session"
            where "id" = $1 and "expiresAt" > $2
            "#,
            at_rest(id),
            Timestamp::from(self.clock.now()),
        )?;
        let Some((data, expires_at)) = row else { return Ok(None) };
        let data: HashMap<String, Value> =
            serde_json::from_str(&data).map_err(|_| crate::Error::Corrupt("flow"))?;
        Ok(Some(Record { id: *id, data, expiry_date: OffsetDateTime::from(expires_at) }))
    }

    async fn remove(&self, id: &Id) -> Result<()> {
        let mut tx = self.db.system().write().await?;
        execute!(tx, r#"delete from "flow_session" where "id" = $1"#, at_rest(id))?;
        tx.commit().await?;
        Ok(())
    }
}

#[async_trait::async_trait]
impl SessionStore for FlowStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        record.id = Id(i128::from_le_bytes(self.random.bytes()));
        self.insert(record).await.map_err(|error| failure(&error))
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        match self.update(record).await {
            Ok(0) => Err(session_store::Error::Backend("the flow is over".to_owned())),
            Ok(_) => Ok(()),
            Err(error) => Err(failure(&error)),
        }
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.find(id).await.map_err(|error| failure(&error))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.remove(id).await.map_err(|error| failure(&error))
    }
}

fn failure(error: &crate::Error) -> session_store::Error {
    session_store::Error::Backend(crate::error::chain(error))
}

fn text(data: &HashMap<String, Value>) -> Result<String> {
    serde_json::to_string(data).map_err(|_| crate::Error::Corrupt("flow"))
}

/// What the database keeps of an id: a hash that opens nothing.
fn at_rest(id: &Id) -> String {
    hex::encode(Sha256::digest(id.0.to_le_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{both_engines, fetch_all, testing::World};

    const LIFE: Duration = Duration::minutes(10);

    async fn rows(backend: &Backend) -> Vec<(String, String)> {
        let mut tx = backend.db.system().read().await.unwrap();
        fetch_all!(tx, r#"select "id", "data" from "flow_session""#).unwrap()
    }

    async fn started(w: &World) -> Id {
        let session = begin(&w.backend, LIFE);
        session.insert("word", "secret").await.unwrap();
        session.save().await.unwrap();
        session.id().unwrap()
    }

    both_engines! {
        async fn a_flow_is_found_by_its_id_until_it_is_deleted(db: TestDb) {
            let w = World::new(db).await;
            let id = started(&w).await;

            let word: Option<String> = open(&w.backend, id).get("word").await.unwrap();
            open(&w.backend, id).delete().await.unwrap();
            let gone: Option<String> = open(&w.backend, id).get("word").await.unwrap();

            assert_eq!((word.as_deref(), gone), (Some("secret"), None));
            assert!(rows(&w.backend).await.is_empty());
        }

        async fn the_database_does_not_know_the_id(db: TestDb) {
            let w = World::new(db).await;
            let id = started(&w).await;

            let rows = rows(&w.backend).await;

            assert_eq!(rows.len(), 1);
            assert!(rows[0].0.len() == 64 && !rows[0].0.contains(&id.to_string()));
        }

        async fn a_flow_that_is_over_neither_answers_nor_comes_back(db: TestDb) {
            let w = World::new(db).await;
            let id = started(&w).await;
            let late = open(&w.backend, id);
            late.insert("word", "late").await.unwrap();

            w.backend.clock.advance(std::time::Duration::from_mins(10));

            assert_eq!(open(&w.backend, id).get::<String>("word").await.unwrap(), None);
            assert!(late.save().await.is_err());
            assert_eq!(delete_expired(&w.backend).await.unwrap(), 1);
            assert!(late.save().await.is_err());
            assert!(rows(&w.backend).await.is_empty());
        }
    }
}
