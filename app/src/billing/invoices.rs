//! What somebody has paid, with the way to each invoice.

use domain::billing::OrderView;
use leptos::prelude::*;

use crate::{
    routes,
    ui::{
        Amount, Badge, Card, Cell, Column, DataTable, Day, EmptyState, LinkButton, Pager, Place,
        Tone, Variant,
    },
};

/// The table of orders.
#[component]
pub fn Invoices(
    /// One page of them, the newest first.
    orders: Vec<OrderView>,
    /// Which page, from 1.
    page: i64,
    /// How many there are.
    pages: i64,
) -> AnyView {
    if orders.is_empty() {
        return view! {
            <Card id="invoices" title="Invoices" flush=true>
                <EmptyState text="Your invoices will be here after the first payment."/>
            </Card>
        }
        .into_any();
    }
    let columns = vec![
        Column::text("For"),
        Column::text("Date"),
        Column::text("Status"),
        Column::number("Amount"),
        Column::unseen("Actions"),
    ];
    let rows = orders.into_iter().map(|order| view! { <Row order/> }).collect_view();
    view! {
        <Card id="invoices" title="Invoices" flush=true>
            <DataTable caption="Invoices, newest first" columns stacked=true>
                <tbody role="rowgroup">{rows}</tbody>
            </DataTable>
            {(pages > 1).then(|| view! {
                <div class="border-t border-line px-4 py-3 md:px-5">
                    <Pager page total_pages=pages href=|n| format!("{}?page={n}#invoices", routes::BILLING)/>
                </div>
            })}
        </Card>
    }
    .into_any()
}

#[component]
fn Row(order: OrderView) -> AnyView {
    let tone = match &*order.status {
        "paid" => Tone::Positive,
        "pending" => Tone::Warning,
        _ => Tone::Neutral,
    };
    let status = order.status_label();
    let date = order.created_at.date();
    let OrderView { id, status: word, description, total, refunded, invoice_number, .. } = order;
    // What was never paid has no invoice.
    let has_invoice = !matches!(&*word, "pending" | "void");
    let label = format!("Invoice of {}", domain::day::format_day(date));
    let description = if description.is_empty() { "Order".to_owned() } else { description };
    let key = id.clone();
    view! {
        <tr role="row" data-testid="billing-order" data-id=key data-state=word>
            <Cell place=Place::Main>
                <span class="font-medium wrap-anywhere">{description}</span>
                {invoice_number.map(|number| view! { <span class="block text-caption text-ink-2 wrap-anywhere">{number}</span> })}
            </Cell>
            <Cell place=Place::Under><span class="whitespace-nowrap"><Day date/></span></Cell>
            <Cell place=Place::UnderEnd><Badge tone>{status}</Badge></Cell>
            <Cell place=Place::Amount>
                {total.map(|money| view! { <Amount money/> })}
                {refunded.map(|money| view! { <span class="block text-caption text-ink-2">"Back: "<Amount money/></span> })}
            </Cell>
            <Cell place=Place::Actions>
                {has_invoice.then(|| view! {
                    <LinkButton href=routes::invoice(&id) variant=Variant::Ghost attr:aria-label=label>"Invoice"</LinkButton>
                })}
            </Cell>
        </tr>
    }
    .into_any()
}
