//! `/import/{id}`: what a file would become, before anything is written; afterwards, what became of it.

use backend::{
    categories::OwnCategory,
    imports::{ImportState, ImportView, Preview},
};
use domain::{
    FieldError, ImportId, Money,
    import::{Balance, FileFormat, StatementInfo},
    query::{self, Pairs},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    api::{edited_since, get_import, preview_import},
    apply::Apply,
    columns::Reading,
    errors::{BadAddress, Problems},
    result::ImportResult,
    tabs::View,
};
use crate::{
    AppError, routes,
    server::{now, set_status},
    transactions::list_categories,
    ui::{AppShell, Mask, Section, count::count, load::load, query::page_query},
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
    let asked = !preview.questions.is_empty();
    let import = preview.import.clone();
    view! {
        <AppShell page="import-preview" title="Preview" section=Section::Import back=("Import", routes::IMPORT)>
            <div class="flex flex-col gap-5" data-testid="import-preview-body">
                <Origin import/>
                <Contents preview=preview.clone()/>
                <Reading preview=preview.clone()/>
                {(!asked).then(|| view! {
                    <Problems rows=preview.rows.clone() id=preview.import.id.clone() options=preview.options.clone()/>
                    <Apply preview view own/>
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
        let worth = |balance: Balance| Money::new(balance.minor, balance.currency).format();
        said.extend(balances.opening.map(|balance| format!("opening balance {}", worth(balance))));
        said.extend(balances.closing.map(|balance| format!("closing balance {}", worth(balance))));
        let warning = (balances.agrees == Some(false)).then(|| {
            view! { <p class="text-warning">"The rows don't lead from the opening to the closing balance: some may be missing."</p> }
        });
        let back = (preview.taken_back > 0).then(|| {
            let rows = count(preview.taken_back, "transaction");
            view! { <p>{format!("The bank takes back {rows} of an earlier file.")}</p> }
        });
        view! {
            <div class="flex flex-col gap-1 text-sm text-ink-2" data-testid="import-contents" data-state=preview.format.as_str()>
                <p>{said.join(" · ")}</p>
                {warning}
                {back}
            </div>
        }
    })
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
