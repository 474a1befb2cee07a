//! What is wrong with a file, line by line.

use backend::imports::{PreviewRow, RowState};
use domain::{
    FieldError, ImportId,
    import::{ImportOptions, RowError},
};
use leptos::prelude::*;

use super::{tabs::View, taken::Taken};
use crate::{
    routes,
    ui::{Notice, Tone, count::count},
};

/// How many problems are named before the tab has the rest.
const NAMED: usize = 5;

/// The rows that can't be read: they stay out, the others can go in. Prints nothing when there are none.
#[component]
pub fn Problems(
    /// The rows of the file.
    rows: Vec<PreviewRow>,
    /// The import.
    id: ImportId,
    /// What was chosen for the file.
    options: ImportOptions,
    /// What is ticked.
    taken: Taken,
) -> impl IntoView {
    let failed = rows.iter().filter(|row| View::Failed.has(&row.state)).count();
    let problems: Vec<String> = rows.iter().flat_map(problems).collect();
    (failed > 0).then(|| {
        let number = i64::try_from(failed).unwrap_or(i64::MAX);
        let heading = format!("{} can't be read and will be left out.", count(number, "row"));
        let more = (problems.len() > NAMED).then(|| {
            let href = View::Failed.href(&routes::import(&id), &options, &taken);
            view! { <a class="link" href=href>"See all errors"</a> }
        });
        let named =
            problems.into_iter().take(NAMED).map(|text| view! { <li>{text}</li> }).collect_view();
        view! {
            <div data-testid="import-problems">
                <Notice tone=Tone::Warning>
                    <p class="font-medium">{heading}</p>
                    <ul class="mt-1 list-disc pl-5">{named}</ul>
                    {more}
                </Notice>
            </div>
        }
    })
}

/// "Line 4, Date: That date doesn't exist.", one entry for each cell of the row that can't be read.
pub fn problems(row: &PreviewRow) -> Vec<String> {
    let RowState::Failed(errors) = &row.state else { return Vec::new() };
    errors
        .iter()
        .map(|RowError { column, message, .. }| {
            let of_column = if column.is_empty() { String::new() } else { format!(", {column}") };
            format!("Line {}{of_column}: {message}", row.line)
        })
        .collect()
}

/// The address of the preview says something that is not so.
#[component]
pub fn BadAddress(
    /// What is wrong.
    errors: Vec<FieldError>,
    /// The address without any of it.
    href: String,
) -> AnyView {
    let errors = errors.into_iter().map(|error| view! { <li>{error.message}</li> }).collect_view();
    view! {
        <div role="alert">
            <Notice tone=Tone::Negative>
                <ul>{errors}</ul>
                <a class="link" href=href>"Start again with this file"</a>
            </Notice>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_and_column_of_a_problem_are_named() {
        let error = |column: &str, message: &str| RowError {
            column: column.to_owned(),
            code: "date_invalid".to_owned(),
            message: message.to_owned(),
        };
        let row = PreviewRow {
            line: 4,
            date: None,
            description: "Impossible day".to_owned(),
            minor: None,
            currency: "USD".to_owned(),
            category: "uncategorized".to_owned(),
            note: None,
            state: RowState::Failed(vec![
                error("Date", "That date doesn't exist."),
                error("", "This row has too few cells."),
            ]),
        };

        assert_eq!(
            problems(&row),
            ["Line 4, Date: That date doesn't exist.", "Line 4: This row has too few cells."]
        );
    }
}
