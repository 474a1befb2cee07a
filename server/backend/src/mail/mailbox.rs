//! The built-in mailbox: what was sent is kept in the database, to be read in development.

use time::{Duration, OffsetDateTime};

use super::Mail;
use crate::{
    Backend, Error, Result, Timestamp,
    db::{SystemTx, Tx},
    execute, fetch_all, fetch_one, fetch_optional,
};

/// Older messages are deleted.
const KEPT_FOR: Duration = Duration::days(7);

/// A kept message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// Who it is from, as `Name <address>`.
    pub sender: String,
    /// The address it went to.
    pub recipient: String,
    /// One line.
    pub subject: String,
    /// The whole message as plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// When it was sent.
    pub created_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: String,
    sender: String,
    recipient: String,
    subject: String,
    text: String,
    html: String,
    created_at: Timestamp,
}

impl From<Row> for Message {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            sender: row.sender,
            recipient: row.recipient,
            subject: row.subject,
            text: row.text,
            html: row.html,
            created_at: row.created_at.into(),
        }
    }
}

/// Keeps one mail; the transaction holds it.
pub(super) async fn keep(
    backend: &Backend,
    id: &str,
    sender: &str,
    mail: &Mail,
) -> Result<SystemTx> {
    let mut tx = backend.db.system().write().await?;
    execute!(
        tx,
        r#"
        insert into "mail_message" ("id", "sender", "recipient", "subject", "text", "html", "createdAt")
        values ($1, $2, $3, $4, $5, $6, $7)
        "#,
        id,
        sender,
        &mail.to,
        &mail.subject,
        &mail.text,
        &mail.html,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(tx)
}

/// The newest messages, after the first `skip`; at most `limit`.
#[tracing::instrument(name = "mail.mailbox.list", skip_all)]
pub async fn list(backend: &Backend, skip: i64, limit: i64) -> Result<Vec<Message>> {
    let mut tx = backend.db.system().read().await?;
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "sender", "recipient", "subject", "text", "html", "createdAt"
        from "mail_message"
        order by "createdAt" desc, "id" desc
        limit $1 offset $2
        "#,
        limit.max(0),
        skip.max(0),
    )?;
    Ok(rows.into_iter().map(Message::from).collect())
}

/// How many messages there are.
#[tracing::instrument(name = "mail.mailbox.count", skip_all)]
pub async fn count(backend: &Backend) -> Result<i64> {
    let mut tx = backend.db.system().read().await?;
    let (total,): (i64,) = fetch_one!(tx, r#"select count(*) from "mail_message""#)?;
    Ok(total)
}

/// One message.
#[tracing::instrument(name = "mail.mailbox.find", skip_all)]
pub async fn find(backend: &Backend, id: &str) -> Result<Message> {
    let mut tx = backend.db.system().read().await?;
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select "id", "sender", "recipient", "subject", "text", "html", "createdAt"
        from "mail_message"
        where "id" = $1
        "#,
        id,
    )?;
    row.map(Message::from).ok_or(Error::NotFound("message"))
}

/// Deletes every message; answers how many there were.
#[tracing::instrument(name = "mail.mailbox.clear", skip_all)]
pub async fn clear(backend: &Backend) -> Result<u64> {
    let mut tx = backend.db.system().write().await?;
    let cleared = execute!(tx, r#"delete from "mail_message""#)?;
    tx.commit().await?;
    Ok(cleared)
}

/// Deletes one message, if it is there.
#[tracing::instrument(name = "mail.mailbox.delete", skip_all)]
pub async fn delete(backend: &Backend, id: &str) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    execute!(tx, r#"delete from "mail_message" where "id" = $1"#, id)?;
    tx.commit().await?;
    Ok(())
}

/// Deletes what is older than a week.
pub(crate) async fn sweep(tx: &mut impl Tx, now: OffsetDateTime) -> Result<u64> {
    let old = Timestamp::from(now - KEPT_FOR);
    Ok(execute!(tx, r#"delete from "mail_message" where "createdAt" < $1"#, old)?)
}
