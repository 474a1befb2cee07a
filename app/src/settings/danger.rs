//! `/settings/danger`: taking everything along, and leaving.

use backend::{
    accounts,
    auth::{self, AuthFailure},
};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};

use super::frame::{SettingsShell, SettingsTab};
use crate::{
    AppError,
    auth::refuse,
    routes,
    server::{CookieChange, SignInCookies, fresh, own_row, reject, signed_in},
    ui::{
        Button, Card, Glyph, InputKind, LinkButton, Notice, PostForm, TextField, Tone, Variant,
        count::count, load::load,
    },
};

/// What a deletion would take away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountSize {
    /// The person's address.
    pub email: String,
    /// Bank accounts.
    pub accounts: i64,
    /// Transactions in them.
    pub transactions: i64,
    /// Whether plans are sold here, so that there may be a subscription.
    pub sells_plans: bool,
    /// Whether people may delete their accounts here.
    pub can_delete: bool,
    /// Whether the sign-in was a short time ago, so that nothing asks for it again.
    pub fresh: bool,
}

/// What is in the caller's account.
#[server(prefix = "/api/fn", endpoint = "account/describe")]
pub async fn describe_account() -> Result<AccountSize, AppError> {
    let (backend, caller) = signed_in()?;
    let accounts = accounts::list(&backend, &caller).await.map_err(reject)?;
    Ok(AccountSize {
        email: own_row()?.email,
        accounts: i64::try_from(accounts.len()).unwrap_or(i64::MAX),
        transactions: accounts.iter().map(|account| account.transactions).sum(),
        sells_plans: backend.settings.billing.is_some(),
        can_delete: backend.settings.auth.delete_user,
        fresh: caller.is_fresh(&backend),
    })
}

/// `POST /settings/danger`: deletes the caller's account and everything in it, if its address was typed.
#[server(prefix = "", endpoint = "settings/danger")]
pub async fn delete_everything(#[server(default)] email: String) -> Result<(), AppError> {
    let (backend, caller) = fresh()?;
    auth::delete_account(&backend, &caller, &email).await.map_err(|failure| match failure {
        AuthFailure::DeletionOff => AppError::message(
            403,
            "Accounts can't be deleted here. Ask whoever runs this installation.",
        ),
        other => refuse(other),
    })?;

    SignInCookies::set(CookieChange::End);
    redirect(routes::ACCOUNT_DELETED);
    Ok(())
}

/// Export, and the end.
#[component]
pub fn DangerPage() -> AnyView {
    load(async move {
        let size = describe_account().await?;
        Ok(view! {
            <SettingsShell tab=SettingsTab::Danger>
                {(!size.fresh).then(|| view! { <ConfirmFirst/> })}
                <ExportCard fresh=size.fresh/>
                <DeleteCard size/>
            </SettingsShell>
        })
    })
}

#[component]
fn ConfirmFirst() -> AnyView {
    view! {
        <Notice tone=Tone::Warning>
            <div class="flex flex-wrap items-center justify-between gap-3">
                <p>"Both need a sign-in of the last few minutes."</p>
                <LinkButton href=routes::confirm(routes::DANGER) variant=Variant::Secondary>"Confirm it's you"</LinkButton>
            </div>
        </Notice>
    }
    .into_any()
}

/// The file with everything; without a way to it where the sign-in is too old.
#[component]
pub(super) fn ExportCard(fresh: bool) -> AnyView {
    view! {
        <Card id="export" title="Take your data along">
            <div class="flex flex-col gap-4">
                <p class="text-ink-2">
                    "One JSON file with your profile, accounts, transactions, imports and budgets. Account numbers aren't in it, only their last digits. Whoever has the file can read it, so keep it somewhere safe."
                </p>
                {fresh.then(|| view! {
                    <div>
                        <a href=routes::EXPORT class=Variant::Secondary.class() download data-testid="settings-danger-export">
                            <crate::ui::Icon glyph=Glyph::Download/>
                            "Download my data"
                        </a>
                    </div>
                })}
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn DeleteCard(size: AccountSize) -> AnyView {
    if !size.can_delete {
        return view! {
            <Card id="delete" title="Delete account">
                <p class="text-ink-2">"Accounts can't be deleted here. Ask whoever runs this installation."</p>
            </Card>
        }
        .into_any();
    }
    let fresh = size.fresh;
    let email = size.email.clone();
    view! {
        <Card id="delete" title="Delete account">
            <div class="flex flex-col gap-5">
                <Consequences size/>
                {fresh.then(|| view! { <DeleteForm email/> })}
            </div>
        </Card>
    }
    .into_any()
}

/// What the deletion takes away.
#[component]
fn Consequences(size: AccountSize) -> AnyView {
    let accounts = count(size.accounts, "bank account");
    let transactions = count(size.transactions, "transaction");
    view! {
        <div class="flex flex-col gap-2 text-ink-2">
            <p>"Everything of yours is deleted at once, and can't be brought back:"</p>
            <ul class="list-disc pl-5">
                <li>{format!("{accounts} with {transactions}")}</li>
                <li>"imports, budgets and settings"</li>
                <li>"your name, address, password and every other way to sign in"</li>
                <li>"every session: you're signed out on all devices"</li>
                {size.sells_plans.then(|| view! {
                    <li>"your plan: a subscription is cancelled at once and not charged again"</li>
                })}
            </ul>
            <p>"Nothing happens at your bank. Download your data first if you may want it."</p>
        </div>
    }
    .into_any()
}

#[component]
fn DeleteForm(email: String) -> AnyView {
    view! {
        <PostForm action=routes::DANGER>
            <TextField
                name="email"
                label="Your e-mail"
                hint=format!("Type {email} to confirm.")
                kind=InputKind::Email
                maxlength=254
            />
            <div>
                <Button variant=Variant::Danger busy="Deleting…" attr:data-testid="settings-danger-delete">
                    "Delete my account"
                </Button>
            </div>
        </PostForm>
    }
    .into_any()
}
