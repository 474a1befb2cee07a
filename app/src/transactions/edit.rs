//! The forms beside one row: what its owner changes, and its deletion.

use backend::categories::OwnCategory;
use domain::{day::format_iso, entry::TransactionDetail};
use leptos::prelude::*;

use super::choices;
use crate::{
    routes,
    ui::{
        Button, Card, Checkbox, HiddenField, InputKind, PostForm, SelectField, TextArea, TextField,
        Variant,
    },
};

/// The form of everything that can be different about a row.
#[component]
pub fn Edit(row: TransactionDetail, own: Vec<OwnCategory>, back: String) -> AnyView {
    let split = (!row.parts.is_empty())
        .then(|| view! { <p class="text-sm text-ink-2">"While it is split, the categories of its parts count."</p> });
    view! {
        <Card id="edit" title="Change">
            <PostForm action=routes::EDIT_TRANSACTION page=routes::transaction(&row.id, &back) prefix="edit-">
                <HiddenField name="id" value=row.id.to_string()/>
                <HiddenField name="back" value=back/>
                <TextField
                    name="merchant"
                    label="Merchant"
                    hint="Empty shows the bank's text."
                    value=row.merchant.unwrap_or_default()
                    maxlength=200
                    optional=true
                />
                <SelectField name="category" label="Category" choices=choices::categories(&own) value=row.category/>
                {split}
                <details class="disclosure">
                    <summary>"New category"</summary>
                    <div class="mt-3 flex flex-col gap-4">
                        <TextField name="label" label="Name" maxlength=40 optional=true/>
                        <SelectField name="group" label="Group" choices=choices::groups(&own) placeholder="Choose a group" optional=true/>
                        <p><a href=routes::CATEGORIES class="link inline-flex min-h-6 items-center text-sm">"All your categories"</a></p>
                    </div>
                </details>
                <TextField name="date" label="Date" kind=InputKind::Date value=format_iso(row.date)/>
                <TextArea name="note" label="Note" value=row.note.unwrap_or_default() rows=3 maxlength=1_000 optional=true/>
                <TextField
                    name="tags"
                    label="Tags"
                    hint="With commas between them."
                    value=row.tags.join(", ")
                    maxlength=840
                    optional=true
                />
                <Checkbox name="excluded" label="Leave out of budgets and sums" checked=row.excluded/>
                <div><Button busy="Saving…" attr:data-testid="transaction-save">"Save changes"</Button></div>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// Only what was typed in can go.
#[component]
pub fn Delete(row: TransactionDetail, back: String) -> AnyView {
    view! {
        <details class="card disclosure p-4 md:p-6">
            <summary>"Delete this transaction"</summary>
            <div class="mt-3">
                <PostForm action=routes::DELETE_TRANSACTION page=routes::transaction(&row.id, &back) prefix="delete-">
                    <HiddenField name="id" value=row.id.to_string()/>
                    <HiddenField name="back" value=back/>
                    <p class="text-sm text-ink-2">"You typed it in, so you can take it away. The balance of its account changes."</p>
                    <div><Button variant=Variant::Danger busy="Deleting…" attr:data-testid="transaction-delete">"Delete transaction"</Button></div>
                </PostForm>
            </div>
        </details>
    }
    .into_any()
}
