//! A person's own leaves, and their own words for ours.

use std::collections::BTreeSet;

use domain::{Code, category, text};
use serde::{Deserialize, Serialize};

use crate::{
    Backend, Error, Result, SignedIn, Timestamp, budgets,
    db::UserTx,
    execute, fetch_all, fetch_one,
    idempotency::{self, Begun, Once, Outcome},
    look, rules,
};

/// The word for a missing category, in errors.
const CATEGORY: &str = "category";
/// Most characters of a label.
const LABEL_MAX: usize = 40;
/// Most own leaves of one person.
const OWN_MAX: i64 = 200;

/// A category that is the person's own, or whose word they changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
#[sqlx(rename_all = "camelCase")]
pub struct OwnCategory {
    /// `food.school-lunch` for a leaf of their own, else one of ours.
    pub key: String,
    /// The key of its group.
    pub group_key: String,
    /// On the screen.
    pub label: String,
    /// True for a leaf of their own.
    pub own: bool,
}

/// What is in a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Uses {
    /// Transactions that are not split.
    pub transactions: i64,
    /// Parts of transactions that are.
    pub parts: i64,
    /// Budgets, those that have ended too.
    pub budgets: i64,
    /// Rules that set it.
    pub rules: i64,
}

/// The caller's own leaves and words, by key.
#[tracing::instrument(name = "categories.list", skip_all, fields(user.id = %caller.user()))]
pub async fn list(backend: &Backend, caller: &SignedIn) -> Result<Vec<OwnCategory>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    all(&mut tx).await
}

/// Those of the person whose transaction this is.
pub(crate) async fn all(tx: &mut UserTx) -> Result<Vec<OwnCategory>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"select "key", "groupKey", "label", "own" from "category" where "userId" = $1 order by "key""#,
        user,
    )?)
}

/// The keys of the own leaves of the person whose transaction this is.
pub(crate) async fn own_keys(tx: &mut UserTx) -> Result<BTreeSet<String>> {
    Ok(all(tx).await?.into_iter().filter(|found| found.own).map(|found| found.key).collect())
}

/// What a person calls their categories.
pub(crate) struct Labels(Vec<OwnCategory>);

impl Labels {
    /// The person's own word, else ours.
    pub fn of<'l>(&'l self, key: &'l str) -> &'l str {
        let own = self.0.iter().find(|found| found.key == key);
        own.map_or_else(|| category::label(key), |found| &found.label)
    }
}

/// The words of the person whose transaction this is.
pub(crate) async fn labels(tx: &mut UserTx) -> Result<Labels> {
    Ok(Labels(all(tx).await?))
}

/// Adds a leaf of the caller's own under one of our groups; answers its key.
///
/// # Errors
/// [`Error::Invalid`] for `group` and `label`; [`Error::AlreadyExists`] for a leaf of that name.
pub async fn create(
    backend: &Backend,
    caller: &SignedIn,
    group: &str,
    label: &str,
) -> Result<String> {
    Ok(create_once(backend, caller, group, label, None).await?.value)
}

/// The same for a request that may come twice.
///
/// # Errors
/// As [`create`], and what [`Once`] can be refused for.
#[tracing::instrument(name = "categories.create", skip_all, fields(user.id = %caller.user()))]
pub async fn create_once(
    backend: &Backend,
    caller: &SignedIn,
    group: &str,
    label: &str,
    once: Option<&Once>,
) -> Result<Outcome<String>> {
    let tx = backend.db.as_user(caller.user()).write().await?;
    let mut tx = match idempotency::begin(tx, once, CATEGORY, backend.clock.now()).await? {
        Begun::First(tx) => tx,
        Begun::Again(outcome) => return Ok(outcome),
    };
    let created = add(&mut tx, backend, group, label).await;
    idempotency::finish(tx, once, created).await
}

