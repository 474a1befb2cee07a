//! The pages of the list. Next and Previous follow the rows (a cursor), so that a new row on top neither repeats
//! nor hides one; numbers near the top are links too.

use domain::{TransactionFilter, TransactionPage, page::MAX_DEPTH};
use leptos::prelude::*;

use crate::{
    routes,
    ui::{Pager, query::address},
};

/// The pager under the list.
#[component]
pub fn Pages(
    /// The filters of the list.
    filter: TransactionFilter,
    /// The number of the page; with a cursor it is the one in the address, for display.
    page: i64,
    /// The page that is shown.
    list: TransactionPage,
) -> AnyView {
    let links = Links { filter, page, next: list.next_cursor, previous: list.prev_cursor };
    let total_pages = reachable(page, list.total_pages, list.limit);
    view! { <Pager page total_pages href=move |n| links.href(n)/> }.into_any()
}

/// How many pages the pager offers: those a number reaches, and the next one by its cursor.
fn reachable(page: i64, total_pages: i64, limit: i64) -> i64 {
    let by_number = MAX_DEPTH / limit.max(1);
    total_pages.min(by_number.max(page + 1))
}

struct Links {
    filter: TransactionFilter,
    page: i64,
    next: Option<String>,
    previous: Option<String>,
}

impl Links {
    fn href(&self, n: i64) -> String {
        let mut pairs = self.filter.to_pairs();
        if n > 1 {
            pairs.push(("page".to_owned(), n.to_string()));
            if let Some(cursor) = self.cursor(n) {
                pairs.push(("cursor".to_owned(), cursor));
            }
        }
        address(routes::TRANSACTIONS, &pairs)
    }

    fn cursor(&self, n: i64) -> Option<String> {
        match n - self.page {
            1 => self.next.clone(),
            -1 => self.previous.clone(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(page: i64) -> Links {
        Links {
            filter: TransactionFilter { text: Some("coffee".into()), ..Default::default() },
            page,
            next: Some("N".into()),
            previous: Some("P".into()),
        }
    }

    #[test]
    fn neighbours_follow_the_rows_and_others_their_number() {
        assert_eq!(links(3).href(4), "/transactions?q=coffee&page=4&cursor=N");
        assert_eq!(links(3).href(2), "/transactions?q=coffee&page=2&cursor=P");
        assert_eq!(links(3).href(9), "/transactions?q=coffee&page=9");
    }

    #[test]
    fn the_first_page_has_the_plain_address() {
        assert_eq!(links(2).href(1), "/transactions?q=coffee");
    }

    #[test]
    fn numbers_end_where_only_a_cursor_goes_on() {
        assert_eq!(reachable(1, 3, 50), 3);
        assert_eq!(reachable(1, 2_000, 50), 200);
        assert_eq!(reachable(200, 2_000, 50), 201);
        assert_eq!(reachable(2_000, 2_000, 50), 2_000);
    }
}
