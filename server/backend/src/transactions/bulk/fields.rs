//! What a batch changes on a row.

use domain::{
    Date, TransactionType, day,
    entry::Edit,
    ledger::{
        provenance::Writer,
        splits::{ADJUSTED, Part},
    },
    tags,
};
use serde::{Deserialize, Serialize};

use super::rows::Row;

/// Some fields of a row with who set them. A field without a writer is not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::transactions) struct Fields {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_by: Option<Writer>,
    /// None with a writer: it has no name of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_by: Option<Writer>,
    /// None with a writer: it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note_by: Option<Writer>,
    /// Each between bars: `|trip|work|`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags_by: Option<Writer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded_by: Option<Writer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<TransactionType>,
    #[serde(skip_serializing_if = "Option::is_none", with = "day::iso::option")]
    pub date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_by: Option<Writer>,
    /// Empty: the row is whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<Vec<Part>>,
    /// Somebody should look at its parts, because the bank changed the amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<bool>,
}

impl From<&Edit> for Fields {
    /// What a person sets is theirs.
    fn from(edit: &Edit) -> Self {
        let by = |is_set: bool| is_set.then_some(Writer::User);
        Self {
            category: edit.category.clone(),
            category_by: by(edit.category.is_some()),
            merchant: edit.merchant.clone().flatten(),
            merchant_by: by(edit.merchant.is_some()),
            note: edit.note.clone().flatten(),
            note_by: by(edit.note.is_some()),
            tags: edit.tags.as_deref().map(tags::to_column),
            tags_by: by(edit.tags.is_some()),
            excluded: edit.excluded,
            excluded_by: by(edit.excluded.is_some()),
            date: edit.date,
            date_by: by(edit.date.is_some()),
            ..Self::default()
        }
    }
}

impl Fields {
    /// What a row has in the fields that `self` has.
    pub fn of(&self, row: &Row) -> Self {
        let text = |by: Option<Writer>, value: &Option<String>| by.and(value.clone());
        Self {
            category: self.category_by.map(|_| row.category.clone()),
            category_by: self.category_by.map(|_| row.category_by),
            merchant: text(self.merchant_by, &row.merchant),
            merchant_by: self.merchant_by.map(|_| row.merchant_by),
            note: text(self.note_by, &row.note),
            note_by: self.note_by.map(|_| row.note_by),
            tags: self.tags_by.map(|_| row.tags.clone()),
            tags_by: self.tags_by.map(|_| row.tags_by),
            excluded: self.excluded_by.map(|_| row.excluded),
            excluded_by: self.excluded_by.map(|_| row.excluded_by),
            r#type: self.r#type.map(|_| row.r#type),
            date: self.date_by.map(|_| row.date),
            date_by: self.date_by.map(|_| row.date_by),
            parts: self.parts.as_ref().map(|_| row.parts.clone()),
            adjusted: self.adjusted.map(|_| row.flag.as_deref() == Some(ADJUSTED)),
            deleted: self.deleted.map(|_| row.deleted),
        }
    }

    /// True while a row has just these values, set by just these.
    pub fn hold(&self, row: &Row) -> bool {
        self.of(row) == *self
    }

    /// True when what a search finds the row by is different with them.
    pub fn are_searched(&self) -> bool {
        self.merchant_by.is_some() || self.note_by.is_some() || self.parts.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_names_the_changed_fields_alone() {
        let named = Fields { merchant_by: Some(Writer::Provider), ..Fields::default() };
        let left_out =
            Fields { excluded: Some(true), excluded_by: Some(Writer::User), ..Fields::default() };

        let whole = Fields { parts: Some(Vec::new()), adjusted: Some(false), ..Fields::default() };
        let day = time::macros::date!(2026 - 05 - 03);
        let moved = Fields { date: Some(day), date_by: Some(Writer::User), ..Fields::default() };

        for (fields, text) in [
            (whole, r#"{"parts":[],"adjusted":false}"#),
            (moved, r#"{"date":"2026-05-03","dateBy":"user"}"#),
            (named, r#"{"merchantBy":"provider"}"#),
            (left_out, r#"{"excluded":true,"excludedBy":"user"}"#),
        ] {
            assert_eq!(serde_json::to_string(&fields).unwrap(), text);
            assert_eq!(serde_json::from_str::<Fields>(text).unwrap(), fields);
        }
    }
}
