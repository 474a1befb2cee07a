//! The row of a person's second factor.

use domain::UserId;
use time::{Duration, OffsetDateTime};

use super::FactorFailure;
use crate::{AuthProfile, Backend, Result, Timestamp, db::SystemTx, execute, fetch_optional};

/// Wrong answers in a row after which the factor rests.
const MOST_FAILURES: i64 = 10;
/// How long it rests.
const LOCKED_FOR: Duration = Duration::minutes(15);

#[derive(Clone, Debug, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) backup_codes: String,
    /// Whether a code of the app has been seen.
    pub(super) verified: bool,
    locked_until: Option<Timestamp>,
}

impl Row {
    /// Refuses while the factor rests.
    pub(super) fn check_lock(&self, now: OffsetDateTime) -> Result<(), FactorFailure> {
        let locked = self.locked_until.is_some_and(|until| OffsetDateTime::from(until) > now);
        if locked { Err(FactorFailure::Locked) } else { Ok(()) }
    }
}

/// The person's row, if they ever began to set a factor up.
pub(super) async fn find(tx: &mut SystemTx, user: &UserId) -> Result<Option<Row>> {
    Ok(fetch_optional!(
        tx,
        r#"
        select "id", "secret", "backupCodes", "verified", "lockedUntil"
        from "twoFactor"
        where "userId" = $1
        "#,
        user,
    )?)
}

/// Begins anew with this secret; false when an app is in use already.
pub(super) async fn begin(
    tx: &mut SystemTx,
    user: &UserId,
    id: &str,
    secret: &str,
    backup_codes: &str,
) -> Result<bool> {
    let written = execute!(
        tx,
        r#"
        insert into "twoFactor" ("id", "secret", "backupCodes", "userId", "verified", "failedVerificationCount")
        values ($1, $2, $3, $4, false, 0)
        on conflict ("userId") do update
        set "id" = excluded."id", "secret" = excluded."secret", "backupCodes" = excluded."backupCodes",
            "lastStep" = null
        where not "twoFactor"."verified"
        "#,
        id,
        secret,
        backup_codes,
        user,
    )?;
    Ok(written == 1)
}

/// Accepts the code of `step`, unless the secret has changed meanwhile, the factor rests, or (hardened profile)
/// this step or a later one was accepted before: of two requests with one code, one gets true.
pub(super) async fn accept_step(
    tx: &mut SystemTx,
    backend: &Backend,
    row: &Row,
    step: i64,
) -> Result<bool> {
    let now = Timestamp::from(backend.clock.now());
    let accepted = match backend.settings.auth.profile {
        AuthProfile::Hardened => execute!(
            tx,
            r#"
            update "twoFactor"
            set "lastStep" = $3, "failedVerificationCount" = 0, "lockedUntil" = null
            where "id" = $1 and "secret" = $2 and ("lastStep" is null or "lastStep" < $3)
              and ("lockedUntil" is null or "lockedUntil" <= $4)
            "#,
            &row.id,
            &row.secret,
            step,
            now,
        )?,
        AuthProfile::BetterAuth => execute!(
            tx,
            r#"
            update "twoFactor"
            set "failedVerificationCount" = 0, "lockedUntil" = null
            where "id" = $1 and "secret" = $2 and ("lockedUntil" is null or "lockedUntil" <= $3)
            "#,
            &row.id,
            &row.secret,
            now,
        )?,
    };
    Ok(accepted == 1)
}

/// The first code of the app was right: it is in use from now on.
pub(super) async fn verify(tx: &mut SystemTx, row: &Row) -> Result<()> {
    execute!(tx, r#"update "twoFactor" set "verified" = true where "id" = $1"#, &row.id)?;
    Ok(())
}

/// The stored backup codes, which nobody else can change until this transaction ends.
pub(super) async fn lock_backup_codes(tx: &mut SystemTx, row: &Row) -> Result<Option<String>> {
    let found: Option<(String,)> = fetch_optional!(
        tx,
        r#"
        update "twoFactor"
        set "failedVerificationCount" = "failedVerificationCount"
        where "id" = $1
        returning "backupCodes"
        "#,
        &row.id,
    )?;
    Ok(found.map(|(codes,)| codes))
}

/// Writes the backup codes.
pub(super) async fn set_backup_codes(tx: &mut SystemTx, id: &str, codes: &str) -> Result<bool> {
    let changed =
        execute!(tx, r#"update "twoFactor" set "backupCodes" = $2 where "id" = $1"#, id, codes)?;
    Ok(changed == 1)
}

/// One more wrong answer; the tenth in a row locks the factor. A lock that is over starts the count again.
pub(super) async fn count_failure(tx: &mut SystemTx, backend: &Backend, row: &Row) -> Result<()> {
    let now = backend.clock.now();
    execute!(
        tx,
        r#"
        update "twoFactor"
        set "failedVerificationCount" =
                case when "lockedUntil" <= $2 then 1 else "failedVerificationCount" + 1 end,
            "lockedUntil" = case
                when "lockedUntil" <= $2 then null
                when "failedVerificationCount" + 1 >= $3 then $4
                else "lockedUntil"
            end
        where "id" = $1
        "#,
        &row.id,
        Timestamp::from(now),
        MOST_FAILURES,
        Timestamp::from(now + LOCKED_FOR),
    )?;
    Ok(())
}

/// A right answer ends the row of wrong ones.
pub(super) async fn forgive(tx: &mut SystemTx, row: &Row) -> Result<()> {
    execute!(
        tx,
        r#"
        update "twoFactor"
        set "failedVerificationCount" = 0, "lockedUntil" = null
        where "id" = $1
        "#,
        &row.id,
    )?;
    Ok(())
}

/// Removes the factor; whether there was one.
pub(super) async fn delete(tx: &mut SystemTx, user: &UserId) -> Result<()> {
    execute!(tx, r#"delete from "twoFactor" where "userId" = $1"#, user)?;
    Ok(())
}

/// Whether a password alone lets the person in.
pub(super) async fn set_enabled(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserId,
    enabled: bool,
) -> Result<()> {
    execute!(
        tx,
        r#"
        update "user"
        set "twoFactorEnabled" = $1, "updatedAt" = $2
        where "id" = $3
        "#,
        enabled,
        Timestamp::from(backend.clock.now()),
        user,
    )?;
    Ok(())
}
