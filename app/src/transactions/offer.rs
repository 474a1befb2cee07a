//! "Always categorise Blue Bottle as Coffee?", beside a row that says so for the second time.

use backend::{
    categories::{self, OwnCategory},
    transactions::{self, Offer},
};
use domain::{TransactionId, entry::TransactionDetail};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::choices;
use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
    ui::{Button, Card, HiddenField, PostForm, Variant},
};

/// What is offered beside one of the caller's rows.
pub(super) async fn offered(row: &TransactionDetail) -> Result<Option<Offer>, AppError> {
    let (backend, caller) = signed_in()?;
    transactions::offer(&backend, &caller, &row.id).await.map_err(reject)
}

/// `POST /transactions/always`: makes a rule of what was said twice.
#[server(prefix = "", endpoint = "transactions/always")]
pub async fn always(
    #[server(default)] id: String,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = TransactionId::new(id);
    let taken = transactions::take_offer(&backend, &caller, &id).await.map_err(reject)?;
    let said = match taken {
        Some((offer, rule)) => {
            let own = categories::list(&backend, &caller).await.map_err(reject)?;
            let category = choices::label(&own, &offer.category);
            let text = format!("From now on {} is {category}.", offer.merchant);
            Flash::done(text).with_link("See the rule", routes::rule(&rule))
        }
        None => Flash::note("There is a rule for this already."),
    };

    flash::set(&said);
    redirect(&routes::transaction(&id, &back));
    Ok(())
}

/// The offer; nothing where there is none.
#[component]
pub fn AlwaysOffer(
    offer: Option<Offer>,
    id: TransactionId,
    own: Vec<OwnCategory>,
    back: String,
) -> impl IntoView {
    offer.map(|Offer { merchant, category }| {
        let category = choices::label(&own, &category).to_owned();
        let title = format!("Always categorise {merchant} as {category}?");
        view! {
            <Card id="always" title>
                <PostForm action=routes::ALWAYS page=routes::transaction(&id, &back) prefix="always-" class="flex flex-col gap-3">
                    <HiddenField name="id" value=id.to_string()/>
                    <HiddenField name="back" value=back/>
                    <p class="text-sm text-ink-2">"A rule does it for what comes. You find it among your rules."</p>
                    <div>
                        <Button variant=Variant::Secondary busy="Saving…" attr:data-testid="transaction-always">"Always do this"</Button>
                    </div>
                </PostForm>
            </Card>
        }
    })
}
