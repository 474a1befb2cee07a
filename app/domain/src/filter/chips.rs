//! The filters that are on, as people read them.

use super::TransactionFilter;
use crate::{AccountId, Currency, Date, Money, category, day};

/// A filter that is on, with the way to switch it off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// The name of the filter in the address: `q`, `account`, `category`, `notCategory`, `tag`, `notTag`, `type`,
    /// `status`, `currency`, `counted`, `flow`, `amount`, `date`. A name stands as often as it has values.
    pub name: &'static str,
    /// What it says: "Groceries", "From 1 May 2026".
    pub label: String,
    /// The query of the list without it.
    pub without: String,
}

impl TransactionFilter {
    /// The filters that are on. `account_name` knows what an account is called.
    pub fn chips(&self, account_name: impl Fn(&AccountId) -> Option<String>) -> Vec<Chip> {
        self.chips_named(account_name, |_| None)
    }

    /// The same, where `category_name` knows a person's own leaves and words for ours.
    pub fn chips_named(
        &self,
        account_name: impl Fn(&AccountId) -> Option<String>,
        category_name: impl Fn(&str) -> Option<String>,
    ) -> Vec<Chip> {
        let named =
            |key: &str| category_name(key).unwrap_or_else(|| category::label(key).to_owned());
        let mut chips = Vec::new();
        let mut push = |name, label: String, without: Self| {
            chips.push(Chip { name, label, without: without.to_query() });
        };
        let on = || self.clone();
        if let Some(text) = &self.text {
            push("q", format!("“{text}”"), Self { text: None, ..on() });
        }
        let accounts = self.accounts_wanted();
        for id in &accounts {
            let label = account_name(id).unwrap_or_else(|| "Account".to_owned());
            let others = accounts.iter().filter(|other| *other != id).map(|id| (*id).clone());
            push("account", label, on().with_accounts(others.collect()));
        }
        let categories = self.categories_wanted();
        for key in &categories {
            let others = categories.iter().filter(|other| *other != key);
            let others = others.map(|key| (*key).to_owned()).collect();
            push("category", named(key), on().with_categories(others));
        }
        for key in &self.not_categories {
            let mut without = on();
            without.not_categories.retain(|other| other != key);
            push("notCategory", format!("Not {}", named(key)), without);
        }
        for tag in &self.tags {
            let mut without = on();
            without.tags.retain(|other| other != tag);
            push("tag", format!("#{tag}"), without);
        }
        for tag in &self.not_tags {
            let mut without = on();
            without.not_tags.retain(|other| other != tag);
            push("notTag", format!("Not #{tag}"), without);
        }
        if let Some(r#type) = self.r#type {
            push("type", r#type.label().to_owned(), Self { r#type: None, ..on() });
        }
        let statuses = self.statuses_wanted();
        for status in &statuses {
            let others = statuses.iter().filter(|other| *other != status).copied();
            push("status", status.label().to_owned(), on().with_statuses(others.collect()));
        }
        if let Some(currency) = self.currency {
            push("currency", format!("In {currency}"), Self { currency: None, ..on() });
        }
        if let Some(counted) = self.counted {
            push("counted", counted.label().to_owned(), Self { counted: None, ..on() });
        }
        if let Some(flow) = self.flow {
            push("flow", flow.label().to_owned(), Self { flow: None, ..on() });
        }
        if let Some(label) = amount_label(self.min, self.max) {
            push("amount", label, Self { min: None, max: None, ..on() });
        }
        if let Some(label) = date_label(self.from, self.to) {
            push("date", label, Self { from: None, to: None, ..on() });
        }
        chips
    }
}

/// "20.00 to 50.00": the list may hold several currencies, so no sign of one.
fn amount_label(min: Option<i64>, max: Option<i64>) -> Option<String> {
    match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("Exactly {}", amount(min))),
        (Some(min), Some(max)) => Some(format!("{} to {}", amount(min), amount(max))),
        (Some(min), None) => Some(format!("{} or more", amount(min))),
        (None, Some(max)) => Some(format!("{} or less", amount(max))),
        (None, None) => None,
    }
}

/// An amount of a filter without a currency: `1,000.00`.
pub(crate) fn amount(minor: i64) -> String {
    Money::new(minor, Currency::USD).format_absolute().replace('$', "")
}

/// "From 1 May 2026", "1 May 2026 to 31 May 2026", or the month when it is a whole one.
pub(crate) fn date_label(from: Option<Date>, to: Option<Date>) -> Option<String> {
    match (from, to) {
        (Some(from), Some(to)) => {
            let month = day::Month::containing(from);
            Some(if from == month.first_day() && to == month.last_day() {
                month.label()
            } else if from == to {
                day::format_day(from)
            } else {
                format!("{} to {}", day::format_day(from), day::format_day(to))
            })
        }
        (Some(from), None) => Some(format!("From {}", day::format_day(from))),
        (None, Some(to)) => Some(format!("Until {}", day::format_day(to))),
        (None, None) => None,
    }
}
