//! One change of many rows: what is done, and to which rows.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::form::Errors;
use crate::{Code, FieldError, TransactionFilter, TransactionId, category, ids, query, tags};

/// Most rows that are chosen one by one.
pub const MAX_IDS: usize = 1_000;
/// Most rows that "all that match" can mean.
pub const MAX_MATCHING: i64 = 100_000;

words! {
    /// What is done to the rows, as a form names it.
    pub enum BatchKind (Code::OptionUnknown) {
        Category = "category", "Set category";
        AddTag = "addTag", "Add tag";
        RemoveTag = "removeTag", "Remove tag";
        Exclude = "exclude", "Leave out of budgets";
        Include = "include", "Count in budgets";
        Delete = "delete", "Delete";
    }
}

/// What is done to the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "camelCase")]
pub enum BatchAction {
    /// They get the category with this key.
    Category(String),
    /// They get one tag more.
    AddTag(String),
    /// They lose a tag.
    RemoveTag(String),
    /// They are left out of budgets, sums and charts.
    Exclude,
    /// They count again.
    Include,
    /// They go, until the change is undone.
    Delete,
}

impl BatchAction {
    /// Its word.
    pub const fn kind(&self) -> BatchKind {
        match self {
            Self::Category(_) => BatchKind::Category,
            Self::AddTag(_) => BatchKind::AddTag,
            Self::RemoveTag(_) => BatchKind::RemoveTag,
            Self::Exclude => BatchKind::Exclude,
            Self::Include => BatchKind::Include,
            Self::Delete => BatchKind::Delete,
        }
    }
}

words! {
    /// What was done to many rows or to one, as it is kept.
    pub enum Deed (Code::OptionUnknown) {
        Category = "category", "Category set";
        AddTag = "addTag", "Tag added";
        RemoveTag = "removeTag", "Tag removed";
        Exclude = "exclude", "Left out of budgets";
        Include = "include", "Counted in budgets";
        Delete = "delete", "Deleted";
        Rule = "rule", "Rule applied";
        Edit = "edit", "Changed";
        Split = "split", "Parts changed";
    }
}

impl BatchAction {
    /// The deed, and the key or the tag that it is done with.
    pub fn deed(&self) -> (Deed, Option<&str>) {
        match self {
            Self::Category(key) => (Deed::Category, Some(key)),
            Self::AddTag(tag) => (Deed::AddTag, Some(tag)),
            Self::RemoveTag(tag) => (Deed::RemoveTag, Some(tag)),
            Self::Exclude => (Deed::Exclude, None),
            Self::Include => (Deed::Include, None),
            Self::Delete => (Deed::Delete, None),
        }
    }
}

/// The rows a change is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchTarget {
    /// These, sorted, each once, at most [`MAX_IDS`].
    Rows(Vec<TransactionId>),
    /// All that match, on every page.
    Matching(Box<TransactionFilter>),
}

/// A checked change of many rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Which rows.
    pub target: BatchTarget,
    /// What is done to them.
    pub action: BatchAction,
}

/// The form over a list with ticked rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BatchForm {
    /// `ids[]`: the ticked rows.
    pub ids: Vec<String>,
    /// `all`: anything but nothing means all that match, as a ticked box sends it; the ids count for nothing then.
    pub all: String,
    /// `filter`: the query of the list, as it stands in the address.
    pub filter: String,
    /// `action`: a word of [`BatchKind`].
    pub action: String,
    /// `category`: the key for that action.
    pub category: String,
    /// `tag`: the tag for those actions.
    pub tag: String,
}

impl BatchForm {
    /// Checks everything and gives all errors at once.
    pub fn parse(&self) -> Result<Batch, Vec<FieldError>> {
        let mut errors = Errors::default();
        let action = self.action(&mut errors);
        let target = if self.all.trim().is_empty() {
            errors.take("ids", self.rows()).map(BatchTarget::Rows)
        } else {
            errors.take("filter", self.matching()).map(BatchTarget::Matching)
        };
        let batch = target.zip(action).map(|(target, action)| Batch { target, action });
        errors.finish(batch)
    }

    fn action(&self, errors: &mut Errors) -> Option<BatchAction> {
        match errors.take("action", self.action.trim().parse::<BatchKind>())? {
            BatchKind::Category => errors
                .take("category", category::parse_key(self.category.trim()))
                .map(BatchAction::Category),
            BatchKind::AddTag => {
                errors.take("tag", tags::parse(&self.tag)).map(BatchAction::AddTag)
            }
            BatchKind::RemoveTag => {
                errors.take("tag", tags::parse(&self.tag)).map(BatchAction::RemoveTag)
            }
            BatchKind::Exclude => Some(BatchAction::Exclude),
            BatchKind::Include => Some(BatchAction::Include),
            BatchKind::Delete => Some(BatchAction::Delete),
        }
    }

