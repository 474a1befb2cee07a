//! What a person chose for a file. Lives in the address of the preview.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::MAX_COLUMNS;
use super::columns::Role;
use super::dates::DateFormat;
use super::numbers::Decimal;
use crate::form::Errors;
use crate::query::{self, Pairs};
use crate::{Code, FieldError, day};

/// Choices for one file; what is absent is found out from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ImportOptions {
    /// The column of a role, counted from 0, or none at all.
    pub columns: BTreeMap<Role, Option<u32>>,
    /// How dates are written.
    pub date_format: Option<DateFormat>,
    /// The sign in front of the decimals.
    pub decimal: Option<Decimal>,
    /// True when money out is above zero in the file.
    pub flip: Option<bool>,
    /// Which statement of the file is read, counted from 0. Of one file, and never remembered for the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<u32>,
}

impl ImportOptions {
    /// Reads `date`, `decimal`, `sign` (`normal`, `flipped`), `statement` (a number from 0) and `col.date`, `col.externalId`, … (a number from 0, `none`).
    pub fn from_query<K: AsRef<str>, V: AsRef<str>>(
        pairs: &[(K, V)],
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = Errors::default();
        let mut options = Self {
            date_format: query::value(pairs, "date")
                .and_then(|text| errors.take("date", text.parse())),
            decimal: query::value(pairs, "decimal")
                .and_then(|text| errors.take("decimal", text.parse())),
            flip: query::value(pairs, "sign").and_then(|text| errors.take("sign", sign(text))),
            statement: query::value(pairs, "statement")
                .and_then(|text| errors.take("statement", statement(text))),
            columns: BTreeMap::new(),
        };
        for role in Role::ALL {
            let name = format!("col.{role}");
            let chosen =
                query::value(pairs, &name).and_then(|text| errors.take(&name, column(text)));
            if let Some(column) = chosen {
                options.columns.insert(*role, column);
            }
        }
        errors.finish(Some(options))
    }

    /// The pairs that [`ImportOptions::from_query`] reads, always in the same order.
    pub fn to_pairs(&self) -> Pairs {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut pairs = Pairs::new();
        pairs.extend(self.date_format.map(|format| pair("date", format.as_str())));
        pairs.extend(self.decimal.map(|decimal| pair("decimal", decimal.as_str())));
        pairs.extend(self.flip.map(|flip| pair("sign", if flip { "flipped" } else { "normal" })));
        pairs.extend(self.statement.map(|number| pair("statement", &number.to_string())));
        for (role, column) in &self.columns {
            let column = column.map_or_else(|| "none".to_owned(), |column| column.to_string());
            pairs.push((format!("col.{role}"), column));
        }
        pairs
    }

    /// The same as the query of an address.
    pub fn to_query(&self) -> String {
        query::encode(&self.to_pairs())
    }
}

fn sign(text: &str) -> Result<bool, Code> {
    match text {
        "normal" => Ok(false),
        "flipped" => Ok(true),
        _ => Err(Code::OptionUnknown),
    }
}

fn statement(text: &str) -> Result<u32, Code> {
    day::digits(text).ok_or(Code::OptionUnknown)
}

fn column(text: &str) -> Result<Option<u32>, Code> {
    if text == "none" {
        return Ok(None);
    }
    let column: u32 = text.parse().map_err(|_| Code::ColumnUnknown)?;
    let known = usize::try_from(column).is_ok_and(|column| column < MAX_COLUMNS);
    if known { Ok(Some(column)) } else { Err(Code::ColumnUnknown) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = "date=dmy&decimal=comma&sign=flipped&statement=1&col.date=0&col.amount=3&col.category=none&col.externalId=5";

    #[test]
    fn choices_survive_the_way_through_an_address() {
        let options = ImportOptions::from_query(&query::parse(FULL)).unwrap();

        assert_eq!(options.date_format, Some(DateFormat::Dmy));
        assert_eq!(options.statement, Some(1));
        assert_eq!(options.columns.get(&Role::Category), Some(&None));
        assert_eq!(options.columns.get(&Role::ExternalId), Some(&Some(5)));
        assert_eq!(options.to_query(), FULL);
        let json = serde_json::to_string(&options).unwrap();
        assert_eq!(serde_json::from_str::<ImportOptions>(&json).unwrap(), options);
    }

    #[test]
    fn an_untouched_form_chooses_nothing() {
        let options =
            ImportOptions::from_query(&query::parse("date=&decimal=&sign=&col.date=&col.amount="))
                .unwrap();
        assert_eq!(options, ImportOptions::default());
    }

    #[test]
    fn every_wrong_choice_is_named() {
        let errors = ImportOptions::from_query(&query::parse(
            "date=x&decimal=x&sign=x&statement=-1&col.date=64&col.amount=-1",
        ))
        .unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["date", "decimal", "sign", "statement", "col.date", "col.amount"]);
    }
}
