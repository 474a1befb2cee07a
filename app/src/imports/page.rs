//! `/import`: choose a file and its account; what was imported before.

use backend::imports::ImportView;
use domain::{AccountView, Date, day, import::MAX_BYTES, plan::Limit};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{api::import_history, history::History};
use crate::{
    accounts::list_accounts,
    connections::TryDemo,
    islands::{FileLook, LookAccount},
    routes,
    server::{now, plan_required, today},
    shell::asset_base,
    transactions::account_choice,
    ui::{
        AppShell, Button, Card, Choice, EmptyState, FileField, Glyph, LinkButton, PostForm,
        Section, SelectField, Variant,
        load::load,
        money::are_hidden,
        query::{find, page_query},
        unless_full,
    },
};

/// What a browser offers to choose.
const ACCEPT: &str = ".csv,.txt,.tsv,.ofx,.qfx,.qif,.xml,text/csv,text/plain,text/tab-separated-values,text/xml,application/xml,application/x-ofx,application/vnd.intu.qfx";

/// Choose a file; history with Undo.
#[component]
pub fn ImportPage() -> impl IntoView {
    let account = find(&page_query(), "account").map(str::to_owned);
    load(async move {
        let accounts = list_accounts().await?;
        let history = import_history().await?;
        let guard = plan_required(Limit::Imports).await;
        let is_empty = accounts.is_empty();
        let today = today().await?;
        let form =
            unless_full(guard, || view! { <UploadForm accounts account today/> }.into_any())?;
        let now = now();
        Ok(view! {
            <AppShell page="import" title="Import" section=Section::Import>
                {if is_empty {
                    view! { <NoAccount/> }.into_any()
                } else {
                    view! { <Choose form history now/> }.into_any()
                }}
            </AppShell>
        })
    })
}

/// A file needs an account to go to.
#[component]
fn NoAccount() -> AnyView {
    view! {
        <div class="card">
            <EmptyState text="A file from your bank becomes transactions here. First add the account it belongs to.">
                <LinkButton href=format!("{}?how=hand", routes::ADD_ACCOUNT) icon=Glyph::Plus>"Add an account"</LinkButton>
                <LinkButton href=routes::ADD_ACCOUNT variant=Variant::Secondary icon=Glyph::Landmark>"Link a bank"</LinkButton>
                <TryDemo page=routes::IMPORT/>
            </EmptyState>
        </div>
    }
    .into_any()
}

#[component]
fn Choose(form: AnyView, history: Vec<ImportView>, now: OffsetDateTime) -> AnyView {
    view! {
        <div class="flex flex-col gap-5">
            <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
                <Card id="import-file" title="Import a file">
                    {form}
                </Card>
                <aside class="flex min-w-0 flex-col gap-3 text-sm text-ink-2 lg:px-2 lg:pt-2" aria-label="About importing">
                    <p>
                        "Download a file of your account from your bank's site. OFX, QFX and CAMT.053 say most; in a
                        CSV file, commas, semicolons and tabs, and the dates and decimals of your country, are all
                        fine."
                    </p>
                    <p>
                        "You see every row before anything is written. Rows that are already here are left out, and
                        an import can be undone for 30 days."
                    </p>
                </aside>
            </div>
            <History history now/>
        </div>
    }
    .into_any()
}

#[component]
fn UploadForm(accounts: Vec<AccountView>, account: Option<String>, today: Date) -> AnyView {
    let only = match accounts.as_slice() {
        [only] => Some(only.id.to_string()),
        _ => None,
    };
    let chosen = account.or(only).unwrap_or_default();
    let choices = accounts.iter().map(account_choice).collect();
    let reader = format!("{}/reader.js", asset_base());
    let today = day::format_iso(today);
    let known = accounts.into_iter().map(look_account).collect::<Vec<_>>();
    view! {
        <PostForm action=routes::IMPORT multipart=true>
            {if are_hidden() {
                // What the device reads of the file would show its amounts.
                view! { <Fields choices chosen/> }.into_any()
            } else {
                let most = u32::try_from(MAX_BYTES).unwrap_or(u32::MAX);
                view! { <FileLook most reader accounts=known today><Fields choices chosen/></FileLook> }.into_any()
            }}
        </PostForm>
    }
    .into_any()
}

#[component]
fn Fields(choices: Vec<Choice>, chosen: String) -> impl IntoView {
    view! {
        <FileField name="file" label="File" accept=ACCEPT hint="CSV, OFX, QFX, QIF or CAMT.053, up to 10 MB and 50,000 rows."/>
        <SelectField name="account" label="Account" choices value=chosen placeholder="Choose an account"/>
        // What the device reads comes below: the button stays where somebody is about to press it.
        <div><Button busy="Reading…" attr:data-testid="import-submit">"Read file"</Button></div>
    }
}

fn look_account(account: AccountView) -> LookAccount {
    LookAccount { id: account.id.into_string(), currency: account.currency, mask: account.mask }
}
