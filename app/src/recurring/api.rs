//! The server functions of what repeats.

use backend::recurring::{self, RecurringPage, SeriesDetail};
use domain::{SeriesId, TransactionId, states::series::Choice};
use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
};

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

/// `POST /recurring/choose`: confirm, or ignore.
#[server(prefix = "", endpoint = "recurring/choose")]
pub async fn choose_series(
    #[server(default)] id: String,
    #[server(default)] choice: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let (choice, said) = match choice.as_str() {
        "ignore" => (Choice::Ignore, "Ignored. You find it at the end of this page."),
        _ => (Choice::Confirm, "Confirmed."),
    };
    recurring::choose(&backend, &caller, &SeriesId::new(id), choice).await.map_err(reject)?;

    flash::set(&Flash::done(said));
    redirect(routes::RECURRING);
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

    flash::set(&Flash::done("Left out. It counts for no series."));
    redirect(&routes::series(&id));
    Ok(())
}
