//! Makes the Postgres database of a Better Auth application ours, in one transaction, without touching what a row
//! means. See `docs/moving-from-better-auth.md`.

mod checks;
mod report;

use sqlx::{PgConnection, migrate::Migration};

use crate::{
    AuthProfile,
    auth::MAILED_BY_BETTER_AUTH,
    db::{
        DbSettings, MigrateError,
        adopt::{self as tables, Expected, Owner, PUBLIC, Plan, Schema, Sharing},
    },
};

pub use report::{Report, TableReport};

/// The tables that every Better Auth database has.
const CORE: [&str; 4] = ["account", "session", "user", "verification"];

/// What to do.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Only say what would be done.
    pub dry_run: bool,
    /// With [`AuthProfile::BetterAuth`] the other application goes on using the database.
    pub profile: AuthProfile,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// `DATABASE_URL` names SQLite.
    #[error("Better Auth's database is on Postgres: set DATABASE_URL to its address")]
    NotPostgres,
    /// None of its tables is there.
    #[error(
        "There is no Better Auth database here: the schema public has no table \"user\", \"session\", \"account\" or \"verification\""
    )]
    NotBetterAuth,
    /// One sentence for each thing that has to be settled before.
    #[error("Nothing was changed. Settle this first:\n  {}", .0.join("\n  "))]
    Refused(Vec<String>),
    /// A change of a table failed. What Postgres said may quote a row, so only its code is told.
    #[error("Nothing was changed: {table}: {says}: failed with SQLSTATE {code}")]
    Failed {
        /// The table.
        table: String,
        /// What was to be done.
        says: String,
        /// The error of Postgres.
        code: String,
    },
    /// Our migrations cannot run.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The database failed.
    #[error("Nothing was changed: the database failed")]
    Database(#[from] sqlx::Error),
}

/// Adopts the database of `settings`; a second time there is nothing to do. After a change of the profile to
/// [`AuthProfile::Hardened`] it does what was left for the other application's sake.
pub async fn adopt(settings: &DbSettings, options: Options) -> Result<Report, AdoptError> {
    let Some(mut owner) = Owner::connect(settings).await? else {
        return Err(AdoptError::NotPostgres);
    };
    let mut tx = owner.begin().await?;
    let report = run(&mut tx, options).await?;
    if options.dry_run {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
    }
    owner.close().await?;
    Ok(report)
}

async fn run(connection: &mut PgConnection, options: Options) -> Result<Report, AdoptError> {
    let found = tables::read(connection, PUBLIC).await?;
    let missing: Vec<_> = CORE.iter().filter(|table| !found.has(table)).collect();
    if missing.len() == CORE.len() {
        return Err(AdoptError::NotBetterAuth);
    }
    if !missing.is_empty() {
        let sentence = |table| format!("There is no table \"{table}\" in the schema public");
        return Err(AdoptError::Refused(missing.into_iter().map(sentence).collect()));
    }
    let expected = tables::expected(connection).await?;
    let pending = tables::pending(connection).await?;
    let work = Work::new(&found, &expected, pending, options);
    checks::refuse(connection, &work).await?;

    let mut report = work.report(connection).await?;
    if !options.dry_run && report.changed {
        work.lock(connection).await?;
        work.tables(connection, &expected, &mut report).await?;
        work.secrets(connection).await?;
    }
    Ok(report)
}

/// What there is to do, before anything is done.
struct Work<'s> {
    found: &'s Schema,
    sharing: Sharing,
    options: Options,
    pending: Vec<&'static Migration>,
    /// Tables that are there and that a migration of ours makes.
    adopted: Vec<String>,
    plan: Plan,
}

impl<'s> Work<'s> {
    fn new(
        found: &'s Schema,
        expected: &Expected,
        pending: Vec<&'static Migration>,
        options: Options,
    ) -> Self {
        let sharing = match options.profile {
            AuthProfile::BetterAuth => Sharing::Shared,
            AuthProfile::Hardened => Sharing::Ours,
        };
        let there = |schema: &Schema| -> Vec<String> {
            schema.columns.keys().filter(|table| found.has(table)).cloned().collect()
        };
        let is_foreign = pending.first().is_some_and(|next| tables::is_first(next));
        let adopted = there(&expected.last);
        let plan = if is_foreign {
            let first = there(&expected.first);
            let mut plan = tables::plan(found, &expected.first, &first, sharing);
            // What the migrations bring to tables of plugins is not known before they run; their types are.
            let plugins: Vec<String> =
                adopted.iter().filter(|table| !first.contains(table)).cloned().collect();
            plan.add_types(tables::plan(found, &expected.last, &plugins, sharing));
            plan
        } else {
            tables::plan(found, &expected.last, &adopted, sharing)
        };
        Self { found, sharing, options, pending, adopted, plan }
    }

    fn is_foreign(&self) -> bool {
        self.pending.first().is_some_and(|next| tables::is_first(next))
    }

