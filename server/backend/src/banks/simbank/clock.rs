//! The bank's own calendar: ours, and as many days on as somebody moved it.

use domain::Date;
use time::Duration;

use super::Simbank;
use crate::{Result, execute, fetch_optional};

/// As far as anybody may move the clock at once, in days.
const MOST: u16 = 3_660;

impl Simbank {
    /// Today at the bank.
    pub async fn today(&self) -> Result<Date> {
        let mut tx = self.db.system().read().await?;
        let ahead: Option<(i64,)> =
            fetch_optional!(tx, r#"select "days" from "simbank_clock" where "id" = 1"#)?;
        let today = self.clock.today();
        let days = Duration::days(ahead.map_or(0, |(days,)| days));
        Ok(today.checked_add(days).unwrap_or(today))
    }

    /// Moves the bank's clock on; answers its new day. It never goes back.
    pub async fn advance_clock(&self, days: u16) -> Result<Date> {
        let mut tx = self.db.system().write().await?;
        execute!(
            tx,
            r#"
            insert into "simbank_clock" ("id", "days") values (1, $1)
            on conflict ("id") do update set "days" = "simbank_clock"."days" + excluded."days"
            "#,
            i64::from(days.min(MOST)),
        )?;
        tx.commit().await?;
        self.today().await
    }
}
