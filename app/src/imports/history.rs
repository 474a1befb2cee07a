//! What was imported before, each with Undo for 30 days.

use backend::imports::{ImportState, ImportView};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    routes,
    ui::{
        Ago, Badge, Button, Cell, Column, DataTable, HiddenField, Mask, Place, Tone, Variant,
        count::{count, grouped},
    },
};

/// Where the form that undoes posts to.
pub const UNDO: &str = "/import/undo";

/// The table of earlier imports. Prints nothing before the first.
#[component]
pub fn History(
    /// Newest first.
    history: Vec<ImportView>,
    /// The current time.
    now: OffsetDateTime,
) -> impl IntoView {
    (!history.is_empty()).then(|| {
        let columns = vec![
            Column::text("File"),
            Column::text("Account"),
            Column::text("Imported"),
            Column::number("Transactions"),
            Column::unseen("Actions"),
        ];
        let rows = history.into_iter().map(|import| view! { <Row import now/> }).collect_view();
        view! {
            <section class="card" aria-labelledby="import-history">
                <h2 id="import-history" class="flex min-h-12 items-center border-b border-line px-4 text-base md:px-5 font-semibold">
                    "Earlier imports"
                </h2>
                <DataTable caption="Earlier imports" columns stacked=true>
                    <tbody role="rowgroup">{rows}</tbody>
                </DataTable>
            </section>
        }
    })
}

#[component]
fn Row(import: ImportView, now: OffsetDateTime) -> AnyView {
    let reverted = import.state == ImportState::Reverted;
    let at = import.applied_at.unwrap_or(import.created_at);
    let undo = can_undo(&import, now)
        .then(|| view! { <UndoForm import=import.clone() page=routes::IMPORT.to_owned()/> });
    let (id, state, link) =
        (import.id.to_string(), state_word(&import), routes::import(&import.id));
    view! {
        <tr role="row" data-testid="import-row" data-id=id data-state=state>
            <Cell place=Place::Main>
                <a href=link class="row-link break-all">{import.file_name.clone()}</a>
                {reverted.then(|| view! { " " <Badge tone=Tone::Neutral>"Undone"</Badge> })}
            </Cell>
            <Cell place=Place::Under>
                {import.account_name.clone()} " " <Mask mask=import.account_mask.clone()/>
            </Cell>
            <Cell place=Place::UnderEnd><span class="whitespace-nowrap"><Ago at now bare=true/></span></Cell>
            <Cell place=Place::Amount>{grouped(import.added)} <span class="md:sr-only">" transactions"</span></Cell>
            <Cell place=Place::Actions>{undo}</Cell>
        </tr>
    }
    .into_any()
}

/// Whether the rows of this import can still be taken back.
pub fn can_undo(import: &ImportView, now: OffsetDateTime) -> bool {
    import.state == ImportState::Applied && import.undo_until.is_some_and(|until| now <= until)
}

fn state_word(import: &ImportView) -> &'static str {
    if import.state == ImportState::Reverted { "reverted" } else { "applied" }
}

/// The button that takes the rows of an import back.
#[component]
pub fn UndoForm(
    /// The import.
    import: ImportView,
    /// The page that is shown again when it is refused.
    page: String,
    /// Whether the person has seen how many rows were changed since.
    #[prop(optional)]
    sure: bool,
) -> AnyView {
    let label = format!("Undo the import of {}", import.file_name);
    let variant = if sure { Variant::Secondary } else { Variant::Ghost };
    view! {
        <form method="post" action=UNDO>
            <HiddenField name="id" value=import.id.to_string()/>
            <HiddenField name="page" value=page/>
            {sure.then(|| view! { <HiddenField name="sure" value="yes"/> })}
            <Button variant busy="Undoing…" attr:aria-label=label attr:data-testid="import-undo">"Undo"</Button>
        </form>
    }
    .into_any()
}

/// "60 transactions imported. 2 rows were already here or left out. 1 row had an error."
pub fn outcome(import: &ImportView) -> String {
    let skipped = match import.skipped {
        0 => String::new(),
        1 => " 1 row was already here or left out.".to_owned(),
        n => format!(" {} rows were already here or left out.", grouped(n)),
    };
    let failed = match import.failed {
        0 => String::new(),
        1 => " 1 row had an error.".to_owned(),
        n => format!(" {} rows had errors.", grouped(n)),
    };
    format!("{} imported.{skipped}{failed}", count(import.added, "transaction"))
}
