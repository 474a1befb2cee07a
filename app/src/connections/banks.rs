//! The first step: which bank. Plaid's window asks for it; of the built-in bank, the search is in the address, and each
//! bank is a button.

use ::backend::banks::{
    ProviderKind,
    simbank::{INSTITUTIONS, Institution},
};
use domain::query::Pairs;
use leptos::prelude::*;

use super::steps::{Step, Steps};
use crate::{
    routes,
    server::backend,
    ui::{
        Button, FilterField, GetForm, Glyph, HiddenField, InputKind, LinkButton, Notice, PostForm,
        Tone, Variant,
        query::{address, find},
    },
};

/// The banks that the search of the address finds.
#[component]
pub fn ChooseBank(
    /// What stands in the address.
    query: Pairs,
) -> AnyView {
    let banks = backend().banks;
    view! {
        <div class="flex flex-col gap-5" data-testid="link-step-bank">
            <Steps step=Step::Bank/>
            {banks.provider(ProviderKind::Plaid).map(|_| view! { <AtPlaid/> })}
            {banks.simbank().map(|_| view! { <BuiltIn query/> })}
            <Unlisted/>
        </div>
    }
    .into_any()
}

/// The way to a real bank.
#[component]
fn AtPlaid() -> AnyView {
    let here = address(routes::ADD_ACCOUNT, &here(""));
    view! {
        <PostForm action=routes::BEGIN_BANK page=here>
            <HiddenField name="provider" value=ProviderKind::Plaid.as_str()/>
            <p>
                "Most banks of the United States connect through Plaid. Its window asks for your bank and for your
                sign-in there; Coffer never sees that."
            </p>
            <div>
                <Button busy="Opening…" attr:data-testid="link-plaid">"Find your bank with Plaid"</Button>
            </div>
        </PostForm>
    }
    .into_any()
}

/// The banks of the built-in bank.
#[component]
fn BuiltIn(query: Pairs) -> AnyView {
    let searched = find(&query, "q").unwrap_or_default().to_owned();
    let found = matching(&searched);
    let here = address(routes::ADD_ACCOUNT, &here(&searched));
    view! {
        <div class="flex flex-col gap-5">
            <Notice>
                "These are the banks of the built-in test bank. Their money is invented, and no real bank is asked."
            </Notice>
            <GetForm action=routes::ADD_ACCOUNT.to_owned() query label="Find your bank" search=true class="flex flex-wrap items-end gap-3">
                <HiddenField name="how" value="bank"/>
                <FilterField name="q" label="Bank" kind=InputKind::Search maxlength=80/>
                <Button variant=Variant::Secondary icon=Glyph::Search attr:data-testid="link-search">"Search"</Button>
            </GetForm>
            {if found.is_empty() {
                view! { <NotListed searched/> }.into_any()
            } else {
                view! { <Banks found here/> }.into_any()
            }}
        </div>
    }
    .into_any()
}

/// Every bank whose name has all the words, in any order and case.
fn matching(searched: &str) -> Vec<&'static Institution> {
    let words: Vec<String> = searched.split_whitespace().map(str::to_lowercase).collect();
    let has = |bank: &Institution| {
        let name = bank.name.to_lowercase();
        words.iter().all(|word| name.contains(word.as_str()))
    };
    INSTITUTIONS.iter().filter(|bank| has(bank)).collect()
}

/// The query of this page.
fn here(searched: &str) -> Pairs {
    let mut pairs = vec![("how".to_owned(), "bank".to_owned())];
    if !searched.is_empty() {
        pairs.push(("q".to_owned(), searched.to_owned()));
    }
    pairs
}

#[component]
fn Banks(found: Vec<&'static Institution>, here: String) -> AnyView {
    let rows = found.into_iter().map(|bank| view! { <Bank bank/> }).collect_view();
    view! {
        <PostForm action=routes::BEGIN_BANK page=here>
            <ul class="flex flex-col divide-y divide-line">{rows}</ul>
        </PostForm>
    }
    .into_any()
}

#[component]
fn Bank(bank: &'static Institution) -> AnyView {
    let action = if bank.deposits.is_none() {
        let label = format!("Connect {}", bank.name);
        view! {
            <Button variant=Variant::Secondary busy="Connecting…" attr:name="institution" attr:value=bank.id attr:aria-label=label>
                "Connect"
            </Button>
        }
        .into_any()
    } else {
        let pairs = [("how", "numbers"), ("bank", bank.name)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        view! {
            <LinkButton href=address(routes::ADD_ACCOUNT, &pairs) variant=Variant::Ghost>
                "Use account numbers" <span class="sr-only">{format!(" of {}", bank.name)}</span>
            </LinkButton>
        }
        .into_any()
    };
    view! {
        <li class="flex flex-wrap items-center justify-between gap-3 py-3 first:pt-0 last:pb-0 sm:flex-nowrap" data-testid="link-bank" data-id=bank.id>
            <div class="min-w-0">
                <p class="font-medium">{bank.name}</p>
                <p class="text-sm text-ink-2">{bank.about}</p>
            </div>
            <div class="shrink-0">{action}</div>
        </li>
    }
    .into_any()
}

/// Below the list, whatever it shows: the way for everybody else.
#[component]
fn Unlisted() -> AnyView {
    let href = format!("{}?how=numbers", routes::ADD_ACCOUNT);
    view! {
        <p class="border-t border-line pt-4 text-sm text-ink-2">
            <a class="link inline-flex min-h-6 items-center" href=href data-testid="link-unlisted">"My bank isn't listed"</a>
            ": add the account with its routing and account number."
        </p>
    }
    .into_any()
}

/// The search found none: the other ways are still there.
#[component]
fn NotListed(searched: String) -> AnyView {
    let all = address(routes::ADD_ACCOUNT, &here(""));
    let way = |how: &str| format!("{}?how={how}", routes::ADD_ACCOUNT);
    view! {
        <Notice tone=Tone::Neutral>
            <p data-testid="link-none">{format!("No bank here is called “{searched}”.")}</p>
            <p class="mt-1">
                <a class="link" href=all>"Show every bank"</a> ", "
                <a class="link" href=way("numbers")>"use account numbers"</a> ", or "
                <a class="link" href=way("hand")>"add the account by hand"</a> "."
            </p>
        </Notice>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_is_found_by_its_words_in_any_order() {
        let names = |searched: &str| -> Vec<&str> {
            matching(searched).into_iter().map(|bank| bank.name).collect()
        };

        assert_eq!(names("").len(), INSTITUTIONS.len());
        assert_eq!(names(" harbor FIRST"), ["First Harbor"]);
        assert_eq!(names("first trust"), Vec::<&str>::new());
    }

    #[test]
    fn a_bank_without_a_sign_in_leads_to_its_numbers() {
        let html = Owner::new().with(|| {
            let found = matching("northwind");
            view! { <Banks found here="/accounts/link?how=bank".to_owned()/> }.to_html()
        });

        assert!(html.contains("how=numbers&amp;bank=Northwind"), "{html}");
        assert!(!html.contains("institution"), "{html}");
    }
}
