//! The table of transactions, grouped by day. Below 768 px each row becomes two lines.

use backend::categories::OwnCategory;
use domain::{
    Date, TransactionId, TransactionStatus, TransactionType, TransactionView,
    day::{format_day, format_day_short, format_iso},
};
use leptos::prelude::*;

use super::choices::label;
use crate::{
    form::use_form_for,
    routes,
    ui::{Amount, Badge, Cell, Column, DataTable, Mask, Place, TestBadge, Tone, money::raw},
};

/// Transactions, newest first, under a heading for each day.
#[component]
pub fn TransactionTable(
    /// The rows, in the order of the list.
    rows: Vec<TransactionView>,
    /// Today; other years are named in the headings.
    today: Date,
    /// What the table holds.
    #[prop(into)]
    caption: String,
    /// Leaves the account out, where the whole page is about one.
    #[prop(optional)]
    one_account: bool,
    /// The query of the list, for the way back from a row.
    #[prop(optional, into)]
    back: String,
    /// The person's own categories and words for ours.
    #[prop(optional)]
    own: Vec<OwnCategory>,
    /// Puts a tick before each row, where a form stands around the table: it is the list, and its rows open beside it.
    #[prop(optional)]
    ticks: bool,
    /// The row that is open beside the list.
    #[prop(default = None)]
    opened: Option<TransactionId>,
) -> AnyView {
    let ticked = ticks.then(|| use_form_for(routes::CHANGE_TRANSACTIONS).values("ids[]").to_vec());
    let mut columns = vec![Column::text("Merchant"), Column::text("Category")];
    if ticks {
        columns.insert(0, Column::unseen("Ticked"));
    }
    if !one_account {
        columns.push(Column::text("Account"));
    }
    columns.push(Column::number("Amount"));
    let width = columns.len();
    let shown = Shown { one_account, back, own, ticked, opened };
    let days = by_day(rows)
        .into_iter()
        .map(|(date, rows)| day_rows(date, today, rows, width, &shown))
        .collect_view();
    view! { <DataTable caption columns stacked=true>{days}</DataTable> }.into_any()
}

/// What every row of a table is shown by.
struct Shown {
    one_account: bool,
    back: String,
    own: Vec<OwnCategory>,
    /// The rows that are ticked, where there are ticks.
    ticked: Option<Vec<String>>,
    /// The row that is open beside the list.
    opened: Option<TransactionId>,
}

/// The rows of one day under their heading.
fn day_rows(
    date: Date,
    today: Date,
    rows: Vec<TransactionView>,
    width: usize,
    shown: &Shown,
) -> AnyView {
    let rows = rows.into_iter().map(|row| row_view(row, shown)).collect_view();
    view! {
        <tbody role="rowgroup">
            <tr role="row">
                <th role="rowheader" scope="rowgroup" colspan=width.to_string() class="day-heading">
                    <time datetime=format_iso(date)>{day_heading(date, today)}</time>
                </th>
            </tr>
            {rows}
        </tbody>
    }
    .into_any()
}

