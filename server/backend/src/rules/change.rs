//! Making, changing, ordering and deleting rules.

use std::collections::BTreeSet;

use domain::{
    Code, FieldError, RuleId, category,
    rules::{Action, Condition, Rule, RuleForm},
    text,
};
use sqlx::types::Json;

use super::{RULE, rows};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp, accounts, categories,
    db::UserTx,
    execute,
    idempotency::{self, Begun, Once, Outcome},
};

/// Most rules of one person.
const MOST: usize = 200;
/// Most characters of a name.
const NAME_MAX: usize = 80;

/// Which way a rule moves in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// It is asked before the one before it.
    Up,
    /// It is asked after the one after it.
    Down,
}

/// Adds a rule at the end of the caller's list.
///
/// # Errors
/// [`Error::Invalid`] names each field, `rule_empty`, `rule_actions` and `rule_regex` among them; `rule_parts` at
/// `name` for one rule too many.
pub async fn create(
    backend: &Backend,
    caller: &SignedIn,
    name: &str,
    form: &RuleForm,
) -> Result<RuleId> {
    Ok(create_once(backend, caller, name, form, None).await?.value)
}

/// The same for a request that may come twice.
///
/// # Errors
/// As [`create`], and what [`Once`] can be refused for.
#[tracing::instrument(name = "rules.create", skip_all, fields(user.id = %caller.user()))]
pub async fn create_once(
    backend: &Backend,
    caller: &SignedIn,
    name: &str,
    form: &RuleForm,
    once: Option<&Once>,
) -> Result<Outcome<RuleId>> {
    let tx = backend.db.as_user(caller.user()).write().await?;
    let mut tx = match idempotency::begin(tx, once, RULE, backend.clock.now()).await? {
        Begun::First(tx) => tx,
        Begun::Again(outcome) => return Ok(outcome),
    };
    let created = add(&mut tx, backend, name, form).await;
    idempotency::finish(tx, once, created).await
}

/// Adds a rule at the end of the list of the person whose transaction this is.
pub(crate) async fn add(
    tx: &mut UserTx,
    backend: &Backend,
    name: &str,
    form: &RuleForm,
) -> Result<RuleId> {
    let (name, rule) = checked(tx, name, form).await?;
    let there = rows::all(tx).await?.len();
    if there >= MOST {
        return Err(Error::field("name", Code::RuleParts));
    }
    let user = tx.user().clone();
    let id = RuleId::new(backend.new_id());
    let now = Timestamp::from(backend.clock.now());
    execute!(
        tx,
        r#"
        insert into "rule" ("id", "userId", "position", "name", "body", "createdAt", "updatedAt")
        select $1, $2, coalesce(max("position"), 0) + 1, $3, $4, $5, $5
        from "rule"
        where "userId" = $2
        "#,
        &id,
        user,
        name,
        Json(&rule),
        now,
    )?;
    Ok(id)
}

/// Changes one of the caller's rules, or switches it on or off.
///
/// # Errors
/// [`Error::Invalid`] as [`create`]; [`Error::NotFound`] also for a rule of somebody else.
#[tracing::instrument(name = "rules.update", skip_all, fields(user.id = %caller.user()))]
pub async fn update(
    backend: &Backend,
    caller: &SignedIn,
    id: &RuleId,
    name: &str,
    form: &RuleForm,
    enabled: bool,
) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let (name, rule) = checked(&mut tx, name, form).await?;
    let changed = execute!(
        tx,
        r#"
        update "rule" set "name" = $3, "body" = $4, "enabled" = $5, "updatedAt" = $6
        where "userId" = $1 and "id" = $2
        "#,
        caller.user(),
        id,
        name,
        Json(&rule),
        enabled,
        Timestamp::from(backend.clock.now()),
    )?;
    if changed == 0 {
        return Err(Error::NotFound(RULE));
    }
    tx.commit().await?;
    Ok(())
}

/// Moves one of the caller's rules past its neighbour. At the end of the list nothing happens.
///
/// # Errors
/// [`Error::NotFound`] also for a rule of somebody else.
#[tracing::instrument(name = "rules.shift", skip_all, fields(user.id = %caller.user()))]
pub async fn shift(backend: &Backend, caller: &SignedIn, id: &RuleId, way: Shift) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let mut order: Vec<RuleId> =
        rows::all(&mut tx).await?.into_iter().map(|rule| rule.id).collect();
    let at = order.iter().position(|rule| rule == id).ok_or(Error::NotFound(RULE))?;
    let to = match way {
        Shift::Up => at.saturating_sub(1),
        Shift::Down => (at + 1).min(order.len() - 1),
    };
    order.swap(at, to);
    place(&mut tx, &order).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts all of the caller's rules in another order.
