//! Questions the file leaves open: plain words, and what each answer makes of two cells. Nothing is preselected.

use domain::import::{Choice, Example, Question, Role};
use leptos::prelude::*;

use crate::ui::money::veiled;

/// Every open question, inside the form that reads the file again.
#[component]
pub fn Questions(
    /// The questions.
    questions: Vec<Question>,
) -> impl IntoView {
    questions
        .into_iter()
        .map(|question| match question {
            Question::Columns { missing, .. } => view! { <Missing missing/> }.into_any(),
            Question::DateFormat { choices } => {
                view! { <Ask name="date" legend="Which way are the dates written?" choices/> }.into_any()
            }
            Question::Decimal { choices } => {
                view! { <Ask name="decimal" legend="Which sign stands before the decimals?" choices/> }.into_any()
            }
            Question::Statement { choices } => {
                view! { <Ask name="statement" legend="The file has several accounts. Which one is this?" choices/> }.into_any()
            }
        })
        .collect_view()
}

/// The file has no column that is clearly this.
#[component]
fn Missing(missing: Vec<Role>) -> AnyView {
    view! {
        <div data-testid="import-question">
            <p class="font-medium">{sentence(&missing)}</p>
            <p class="text-sm text-ink-2">"Choose the columns below."</p>
        </div>
    }
    .into_any()
}

/// "We couldn't find the columns for date and amount."
fn sentence(missing: &[Role]) -> String {
    let names: Vec<String> = missing.iter().map(|role| role.label().to_lowercase()).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!("We couldn't find the column for the {one}."),
        [first @ .., last] => {
            format!("We couldn't find the columns for {} and {last}.", first.join(", "))
        }
    }
}

#[component]
fn Ask(name: &'static str, legend: &'static str, choices: Vec<Choice>) -> AnyView {
    let answers = choices
        .into_iter()
        .map(|mut choice| {
            if name != "date" {
                for example in &mut choice.examples {
                    example.text = veiled(std::mem::take(&mut example.text));
                    example.meaning = veiled(std::mem::take(&mut example.meaning));
                }
            }
            let id = format!("{name}-{}", choice.value);
            view! {
                <label class="choice" for=id.clone()>
                    <input id=id.clone() type="radio" name=name value=choice.value required class="tick mt-0.5"/>
                    <span class="flex min-w-0 flex-col gap-1">
                        <span class="font-medium">{choice.label}</span>
                        <Examples examples=choice.examples/>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="flex flex-col gap-2" data-testid="import-question">
            <legend class="mb-2 font-medium">{legend}</legend>
            {answers}
        </fieldset>
    }
    .into_any()
}

/// "03/04/2026 is 3 April 2026", under each other.
#[component]
fn Examples(examples: Vec<Example>) -> AnyView {
    let lines = examples
        .into_iter()
        .map(|example| {
            view! {
                <span class="text-ink-2">{example.text} <span class="sr-only">" is "</span></span>
                <span>{example.meaning}</span>
            }
        })
        .collect_view();
    view! { <span class="examples text-sm">{lines}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_columns_are_named_in_a_sentence() {
        assert_eq!(sentence(&[Role::Date]), "We couldn't find the column for the date.");
        assert_eq!(
            sentence(&[Role::Date, Role::Description, Role::Amount]),
            "We couldn't find the columns for date, description and amount."
        );
    }

    #[test]
    fn nothing_is_preselected() {
        let choice = |value: &str| Choice {
            value: value.to_owned(),
            label: value.to_owned(),
            examples: vec![Example { text: "03/04/2026".into(), meaning: "3 April 2026".into() }],
        };
        let questions = vec![Question::DateFormat { choices: vec![choice("dmy"), choice("mdy")] }];

        let html = Owner::new().with(|| view! { <Questions questions/> }.to_html());

        assert!(html.contains("3 April 2026"), "{html}");
        assert!(!html.contains("checked"), "{html}");
    }
}
