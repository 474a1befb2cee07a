//! `/admin/accounts`: a person's bank accounts by the person's address, to stop one or to take that back.

use backend::{admin, admin::Overseen};
use domain::{AccountId, Code, FieldError, UserId};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::frame::{AdminTab, admin_page};
use crate::{
    AppError,
    accounts::StatusBadge,
    flash,
    flash::Flash,
    routes,
    server::{reject, set_status},
    ui::{
        Button, EmptyState, FilterField, GetForm, Glyph, HiddenField, InputKind, Mask, PostForm,
        TextField, Variant,
        query::{address, find, page_query},
    },
};

/// `POST /admin/accounts/change`: stops an account, or takes that back.
#[server(prefix = "", endpoint = "admin/accounts/change")]
pub async fn oversee_account(
    #[server(default)] owner: String,
    #[server(default)] id: String,
    #[server(default)] page: String,
    #[server(default)] change: String,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    let (backend, who) = crate::server::admin().await?;
    let (owner, id) = (UserId::new(owner), AccountId::new(id));
    let said = match change.as_str() {
        "suspend" => {
            admin::suspend_account(&backend, &who, &owner, &id, &reason).await.map_err(reject)?;
            "The account is suspended. Its owner gets a mail."
        }
        "restore" => {
            admin::restore_account(&backend, &who, &owner, &id, &reason).await.map_err(reject)?;
            "The account is active again. Its owner gets a mail."
        }
        _ => return Err(AppError::Invalid(vec![FieldError::new("change", Code::OptionUnknown)])),
    };
    flash::set(&Flash::done(said));
    redirect(&domain::redirect::next_or(&page, routes::ADMIN_ACCOUNTS));
    Ok(())
}

/// The page with the accounts of this address, one of them chosen.
fn here(email: &str, account: &str) -> String {
    let pairs = [("email", email), ("account", account)];
    address(routes::ADMIN_ACCOUNTS, &pairs.map(|(name, value)| (name.to_owned(), value.to_owned())))
}

/// Asks for an address; lists the accounts behind it.
#[component]
pub fn AdminAccountsPage() -> AnyView {
    let query = page_query();
    let given = |name| find(&query, name).unwrap_or_default().trim().to_owned();
    let (email, chosen) = (given("email"), given("account"));
    admin_page(AdminTab::Accounts, |backend, who| async move {
        let found = if email.is_empty() {
            None
        } else {
            Some(admin::accounts_of(&backend, &who, &email).await)
        };
        let result = match found {
            None => ().into_any(),
            Some(Ok((owner, accounts))) => view! { <List owner accounts email chosen/> }.into_any(),
            Some(Err(backend::Error::Invalid(errors))) => {
                set_status(422);
                let said =
                    errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join(" ");
                view! { <p class="verdict verdict-wrong text-negative" role="alert">{said}</p> }
                    .into_any()
            }
            Some(Err(error)) => return Err(reject(error)),
        };
        Ok(view! {
            <GetForm action=routes::ADMIN_ACCOUNTS.to_owned() query label="Whose accounts" search=true class="card flex flex-wrap items-end gap-3 p-4 md:p-5">
                <FilterField name="email" label="E-mail of their owner" kind=InputKind::Search maxlength=254/>
                <Button variant=Variant::Secondary icon=Glyph::Search attr:data-testid="admin-find">"Find"</Button>
            </GetForm>
            {result}
        })
    })
}

#[component]
fn List(owner: UserId, accounts: Vec<Overseen>, email: String, chosen: String) -> AnyView {
    if accounts.is_empty() {
        return view! { <div class="card"><EmptyState text="This person has no bank accounts."/></div> }
            .into_any();
    }
    let rows = accounts
        .into_iter()
        .map(|account| {
            let form = (account.id.as_str() == chosen)
                .then(|| view! { <Change account=account.clone() owner=owner.clone() email=email.clone()/> });
            view! { <Row account email=email.clone() form=form.into_any()/> }
        })
        .collect_view();
    view! { <ul class="card divide-y divide-line">{rows}</ul> }.into_any()
}

/// What an administrator may do with it: the word of the form, and that of the button.
fn change(account: &Overseen) -> Option<(&'static str, &'static str)> {
    if account.may_be_suspended() {
        Some(("suspend", "Suspend"))
    } else if account.may_be_restored() {
        Some(("restore", "Lift suspension"))
    } else {
        None
    }
}

#[component]
fn Row(account: Overseen, email: String, form: AnyView) -> AnyView {
    let id = account.id.to_string();
    let (about, row) = (id.clone(), id.clone());
    let choose = change(&account).map(|(_, label)| {
        let href = format!("{}#reason", here(&email, &about));
        view! {
            <a href=href class="link inline-flex min-h-6 items-center">{label} "…" <span class="sr-only">{format!(" {about}")}</span></a>
        }
    });
    view! {
        <li class="flex flex-col gap-3 px-4 py-4 md:px-5" data-testid="admin-account" data-id=row data-state=account.status.as_str()>
            <p class="flex flex-wrap items-center gap-2">
                <span class="font-medium">{account.bank_name}</span> <Mask mask=account.mask/> <StatusBadge status=account.status/> {choose}
            </p>
            <p class="text-caption text-ink-2 wrap-anywhere">{id}</p>
            {form}
        </li>
    }
    .into_any()
}

#[component]
fn Change(account: Overseen, owner: UserId, email: String) -> AnyView {
    let Some((word, label)) = change(&account) else { return ().into_any() };
    let id = account.id.to_string();
    let variant = if word == "suspend" { Variant::Danger } else { Variant::Secondary };
    view! {
        <PostForm action=routes::OVERSEE_ACCOUNT page=here(&email, &id) class="flex max-w-xl flex-col gap-3">
            <HiddenField name="owner" value=owner.to_string()/>
            <HiddenField name="id" value=id/>
            <HiddenField name="change" value=word/>
            <TextField name="reason" label="Reason" hint="Kept in the activity of both of you. The mail to the owner doesn't name it." maxlength=200/>
            <div><Button variant attr:data-testid="admin-account-change">{label}</Button></div>
        </PostForm>
    }
    .into_any()
}
