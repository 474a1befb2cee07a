//! What a batch changes on a row.

use domain::{TransactionType, ledger::provenance::Writer};
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<bool>,
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
            deleted: self.deleted.map(|_| row.deleted),
        }
    }

    /// True while a row has just these values, set by just these.
    pub fn hold(&self, row: &Row) -> bool {
        self.of(row) == *self
    }

    /// True when what a search finds the row by is different with them.
    pub fn are_searched(&self) -> bool {
        self.merchant_by.is_some() || self.note_by.is_some()
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

        for (fields, text) in [
            (named, r#"{"merchantBy":"provider"}"#),
            (left_out, r#"{"excluded":true,"excludedBy":"user"}"#),
        ] {
            assert_eq!(serde_json::to_string(&fields).unwrap(), text);
            assert_eq!(serde_json::from_str::<Fields>(text).unwrap(), fields);
        }
    }
}
