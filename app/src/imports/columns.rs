//! How the file is read: questions it leaves open, columns, formats, sign. A form on the preview's own address.

use backend::imports::Preview;
use domain::{
    import::{DateFormat, Decimal, ImportOptions, Question, Role},
    query::Pairs,
};
use leptos::prelude::*;

use super::questions::Questions;
use crate::{
    routes,
    ui::{
        Button, Choice, FilterSelect, GetForm, Options, Variant,
        money::veiled,
        query::{address, find},
    },
};

/// Stays in the address as long as columns are being chosen.
const STEP: &str = "step";
const COLUMNS: &str = "columns";

/// The columns a person can choose, in this order.
const ROLES: [Role; 11] = [
    Role::Date,
    Role::Description,
    Role::Amount,
    Role::Debit,
    Role::Credit,
    Role::Indicator,
    Role::Currency,
    Role::Category,
    Role::Note,
    Role::Balance,
    Role::ExternalId,
];

/// Open questions on top; everything else folded away, as it was understood.
#[component]
pub fn Reading(
    /// The preview.
    preview: Preview,
    /// Whether columns are being chosen: something is open, or the person has not gone on yet.
    asked: bool,
) -> AnyView {
    if preview.is_plain() {
        return ().into_any();
    }
    let path = routes::import(&preview.import.id);
    let needs_columns = (asked && preview.questions.is_empty())
        || preview.questions.iter().any(|question| matches!(question, Question::Columns { .. }));
    let values = values(&preview);
    let (label, variant) =
        if asked { ("Continue", Variant::Primary) } else { ("Update preview", Variant::Secondary) };
    let class =
        if asked { "card flex flex-col gap-5 p-4 md:p-5" } else { "card px-4 py-3 md:px-5" };
    let summary =
        if preview.columns.is_empty() { "How it is written" } else { "Columns and formats" };
    let sign = (!asked && !preview.sign_proven).then(|| view! { <Sign preview=preview.clone()/> });
    let look = (asked && !preview.columns.is_empty()).then(|| {
        view! {
            <Button
                variant=Variant::Secondary
                attr:name=STEP
                attr:value=COLUMNS
                attr:data-testid="import-look-again"
            >
                "Update the preview"
            </Button>
        }
    });
    let button = view! {
        <div class="flex flex-wrap gap-3">
            <Button variant attr:data-testid="import-read-again">{label}</Button>
            {look}
        </div>
    };
    let (outside, inside) = if asked { (Some(button), None) } else { (None, Some(button)) };
    view! {
        <GetForm action=path query=values label="How the file is read" class>
            {sign}
            {asked.then(|| view! { <AsWritten preview=preview.clone()/> })}
            <Questions questions=preview.questions.clone()/>
            <details class="disclosure" open=needs_columns>
                <summary>{summary}</summary>
                <div class="mt-3 flex flex-col gap-4"><Columns preview/> {inside}</div>
            </details>
            {outside}
        </GetForm>
    }
    .into_any()
}

/// Whether the address says that columns are being chosen.
pub fn is_at_columns(query: &Pairs) -> bool {
    find(query, STEP) == Some(COLUMNS)
}

/// What each column is taken for, by its place.
fn meanings(preview: &Preview) -> Vec<String> {
    let of_column = |at: usize| {
        let here = preview.mapping.iter().filter(|(_, column)| usize::try_from(*column) == Ok(at));
        here.map(|(role, _)| role.label()).collect::<Vec<_>>().join(", ")
    };
    (0..preview.columns.len()).map(of_column).collect()
}

/// The first rows as they stand in the file, with what each column is taken for: what a question is about.
#[component]
fn AsWritten(preview: Preview) -> impl IntoView {
    let meanings = meanings(&preview);
    let dates = preview.mapping.iter().find(|(role, _)| *role == Role::Date);
    let dates = dates.and_then(|(_, column)| usize::try_from(column).ok());
    let Preview { columns, sample: rows, .. } = preview;
    (!rows.is_empty()).then(|| {
        let head = columns
            .into_iter()
            .zip(meanings)
            .map(|(name, meaning)| {
                let meaning = (!meaning.is_empty()).then(|| {
                    view! { <span class="block font-normal text-ink-2" data-testid="import-meaning">{meaning}</span> }
                });
                view! { <th scope="col">{name} {meaning}</th> }
            })
            .collect_view();
        let rows = rows
            .into_iter()
            .map(|cells| {
                let cells = cells.into_iter().enumerate().map(|(at, cell)| {
                    let cell = if Some(at) == dates { cell } else { veiled(cell) };
                    view! { <td>{cell}</td> }
                });
                let cells = cells.collect_view();
                view! { <tr>{cells}</tr> }
            })
            .collect_view();
        view! {
            <div class="file-look overflow-x-auto" tabindex="0" role="region" aria-label="The first rows of the file" data-testid="import-sample">
                <table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
            </div>
        }
    })
}

