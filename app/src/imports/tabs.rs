//! The four kinds of rows of a file, as tabs: which one is shown is in the address. The tabs are buttons of the form that
//! imports, so that what is ticked goes along.

use backend::imports::{PreviewCounts, RowState};
use domain::{import::ImportOptions, query::Pairs};
use leptos::prelude::*;

use super::taken::Taken;
use crate::{
    routes,
    ui::query::{address, find},
};

/// Which rows are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Rows that are not here yet.
    New,
    /// Rows that an earlier import brought.
    Here,
    /// Rows that look like one from another source.
    Possible,
    /// Rows that can't be read.
    Failed,
}

impl View {
    const ALL: [Self; 4] = [Self::New, Self::Here, Self::Possible, Self::Failed];

    /// The one in the address, else the first that has rows.
    pub fn of(query: &Pairs, counts: &PreviewCounts) -> Self {
        let asked = find(query, "tab");
        let chosen = Self::ALL.into_iter().find(|view| asked == Some(view.as_str()));
        let filled = || {
            [Self::New, Self::Possible, Self::Failed, Self::Here]
                .into_iter()
                .find(|view| view.count(counts) > 0)
        };
        chosen.or_else(filled).unwrap_or(Self::New)
    }

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Here => "here",
            Self::Possible => "possible",
            Self::Failed => "errors",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Here => "Already here",
            Self::Possible => "Possible",
            Self::Failed => "Errors",
        }
    }

    /// What the tab says when it has no rows.
    pub fn nothing(self) -> &'static str {
        match self {
            Self::New => "Nothing new in this file.",
            Self::Here => "None of these rows is here yet.",
            Self::Possible => "No row looks like one you already have.",
            Self::Failed => "Every row could be read.",
        }
    }

    /// How many rows it has.
    pub fn count(self, counts: &PreviewCounts) -> i64 {
        match self {
            Self::New => counts.new,
            Self::Here => counts.here,
            Self::Possible => counts.possible,
            Self::Failed => counts.failed,
        }
    }

    /// Whether a row belongs to it.
    pub fn has(self, state: &RowState) -> bool {
        match state {
            RowState::New | RowState::Replaces => self == Self::New,
            RowState::Here => self == Self::Here,
            RowState::Possible(_) => self == Self::Possible,
            RowState::Failed(_) => self == Self::Failed,
        }
    }

    /// The one with this word; the first for any other.
    pub fn named(word: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.as_str() == word).unwrap_or(Self::New)
    }

    /// The address of the tab.
    pub fn href(self, path: &str, options: &ImportOptions, taken: &Taken) -> String {
        let mut pairs = options.to_pairs();
        pairs.push(("tab".to_owned(), self.as_str().to_owned()));
        pairs.extend(taken.to_pairs());
        address(path, &pairs)
    }
}

/// The row of tabs.
#[component]
pub fn RowTabs(
    /// The one that is shown.
    view: View,
    /// How many rows each has.
    counts: PreviewCounts,
) -> AnyView {
    let items = View::ALL
        .into_iter()
        .map(|tab| {
            view! {
                <li>
                    <button
                        type="submit"
                        formaction=routes::LOOK_AT_ROWS
                        name="tab"
                        value=tab.as_str()
                        class="tab cursor-pointer"
                        aria-current=(tab == view).then_some("page")
                        data-testid="import-tab"
                        data-state=tab.as_str()
                    >
                        {tab.label()}
                        <span class="ml-1.5 text-ink-3 tabular-nums">{tab.count(&counts)}</span>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav aria-label="Rows of the file" class="-mx-4 overflow-x-auto px-4 md:mx-0 md:px-0">
            <ul class="flex gap-1 border-b border-line">{items}</ul>
        </nav>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::query;

    use super::*;

    fn counts(new: i64, here: i64, possible: i64, failed: i64) -> PreviewCounts {
        PreviewCounts { new, here, possible, failed }
    }

    #[test]
    fn the_first_tab_with_rows_is_shown() {
        let none = Pairs::new();

        assert_eq!(View::of(&none, &counts(1, 2, 3, 4)), View::New);
        assert_eq!(View::of(&none, &counts(0, 2, 0, 4)), View::Failed);
        assert_eq!(View::of(&none, &counts(0, 2, 0, 0)), View::Here);
        assert_eq!(View::of(&none, &counts(0, 0, 0, 0)), View::New);
    }

    #[test]
    fn the_address_says_which_tab_is_shown() {
        let asked = query::parse("tab=errors");

        assert_eq!(View::of(&asked, &counts(1, 0, 0, 0)), View::Failed);
        assert_eq!(
            View::Here.href(
                "/import/7",
                &ImportOptions { flip: Some(true), ..Default::default() },
                &Taken::new([3, 5], false)
            ),
            "/import/7?sign=flipped&tab=here&take=3%2C5"
        );
        assert_eq!((View::named("errors"), View::named("x")), (View::Failed, View::New));
    }
}
