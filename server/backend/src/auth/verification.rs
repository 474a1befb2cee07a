//! Rows that prove something once: reset links, deletions, states, challenges. The table is Better Auth's
//! `verification`; see `docs/adr/0002-better-auth-protocol.md` for how the two profiles write it.

use domain::UserId;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use crate::{AuthProfile, Backend, Result, Timestamp, db::SystemTx, execute, fetch_all};

/// What a row proves. The identifier in the database is [`Purpose::prefix`] and the token behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::auth) enum Purpose {
    /// May set a new password.
    ResetPassword,
    /// Has set a new password: a mark that stays for what would have been its time (hardened profile).
    ResetUsed,
    /// May delete the account.
    DeleteAccount,
    /// Reads the mailbox of an address (hardened profile; Better Auth signs a JWT instead).
    VerifyEmail,
    /// Takes a change of address back (hardened profile).
    UndoEmailChange,
    /// The password was right; a second factor is owed.
    TwoFactor,
    /// How many wrong answers a challenge has had. Its token is the challenge's identifier.
    TwoFactorAttempts,
    /// A mailed code. Its token is the challenge's identifier, or `userId!sessionId`.
    TwoFactorOtp,
    /// A browser that is not asked for a second factor (Better Auth's profile; ours has a table).
    TrustDevice,
    /// One `WebAuthn` ceremony. Better Auth gives such rows no prefix: never [`void`] them.
    Passkey,
    /// Comes back from a provider: the `state` of OAuth 2.0.
    OAuthState,
    /// Stands in an ID token that an application asked for itself (hardened profile).
    IdTokenNonce,
}

impl Purpose {
    /// Where Better Auth has such rows, its own words.
    fn prefix(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset-password:",
            Self::ResetUsed => "reset-password-used:",
            Self::DeleteAccount => "delete-account-",
            Self::VerifyEmail => "verify-email:",
            Self::UndoEmailChange => "change-email-undo:",
            Self::TwoFactor => "2fa-",
            Self::TwoFactorAttempts => "2fa-attempts-",
            Self::TwoFactorOtp => "2fa-otp-",
            Self::TrustDevice => "trust-device-",
            Self::Passkey => "",
            Self::OAuthState => "auth-state:",
            Self::IdTokenNonce => "id-token-nonce:",
        }
    }
}

/// What stands in front of the tokens that Better Auth mails and keeps in rows.
pub(crate) const MAILED_BY_BETTER_AUTH: [&str; 2] = ["reset-password:", "delete-account-"];

/// A row to be.
pub(in crate::auth) struct New<'a> {
    pub(in crate::auth) purpose: Purpose,
    /// The secret that finds the row again. The hardened profile keeps its hash.
    pub(in crate::auth) token: &'a str,
    pub(in crate::auth) value: &'a str,
    /// Whose row it is: it goes with them, and with [`void`].
    pub(in crate::auth) user: Option<&'a UserId>,
    pub(in crate::auth) life: Duration,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    value: String,
    expires_at: Timestamp,
}

impl Row {
    fn is_over(&self, backend: &Backend) -> bool {
        OffsetDateTime::from(self.expires_at) <= backend.clock.now()
    }
}

/// Writes a row, in the transaction of its cause.
pub(in crate::auth) async fn put(tx: &mut SystemTx, backend: &Backend, new: New<'_>) -> Result<()> {
    let now = backend.clock.now();
    execute!(
        tx,
        r#"
        insert into "verification" ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt", "userId")
        values ($1, $2, $3, $4, $5, $5, $6)
        "#,
        backend.random.alphanumeric(32),
        identifier(backend, new.purpose, new.token),
        new.value,
        Timestamp::from(now + new.life),
        Timestamp::from(now),
        new.user,
    )?;
    Ok(())
}

/// A row that was spent.
pub(in crate::auth) struct Taken {
    pub(in crate::auth) value: String,
    /// What was left of its life, for one that is written again.
    pub(in crate::auth) left: Duration,
}

