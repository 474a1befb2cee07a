//! The server functions of what waits. Each leads back to the page it was asked from, `next`.

use backend::{
    Error, categories, recurring,
    review::{self, ReviewPage, Waiting},
    transactions::{self, duplicates, transfers},
};
use domain::{
    DoubtId, PairId, SeriesId, TransactionId, batch::BatchForm, redirect::next_or, review::Kind,
};
use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
    transactions::what_was_done,
};

/// One page of what waits for the caller.
pub(super) async fn list_review(
    kind: Option<Kind>,
    after: Option<String>,
) -> Result<ReviewPage, AppError> {
    let (backend, caller) = signed_in()?;
    review::page(&backend, &caller, kind, after.as_deref()).await.map_err(reject)
}

/// How much waits for the caller.
pub(crate) async fn waiting() -> Result<Waiting, AppError> {
    let (backend, caller) = signed_in()?;
    review::waiting(&backend, &caller).await.map_err(reject)
}

/// `POST /review/sort`: gives a row a category, the one that was picked before the one that was chosen.
#[server(prefix = "", endpoint = "review/sort")]
pub async fn sort_row(
    #[server(default)] id: String,
    #[server(default)] pick: String,
    #[server(default)] category: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let page = next_or(&next, routes::REVIEW);
    let category = if pick.is_empty() { category } else { pick };
    if category.is_empty() {
        leave(&Flash::failed("Choose a category first."), &page);
        return Ok(());
    }
    let ids = vec![id.clone()];
    let action = "category".to_owned();
    let form = BatchForm { ids, action, category, ..BatchForm::default() };
    let said = match transactions::change(&backend, &caller, &form, None).await {
        Ok(done) => {
            let own = categories::list(&backend, &caller).await.map_err(reject)?;
            let id = TransactionId::new(id);
            let offer = transactions::offer(&backend, &caller, &id).await.map_err(reject)?;
            let said = what_was_done(&done.value, &own, &page);
            match offer {
                Some(offer) => {
                    let label = format!("Always do this for {}", offer.merchant);
                    said.with_link(label, routes::transaction(&id, ""))
                }
                None => said,
            }
        }
        Err(error) => refused(error)?,
    };
    leave(&said, &page);
    Ok(())
}

/// `POST /review/duplicate`: two rows are one, and `keep` stays, or two.
#[server(prefix = "", endpoint = "review/duplicate")]
pub async fn decide_duplicate(
    #[server(default)] id: String,
    #[server(default)] choice: String,
    #[server(default)] keep: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let page = next_or(&next, routes::REVIEW);
    let doubt = DoubtId::new(id.as_str());
    let keep = (!keep.is_empty()).then(|| TransactionId::new(keep));
    let (done, said) = match choice.as_str() {
        choice if choice == "same" || keep.is_some() => {
            let done = duplicates::same(&backend, &caller, &doubt, keep.as_ref()).await;
            (done, "One of the two is kept, with what you wrote on the other.")
        }
        "different" => {
            let done = duplicates::different(&backend, &caller, &doubt).await;
            (done, "Both stay. We won't ask about these two again.")
        }
        _ => {
            leave(&Flash::failed("Choose one of the answers."), &page);
            return Ok(());
        }
    };
    answer(done, said, ("duplicate", &id), &page)
}

/// `POST /review/transfer`: two rows are a transfer, or none.
#[server(prefix = "", endpoint = "review/transfer")]
pub async fn decide_transfer(
    #[server(default)] id: String,
    #[server(default)] choice: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let page = next_or(&next, routes::REVIEW);
    let pair = PairId::new(id.as_str());
    let (done, said) = match choice.as_str() {
        "confirm" => {
            let done = transfers::confirm(&backend, &caller, &pair).await;
            (done, "It is a transfer. It counts neither as spending nor as income.")
        }
        "reject" => {
            let done = transfers::reject(&backend, &caller, &pair).await;
            (done, "Not a transfer. We won't suggest these two again.")
        }
        _ => {
            leave(&Flash::failed("Choose one of the two answers."), &page);
            return Ok(());
        }
    };
    answer(done, said, ("transfer", &id), &page)
}

/// `POST /review/price`: a price that rose was seen.
#[server(prefix = "", endpoint = "review/price")]
pub async fn see_price(
    #[server(default)] id: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let page = next_or(&next, routes::REVIEW);
    let done = recurring::see_price(&backend, &caller, &SeriesId::new(id.as_str())).await;
    answer(done, "Noted.", ("price", &id), &page)
}

/// `POST /review/undo`: takes back what was just said.
#[server(prefix = "", endpoint = "review/undo")]
pub async fn undo_review(
    #[server(default)] what: String,
    #[server(default)] id: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let page = next_or(&next, routes::REVIEW);
    let undone = match what.as_str() {
        "duplicate" => duplicates::take_back(&backend, &caller, &DoubtId::new(id)).await,
        "transfer" => transfers::take_back(&backend, &caller, &PairId::new(id)).await,
        "price" => recurring::forget_price(&backend, &caller, &SeriesId::new(id)).await,
        _ => Err(Error::NotFound("answer")),
    };
    let said = match undone {
        Ok(()) => Flash::done("Undone."),
        Err(error) => refused(error)?,
    };
    leave(&said, &page);
    Ok(())
}

/// Says what was done, with the way back.
fn answer(
    done: backend::Result<()>,
    said: &str,
    (what, id): (&str, &str),
    page: &str,
) -> Result<(), AppError> {
    let said = match done {
        Ok(()) => {
            let fields = [("what", what), ("id", id), ("next", page)];
            Flash::done(said).with_button("Undo", routes::UNDO_REVIEW, fields)
        }
        Err(error) => refused(error)?,
    };
    leave(&said, page);
    Ok(())
}

/// The page has many forms, so a refusal is told above all of them; what is not about the answer goes on up.
fn refused(error: Error) -> Result<Flash, AppError> {
    match error {
        Error::NotFound(_) => Ok(Flash::note("That was decided already, or has changed since.")),
        Error::Invalid(fields) => {
            let told = fields.into_iter().next().map(|field| field.message);
            Ok(Flash::failed(told.unwrap_or_else(|| "That didn't work.".to_owned())))
        }
        error => Err(reject(error)),
    }
}

fn leave(said: &Flash, page: &str) {
    flash::set(said);
    redirect(page);
}
