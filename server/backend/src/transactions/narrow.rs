//! The filters that no index serves, as the statements take them.
//!
//! A statement of fixed text takes any number of values as one text of cells: a sign that says what the value is of, and
//! the value, filled up to a width. It takes them apart again in a `with` of its own.

use std::{fmt::Write as _, iter::once};

use domain::{
    Counted, Flow, TransactionFilter, TransactionStatus, TransactionType, category, tags,
};

use super::list::searchable;

/// Characters of one cell with its sign: as wide as the longest id, key or tag between bars, and more.
const CELL: usize = 80;

/// The filters beyond an account and dates.
pub(super) struct Narrow {
    /// Values with their signs: `a` an account, `c` a category, `x` none of this category, `t` a tag, `u` not this tag, `s` a
    /// state, `m` a currency, `k` what it counts as, `f` which way it goes. A group means its leaves too: ours stand here, a person's own are added by the statement, so that a row is
    /// looked up in a set and not compared with each value.
    pub cells: String,
    pub search: Option<String>,
    pub r#type: Option<&'static str>,
    /// Whether what counts is asked for, so that of split rows the parts that do are added up.
    pub counted: bool,
    /// The least and the most, in hundredths of a major unit whatever the currency, where either is given.
    pub amount: Option<(i64, i64)>,
}

/// The filters beyond dates, or nothing when there are none but one account.
pub(super) fn narrow(filter: &TransactionFilter) -> Option<Narrow> {
    let account = filter.account.clone().filter(|_| filter.accounts.is_empty());
    let plain =
        TransactionFilter { account, from: filter.from, to: filter.to, ..Default::default() };
    (plain != *filter).then(|| Narrow {
        cells: cells(filter),
        search: filter.text.as_deref().map(pattern),
        r#type: filter.r#type.map(TransactionType::as_str),
        counted: filter.counted.is_some(),
        amount: (filter.min.is_some() || filter.max.is_some())
            .then(|| (filter.min.unwrap_or(0), filter.max.unwrap_or(i64::MAX / 100_000))),
    })
}

fn cells(filter: &TransactionFilter) -> String {
    let mut statuses = filter.statuses_wanted();
    if statuses.is_empty() {
        statuses = vec![TransactionStatus::Pending, TransactionStatus::Completed];
    }
    let between_bars = |tag: &String| tags::to_column(std::slice::from_ref(tag));
    let mut cells = String::new();
    let values = (statuses.iter().map(|status| ('s', status.to_string())))
        .chain(filter.accounts_wanted().into_iter().map(|id| ('a', id.to_string())))
        .chain(filter.categories_wanted().into_iter().flat_map(|key| key_and_leaves('c', key)))
        .chain(filter.not_categories.iter().flat_map(|key| key_and_leaves('x', key)))
        .chain(filter.tags.iter().map(|tag| ('t', between_bars(tag))))
        .chain(filter.not_tags.iter().map(|tag| ('u', between_bars(tag))))
        .chain(filter.currency.iter().map(|currency| ('m', currency.to_string())))
        .chain(counted(filter.counted).iter().map(|counted| ('k', counted.to_string())))
        .chain(filter.flow.iter().map(|flow: &Flow| ('f', flow.to_string())));
    for (sign, value) in values {
        // Writing to a text cannot fail.
        let _ = write!(cells, "{sign}{value:<width$}", width = CELL - 1);
    }
    cells
}

/// What a row may count as.
const fn counted(wish: Option<Counted>) -> &'static [Counted] {
    match wish {
        None => &[],
        Some(Counted::Spending) => &[Counted::Spending],
        Some(Counted::Income) => &[Counted::Income],
        Some(Counted::Either) => &[Counted::Spending, Counted::Income],
    }
}

/// A category, and of a group each of our leaves.
fn key_and_leaves(sign: char, key: &str) -> impl Iterator<Item = (char, String)> {
    let leaves = category::ALL.iter().filter(move |leaf| leaf.group == key && leaf.key != key);
    once(key).chain(leaves.map(|leaf| leaf.key)).map(move |key| (sign, key.to_owned()))
}

/// The pattern of a search in the column of searchable text.
fn pattern(text: &str) -> String {
    format!("%{}%", escape(&searchable([Some(text)])))
}

/// Takes the meaning from the signs of a `like` pattern.
fn escape(text: &str) -> String {
    text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")
}

#[cfg(test)]
mod tests {
    use domain::query;

    use super::*;

    #[test]
    fn the_signs_of_a_pattern_are_found_as_themselves() {
        assert_eq!(pattern(r"50%_off\now"), r"%50\%\_off\\now%");
        assert_eq!(pattern("CAFÉ  Noir"), "%café noir%");
    }

    #[test]
    fn an_account_or_dates_alone_need_no_narrow_statement() {
        let is_narrow = |text: &str| {
            narrow(&TransactionFilter::from_query(&query::parse(text)).unwrap()).is_some()
        };

        for plain in ["", "account=a", "from=2026-05-01", "account=a&to=2026-05-01"] {
            assert!(!is_narrow(plain), "{plain}");
        }
        for more in [
            "q=x",
            "account=a&account=b",
            "category=food",
            "notCategory=food",
            "tag=a",
            "notTag=a",
            "type=debit",
            "status=pending",
            "currency=EUR",
            "counted=either",
            "flow=in",
            "min=1",
            "max=1",
        ] {
            assert!(is_narrow(more), "{more}");
        }
    }

    #[test]
    fn every_value_has_a_cell_of_the_same_width() {
        let text = "account=a&account=b&category=family&notCategory=food.coffee&tag=ümlaut&notTag=b&currency=EUR&counted=either&flow=in";
        let filter = TransactionFilter::from_query(&query::parse(text)).unwrap();

        let cells: Vec<char> = cells(&filter).chars().collect();

        let read: Vec<String> = cells
            .chunks(CELL)
            .map(|cell| cell.iter().collect::<String>().trim_end().to_owned())
            .collect();
        assert_eq!(
            read,
            [
                "spending",
                "scompleted",
                "aa",
                "ab",
                "cfamily",
                "cfamily.childcare",
                "cfamily.education",
                "cfamily.pets",
                "cfamily.gifts",
                "xfood.coffee",
                "t|ümlaut|",
                "u|b|",
                "mEUR",
                "kspending",
                "kincome",
                "fin"
            ]
        );
        assert_eq!(cells.len() % CELL, 0);
    }
}
