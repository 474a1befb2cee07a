//! The server functions of what repeats.

use backend::{
    Error,
    recurring::{self, MergeLook, RecurringPage, SeriesDetail},
};
use domain::{Code, FieldError, SeriesId, TransactionId, states::series::Choice};
use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
};

/// The values of a choice in a form.
const CONFIRM: &str = "confirm";
const IGNORE: &str = "ignore";
const REOPEN: &str = "reopen";

/// What repeats for the caller.
#[server(prefix = "/api/fn", endpoint = "recurring/list")]
pub async fn list_series() -> Result<RecurringPage, AppError> {
    let (backend, caller) = signed_in()?;
    recurring::page(&backend, &caller).await.map_err(reject)
}

/// One of the caller's series with its rows.
#[server(prefix = "/api/fn", endpoint = "recurring/get")]
pub async fn get_series(id: SeriesId) -> Result<SeriesDetail, AppError> {
    let (backend, caller) = signed_in()?;
    recurring::get(&backend, &caller, &id).await.map_err(reject)
}

/// What would be joined if one became part of another.
#[server(prefix = "/api/fn", endpoint = "recurring/merge")]
pub async fn get_merge(
    #[server(default)] id: String,
    #[server(default)] into: String,
) -> Result<MergeLook, AppError> {
    let (backend, caller) = signed_in()?;
    let (id, into) = (SeriesId::new(id), SeriesId::new(into));
    recurring::look_at_merge(&backend, &caller, &id, &into).await.map_err(reject)
}

/// `POST /recurring/choose`: confirm, ignore, or take either back. What was said can be undone, an undo can't.
#[server(prefix = "", endpoint = "recurring/choose")]
pub async fn choose_series(
    #[server(default)] id: String,
    #[server(default)] choice: String,
    #[server(default)] undo: bool,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let (choice, said) = match choice.as_str() {
        CONFIRM => (Choice::Confirm, "Confirmed."),
        IGNORE => (Choice::Ignore, "Ignored. You find it at the end of this page."),
        REOPEN => (Choice::Reopen, "Nothing is decided about it."),
        _ => return Err(AppError::Invalid(vec![FieldError::new("choice", Code::OptionUnknown)])),
    };
    let id = SeriesId::new(id);
    let before = recurring::choose(&backend, &caller, &id, choice).await.map_err(reject)?;

    flash::set(&match before.back().filter(|back| !undo && *back != choice) {
        Some(back) => {
            let fields = [("id", id.as_str()), ("choice", word(back)), ("undo", "true")];
            Flash::done(said).with_button("Undo", routes::CHOOSE_SERIES, fields)
        }
        None if undo => Flash::done("Undone."),
        None => Flash::done(said),
    });
    redirect(routes::RECURRING);
    Ok(())
}

/// The value of a choice that leads back.
fn word(back: Choice) -> &'static str {
    match back {
        Choice::Confirm => CONFIRM,
        Choice::Ignore => IGNORE,
        Choice::Reopen | Choice::Merge => REOPEN,
    }
}

/// `POST /recurring/merge/look`: leads to the page that says what would be joined.
#[server(prefix = "", endpoint = "recurring/merge/look")]
pub async fn look_at_merge(
    #[server(default)] id: String,
    #[server(default)] into: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let (id, into) = (SeriesId::new(id), SeriesId::new(into));
    recurring::look_at_merge(&backend, &caller, &id, &into).await.map_err(reject)?;

    redirect(&routes::series_merge(&id, &into));
    Ok(())
}

/// `POST /recurring/merge`: makes one part of another.
#[server(prefix = "", endpoint = "recurring/merge")]
pub async fn merge_series(
    #[server(default)] id: String,
    #[server(default)] into: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let (id, into) = (SeriesId::new(id), SeriesId::new(into));
    recurring::merge(&backend, &caller, &id, &into).await.map_err(reject)?;

    flash::set(&Flash::done("Merged. Its transactions count here now."));
    redirect(&routes::series(&into));
    Ok(())
}

/// `POST /recurring/leave-out`: takes one row out.
#[server(prefix = "", endpoint = "recurring/leave-out")]
pub async fn leave_out_row(
    #[server(default)] id: String,
    #[server(default)] transaction: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = SeriesId::new(id);
    let row = TransactionId::new(transaction);
    recurring::leave_out(&backend, &caller, &id, &row).await.map_err(reject)?;

    let page = routes::series(&id);
    let fields = [("id", id.as_str()), ("transaction", row.as_str()), ("page", &*page)];
    let said = Flash::done("Left out. It counts for no series.");
    flash::set(&said.with_button("Undo", routes::PUT_BACK_ROW, fields));
    redirect(&page);
    Ok(())
}

/// `POST /recurring/put-back`: puts a row that was taken out back.
#[server(prefix = "", endpoint = "recurring/put-back")]
pub async fn put_back_row(
    #[server(default)] id: String,
    #[server(default)] transaction: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = SeriesId::new(id);
    let row = TransactionId::new(transaction);
    let said = match recurring::put_back(&backend, &caller, &id, &row).await {
        Ok(()) => Flash::done("It is part of this series again."),
        Err(Error::NotFound(_)) => Flash::note("It is not left out any more."),
        Err(error) => return Err(reject(error)),
    };

    flash::set(&said);
    redirect(&routes::series(&id));
    Ok(())
}
