//! `/import/{id}`: what a file would become, before anything is written; afterwards, what became of it.

use backend::imports::{ImportState, ImportView, Preview};
use domain::{
    FieldError, ImportId,
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
    ui::{AppShell, Mask, Section, load::load, query::page_query},
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
            Ok(preview) => Ok(view! { <PreviewPage preview query/> }.into_any()),
            Err(AppError::Invalid(errors)) => Ok(view! { <Refused import errors/> }.into_any()),
            // A draft is kept for a day; then there is nothing here any more.
            Err(AppError::Message { status: 410, .. }) => Err(AppError::NotFound),
            Err(error) => Err(error),
        }
    })
}

#[component]
fn PreviewPage(preview: Preview, query: Pairs) -> AnyView {
    let view = View::of(&query, &preview.counts);
    let asked = !preview.questions.is_empty();
    let import = preview.import.clone();
    view! {
        <AppShell page="import-preview" title="Preview" section=Section::Import back=("Import", routes::IMPORT)>
            <div class="flex flex-col gap-5" data-testid="import-preview-body">
                <Origin import/>
                <Reading preview=preview.clone()/>
                {(!asked).then(|| view! {
                    <Problems rows=preview.rows.clone() id=preview.import.id.clone() options=preview.options.clone()/>
                    <Apply preview view/>
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
