//! `/transactions/delete`: what a deletion would take away, and the button that does it. The list and its keys lead here.

use backend::{
    Error,
    transactions::{self, Deletion, Goes},
};
use domain::{
    FieldError, Money,
    batch::{BatchForm, BatchKind},
    day::format_day,
    query::Pairs,
};
use leptos::prelude::*;

use crate::{
    routes,
    server::{new_key, reject, signed_in},
    ui::{
        Amount, AmountText, AppShell, Button, HiddenField, LinkButton, Notice, PostForm, Section,
        Tone, Variant,
        count::{count, grouped},
        load::load,
        query::{find, page_query},
    },
};

/// Asks before transactions are deleted.
#[component]
pub fn DeleteTransactionsPage() -> impl IntoView {
    let query = page_query();
    load(async move {
        let (backend, caller) = signed_in()?;
        let form = asked(&query);
        let look = match transactions::deletion(&backend, &caller, &form).await {
            Ok(look) => Ok(look),
            Err(Error::Invalid(errors)) => Err(errors),
            Err(error) => return Err(reject(error)),
        };
        let back = find(&query, "back").unwrap_or_default().to_owned();
        Ok(page(form, look, back))
    })
}

/// Which rows the address means.
fn asked(query: &Pairs) -> BatchForm {
    let text = |name| find(query, name).unwrap_or_default().to_owned();
    BatchForm {
        ids: text("ids").split(',').map(str::to_owned).collect(),
        all: text("all"),
        filter: text("filter"),
        action: BatchKind::Delete.as_str().to_owned(),
        ..BatchForm::default()
    }
}

fn page(form: BatchForm, look: Result<Deletion, Vec<FieldError>>, back: String) -> impl IntoView {
    let list = routes::transactions_back(&back);
    let cancel = list.clone();
    let goes = look.as_ref().map_or(0, |look| look.goes);
    let title = if goes == 0 {
        "Nothing to delete".to_owned()
    } else {
        format!("Delete {}?", count(goes, "transaction"))
    };
    let body = match look {
        Ok(look) => view! { <Consequences look/> }.into_any(),
        Err(errors) => errors
            .into_iter()
            .map(|error| view! { <Notice tone=Tone::Negative><p>{error.message}</p></Notice> })
            .collect_view()
            .into_any(),
    };
    let confirm = (goes > 0).then(|| view! { <Confirm form goes back/> });
    view! {
        <AppShell page="transactions-delete" title section=Section::Transactions back=("Transactions", list)>
            <div class="card flex max-w-xl flex-col gap-5 p-4 md:p-6">
                {body}
                <div class="flex flex-wrap gap-3">
                    {confirm}
                    <LinkButton href=cancel variant=Variant::Secondary>{if goes == 0 { "Back to the list" } else { "Cancel" }}</LinkButton>
                </div>
            </div>
        </AppShell>
    }
}

/// What goes, what that does to balances, and what stays.
#[component]
fn Consequences(look: Deletion) -> AnyView {
    let Deletion { goes, stays, changes, first } = look;
    let more = goes - i64::try_from(first.len()).unwrap_or(goes);
    let more = (more > 0)
        .then(|| view! { <li class="text-ink-2">{format!("and {} more", grouped(more))}</li> });
    let effect = (goes > 0).then(|| {
        view! {
            <p data-testid="delete-effect">{effect(&changes)} " You can undo this for 30 days."</p>
        }
    });
    let rows = (goes > 0).then(|| {
        let rows = first.into_iter().map(row).collect_view();
        view! { <ul class="flex flex-col gap-2 text-sm" aria-label="What goes">{rows} {more}</ul> }
    });
    let stays = (stays > 0).then(|| {
        let verb = if stays == 1 { "stays" } else { "stay" };
        let words = format!(
            "{} {verb}: only what was typed in and is no transfer can be deleted.",
            count(stays, "transaction")
        );
        view! { <Notice><p>{words}</p></Notice> }
    });
    view! { {effect} {rows} {stays} }.into_any()
}

fn row(row: Goes) -> impl IntoView {
    let amount = row.amount.map(|money| view! { <Amount money signed=true/> });
    view! {
        <li class="flex items-baseline justify-between gap-4" data-testid="delete-row" data-id=row.id.to_string()>
            <span class="min-w-0 break-words">{row.title} <span class="text-ink-2">", " {format_day(row.date)}</span></span>
            <span class="shrink-0">{amount}</span>
        </li>
    }
}

/// "Your balance in the app will change by $42.00."
fn effect(changes: &[Money]) -> String {
    let sums = changes.iter().filter(|sum| sum.minor != 0).map(|sum| sum.shown_absolute());
    let sums: Vec<String> = sums.collect();
    if sums.is_empty() {
        "Your balance in the app will stay as it is.".to_owned()
    } else {
        format!("Your balance in the app will change by {}.", sums.join(" and "))
    }
}

#[component]
fn Confirm(form: BatchForm, goes: i64, back: String) -> AnyView {
    let page = routes::delete_transactions(&form, &back);
    let ids = if form.all.is_empty() { form.ids } else { Vec::new() };
    let ids =
        ids.into_iter().map(|id| view! { <HiddenField name="ids[]" value=id/> }).collect_view();
    let label = format!("Delete {}", count(goes, "transaction"));
    view! {
        <PostForm action=routes::CHANGE_TRANSACTIONS page prefix="delete-" class="flex">
            <HiddenField name="idempotencyKey" value=new_key()/>
            {ids}
            <HiddenField name="all" value=form.all/>
            <HiddenField name="filter" value=form.filter/>
            <HiddenField name="action" value=form.action/>
            <HiddenField name="back" value=back/>
            <HiddenField name="confirmed" value="yes"/>
            <Button variant=Variant::Danger busy="Deleting…" attr:data-testid="delete-submit">{label}</Button>
        </PostForm>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::{Currency, query};

    use super::*;

    #[test]
    fn a_balance_changes_by_one_sum_a_currency_or_not_at_all() {
        let usd = |minor| Money::new(minor, Currency::USD);

        assert_eq!(effect(&[usd(4_200)]), "Your balance in the app will change by $42.00.");
        assert_eq!(effect(&[usd(-4_200)]), "Your balance in the app will change by $42.00.");
        assert_eq!(effect(&[usd(0)]), "Your balance in the app will stay as it is.");
    }

    #[test]
    fn the_address_names_rows_or_all_that_match() {
        let ticked = asked(&query::parse("ids=a%2Cb&back=q%3Dx"));
        assert_eq!((ticked.ids.clone(), &*ticked.all), (vec!["a".to_owned(), "b".to_owned()], ""));
        assert_eq!(
            routes::delete_transactions(&ticked, "q=x"),
            "/transactions/delete?ids=a%2Cb&back=q%3Dx"
        );

        let all = asked(&query::parse("all=on&filter=tag%3Dtrip"));
        assert_eq!((&*all.all, &*all.filter), ("on", "tag=trip"));
        assert_eq!(
            routes::delete_transactions(&all, ""),
            "/transactions/delete?all=on&filter=tag%3Dtrip"
        );
    }
}
