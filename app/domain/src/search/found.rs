//! What the words of a search have said so far.

use crate::filter::sorted;
use crate::{AccountId, Date, TransactionFilter, TransactionStatus, TransactionType};

/// What was said, by kind; absent where nothing was.
#[derive(Default)]
pub(super) struct Found {
    pub(super) accounts: Vec<AccountId>,
    pub(super) categories: Vec<String>,
    pub(super) not_categories: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) not_tags: Vec<String>,
    pub(super) r#type: Option<TransactionType>,
    pub(super) statuses: Vec<TransactionStatus>,
    min: Option<i64>,
    max: Option<i64>,
    from: Option<Date>,
    to: Option<Date>,
}

impl Found {
    /// The filter with everything that was said in place of what it had.
    pub(super) fn over(self, mut filter: TransactionFilter) -> TransactionFilter {
        if !self.accounts.is_empty() {
            filter = filter.with_accounts(self.accounts);
        }
        if !self.categories.is_empty() {
            filter = filter.with_categories(self.categories);
        }
        if !self.not_categories.is_empty() {
            filter.not_categories = sorted(self.not_categories);
        }
        if !self.tags.is_empty() {
            filter.tags = sorted(self.tags);
        }
        if !self.not_tags.is_empty() {
            filter.not_tags = sorted(self.not_tags);
        }
        if !self.statuses.is_empty() {
            filter = filter.with_statuses(self.statuses);
        }
        filter.r#type = self.r#type.or(filter.r#type);
        if self.min.is_some() || self.max.is_some() {
            (filter.min, filter.max) = (self.min, self.max);
        }
        if self.from.is_some() || self.to.is_some() {
            (filter.from, filter.to) = (self.from, self.to);
        }
        filter
    }

    /// Narrows the amounts; false, and nothing is different, when nothing would be left of them.
    pub(super) fn narrow_amounts(&mut self, min: Option<i64>, max: Option<i64>) -> bool {
        let narrow = narrowed((self.min, self.max), (min, max));
        if let Some(range) = narrow {
            (self.min, self.max) = range;
        }
        narrow.is_some()
    }

    /// Narrows the dates; false, and nothing is different, when nothing would be left of them.
    pub(super) fn narrow_dates(&mut self, from: Option<Date>, to: Option<Date>) -> bool {
        let narrow = narrowed((self.from, self.to), (from, to));
        if let Some(range) = narrow {
            (self.from, self.to) = range;
        }
        narrow.is_some()
    }
}

/// The smallest and the largest; none is no limit.
type Range<T> = (Option<T>, Option<T>);

/// A range made narrower by another; nothing when they have nothing in common.
fn narrowed<T: Ord + Copy>((min, max): Range<T>, (new_min, new_max): Range<T>) -> Option<Range<T>> {
    // None is below everything, which is right for the smallest and wrong for the largest.
    let min = min.max(new_min);
    let max = max.into_iter().chain(new_max).min();
    let is_empty = min.zip(max).is_some_and(|(min, max)| min > max);
    (!is_empty).then_some((min, max))
}
