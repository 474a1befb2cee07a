//! Settings: who somebody is, how they count their days and call their categories, how they sign in, who else may sign
//! them in, which mails they get, what of theirs is kept, and how they leave.

mod categories;
mod connections;
mod danger;
mod data;
pub(crate) mod frame;
mod notifications;
mod preferences;
mod profile;
mod security;

pub use categories::{
    AddCategory, CategoriesPage, CategoryPage, DeleteCategory, DescribeCategory, RenameCategory,
    ResetCategory, add_category, delete_category, describe_category, rename_category,
    reset_category,
};
pub use connections::{ConnectionsPage, UnlinkProvider, list_ways_in, unlink_provider};
pub use danger::{DangerPage, DeleteEverything, delete_everything, describe_account};
pub use data::DataPage;
pub use notifications::{
    NotificationsPage, SaveNotifications, SendTestMail, save_notifications, send_test_mail,
};
pub use preferences::{
    GetPreferences, PreferencesPage, SavePreferences, get_preferences, save_preferences,
};
pub use profile::{
    ChangeEmail, ProfilePage, SaveProfile, change_email, get_profile, get_session, save_profile,
};
pub use security::{
    ChangePassword, EndOtherSessions, EndSession, RemovePasskey, RenamePasskey, SecondStepPage,
    SecurityPage, SetPassword, change_password, end_other_sessions, end_session, list_sessions,
    remove_passkey, rename_passkey, second_step, set_password,
};

use backend::auth::Client;
use leptos::prelude::*;

use crate::AppError;

/// Where this request comes from.
fn client() -> Client {
    use_context().unwrap_or_default()
}

/// The failure with the problem of the field `from` at the field `to`: two forms ask for the same thing by
/// different names.
fn at_field(error: AppError, from: &str, to: &str) -> AppError {
    let AppError::Invalid(mut fields) = error else { return error };
    for field in fields.iter_mut().filter(|field| field.field == from) {
        to.clone_into(&mut field.field);
    }
    AppError::Invalid(fields)
}

#[cfg(test)]
mod tests {
    use domain::{Code, FieldError};

    use super::*;

    #[test]
    fn a_problem_is_named_at_the_field_of_its_form() {
        let fields = vec![
            FieldError::new("email", Code::EmailInvalid),
            FieldError::new("name", Code::NameRequired),
        ];

        let moved = at_field(AppError::Invalid(fields), "email", "newEmail");

        let names: Vec<_> = moved.fields().iter().map(|field| &*field.field).collect();
        assert_eq!(names, ["newEmail", "name"]);
        assert_eq!(at_field(AppError::Busy, "email", "newEmail"), AppError::Busy);
    }
}
