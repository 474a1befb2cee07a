//! The fields of the form of a rule.

use backend::categories::OwnCategory;
use domain::{
    AccountView,
    rules::{Match, Operator, Way},
};
use leptos::prelude::*;

use super::form::TypedRule;
use crate::{
    transactions::{account_choice, category_choices},
    ui::{Checkbox, Choice, InputKind, RadioGroup, SelectField, TextField},
};

/// What is asked, and what is done.
#[component]
pub(super) fn RuleFields(
    typed: TypedRule,
    accounts: Vec<AccountView>,
    own: Vec<OwnCategory>,
) -> AnyView {
    let any = |value: &str| if value.is_empty() { None } else { Some(value.to_owned()) };
    let matches = Match::ALL.iter().map(|word| Choice::new(word.as_str(), word.label())).collect();
    let ways = Way::ALL.iter().map(|word| Choice::new(word.as_str(), word.label())).collect();
    let accounts = accounts.iter().map(account_choice).collect();
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
                <SelectField name="account" label="Account" choices=accounts value=typed.account placeholder="Any" optional=true/>
                <TextField name="dayFrom" label="Day of the month from" kind=InputKind::Digits value=typed.day_from maxlength=2 optional=true/>
                <TextField name="dayTo" label="Day of the month to" kind=InputKind::Digits value=typed.day_to maxlength=2 optional=true/>
            </div>
        </fieldset>
        <fieldset class="flex flex-col gap-4">
            <legend class="mb-3 text-base font-semibold">"Then"</legend>
            <SelectField name="category" label="Set the category" choices=category_choices(&own) value=typed.category placeholder="Leave it" optional=true/>
            <TextField name="merchant" label="Name the merchant" value=typed.merchant maxlength=200 optional=true/>
            <TextField name="tag" label="Add a tag" value=typed.tag maxlength=40 optional=true/>
            <TextField name="note" label="Write a note" value=typed.note maxlength=1000 optional=true/>
            <Checkbox name="exclude" label="Leave out of budgets" checked=any(&typed.exclude).is_some()/>
            <Checkbox name="stop" label="Don't ask later rules" checked=any(&typed.stop).is_some()/>
        </fieldset>
    }
    .into_any()
}

fn texts() -> Vec<Choice> {
    vec![Choice::new("description", "Bank's text"), Choice::new("merchant", "Merchant")]
}

fn operators() -> Vec<Choice> {
    [Operator::Contains, Operator::Equals, Operator::StartsWith, Operator::Regex]
        .map(|word| Choice::new(word.as_str(), word.label()))
        .to_vec()
}
