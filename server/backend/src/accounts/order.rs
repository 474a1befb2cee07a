//! The order of the accounts is their owner's: each moves up and down among those of its type, as the list shows them.

use domain::{AccountId, AccountView};

use super::{ACCOUNT, all};
use crate::{Backend, Error, Result, SignedIn, execute};

/// Which way an account moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Before the one that stands before it.
    Up,
    /// After the one that stands after it.
    Down,
}

/// Moves one of the caller's accounts past its neighbour of the same type. At the end of those it stays where it is.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else, or one that was put away.
#[tracing::instrument(name = "accounts.shift", skip_all, fields(user.id = %caller.user()))]
pub async fn shift(
    backend: &Backend,
    caller: &SignedIn,
    account: &AccountId,
    way: Way,
) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let mut accounts = all(&mut tx).await?;
    let at = accounts.iter().position(|one| one.id == *account).ok_or(Error::NotFound(ACCOUNT))?;
    let Some(other) = neighbour(&accounts, at, way) else { return Ok(()) };
    accounts.swap(at, other);
    let mut places: Vec<(AccountId, i64)> =
        accounts.into_iter().map(|account| account.id).zip(1_i64..).collect();
    // Always in the same order, so that two moves at once wait for each other.
    places.sort();
    for (id, place) in places {
        execute!(
            tx,
            r#"update "bank_account" set "position" = $3 where "userId" = $1 and "id" = $2"#,
            caller.user(),
            id,
            place,
        )?;
    }
    tx.commit().await?;
    Ok(())
}

/// The next account of the same type, in that direction.
fn neighbour(accounts: &[AccountView], at: usize, way: Way) -> Option<usize> {
    let kind = accounts.get(at)?.account_type;
    let is_same = |n: &usize| accounts.get(*n).is_some_and(|one| one.account_type == kind);
    match way {
        Way::Up => (0..at).rev().find(is_same),
        Way::Down => (at + 1..accounts.len()).find(is_same),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        accounts::{
            create, list,
            testing::{by_hand, checking},
        },
        both_engines,
        testing::World,
    };

    async fn names(w: &World) -> Vec<String> {
        let accounts = list(&w.backend, &w.alice).await.unwrap();
        accounts.into_iter().map(|account| account.bank_name).collect()
    }

    /// An account that is a second younger than the one before.
    async fn cash(w: &World, name: &str) -> AccountId {
        w.backend.clock.advance(Duration::from_secs(1));
        create(&w.backend, &w.alice, by_hand(name, "USD"), None).await.unwrap().value.id
    }

    both_engines! {
        async fn accounts_move_among_those_of_their_type_and_new_ones_come_last(db: TestDb) {
            let w = World::new(db).await;
            let first = cash(&w, "One").await;
            let bank = checking("021000021", "000123456789");
            w.backend.clock.advance(Duration::from_secs(1));
            let bank = create(&w.backend, &w.alice, bank, None).await.unwrap().value.id;
            let last = cash(&w, "Two").await;
            let go = async |id: &AccountId, way| shift(&w.backend, &w.alice, id, way).await.unwrap();

            go(&last, Way::Up).await;
            assert_eq!(names(&w).await, ["Two", "First Harbor", "One"]);
            go(&last, Way::Up).await;
            go(&bank, Way::Down).await;
            go(&first, Way::Down).await;
            assert_eq!(names(&w).await, ["Two", "First Harbor", "One"], "the ends are ends");
            cash(&w, "Three").await;
            go(&first, Way::Down).await;
            assert_eq!(names(&w).await, ["Two", "First Harbor", "Three", "One"]);
        }

        async fn nobody_moves_what_is_somebody_elses(db: TestDb) {
            let w = World::new(db).await;
            let id = cash(&w, "One").await;
            cash(&w, "Two").await;

            let moved = shift(&w.backend, &w.mallory, &id, Way::Down).await;

            assert!(matches!(moved, Err(Error::NotFound(_))), "{moved:?}");
            assert_eq!(names(&w).await, ["One", "Two"]);
        }
    }
}
