//! The query of the page's address.

use domain::query::{self, Pairs};
use leptos::prelude::*;
use leptos_router::hooks::use_url;

/// Every pair of the query of this page, in its order. The query is the state of a page: filters, month, tab.
pub fn page_query() -> Pairs {
    query::parse(use_url().read_untracked().search())
}

/// The first value under this name; an empty one counts as absent.
pub fn find<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    let found = pairs.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// The number of the page that the query asks for, from 1.
pub fn page_number(pairs: &[(String, String)]) -> i64 {
    let asked = find(pairs, "page").and_then(|page| page.parse().ok());
    asked.filter(|page| (1..=1_000).contains(page)).unwrap_or(1)
}

/// An address with these pairs as its query: `/transactions?q=coffee`, or the path alone without any.
pub fn address(path: &str, pairs: &[(String, String)]) -> String {
    with_query(path, &query::encode(pairs))
}

/// An address with this encoded query, or the path alone when it is empty.
pub fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_pairs_has_no_question_mark() {
        assert_eq!(address("/transactions", &[]), "/transactions");
        assert_eq!(
            address("/transactions", &[("q".to_owned(), "a&b".to_owned())]),
            "/transactions?q=a%26b"
        );
    }

    #[test]
    fn a_page_that_is_none_is_the_first() {
        let number = |query: &str| page_number(&query::parse(query));

        assert_eq!(
            [number("page=7"), number("page=0"), number("page=x"), number("")],
            [7, 1, 1, 1]
        );
        assert_eq!(number("page=99999999999999999999"), 1);
    }

    #[test]
    fn an_empty_value_counts_as_absent() {
        let pairs = query::parse("month=++&tab=new");

        assert_eq!(find(&pairs, "month"), None);
        assert_eq!(find(&pairs, "tab"), Some("new"));
    }
}
