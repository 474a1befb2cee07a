//! `/transactions/{id}`: all that is known of one row, who set what, and what can be changed; also beside the list.

use backend::{banks::ProviderKind, categories::OwnCategory, transactions::Offer};
use domain::{
    TransactionId,
    day::format_day,
    entry::TransactionDetail,
    ledger::{flag::Flag as Why, provenance::Writer},
    query::Pairs,
    review::Kind,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    api::{get_transaction, list_categories},
    choices,
    edit::{Delete, Edit},
    offer::{AlwaysOffer, offered},
    split::Split,
    transfer::{Beside, Transfer, beside},
};
use crate::{
    AppError, routes,
    ui::{
        Amount, AppShell, Badge, Glyph, Icon, Mask, Notice, Section, TestBadge, Tone,
        load::load,
        query::{find, page_query},
    },
};

/// The id of the details beside the list.
pub(super) const BESIDE: &str = "row-details";

/// One transaction.
#[component]
pub fn TransactionDetailPage() -> impl IntoView {
    let id = TransactionId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    let query = page_query();
    load(async move {
        let opened = Opened::load(id).await?;
        let own = list_categories().await?;
        Ok(page(opened, own, query))
    })
}

/// A row with what there is to say about it.
pub(super) struct Opened {
    pub row: TransactionDetail,
    offer: Option<Offer>,
    beside: Beside,
}

impl Opened {
    async fn load(id: TransactionId) -> Result<Self, AppError> {
        let row = get_transaction(id).await?;
        Ok(Self { offer: offered(&row).await?, beside: beside(&row).await?, row })
    }

