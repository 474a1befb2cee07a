//! The fields of the form of a rule.

use backend::categories::OwnCategory;
use domain::{
    AccountView, Currency,
    rules::{Match, Operator, Way},
};
use leptos::prelude::*;

use super::{
    form::{ALSO, Extra, TypedRule},
    words::{asked, done},
};
use crate::{
    transactions::{account_choice, category_choices},
    ui::{
        Checkbox, Choice, InputKind, RadioGroup, SelectField, TextArea, TextField, form::FormScope,
    },
};

/// What is asked, and what is done.
#[component]
pub(super) fn RuleFields(
    /// What stands in the fields.
    typed: TypedRule,
    /// What the saved rule has beyond them; what is typed has those of them that are ticked.
    extras: Vec<String>,
    accounts: Vec<AccountView>,
    own: Vec<OwnCategory>,
) -> AnyView {
    let any = |value: &str| if value.is_empty() { None } else { Some(value.to_owned()) };
    let matches = Match::ALL.iter().map(|word| Choice::new(word.as_str(), word.label())).collect();
    let ways = Way::ALL.iter().map(|word| Choice::new(word.as_str(), word.label())).collect();
    let also = view! { <Also extras ticked=typed.also.clone() accounts=accounts.clone() own=own.clone()/> };
    let sides = account_choices(&accounts, &typed.transfer);
    let accounts = account_choices(&accounts, &typed.account);
    let chosen = if typed.r#match.is_empty() { "all".to_owned() } else { typed.r#match.clone() };
    view! {
        <TextField name="name" label="Name" hint="For your list of rules." value=typed.name maxlength=80/>
        <fieldset class="flex flex-col gap-4">
            <legend class="mb-3 text-base font-semibold">"When"</legend>
            <RadioGroup name="match" legend="It fits when it meets" choices=matches value=chosen/>
            <div class="grid gap-4 sm:grid-cols-3">
                <SelectField name="field" label="Text of" choices=texts() value=typed.field/>
                <SelectField name="operator" label="How" choices=operators() value=typed.operator/>
                <TextField name="text" label="Words" value=typed.text maxlength=256 optional=true/>
            </div>
            <div class="grid gap-4 sm:grid-cols-3">
                <SelectField name="otherField" label="Second text of" choices=texts() value=typed.other_field/>
                <SelectField name="otherOperator" label="How, second text" choices=operators() value=typed.other_operator/>
                <TextField name="otherText" label="Second words" value=typed.other_text maxlength=256 optional=true/>
            </div>
            <div class="grid grid-cols-2 gap-4">
                <TextField name="amountFrom" label="Amount from" kind=InputKind::Amount value=typed.amount_from maxlength=20 optional=true/>
                <TextField name="amountTo" label="Amount to" kind=InputKind::Amount value=typed.amount_to maxlength=20 optional=true/>
                <SelectField name="direction" label="Direction" choices=ways value=typed.direction placeholder="Either" optional=true/>
                <SelectField name="currency" label="Currency" choices=currencies() value=typed.currency placeholder="Any" optional=true/>
                <div class="col-span-2"><SelectField name="account" label="Account" choices=accounts value=typed.account placeholder="Any" optional=true/></div>
                <TextField name="dayFrom" label="Day of the month from" kind=InputKind::Digits value=typed.day_from maxlength=2 optional=true/>
                <TextField name="dayTo" label="Day of the month to" kind=InputKind::Digits value=typed.day_to maxlength=2 optional=true/>
            </div>
        </fieldset>
        <fieldset class="flex flex-col gap-4">
            <legend class="mb-3 text-base font-semibold">"Then"</legend>
            <SelectField name="category" label="Set the category" choices=category_choices(&own) value=typed.category placeholder="Leave it" optional=true/>
            <TextField name="merchant" label="Name the merchant" value=typed.merchant maxlength=200 optional=true/>
            <TextField name="tag" label="Add a tag" value=typed.tag maxlength=40 optional=true/>
            <TextArea name="note" label="Write a note" value=typed.note rows=2 maxlength=1000 optional=true/>
            <SelectField name="transfer" label="Mark as a transfer with" hint="Only that account can be the other side." choices=sides value=typed.transfer placeholder="No transfer" optional=true/>
            <Checkbox name="exclude" label="Leave out of budgets" checked=any(&typed.exclude).is_some()/>
            <Checkbox name="stop" label="Don't ask later rules" checked=any(&typed.stop).is_some()/>
        </fieldset>
        {also}
    }
    .into_any()
}

