//! The editor of a split. Without script "Add a part" and "Balance" ask the page again, with all that was typed.

use backend::categories::OwnCategory;
use domain::{
    Money,
    entry::{PartView, TransactionDetail},
    ledger::splits::{MAX_PARTS, MIN_PARTS, Part, PartForm, SplitForm, may_split},
    query::Pairs,
};
use leptos::prelude::*;

use super::choices;
use crate::{
    form::{FormState, use_form_for},
    islands::SplitSum,
    routes,
    ui::{
        Button, Card, Choice, HiddenField, InputKind, LineField, LineSelect, PostForm, Variant,
        money::are_hidden, query::find,
    },
};

/// The name of the list of parts in the form.
const PARTS: &str = "parts";

/// The parts of a row, to be changed; or why there can be none.
#[component]
pub fn Split(row: TransactionDetail, own: Vec<OwnCategory>, back: String, query: Pairs) -> AnyView {
    let Some(whole) = row.amount() else { return ().into_any() };
    if let Err(code) = may_split(row.status, row.transfer.is_some()) {
        let words = code.message().into_owned();
        return view! { <Card id="split" title="Split"><p class="text-sm text-ink-2">{words}</p></Card> }.into_any();
    }
    let refused = use_form_for(routes::SPLIT_TRANSACTION);
    let form = lines(&refused, &query, &row.parts, whole);
    let count = form.parts.len();
    let left = form.remaining(whole).zip(form.left_words(whole));
    let is_asked = ["lines", "balance"].iter().any(|name| find(&query, name).is_some());
    // Its fields hold amounts: nobody sees them unasked.
    let shown = !row.parts.is_empty() && !are_hidden();
    let opened = shown || is_asked || refused.was_posted();
    let page = routes::transaction(&row.id, &back);
    let again = format!("{}/{}#split", routes::TRANSACTIONS, row.id);
    let again_balanced = again.clone();
    let (choices, is_split) = (choices::categories(&own), !row.parts.is_empty());
    let fields =
        (0..count).zip(form.parts).map(|(n, part)| line(n, part, choices.clone())).collect_view();
    let left = left.filter(|_| !are_hidden()).map(|(left, words)| {
        let minor = left.minor.to_string();
        view! { <p class="text-sm text-ink-2" role="status" data-testid="split-left" data-minor=minor>{words}</p> }
    });
    let more = (count < MAX_PARTS).then(|| {
        view! {
            <Button
                variant=Variant::Secondary
                attr:formmethod="get"
                attr:formaction=again
                attr:name="lines"
                attr:value=(count + 1).to_string()
                attr:data-testid="split-more"
            >
                "Add a part"
            </Button>
        }
    });
    let balance = view! {
        <Button
            variant=Variant::Secondary
            attr:formmethod="get"
            attr:formaction=again_balanced
            attr:name="balance"
            attr:value="1"
            attr:data-testid="split-balance"
        >
            "Balance"
        </Button>
    };
    let whole_again = is_split.then(|| {
        view! {
            <Button variant=Variant::Ghost attr:name="whole" attr:value="1" attr:data-testid="split-undo">"Undo split"</Button>
        }
    });
    view! {
        <Card id="split" title="Split">
            <details class="disclosure" open=opened>
                <summary>{if is_split { "Its parts" } else { "Split into parts" }}</summary>
                <div class="mt-3">
                    <PostForm action=routes::SPLIT_TRANSACTION page prefix="split-">
                        <HiddenField name="id" value=row.id.to_string()/>
                        <HiddenField name="back" value=back/>
                        <ol id="split-parts" class="flex flex-col gap-5" tabindex="-1">{fields}</ol>
                        {left}
                        <div class="flex flex-wrap gap-3">
                            <Button busy="Splitting…" attr:data-testid="split-save">"Save parts"</Button>
                            {more}
                            {balance}
                            {whole_again}
                        </div>
                        <p class="text-sm text-ink-3">"Balance gives the last part what the others leave."</p>
                    </PostForm>
                </div>
            </details>
            {(!are_hidden()).then(|| view! { <SplitSum minor=whole.minor currency=whole.currency.code().to_owned()/> })}
        </Card>
    }
    .into_any()
}

