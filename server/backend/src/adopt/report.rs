//! What `adopt-better-auth` found and did, for whoever runs it. No row's content is ever in it.

use std::{
    collections::BTreeMap,
    fmt::{self, Display, Formatter},
};

/// The report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// What was found in each table, and what becomes of it.
    pub tables: BTreeMap<String, TableReport>,
    /// Migrations that the database has by then, and how many of them it needed.
    pub migrations: Option<String>,
    /// Whether anything differs from what the settings ask for.
    pub changed: bool,
}

/// One table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableReport {
    /// How many rows it has.
    pub rows: i64,
    /// What is done to it.
    pub changes: Vec<String>,
    /// What differs from a table of ours and stays.
    pub kept: Vec<String>,
}

impl Report {
    pub(super) fn table(&mut self, name: &str) -> &mut TableReport {
        self.tables.entry(name.to_owned()).or_default()
    }

    pub(super) fn change(&mut self, table: &str, says: impl Into<String>) {
        self.changed = true;
        self.table(table).changes.push(says.into());
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (name, table) in &self.tables {
            let rows = if table.rows == 1 { "row" } else { "rows" };
            writeln!(f, "{name}: {} {rows}", table.rows)?;
            table.changes.iter().try_for_each(|says| writeln!(f, "  change  {says}"))?;
            table.kept.iter().try_for_each(|says| writeln!(f, "  kept    {says}"))?;
        }
        if let Some(migrations) = &self.migrations {
            writeln!(f, "{migrations}")?;
        }
        match (self.changed, self.dry_run) {
            (false, _) => writeln!(f, "Nothing to do."),
            (true, true) => writeln!(
                f,
                "Nothing was changed: without --dry-run, all of this is done, or none of it."
            ),
            (true, false) => writeln!(f, "Done."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_names_each_table_and_says_how_it_ended() {
        let mut report = Report { dry_run: true, ..Report::default() };
        report.table("session").rows = 1;
        report.change("session", "tokens are kept as hashes");

        assert_eq!(
            report.to_string(),
            "session: 1 row\n  change  tokens are kept as hashes\n\
             Nothing was changed: without --dry-run, all of this is done, or none of it.\n"
        );
        assert_eq!(Report::default().to_string(), "Nothing to do.\n");
    }
}
