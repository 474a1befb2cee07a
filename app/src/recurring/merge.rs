//! `/recurring/{id}/merge?into=…`: what would be joined, before it is.

use backend::recurring::{MergeLook, SeriesRow};
use domain::{Currency, Money, day, recurring::SeriesView};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    api::get_merge,
    words::{StatusWord, notes, when},
};
use crate::{
    AppError, routes,
    ui::{
        Amount, AmountText, AppShell, Button, Card, Cell, Column, DataTable, HiddenField,
        LinkButton, Place, PostForm, Section, Variant,
        load::load,
        query::{find, page_query},
    },
};

/// Both series with their rows, and the button that makes them one.
#[component]
pub fn MergePage() -> impl IntoView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    let into = find(&page_query(), "into").unwrap_or_default().to_owned();
    load(async move {
        let look = match get_merge(id, into).await {
            // No such pair: an address that was made up, or two that are one by now.
            Err(AppError::Invalid(_)) => return Err(AppError::NotFound),
            look => look?,
        };
        let MergeLook { series, into, rows, into_rows } = look;
        let back = ("This series", routes::series(&series.id));
        Ok(view! {
            <AppShell page="series-merge" title="Merge two series" section=Section::Recurring back>
                <div class="flex flex-col gap-4">
                    <Sure series=series.clone() other=into.clone()/>
                    <Side id="merge-from" testid="merge-from" series rows/>
                    <Side id="merge-into" testid="merge-into" series=into rows=into_rows/>
                </div>
            </AppShell>
        })
    })
}

/// What a merge does, and the two ways on.
#[component]
fn Sure(series: SeriesView, other: SeriesView) -> AnyView {
    let (page, back) = (routes::series_merge(&series.id, &other.id), routes::series(&series.id));
    let (id, target) = (series.id.to_string(), other.id.to_string());
    let what = joined(&series, &other);
    let stays = stays(&other);
    view! {
        <section class="card flex min-w-0 flex-col gap-3 p-4 md:p-6" data-testid="merge-look">
            <p>{what}</p>
            <p class="text-ink-2">{stays} " This can't be undone."</p>
            <PostForm action=routes::MERGE_SERIES page class="flex flex-wrap gap-3">
                <HiddenField name="id" value=id/>
                <HiddenField name="into" value=target/>
                <Button busy="Merging…" attr:data-testid="merge-confirm">"Merge"</Button>
                <LinkButton href=back variant=Variant::Ghost>"Cancel"</LinkButton>
            </PostForm>
        </section>
    }
    .into_any()
}

/// "3 transactions of Netflix join the 5 of Comcast Xfinity: 8 in all."
fn joined(series: &SeriesView, into: &SeriesView) -> String {
    let count = match series.rows {
        1 => format!("1 transaction of {} joins", series.merchant),
        rows => format!("{rows} transactions of {} join", series.merchant),
    };
    let all = series.rows.saturating_add(into.rows);
    format!("{count} the {} of {}: {all} in all.", into.rows, into.merchant)
}

/// "Only Comcast Xfinity is expected from then on: −$79.99, monthly."
fn stays(into: &SeriesView) -> String {
    let amount = into.amount().map(AmountText::shown).unwrap_or_default();
    let cadence = into.cadence.label().to_lowercase();
    format!("Only {} is expected from then on: {amount}, {cadence}.", into.merchant)
}

/// One of the two, with its rows.
#[component]
fn Side(
    id: &'static str,
    testid: &'static str,
    series: SeriesView,
    rows: Vec<SeriesRow>,
) -> AnyView {
    let columns = vec![Column::text("Date"), Column::text("Transaction"), Column::number("Amount")];
    let currency = Currency::parse(&series.currency).ok();
    let money = series.amount();
    let about = format!("{} · {}", when(&series), notes(&series));
    let caption = format!("The transactions of {}, the newest first", series.merchant);
    let rows = rows
        .into_iter()
        .map(|row| {
            let money = currency.map(|currency| Money::new(row.amount_minor, currency));
            let href = routes::transaction(&row.id, "");
            view! {
                <tr role="row" data-testid="merge-row">
                    <Cell place=Place::Under>{day::format_day(row.date)}</Cell>
                    <Cell place=Place::Main><a href=href class="row-link">{row.title}</a></Cell>
                    <Cell place=Place::Amount>{money.map(|money| view! { <Amount money signed=true/> })}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div data-testid=testid>
            <Card id title=series.merchant flush=true>
                <p class="flex flex-wrap items-center justify-between gap-3 px-4 pb-3 text-sm text-ink-2 md:px-5">
                    <span>{about}</span>
                    <span class="flex items-center gap-3">
                        {money.map(|money| view! { <Amount money signed=true/> })}
                        <StatusWord status=series.status/>
                    </span>
                </p>
                <DataTable caption columns stacked=true>
                    <tbody role="rowgroup">{rows}</tbody>
                </DataTable>
            </Card>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::{
        AccountId, SeriesId,
        recurring::{Cadence, Kind},
        states::series::{SeriesDecision, SeriesStatus},
    };
    use time::macros::date;

    use super::*;

    fn series(merchant: &str, minor: i64, rows: i64) -> SeriesView {
        SeriesView {
            id: SeriesId::new(merchant),
            account_id: AccountId::new("a1"),
            account_name: "Checking".to_owned(),
            merchant: merchant.to_owned(),
            cadence: Cadence::Monthly,
            kind: Kind::Fixed,
            status: SeriesStatus::Active,
            decision: SeriesDecision::Open,
            amount_minor: minor,
            currency: "USD".to_owned(),
            next_date: date!(2026 - 06 - 15),
            last_date: date!(2026 - 05 - 15),
            change: None,
            rows,
        }
    }

    #[test]
    fn a_merge_says_what_is_joined_and_what_stays() {
        let (film, cable) = (series("Netflix", -1_549, 3), series("Comcast Xfinity", -7_999, 5));

        assert_eq!(
            joined(&film, &cable),
            "3 transactions of Netflix join the 5 of Comcast Xfinity: 8 in all."
        );
        let one = SeriesView { rows: 1, ..film };
        assert!(joined(&one, &cable).starts_with("1 transaction of Netflix joins the 5"));
        assert_eq!(
            stays(&cable),
            "Only Comcast Xfinity is expected from then on: −$79.99, monthly."
        );
    }
}
