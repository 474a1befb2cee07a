//! `/accounts/{id}/delete`: what goes, and the name typed to confirm it.

use domain::{AccountId, AccountView};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::api::{get_account, name_to_type};
use crate::{
    routes,
    ui::{
        AmountText, AppShell, Button, HiddenField, LinkButton, Mask, PostForm, Section, TextField,
        Variant, count::count, load::load,
    },
};

/// Where the form posts to.
const ACTION: &str = "/accounts/delete";

/// Asks before an account is deleted.
#[component]
pub fn DeleteAccountPage() -> impl IntoView {
    let id = AccountId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    load(async move {
        let account = get_account(id).await?;
        Ok(view! {
            <AppShell
                page="account-delete"
                title="Delete account"
                section=Section::Accounts
                back=("Accounts", routes::ACCOUNTS)
            >
                <div class="card flex max-w-xl flex-col gap-5 p-4 md:p-6">
                    <Consequences account=account.clone()/>
                    <Confirm account/>
                </div>
            </AppShell>
        })
    })
}

/// What the deletion takes away.
#[component]
fn Consequences(account: AccountView) -> AnyView {
    // The totals leave out what was put away.
    let counted = account.held().filter(|held| held.minor != 0 && account.archived_at.is_none());
    let balance = counted.map(|held| {
        let change = held.checked_neg().unwrap_or(held).shown_signed();
        format!("The total of your accounts changes by {change}. ")
    });
    view! {
        <div class="flex flex-col gap-2">
            <p>
                <strong class="font-semibold break-words">{account.display_name()}</strong>
                " "
                <Mask mask=account.mask.clone()/>
                " will be deleted for good, and with it:"
            </p>
            <ul class="list-disc pl-5 text-ink-2">
                <li>{count(account.transactions, "transaction")}</li>
                <li>"its imports and their history"</li>
            </ul>
            <p class="text-ink-2">{balance} "Nothing happens at your bank. This can't be undone."</p>
        </div>
    }
    .into_any()
}

#[component]
fn Confirm(account: AccountView) -> AnyView {
    let name = name_to_type(&account).to_owned();
    view! {
        <PostForm action=ACTION page=routes::delete_account(&account.id)>
            <HiddenField name="id" value=account.id.to_string()/>
            <TextField
                name="name"
                label=format!("Type “{name}” to confirm")
                maxlength=80
            />
            <div class="flex flex-wrap gap-3">
                <Button variant=Variant::Danger busy="Deleting…" attr:data-testid="account-delete-submit">
                    "Delete account"
                </Button>
                <LinkButton href=routes::account(&account.id) variant=Variant::Ghost>"Keep it"</LinkButton>
            </div>
        </PostForm>
    }
    .into_any()
}
