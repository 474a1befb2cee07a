//! `/transactions/new`: a row that somebody types in.

use backend::categories::OwnCategory;
use domain::{AccountView, Date, day::format_iso};
use leptos::prelude::*;

use super::{account_choice, api::list_categories, choices};
use crate::{
    accounts::list_accounts,
    routes,
    server::{new_key, today},
    ui::{
        AppShell, Button, Choice, EmptyState, HiddenField, InputKind, LinkButton, PostForm,
        RadioGroup, Section, SelectField, TextArea, TextField, Variant, load::load,
    },
};

/// The form that adds a transaction.
#[component]
pub fn AddTransactionPage() -> impl IntoView {
    load(async move {
        let accounts = list_accounts().await?;
        let own = list_categories().await?;
        let body = if accounts.is_empty() {
            view! {
                <div class="card">
                    <EmptyState text="A transaction belongs to an account. Add the account first.">
                        <LinkButton href=routes::ADD_ACCOUNT>"Add an account"</LinkButton>
                    </EmptyState>
                </div>
            }
            .into_any()
        } else {
            let today = today().await?;
            view! { <div class="card max-w-xl p-4 md:p-6"><Form accounts own today/></div> }
                .into_any()
        };
        Ok(view! {
            <AppShell page="transaction-new" title="Add a transaction" section=Section::Transactions back=("Transactions", routes::TRANSACTIONS)>
                {body}
            </AppShell>
        })
    })
}

#[component]
fn Form(accounts: Vec<AccountView>, own: Vec<OwnCategory>, today: Date) -> AnyView {
    let only = match accounts.as_slice() {
        [only] => only.id.to_string(),
        _ => String::new(),
    };
    let accounts = accounts.iter().map(account_choice).collect();
    let directions = vec![Choice::new("out", "Money out"), Choice::new("in", "Money in")];
    view! {
        <PostForm action=routes::ADD_TRANSACTION>
            <HiddenField name="idempotencyKey" value=new_key()/>
            <SelectField name="accountId" label="Account" choices=accounts value=only placeholder="Choose an account"/>
            <RadioGroup name="direction" legend="Direction" choices=directions value="out"/>
            <div class="grid grid-cols-2 gap-4">
                <TextField name="amount" label="Amount" kind=InputKind::Amount maxlength=20/>
                <TextField name="date" label="Date" kind=InputKind::Date value=format_iso(today)/>
            </div>
            <TextField name="description" label="Description" maxlength=200/>
            <SelectField name="category" label="Category" choices=choices::categories(&own) placeholder="None yet" optional=true/>
            <TextField name="tags" label="Tags" hint="With commas between them." maxlength=840 optional=true/>
            <TextArea name="note" label="Note" rows=3 maxlength=1_000 optional=true/>
            <div class="flex flex-wrap gap-3">
                <Button busy="Adding…" attr:data-testid="transaction-add">"Add transaction"</Button>
                <LinkButton href=routes::TRANSACTIONS variant=Variant::Ghost>"Cancel"</LinkButton>
            </div>
        </PostForm>
    }
    .into_any()
}
