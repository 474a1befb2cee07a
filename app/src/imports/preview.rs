//! `/import/{id}`: what a file would become, before anything is written; afterwards, what became of it.

use backend::{
    categories::OwnCategory,
    imports::{ImportState, ImportView, LedgerGap, Opening, Preview},
};
use domain::{
    FieldError, ImportId, Money,
    day::format_day,
    import::{Balance, FileFormat, StatementInfo},
    query::{self, Pairs},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    api::{edited_since, get_import, preview_import},
    apply::Apply,
    columns::{Reading, is_at_columns},
    errors::{BadAddress, Problems},
    result::ImportResult,
    tabs::View,
    taken::Taken,
};
use crate::{
    AppError, routes,
    server::{now, set_status},
    transactions::list_categories,
    ui::{AmountText, AppShell, Mask, Section, count::count, load::load, query::page_query},
};

/// The preview of an upload, or the result of an import.
#[component]
pub fn ImportPreviewPage() -> impl IntoView {
    let id = ImportId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    let query = page_query();
    load(async move {
        let import = get_import(id.clone()).await?;
        if matches!(import.state, ImportState::Applied | ImportState::Reverted) {
            let edited = edited_since(id).await?;
            return Ok(view! { <ImportResult import edited now=now()/> }.into_any());
        }
        match preview_import(id, query::encode(&query)).await {
            Ok(preview) => {
                let own = list_categories().await?;
                Ok(view! { <PreviewPage preview query own/> }.into_any())
            }
            Err(AppError::Invalid(errors)) => Ok(view! { <Refused import errors/> }.into_any()),
            // A draft is kept for a day; then there is nothing here any more.
            Err(AppError::Message { status: 410, .. }) => Err(AppError::NotFound),
            Err(error) => Err(error),
        }
    })
}

#[component]
fn PreviewPage(preview: Preview, query: Pairs, own: Vec<OwnCategory>) -> AnyView {
    let view = View::of(&query, &preview.counts);
    let taken = Taken::of_query(&query);
    // Whoever chooses columns stays there until they go on.
    let stays = is_at_columns(&query) && !preview.is_plain();
    let asked = stays || !preview.questions.is_empty();
    let import = preview.import.clone();
    view! {
        <AppShell page="import-preview" title="Preview" section=Section::Import back=("Import", routes::IMPORT)>
            <div class="flex flex-col gap-5" data-testid="import-preview-body">
                <Origin import/>
                <Contents preview=preview.clone()/>
                <Reading preview=preview.clone() asked/>
                {(!asked).then(|| view! {
                    <Problems rows=preview.rows.clone() id=preview.import.id.clone() options=preview.options.clone() taken=taken.clone()/>
                    <Apply preview view taken own/>
                })}
            </div>
        </AppShell>
    }
    .into_any()
}

/// Which file, for which account.
#[component]
fn Origin(import: ImportView) -> AnyView {
    let account = routes::account(&import.account_id);
    view! {
        <div class="text-ink-2">
            <p>
                <span class="font-medium break-all text-ink">{import.file_name}</span>
                " for "
                <a class="link" href=account>{import.account_name}</a>
                " "
                <Mask mask=import.account_mask/>
            </p>
            <p class="text-sm">"Nothing is written until you import."</p>
        </div>
    }
    .into_any()
}

