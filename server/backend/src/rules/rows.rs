//! The rows of rules.

use domain::{
    RuleId,
    rules::{Action, Rule},
};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use super::RULE;
use crate::{Backend, Error, Result, SignedIn, Timestamp, db::UserTx, execute, fetch_all};

/// A rule as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleView {
    /// Its id.
    pub id: RuleId,
    /// What its owner calls it.
    pub name: String,
    /// What it asks and does.
    pub rule: Rule,
    /// False while it is switched off.
    pub enabled: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: RuleId,
    name: String,
    body: Json<Rule>,
    enabled: bool,
}

/// The caller's rules in their order.
#[tracing::instrument(name = "rules.list", skip_all, fields(user.id = %caller.user()))]
pub async fn list(backend: &Backend, caller: &SignedIn) -> Result<Vec<RuleView>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    all(&mut tx).await
}

/// One of the caller's rules.
///
/// # Errors
/// [`Error::NotFound`] also for a rule of somebody else.
#[tracing::instrument(name = "rules.get", skip_all, fields(user.id = %caller.user()))]
pub async fn get(backend: &Backend, caller: &SignedIn, id: &RuleId) -> Result<RuleView> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let found = all(&mut tx).await?.into_iter().find(|rule| rule.id == *id);
    found.ok_or(Error::NotFound(RULE))
}

/// The rules of the person whose transaction this is, in their order.
pub(crate) async fn all(tx: &mut UserTx) -> Result<Vec<RuleView>> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "name", "body", "enabled"
        from "rule"
        where "userId" = $1
        order by "position", "id"
        "#,
        user,
    )?;
    let views = rows.into_iter().map(|row| RuleView {
        id: row.id,
        name: row.name,
        rule: row.body.0,
        enabled: row.enabled,
    });
    Ok(views.collect())
}

/// How many rules of the person whose transaction this is set this category.
pub(crate) async fn setting(tx: &mut UserTx, category: &str) -> Result<i64> {
    let rules = all(tx).await?;
    let setting =
        rules.iter().filter(|view| view.rule.actions.iter().any(|done| sets(done, category)));
    Ok(i64::try_from(setting.count()).unwrap_or(i64::MAX))
}

/// Lets the rules of the person whose transaction this is set `to` where they set `category`.
pub(crate) async fn set_instead(
    tx: &mut UserTx,
    category: &str,
    to: &str,
    now: Timestamp,
) -> Result<()> {
    let user = tx.user().clone();
    for mut view in all(tx).await? {
        let mut is_different = false;
        for done in view.rule.actions.iter_mut().filter(|done| sets(done, category)) {
            *done = Action::Category(to.to_owned());
            is_different = true;
        }
        if is_different {
            execute!(
                tx,
                r#"update "rule" set "body" = $3, "updatedAt" = $4 where "userId" = $1 and "id" = $2"#,
                &user,
                &view.id,
                Json(&view.rule),
                now,
            )?;
        }
    }
    Ok(())
}

fn sets(done: &Action, category: &str) -> bool {
    matches!(done, Action::Category(key) if key == category)
}
