//! Search and filters: a form whose state is the address.

use backend::categories::OwnCategory;
use domain::{AccountView, FieldError, TransactionStatus, TransactionType, category, query::Pairs};
use leptos::prelude::*;

use super::{
    choices::{label, leaves},
    syntax::SearchHelp,
};
use crate::{
    routes,
    ui::{
        Button, Choice, FilterField, FilterSelect, GetForm, Glyph, HiddenField, InputKind, Options,
        query::find,
    },
};

/// The names of the filters besides the search, as they stand in the address.
const FILTERS: [&str; 9] =
    ["account", "category", "type", "status", "from", "to", "min", "max", "tag"];

/// The names of filters that figures lead here with.
const KEPT: [&str; 3] = ["currency", "counted", "flow"];

/// The form over the list. On phones the filters open below the search; they start open when one is on.
#[component]
pub fn Filters(
    /// What stands in the address.
    query: Pairs,
    /// What is wrong with it.
    errors: Vec<FieldError>,
    /// The accounts to choose from.
    accounts: Vec<AccountView>,
    /// The person's own categories and words for ours.
    own: Vec<OwnCategory>,
) -> AnyView {
    // What leads here from a figure has no field of its own, and stays until its chip is pressed.
    let kept = KEPT.into_iter().filter_map(|name| {
        find(&query, name).map(|value| view! { <HiddenField name value=value.to_owned()/> })
    });
    let kept = kept.collect_view();
    let open = FILTERS.into_iter().any(|name| find(&query, name).is_some());
    view! {
        <GetForm
            action=routes::TRANSACTIONS.to_owned()
            query
            errors
            label="Search and filters"
            search=true
            class="card grid grid-cols-2 items-start gap-3 p-4 md:grid-cols-4 md:px-5 lg:grid-cols-6"
        >
            // The header's search leads to `#q`, the field itself, which a browser gives the focus.
            <div class="col-span-2">
                <FilterField name="q" label="Search" kind=InputKind::Search placeholder="coffee >20 tag:trip -category:travel" maxlength=100/>
            </div>
            <label class="col-span-2 flex min-h-8 items-center gap-2.5 text-sm md:hidden">
                <input type="checkbox" id="filters-open" class="tick" checked=open/>
                "Show filters"
            </label>
            {kept}
            <div class="filters">
                <FilterSelect name="account" label="Account" all="All" options=account_options(accounts)/>
                <FilterSelect name="category" label="Category" all="All" options=category_options(&own)/>
                <FilterSelect name="type" label="Type" all="All" options=type_options()/>
                <FilterSelect name="status" label="Status" all="All but failed" options=status_options()/>
                <FilterField name="from" label="From" kind=InputKind::Date/>
                <FilterField name="to" label="To" kind=InputKind::Date/>
                <FilterField name="min" label="At least" kind=InputKind::Amount placeholder="0.00" maxlength=20/>
                <FilterField name="max" label="At most" kind=InputKind::Amount placeholder="0.00" maxlength=20/>
                <FilterField name="tag" label="Tag" maxlength=100/>
            </div>
            <div class="col-span-2 flex self-end md:col-span-1 md:justify-end">
                <Button icon=Glyph::Search attr:data-testid="transactions-toolbar-search">"Search"</Button>
            </div>
            <SearchHelp/>
        </GetForm>
    }
    .into_any()
}

fn account_options(accounts: Vec<AccountView>) -> Vec<Options> {
    accounts.into_iter().map(|account| Options::One(account_choice(&account))).collect()
}

/// "Everyday •••• 6789": two accounts of one name can be told apart.
pub fn account_choice(account: &AccountView) -> Choice {
    let name = account.display_name();
    let label = match &account.mask {
        Some(_) => format!("{name} {}", account.mask_label()),
        None => name,
    };
    Choice::new(account.id.as_str(), label)
}

/// Each group as a heading with "All food" and its leaves.
fn category_options(own: &[OwnCategory]) -> Vec<Options> {
    let groups = category::ALL.iter().filter(|category| category.is_group());
    groups
        .map(|group| {
            let name = label(own, group.key);
            let mut choices: Vec<Choice> =
                leaves(own, group.key).map(|key| Choice::new(key, label(own, key))).collect();
            if choices.is_empty() {
                return Options::One(Choice::new(group.key, name));
            }
            choices.insert(0, Choice::new(group.key, format!("All {}", name.to_lowercase())));
            Options::Group(name.to_owned(), choices)
        })
        .collect()
}

fn type_options() -> Vec<Options> {
    TransactionType::ALL
        .iter()
        .map(|word| Options::One(Choice::new(word.as_str(), word.label())))
        .collect()
}

fn status_options() -> Vec<Options> {
    TransactionStatus::ALL
        .iter()
        .map(|word| Options::One(Choice::new(word.as_str(), word.label())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_of_categories_can_be_chosen_as_a_whole() {
        let options = category_options(&[]);

        let food = options.iter().find_map(|options| match options {
            Options::Group(label, choices) if label == "Food" => Some(choices),
            _ => None,
        });
        let values: Vec<&str> = food.unwrap().iter().map(|choice| choice.value.as_str()).collect();
        assert_eq!(values[..2], ["food", "food.groceries"]);
    }

    #[test]
    fn a_group_without_leaves_is_a_choice_itself() {
        let last = category_options(&[]).pop();

        assert!(matches!(last, Some(Options::One(choice)) if choice.value == "uncategorized"));
    }
}
