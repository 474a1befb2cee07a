//! What the bank remembers of each login, in tables of the program's own.

use domain::Date;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use time::Duration;

use super::{ExtraRow, Fault, Simbank};
use crate::{Error, Result, Timestamp, execute, fetch_optional};

/// For how long the one-time token is good.
const PUBLIC_LIFE: Duration = Duration::minutes(30);
const TOKEN_LENGTH: usize = 40;

/// One login at the bank.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Login {
    pub item_id: String,
    pub institution: String,
    /// The name that its customer signs in with.
    #[sqlx(rename = "login")]
    pub name: String,
    pub seed: String,
    broken: Option<String>,
    pub syncs: i64,
    extra: String,
    pub opened_on: Date,
}

impl Login {
    pub fn fault(&self) -> Option<Fault> {
        self.broken.as_deref().and_then(Fault::parse)
    }

    pub fn extras(&self) -> Result<Vec<ExtraRow>> {
        serde_json::from_str(&self.extra).map_err(|_| Error::Corrupt("row of the built-in bank"))
    }
}

/// Somebody who has just signed in.
pub(super) struct Arrival<'a> {
    pub institution: &'a str,
    pub login: &'a str,
    pub seed: &'a str,
}

/// Tokens are long and random: a plain hash tells nothing.
fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

impl Simbank {
    /// Opens a login; answers its one-time token.
    pub(super) async fn open_login(&self, arrival: &Arrival<'_>) -> Result<SecretString> {
        let public = format!("public-sim-{}", self.random.alphanumeric(TOKEN_LENGTH));
        let until = Timestamp::from(self.clock.now() + PUBLIC_LIFE);
        let opened_on = self.today().await?;
        let mut tx = self.db.system().write().await?;
        execute!(
            tx,
            r#"
            insert into "simbank_login" ("itemId", "institution", "login", "seed", "publicHash", "publicUntil",
                                         "openedOn")
            values ($1, $2, $3, $4, $5, $6, $7)
            "#,
            self.random.alphanumeric(20),
            arrival.institution,
            arrival.login,
            arrival.seed,
            hash(&public),
            until,
            opened_on,
        )?;
        tx.commit().await?;
        Ok(public.into())
    }

    /// Lets an existing login be read again; answers its one-time token. None when it was another login.
    pub(super) async fn reopen_login(
        &self,
        item: &str,
        login: &str,
    ) -> Result<Option<SecretString>> {
        let public = format!("public-sim-{}", self.random.alphanumeric(TOKEN_LENGTH));
        let until = Timestamp::from(self.clock.now() + PUBLIC_LIFE);
        let mut tx = self.db.system().write().await?;
        // Two syncs: a bank that wants a sign-in after the first has had it.
        let reopened = execute!(
            tx,
            r#"
            update "simbank_login"
            set "broken" = null, "publicHash" = $3, "publicUntil" = $4,
                "syncs" = case when "syncs" < 2 then 2 else "syncs" end
            where "itemId" = $1 and "login" = $2 and coalesce("broken", '') <> 'revoked'
            "#,
            item,
            login,
            hash(&public),
            until,
        )?;
        tx.commit().await?;
        Ok((reopened == 1).then(|| public.into()))
    }

    /// Spends a one-time token: the login, and the token that reads it from now on. A login that had one keeps it.
    pub(super) async fn exchange(
        &self,
        public: &SecretString,
        known: Option<&SecretString>,
    ) -> Result<Option<(Login, SecretString)>> {
        let token = known.map_or_else(
            || format!("access-sim-{}", self.random.alphanumeric(TOKEN_LENGTH)),
            |known| known.expose_secret().to_owned(),
        );
        let mut tx = self.db.system().write().await?;
        let login: Option<Login> = fetch_optional!(
            tx,
            r#"
            update "simbank_login"
            set "publicHash" = null, "publicUntil" = null, "tokenHash" = coalesce("tokenHash", $2)
            where "publicHash" = $1 and "publicUntil" > $3 and coalesce("tokenHash", $2) = $2
            returning "itemId", "institution", "login", "seed", "broken", "syncs", "extra", "openedOn"
            "#,
            hash(public.expose_secret()),
            hash(&token),
            Timestamp::from(self.clock.now()),
        )?;
        tx.commit().await?;
        Ok(login.map(|login| (login, token.into())))
    }

    /// The login that a token reads.
    pub(super) async fn login_of(&self, token: &SecretString) -> Result<Option<Login>> {
        let mut tx = self.db.system().read().await?;
        Ok(fetch_optional!(
            tx,
            r#"
            select "itemId", "institution", "login", "seed", "broken", "syncs", "extra", "openedOn"
            from "simbank_login"
            where "tokenHash" = $1
            "#,
            hash(token.expose_secret()),
        )?)
    }

    /// The login with an id.
    pub(super) async fn login(&self, item: &str) -> Result<Option<Login>> {
        let mut tx = self.db.system().read().await?;
        Ok(fetch_optional!(
            tx,
            r#"
            select "itemId", "institution", "login", "seed", "broken", "syncs", "extra", "openedOn"
            from "simbank_login"
            where "itemId" = $1
            "#,
            item,
        )?)
    }

    /// Notes that a run of reading begins; answers which it is, from 1.
    pub(super) async fn count_run(&self, item: &str) -> Result<i64> {
        let mut tx = self.db.system().write().await?;
        let counted: Option<(i64,)> = fetch_optional!(
            tx,
            r#"update "simbank_login" set "syncs" = "syncs" + 1 where "itemId" = $1 returning "syncs""#,
            item,
        )?;
        tx.commit().await?;
        Ok(counted.map_or(0, |(syncs,)| syncs))
    }

    /// Sets or ends a fault; false when there is no such login.
    pub(super) async fn set_fault(&self, item: &str, fault: Option<Fault>) -> Result<bool> {
        let mut tx = self.db.system().write().await?;
        let changed = execute!(
            tx,
            r#"update "simbank_login" set "broken" = $2 where "itemId" = $1"#,
            item,
            fault.map(|fault| fault.to_string()),
        )?;
        tx.commit().await?;
        Ok(changed == 1)
    }

    /// Adds a row by hand; false when there is no such login.
    pub(super) async fn push_extra(&self, item: &str, row: &ExtraRow) -> Result<bool> {
        let unreadable = |_| Error::Corrupt("row of the built-in bank");
        let mut tx = self.db.system().write().await?;
        let there: Option<(String,)> = fetch_optional!(
            tx,
            sqlite: r#"select "extra" from "simbank_login" where "itemId" = $1"#,
            postgres: r#"select "extra" from "simbank_login" where "itemId" = $1 for update"#,
            item,
        )?;
        let Some((extra,)) = there else { return Ok(false) };
        let mut rows: Vec<ExtraRow> = serde_json::from_str(&extra).map_err(unreadable)?;
        rows.push(row.clone());
        let rows = serde_json::to_string(&rows).map_err(unreadable)?;
        execute!(tx, r#"update "simbank_login" set "extra" = $2 where "itemId" = $1"#, item, rows)?;
        tx.commit().await?;
        Ok(true)
    }

    /// Ends a login; false when there was none.
    pub(super) async fn close_login(&self, token: &SecretString) -> Result<bool> {
        let mut tx = self.db.system().write().await?;
        let closed = execute!(
            tx,
            r#"delete from "simbank_login" where "tokenHash" = $1"#,
            hash(token.expose_secret()),
        )?;
        tx.commit().await?;
        Ok(closed == 1)
    }
}
