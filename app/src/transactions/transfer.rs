//! A row and its other side: chosen by hand, and taken apart again.

use backend::{
    Error,
    transactions::{Brief, duplicates, transfers},
};
use domain::{
    Code, FieldError, PairId, TransactionId, TransactionStatus,
    day::format_day,
    entry::{TransactionDetail, TransferView},
};
use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError, flash,
    flash::Flash,
    form::use_form_for,
    routes,
    server::{reject, signed_in},
    ui::{AmountText, Button, Card, Choice, HiddenField, PostForm, RadioGroup, Variant},
};

/// What there is beside a row.
pub(super) struct Beside {
    /// Rows that can be its other side.
    pub candidates: Vec<Brief>,
    /// How many doubts wait that are about it.
    pub doubts: i64,
}

/// What there is beside one of the caller's rows.
pub(super) async fn beside(row: &TransactionDetail) -> Result<Beside, AppError> {
    let (backend, caller) = signed_in()?;
    let candidates = transfers::candidates(&backend, &caller, &row.id).await.map_err(reject)?;
    let doubts = duplicates::about(&backend, &caller, &row.id).await.map_err(reject)?;
    Ok(Beside { candidates, doubts })
}

/// `POST /transactions/link`: makes a row and another one a transfer.
#[server(prefix = "", endpoint = "transactions/link")]
pub async fn link_transfer(
    #[server(default)] id: String,
    #[server(default)] other: String,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    if other.is_empty() {
        return Err(AppError::Invalid(vec![FieldError::new("other", Code::PairSides)]));
    }
    let (id, other) = (TransactionId::new(id), TransactionId::new(other));
    let pair = transfers::link(&backend, &caller, &id, &other).await.map_err(reject)?;

    let page = routes::transaction(&id, &back);
    let fields = [("pair", pair.as_str()), ("id", id.as_str()), ("back", &back)];
    let said = Flash::done("Marked as a transfer.");
    flash::set(&said.with_button("Undo", routes::UNLINK_TRANSFER, fields));
    redirect(&page);
    Ok(())
}

/// `POST /transactions/unlink`: takes a transfer apart.
#[server(prefix = "", endpoint = "transactions/unlink")]
pub async fn unlink_transfer(
    #[server(default)] pair: String,
    #[server(default)] id: String,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let said = match transfers::unlink(&backend, &caller, &PairId::new(pair)).await {
        Ok(()) => Flash::done("No transfer any more. Both count again."),
        Err(Error::NotFound(_)) => Flash::note("This is no transfer any more."),
        Err(error) => return Err(reject(error)),
    };

    flash::set(&said);
    redirect(&routes::transaction(&TransactionId::new(id), &back));
    Ok(())
}

/// The other side to choose, or the way to take the two apart.
#[component]
pub fn Transfer(row: TransactionDetail, candidates: Vec<Brief>, back: String) -> AnyView {
    if let Some(side) = row.transfer {
        return view! { <Unlink side id=row.id back/> }.into_any();
    }
    let is_none = !row.parts.is_empty() || row.status == TransactionStatus::Failed;
    if is_none || row.signed_amount_cents == 0 {
        return ().into_any();
    }
    let opened = use_form_for(routes::LINK_TRANSFER).was_posted();
    let page = routes::transaction(&row.id, &back);
    let body = if candidates.is_empty() {
        view! {
            <p class="text-sm text-ink-2">
                "No transaction of another account went the other way by this amount within a month."
            </p>
        }
        .into_any()
    } else {
        let choices = candidates.into_iter().map(choice).collect::<Vec<_>>();
        view! {
            <PostForm action=routes::LINK_TRANSFER page prefix="transfer-">
                <HiddenField name="id" value=row.id.to_string()/>
                <HiddenField name="back" value=back/>
                <RadioGroup name="other" legend="The other side" choices/>
                <div>
                    <Button variant=Variant::Secondary busy="Saving…" attr:data-testid="transfer-link">"Mark as transfer"</Button>
                </div>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <Card id="transfer" title="Transfer">
            <details class="disclosure" open=opened>
                <summary id="transfer-choose">"Choose the other side"</summary>
                <div class="mt-3">{body}</div>
            </details>
        </Card>
    }
    .into_any()
}

fn choice(other: Brief) -> Choice {
    let amount = other.amount().map(AmountText::shown_signed).unwrap_or_default();
    let label = format!("{amount} on {}", format_day(other.date));
    Choice::new(other.id.to_string(), label)
        .with_hint(format!("{} · {}", other.account_name, other.title))
}

#[component]
fn Unlink(side: TransferView, id: TransactionId, back: String) -> AnyView {
    let found = if side.auto {
        "We found the other side by its amount, its day and its text."
    } else {
        "You said so."
    };
    let page = routes::transaction(&id, &back);
    view! {
        <Card id="transfer" title="Transfer">
            <PostForm action=routes::UNLINK_TRANSFER page prefix="unlink-" class="flex flex-col gap-3">
                <HiddenField name="pair" value=side.id.to_string()/>
                <HiddenField name="id" value=id.to_string()/>
                <HiddenField name="back" value=back/>
                <p class="text-sm text-ink-2">
                    {found} " Transfers count neither as spending nor as income."
                </p>
                <div>
                    <Button variant=Variant::Secondary busy="Saving…" attr:data-testid="transfer-unlink">"Not a transfer"</Button>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}
