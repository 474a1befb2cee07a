//! The first steps of a person: what is done of them, until all are or they are put away.

use serde::{Deserialize, Serialize};

use crate::{Backend, Result, SignedIn, fetch_one, preferences};

/// How many rows are looked over before that step is done.
pub const LOOKED_OVER: i64 = 10;

/// How far the caller's data are with the first steps. What the person's own row says is not in it: whether the address
/// is confirmed, and whether a second factor is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
#[sqlx(rename_all = "camelCase")]
pub struct Checklist {
    /// Whether they were put away.
    pub is_hidden: bool,
    /// Whether there is an account.
    pub has_account: bool,
    /// Rows whose category the person has set; no more than [`LOOKED_OVER`] are counted.
    pub looked_over: i64,
    /// Whether there is, or was, a budget.
    pub has_budget: bool,
}

/// The caller's first steps, in one statement.
#[tracing::instrument(name = "checklist.get", skip_all, fields(user.id = %caller.user()))]
pub async fn get(backend: &Backend, caller: &SignedIn) -> Result<Checklist> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    Ok(fetch_one!(
        tx,
        r#"
        select exists(select 1 from "preference" where "userId" = $1 and "checklistHidden") as "isHidden",
               exists(select 1 from "bank_account" where "userId" = $1 and "archivedAt" is null) as "hasAccount",
               (select count(*) from (select 1 from "transaction"
                                      where "userId" = $1 and "categoryBy" = 'user' and "deletedAt" is null
                                      limit $2) as "sorted") as "lookedOver",
               exists(select 1 from "budget" where "userId" = $1) as "hasBudget"
        "#,
        caller.user(),
        LOOKED_OVER,
    )?)
}

/// Puts the caller's first steps away, or brings them back.
#[tracing::instrument(name = "checklist.hide", skip_all, fields(user.id = %caller.user()))]
pub async fn hide(backend: &Backend, caller: &SignedIn, hidden: bool) -> Result<()> {
    preferences::change_with(backend, caller, |chosen| chosen.checklist_hidden = hidden).await
}

#[cfg(test)]
mod tests {
    use domain::budget::BudgetForm;

    use super::*;
    use crate::{
        accounts::testing::account_of,
        both_engines, budgets, execute,
        preferences::{Preferences, set},
        testing::World,
        transactions::testing::{Given, give_all},
    };

    both_engines! {
        async fn each_step_is_done_by_what_its_owner_does(db: TestDb) {
            let w = World::new(db).await;
            let of = async |who| get(&w.backend, who).await.unwrap();
            let nothing = Checklist { is_hidden: false, has_account: false, looked_over: 0, has_budget: false };
            assert_eq!(of(&w.alice).await, nothing);

            let account = account_of(&w.backend, &w.alice).await;
            give_all(&w.backend, &w.alice, &account, &[Given::default(); 12]).await;
            assert_eq!(of(&w.alice).await, Checklist { has_account: true, ..nothing }, "nobody has looked at them");
            let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
            execute!(tx, r#"update "transaction" set "categoryBy" = 'user' where "userId" = $1"#, w.alice.user()).unwrap();
            tx.commit().await.unwrap();
            let budget = BudgetForm {
                category: "food".to_owned(),
                amount: "100".to_owned(),
                start_date: "2026-05-01".to_owned(),
                ..BudgetForm::default()
            };
            budgets::create(&w.backend, &w.alice, &budget, None).await.unwrap();

            let done = Checklist { has_account: true, looked_over: LOOKED_OVER, has_budget: true, ..nothing };
            assert_eq!((of(&w.alice).await, of(&w.mallory).await), (done, nothing));
        }

        async fn what_was_put_away_comes_back_and_changes_nothing_else(db: TestDb) {
            let w = World::new(db).await;
            let chosen = Preferences { week_start: 7, ..Preferences::default() };
            set(&w.backend, &w.alice, &chosen).await.unwrap();

            hide(&w.backend, &w.alice, true).await.unwrap();
            hide(&w.backend, &w.mallory, true).await.unwrap();
            hide(&w.backend, &w.mallory, false).await.unwrap();

            assert!(get(&w.backend, &w.alice).await.unwrap().is_hidden);
            assert!(!get(&w.backend, &w.mallory).await.unwrap().is_hidden);
            let kept = preferences::get(&w.backend, &w.alice).await.unwrap();
            assert_eq!(kept, Preferences { checklist_hidden: true, ..chosen });
        }
    }
}