/// The value of the newest live row, and no row of this token afterwards: of two that come at once, one gets it.
pub(in crate::auth) async fn take(
    tx: &mut SystemTx,
    backend: &Backend,
    purpose: Purpose,
    token: &str,
) -> Result<Option<String>> {
    Ok(take_row(tx, backend, purpose, token).await?.map(|taken| taken.value))
}

/// As [`take`], with the row's remaining life.
pub(in crate::auth) async fn take_row(
    tx: &mut SystemTx,
    backend: &Backend,
    purpose: Purpose,
    token: &str,
) -> Result<Option<Taken>> {
    let now = backend.clock.now();
    let mut rows: Vec<(String, Timestamp, Option<Timestamp>)> = fetch_all!(
        tx,
        r#"
        delete from "verification"
        where "identifier" = $1
        returning "value", "expiresAt", "createdAt"
        "#,
        identifier(backend, purpose, token),
    )?;
    rows.sort_by_key(|(_, _, created)| created.map(OffsetDateTime::from));
    let newest = rows.pop().filter(|(_, expires, _)| OffsetDateTime::from(*expires) > now);
    Ok(newest.map(|(value, expires, _)| Taken { value, left: OffsetDateTime::from(expires) - now }))
}

/// The value of the newest live row, which stays.
pub(in crate::auth) async fn peek(
    tx: &mut SystemTx,
    backend: &Backend,
    purpose: Purpose,
    token: &str,
) -> Result<Option<String>> {
    let row = newest(tx, backend, purpose, token).await?;
    Ok(row.filter(|row| !row.is_over(backend)).map(|row| row.value))
}

/// Whether there is a row whose time is over. It goes with the next sweep.
pub(in crate::auth) async fn is_over(
    tx: &mut SystemTx,
    backend: &Backend,
    purpose: Purpose,
    token: &str,
) -> Result<bool> {
    Ok(newest(tx, backend, purpose, token).await?.is_some_and(|row| row.is_over(backend)))
}

async fn newest(
    tx: &mut SystemTx,
    backend: &Backend,
    purpose: Purpose,
    token: &str,
) -> Result<Option<Row>> {
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "value", "expiresAt"
        from "verification"
        where "identifier" = $1
        order by "createdAt" desc
        limit 1
        "#,
        identifier(backend, purpose, token),
    )?;
    Ok(rows.into_iter().next())
}

/// Deletes a person's rows of one purpose: a new link voids the older ones.
pub(in crate::auth) async fn void(
    tx: &mut SystemTx,
    purpose: Purpose,
    user: &UserId,
) -> Result<()> {
    execute!(
        tx,
        r#"delete from "verification" where "userId" = $1 and "identifier" like $2"#,
        user,
        format!("{}%", purpose.prefix()),
    )?;
    Ok(())
}

