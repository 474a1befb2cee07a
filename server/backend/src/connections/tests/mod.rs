mod claims;
mod demo;
mod due;
mod faults;
mod link;
mod lives;
mod moved;
mod order;
mod plaid;
mod proofs;
mod scripted;
mod storm;
mod webhooks;

use std::{collections::BTreeMap, time::Duration};

use domain::{ConnectionId, Date, TransactionStatus, connection::ConnectionView};
use url::Url;

use super::*;
use crate::{
    SignedIn, Timestamp,
    attention::{self, Attention},
    banks::{Provider as _, ProviderKind, Purpose, Simbank},
    execute, fetch_all, jobs,
    testing::World,
};

fn bank(backend: &Backend) -> &Simbank {
    backend.banks.simbank().expect("the built-in bank of the tests")
}

fn return_url() -> Url {
    "http://localhost:3000/accounts/link/return".parse().unwrap()
}

async fn begin(backend: &Backend, who: &SignedIn, purpose: Purpose) -> Result<Begun> {
    let ask = BeginAsk {
        provider: ProviderKind::Simbank,
        purpose,
        institution: None,
        return_url: &return_url(),
    };
    begin_link(backend, who, &ask).await
}

/// Links a bank; its accounts are not chosen yet.
async fn link_only(backend: &Backend, who: &SignedIn, institution: &str, login: &str) -> Finished {
    let begun = begin(backend, who, Purpose::New).await.unwrap();
    let public_token = bank(backend).arrive(who.user(), institution, login).await.unwrap();
    let ask = FinishAsk { state: &begun.state, public_token: &public_token, hint: None };
    finish_link(backend, who, &ask).await.unwrap()
}

fn linked(finished: Finished) -> ConnectionId {
    let Finished::Linked { connection } = finished else { panic!("{finished:?}") };
    connection
}

/// Links a bank and chooses every account of it. Nothing is read yet.
async fn link(backend: &Backend, who: &SignedIn, institution: &str, login: &str) -> ConnectionId {
    let connection = linked(link_only(backend, who, institution, login).await);
    let chosen = choose_all(backend, who, &connection).await;
    assert!(chosen.refused.is_empty(), "{chosen:?}");
    connection
}

async fn choose_all(backend: &Backend, who: &SignedIn, connection: &ConnectionId) -> Chosen {
    let offered = candidates(backend, who, connection).await.unwrap();
    let ids: Vec<String> = offered.into_iter().map(|account| account.provider_id).collect();
    choose(backend, who, connection, &ids).await.unwrap()
}

/// The owner signs in at the bank again.
async fn repair(backend: &Backend, who: &SignedIn, connection: &ConnectionId, login: &str) {
    let begun = begin(backend, who, Purpose::Repair(connection.clone())).await.unwrap();
    let item = item_of(backend, who, connection).await.unwrap();
    let public_token = bank(backend).return_to(&item, login).await.unwrap();
    let ask = FinishAsk { state: &begun.state, public_token: &public_token, hint: None };
    let finished = finish_link(backend, who, &ask).await.unwrap();
    assert_eq!(finished, Finished::Repaired { connection: connection.clone() });
}

/// Runs what is due now.
async fn run(backend: &Backend) {
    jobs::run_due(backend).await.unwrap();
}

/// Reads a connection now.
async fn read(backend: &Backend, who: &SignedIn, connection: &ConnectionId) -> ConnectionView {
    sync_now(backend, who, connection).await.unwrap();
    run(backend).await;
    get(backend, who, connection).await.unwrap()
}

async fn view(w: &World, connection: &ConnectionId) -> ConnectionView {
    get(&w.backend, &w.alice, connection).await.unwrap()
}

/// A row as a test compares it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Line {
    account: String,
    provider_id: Option<String>,
    date: Date,
    posted_date: Option<Date>,
    minor: i64,
    description: String,
    merchant: Option<String>,
    category: String,
    status: TransactionStatus,
    source: String,
    note: Option<String>,
    flag: Option<String>,
    deleted_at: Option<Timestamp>,
    id: String,
}

