//! `/connections/{id}/accounts`: the third step, which accounts of the bank come in.

use domain::{
    ConnectionId, Currency, Money,
    connection::{AccountCandidate, ConnectionView, MayBe, SameForm},
    mask_label,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    api::{get, offered},
    page::RepairForm,
    steps::{Step, Steps},
};
use crate::{
    form::use_form_for,
    routes,
    ui::{
        Amount, AppShell, Button, HiddenField, LinkButton, Mask, Notice, PostForm, Section, Tone,
        Variant, load::load,
    },
};

/// The accounts at the bank, those that are here already among them.
#[component]
pub fn ChooseAccountsPage() -> AnyView {
    let id = ConnectionId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    load(async move {
        let connection = get(&id).await?;
        let body = match offered(&id).await? {
            Ok(accounts) => view! { <Choose id accounts/> }.into_any(),
            Err(sentence) => view! { <NotNow connection=connection.clone() sentence/> }.into_any(),
        };
        let title = format!("Choose accounts at {}", connection.institution_name);
        Ok(view! {
            <AppShell page="connection-accounts" title section=Section::Accounts back=("Accounts", routes::ACCOUNTS)>
                <div class="card flex max-w-2xl flex-col gap-5 p-4 md:p-6">
                    <Steps step=Step::Accounts/>
                    {body}
                </div>
            </AppShell>
        })
    })
}

#[component]
fn Choose(id: ConnectionId, accounts: Vec<AccountCandidate>) -> AnyView {
    let form = use_form_for(routes::CHOOSE_ACCOUNTS);
    let chosen = form.values("accounts[]").to_vec();
    let problem = form.error("accounts").map(|error| error.message.clone());
    let described = problem.as_ref().map(|_| "accounts-error");
    let mut questions = 0..;
    let left = accounts.iter().filter(|account| !account.added).count();
    let rows = accounts
        .into_iter()
        .enumerate()
        .map(|(at, account)| {
            let ticked = if form.was_posted() {
                chosen.contains(&account.provider_id)
            } else {
                !account.added
            };
            let question = (!account.may_be.is_empty() && !account.added).then(|| questions.next());
            let question = question.flatten().map(|n: usize| {
                let (provider, may_be) = (account.provider_id.clone(), account.may_be.clone());
                view! { <IsSame n provider may_be/> }
            });
            view! { <div class="flex flex-col gap-2"><Candidate at account ticked/> {question}</div> }
        })
        .collect_view();
    let actions = if left == 0 {
        view! { <LinkButton href=routes::connection(&id)>"Back to the connection"</LinkButton> }
            .into_any()
    } else {
        view! {
            <Button busy="Adding…" attr:data-testid="connection-choose">"Add these accounts"</Button>
            <LinkButton href=routes::connection(&id) variant=Variant::Ghost>"Not now"</LinkButton>
        }
        .into_any()
    };
    view! {
        <PostForm action=routes::CHOOSE_ACCOUNTS page=routes::connection_accounts(&id)>
            <HiddenField name="id" value=id.to_string()/>
            <fieldset class="flex flex-col gap-2" aria-describedby=described>
                <legend class="mb-1.5 text-sm font-medium">"Which accounts should Coffer read?"</legend>
                {rows}
                {problem.map(|text| view! {
                    <p id="accounts-error" class="text-sm font-medium text-negative" data-testid="field-error">
                        <span class="sr-only">"Error: "</span>{text}
                    </p>
                })}
            </fieldset>
            <p class="text-sm text-ink-2">
                "Coffer reads balances and transactions. It cannot move money, and account numbers are encrypted and never shown again."
            </p>
            <div class="flex flex-wrap gap-3">{actions}</div>
        </PostForm>
    }
    .into_any()
}

/// One account; the first has the id that the summary of problems leads to.
#[component]
fn Candidate(at: usize, account: AccountCandidate, ticked: bool) -> AnyView {
    let id = if at == 0 { "accounts".to_owned() } else { format!("accounts-{at}") };
    let money = account
        .balance_minor
        .zip(Currency::parse(&account.currency).ok())
        .map(|(minor, currency)| view! { <Amount money=Money::new(minor, currency)/> });
    let added = account.added;
    let checked = ticked || added;
    let hint = if added { "Already here" } else { account.account_type.label() };
    view! {
        <label class="choice" data-testid="connection-candidate" data-state=if added { "added" } else { "new" }>
            <input id=id type="checkbox" name="accounts[]" value=account.provider_id checked=checked disabled=added class="tick mt-0.5"/>
            <span class="flex min-w-0 flex-1 flex-wrap justify-between gap-x-4">
                <span class="min-w-0">
                    <span class="font-medium">{account.name}</span> " " <Mask mask=account.mask/>
                    <span class="block text-ink-2">{hint}</span>
                </span>
                <span>{money}</span>
            </span>
        </label>
    }
    .into_any()
}