/// Deletes every row of a person: their address has changed, so nothing that was mailed counts any more.
pub(in crate::auth) async fn void_all(tx: &mut SystemTx, user: &UserId) -> Result<()> {
    execute!(tx, r#"delete from "verification" where "userId" = $1"#, user)?;
    Ok(())
}

/// Deletes rows whose time is over; answers how many there were.
pub(crate) async fn sweep(tx: &mut SystemTx, now: OffsetDateTime) -> Result<u64> {
    let deleted = execute!(
        tx,
        r#"delete from "verification" where "expiresAt" <= $1"#,
        Timestamp::from(now),
    )?;
    Ok(deleted)
}

fn identifier(backend: &Backend, purpose: Purpose, token: &str) -> String {
    let prefix = purpose.prefix();
    match backend.settings.auth.profile {
        AuthProfile::Hardened => format!("{prefix}{}", hex::encode(Sha256::digest(token))),
        AuthProfile::BetterAuth => format!("{prefix}{token}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{both_engines, testing::World};

    const TOKEN: &str = "abcdefghijklmnopqrstuvwx";

    async fn write(w: &World, value: &str) {
        let mut tx = w.backend.db.system().write().await.unwrap();
        let new = New {
            purpose: Purpose::ResetPassword,
            token: TOKEN,
            value,
            user: Some(w.alice.user()),
            life: Duration::hours(1),
        };
        put(&mut tx, &w.backend, new).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn taken(backend: &Backend, purpose: Purpose) -> Option<String> {
        let mut tx = backend.db.system().write().await.unwrap();
        let value = take(&mut tx, backend, purpose, TOKEN).await.unwrap();
        tx.commit().await.unwrap();
        value
    }

    both_engines! {
        async fn a_row_is_spent_once_and_only_for_its_purpose(db: TestDb) {
            let w = World::new(db).await;
            write(&w, "alice").await;

            assert_eq!(taken(&w.backend, Purpose::DeleteAccount).await, None);
            assert_eq!(taken(&w.backend, Purpose::ResetPassword).await.as_deref(), Some("alice"));
            assert_eq!(taken(&w.backend, Purpose::ResetPassword).await, None);
        }

        async fn the_newest_row_counts_and_the_older_ones_go_with_it(db: TestDb) {
            let w = World::new(db).await;
            write(&w, "old").await;
            w.backend.clock.advance(std::time::Duration::from_secs(1));
            write(&w, "new").await;

            let mut tx = w.backend.db.system().write().await.unwrap();
            let seen = peek(&mut tx, &w.backend, Purpose::ResetPassword, TOKEN).await.unwrap();
            drop(tx);

            assert_eq!(seen.as_deref(), Some("new"));
            assert_eq!(taken(&w.backend, Purpose::ResetPassword).await.as_deref(), Some("new"));
            assert_eq!(taken(&w.backend, Purpose::ResetPassword).await, None);
        }

        async fn a_row_whose_time_is_over_is_none(db: TestDb) {
            let w = World::new(db).await;
            write(&w, "alice").await;
            w.backend.clock.advance(std::time::Duration::from_hours(1));

            let mut tx = w.backend.db.system().write().await.unwrap();
            assert_eq!(peek(&mut tx, &w.backend, Purpose::ResetPassword, TOKEN).await.unwrap(), None);
            drop(tx);
            assert_eq!(taken(&w.backend, Purpose::ResetPassword).await, None);
        }

        async fn of_two_that_spend_it_at_once_one_gets_it(db: TestDb) {
            let w = World::new(db).await;
            write(&w, "alice").await;

            let tries: Vec<_> = (0..8)
                .map(|_| {
                    let backend = w.backend.clone();
                    tokio::spawn(async move { taken(&backend, Purpose::ResetPassword).await })
                })
                .collect();
            let mut got = 0;
            for task in tries {
                got += usize::from(task.await.unwrap().is_some());
            }

            assert_eq!(got, 1);
        }

        async fn a_new_link_voids_the_older_ones_of_the_same_person(db: TestDb) {
            let w = World::new(db).await;
            write(&w, "alice").await;

            let mut tx = w.backend.db.system().write().await.unwrap();
            void(&mut tx, Purpose::ResetPassword, w.mallory.user()).await.unwrap();
            assert!(peek(&mut tx, &w.backend, Purpose::ResetPassword, TOKEN).await.unwrap().is_some());
            void(&mut tx, Purpose::DeleteAccount, w.alice.user()).await.unwrap();
            assert!(peek(&mut tx, &w.backend, Purpose::ResetPassword, TOKEN).await.unwrap().is_some());
            void(&mut tx, Purpose::ResetPassword, w.alice.user()).await.unwrap();
            assert!(peek(&mut tx, &w.backend, Purpose::ResetPassword, TOKEN).await.unwrap().is_none());
        }

        async fn the_hardened_profile_keeps_a_hash(db: TestDb) {
            let w = World::new(db).await;
            write(&w, "alice").await;

            let mut tx = w.backend.db.system().read().await.unwrap();
            let rows: Vec<(String,)> = fetch_all!(tx, r#"select "identifier" from "verification""#).unwrap();

            assert_eq!(rows.len(), 1);
            assert!(rows[0].0.starts_with("reset-password:") && !rows[0].0.contains(TOKEN));
        }
    }
}