fn row_view(row: TransactionView, shown: &Shown) -> AnyView {
    let tick = shown.ticked.as_ref().map(|ticked| tick(&row, ticked));
    let amount = row.amount().map(|money| view! { <Amount money signed=true/> });
    let link = link(&row, shown);
    let is_open = shown.opened.as_ref() == Some(&row.id);
    let category = if row.split { "Split" } else { label(&shown.own, &row.category) }.to_owned();
    let tags: Vec<String> = row.tags.iter().map(|tag| format!(" #{tag}")).collect();
    let tags = tags.concat();
    let tags = (!tags.is_empty()).then(|| view! { <span class="text-ink-3">{tags}</span> });
    let left_out = row.excluded.then(|| view! { " " <Badge tone=Tone::Neutral>"Left out"</Badge> });
    let (r#type, status, excluded) = (row.r#type, row.status, row.excluded);
    let TransactionView { id, account_name, account_mask, description, merchant, invented, .. } =
        row;
    let pending = status == TransactionStatus::Pending;
    let original = merchant
        .filter(|merchant| !merchant.eq_ignore_ascii_case(&description))
        .map(|_| view! { <span class="original">{description}</span> });
    let account = (!shown.one_account).then(|| {
        view! {
            <Cell place=Place::UnderEnd>
                <span class="account-name"><span class="truncate">{account_name}</span> <Mask mask=account_mask/></span>
                <TestBadge invented/>
            </Cell>
        }
    });
    view! {
        <tr
            role="row"
            id=format!("row-{id}")
            data-testid="tx-row"
            data-id=id.to_string()
            data-minor=raw(row.signed_amount_cents)
            data-currency=row.currency
            data-state=status.as_str()
            data-excluded=excluded.then_some("true")
            data-open=is_open.then_some("true")
        >
            {tick}
            <Cell place=Place::Main>
                {link}
                {state(status, r#type)}
                {left_out}
                {original}
            </Cell>
            <Cell place=Place::Under>{category} {tags}</Cell>
            {account}
            <Cell place=Place::Amount>
                <span class=if pending { "italic" } else { "" }>{amount}</span>
            </Cell>
        </tr>
    }
    .into_any()
}

/// Rows of the list itself open beside it, those of other pages on a page of their own.
fn link(row: &TransactionView, shown: &Shown) -> AnyView {
    let href = if shown.ticked.is_some() {
        format!("{}#{}", routes::beside(&row.id, &shown.back), super::detail::BESIDE)
    } else {
        routes::transaction(&row.id, &shown.back)
    };
    let is_open = shown.opened.as_ref() == Some(&row.id);
    let title = row.title().to_owned();
    view! {
        <a
            href=href
            class="font-medium break-words text-ink hover:underline"
            aria-current=is_open.then_some("true")
        >
            {title}
        </a>
    }
    .into_any()
}

/// The tick before a row; ticked already when it was and the form came back.
fn tick(row: &TransactionView, ticked: &[String]) -> AnyView {
    let label = format!("{}, {}", row.title(), format_day(row.date));
    let id = row.id.to_string();
    let is_ticked = ticked.contains(&id);
    view! {
        <Cell place=Place::Tick>
            <label class="row-tick">
                <input type="checkbox" name="ids[]" value=id class="tick" checked=is_ticked/>
                <span class="sr-only">{label}</span>
            </label>
        </Cell>
    }
    .into_any()
}

/// What a pending row may still do, in words that everybody can read: nobody has to point at anything.
const PENDING: &str = "Pending, may change";

/// What else there is to say about a row, as a word.
fn state(status: TransactionStatus, r#type: TransactionType) -> Option<impl IntoView> {
    let (tone, word) = match (status, r#type) {
        (TransactionStatus::Pending, _) => (Tone::Neutral, PENDING),
        (TransactionStatus::Failed, _) => (Tone::Negative, TransactionStatus::Failed.label()),
        (TransactionStatus::Completed, TransactionType::Transfer) => {
            (Tone::Neutral, TransactionType::Transfer.label())
        }
        _ => return None,
    };
    Some(view! { " " <Badge tone>{word}</Badge> })
}

/// The rows of each day, in the order they come. A day that comes back gets a heading of its own.
pub fn by_day(rows: Vec<TransactionView>) -> Vec<(Date, Vec<TransactionView>)> {
    let mut days: Vec<(Date, Vec<TransactionView>)> = Vec::new();
    for row in rows {
        match days.last_mut() {
            Some((date, rows)) if *date == row.date => rows.push(row),
            _ => days.push((row.date, vec![row])),
        }
    }
    days
}

/// "Wed 10 June" in this year, "10 June 2025" in another.
pub fn day_heading(date: Date, today: Date) -> String {
    if date.year() == today.year() { format_day_short(date) } else { format_day(date) }
}

#[cfg(test)]
mod tests {
    use domain::AccountId;
    use time::macros::date;

    use super::*;

    fn row(id: &str, date: Date, minor: i64) -> TransactionView {
        TransactionView {
            id: TransactionId::new(id),
            account_id: AccountId::new("acc_1"),
            account_name: "Everyday".to_owned(),
            account_mask: Some("6789".to_owned()),
            date,
            description: format!("<b>{id}</b>"),
            merchant: None,
            category: "food.coffee".to_owned(),
            r#type: TransactionType::of(minor),
            status: TransactionStatus::Completed,
            amount_cents: minor.abs(),
            signed_amount_cents: minor,
            currency: "USD".to_owned(),
            note: None,
            tags: Vec::new(),
            split: false,
            excluded: false,
            invented: false,
        }
    }

    #[test]
    fn rows_stand_under_their_day_in_the_order_they_come() {
        let rows = vec![
            row("a", date!(2026 - 06 - 10), -450),
            row("b", date!(2026 - 06 - 10), -900),
            row("c", date!(2026 - 06 - 09), 100),
        ];

        let days = by_day(rows);

        let shape: Vec<_> = days.iter().map(|(date, rows)| (date.day(), rows.len())).collect();
        assert_eq!(shape, [(10, 2), (9, 1)]);
    }

    #[test]
    fn other_years_are_named_in_a_heading() {
        let today = date!(2026 - 06 - 10);

        assert_eq!(day_heading(today, today), "Wed 10 June");
        assert_eq!(day_heading(date!(2025 - 12 - 31), today), "31 December 2025");
    }

    #[test]
    fn a_row_carries_its_raw_values_and_escapes_the_banks_text() {
        let rows = vec![row("a", date!(2026 - 06 - 10), -450)];

        let html = Owner::new().with(|| {
            view! { <TransactionTable rows today=date!(2026 - 06 - 10) caption="Transactions" back="q=x"/> }
                .to_html()
        });

        for part in [
            r#"href="/transactions/a?back=q%3Dx""#,
            r#"data-testid="tx-row""#,
            r#"data-id="a""#,
            r#"data-minor="-450""#,
            r#"data-currency="USD""#,
            r#"data-state="completed""#,
            "−$4.50",
            "Coffee",
            "ending in 6 7 8 9",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("<b>"), "{html}");
        assert!(!html.contains("checkbox"), "{html}");
    }

    #[test]
    fn a_tick_is_labelled_with_its_row() {
        let rows = vec![row("a", date!(2026 - 06 - 10), -450)];

        let html = Owner::new().with(|| {
            let opened = Some(TransactionId::new("a"));
            view! { <TransactionTable rows today=date!(2026 - 06 - 10) caption="Transactions" back="q=x" ticks=true opened/> }
                .to_html()
        });

        assert!(html.contains(r#"href="/transactions?q=x&amp;row=a#row-details""#), "{html}");
        assert!(html.contains(r#"aria-current="true""#), "{html}");

        for part in [r#"name="ids[]""#, r#"value="a""#, ", 10 June 2026", r#"colspan="5""#] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