    /// The row that the query of the list has open beside it; nothing when it is gone.
    pub async fn beside(query: &Pairs) -> Result<Option<Self>, AppError> {
        let Some(id) = find(query, routes::ROW) else { return Ok(None) };
        match Self::load(TransactionId::new(id)).await {
            Ok(opened) => Ok(Some(opened)),
            Err(AppError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn page(opened: Opened, own: Vec<OwnCategory>, query: Pairs) -> impl IntoView {
    let back = find(&query, "back").unwrap_or_default().to_owned();
    let list = ("Transactions", routes::transactions_back(&back));
    let title = opened.row.title().to_owned();
    let (facts, forms) = cards(opened, own, back, query);
    view! {
        <AppShell page="transaction" title section=Section::Transactions back=list>
            <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_24rem]">
                <div class="flex min-w-0 flex-col gap-4">{facts}</div>
                <div class="flex min-w-0 flex-col gap-4">{forms}</div>
            </div>
        </AppShell>
    }
}

/// What is known of a row, and the forms that change it.
fn cards(opened: Opened, own: Vec<OwnCategory>, back: String, query: Pairs) -> (AnyView, AnyView) {
    let Opened { row, offer, beside } = opened;
    let delete = row.may_delete().then(|| view! { <Delete row=row.clone() back=back.clone()/> });
    let facts = view! {
        <Flag row=row.clone()/>
        <Doubted doubts=beside.doubts/>
        <AlwaysOffer offer id=row.id.clone() own=own.clone() back=back.clone()/>
        <Facts row=row.clone() own=own.clone() back=back.clone()/>
        <Split row=row.clone() own=own.clone() back=back.clone() query/>
        <Transfer row=row.clone() candidates=beside.candidates back=back.clone()/>
    };
    let forms = view! { <Edit row own back/> {delete} };
    (facts.into_any(), forms.into_any())
}

/// The same beside the list; on phones in its place. `list` is the query of the list without the row.
#[component]
pub(super) fn BesideList(opened: Opened, own: Vec<OwnCategory>, list: String) -> AnyView {
    let id = opened.row.id.clone();
    let title = opened.row.title().to_owned();
    let close = format!("{}#row-{id}", routes::transactions_back(&list));
    let whole = routes::transaction(&id, &list);
    let (facts, forms) = cards(opened, own, routes::with_row(&id, &list), Pairs::new());
    view! {
        <aside id=BESIDE class="row-details" tabindex="-1" aria-labelledby="row-title" data-testid=BESIDE data-id=id.to_string()>
            <div class="flex items-start gap-3">
                <div class="min-w-0 flex-1">
                    <h2 id="row-title" class="text-lg font-semibold break-words">{title}</h2>
                    <p><a href=whole class="link inline-flex min-h-6 items-center text-sm">"Open as a page"</a></p>
                </div>
                <a href=close class="btn-icon" aria-label="Close details" data-testid="row-close"><Icon glyph=Glyph::X/></a>
            </div>
            {facts}
            {forms}
        </aside>
    }
    .into_any()
}

/// Why somebody should look at the row.
#[component]
fn Flag(row: TransactionDetail) -> impl IntoView {
    row.flag.map(|flag| {
        let words = flag.parse().map_or("Please check this transaction.", Why::label);
        view! { <Notice tone=Tone::Warning><p>{words}</p></Notice> }
    })
}

/// There may be two of it.
#[component]
fn Doubted(doubts: i64) -> impl IntoView {
    (doubts > 0).then(|| {
        view! {
            <Notice tone=Tone::Warning>
                <p>
                    "This may be there twice. "
                    <a href=routes::review(Kind::Duplicates, None) class="link" data-testid="transaction-doubted">"Look at both"</a>
                </p>
            </Notice>
        }
    })
}

/// Each fact, and who set it.
#[component]
fn Facts(row: TransactionDetail, own: Vec<OwnCategory>, back: String) -> AnyView {
    let amount = row.amount().map(|money| view! { <Amount money signed=true/> });
    let invented = row.source == ProviderKind::Simbank.as_str();
    let category = if row.parts.is_empty() {
        choices::label(&own, &row.category).to_owned()
    } else {
        "In its parts".to_owned()
    };
    let tags = row.tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" ");
    let counted = if row.excluded { "Left out of budgets and sums" } else { "Counted" };
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "None".to_owned());
    let facts = vec![
        ("Date", format_day(row.date), Some(row.date_by)),
        ("Merchant", or_none(row.merchant.clone()), Some(row.merchant_by)),
        ("Category", category, Some(row.category_by)),
        ("Note", or_none(row.note.clone()), Some(row.note_by)),
        ("Tags", or_none(Some(tags).filter(|tags| !tags.is_empty())), Some(row.tags_by)),
        ("Budgets", counted.to_owned(), Some(row.excluded_by)),
        ("Bank's text", row.description.clone(), None),
        ("Status", row.status.label().to_owned(), None),
        ("Direction", row.r#type.label().to_owned(), None),
        ("Source", source(&row.source).to_owned(), None),
    ];
    let booked = row.posted_date.map(|day| ("Booked", format_day(day), None));
    let facts = facts.into_iter().chain(booked).map(fact).collect_view();
    let transfer = row.transfer.map(|side| {
        let href = routes::transaction(&side.other, &back);
        let words = format!("Transfer with {} on {}", side.account_name, format_day(side.date));
        view! { <p><a href=href class="link">{words}</a></p> }
    });
    view! {
        <section class="card flex min-w-0 flex-col gap-4 p-4 md:p-6" data-testid="transaction-facts">
            <div class="flex flex-wrap items-baseline justify-between gap-3">
                <p class="text-2xl font-semibold" data-testid="transaction-amount">{amount}</p>
                <p class="text-sm text-ink-2">
                    <a href=routes::account(&row.account_id) class="link">{row.account_name}</a> " " <Mask mask=row.account_mask/>
                    <TestBadge invented/>
                </p>
            </div>
            {transfer}
            <dl class="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-4 gap-y-3 text-sm sm:grid-cols-[8rem_minmax(0,1fr)]">{facts}</dl>
        </section>
    }
    .into_any()
}

fn fact((name, value, by): (&'static str, String, Option<Writer>)) -> impl IntoView {
    // What nobody has said anything about has nobody's name on it.
    let by = by.filter(|by| *by != Writer::Default);
    let by = by.map(
        |by| view! { " " <Badge tone=Tone::Neutral>{format!("Set by: {}", by.label())}</Badge> },
    );
    view! {
        <dt class="text-ink-2">{name}</dt>
        <dd class="min-w-0 break-words whitespace-pre-wrap" data-testid="transaction-fact" data-id=name>{value} {by}</dd>
    }
}

/// Where a row comes from, in words.
fn source(code: &str) -> &'static str {
    match code {
        "manual" => "Typed in by you",
        "csv" | "ofx" | "qif" | "camt" => "A file you imported",
        _ => "Your bank",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(by: Option<Writer>) -> String {
        Owner::new()
            .with(|| view! { <dl>{fact(("Note", "<b>x</b>".to_owned(), by))}</dl> }.to_html())
    }

    #[test]
    fn a_fact_says_who_set_it_where_anybody_did() {
        assert!(html(Some(Writer::User)).contains("Set by: You"));
        assert!(html(Some(Writer::Rule)).contains("Set by: A rule"));
        assert!(!html(Some(Writer::Default)).contains("Set by"));
        assert!(!html(None).contains("<b>"));
    }
}