/// Asks whether an account at the bank is one that is here: the bank may call it by another id than before.
#[component]
fn IsSame(n: usize, provider: String, may_be: Vec<MayBe>) -> AnyView {
    let form = use_form_for(routes::CHOOSE_ACCOUNTS);
    let (name, id) = (format!("same[{n}][account]"), format!("same[{n}].account"));
    let problem = form.error(&id).map(|error| error.message.clone());
    let chosen = form.value(&name).unwrap_or_default().to_owned();
    let called = |one: &MayBe| match &one.mask {
        Some(_) => format!("{} {}", one.name, mask_label(one.mask.as_deref())),
        None => one.name.clone(),
    };
    let legend = match may_be.as_slice() {
        [one] => format!("Is this the same account as {}?", called(one)),
        _ => "Is this one of the accounts you have?".to_owned(),
    };
    let is_one = may_be.len() == 1;
    let yes = may_be.iter().map(|one| {
        let label =
            if is_one { "Yes, go on with it".to_owned() } else { format!("Yes, {}", called(one)) };
        (one.account.to_string(), label)
    });
    let no = (SameForm::NONE.to_owned(), "No, it is another account".to_owned());
    let answers = yes.chain([no]).enumerate().map(|(at, (value, label))| {
        let id = if at == 0 { id.clone() } else { format!("{id}-{at}") };
        let checked = chosen == value;
        view! {
            <label class="inline-flex min-h-8 items-center gap-2.5 text-sm">
                <input id=id type="radio" name=name.clone() value=value checked=checked class="tick"/>
                {label}
            </label>
        }
    });
    let answers = answers.collect_view();
    let error_id = problem.as_ref().map(|_| format!("{id}-error"));
    let described = error_id.clone();
    view! {
        <input type="hidden" name=format!("same[{n}][provider]") value=provider/>
        <fieldset class="ml-8 flex flex-col gap-1" aria-describedby=described data-testid="connection-same">
            <legend class="text-sm font-medium">{legend}</legend>
            <p class="text-sm text-ink-2">"It looks the same, but the bank calls it by another id. If it is the same, its transactions stay."</p>
            {answers}
            {problem.map(|text| view! {
                <p id=error_id class="text-sm font-medium text-negative" data-testid="field-error">
                    <span class="sr-only">"Error: "</span>{text}
                </p>
            })}
        </fieldset>
    }
    .into_any()
}

/// The bank does not say which accounts there are.
#[component]
fn NotNow(connection: ConnectionView, sentence: String) -> AnyView {
    let (id, bank) = (connection.id.clone(), connection.institution_name);
    let repair = connection.state.may_call().then(|| {
        view! { <RepairForm id=connection.id bank/> }
    });
    view! {
        <Notice tone=Tone::Warning><p data-testid="connection-problem">{sentence}</p></Notice>
        <div class="flex flex-wrap gap-3">
            <LinkButton href=routes::connection_accounts(&id) variant=Variant::Secondary>"Try again"</LinkButton>
            {repair}
            <LinkButton href=routes::connection(&id) variant=Variant::Ghost>"Back to the connection"</LinkButton>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::AccountType;

    use super::*;

    #[test]
    fn what_is_here_already_cannot_be_chosen_again() {
        let account = |name: &str, added| AccountCandidate {
            provider_id: format!("acc-{name}"),
            name: name.to_owned(),
            account_type: AccountType::Checking,
            mask: Some("6789".to_owned()),
            currency: "USD".to_owned(),
            balance_minor: Some(123_456),
            added,
            may_be: Vec::new(),
        };
        let html = Owner::new().with(|| {
            let accounts = vec![account("Everyday", true), account("Rainy", false)];
            view! { <Choose id=ConnectionId::new("c1") accounts/> }.to_html()
        });

        assert_eq!(html.matches(" disabled").count(), 1, "{html}");
        assert_eq!(html.matches(" checked").count(), 2, "{html}");
        assert!(html.contains("Already here") && html.contains("$1,234.56"), "{html}");
    }

    #[test]
    fn one_that_may_be_here_under_another_id_is_asked_about() {
        let may_be = vec![MayBe {
            account: domain::AccountId::new("a1"),
            name: "Everyday".to_owned(),
            mask: Some("6789".to_owned()),
        }];

        let html = Owner::new()
            .with(|| view! { <IsSame n=0 provider="new-id".to_owned() may_be/> }.to_html());

        for part in ["Everyday •••• 6789?", r#"value="a1""#, r#"value="none""#, "same[0][provider]"]
        {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("checked"), "nothing is chosen for them: {html}");
    }
}
