//! `/accounts/{id}/verify`: send deposits, look for them, say what they were.

use backend::banks::simbank::SimDeposits;
use domain::{
    AccountId, AccountView, Currency, Money,
    day::format_weekday,
    states::verification::VerificationState,
    verification::{
        Answer, DepositKind, NextStep, RoundView, VerificationMethod, VerificationView,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    api::{statement_of, verification_of},
    notice::VerificationNotice,
    numbers::NumbersAgain,
};
use crate::{
    accounts::{Proofs, WhatNext, get_account, next_step},
    connections::{Step, Steps},
    routes,
    ui::{
        Amount, AppShell, Badge, Button, Card, Choice, HiddenField, InputKind, LinkButton, Mask,
        PostForm, RadioGroup, Section, TextField, Tone, Variant, load::load,
    },
};

/// What stands before the cents of a deposit: each is below a dollar. The whole amount may be typed all the same.
const BELOW_A_DOLLAR: &str = "$0.";

/// One account's proof by deposits, wherever it stands.
#[component]
pub fn VerifyPage() -> AnyView {
    let id = AccountId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    load(async move {
        let account = get_account(id.clone()).await?;
        let view = verification_of(&id).await?;
        let statement = statement_of(&id).await?;
        let state = view.state.as_str();
        let demo = statement.map(|deposits| view! { <Demo id deposits/> });
        Ok(view! {
            <AppShell page="verify" title="Verify account" section=Section::Accounts back=("Accounts", routes::ACCOUNTS)>
                <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
                    <div class="card flex min-w-0 flex-col gap-5 p-4 md:p-6" data-testid="verification" data-state=state>
                        <Named account=account.clone()/>
                        <Body account view/>
                    </div>
                    <div class="flex min-w-0 flex-col gap-5">{demo} <Aside/></div>
                </div>
            </AppShell>
        })
    })
}

#[component]
fn Named(account: AccountView) -> AnyView {
    view! {
        <p class="text-ink-2">
            <a href=routes::account(&account.id) class="link">{account.display_name()}</a>
            " " <Mask mask=account.mask/>
        </p>
    }
    .into_any()
}

/// How far the proof is, and the form of its next step.
#[component]
fn Body(account: AccountView, view: VerificationView) -> AnyView {
    let progress = progress(&view).map(|step| view! { <Steps step/> });
    view! { {progress} <Form account view/> }.into_any()
}

/// Which step of adding an account by its numbers this is; none before it can begin and once it is over.
fn progress(view: &VerificationView) -> Option<Step> {
    match view.state {
        VerificationState::Sent => Some(Step::DepositsSent),
        VerificationState::Posted => Some(Step::ConfirmDeposits),
        _ if view.can_start => Some(Step::SendDeposits),
        _ if view.needs_numbers => Some(Step::Numbers),
        _ => None,
    }
}

#[component]
fn Form(account: AccountView, view: VerificationView) -> AnyView {
    let pending = account;
    let account = view.account.clone();
    match (view.state, view.round.clone()) {
        (state, Some(round)) if state.is_open() => view! { <Waiting account round/> }.into_any(),
        (VerificationState::Verified | VerificationState::NotNeeded, _) => {
            view! { <Proven account method=view.method/> }.into_any()
        }
        _ if view.can_start => view! { <Begin view/> }.into_any(),
        _ if view.needs_numbers => {
            let page = routes::verify(&account);
            view! { <NumbersAgain account page/> }.into_any()
        }
        _ => {
            // Nobody can send any: what can be done instead.
            let proofs = Proofs::here();
            let step =
                next_step(&pending, proofs).filter(|_| !proofs.deposits && view.message.is_none());
            let step = step.map(|step| view! { <p><WhatNext step/></p> });
            view! { {step} <VerificationNotice view/> <Back account/> }.into_any()
        }
    }
}

/// The choice of what is sent.
#[component]
fn Begin(view: VerificationView) -> AnyView {
    let message = view.message.clone().map(|message| {
        view! { <p data-testid="verification-message">{message}</p> }
    });
    let label = view.next_step.map(NextStep::label);
    let account = view.account;
    view! {
        {message}
        <PostForm action=routes::START_DEPOSITS page=routes::verify(&account)>
            <HiddenField name="id" value=account.to_string()/>
            <RadioGroup name="kind" legend="What shall we send?" choices=kinds() value=DepositKind::Amounts.as_str()/>
            <div class="flex flex-wrap gap-3">
                <Button busy="Sending…" attr:data-testid="deposits-start">{label}</Button>
                <LinkButton href=routes::account(&account) variant=Variant::Ghost>"Not now"</LinkButton>
            </div>
        </PostForm>
    }
    .into_any()
}

fn kinds() -> Vec<Choice> {
    let hint = |kind| match kind {
        DepositKind::Amounts => {
            "You tell us both amounts, each below a dollar. We take them back together. Three tries."
        }
        DepositKind::Code => {
            "One cent, with four characters in its text. You tell us these. Five tries."
        }
    };
    let choice = |kind: DepositKind| Choice::new(kind.as_str(), kind.label()).with_hint(hint(kind));
    DepositKind::ALL.iter().copied().map(choice).collect()
}

/// Deposits are on their way or there.
#[component]
fn Waiting(account: AccountId, round: RoundView) -> AnyView {
    let heading = match round.state {
        VerificationState::Sent => "Deposits are on their way",
        _ => "Confirm the deposits",
    };
    let later = (round.state == VerificationState::Sent).then(|| {
        view! { <p class="text-sm text-ink-2">"We mail you when they should be there. If you see them before, enter them now."</p> }
    });
    view! {
        <div class="flex flex-col gap-2">
            <h2 class="text-base font-semibold">{heading}</h2>
            <p data-testid="deposits-instruction">{round.instruction}</p>
            {later}
        </div>
        <PostForm action=routes::ANSWER_DEPOSITS page=routes::verify(&account)>
            <HiddenField name="round" value=round.id.to_string()/>
            {match round.kind {
                DepositKind::Amounts => view! { <AmountFields/> }.into_any(),
                DepositKind::Code => view! { <CodeField/> }.into_any(),
            }}
            <div class="flex flex-wrap gap-3">
                <Button busy="Comparing…" attr:data-testid="deposits-answer">"Verify account"</Button>
                <LinkButton href=routes::account(&account) variant=Variant::Ghost>"Later"</LinkButton>
            </div>
        </PostForm>
    }
    .into_any()
}

#[component]
fn AmountFields() -> AnyView {
    view! {
        <div class="grid max-w-md items-start gap-5 sm:grid-cols-2">
            <TextField name="amount1" label="First amount" kind=InputKind::Amount prefix=BELOW_A_DOLLAR hint="Its cents in two digits: 07 for 7 cents." maxlength=10/>
            <TextField name="amount2" label="Second amount" kind=InputKind::Amount prefix=BELOW_A_DOLLAR hint="The other one, in any order." maxlength=10/>
        </div>
    }
    .into_any()
}

#[component]
fn CodeField() -> AnyView {
    view! {
        <div class="max-w-md">
            <TextField
                name="code"
                label="Code"
                hint="The four characters after COFFER ACCTVERIFY CF."
                maxlength=12
            />
        </div>
    }
    .into_any()
}

#[component]
fn Proven(account: AccountId, method: Option<VerificationMethod>) -> AnyView {
    let how = method.map_or("It needs no proof.", |method| match method {
        VerificationMethod::Instant => "Your bank vouched for it.",
        VerificationMethod::Amounts | VerificationMethod::Code => "The deposits matched.",
    });
    view! {
        <p>"This account is verified. " {how}</p>
        <Back account/>
    }
    .into_any()
}

#[component]
fn Back(account: AccountId) -> AnyView {
    view! { <div><LinkButton href=routes::account(&account) variant=Variant::Secondary>"Back to the account"</LinkButton></div> }
        .into_any()
}

/// The statement of the built-in bank: its accounts have no other place to look at.
#[component]
fn Demo(id: AccountId, deposits: SimDeposits) -> AnyView {
    let body = if deposits.posted {
        let answer = Answer::from_canonical(deposits.kind, &deposits.answer);
        let text = answer.as_ref().map(Answer::statement_text).unwrap_or_default();
        let lines = answer.map(|answer| answer.deposits()).unwrap_or_default();
        let lines = lines
            .into_iter()
            .map(|cents| {
                let money = Money::new(cents, Currency::USD);
                view! {
                    <li class="flex justify-between gap-4" data-testid="statement-deposit">
                        <span class="min-w-0">{text.clone()}</span>
                        <Amount money signed=true/>
                    </li>
                }
            })
            .collect_view();
        view! {
            <p class="text-sm text-ink-2">"What the statement of this account says:"</p>
            <ul class="flex flex-col gap-1 text-sm">{lines}</ul>
        }
        .into_any()
    } else {
        let when = format!("They arrive on {}.", format_weekday(deposits.posts_on));
        view! {
            <p class="text-sm text-ink-2">{when}</p>
            <PostForm action=routes::DEPOSITS_ARRIVE page=routes::verify(&id)>
                <HiddenField name="id" value=id.to_string()/>
                <div><Button variant=Variant::Secondary busy="Posting…" attr:data-testid="deposits-arrive">"Post deposits now (demo)"</Button></div>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <Card id="verify-demo" title="At the test bank">
            <div class="flex flex-col gap-3" data-testid="verify-demo">
                <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
                    <Badge tone=Tone::Warning>"Test bank"</Badge>
                    "No money moves: the bank that is built into Coffer sends these deposits."
                </p>
                {body}
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn Aside() -> AnyView {
    view! {
        <aside class="flex min-w-0 flex-col gap-4 text-sm text-ink-2 lg:px-2" aria-label="About small deposits">
            <p>
                "Only somebody who reads the statements of an account knows what was deposited. That is how you prove
                that it is yours."
            </p>
            <p>"The deposits take about two banking days and can be confirmed for ten. You can leave this page and come back."</p>
        </aside>
    }
    .into_any()
}
