//! Where the month went: the totals of its categories as bars, largest first, each a link to its rows.

use backend::categories::OwnCategory;
use domain::{CategoryTotal, Counted, Currency, Money, Month, TransactionFilter};
use leptos::prelude::*;

use crate::{
    routes,
    transactions::category_label,
    ui::{
        Amount, EmptyState,
        count::count,
        money::{WHOLE, raw, share},
        query::address,
    },
};

/// How many bars are shown before the rest folds away.
const SHOWN: usize = 7;

/// The card with the month's spending and income by category.
#[component]
pub fn Categories(
    /// The totals of the month, in any order.
    totals: Vec<CategoryTotal>,
    /// The month.
    month: Month,
    /// The person's own categories and words for ours.
    own: Vec<OwnCategory>,
) -> AnyView {
    let sides = sides(totals);
    let body = if sides.is_empty() {
        view! { <EmptyState text=format!("Nothing spent in {}.", month.label())/> }.into_any()
    } else {
        let sides = sides
            .into_iter()
            .map(|(label, totals)| view! { <Side label totals month own=own.clone()/> })
            .collect_view();
        view! { <div class="flex flex-col gap-5 px-4 pb-4 md:px-5 md:pb-5">{sides}</div> }
            .into_any()
    };
    view! {
        <section class="card min-w-0" aria-labelledby="categories" data-testid="dashboard-categories">
            <h2 id="categories" class="flex min-h-12 items-center px-4 pt-2 text-base font-semibold md:px-5">
                {format!("By category, {}", month.label())}
            </h2>
            {body}
        </section>
    }
    .into_any()
}

/// Bars of one direction.
#[component]
fn Side(label: String, totals: Vec<CategoryTotal>, month: Month, own: Vec<OwnCategory>) -> AnyView {
    let largest = totals.iter().map(|total| total.minor.saturating_abs()).max().unwrap_or(1);
    let bar = |total: &CategoryTotal| {
        let name = category_label(&own, &total.category).to_owned();
        view! { <Bar total=total.clone() name largest month/> }
    };
    let (first, rest) = totals.split_at(totals.len().min(SHOWN));
    let first = first.iter().map(bar).collect_view();
    let rest = (!rest.is_empty()).then(|| {
        let words = format!("Show {} more", rest.len());
        let bars = rest.iter().map(bar).collect_view();
        view! {
            <details class="disclosure mt-2">
                <summary>{words}</summary>
                <ul class="mt-2 flex flex-col gap-3">{bars}</ul>
            </details>
        }
    });
    view! {
        <div>
            {(!label.is_empty()).then(|| view! {
                <h3 class="mb-2 text-sm font-medium text-ink-2">{label}</h3>
            })}
            <ul class="flex flex-col gap-3">{first}</ul>
            {rest}
        </div>
    }
    .into_any()
}

/// One category: name, amount, and its length against the largest.
#[component]
fn Bar(total: CategoryTotal, name: String, largest: i64, month: Month) -> AnyView {
    let money =
        Currency::parse(&total.currency).ok().map(|currency| Money::new(total.minor, currency));
    let href = href(&total, month);
    view! {
        <li
            data-testid="dashboard-category"
            data-id=total.category.clone()
            data-minor=raw(total.minor)
            data-currency=total.currency.clone()
        >
            <a href=href class="bar-link" title=count(total.count, "transaction")>
                <span class="min-w-0 truncate">{name}</span>
                {money.map(|money| view! { <Amount money signed=true/> })}
            </a>
            <progress
                class="bar"
                aria-hidden="true"
                max=WHOLE
                value=share(total.minor.saturating_abs(), largest)
            ></progress>
        </li>
    }
    .into_any()
}

/// The rows behind a bar.
fn href(total: &CategoryTotal, month: Month) -> String {
    let filter = TransactionFilter {
        category: Some(total.category.clone()),
        currency: Currency::parse(&total.currency).ok(),
        counted: Some(Counted::Spending),
        from: Some(month.first_day()),
        to: Some(month.last_day()),
        ..TransactionFilter::default()
    };
    address(routes::TRANSACTIONS, &filter.to_pairs())
}

/// What was spent, then what came back, of each currency, largest first. One currency needs no name over its
/// spending. Categories that balance to zero are left out.
fn sides(totals: Vec<CategoryTotal>) -> Vec<(String, Vec<CategoryTotal>)> {
    let mut currencies: Vec<String> = Vec::new();
    for total in &totals {
        if !currencies.contains(&total.currency) {
            currencies.push(total.currency.clone());
        }
    }
    let several = currencies.len() > 1;
    let mut sides = Vec::new();
    for currency in currencies {
        let mut of_it: Vec<CategoryTotal> = totals
            .iter()
            .filter(|total| total.currency == currency && total.minor != 0)
            .cloned()
            .collect();
        of_it.sort_by_key(|total| std::cmp::Reverse(total.minor.saturating_abs()));
        let (spent, back): (Vec<_>, Vec<_>) = of_it.into_iter().partition(|total| total.minor < 0);
        let back_label = if several { format!("Back, {currency}") } else { "Back".to_owned() };
        sides.push((if several { currency } else { String::new() }, spent));
        sides.push((back_label, back));
    }
    sides.retain(|(_, totals)| !totals.is_empty());
    sides
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(category: &str, minor: i64) -> CategoryTotal {
        CategoryTotal { category: category.to_owned(), currency: "USD".to_owned(), minor, count: 1 }
    }

    #[test]
    fn the_largest_comes_first_and_what_came_back_stands_apart() {
        let totals = vec![
            total("food.coffee", -500),
            total("travel.flights", 9_000),
            total("housing.rent", -118_400),
            total("shopping.online", 0),
        ];

        let sides = sides(totals);

        let shape: Vec<(&str, Vec<&str>)> = sides
            .iter()
            .map(|(label, totals)| {
                (label.as_str(), totals.iter().map(|t| t.category.as_str()).collect())
            })
            .collect();
        assert_eq!(
            shape,
            [("", vec!["housing.rent", "food.coffee"]), ("Back", vec!["travel.flights"])]
        );
    }

    #[test]
    fn two_currencies_have_bars_of_their_own() {
        let euros = CategoryTotal { currency: "EUR".to_owned(), ..total("food.coffee", -900) };

        let sides = sides(vec![total("food.coffee", -500), euros]);

        let labels: Vec<&str> = sides.iter().map(|(label, _)| label.as_str()).collect();
        assert_eq!(labels, ["USD", "EUR"]);
    }

    #[test]
    fn a_bar_leads_to_the_rows_of_its_category_in_the_month() {
        let month = "2026-05".parse().unwrap();

        assert_eq!(
            href(&total("food.coffee", -500), month),
            "/transactions?category=food.coffee&currency=USD&counted=spending&from=2026-05-01&to=2026-05-31"
        );
    }

    #[test]
    fn more_than_seven_fold_away() {
        let totals = (1..=10).map(|n| total("food.coffee", -n)).collect();
        let month = "2026-05".parse().unwrap();

        let html =
            Owner::new().with(|| view! { <Categories totals month own=Vec::new()/> }.to_html());

        assert!(html.contains("Show 3 more"), "{html}");
        assert!(!html.contains("style="), "{html}");
    }
}
