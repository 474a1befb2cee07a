//! `/settings/categories`: every group with its leaves, and a form that adds one.

use backend::categories::OwnCategory;
use domain::category::{self, Category};
use leptos::prelude::*;

use super::{
    super::frame::{SettingsShell, SettingsTab},
    api::found,
};
use crate::{
    routes,
    transactions::{category_groups, category_label, category_leaves, list_categories},
    ui::{
        Badge, Button, Card, Glyph, Icon, PostForm, SelectField, TextField, Tone, Variant,
        load::load,
    },
};

/// All categories as this person sees them.
#[component]
pub fn CategoriesPage() -> AnyView {
    load(async move {
        let own = list_categories().await?;
        Ok(view! {
            <SettingsShell tab=SettingsTab::Categories>
                <p class="max-w-prose text-ink-2">
                    "Transactions, budgets and charts use these. Open one to call it by another name. You can add your own to any group."
                </p>
                <Groups own=own.clone()/>
                <Add own/>
            </SettingsShell>
        })
    })
}

#[component]
fn Groups(own: Vec<OwnCategory>) -> AnyView {
    let groups = category::ALL.iter().filter(|found| found.is_group());
    let groups = groups.map(|group| view! { <Group group own=own.clone()/> }).collect_view();
    view! { <ul class="grid items-start gap-4 sm:grid-cols-2" aria-label="Categories">{groups}</ul> }
        .into_any()
}

/// A group and its leaves, ours and then the person's own.
#[component]
fn Group(group: &'static Category, own: Vec<OwnCategory>) -> AnyView {
    let keys: Vec<String> = category_leaves(&own, group.key).map(str::to_owned).collect();
    let leaves = keys
        .into_iter()
        .map(|key| {
            let icon = category::find(&key).map_or(group.icon, |leaf| leaf.icon);
            view! { <li class="px-4 md:px-5"><Named key icon own=own.clone()/></li> }
        })
        .collect_view();
    view! {
        <li class="card min-w-0 pb-2" data-testid="category-group" data-id=group.key>
            <h2 class="border-b border-line px-4 py-2 font-semibold md:px-5">
                <Named key=group.key.to_owned() icon=group.icon own/>
            </h2>
            <ul class="pt-1">{leaves}</ul>
        </li>
    }
    .into_any()
}

/// The name of a category, which leads to its page, and whose it is.
#[component]
fn Named(key: String, icon: &'static str, own: Vec<OwnCategory>) -> AnyView {
    let label = category_label(&own, &key).to_owned();
    let (state, mark) = match found(&own, &key) {
        Some(found) if found.own => ("own", Some((Tone::Accent, "Yours"))),
        Some(_) => ("renamed", Some((Tone::Neutral, "Renamed"))),
        None => ("ours", None),
    };
    let mark = mark.map(|(tone, word)| view! { <Badge tone>{word}</Badge> });
    view! {
        <span class="flex min-w-0 flex-wrap items-center gap-x-2" data-testid="category-row" data-id=key.clone() data-state=state>
            <a href=routes::category(&key) class="inline-flex min-h-8 min-w-0 items-center gap-2 hover:underline">
                <span class="shrink-0 text-ink-2"><Icon glyph=Glyph::of_category(icon)/></span>
                <span class="min-w-0 wrap-anywhere">{label}</span>
            </a>
            {mark}
        </span>
    }
    .into_any()
}

#[component]
fn Add(own: Vec<OwnCategory>) -> AnyView {
    view! {
        <Card id="add" title="Add a category">
            <PostForm action=routes::CATEGORIES>
                <div class="grid gap-4 sm:grid-cols-2">
                    <TextField name="label" label="Name" maxlength=40/>
                    <SelectField name="group" label="Group" choices=category_groups(&own) placeholder="Choose a group"/>
                </div>
                <div>
                    <Button variant=Variant::Secondary busy="Adding…" attr:data-testid="category-add">"Add category"</Button>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}