/// What a rule has that the fields above have no room for: each is kept as long as it is ticked.
#[component]
fn Also(
    extras: Vec<String>,
    ticked: Vec<String>,
    accounts: Vec<AccountView>,
    own: Vec<OwnCategory>,
) -> AnyView {
    let scope = FormScope::current();
    let ticked = if scope.state.was_posted() { scope.state.values(ALSO).to_vec() } else { ticked };
    let mut all = extras;
    all.extend(ticked.iter().filter(|extra| Extra::read(extra).is_some()).cloned());
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|extra| seen.insert(extra.clone()));
    let error = scope.state.error("also").map(|error| error.message.clone());
    if all.is_empty() && error.is_none() {
        return ().into_any();
    }
    let rows = all.into_iter().map(|extra| {
        let words = match Extra::read(&extra) {
            Some(Extra::Condition(condition)) => format!("If {}", asked(&condition, &accounts)),
            Some(Extra::Action(action)) => done(&action, &own, &accounts),
            None => String::new(),
        };
        let checked = ticked.contains(&extra);
        view! {
            <label class="flex min-h-8 w-fit items-center gap-2.5 text-sm" data-testid="rule-also">
                <input name=ALSO type="checkbox" value=extra checked=checked class="tick"/>
                {words}
            </label>
        }
    });
    let rows = rows.collect_view();
    let described = error.as_ref().map(|_| "also-error");
    view! {
        <fieldset id=scope.id("also") tabindex="-1" class="flex flex-col gap-1" aria-describedby=described>
            <legend class="mb-1.5 text-base font-semibold">"Also"</legend>
            <p class="text-sm text-ink-2">"This rule says more than the fields above hold. What is ticked stays."</p>
            {rows}
            {error.map(|text| view! {
                <p id="also-error" class="text-sm font-medium text-negative" data-testid="field-error">
                    <span class="sr-only">"Error: "</span>{text}
                </p>
            })}
        </fieldset>
    }
    .into_any()
}

/// The accounts to choose from. One that is chosen and gone is among them, so that it is not dropped without a word.
fn account_choices(accounts: &[AccountView], chosen: &str) -> Vec<Choice> {
    let mut choices: Vec<Choice> = accounts.iter().map(account_choice).collect();
    if !chosen.is_empty() && choices.iter().all(|choice| choice.value != chosen) {
        choices.push(Choice::new(chosen, "An account that is gone"));
    }
    choices
}

fn currencies() -> Vec<Choice> {
    Currency::all().map(|currency| Choice::new(currency.code(), currency.code())).collect()
}

fn texts() -> Vec<Choice> {
    vec![
        Choice::new("description", "Bank's text"),
        Choice::new("merchant", "Merchant"),
        Choice::new("providerCategory", "Bank's category"),
    ]
}

fn operators() -> Vec<Choice> {
    [Operator::Contains, Operator::Equals, Operator::StartsWith, Operator::Regex]
        .map(|word| Choice::new(word.as_str(), word.label()))
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_is_gone_is_not_dropped_without_a_word() {
        assert!(account_choices(&[], "").is_empty());
        let choices = account_choices(&[], "a1");

        let named: Vec<_> = choices.iter().map(|one| (&*one.value, &*one.label)).collect();
        assert_eq!(named, [("a1", "An account that is gone")]);
    }

    #[test]
    fn what_the_fields_have_no_room_for_is_listed_with_its_words() {
        let tag = r#"{"set":"tag","to":"two"}"#.to_owned();
        let day = r#"{"field":"day","operator":"equals","value":3}"#.to_owned();

        let html = Owner::new().with(|| {
            let extras = vec![tag.clone(), day];
            let ticked = vec![tag];
            view! { <Also extras ticked accounts=Vec::new() own=Vec::new()/> }.to_html()
        });

        assert!(html.contains("Tag: two"), "{html}");
        assert!(html.contains("If the day of the month is 3"), "{html}");
        assert_eq!(html.matches(" checked").count(), 1, "{html}");
    }
}
