//! `/accounts/link`: add an account, by its bank, by its numbers or by hand.

use domain::{AccountType, Currency, plan::Limit, query::Pairs};
use leptos::prelude::*;

use super::numbers::{Cheque, NumberFields};
use crate::{
    connections::{ChooseBank, Step, Steps},
    form::use_form_for,
    routes,
    server::{backend, new_key, plan_required},
    ui::{
        AppShell, Button, Choice, HiddenField, LinkButton, PostForm, Section, SelectField, Tab,
        Tabs, TextField, Variant,
        load::load,
        query::{find, page_query},
        unless_full,
    },
    verification::sends_deposits,
};

/// How the account is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// By a sign-in at the bank.
    Bank,
    /// With routing and account number.
    Numbers,
    /// Without: cash, cards, loans, and whatever else a person keeps track of.
    Hand,
}

impl How {
    /// The way that was asked for; without one, the bank's where banks can be linked.
    fn parse(word: Option<&str>, banks: bool) -> Self {
        match word {
            Some("hand") => Self::Hand,
            Some("numbers") => Self::Numbers,
            _ if banks => Self::Bank,
            _ => Self::Numbers,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Numbers => "numbers",
            Self::Hand => "hand",
        }
    }

    /// The kinds of account that can be described this way.
    fn types(self) -> Vec<Choice> {
        let types =
            AccountType::ALL.iter().filter(|kind| self != Self::Hand || !kind.needs_numbers());
        types.map(|kind| Choice::new(kind.as_str(), kind.label())).collect()
    }
}

/// The form that adds an account. Everything typed survives an error, except the account number.
#[component]
pub fn LinkPage() -> AnyView {
    let refused = use_form_for(routes::ADD_ACCOUNT);
    let query = page_query();
    let asked = refused.value("how").or(find(&query, "how")).map(str::to_owned);
    load(async move {
        let body = unless_full(plan_required(Limit::Accounts).await, || {
            let banks = !backend().banks.kinds().is_empty();
            let how = How::parse(asked.as_deref(), banks);
            view! { <Add how banks query/> }.into_any()
        })?;
        Ok(view! {
            <AppShell page="link" title="Link account" section=Section::Accounts back=("Accounts", routes::ACCOUNTS)>
                {body}
            </AppShell>
        })
    })
}

#[component]
fn Add(how: How, banks: bool, query: Pairs) -> AnyView {
    let body = match how {
        How::Bank => view! { <ChooseBank query/> }.into_any(),
        How::Numbers | How::Hand => {
            let bank = find(&query, "bank").unwrap_or_default().to_owned();
            view! { <Form how bank/> }.into_any()
        }
    };
    view! {
        <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
            <div class="card min-w-0 p-4 md:p-6">
                <div class="mb-5"><Ways how banks/></div>
                {body}
            </div>
            <Aside how/>
        </div>
    }
    .into_any()
}

/// The ways, as links: the choice is in the address. A file has a page of its own.
#[component]
fn Ways(how: How, banks: bool) -> AnyView {
    let tab = |label: &'static str, way: How| {
        let href = format!("{}?how={}", routes::ADD_ACCOUNT, way.as_str());
        Tab::new(label, href, way == how)
    };
    let mut items = vec![tab("With account numbers", How::Numbers), tab("By hand", How::Hand)];
    if banks {
        items.insert(0, tab("Link a bank", How::Bank));
    }
    items.push(Tab::new("From a file", routes::IMPORT, false));
    view! { <Tabs label="How to add the account" items/> }.into_any()
}