async fn add(tx: &mut UserTx, backend: &Backend, group: &str, label: &str) -> Result<String> {
    let group = category::find(group)
        .filter(|found| found.is_group() && found.key != category::UNCATEGORIZED)
        .ok_or_else(|| Error::field("group", Code::CategoryUnknown))?;
    let label = checked(label)?;
    let key = format!("{}.{}", group.key, slug(&label, backend));
    let user = tx.user().clone();
    let (count,): (i64,) =
        fetch_one!(tx, r#"select count(*) from "category" where "userId" = $1 and "own""#, &user,)?;
    if count >= OWN_MAX {
        return Err(Error::Forbidden("another category"));
    }
    let inserted = execute!(
        tx,
        r#"
        insert into "category" ("userId", "key", "groupKey", "label", "own", "createdAt")
        values ($1, $2, $3, $4, true, $5)
        on conflict do nothing
        "#,
        &user,
        &key,
        group.key,
        &label,
        Timestamp::from(backend.clock.now()),
    )?;
    if inserted == 0 || category::find(&key).is_some() {
        return Err(Error::AlreadyExists(CATEGORY));
    }
    Ok(key)
}

/// Changes the caller's word for a category, ours or their own.
///
/// # Errors
/// [`Error::NotFound`] for a key that is neither; [`Error::Invalid`] for `label`.
#[tracing::instrument(name = "categories.rename", skip_all, fields(user.id = %caller.user()))]
pub async fn rename(backend: &Backend, caller: &SignedIn, key: &str, label: &str) -> Result<()> {
    let label = checked(label)?;
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    if let Some(ours) = category::find(key) {
        execute!(
            tx,
            r#"
            insert into "category" ("userId", "key", "groupKey", "label", "own", "createdAt")
            values ($1, $2, $3, $4, false, $5)
            on conflict ("userId", "key") do update set "label" = excluded."label"
            "#,
            caller.user(),
            ours.key,
            ours.group,
            &label,
            Timestamp::from(backend.clock.now()),
        )?;
    } else {
        let renamed = execute!(
            tx,
            r#"update "category" set "label" = $3 where "userId" = $1 and "key" = $2"#,
            caller.user(),
            key,
            &label,
        )?;
        if renamed == 0 {
            return Err(Error::NotFound(CATEGORY));
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Takes the caller's word for one of our categories back. Where there is none, nothing happens.
///
/// # Errors
/// [`Error::NotFound`] for a key that is none of ours.
#[tracing::instrument(name = "categories.reset", skip_all, fields(user.id = %caller.user()))]
pub async fn reset(backend: &Backend, caller: &SignedIn, key: &str) -> Result<()> {
    let ours = category::find(key).ok_or(Error::NotFound(CATEGORY))?;
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    execute!(
        tx,
        r#"delete from "category" where "userId" = $1 and "key" = $2 and not "own""#,
        caller.user(),
        ours.key,
    )?;
    tx.commit().await?;
    Ok(())
}

/// What of the caller's is in the category with this key.
#[tracing::instrument(name = "categories.uses", skip_all, fields(user.id = %caller.user()))]
pub async fn uses(backend: &Backend, caller: &SignedIn, key: &str) -> Result<Uses> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let (transactions, parts, budgets): (i64, i64, i64) = fetch_one!(
        tx,
        r#"
        select
            (select count(*) from "transaction" t
             where t."userId" = $1 and t."category" = $2 and t."deletedAt" is null
               and not exists (select 1 from "transaction_part" p
                               where p."userId" = $1 and p."transactionId" = t."id")),
            (select count(*) from "transaction_part" p
             join "transaction" t on t."userId" = $1 and t."id" = p."transactionId"
             where p."userId" = $1 and p."category" = $2 and t."deletedAt" is null),
            (select count(*) from "budget" b where b."userId" = $1 and b."category" = $2)
        "#,
        caller.user(),
        key,
    )?;
    let rules = rules::setting(&mut tx, key).await?;
    Ok(Uses { transactions, parts, budgets, rules })
}

/// Deletes a leaf of the caller's own; its rows, parts and budgets go to `to`, and rules that set it set that. Answers how
/// many rows moved.
///
/// # Errors
/// [`Error::NotFound`] for a key that is none of theirs; [`Error::Invalid`] for `to`.
#[tracing::instrument(name = "categories.delete", skip_all, fields(user.id = %caller.user()))]
pub async fn delete(backend: &Backend, caller: &SignedIn, key: &str, to: &str) -> Result<u64> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let own = own_keys(&mut tx).await?;
    if !own.contains(key) {
        return Err(Error::NotFound(CATEGORY));
    }
    if to == key || (category::find(to).is_none() && !own.contains(to)) {
        return Err(Error::field("to", Code::CategoryUnknown));
    }
    let now = Timestamp::from(backend.clock.now());
    let user = caller.user();
    let moved = execute!(
        tx,
        r#"update "transaction" set "category" = $3, "updatedAt" = $4 where "userId" = $1 and "category" = $2"#,
        user,
        key,
        to,
        now,
    )?;
    execute!(
        tx,
        r#"update "transaction_part" set "category" = $3 where "userId" = $1 and "category" = $2"#,
        user,
        key,
        to,
    )?;
    budgets::hand_over(&mut tx, backend, caller, key, to).await?;
    rules::hand_over(&mut tx, backend, key, to).await?;
    execute!(tx, r#"delete from "category" where "userId" = $1 and "key" = $2"#, user, key)?;
    look::later(&mut tx, backend, user).await?;
    tx.commit().await?;
    Ok(moved)
}

fn checked(label: &str) -> Result<String> {
    let label = text::clean_line(label, LABEL_MAX).map_err(|code| Error::field("label", code))?;
    if label.is_empty() {
        Err(Error::field("label", Code::CategoryNameRequired))
    } else {
        Ok(label)
    }
}

/// The last word of the key: what of the label is ASCII, or a made-up word where nothing is.
fn slug(label: &str, backend: &Backend) -> String {
    let mut slug = String::new();
    for sign in label.to_lowercase().chars() {
        if sign.is_ascii_alphanumeric() {
            slug.push(sign);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { backend.random.alphanumeric(8).to_lowercase() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use domain::{
        budget::BudgetForm,
        rules::{Action, ActionForm, ConditionForm, RuleForm},
    };
    use time::macros::date;

    use super::*;
    use crate::{
        accounts::testing::account_of,
        both_engines,
        testing::World,
        transactions::{
            self,
            testing::{Given, give},
        },
    };

    /// Coffees go to this category.
    fn rule(category: &str) -> RuleForm {
        let condition = ConditionForm {
            field: "description".to_owned(),
            value: "coffee".to_owned(),
            ..ConditionForm::default()
        };
        let action = ActionForm { kind: "category".to_owned(), value: category.to_owned() };
        RuleForm { conditions: vec![condition], actions: vec![action], ..RuleForm::default() }
    }

    both_engines! {
        async fn a_leaf_of_ones_own_is_made_renamed_and_gives_its_rows_away(db: TestDb) {
            let w = World::new(db).await;
            let account = account_of(&w.backend, &w.alice).await;
            let key = create(&w.backend, &w.alice, "food", "School lunch").await.unwrap();
            assert_eq!(key, "food.school-lunch");
            let row = give(&w.backend, &w.alice, &account, Given { category: "food.school-lunch", ..Given::default() }).await;

            rename(&w.backend, &w.alice, &key, "Lunch").await.unwrap();
            let label = list(&w.backend, &w.alice).await.unwrap().remove(0).label;
            let moved = delete(&w.backend, &w.alice, &key, "food.restaurants").await.unwrap();

            assert_eq!((&*label, moved), ("Lunch", 1));
            let detail = transactions::get(&w.backend, &w.alice, &row).await.unwrap();
            assert_eq!(detail.category, "food.restaurants");
            assert!(list(&w.backend, &w.alice).await.unwrap().is_empty());
        }

        async fn rules_and_budgets_of_a_leaf_go_with_its_rows(db: TestDb) {
            let w = World::new(db).await;
            let (b, alice) = (&w.backend, &w.alice);
            let key = create(b, alice, "food", "School lunch").await.unwrap();
            let other = create(b, alice, "food", "Canteen").await.unwrap();
            let sets = |key: &str| RuleForm {
                conditions: vec![ConditionForm { field: "description".to_owned(), value: "lunch".to_owned(), ..ConditionForm::default() }],
                actions: vec![
                    ActionForm { kind: "category".to_owned(), value: key.to_owned() },
                    ActionForm { kind: "tag".to_owned(), value: "child".to_owned() },
                ],
                ..RuleForm::default()
            };
            let rule = rules::create(b, alice, "Lunch", &sets(&key)).await.unwrap();
            let beside = rules::create(b, alice, "Canteen", &sets(&other)).await.unwrap();
            let budget = |category: &str, period: &str, start: &str| BudgetForm {
                category: category.to_owned(),
                amount: "100".to_owned(),
                period: period.to_owned(),
                start_date: start.to_owned(),
                ..BudgetForm::default()
            };
            let mut ids = Vec::new();
            for form in [
                // Ended, in the way of the target's, without a rival, and in the way before it has begun.
                BudgetForm { end_date: "2026-03-31".to_owned(), ..budget(&key, "monthly", "2026-01-01") },
                budget(&key, "monthly", "2026-04-01"),
                budget(&key, "yearly", "2026-01-01"),
                budget(&key, "weekly", "2026-06-01"),
                budget("food.restaurants", "monthly", "2026-05-01"),
                budget("food.restaurants", "weekly", "2026-05-01"),
            ] {
                ids.push(budgets::create(b, alice, &form, None).await.unwrap().value);
            }

            delete(b, alice, &key, "food.restaurants").await.unwrap();

            let mut found = Vec::new();
            for id in &ids {
                let detail = budgets::get(b, alice, id).await;
                found.push(detail.ok().map(|detail| (detail.budget.category, detail.budget.end_date)));
            }
            let moved = |end| Some(("food.restaurants".to_owned(), end));
            let (march, today) = (Some(date!(2026 - 03 - 31)), Some(date!(2026 - 05 - 04)));
            assert_eq!(found, [moved(march), moved(today), moved(None), None, moved(None), moved(None)]);
            let [rule, beside] = [rules::get(b, alice, &rule).await.unwrap(), rules::get(b, alice, &beside).await.unwrap()];
            let tag = Action::Tag("child".to_owned());
            assert_eq!(rule.rule.actions, [Action::Category("food.restaurants".to_owned()), tag.clone()]);
            assert_eq!(beside.rule.actions, [Action::Category(other), tag]);
        }

        async fn our_words_can_be_replaced_and_stay_ours(db: TestDb) {
            let w = World::new(db).await;

            rename(&w.backend, &w.alice, "food.coffee", "Caffeine").await.unwrap();
            rename(&w.backend, &w.alice, "food.coffee", "Espresso").await.unwrap();

            let found = list(&w.backend, &w.alice).await.unwrap();
            assert_eq!((found.len(), &*found[0].label, found[0].own), (1, "Espresso", false));
            let gone = delete(&w.backend, &w.alice, "food.coffee", "food.groceries").await;
            assert!(matches!(gone, Err(Error::NotFound(_))));
        }

        async fn our_word_comes_back_and_ones_own_leaf_stays(db: TestDb) {
            let w = World::new(db).await;
            let key = create(&w.backend, &w.alice, "food", "School lunch").await.unwrap();
            for who in [&w.alice, &w.mallory] {
                rename(&w.backend, who, "food.coffee", "Caffeine").await.unwrap();
            }

            for _ in 0..2 {
                reset(&w.backend, &w.alice, "food.coffee").await.unwrap();
            }
            let own = reset(&w.backend, &w.alice, &key).await;

            assert!(matches!(own, Err(Error::NotFound(_))));
            let left: Vec<String> = list(&w.backend, &w.alice).await.unwrap().into_iter().map(|found| found.key).collect();
            assert_eq!(left, [key]);
            assert_eq!(list(&w.backend, &w.mallory).await.unwrap()[0].label, "Caffeine");
        }

        async fn what_is_in_a_category_is_counted_and_goes_along(db: TestDb) {
            let w = World::new(db).await;
            let account = account_of(&w.backend, &w.alice).await;
            let key = create(&w.backend, &w.alice, "food", "School lunch").await.unwrap();
            let nothing = Uses { transactions: 0, parts: 0, budgets: 0, rules: 0 };
            assert_eq!(uses(&w.backend, &w.alice, &key).await.unwrap(), nothing);
            let id = rules::create(&w.backend, &w.alice, "Lunches", &rule(&key)).await.unwrap();
            let other = rules::create(&w.backend, &w.alice, "Trips", &rule("travel")).await.unwrap();
            give(&w.backend, &w.alice, &account, Given { category: "food.school-lunch", ..Given::default() }).await;

            let counted = uses(&w.backend, &w.alice, &key).await.unwrap();
            let theirs = uses(&w.backend, &w.mallory, &key).await.unwrap();
            delete(&w.backend, &w.alice, &key, "food.restaurants").await.unwrap();

            assert_eq!(counted, Uses { transactions: 1, rules: 1, ..nothing });
            assert_eq!(theirs, nothing);
            for (id, to) in [(id, "food.restaurants"), (other, "travel")] {
                let rule = rules::get(&w.backend, &w.alice, &id).await.unwrap().rule;
                assert_eq!(rule.actions, [Action::Category(to.to_owned())]);
            }
        }

        async fn a_name_is_there_once_and_somebody_elses_is_not_found(db: TestDb) {
            let w = World::new(db).await;
            let key = create(&w.backend, &w.alice, "food", "School lunch").await.unwrap();

            let again = create(&w.backend, &w.alice, "food", "school  LUNCH").await;
            let ours = create(&w.backend, &w.alice, "food", "Groceries").await;
            let theirs = rename(&w.backend, &w.mallory, &key, "Mine").await;

            assert!(matches!(again, Err(Error::AlreadyExists(_))));
            assert!(matches!(ours, Err(Error::AlreadyExists(_))));
            assert!(matches!(theirs, Err(Error::NotFound(_))));
            assert!(list(&w.backend, &w.mallory).await.unwrap().is_empty());
            assert!(matches!(create(&w.backend, &w.alice, "food.coffee", "x").await, Err(Error::Invalid(_))));
            assert!(matches!(create(&w.backend, &w.alice, "food", " ").await, Err(Error::Invalid(_))));
        }
    }
}
