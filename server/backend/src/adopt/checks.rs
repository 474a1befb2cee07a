//! What a person has to settle before their database can be ours. Rows are named by their ids, never by content.

use sqlx::PgConnection;

use super::{AdoptError, Plan, Work};
use crate::db::adopt as tables;

/// Keys that must be unique although nothing may have enforced it: table, expression, and what it is called.
const UNIQUE: [(&str, &str, &str); 3] = [
    ("user", r#"lower("email")"#, "the same address"),
    ("account", r#""providerId", "accountId""#, "the same account at the same provider"),
    ("session", r#""token""#, "the same token"),
];

/// [`AdoptError::Refused`] with everything that stands in the way.
pub(super) async fn refuse(
    connection: &mut PgConnection,
    work: &Work<'_>,
) -> Result<(), AdoptError> {
    let mut problems = work.plan.problems.clone();
    for table in tables::taken_names(work.found, &work.pending) {
        problems
            .push(format!("\"{table}\" is the name of a table that Coffer makes. Rename yours"));
    }
    if problems.is_empty() {
        problems = of_rows(connection, &work.plan).await?;
        for (table, key, what) in UNIQUE {
            let groups = tables::duplicates(connection, table, key).await?;
            let sentence = |ids| format!("\"{table}\" has rows with {what}: {ids}");
            problems.extend(groups.into_iter().map(sentence));
        }
    }
    settled(problems)
}

/// The same for one plan.
pub(super) async fn refuse_plan(
    connection: &mut PgConnection,
    plan: &Plan,
) -> Result<(), AdoptError> {
    let mut problems = plan.problems.clone();
    problems.extend(of_rows(connection, plan).await?);
    settled(problems)
}

fn settled(problems: Vec<String>) -> Result<(), AdoptError> {
    if problems.is_empty() { Ok(()) } else { Err(AdoptError::Refused(problems)) }
}

async fn of_rows(connection: &mut PgConnection, plan: &Plan) -> Result<Vec<String>, AdoptError> {
    let mut problems = Vec::new();
    for (table, column) in &plan.must_have_values {
        let empty = tables::count_empty(connection, table, column).await?;
        if empty > 0 {
            problems.push(format!("\"{table}\".\"{column}\" has no value in {empty} rows"));
        }
    }
    for reference in &plan.must_refer {
        let ids = tables::unlinked(connection, reference).await?;
        if !ids.is_empty() {
            problems.push(format!(
                "\"{}\".\"{}\" refers to no row of \"{}\" in: {}",
                reference.table,
                reference.column,
                reference.target,
                ids.join(", ")
            ));
        }
    }
    Ok(problems)
}