#[component]
fn Form(how: How, bank: String) -> AnyView {
    let step = match how {
        How::Hand => Step::Hand,
        _ if sends_deposits() => Step::Numbers,
        _ => Step::NumbersAlone,
    };
    view! {
        <div class="mb-5"><Steps step/></div>
        <PostForm action=routes::ADD_ACCOUNT>
            <HiddenField name="idempotencyKey" value=new_key()/>
            <HiddenField name="how" value=how.as_str()/>
            <div class="flex flex-col gap-5" data-testid=format!("link-step-{}", how.as_str())>
                <TextField name="bankName" label="Bank name" hint=name_hint(how) value=bank maxlength=80/>
                <SelectField name="accountType" label="Account type" choices=how.types() placeholder="Choose a type"/>
                {(how == How::Numbers).then(|| view! { <NumberFields/> })}
                <TextField
                    name="accountNickname"
                    label="Nickname"
                    hint="What you call it: Everyday, Rent, Rainy days."
                    maxlength=40
                    optional=true
                />
                <SelectField name="currency" label="Currency" choices=currencies() value=Currency::USD.code()/>
            </div>
            <div class="flex flex-wrap gap-3">
                <Button busy="Adding…" attr:data-testid="link-submit">"Add account"</Button>
                <LinkButton href=routes::ACCOUNTS variant=Variant::Ghost>"Cancel"</LinkButton>
            </div>
        </PostForm>
    }
    .into_any()
}

fn name_hint(how: How) -> String {
    let text = match how {
        How::Bank | How::Numbers => "As it stands on a cheque or in the bank's app.",
        How::Hand => "The bank or the place: First Harbor, Purse, Safe.",
    };
    text.to_owned()
}

/// What happens with what is typed here.
#[component]
fn Aside(how: How) -> AnyView {
    view! {
        <aside class="flex min-w-0 flex-col gap-4 text-sm text-ink-2 lg:px-2" aria-label="About adding an account">
            {match how {
                How::Bank => view! {
                    <p>
                        "You sign in on your bank's own page and choose which accounts come in. Coffer reads their
                        names, last digits, balances and transactions, and keeps reading until you disconnect."
                    </p>
                    <p>"Coffer never sees your password and cannot move money."</p>
                }.into_any(),
                How::Numbers => view! {
                    <Cheque/>
                    <p>
                        "The account number is encrypted with AES-256-GCM on our server and never shown again. You
                        will see its last digits only."
                    </p>
                    <p>"Coffer reads what you import. It cannot move money."</p>
                }.into_any(),
                How::Hand => view! {
                    <p>
                        "For cash, cards, loans and anything else without a routing number. You fill it by importing
                        a file."
                    </p>
                }.into_any(),
            }}
        </aside>
    }
    .into_any()
}

/// The currencies people use most first, then every one by its code.
fn currencies() -> Vec<Choice> {
    const FIRST: [&str; 6] = ["USD", "EUR", "GBP", "CAD", "AUD", "JPY"];
    let rest = Currency::all().map(Currency::code).filter(|code| !FIRST.contains(code));
    FIRST.into_iter().chain(rest).map(|code| Choice::new(code, label(code))).collect()
}

/// "USD ($)", "SEK".
fn label(code: &str) -> String {
    match Currency::parse(code).ok().and_then(Currency::symbol) {
        Some(symbol) => format!("{code} ({symbol})"),
        None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banks_come_first_where_they_can_be_linked() {
        assert_eq!(How::parse(None, true), How::Bank);
        assert_eq!(How::parse(None, false), How::Numbers);
        assert_eq!(How::parse(Some("bank"), false), How::Numbers);
        assert_eq!(How::parse(Some("numbers"), true), How::Numbers);
        assert_eq!(How::parse(Some("hand"), true), How::Hand);
    }

    #[test]
    fn an_account_by_hand_is_none_that_needs_numbers() {
        let words: Vec<String> = How::Hand.types().into_iter().map(|choice| choice.value).collect();

        assert_eq!(words, ["credit", "loan", "cash", "other"]);
        assert_eq!(How::Numbers.types().len(), AccountType::ALL.len());
    }

    #[test]
    fn every_currency_is_offered_once_and_the_common_ones_first() {
        let codes: Vec<String> = currencies().into_iter().map(|choice| choice.value).collect();

        assert_eq!(codes[0], "USD");
        assert_eq!(codes.len(), Currency::all().count());
    }
}
