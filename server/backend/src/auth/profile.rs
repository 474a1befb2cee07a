//! What people may change about themselves.

use domain::Code;

use super::{
    AuthFailure, SignedIn, UserView,
    sign_up::{clean_name, is_image},
    users,
};
use crate::{Backend, Timestamp, billing::customers, execute};

/// What is to be different; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// The name.
    pub name: Option<String>,
    /// The address of a picture; none removes it.
    pub image: Option<Option<String>>,
}

/// Changes the caller's name and picture.
///
/// # Errors
/// [`AuthFailure::NameInvalid`] for a name that is empty, too long or has hidden characters,
/// [`AuthFailure::ImageInvalid`].
#[tracing::instrument(name = "auth.update_profile", skip_all, fields(user.id = %caller.user()))]
pub async fn update_profile(
    backend: &Backend,
    caller: &SignedIn,
    change: &ProfileChange,
) -> Result<UserView, AuthFailure> {
    let hardened = backend.is_hardened();
    let name = change.name.as_deref().map(|name| clean_name(name, hardened)).transpose()?;
    if hardened && name.as_deref() == Some("") {
        return Err(AuthFailure::NameInvalid(Code::NameRequired));
    }
    let image = change.image.clone();
    if image.as_ref().is_some_and(|image| !is_image_or_none(image.as_deref(), hardened)) {
        return Err(AuthFailure::ImageInvalid);
    }
    let mut tx = backend.db.system().write().await?;
    let user = users::by_id(&mut tx, caller.user()).await?.ok_or(AuthFailure::UserUnknown)?;
    let renamed = name.as_ref().is_some_and(|name| *name != user.name);
    let user = UserView {
        name: name.unwrap_or(user.name),
        image: image.unwrap_or(user.image),
        updated_at: backend.clock.now(),
        ..user
    };
    execute!(
        tx,
        r#"
        update "user"
        set "name" = $1, "image" = $2, "updatedAt" = $3
        where "id" = $4
        "#,
        &user.name,
        user.image.as_deref(),
        Timestamp::from(user.updated_at),
        &user.id,
    )?;
    if renamed {
        customers::changed(&mut tx, backend, &user.id).await?;
    }
    tx.commit().await?;
    Ok(user)
}

fn is_image_or_none(image: Option<&str>, hardened: bool) -> bool {
    image.is_none_or(|image| is_image(image, hardened))
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

    fn named(name: &str) -> ProfileChange {
        ProfileChange { name: Some(name.into()), image: None }
    }

    both_engines! {
        async fn a_new_name_is_cleaned_and_touches_nobody_else(db: TestDb) {
            let w = World::new(db).await;
            w.backend.clock.advance(std::time::Duration::from_secs(1));

            let user = update_profile(&w.backend, &w.alice, &named("  Alice \t Liddell ")).await.unwrap();

            assert_eq!((&*user.name, user.updated_at), ("Alice Liddell", w.backend.clock.now()));
            assert_eq!(name_of(&w, &w.alice).await, "Alice Liddell");
            assert_eq!(name_of(&w, &w.mallory).await, "mallory");
        }

        async fn a_picture_comes_and_goes_and_the_name_stays(db: TestDb) {
            let w = World::new(db).await;
            let picture = |image: Option<&str>| ProfileChange { name: None, image: Some(image.map(str::to_owned)) };

            let with = update_profile(&w.backend, &w.alice, &picture(Some("https://img.example/a.png"))).await.unwrap();
            let without = update_profile(&w.backend, &w.alice, &picture(None)).await.unwrap();
            let refused = update_profile(&w.backend, &w.alice, &picture(Some("javascript:alert(1)"))).await;

            assert_eq!((with.image.as_deref(), &*with.name), (Some("https://img.example/a.png"), "alice"));
            assert_eq!(without.image, None);
            assert!(matches!(refused, Err(AuthFailure::ImageInvalid)), "{refused:?}");
        }

        async fn a_name_that_is_none_changes_nothing(db: TestDb) {
            let w = World::new(db).await;

            for (name, code) in [("  ", "name_required"), ("a\0b", "text_characters")] {
                let error = update_profile(&w.backend, &w.alice, &named(name)).await.unwrap_err();

                let field = error.field().unwrap();
                assert_eq!((&*field.field, &*field.code), ("name", code));
            }
            assert_eq!(name_of(&w, &w.alice).await, "alice");
        }
    }
}
