//! `/settings/data`: what there is to take along, where it came from, and how long it is kept.

use backend::{banks::ProviderKind, imports::ImportView};
use domain::connection::ConnectionView;
use leptos::prelude::*;

use super::{
    danger::{ExportCard, describe_account},
    frame::{SettingsShell, SettingsTab},
};
use crate::{
    connections::{DemoNotice, TryDemo, all_connections},
    imports::import_history,
    routes,
    server::backend,
    ui::{Card, LinkButton, Variant, count::count, load::load},
};

/// How long each thing is kept. Each is a constant of the code that takes it away.
const KEPT: [(&str, &str); 8] = [
    ("Accounts, transactions, budgets and rules", "until you delete them, or your account"),
    ("Uploaded files that were not imported", "a day"),
    ("Imports and changes of many transactions", "with Undo for 30 days"),
    ("Sessions", "a week after your last visit"),
    ("Browsers that may skip the second step", "30 days"),
    ("Browsers you signed in with", "400 days after their last sign-in"),
    ("Security events", "400 days"),
    ("What a bank sent to say that something changed", "30 days"),
];

/// Export, imports, demonstration data, and what is kept.
#[component]
pub fn DataPage() -> AnyView {
    load(async move {
        let fresh = describe_account().await?.fresh;
        let imports = import_history().await?;
        let connections = all_connections().await?;
        Ok(view! {
            <SettingsShell tab=SettingsTab::Data>
                <ExportCard fresh/>
                {(!fresh).then(confirm)}
                <Lists/>
                <Imports imports/>
                <Demo connections/>
                <Kept/>
            </SettingsShell>
        })
    })
}

/// Before the export, where the sign-in is too old for it.
fn confirm() -> impl IntoView {
    view! {
        <p class="flex flex-wrap items-center gap-3 text-sm text-ink-2">
            "The file needs a sign-in of the last few minutes."
            <LinkButton href=routes::confirm(routes::DATA) variant=Variant::Secondary>"Confirm it's you"</LinkButton>
        </p>
    }
}

/// The transactions alone, for other programs.
#[component]
fn Lists() -> AnyView {
    view! {
        <Card id="lists" title="Transactions as a file">
            <p class="text-ink-2">"All of them, for a spreadsheet or a program. With filters, the same stands under the list itself."</p>
            <ul class="mt-3 flex flex-wrap gap-3">
                <li><a href=routes::TRANSACTIONS_CSV class=Variant::Secondary.class() download="">"CSV"</a></li>
                <li><a href=routes::TRANSACTIONS_JSON class=Variant::Secondary.class() download="">"JSON"</a></li>
            </ul>
        </Card>
    }
    .into_any()
}

#[component]
fn Imports(imports: Vec<ImportView>) -> AnyView {
    let number = i64::try_from(imports.len()).unwrap_or(i64::MAX);
    // The list ends there.
    let words = match number {
        0 => "Nothing was imported yet.".to_owned(),
        100.. => "100 imports or more so far. Each can be undone for 30 days.".to_owned(),
        _ => format!("{} so far. Each can be undone for 30 days.", count(number, "import")),
    };
    view! {
        <Card id="imports" title="Imports" link=("All imports", routes::IMPORT)>
            <p class="text-ink-2" data-testid="settings-data-imports">{words}</p>
        </Card>
    }
    .into_any()
}

/// The same switch that stands on other pages; nothing where the built-in bank is closed and there is nothing of it.
#[component]
fn Demo(connections: Vec<ConnectionView>) -> impl IntoView {
    let is_on =
        connections.iter().any(|connection| connection.provider == ProviderKind::Simbank.as_str());
    let is_open = backend().banks.simbank().is_some();
    (is_on || is_open).then(|| {
        let body = if is_on {
            view! { <div class="flex flex-col gap-3"><DemoNotice connections/></div> }.into_any()
        } else {
            view! {
                <p class="mb-4 text-ink-2">"Invented accounts and transactions to look around with. They are labelled everywhere and go with one click."</p>
                <TryDemo page=routes::DATA/>
            }
            .into_any()
        };
        view! { <Card id="demo" title="Demo data">{body}</Card> }
    })
}

#[component]
fn Kept() -> AnyView {
    let rows = KEPT
        .map(|(what, how_long)| {
            view! {
                <dt class="font-medium">{what}</dt>
                <dd class="mb-2 text-ink-2 sm:mb-0">{how_long}</dd>
            }
        })
        .into_iter()
        .collect_view();
    view! {
        <Card id="kept" title="What is kept, and for how long">
            <dl class="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-2 sm:gap-y-2" data-testid="settings-data-kept">{rows}</dl>
            <p class="mt-4 text-sm text-ink-2">
                "Account numbers are encrypted and never shown again. Backups are kept as long as whoever runs this installation keeps theirs. "
                <a href=routes::PRIVACY class="link">"All of it"</a>
            </p>
            <p class="mt-2 text-sm"><a href=routes::DANGER class="link inline-flex min-h-6 items-center">"Delete everything"</a></p>
        </Card>
    }
    .into_any()
}
