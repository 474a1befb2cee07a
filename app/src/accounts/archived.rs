//! Accounts that were put away: what is said of one, the list of them, the way there and back.

use domain::{AccountId, AccountView};
use leptos::prelude::*;

use crate::{
    routes,
    ui::{Amount, Button, Card, Day, HiddenField, Mask, Notice, PostForm, Variant, count::count},
};

/// On the page of an account that was put away: since when, what that means, the way back. Nothing for any other.
#[component]
pub(super) fn ArchivedNotice(account: AccountView) -> impl IntoView {
    account.archived_at.map(|at| {
        view! {
            <Notice>
                <div class="flex flex-wrap items-center justify-between gap-3" data-testid="account-archived">
                    <p class="min-w-0 flex-1 basis-60">
                        "Archived on " <Day date=at.date()/> ". Its transactions stay; it is in no total of accounts."
                    </p>
                    <BringBack id=account.id page=routes::ACCOUNTS.to_owned()/>
                </div>
            </Notice>
        }
    })
}

/// Folded away under the other accounts; nothing when there is none.
#[component]
pub(super) fn Archived(accounts: Vec<AccountView>) -> impl IntoView {
    (!accounts.is_empty()).then(|| {
        let title = format!(
            "{} archived",
            count(i64::try_from(accounts.len()).unwrap_or(i64::MAX), "account")
        );
        let rows = accounts.into_iter().map(|account| view! { <Row account/> }).collect_view();
        view! {
            <details class="disclosure mt-5" data-testid="accounts-archived">
                <summary>{title}</summary>
                <ul class="card mt-3 divide-y divide-line">{rows}</ul>
            </details>
        }
    })
}

#[component]
fn Row(account: AccountView) -> AnyView {
    let name = account.display_name();
    let balance = account.balance().map(|money| view! { <Amount money/> });
    let AccountView { id, mask, .. } = account;
    let row = id.to_string();
    view! {
        <li class="flex flex-wrap items-center justify-between gap-3 px-4 py-3 md:px-5" data-testid="archived-row" data-id=row>
            <p class="min-w-0">
                <a href=routes::account(&id) class="link inline-flex min-h-6 items-center">{name}</a> " " <Mask mask/>
            </p>
            <div class="flex items-center gap-4"><span class="tabular-nums">{balance}</span> <BringBack id page=routes::ACCOUNTS.to_owned()/></div>
        </li>
    }
    .into_any()
}

#[component]
fn BringBack(id: AccountId, page: String) -> AnyView {
    view! {
        <PostForm action=routes::UNARCHIVE_ACCOUNT page class="contents">
            <HiddenField name="id" value=id.to_string()/>
            <Button variant=Variant::Secondary busy="Bringing it back…" attr:data-testid="account-unarchive">"Bring back"</Button>
        </PostForm>
    }
    .into_any()
}

/// The way to put an account away.
#[component]
pub(super) fn Archive(id: AccountId) -> AnyView {
    view! {
        <Card id="account-archive" title="Archive this account">
            <p class="mb-3 text-sm text-ink-2">
                "Takes it out of lists and totals of accounts, erases its number and stops reading it. Its transactions stay, and you can bring it back."
            </p>
            <PostForm action=routes::ARCHIVE_ACCOUNT page=routes::account(&id)>
                <HiddenField name="id" value=id.to_string()/>
                <Button variant=Variant::Secondary busy="Archiving…" attr:data-testid="account-archive">"Archive account"</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}
