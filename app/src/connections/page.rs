//! `/connections/{id}`: where a connection stands, what went wrong in words, and what can be done.

use domain::{
    AccountView, ConnectionId, connection::ConnectionView, states::connection::ConnectionState,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use super::{
    added::{AccountList, accounts_of},
    api::get,
    switches::Switches,
    words::{StateBadge, until},
};
use crate::{
    routes,
    server::now,
    ui::{
        Ago, AppShell, Button, Card, Day, EmptyState, Glyph, HiddenField, LinkButton, Notice,
        PostForm, Section, Tone, Variant, load::load,
    },
};

/// One connection to a bank.
#[component]
pub fn ConnectionPage() -> AnyView {
    let id = ConnectionId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    load(async move {
        let connection = get(&id).await?;
        let title = connection.institution_name.clone();
        let body = if connection.state == ConnectionState::Removed {
            view! { <Gone connection/> }.into_any()
        } else {
            let accounts = accounts_of(&connection).await?;
            view! { <Whole connection accounts now=now()/> }.into_any()
        };
        Ok(view! {
            <AppShell page="connection" title section=Section::Accounts back=("Accounts", routes::ACCOUNTS)>
                {body}
            </AppShell>
        })
    })
}

/// One that its owner removed.
#[component]
fn Gone(connection: ConnectionView) -> AnyView {
    let sentence = connection.state.sentence(&connection.institution_name, None);
    view! {
        <div class="card">
            <EmptyState text=sentence>
                <LinkButton href=routes::ACCOUNTS>"Go to accounts"</LinkButton>
                <LinkButton href=routes::ADD_ACCOUNT variant=Variant::Secondary>"Link a bank"</LinkButton>
            </EmptyState>
        </div>
    }
    .into_any()
}

#[component]
fn Whole(connection: ConnectionView, accounts: Vec<AccountView>, now: OffsetDateTime) -> AnyView {
    view! {
        <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
            <div class="flex min-w-0 flex-col gap-5">
                <State connection=connection.clone() now/>
                <Accounts connection=connection.clone() accounts=accounts.clone()/>
            </div>
            <div class="flex min-w-0 flex-col gap-5">
                <Switches connection=connection.clone() accounts/>
                <Danger id=connection.id/>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn State(connection: ConnectionView, now: OffsetDateTime) -> AnyView {
    let state = connection.state;
    let linked = connection.created_at.date();
    let message = connection.message.clone().map(|text| {
        view! { <Notice tone=Tone::Warning><p data-testid="connection-problem">{text}</p></Notice> }
    });
    let last = match connection.last_sync_at {
        Some(at) => view! { <Ago at now bare=true/> }.into_any(),
        None => "Not yet".into_any(),
    };
    let next = connection.next_sync_at.filter(|_| state.may_sync()).map(|at| {
        view! { <Fact label="Next sync">{until(at, now)}</Fact> }
    });
    let ends = connection.expires_on.map(|date| {
        view! { <Fact label="Access ends"><Day date/></Fact> }
    });
    view! {
        <Card id="connection-state" title="Connection">
            <div class="flex flex-col gap-4" data-testid="connection-state" data-state=state.as_str()>
                {message}
                <dl class="flex flex-col gap-2.5 text-sm">
                    <Fact label="State"><StateBadge state/></Fact>
                    <Fact label="Last sync">{last}</Fact>
                    {next}
                    {ends}
                    <Fact label="Linked"><Day date=linked/></Fact>
                </dl>
                <Actions connection/>
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn Fact(label: &'static str, children: Children) -> AnyView {
    view! {
        <div class="flex justify-between gap-4">
            <dt class="shrink-0 text-ink-2">{label}</dt>
            <dd class="min-w-0 text-right break-words">{children()}</dd>
        </div>
    }
    .into_any()
}

/// Sync now, sign in again, link anew: what its state allows.
#[component]
fn Actions(connection: ConnectionView) -> AnyView {
    let ConnectionView { id, state, institution_name, .. } = connection;
    let sync = state.may_sync().then(|| {
        let (page, id) = (routes::connection(&id), id.to_string());
        view! {
            <PostForm action=routes::SYNC_NOW page>
                <HiddenField name="id" value=id/>
                <Button variant=Variant::Secondary busy="Asking…" attr:data-testid="connection-sync">"Sync now"</Button>
            </PostForm>
        }
    });
    let repair = state.may_call().then(|| {
        view! { <RepairForm id=id.clone() bank=institution_name main=state.asks_person()/> }
    });
    let anew = (state == ConnectionState::Revoked).then(|| {
        view! { <LinkButton href=routes::ADD_ACCOUNT>"Link the bank again"</LinkButton> }
    });
    view! { <div class="flex flex-wrap gap-3">{sync} {repair} {anew}</div> }.into_any()
}

/// The way to the bank's page, to sign in there once more.
#[component]
pub(super) fn RepairForm(
    /// Which connection.
    id: ConnectionId,
    /// The bank's name.
    bank: String,
    /// Whether it is what is to be done now.
    #[prop(default = true)]
    main: bool,
) -> AnyView {
    let label = format!("Sign in again at {bank}");
    let variant = if main { Variant::Primary } else { Variant::Ghost };
    view! {
        <PostForm action=routes::REPAIR page=routes::connection(&id)>
            <HiddenField name="id" value=id.to_string()/>
            <Button variant busy="Opening the bank…" attr:aria-label=label attr:data-testid="connection-repair">"Sign in again"</Button>
        </PostForm>
    }
    .into_any()
}

#[component]
fn Accounts(connection: ConnectionView, accounts: Vec<AccountView>) -> AnyView {
    let ended = !connection.state.may_call();
    let new = connection.new_accounts.then(|| {
        view! { <Notice tone=Tone::Accent><p>"The bank has accounts that are not here."</p></Notice> }
    });
    let none = accounts.is_empty().then(|| {
        view! { <p class="text-ink-2">"No account of this bank is read."</p> }
    });
    let choose = (!ended).then(|| {
        let href = routes::connection_accounts(&connection.id);
        view! { <div><LinkButton href variant=Variant::Secondary icon=Glyph::Plus>"Choose accounts"</LinkButton></div> }
    });
    view! {
        <Card id="connection-accounts" title="Accounts">
            <div class="flex flex-col gap-4">
                {new}
                {none}
                <AccountList accounts/>
                {choose}
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn Danger(id: ConnectionId) -> AnyView {
    view! {
        <Card id="connection-danger" title="Disconnect">
            <p class="mb-3 text-sm text-ink-2">
                "Coffer stops reading this bank. You choose whether the accounts and transactions stay. We ask first."
            </p>
            <LinkButton href=routes::disconnect(&id) variant=Variant::Danger icon=Glyph::Trash2>"Disconnect"</LinkButton>
        </Card>
    }
    .into_any()
}