/// What the file says about itself: its kind, its account, what that had before and after.
#[component]
fn Contents(preview: Preview) -> impl IntoView {
    let chosen = preview.statement.and_then(|number| usize::try_from(number).ok());
    let statement = chosen.and_then(|number| preview.statements.get(number));
    (preview.format != FileFormat::Csv).then(|| {
        let mut said = vec![preview.format.label().to_owned()];
        said.extend(statement.map(StatementInfo::label));
        let balances = preview.balances.clone().unwrap_or_default();
        let worth = |balance: Balance| Money::new(balance.minor, balance.currency).shown();
        let opening = balances.opening.map(worth);
        let becomes = opening.as_deref().zip(preview.opening).and_then(|(worth, becomes)| opening_words(worth, becomes));
        said.extend(opening.map(|worth| format!("opening balance {worth}")));
        said.extend(balances.closing.map(|balance| format!("closing balance {}", worth(balance))));
        let warning = (balances.agrees == Some(false)).then(|| {
            view! { <p class="text-warning">"The rows don't lead from the opening to the closing balance: some may be missing."</p> }
        });
        let gap = preview.gap.as_ref().map(|gap| {
            view! { <p class="text-warning" data-testid="import-gap">{gap_words(gap)}</p> }
        });
        let back = (preview.taken_back > 0).then(|| {
            let rows = count(preview.taken_back, "transaction");
            view! { <p>{format!("The bank takes back {rows} of an earlier file.")}</p> }
        });
        view! {
            <div class="flex flex-col gap-1 text-sm text-ink-2" data-testid="import-contents" data-state=preview.format.as_str()>
                <p>{said.join(" · ")}</p>
                {becomes.map(|text| view! { <p data-testid="import-opening">{text}</p> })}
                {warning}
                {gap}
                {back}
            </div>
        }
    })
}

/// What becomes of the account's opening balance; nothing when it is that of the file already.
fn opening_words(worth: &str, becomes: Opening) -> Option<String> {
    match becomes {
        Opening::Taken => Some(format!("Importing makes {worth} the opening balance of the account.")),
        Opening::Same => None,
        Opening::Kept => Some(
            "The account keeps its own opening balance: it has older transactions, or its bank says what it holds."
                .to_owned(),
        ),
    }
}

/// The bank's closing balance beside ours, and the difference.
fn gap_words(gap: &LedgerGap) -> String {
    let money = |minor: i64| Money::new(minor, gap.currency);
    let (bank, ours) = (money(gap.bank_minor), money(gap.ledger_minor));
    let on = gap.date.map(|date| format!(" on {}", format_day(date))).unwrap_or_default();
    let apart = ours.checked_sub(bank).map(AmountText::shown_absolute).unwrap_or_default();
    let side = if ours.minor > bank.minor { "more" } else { "less" };
    format!(
        "The bank says {}{on}; with these rows your transactions come to {}, {apart} {side}. Rows or an opening balance may be missing.",
        bank.shown(),
        ours.shown(),
    )
}

/// The address says something about the file that is not so.
#[component]
fn Refused(import: ImportView, errors: Vec<FieldError>) -> AnyView {
    set_status(422);
    view! {
        <AppShell page="import-preview" title="Preview" section=Section::Import back=("Import", routes::IMPORT)>
            <div class="flex flex-col gap-5">
                <Origin import=import.clone()/>
                <BadAddress errors href=routes::import(&import.id)/>
            </div>
        </AppShell>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::Currency;
    use time::macros::date;

    use super::*;

    #[test]
    fn a_gap_is_told_with_both_balances_and_the_difference() {
        let gap = LedgerGap {
            bank_minor: 512_040,
            ledger_minor: 500_000,
            currency: Currency::USD,
            date: Some(date!(2026 - 05 - 31)),
        };
        let more = LedgerGap { ledger_minor: 512_041, date: None, ..gap.clone() };

        assert_eq!(
            gap_words(&gap),
            format!(
                "The bank says $5,120.40 on {}; with these rows your transactions come to $5,000.00, $120.40 less. \
                 Rows or an opening balance may be missing.",
                format_day(date!(2026 - 05 - 31))
            )
        );
        assert!(
            gap_words(&more).contains("$5,120.40; ") && gap_words(&more).contains("$0.01 more.")
        );
    }

    #[test]
    fn an_opening_balance_says_what_becomes_of_it() {
        let taken = opening_words("$1,000.00", Opening::Taken);

        assert_eq!(
            taken.as_deref(),
            Some("Importing makes $1,000.00 the opening balance of the account.")
        );
        assert_eq!(opening_words("$1,000.00", Opening::Same), None);
        assert!(opening_words("$1,000.00", Opening::Kept).is_some());
    }
}