fn line(n: usize, part: PartForm, choices: Vec<Choice>) -> impl IntoView {
    view! {
        <li class="grid gap-3 sm:grid-cols-2" data-testid="split-part">
            <LineField list=PARTS line=n field="amount" label="Amount" kind=InputKind::Amount value=part.amount maxlength=20/>
            <LineSelect list=PARTS line=n field="category" label="Category" choices value=part.category/>
            <LineField list=PARTS line=n field="note" label="Note" value=part.note maxlength=1_000/>
            <LineField list=PARTS line=n field="tags" label="Tags" value=part.tags maxlength=840/>
        </li>
    }
}

/// What stands in the editor: what was refused, what the address brings along, the parts there are, or two empty lines.
fn lines(refused: &FormState, query: &Pairs, parts: &[PartView], whole: Money) -> SplitForm {
    let typed = |value: &dyn Fn(&str) -> Option<String>| -> Vec<PartForm> {
        (0..MAX_PARTS)
            .map_while(|n| {
                let field = |name: &str| value(&format!("{PARTS}[{n}][{name}]"));
                Some(PartForm {
                    amount: field("amount")?,
                    category: field("category").unwrap_or_default(),
                    note: field("note").unwrap_or_default(),
                    tags: field("tags").unwrap_or_default(),
                })
            })
            .collect()
    };
    let posted = typed(&|name| refused.value(name).map(str::to_owned));
    let asked =
        typed(&|name| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()));
    let there = parts.iter().map(|part| {
        let part = Part {
            minor: part.signed_amount_cents,
            category: part.category.clone(),
            note: part.note.clone(),
            tags: part.tags.clone(),
        };
        PartForm::of(&part, whole)
    });
    let mut parts = [posted, asked, there.collect()]
        .into_iter()
        .find(|parts| !parts.is_empty())
        .unwrap_or_default();
    let wanted = find(query, "lines").and_then(|count| count.parse().ok()).unwrap_or(0_usize);
    parts.resize(parts.len().max(wanted).clamp(MIN_PARTS, MAX_PARTS), PartForm::default());
    let form = SplitForm { parts };
    match find(query, "balance") {
        Some(_) => form.clone().balanced(whole).unwrap_or(form),
        None => form,
    }
}

#[cfg(test)]
mod tests {
    use domain::{Currency, query};

    use super::*;

    fn amounts(text: &str, parts: &[PartView]) -> Vec<String> {
        let whole = Money::new(-450, Currency::USD);
        let form = lines(&FormState::default(), &query::parse(text), parts, whole);
        form.parts.into_iter().map(|part| part.amount).collect()
    }

    fn part(minor: i64) -> PartView {
        PartView {
            category: "food".to_owned(),
            signed_amount_cents: minor,
            note: None,
            tags: Vec::new(),
        }
    }

    #[test]
    fn an_editor_opens_with_two_empty_lines_or_with_what_there_is() {
        assert_eq!(amounts("", &[]), ["", ""]);
        assert_eq!(amounts("", &[part(-300), part(-200), part(50)]), ["3.00", "2.00", "-0.50"]);
    }

    #[test]
    fn one_line_more_keeps_what_was_typed() {
        let typed = "parts%5B0%5D%5Bamount%5D=3&parts%5B1%5D%5Bamount%5D=&lines=3";

        assert_eq!(amounts(typed, &[part(-450)]), ["3", "", ""]);
        assert_eq!(amounts("lines=99", &[]).len(), 20);
    }

    #[test]
    fn balance_gives_the_rest_to_the_last_line() {
        let typed = "parts%5B0%5D%5Bamount%5D=3&parts%5B1%5D%5Bamount%5D=9&balance=1";

        assert_eq!(amounts(typed, &[]), ["3", "1.50"]);
    }
}
