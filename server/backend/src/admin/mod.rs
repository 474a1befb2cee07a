//! What administrators may see and do: never balances, numbers or transactions. Everything they do is in their trail.

mod accounts;

use domain::{Email, UserId, activity::Action, page::PageRequest};

use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    audit::{self, Event},
    billing, execute, fetch_all, fetch_one, fetch_optional, jobs,
};

pub use accounts::{Overseen, accounts_of, restore_account, suspend_account};

/// The word for whatever only administrators know of, in errors.
const PAGE: &str = "page";

/// Whoever counts as here: a session was used within this time.
const ACTIVE: time::Duration = time::Duration::days(30);

/// Whoever holds one is an administrator with a second factor: the database has said so during this request.
#[derive(Clone, Debug)]
pub struct Admin(SignedIn);

impl Admin {
    /// The person.
    pub fn caller(&self) -> &SignedIn {
        &self.0
    }
}

/// The caller as an administrator.
///
/// # Errors
/// [`Error::NotFound`] for everybody else, and [`Error::Forbidden`] for an administrator without a second factor.
#[tracing::instrument(name = "admin.require", skip_all, fields(user.id = %caller.user()))]
pub async fn require(backend: &Backend, caller: &SignedIn) -> Result<Admin> {
    let mut tx = backend.db.system().read().await?;
    let row: Option<(Option<String>, bool)> = fetch_optional!(
        tx,
        r#"select "role", "twoFactorEnabled" from "user" where "id" = $1"#,
        caller.user(),
    )?;
    match row {
        Some((Some(role), second_factor)) if role == "admin" => {
            if second_factor {
                Ok(Admin(caller.clone()))
            } else {
                Err(Error::Forbidden("administration without a second factor"))
            }
        }
        _ => Err(Error::NotFound(PAGE)),
    }
}

/// Lets the person with this address see the pages of administrators; answers whether that is new.
///
/// # Errors
/// [`Error::NotFound`] when nobody has this address.
#[tracing::instrument(name = "admin.grant", skip_all)]
pub async fn grant(backend: &Backend, email: &str) -> Result<bool> {
    set_role(backend, email, Some("admin"), Action::AdminGranted).await
}

/// Takes that back; answers whether it was so.
///
/// # Errors
/// [`Error::NotFound`] when nobody has this address.
#[tracing::instrument(name = "admin.revoke", skip_all)]
pub async fn revoke(backend: &Backend, email: &str) -> Result<bool> {
    set_role(backend, email, None, Action::AdminRevoked).await
}

async fn set_role(
    backend: &Backend,
    email: &str,
    role: Option<&str>,
    action: Action,
) -> Result<bool> {
    let email = Email::parse(email.trim()).map_err(|code| Error::field("email", code))?;
    let mut tx = backend.db.system().write().await?;
    let person: Option<(String, Option<String>)> = fetch_optional!(
        tx,
        r#"select "id", "role" from "user" where lower("email") = $1"#,
        email.as_str(),
    )?;
    let (id, before) = person.ok_or(Error::NotFound("person"))?;
    let (is, was) = (role == Some("admin"), before.as_deref() == Some("admin"));
    if is == was {
        return Ok(false);
    }
    let user = UserId::new(id);
    execute!(tx, r#"update "user" set "role" = $2 where "id" = $1"#, &user, role)?;
    audit::record(&mut tx, backend, Event::new(action, Some(&user)).by_operator()).await?;
    tx.commit().await?;
    Ok(true)
}

/// How many there are of what an administrator looks after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Overview {
    /// People with an account.
    pub users: i64,
    /// Those who were here within 30 days.
    pub active: i64,
    /// Those with a subscription that is paid, tried or late.
    pub paying: i64,
    /// Jobs that were given up.
    pub dead_jobs: i64,
    /// Jobs that wait.
    pub waiting_jobs: i64,
    /// Differences to Polar that nobody has put right.
    pub open_drift: i64,
}

/// The numbers of the overview, in one statement.
#[tracing::instrument(name = "admin.overview", skip_all, fields(user.id = %admin.0.user()))]
pub async fn overview(backend: &Backend, admin: &Admin) -> Result<Overview> {
    let mut tx = backend.db.system().read().await?;
    Ok(fetch_one!(
        tx,
        r#"
        select (select count(*) from "user") as "users",
               (select count(distinct "userId") from "session" where "lastSeenAt" > $1) as "active",
               (select count(distinct "userId") from "subscription"
                where "status" in ('trialing', 'active', 'past_due')) as "paying",
               (select count(*) from "job" where "state" = 'dead') as "deadJobs",
               (select count(*) from "job" where "state" = 'pending') as "waitingJobs",
               (select count(*) from "polar_drift" where not "repaired") as "openDrift"
        "#,
        Timestamp::from(backend.clock.now() - ACTIVE),
    )?)
}

/// How many deliveries of Polar are in each state, by the state's word.
#[tracing::instrument(name = "admin.delivery_counts", skip_all, fields(user.id = %admin.0.user()))]
pub async fn delivery_counts(backend: &Backend, admin: &Admin) -> Result<Vec<(String, i64)>> {
    let mut tx = backend.db.system().read().await?;
    Ok(fetch_all!(
        tx,
        r#"select "state", count(*) from "polar_webhook" group by "state" order by "state""#
    )?)
}

/// One page of the deliveries of Polar, the newest first.
pub async fn deliveries(
    backend: &Backend,
    _: &Admin,
    state: Option<&str>,
    page: PageRequest,
) -> Result<(Vec<billing::Delivery>, i64)> {
    billing::deliveries(backend, state, page).await
}

/// One page of the differences between our rows and Polar's, the newest first.
pub async fn drift(
    backend: &Backend,
    _: &Admin,
    page: PageRequest,
) -> Result<(Vec<billing::Drift>, i64)> {
    billing::drift(backend, page).await
}

/// The oldest jobs that were given up.
pub async fn dead_jobs(backend: &Backend, _: &Admin, limit: i64) -> Result<Vec<jobs::DeadJob>> {
    jobs::dead(backend, limit).await
}

/// Has a delivery applied once more.
///
/// # Errors
/// As [`billing::replay`].
#[tracing::instrument(name = "admin.replay_delivery", skip_all, fields(user.id = %admin.0.user(), webhook.id = %id))]
pub async fn replay_delivery(backend: &Backend, admin: &Admin, id: &str) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    billing::replay_in(&mut tx, backend, id).await?;
    let event = Event::by(Action::WebhookReplayed, &admin.0).subject("polar_webhook", id);
    audit::record(&mut tx, backend, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Runs a dead job again, with all its tries.
///
/// # Errors
/// As [`jobs::replay`].
#[tracing::instrument(name = "admin.replay_job", skip_all, fields(user.id = %admin.0.user(), job.id = %id))]
pub async fn replay_job(backend: &Backend, admin: &Admin, id: &str) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    jobs::replay_in(&mut tx, backend, id).await?;
    let event = Event::by(Action::JobReplayed, &admin.0).subject("job", id);
    audit::record(&mut tx, backend, event).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests;