///
/// # Errors
/// [`Error::NotFound`] when one of them is somebody else's; [`Error::Invalid`] at `ids` when one is missing or named
/// twice.
#[tracing::instrument(name = "rules.reorder", skip_all, fields(user.id = %caller.user()))]
pub async fn reorder(backend: &Backend, caller: &SignedIn, order: &[RuleId]) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let there: BTreeSet<RuleId> =
        rows::all(&mut tx).await?.into_iter().map(|rule| rule.id).collect();
    let named: BTreeSet<&RuleId> = order.iter().collect();
    if !named.iter().all(|id| there.contains(*id)) {
        return Err(Error::NotFound(RULE));
    }
    if named.len() != order.len() || named.len() != there.len() {
        return Err(Error::field("ids", Code::RuleOrder));
    }
    place(&mut tx, order).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes where each rule stands.
async fn place(tx: &mut UserTx, order: &[RuleId]) -> Result<()> {
    let user = tx.user().clone();
    for (position, rule) in (0_i64..).zip(order) {
        execute!(
            tx,
            r#"update "rule" set "position" = $3 where "userId" = $1 and "id" = $2 and "position" <> $3"#,
            &user,
            rule,
            position,
        )?;
    }
    Ok(())
}

/// Deletes one of the caller's rules. What it set stays.
///
/// # Errors
/// [`Error::NotFound`] also for a rule of somebody else.
#[tracing::instrument(name = "rules.delete", skip_all, fields(user.id = %caller.user()))]
pub async fn delete(backend: &Backend, caller: &SignedIn, id: &RuleId) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let deleted =
        execute!(tx, r#"delete from "rule" where "userId" = $1 and "id" = $2"#, caller.user(), id)?;
    if deleted == 0 {
        return Err(Error::NotFound(RULE));
    }
    tx.commit().await?;
    Ok(())
}

/// Rules that set the category `from` set `to` from now on.
pub(crate) async fn hand_over(
    tx: &mut UserTx,
    backend: &Backend,
    from: &str,
    to: &str,
) -> Result<()> {
    let user = tx.user().clone();
    for view in rows::all(tx).await? {
        let mut rule = view.rule;
        let mut is_changed = false;
        for action in &mut rule.actions {
            match action {
                Action::Category(key) if key == from => {
                    to.clone_into(key);
                    is_changed = true;
                }
                _ => {}
            }
        }
        if is_changed {
            execute!(
                tx,
                r#"update "rule" set "body" = $3, "updatedAt" = $4 where "userId" = $1 and "id" = $2"#,
                &user,
                &view.id,
                Json(&rule),
                Timestamp::from(backend.clock.now()),
            )?;
        }
    }
    Ok(())
}

/// Reads the form: every error at once, with what this person calls a category and which accounts are theirs.
pub(super) async fn checked(
    tx: &mut UserTx,
    name: &str,
    form: &RuleForm,
) -> Result<(String, Rule)> {
    let mut errors = Vec::new();
    let name = match text::clean_line(name, NAME_MAX) {
        Ok(name) if name.is_empty() => Err(Code::TextRequired),
        name => name,
    };
    if let Err(code) = &name {
        errors.push(FieldError::new("name", *code));
    }
    let rule = form.parse();
    match &rule {
        Err(found) => errors.extend(found.iter().cloned()),
        Ok(rule) => errors.extend(strangers(tx, rule).await?),
    }
    match (name, rule) {
        (Ok(name), Ok(rule)) if errors.is_empty() => Ok((name, rule)),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Categories and accounts of the rule that its owner does not have.
async fn strangers(tx: &mut UserTx, rule: &Rule) -> Result<Vec<FieldError>> {
    let own = categories::own_keys(tx).await?;
    let accounts: BTreeSet<_> =
        accounts::all(tx).await?.into_iter().map(|account| account.id).collect();
    let mut errors = Vec::new();
    for (n, condition) in rule.conditions.iter().enumerate() {
        if matches!(condition, Condition::Account { value } if !accounts.contains(value)) {
            errors.push(FieldError::new(&format!("conditions[{n}].value"), Code::AccountRequired));
        }
    }
    for (n, action) in rule.actions.iter().enumerate() {
        let code = match action {
            Action::Category(key) if category::find(key).is_none() && !own.contains(key) => {
                Code::CategoryUnknown
            }
            Action::Transfer(account) if !accounts.contains(account) => Code::AccountRequired,
            _ => continue,
        };
        errors.push(FieldError::new(&format!("actions[{n}].value"), code));
    }
    Ok(errors)
}
