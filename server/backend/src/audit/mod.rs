//! What was done to an account, written in the transaction of the deed and never changed. Ids, codes and times: no
//! secrets, no numbers, nothing that somebody typed.

use domain::{SessionId, UserId, activity::Action, user_agent};
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use crate::{
    Backend, Result, SignedIn, Timestamp,
    db::{SystemTx, Tx},
    execute, fetch_all, fetch_one, request,
};

/// Rows are kept for 400 days by the database itself; the sweep comes a day later.
const KEPT: Duration = Duration::days(401);

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It happened.
    Done,
    /// Somebody tried and was refused.
    Refused,
}

impl Outcome {
    fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// One row to be.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    action: Action,
    user: Option<&'a UserId>,
    session: Option<&'a SessionId>,
    subject: Option<(&'static str, String)>,
    outcome: Outcome,
    proven: bool,
    by_operator: bool,
    data: Map<String, Value>,
}

impl<'a> Event<'a> {
    /// Something that was done to the account of `user`; nobody's when the account is unknown.
    pub fn new(action: Action, user: Option<&'a UserId>) -> Self {
        let data = Map::new();
        let (outcome, proven) = (Outcome::Done, user.is_some());
        let by_operator = false;
        Self { action, user, session: None, subject: None, outcome, proven, by_operator, data }
    }

    /// The same, by its owner.
    pub fn by(action: Action, caller: &'a SignedIn) -> Self {
        Self::new(action, Some(caller.user())).session(caller.session())
    }

    /// The session it was done with, or that it began or ended.
    #[must_use]
    pub fn session(self, session: &'a SessionId) -> Self {
        Self { session: Some(session), ..self }
    }

    /// What it was done to, by kind and id.
    #[must_use]
    pub fn subject(self, kind: &'static str, id: impl ToString) -> Self {
        Self { subject: Some((kind, id.to_string())), ..self }
    }

    /// It was tried and refused.
    #[must_use]
    pub fn refused(self) -> Self {
        Self { outcome: Outcome::Refused, proven: false, ..self }
    }

    /// Somebody did it who may or may not be the owner.
    #[must_use]
    pub fn unproven(self) -> Self {
        Self { proven: false, ..self }
    }

    /// Whoever runs the program did it, at its command line or as an administrator: the line has no browser and no network.
    #[must_use]
    pub fn by_operator(self) -> Self {
        Self { by_operator: true, ..self }
    }

    /// Adds a code or a count. Never what somebody typed.
    #[must_use]
    pub fn note(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.data.insert(name.to_owned(), value.into());
        self
    }

    fn actor(&self) -> &'static str {
        match (self.by_operator, self.proven) {
            (true, _) => "system",
            (false, true) => "user",
            (false, false) => "nobody",
        }
    }
}

/// Writes `event` into the transaction of its deed.
pub async fn record(tx: &mut impl Tx, backend: &Backend, event: Event<'_>) -> Result<()> {
    let request = request::current();
    let seen = request.as_ref().filter(|_| !event.by_operator);
    let device = seen.map(|request| user_agent::in_words(&request.user_agent));
    let (subject_kind, subject_id) = event.subject.clone().unzip();
    execute!(
        tx,
        r#"
        insert into "audit_event" ("id", "at", "userId", "actor", "sessionId", "action", "subjectKind", "subjectId",
                                   "outcome", "requestId", "ipPrefix", "device", "data")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        "#,
        backend.new_id(),
        Timestamp::from(backend.clock.now()),
        event.user,
        event.actor(),
        event.session,
        event.action.code(),
        subject_kind,
        subject_id.as_deref(),
        event.outcome.code(),
        request.as_ref().map(|request| &*request.id),
        seen.map(|request| &*request.ip_prefix),
        device.as_deref(),
        Value::Object(event.data.clone()).to_string(),
    )?;
    Ok(())
}

/// One line of a person's recent activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// When, in UTC.
    pub at: OffsetDateTime,
    /// What.
    pub action: Action,
    /// Whether it was refused.
    pub outcome: Outcome,
    /// The browser, as `Chrome on Windows`; none for what no request did.
    pub device: Option<String>,
    /// The network it came from, as `198.51.100.0/24`.
    pub ip_prefix: Option<String>,
    /// Whether it was this session.
    pub here: bool,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    at: Timestamp,
    action: String,
    outcome: String,
    device: Option<String>,
    ip_prefix: Option<String>,
    session_id: Option<String>,
}

/// The newest 50 lines of the caller's trail, the newest first. Acts of a later release are left out.
pub async fn recent(backend: &Backend, caller: &SignedIn) -> Result<Vec<Activity>> {
    Ok(list(backend, caller, 1, 50).await?.0)
}

/// One page of the caller's trail, from 1, the newest first, and how many lines there are on all pages.
#[tracing::instrument(name = "audit.list", skip_all, fields(user.id = %caller.user()))]
pub async fn list(
    backend: &Backend,
    caller: &SignedIn,
    page: i64,
    limit: i64,
) -> Result<(Vec<Activity>, i64)> {
    let mut tx = backend.db.system().read().await?;
    let (total,): (i64,) =
        fetch_one!(tx, r#"select count(*) from "audit_event" where "userId" = $1"#, caller.user())?;
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "at", "action", "outcome", "device", "ipPrefix", "sessionId"
        from "audit_event"
        where "userId" = $1
        order by "at" desc, "id" desc
        limit $2 offset $3
        "#,
        caller.user(),
        limit,
        (page - 1) * limit,
    )?;
    let lines = rows.into_iter().filter_map(|row| {
        Some(Activity {
            at: row.at.into(),
            action: Action::from_code(&row.action)?,
            outcome: if row.outcome == "done" { Outcome::Done } else { Outcome::Refused },
            device: row.device,
            ip_prefix: row.ip_prefix,
            here: row.session_id.as_deref() == Some(caller.session().as_str()),
        })
    });
    Ok((lines.collect(), total))
}

/// Deletes what has been kept long enough; answers how many there were.
pub(crate) async fn sweep(tx: &mut SystemTx, now: OffsetDateTime) -> Result<u64> {
    Ok(execute!(tx, r#"delete from "audit_event" where "at" <= $1"#, Timestamp::from(now - KEPT),)?)
}

#[cfg(test)]
mod tests;
