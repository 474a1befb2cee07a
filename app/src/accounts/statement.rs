//! `/accounts/{id}/statements/{month}`: a statement that prints on paper, and the list of those there are.

use backend::accounts::Statement;
use domain::{
    AccountId, Currency, Money, Month, day,
    export::{MonthlyStatement, StatementLine},
    mask_label,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    AppError, routes,
    server::{reject, signed_in},
    ui::{
        Amount, AppShell, Card, Cell, Column, DataTable, EmptyState, Place, Section, TestBadge,
        load::load,
    },
};

/// Months that are shown before the rest is folded away.
const SHOWN: usize = 6;
/// The id of the rows, which the figures lead to.
const ROWS: &str = "statement-rows";

/// The statement of one of the caller's accounts in a month.
#[server(prefix = "/api/fn", endpoint = "accounts/statement")]
pub async fn get_statement(id: AccountId, month: Month) -> Result<Statement, AppError> {
    let (backend, caller) = signed_in()?;
    backend::accounts::statement(&backend, &caller, &id, month).await.map_err(reject)
}

/// The months that have a statement, the newest first.
#[server(prefix = "/api/fn", endpoint = "accounts/statements")]
pub async fn list_statements(id: AccountId) -> Result<Vec<Month>, AppError> {
    let (backend, caller) = signed_in()?;
    backend::accounts::statements(&backend, &caller, &id).await.map_err(reject)
}

/// The months with a statement, on the page of an account.
#[component]
pub(super) fn Statements(id: AccountId, months: Vec<Month>) -> AnyView {
    if months.is_empty() {
        return ().into_any();
    }
    let mut links: Vec<AnyView> = months.into_iter().map(|month| link(&id, month)).collect();
    let earlier = links.split_off(links.len().min(SHOWN));
    let rest = (!earlier.is_empty()).then(|| {
        view! {
            <details class="disclosure mt-1">
                <summary>"Earlier months"</summary>
                <ul class="mt-1 grid grid-cols-2 gap-x-4">{earlier}</ul>
            </details>
        }
    });
    view! {
        <Card id="statements" title="Statements">
            <ul class="grid grid-cols-2 gap-x-4 text-sm">{links}</ul>
            {rest}
        </Card>
    }
    .into_any()
}

fn link(id: &AccountId, month: Month) -> AnyView {
    let (page, file) = (routes::statement(id, month), routes::statement_csv(id, month));
    view! {
        <li class="flex flex-wrap items-center gap-x-3">
            <a href=page class="link inline-flex min-h-8 items-center">{month.label()}</a>
            <a href=file class="link inline-flex min-h-8 items-center text-ink-2" download="">
                "CSV" <span class="sr-only">{format!(" {month}")}</span>
            </a>
        </li>
    }
    .into_any()
}

/// One statement.
#[component]
pub fn StatementPage() -> impl IntoView {
    let params = use_params_map().read_untracked().clone();
    let id = AccountId::new(params.get("id").unwrap_or_default());
    let month = params.get("month").and_then(|month| month.parse::<Month>().ok());
    load(async move {
        let month = month.ok_or(AppError::NotFound)?;
        let found = get_statement(id, month).await?;
        let account = &found.account;
        let title = format!("{}, {}", account.display_name(), month.label());
        let back = routes::account(&account.id);
        Ok(view! {
            <AppShell page="statement" title section=Section::Accounts back=("the account", back)>
                <div class="flex flex-col gap-4"><Sheet found/></div>
            </AppShell>
        })
    })
}

/// Opening, in, out, closing, and every row. The rows behind in, out and closing are those of the page; the balance before
/// has a statement of its own.
#[component]
fn Sheet(found: Statement) -> AnyView {
    let Statement { account, sheet } = found;
    let MonthlyStatement {
        month,
        currency,
        opening_minor,
        in_minor,
        out_minor,
        closing_minor,
        lines,
    } = sheet;
    let mut head = vec![account.bank_name.clone(), account.account_type.label().to_owned()];
    head.extend(account.mask.as_deref().map(|mask| mask_label(Some(mask))));
    let days = format!(
        "{} to {}",
        day::format_day_short(month.first_day()),
        day::format_day(month.last_day())
    );
    let before = routes::statement(&account.id, month.previous());
    let (csv, rows) = (routes::statement_csv(&account.id, month), format!("#{ROWS}"));
    let figure = |label: &'static str, id: &'static str, minor: i64, href: String| {
        let money = Money::new(minor, currency);
        view! {
            <div class="card min-w-0 px-3 py-3 md:px-5">
                <dt class="text-sm text-ink-2">{label}</dt>
                <dd class="text-base font-semibold break-words md:text-xl" data-testid=id>
                    <a href=href class="figure-link"><Amount money/></a>
                </dd>
            </div>
        }
    };
    view! {
        <p class="text-ink-2">
            <a href=routes::account(&account.id) class="link">{account.display_name()}</a>
            <TestBadge invented=account.invented/>
            {format!(" · {} · {days}", head.join(" · "))}
        </p>
        <dl class="grid grid-cols-2 gap-3 md:grid-cols-4 print:grid-cols-4" data-testid="statement-sums">
            {figure("Opening balance", "statement-opening", opening_minor, before)}
            {figure("Money in", "statement-in", in_minor, rows.clone())}
            {figure("Money out", "statement-out", -out_minor, rows.clone())}
            {figure("Closing balance", "statement-closing", closing_minor, rows)}
        </dl>
        <Rows lines currency/>
        <p class="text-sm text-ink-2">
            "Transactions that the bank has posted, in the currency of the account. Print this page to keep it on paper."
            " "
            <a href=csv class="link inline-flex min-h-6 items-center print:hidden" download="" data-testid="statement-csv">"Download as CSV"</a>
        </p>
    }
    .into_any()
}

#[component]
fn Rows(lines: Vec<StatementLine>, currency: Currency) -> AnyView {
    if lines.is_empty() {
        return view! { <div id=ROWS class="card"><EmptyState text="Nothing came in or went out in this month."/></div> }
            .into_any();
    }
    let columns = vec![Column::text("Date"), Column::text("Transaction"), Column::number("Amount")];
    let rows = lines
        .into_iter()
        .map(|line| {
            let row = line.row;
            let money = Money::new(row.minor, currency);
            let href = routes::transaction(&row.id, "");
            view! {
                <tr role="row" data-testid="statement-row" data-id=row.id.to_string()>
                    <Cell place=Place::Under>{day::format_day_short(row.date)}</Cell>
                    <Cell place=Place::Main><a href=href class="row-link">{row.title}</a></Cell>
                    <Cell place=Place::Amount><Amount money signed=true/></Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section id=ROWS class="card min-w-0" aria-label="Transactions">
            <DataTable caption="The transactions of this month, the oldest first" columns stacked=true>
                <tbody role="rowgroup">{rows}</tbody>
            </DataTable>
        </section>
    }
    .into_any()
}
