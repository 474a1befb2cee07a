//! The server functions of imports. The forms post to paths without the import's id; it travels in a field.

use std::collections::BTreeSet;

use backend::{
    idempotency::{Key, Once},
    imports::{self, Choice, ImportView, Preview},
};
use domain::{ImportId, import::ImportOptions, query};
use leptos::{prelude::*, server_fn::codec::MultipartData};
use leptos_axum::redirect;

use super::{
    history::outcome,
    tabs::View,
    taken::Taken,
    upload::{FileForm, Upload},
};
use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
    ui::count::count,
};

/// The caller's earlier imports, newest first.
#[server(prefix = "/api/fn", endpoint = "imports/history")]
pub async fn import_history() -> Result<Vec<ImportView>, AppError> {
    let (backend, caller) = signed_in()?;
    imports::history(&backend, &caller).await.map_err(reject)
}

/// One of the caller's imports.
#[server(prefix = "/api/fn", endpoint = "imports/get")]
pub async fn get_import(id: ImportId) -> Result<ImportView, AppError> {
    let (backend, caller) = signed_in()?;
    imports::get(&backend, &caller, &id).await.map_err(reject)
}

/// How many rows of an import were changed after they were added.
#[server(prefix = "/api/fn", endpoint = "imports/edited")]
pub async fn edited_since(id: ImportId) -> Result<i64, AppError> {
    let (backend, caller) = signed_in()?;
    imports::edited_since(&backend, &caller, &id).await.map_err(reject)
}

/// What the file would become, read as the query of the preview's address says.
#[server(prefix = "/api/fn", endpoint = "imports/preview")]
pub async fn preview_import(id: ImportId, options: String) -> Result<Preview, AppError> {
    let (backend, caller) = signed_in()?;
    let options = read_options(&options)?;
    imports::preview(&backend, &caller, &id, &options).await.map_err(reject)
}

/// `POST /import`: keeps the file for a day and goes to its preview. Nothing is written to the account.
#[server(prefix = "", endpoint = "import", input = FileForm, input_derive = ())]
pub async fn read_file(form: MultipartData) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let Upload { account, file_name, content } = Upload::read(form).await?;
    let id =
        imports::upload(&backend, &caller, &account, &file_name, content).await.map_err(reject)?;

    redirect(&routes::import(&id));
    Ok(())
}

/// `POST /import/look`: shows another kind of rows; what is ticked stays ticked.
#[server(prefix = "", endpoint = "import/look")]
pub async fn look_at_rows(
    #[server(default)] id: String,
    #[server(default)] options: String,
    #[server(default)] tab: String,
    #[server(default)]
    #[server(rename = "takeIn")]
    take_in: Vec<String>,
    #[server(default)]
    #[server(rename = "takeAll")]
    take_all: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let import = imports::get(&backend, &caller, &ImportId::new(id)).await.map_err(reject)?;
    let options = read_options(&options)?;
    let lines = take_in.iter().filter_map(|line| line.parse().ok());
    let taken = Taken::new(lines, !take_all.is_empty());

    redirect(&View::named(&tab).href(&routes::import(&import.id), &options, &taken));
    Ok(())
}

/// `POST /import/apply`: imports the new rows, and of the possible ones those that were ticked, or all.
#[server(prefix = "", endpoint = "import/apply")]
pub async fn apply_import(
    #[server(default)] id: String,
    #[server(default)] options: String,
    #[server(default)]
    #[server(rename = "takeIn")]
    take_in: Vec<String>,
    #[server(default)]
    #[server(rename = "takeAll")]
    take_all: String,
    #[server(default)]
    #[server(rename = "idempotencyKey")]
    idempotency_key: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = ImportId::new(id);
    let take_in: BTreeSet<i64> = take_in.iter().filter_map(|line| line.parse().ok()).collect();
    let take_all = !take_all.is_empty();
    let body = format!("{id}\u{1F}{options}\u{1F}{take_in:?}\u{1F}{take_all}");
    let once = Key::parse(&idempotency_key)
        .map(|key| Once::new(&key, "POST /import/apply", body.as_bytes()));
    let choice = Choice { leave_out: BTreeSet::new(), take_in, take_all };
    let options = read_options(&options)?;
    imports::apply(&backend, &caller, &id, &options, &choice, once.as_ref())
        .await
        .map_err(reject)?;

    let import = imports::get(&backend, &caller, &id).await.map_err(reject)?;
    flash::set(&Flash::done(outcome(&import)).with_link("See transactions", routes::TRANSACTIONS));
    redirect(&routes::import(&id));
    Ok(())
}

/// `POST /import/undo`: takes the rows of an import back, for 30 days. When some were changed since, it asks once
/// more on the import's own page, whose form is `sure`.
#[server(prefix = "", endpoint = "import/undo")]
pub async fn undo_import(
    #[server(default)] id: String,
    #[server(default)] sure: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = ImportId::new(id);
    let edited = imports::edited_since(&backend, &caller, &id).await.map_err(reject)?;
    if edited > 0 && sure.is_empty() {
        redirect(&routes::import(&id));
        return Ok(());
    }
    let undone = imports::undo(&backend, &caller, &id).await.map_err(reject)?;

    let removed = count(i64::try_from(undone.removed).unwrap_or(0), "transaction");
    flash::set(&Flash::done(format!("Import undone. {removed} removed.")));
    redirect(routes::IMPORT);
    Ok(())
}

fn read_options(text: &str) -> Result<ImportOptions, AppError> {
    ImportOptions::from_query(&query::parse(text)).map_err(AppError::Invalid)
}