impl Line {
    fn is_live(&self) -> bool {
        self.deleted_at.is_none() && self.status != TransactionStatus::Failed
    }

    /// Without what differs from one making of the same ledger to the next.
    fn without_ids(self) -> Self {
        let deleted_at = self.deleted_at.map(|_| Timestamp::from(time::OffsetDateTime::UNIX_EPOCH));
        Self { id: String::new(), deleted_at, ..self }
    }
}

/// Every row of a person, those that are gone too.
async fn lines(backend: &Backend, who: &SignedIn) -> Vec<Line> {
    let mut tx = backend.db.as_user(who.user()).read().await.unwrap();
    let mut lines: Vec<Line> = fetch_all!(
        tx,
        r#"
        select coalesce(a."persistentId", a."id") as "account", t."providerId", t."date", t."postedDate",
               t."amountMinor" as "minor", t."description", t."merchant", t."category", t."status", t."source",
               t."note", t."flag", t."deletedAt", t."id"
        from "transaction" t
        join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
        where t."userId" = $1
        "#,
        who.user(),
    )
    .unwrap();
    lines.sort();
    lines
}

async fn live(backend: &Backend, who: &SignedIn) -> Vec<Line> {
    let mut lines = lines(backend, who).await;
    lines.retain(Line::is_live);
    lines
}

/// What the bank shows of a connection today, by the id of each row: what the ledger must come to.
async fn at_bank(
    backend: &Backend,
    who: &SignedIn,
    connection: &ConnectionId,
) -> BTreeMap<String, (i64, bool)> {
    let ready = candidates::ready(backend, who, connection).await.unwrap();
    let (mut rows, mut cursor) = (BTreeMap::new(), None::<String>);
    loop {
        // A run counts for banks that fail now and then.
        let page = ready.provider.sync(&ready.token, cursor.as_deref(), 500).await;
        let page = match page {
            Ok(page) => page,
            Err(_) if cursor.is_none() => continue,
            Err(trouble) => panic!("{trouble}"),
        };
        rows.extend(page.added.into_iter().map(|row| (row.id, (row.minor, row.pending))));
        if !page.has_more {
            return rows;
        }
        cursor = Some(page.next_cursor);
    }
}

/// The same of our ledger.
async fn in_ledger(backend: &Backend, who: &SignedIn) -> BTreeMap<String, (i64, bool)> {
    let mut rows = BTreeMap::new();
    for line in live(backend, who).await {
        let pending = line.status == TransactionStatus::Pending;
        let id = line.provider_id.expect("a row of the bank");
        assert!(rows.insert(id.clone(), (line.minor, pending)).is_none(), "{id} stands twice");
    }
    rows
}

/// The banner of a person.
async fn banner(w: &World) -> Option<domain::connection::ConnectionAttention> {
    match attention::get(&w.backend, &w.alice).await.unwrap() {
        Some(Attention::Connection(connection)) => Some(connection),
        _ => None,
    }
}

async fn subjects(w: &World) -> Vec<String> {
    let mails = crate::testing::mails_of(&w.backend, "alice@example.com").await;
    mails.into_iter().map(|mail| mail.subject).collect()
}

async fn stored_cursor(
    backend: &Backend,
    who: &SignedIn,
    connection: &ConnectionId,
) -> Option<String> {
    let mut tx = backend.db.as_user(who.user()).read().await.unwrap();
    rows::find(&mut tx, connection).await.unwrap().cursor
}

/// Puts a reader back to where it once was.
async fn rewind(
    backend: &Backend,
    who: &SignedIn,
    connection: &ConnectionId,
    cursor: Option<&str>,
) {
    let mut tx = backend.db.as_user(who.user()).write().await.unwrap();
    execute!(
        tx,
        r#"update "connection" set "cursor" = $3 where "userId" = $1 and "id" = $2"#,
        who.user(),
        connection,
        cursor,
    )
    .unwrap();
    tx.commit().await.unwrap();
}

const MINUTE: Duration = Duration::from_mins(1);
