//! How a search was read, and what of it could not be.

use domain::search::Reading;
use leptos::prelude::*;

/// One line under the search; nothing for plain words. What was not understood is said apart.
#[component]
pub fn ReadAs(
    /// The search as it was read.
    reading: Reading,
) -> impl IntoView {
    let sentence = reading.sentence();
    let unread = not_understood(&reading);
    sentence.map(|sentence| {
        view! {
            <div class="flex flex-col gap-1 text-sm text-ink-2" role="status" data-testid="transactions-read-as">
                <p class="break-words">{sentence}</p>
                {unread.map(|words| view! { <p class="break-words" data-testid="transactions-not-understood">{words}</p> })}
            </div>
        }
    })
}

/// "We don't know what “amount:abc” means, so we looked for it as text."
fn not_understood(reading: &Reading) -> Option<String> {
    let words: Vec<String> = reading
        .parts
        .iter()
        .filter(|part| part.is_unknown)
        .map(|part| format!("“{}”", part.source))
        .collect();
    let verb =
        if words.len() == 1 { "means, so we looked for it" } else { "mean, so we looked for them" };
    (!words.is_empty())
        .then(|| format!("We don't know what {} {verb} as text.", words.join(" and ")))
}

#[cfg(test)]
mod tests {
    use domain::{
        TransactionFilter,
        search::{Vocabulary, interpret},
    };

    use super::*;

    fn html(text: &str) -> String {
        let filter = TransactionFilter { text: Some(text.to_owned()), ..Default::default() };
        let reading = interpret(filter, &Vocabulary::default());
        Owner::new().with(|| view! { <ReadAs reading/> }.to_html())
    }

    #[test]
    fn plain_words_need_no_line_and_special_ones_are_explained() {
        assert!(!html("coffee shop").contains("Read as"));
        assert!(
            html("coffee category:food >20").contains("Read as: “coffee”, Food, more than 20.00.")
        );
    }

    #[test]
    fn what_was_not_understood_is_said() {
        let html = html("amount:abc account:nowhere tag:trip");

        assert!(
            html.contains(
                "“amount:abc” and “account:nowhere” mean, so we looked for them as text."
            ),
            "{html}"
        );
        assert!(!html.contains("“tag:trip” mean"), "{html}");
    }
}
