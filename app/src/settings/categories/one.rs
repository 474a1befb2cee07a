//! `/settings/categories/{key}`: its name, and the deletion of one that somebody made.

use backend::categories::{OwnCategory, Uses};
use domain::query;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::api::{CategoryDetail, describe_category};
use crate::{
    routes,
    transactions::{category_choices, category_label, list_categories},
    ui::{
        AppShell, Button, Card, HiddenField, PostForm, Section, SelectField, TextField, Variant,
        count::count, load::load, query::with_query,
    },
};

/// One category.
#[component]
pub fn CategoryPage() -> AnyView {
    let key = use_params_map().read_untracked().get("key").unwrap_or_default();
    load(async move {
        let category = describe_category(key).await?;
        let own = list_categories().await?;
        let title = category.label.clone();
        let list = ("Categories", routes::CATEGORIES);
        let uses = category.uses;
        Ok(view! {
            <AppShell page="settings-category" title section=Section::Settings back=list>
                <div class="flex max-w-xl flex-col gap-6">
                    <Where category=category.clone() own=own.clone()/>
                    <Name category=category.clone()/>
                    {uses.map(|uses| view! { <Delete category uses own/> })}
                </div>
            </AppShell>
        })
    })
}

/// Its group, and the way to what is in it.
#[component]
fn Where(category: CategoryDetail, own: Vec<OwnCategory>) -> AnyView {
    let rows = with_query(routes::TRANSACTIONS, &query::encode(&[("category", &*category.key)]));
    let group = (category.group != category.key).then(|| {
        let group = category_label(&own, &category.group).to_owned();
        if category.uses.is_some() {
            format!("A category of your own in {group}.")
        } else {
            format!("In {group}.")
        }
    });
    view! {
        <p class="flex flex-wrap items-center gap-x-3 text-ink-2">
            {group}
            <a href=rows class="link inline-flex min-h-6 items-center">"See its transactions"</a>
        </p>
    }
    .into_any()
}

#[component]
fn Name(category: CategoryDetail) -> AnyView {
    let CategoryDetail { key, label, ours, .. } = category;
    let page = routes::category(&key);
    let hint = match &ours {
        Some(ours) => format!("We call it {ours}."),
        None => "Its transactions stay in it.".to_owned(),
    };
    let reset = ours
        .filter(|ours| *ours != label)
        .map(|ours| view! { <Reset key=key.clone() ours page=page.clone()/> });
    view! {
        <Card id="name" title="Name">
            <div class="flex flex-col gap-4">
                <PostForm action=routes::RENAME_CATEGORY page prefix="rename-">
                    <HiddenField name="key" value=key/>
                    <TextField name="label" label="Name" hint value=label maxlength=40/>
                    <div><Button busy="Saving…" attr:data-testid="category-rename">"Save name"</Button></div>
                </PostForm>
                {reset}
            </div>
        </Card>
    }
    .into_any()
}

/// Our word instead of the person's.
#[component]
fn Reset(key: String, ours: String, page: String) -> AnyView {
    view! {
        <PostForm action=routes::RESET_CATEGORY page prefix="reset-" class="flex flex-col gap-3">
            <HiddenField name="key" value=key/>
            <div>
                <Button variant=Variant::Secondary busy="Saving…" attr:data-testid="category-reset">{format!("Call it {ours} again")}</Button>
            </div>
        </PostForm>
    }
    .into_any()
}

/// What the deletion means, and where everything goes.
#[component]
fn Delete(category: CategoryDetail, uses: Uses, own: Vec<OwnCategory>) -> AnyView {
    let mut choices = category_choices(&own);
    choices.retain(|choice| choice.value != category.key);
    let page = routes::category(&category.key);
    view! {
        <Card id="delete" title="Delete this category">
            <PostForm action=routes::DELETE_CATEGORY page prefix="delete-">
                <HiddenField name="key" value=category.key/>
                <p class="text-ink-2" data-testid="category-uses">{inside(uses)}</p>
                <SelectField
                    name="to"
                    label="Category that gets what is in it"
                    choices
                    placeholder="Choose a category"
                />
                <div><Button variant=Variant::Danger busy="Deleting…" attr:data-testid="category-delete">"Delete category"</Button></div>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// "In it: 12 transactions, 1 budget. They go to the category that you choose, …"
fn inside(uses: Uses) -> String {
    let counted = [
        (uses.transactions, "transaction"),
        (uses.parts, "part of split transactions"),
        (uses.budgets, "budget"),
        (uses.rules, "rule"),
    ];
    let found: Vec<String> = counted
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, noun)| match noun.split_once(' ') {
            Some((first, rest)) => format!("{} {rest}", count(n, first)),
            None => count(n, noun),
        })
        .collect();
    if found.is_empty() {
        return "Nothing is in it. What comes until you delete it goes to the category that you choose.".to_owned();
    }
    let budgets = if uses.budgets > 0 {
        " A budget is deleted with its history where that category has one of the same kind."
    } else {
        ""
    };
    format!(
        "In it: {}. All of it goes to the category that you choose.{budgets} This can't be undone.",
        found.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_a_category_is_said_before_it_goes() {
        let nothing = Uses { transactions: 0, parts: 0, budgets: 0, rules: 0 };

        assert!(inside(nothing).starts_with("Nothing is in it."));
        assert_eq!(
            inside(Uses { transactions: 1_204, parts: 2, ..nothing }),
            "In it: 1,204 transactions, 2 parts of split transactions. All of it goes to the category that you choose. This can't be undone."
        );
        let budget = inside(Uses { budgets: 1, rules: 1, ..nothing });
        assert!(budget.starts_with("In it: 1 budget, 1 rule."), "{budget}");
        assert!(budget.contains("is deleted with its history where"), "{budget}");
    }
}