/// What was chosen and found out, as the fields of the form hold it. An open question is answered by nobody yet.
fn values(preview: &Preview) -> Pairs {
    let mut options = preview.options.clone();
    options.date_format = options.date_format.or(preview.date_format);
    options.decimal = options.decimal.or(preview.decimal);
    for (role, column) in preview.mapping.iter() {
        options.columns.entry(role).or_insert(Some(column));
    }
    options.to_pairs()
}

/// Which column is what, and how dates, decimals and signs are written.
#[component]
fn Columns(preview: Preview) -> AnyView {
    let asks = |wanted: fn(&Question) -> bool| preview.questions.iter().any(wanted);
    let asks_date = asks(|question| matches!(question, Question::DateFormat { .. }));
    let asks_decimal = asks(|question| matches!(question, Question::Decimal { .. }));
    let columns: Vec<Choice> = preview
        .columns
        .iter()
        .enumerate()
        .map(|(n, name)| Choice::new(n.to_string(), name.clone()))
        .chain([Choice::new("none", "None")])
        .collect();
    let roles = ROLES
        .into_iter()
        .filter(|_| !preview.columns.is_empty())
        .map(|role| {
            let options = columns.iter().cloned().map(Options::One).collect();
            view! { <FilterSelect name=field(role) label=role.label() all="Automatic" options/> }
        })
        .collect_view();
    let formats = |words: Vec<(&'static str, &'static str)>| {
        words
            .into_iter()
            .map(|(value, label)| Options::One(Choice::new(value, label)))
            .collect::<Vec<_>>()
    };
    let dates = formats(DateFormat::ALL.iter().map(|word| (word.as_str(), word.label())).collect());
    let decimals = formats(Decimal::ALL.iter().map(|word| (word.as_str(), word.label())).collect());
    let signs =
        formats(vec![("normal", "Money out is negative"), ("flipped", "Money out is positive")]);
    view! {
        <div class="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-4">
            {statements(&preview)}
            {roles}
            {(!asks_date).then(|| view! { <FilterSelect name="date" label="Dates" all="Automatic" options=dates/> })}
            {(!asks_decimal).then(|| view! { <FilterSelect name="decimal" label="Decimals" all="Automatic" options=decimals/> })}
            <FilterSelect name="sign" label="Signs" all="Automatic" options=signs/>
        </div>
    }
    .into_any()
}

/// Which account of the file is read, where it has several.
fn statements(preview: &Preview) -> impl IntoView + use<> {
    let choices: Vec<Options> = preview
        .statements
        .iter()
        .enumerate()
        .map(|(number, statement)| Options::One(Choice::new(number.to_string(), statement.label())))
        .collect();
    (choices.len() > 1 && preview.statement.is_some()).then(|| {
        view! { <FilterSelect name="statement" label="Account in the file" all="Automatic" options=choices/> }
    })
}

/// The name of a role's field in the address.
fn field(role: Role) -> &'static str {
    match role {
        Role::Date => "col.date",
        Role::Description => "col.description",
        Role::Amount => "col.amount",
        Role::Debit => "col.debit",
        Role::Credit => "col.credit",
        Role::Indicator => "col.indicator",
        Role::Currency => "col.currency",
        Role::Category => "col.category",
        Role::Note => "col.note",
        Role::Balance => "col.balance",
        Role::ExternalId => "col.externalId",
    }
}

/// The file does not prove which way money went: what we take it for, and the way to turn it around.
#[component]
fn Sign(preview: Preview) -> AnyView {
    let flipped = preview.flipped;
    let (text, link) = if flipped {
        ("Signs are turned around: money out is positive in this file.", "Turn back")
    } else {
        ("Money out is negative in this file.", "Turn signs around")
    };
    let options = ImportOptions { flip: Some(!flipped), ..preview.options };
    let href = address(&routes::import(&preview.import.id), &options.to_pairs());
    view! {
        <p class="mb-1 text-sm" data-testid="import-sign">
            {text} " " <a class="link inline-flex min-h-6 items-center" href=href>{link}</a>
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::query;

    use super::*;

    #[test]
    fn every_column_field_is_one_the_options_know() {
        for role in Role::ALL {
            let pairs = query::parse(&format!("{}=2", field(*role)));

            let options = ImportOptions::from_query(&pairs).unwrap();

            assert_eq!(options.columns.get(role), Some(&Some(2)), "{role}");
        }
    }
}
