//! The server functions of categories. The forms post to paths without the key; it travels in a field.

use backend::{
    Error,
    categories::{self, OwnCategory, Uses},
};
use domain::{Code, FieldError, category};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
    transactions::category_label,
    ui::count::count,
};

/// One category as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CategoryDetail {
    /// Never changes.
    pub key: String,
    /// The key of its group; its own for a group.
    pub group: String,
    /// The person's word, else ours.
    pub label: String,
    /// Our word; none for a leaf of their own.
    pub ours: Option<String>,
    /// What is in a leaf of their own, which can be deleted.
    pub uses: Option<Uses>,
}

/// One of our categories, or of the caller's own.
#[server(prefix = "/api/fn", endpoint = "categories/describe")]
pub async fn describe_category(key: String) -> Result<CategoryDetail, AppError> {
    let (backend, caller) = signed_in()?;
    let own = categories::list(&backend, &caller).await.map_err(reject)?;
    let label = category_label(&own, &key).to_owned();
    if let Some(ours) = category::find(&key) {
        let (group, ours) = (ours.group.to_owned(), Some(ours.label.to_owned()));
        return Ok(CategoryDetail { key, group, label, ours, uses: None });
    }
    let found = own.into_iter().find(|found| found.own && found.key == key);
    let group = found.ok_or(AppError::NotFound)?.group_key;
    let uses = categories::uses(&backend, &caller, &key).await.map_err(reject)?;
    Ok(CategoryDetail { key, group, label, ours: None, uses: Some(uses) })
}

/// `POST /settings/categories`: adds a leaf of the caller's own to a group.
#[server(prefix = "", endpoint = "settings/categories")]
pub async fn add_category(
    #[server(default)] group: String,
    #[server(default)] label: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let key =
        categories::create(&backend, &caller, &group, &label).await.map_err(
            |error| match error {
                Error::AlreadyExists(_) => {
                    AppError::Invalid(vec![FieldError::new("label", Code::CategoryExists)])
                }
                Error::Forbidden(_) => AppError::message(
                    403,
                    "You have as many categories of your own as there can be. Delete one first.",
                ),
                error => reject(error),
            },
        )?;

    flash::set(&Flash::done("Category added.").with_link("Change it", routes::category(&key)));
    redirect(routes::CATEGORIES);
    Ok(())
}

/// `POST /settings/categories/rename`: what the caller calls a category, ours or their own.
#[server(prefix = "", endpoint = "settings/categories/rename")]
pub async fn rename_category(
    #[server(default)] key: String,
    #[server(default)] label: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    categories::rename(&backend, &caller, &key, &label).await.map_err(reject)?;

    flash::set(&Flash::done("Category renamed."));
    redirect(routes::CATEGORIES);
    Ok(())
}

/// `POST /settings/categories/reset`: our word again.
#[server(prefix = "", endpoint = "settings/categories/reset")]
pub async fn reset_category(#[server(default)] key: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    categories::reset(&backend, &caller, &key).await.map_err(reject)?;

    flash::set(&Flash::done(format!("It is called {} again.", category::label(&key))));
    redirect(routes::CATEGORIES);
    Ok(())
}

/// `POST /settings/categories/delete`: deletes a leaf of the caller's own; what is in it goes to `to`.
#[server(prefix = "", endpoint = "settings/categories/delete")]
pub async fn delete_category(
    #[server(default)] key: String,
    #[server(default)] to: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let own = categories::list(&backend, &caller).await.map_err(reject)?;
    let moved = categories::delete(&backend, &caller, &key, &to).await.map_err(reject)?;

    let moved = i64::try_from(moved).unwrap_or(i64::MAX);
    flash::set(&Flash::done(gone(category_label(&own, &key), category_label(&own, &to), moved)));
    redirect(routes::CATEGORIES);
    Ok(())
}

/// "School lunch deleted. 12 transactions are in Restaurants now."
fn gone(label: &str, to: &str, moved: i64) -> String {
    match moved {
        0 => format!("{label} deleted."),
        1 => format!("{label} deleted. 1 transaction is in {to} now."),
        n => format!("{label} deleted. {} are in {to} now.", count(n, "transaction")),
    }
}

/// The categories that somebody made or renamed, by key.
pub(super) fn found<'o>(own: &'o [OwnCategory], key: &str) -> Option<&'o OwnCategory> {
    own.iter().find(|found| found.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_where_is_said_in_words() {
        assert_eq!(gone("Lunch", "Food", 0), "Lunch deleted.");
        assert_eq!(gone("Lunch", "Food", 1), "Lunch deleted. 1 transaction is in Food now.");
        assert_eq!(
            gone("Lunch", "Food", 1_204),
            "Lunch deleted. 1,204 transactions are in Food now."
        );
    }
}
