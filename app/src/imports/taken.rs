//! The possible rows that are ticked. They stand in the address, so that they are still ticked on the next tab.

use std::collections::BTreeSet;

use domain::query::{Pairs, value};
use leptos::prelude::*;

use crate::form::FormState;

/// The name of the boxes of single rows.
pub const TAKE_IN: &str = "takeIn[]";
/// The name of the box for all of them.
pub const TAKE_ALL: &str = "takeAll";
/// The name in the address: lines with commas between them.
const LINES: &str = "take";
/// Most lines in an address: as many as are printed.
const MOST: usize = 200;

/// Which possible rows are taken in as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    lines: BTreeSet<i64>,
    all: bool,
}

impl Taken {
    /// These lines, or all.
    pub fn new(lines: impl IntoIterator<Item = i64>, all: bool) -> Self {
        Self { lines: lines.into_iter().take(MOST).collect(), all }
    }

    /// What stands in an address.
    pub fn of_query(query: &Pairs) -> Self {
        let lines = value(query, LINES).unwrap_or_default();
        let lines = lines.split(',').filter_map(|line| line.parse().ok());
        Self::new(lines, value(query, TAKE_ALL).is_some())
    }

    /// What was posted with a form that was refused, else this.
    pub fn or_posted(self, form: &FormState) -> Self {
        if !form.was_posted() {
            return self;
        }
        let lines = form.values(TAKE_IN).iter().filter_map(|line| line.parse().ok());
        Self::new(lines, form.value(TAKE_ALL).is_some())
    }

    /// The same as pairs of an address.
    pub fn to_pairs(&self) -> Pairs {
        let mut pairs = Pairs::new();
        if !self.lines.is_empty() {
            let lines: Vec<String> = self.lines.iter().map(i64::to_string).collect();
            pairs.push((LINES.to_owned(), lines.join(",")));
        }
        if self.all {
            pairs.push((TAKE_ALL.to_owned(), "true".to_owned()));
        }
        pairs
    }

    /// Whether this line is ticked.
    pub fn has(&self, line: i64) -> bool {
        self.lines.contains(&line)
    }

    /// Whether the box for all is ticked.
    pub fn has_all(&self) -> bool {
        self.all
    }

    /// Whether nothing is ticked.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && !self.all
    }

    /// The ticks as hidden fields, for a tab that does not show them.
    pub fn hidden(&self) -> impl IntoView + use<> {
        let all = self.all.then(|| view! { <input type="hidden" name=TAKE_ALL value="true"/> });
        let lines = self
            .lines
            .iter()
            .map(|line| view! { <input type="hidden" name=TAKE_IN value=line.to_string()/> })
            .collect_view();
        (all, lines)
    }
}

#[cfg(test)]
mod tests {
    use domain::query::parse;

    use super::*;

    #[test]
    fn ticks_survive_the_way_through_an_address() {
        let taken = Taken::new([7, 3, 7], true);

        assert_eq!(Taken::of_query(&taken.to_pairs()), taken);
        assert_eq!(taken.to_pairs()[0].1, "3,7");
        assert!(taken.has(7) && !taken.has(4) && taken.has_all() && !taken.is_empty());
        assert!(Taken::of_query(&parse("take=,x&tab=new")).is_empty());
    }

    #[test]
    fn a_tab_that_does_not_show_the_ticks_carries_them() {
        let html = Owner::new().with(|| Taken::new([7, 9], true).hidden().to_html());

        assert_eq!(html.matches(TAKE_IN).count(), 2, "{html}");
        assert_eq!(html.matches(TAKE_ALL).count(), 1, "{html}");
    }
}