    fn rows(&self) -> Result<Vec<TransactionId>, Code> {
        let filled = self.ids.iter().map(|id| id.trim()).filter(|id| !id.is_empty());
        let ids: BTreeSet<&str> = filled.collect();
        if ids.len() > MAX_IDS {
            return Err(Code::SelectionTooLarge);
        }
        if ids.is_empty() || !ids.iter().all(|id| ids::is_well_formed(id)) {
            return Err(Code::SelectionEmpty);
        }
        Ok(ids.into_iter().map(TransactionId::new).collect())
    }

    /// A list with a wrong filter shows nothing, so nothing of it can be meant.
    fn matching(&self) -> Result<Box<TransactionFilter>, Code> {
        let filter = TransactionFilter::from_query(&query::parse(&self.filter));
        filter.map(Box::new).map_err(|_| Code::SelectionEmpty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(ids: &[&str], action: &str) -> BatchForm {
        BatchForm {
            ids: ids.iter().map(|id| (*id).to_owned()).collect(),
            action: action.to_owned(),
            ..BatchForm::default()
        }
    }

    fn errors(form: &BatchForm) -> Vec<(String, String)> {
        let errors = form.parse().unwrap_err();
        errors.into_iter().map(|error| (error.field, error.code)).collect()
    }

    fn error(field: &str, code: &str) -> (String, String) {
        (field.to_owned(), code.to_owned())
    }

    #[test]
    fn ticked_rows_are_meant_once_each() {
        let batch = form(&["t2", " t1 ", "", "t2"], "delete").parse().unwrap();
        assert_eq!(batch.target, BatchTarget::Rows(vec!["t1".into(), "t2".into()]));
        assert_eq!(batch.action, BatchAction::Delete);
    }

    #[test]
    fn every_action_reads_what_it_needs() {
        let filled = |action: &str| BatchForm {
            category: "food.coffee".to_owned(),
            tag: " #Trip ".to_owned(),
            ..form(&["t1"], action)
        };
        let cases = [
            ("category", BatchAction::Category("food.coffee".to_owned())),
            ("addTag", BatchAction::AddTag("trip".to_owned())),
            ("removeTag", BatchAction::RemoveTag("trip".to_owned())),
            ("exclude", BatchAction::Exclude),
            ("include", BatchAction::Include),
            ("delete", BatchAction::Delete),
        ];
        for (word, action) in &cases {
            assert_eq!(filled(word).parse().unwrap().action, *action);
            assert_eq!(action.kind().as_str(), *word);
            assert_eq!(action.deed().0.as_str(), *word);
        }
        let words: Vec<&str> = BatchKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(words, cases.map(|(word, _)| word));
    }

    #[test]
    fn all_that_match_are_meant_by_their_filter() {
        let all = BatchForm {
            all: "on".to_owned(),
            filter: "q=coffee&from=2026-05-01".to_owned(),
            ..form(&["t1"], "exclude")
        };
        let batch = all.parse().unwrap();
        let BatchTarget::Matching(filter) = batch.target else { panic!("{batch:?}") };
        assert_eq!(filter.to_query(), "q=coffee&from=2026-05-01");

        let wrong = BatchForm { filter: "from=never".to_owned(), ..all };
        assert_eq!(errors(&wrong), [error("filter", "selection_empty")]);
    }

    #[test]
    fn every_wrong_field_is_named() {
        assert_eq!(
            errors(&form(&[" "], "fly")),
            [error("action", "option_unknown"), error("ids", "selection_empty")]
        );
        assert_eq!(errors(&form(&["t1"], "category")), [error("category", "category_unknown")]);
        assert_eq!(errors(&form(&["t1"], "addTag")), [error("tag", "text_required")]);
        assert_eq!(errors(&form(&["a'b"], "delete")), [error("ids", "selection_empty")]);
    }

    #[test]
    fn a_thousand_rows_can_be_ticked() {
        let ids: Vec<String> = (0..=MAX_IDS).map(|n| format!("t{n}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        assert!(form(&ids[..MAX_IDS], "delete").parse().is_ok());
        assert_eq!(errors(&form(&ids, "delete")), [error("ids", "selection_too_large")]);
    }
}
