//! What a search can say, beside the field that takes it: folded, and without script.

use leptos::prelude::*;

/// What can be typed, and what it means.
pub const EXAMPLES: [(&str, &str); 11] = [
    ("coffee shop", "both words"),
    ("\"coffee shop\"", "these words as they stand"),
    (">20  <50  =12.50", "the amount, in or out"),
    ("amount:20..50", "an amount from and to"),
    ("account:checking", "an account by its name, bank, type or last digits"),
    ("category:food", "a category, or a group with all that is in it"),
    ("-category:travel", "all but that category"),
    ("tag:trip  -tag:work", "with a tag, without one"),
    ("type:in  type:out", "money in, money out"),
    ("date:2026-05", "a day, a month or a year"),
    ("from:2026-05-01  to:2026-05", "from a day, up to one"),
];

/// The folded list of examples.
#[component]
pub fn SearchHelp() -> AnyView {
    let lines = EXAMPLES
        .into_iter()
        .map(|(typed, means)| {
            view! {
                <dt class="font-mono break-words whitespace-pre-wrap">{typed}</dt>
                <dd class="mb-2 text-ink-2 sm:mb-0">{means}</dd>
            }
        })
        .collect_view();
    view! {
        <details class="disclosure col-span-full" data-testid="search-help">
            <summary>"What a search can say"</summary>
            <dl class="mt-2 grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[max-content_minmax(0,1fr)]">{lines}</dl>
            <p class="mt-2 text-sm text-ink-2">
                "Put names of several words in quotes: category:\"school lunch\". Everything that you name has to be true at once."
            </p>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::{
        TransactionFilter,
        search::{AccountWords, Vocabulary, interpret},
    };

    use super::*;

    #[test]
    fn every_example_is_understood() {
        let checking = AccountWords {
            id: domain::AccountId::new("a"),
            name: "Everyday".to_owned(),
            words: vec!["Checking".to_owned()],
        };
        let vocabulary = Vocabulary { accounts: vec![checking], categories: Vec::new() };

        for typed in EXAMPLES.iter().flat_map(|(typed, _)| typed.split("  ")) {
            let filter = TransactionFilter { text: Some(typed.to_owned()), ..Default::default() };
            let reading = interpret(filter, &vocabulary);
            let is_plain = typed.contains("coffee");

            assert!(reading.parts.iter().all(|part| !part.is_unknown), "{typed}: {reading:?}");
            assert_eq!(reading.parts.iter().all(|part| part.is_text), is_plain, "{typed}");
        }
    }
}
