//! `/billing/invoice?order=…`: the way to one invoice. Its address is somewhere that Polar chooses, for a short time,
//! so it stands in a link and nobody is sent there.

use backend::billing::{self, Invoice};
use leptos::prelude::*;

use super::refuse::unchanged;
use crate::{
    AppError, routes,
    server::signed_in,
    ui::{
        AppShell, Card, LinkButton, Section, Variant,
        load::load,
        query::{find, page_query},
    },
};

/// One invoice of the caller's.
#[component]
pub fn InvoicePage() -> AnyView {
    let query = page_query();
    let order = find(&query, "order").map(str::to_owned);
    load(async move {
        let (backend, caller) = signed_in()?;
        let order = order.ok_or(AppError::NotFound)?;
        let invoice = billing::invoice(&backend, &caller, &order).await.map_err(unchanged)?;
        Ok(view! { <Found invoice again=routes::invoice(&order)/> }.into_any())
    })
}

#[component]
fn Found(invoice: Invoice, again: String) -> AnyView {
    let body = match invoice {
        Invoice::Ready(file) => view! {
            <p class="mb-4 text-ink-2">"Polar keeps it for you. The link works for a short time."</p>
            <a class="btn bg-accent text-on-accent hover:bg-accent-hover" href=file.to_string() rel="noreferrer" data-testid="billing-invoice-file">"Open invoice"</a>
        }
        .into_any(),
        Invoice::BeingMade => view! {
            <p class="mb-4 text-ink-2">"Your invoice is being made. That takes less than a minute."</p>
            <LinkButton href=again>"Look again"</LinkButton>
        }
        .into_any(),
    };
    view! {
        <AppShell page="billing-invoice" title="Invoice" section=Section::Settings back=("Billing", routes::BILLING)>
            <div class="flex max-w-3xl flex-col gap-5">
                <Card id="invoice" title="Invoice">{body}</Card>
                <div><LinkButton href=routes::BILLING variant=Variant::Ghost>"Back to billing"</LinkButton></div>
            </div>
        </AppShell>
    }
    .into_any()
}
