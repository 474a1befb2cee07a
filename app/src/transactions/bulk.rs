//! The bar over the list that changes many rows at once. Without script it is a plain form around the rows with their
//! ticks; on phones it opens first.

use backend::{categories::OwnCategory, transactions::BatchView};
use domain::batch::{BatchKind, Deed};
use leptos::prelude::*;

use super::choices;
use crate::{
    form::use_form_for,
    routes,
    server::new_key,
    ui::{
        Button, Choice, HiddenField, PostForm, SelectField, TextField, Variant,
        count::{count, grouped},
        query::with_query,
    },
};

/// The form around the rows (the children).
#[component]
pub fn Bulk(
    /// How many rows match.
    total: i64,
    /// The filters of the list, as the query of an address.
    filter: String,
    /// The query of the list, for the way back.
    back: String,
    /// The person's own categories and words for ours.
    own: Vec<OwnCategory>,
    children: Children,
) -> AnyView {
    let refused = use_form_for(routes::CHANGE_TRANSACTIONS);
    let (is_open, all) = (refused.was_posted(), !refused.values("all").is_empty());
    let actions =
        BatchKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.label())).collect();
    let every = format!("All {} that match", grouped(total));
    view! {
        <PostForm
            action=routes::CHANGE_TRANSACTIONS
            page=with_query(routes::TRANSACTIONS, &back)
            prefix="bulk-"
            class="bulk"
        >
            <HiddenField name="idempotencyKey" value=new_key()/>
            <HiddenField name="filter" value=filter/>
            <HiddenField name="back" value=back/>
            <div class="flex flex-wrap items-center gap-x-6">
                <label class="flex min-h-8 items-center gap-2.5 text-sm md:hidden">
                    <input type="checkbox" id="bulk-open" class="tick" checked=is_open/>
                    "Change several"
                </label>
                <label class="bulk-all">
                    <input type="checkbox" id="bulk-all" name="all" value="on" class="tick" checked=all/>
                    {every}
                </label>
            </div>
            <div class="bulk-bar card" data-testid="bulk-bar">
                <SelectField name="action" label="With what is ticked" choices=actions placeholder="Choose what to do"/>
                <div class="bulk-category">
                    <SelectField name="category" label="Category to set" choices=choices::categories(&own) placeholder="Choose a category"/>
                </div>
                <div class="bulk-tag">
                    <TextField name="tag" label="Tag to add or remove" maxlength=40/>
                </div>
                <div class="self-end">
                    <Button variant=Variant::Secondary busy="Changing…" attr:data-testid="bulk-submit">"Change"</Button>
                </div>
            </div>
            <div class="card" id="bulk-ids" tabindex="-1">{children()}</div>
        </PostForm>
    }
    .into_any()
}

/// "2 transactions are in Travel now. 1 stays as it is."
pub(super) fn outcome(batch: &BatchView, own: &[OwnCategory]) -> String {
    let (rows, value) =
        (count(batch.changed, "transaction"), batch.value.as_deref().unwrap_or_default());
    let done = match batch.deed {
        _ if batch.changed == 0 => "Nothing changed.".to_owned(),
        Deed::Category => {
            let is = if batch.changed == 1 { "is" } else { "are" };
            format!("{rows} {is} in {} now.", choices::label(own, value))
        }
        Deed::AddTag => format!("Tag #{value} added to {rows}."),
        Deed::RemoveTag => format!("Tag #{value} removed from {rows}."),
        Deed::Exclude => format!("{rows} left out of budgets."),
        Deed::Include => format!("{rows} counted in budgets."),
        Deed::Delete => format!("{rows} deleted."),
        Deed::Rule => format!("{rows} changed by “{value}”."),
        Deed::Edit | Deed::Split => format!("{rows} changed."),
    };
    let stay = match (batch.deed, batch.skipped) {
        (_, 0) => String::new(),
        (Deed::Delete, n) => {
            format!(
                " {} not: only what was typed in and is no transfer can be deleted.",
                grouped(n)
            )
        }
        (_, 1) => " 1 stays as it is.".to_owned(),
        (_, n) => format!(" {} stay as they are.", grouped(n)),
    };
    format!("{done}{stay}")
}

/// "Undone. 3 transactions are as they were. 2 were changed since and stay."
pub(super) fn undone(batch: &BatchView) -> String {
    if batch.restored == 0 && batch.changed > 0 {
        let were = if batch.changed == 1 { "it was" } else { "all of them were" };
        return format!("Nothing was undone: {were} changed since.");
    }
    let is = if batch.restored == 1 { "is as it was" } else { "are as they were" };
    let kept = match batch.changed - batch.restored {
        0 => String::new(),
        1 => " 1 was changed since and stays.".to_owned(),
        n => format!(" {} were changed since and stay.", grouped(n)),
    };
    format!("Undone. {} {is}.{kept}", count(batch.restored, "transaction"))
}

#[cfg(test)]
mod tests {
    use domain::BatchId;
    use time::macros::datetime;

    use super::*;

    fn batch(deed: Deed, value: Option<&str>, changed: i64, skipped: i64) -> BatchView {
        BatchView {
            id: BatchId::new("b"),
            deed,
            value: value.map(str::to_owned),
            changed,
            skipped,
            restored: 0,
            created_at: datetime!(2026-05-04 12:00 UTC),
            undone_at: None,
            undo_until: None,
        }
    }

    #[test]
    fn what_was_done_is_said_in_words() {
        for (made, words) in [
            (batch(Deed::Category, Some("food.coffee"), 2, 0), "2 transactions are in Coffee now."),
            (
                batch(Deed::Category, Some("food.coffee"), 1, 1),
                "1 transaction is in Coffee now. 1 stays as it is.",
            ),
            (
                batch(Deed::AddTag, Some("trip"), 1_204, 3),
                "Tag #trip added to 1,204 transactions. 3 stay as they are.",
            ),
            (
                batch(Deed::Delete, None, 1, 2),
                "1 transaction deleted. 2 not: only what was typed in and is no transfer can be deleted.",
            ),
            (batch(Deed::Exclude, None, 0, 2), "Nothing changed. 2 stay as they are."),
        ] {
            assert_eq!(outcome(&made, &[]), words);
        }
    }

    #[test]
    fn what_stays_after_an_undo_is_counted() {
        let back = |restored| undone(&BatchView { restored, ..batch(Deed::Exclude, None, 3, 0) });

        assert_eq!(back(3), "Undone. 3 transactions are as they were.");
        assert_eq!(
            back(2),
            "Undone. 2 transactions are as they were. 1 was changed since and stays."
        );
        assert_eq!(back(1), "Undone. 1 transaction is as it was. 2 were changed since and stay.");
        assert_eq!(back(0), "Nothing was undone: all of them were changed since.");
        let one = undone(&batch(Deed::Edit, None, 1, 0));
        assert_eq!(one, "Nothing was undone: it was changed since.");
    }
}