    async fn report(&self, connection: &mut PgConnection) -> Result<Report, AdoptError> {
        let mut report = Report { dry_run: self.options.dry_run, ..Report::default() };
        for table in &self.adopted {
            // Tables that only we have say nothing of the move.
            if self.is_foreign() || CORE.contains(&&**table) {
                report.table(table).rows = tables::count(connection, table).await?;
            }
        }
        for step in &self.plan.steps {
            report.change(&step.table, &step.says);
        }
        for (table, says) in &self.plan.kept {
            report.table(table).kept.push(says.clone());
        }
        if self.options.profile == AuthProfile::Hardened {
            count_secrets(connection, &mut report).await?;
        }
        if self.is_foreign() {
            report.changed = true;
            report.migrations = Some(format!(
                "migrations: the first counts as done, {} more run",
                self.pending.len() - 1
            ));
        } else if !self.pending.is_empty() {
            report.changed = true;
            report.migrations = Some(format!("migrations: {} run", self.pending.len()));
        }
        Ok(report)
    }

    /// Nobody changes a row between what was checked and what is done.
    async fn lock(&self, connection: &mut PgConnection) -> Result<(), AdoptError> {
        let names: Vec<String> = self.adopted.iter().map(|table| tables::quoted(table)).collect();
        let statement = format!("lock table {} in access exclusive mode", names.join(", "));
        let locked = tables::execute(connection, &statement).await;
        locked.map_err(|error| failed("every table", "is locked", &error))?;
        checks::refuse(connection, self).await
    }

    async fn tables(
        &self,
        connection: &mut PgConnection,
        expected: &Expected,
        report: &mut Report,
    ) -> Result<(), AdoptError> {
        let mut rest = &self.pending[..];
        if let [first, others @ ..] = rest
            && self.is_foreign()
        {
            apply(connection, &self.plan).await?;
            let now = tables::read(connection, PUBLIC).await?;
            refuse_unless_settled(&now, &expected.first, &self.adopted, self.sharing)?;
            tables::run_first(connection, first, self.found)
                .await
                .map_err(|error| failed("every table", "the first migration", &error))?;
            rest = others;
        }
        tables::run_rest(connection, rest).await?;

        let now = tables::read(connection, PUBLIC).await?;
        let left = tables::plan(&now, &expected.last, &self.adopted, self.sharing);
        if self.is_foreign() {
            for step in &left.steps {
                report.change(&step.table, &step.says);
            }
        }
        checks::refuse_plan(connection, &left).await?;
        apply(connection, &left).await?;
        let now = tables::read(connection, PUBLIC).await?;
        refuse_unless_settled(&now, &expected.last, &self.adopted, self.sharing)
    }

    /// Secrets of rows that only our program reads from now on.
    async fn secrets(&self, connection: &mut PgConnection) -> Result<(), AdoptError> {
        if self.options.profile == AuthProfile::Hardened {
            tables::hash_session_tokens(connection).await?;
            for prefix in MAILED_BY_BETTER_AUTH {
                tables::hash_proofs(connection, prefix).await?;
            }
        }
        Ok(())
    }
}

async fn count_secrets(
    connection: &mut PgConnection,
    report: &mut Report,
) -> Result<(), AdoptError> {
    let sessions = tables::count_plain_sessions(connection).await?;
    if sessions > 0 {
        report.change(
            "session",
            format!("tokens of {sessions} are kept as hashes; their cookies go on working"),
        );
    }
    for prefix in MAILED_BY_BETTER_AUTH {
        let links = tables::count_plain_proofs(connection, prefix).await?;
        if links > 0 {
            let kind = prefix.trim_end_matches([':', '-']);
            report.change(
                "verification",
                format!(
                    "tokens of {links} {kind} links are kept as hashes; the links go on working"
                ),
            );
        }
    }
    Ok(())
}

async fn apply(connection: &mut PgConnection, plan: &Plan) -> Result<(), AdoptError> {
    for step in &plan.steps {
        tables::execute(connection, &step.statement)
            .await
            .map_err(|error| failed(&step.table, &step.says, &error))?;
    }
    Ok(())
}

/// The proof before a migration counts as done: comparing again finds nothing to do.
fn refuse_unless_settled(
    now: &Schema,
    wanted: &Schema,
    adopted: &[String],
    sharing: Sharing,
) -> Result<(), AdoptError> {
    let left = tables::plan(now, wanted, adopted, sharing);
    let steps = left.steps.into_iter().map(|step| format!("\"{}\": {}", step.table, step.says));
    let problems: Vec<String> = left.problems.into_iter().chain(steps).collect();
    if problems.is_empty() { Ok(()) } else { Err(AdoptError::Refused(problems)) }
}

fn failed(table: &str, says: &str, error: &sqlx::Error) -> AdoptError {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    AdoptError::Failed {
        table: table.to_owned(),
        says: says.to_owned(),
        code: code.map_or_else(|| "08000".to_owned(), std::borrow::Cow::into_owned),
    }
}

#[cfg(test)]
mod tests;
