//! What people may change about themselves.

use super::SignedIn;
use crate::{Backend, Error, Result, Timestamp, execute};

/// Changes the caller's name.
///
/// # Errors
/// [`Error::Invalid`] for a name that is empty, too long or has hidden characters.
#[tracing::instrument(name = "auth.update_profile", skip_all, fields(user.id = %caller.user()))]
pub async fn update_profile(backend: &Backend, caller: &SignedIn, name: &str) -> Result<()> {
    let name = domain::text::person_name(name).map_err(|code| Error::field("name", code))?;
    let mut tx = backend.db.system().write().await?;
    let changed = execute!(
        tx,
        r#"
        update "user"
        set "name" = $1, "updatedAt" = $2
        where "id" = $3
        "#,
        name,
        Timestamp::from(backend.clock.now()),
        caller.user(),
    )?;
    tx.commit().await?;
    if changed == 1 { Ok(()) } else { Err(Error::NotFound("user")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{both_engines, fetch_one, testing::World};

    async fn name_of(w: &World, user: &SignedIn) -> String {
        let mut tx = w.backend.db.system().read().await.unwrap();
        let (name,): (String,) =
            fetch_one!(tx, r#"select "name" from "user" where "id" = $1"#, user.user()).unwrap();
        name
    }

    both_engines! {
        async fn a_new_name_is_cleaned_and_touches_nobody_else(db: TestDb) {
            let w = World::new(db).await;

            update_profile(&w.backend, &w.alice, "  Alice \t Liddell ").await.unwrap();

            assert_eq!(name_of(&w, &w.alice).await, "Alice Liddell");
            assert_eq!(name_of(&w, &w.mallory).await, "mallory");
        }

        async fn a_name_that_is_none_changes_nothing(db: TestDb) {
            let w = World::new(db).await;

            for (name, code) in [("  ", "name_required"), ("a\0b", "text_characters")] {
                let error = update_profile(&w.backend, &w.alice, name).await.unwrap_err();

                let Error::Invalid(fields) = error else { panic!("{error:?}") };
                assert_eq!((&*fields[0].field, &*fields[0].code), ("name", code));
            }
            assert_eq!(name_of(&w, &w.alice).await, "alice");
        }
    }
}
