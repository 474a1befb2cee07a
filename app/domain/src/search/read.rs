//! A search read as a filter, with what each word was taken for.

use serde::{Deserialize, Serialize};

use super::found::Found;
use super::token::{Token, tokens};
use super::vocabulary::Vocabulary;
use crate::filter::chips::{amount, date_label};
use crate::{
    Currency, Date, Month, TransactionFilter, TransactionStatus, TransactionType, day, money, tags,
    text,
};

/// How one word of a search was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// As it was typed.
    pub source: String,
    /// What it was taken for: `more than 20.00`, `not Food`.
    pub meaning: String,
    /// It is looked for as text.
    pub is_text: bool,
    /// It looked special, and could not be read: it is looked for as text for that reason.
    pub is_unknown: bool,
}

/// A search that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The filter, with what is left of the search as its text.
    pub filter: TransactionFilter,
    /// Each word, in order.
    pub parts: Vec<Part>,
}

impl Reading {
    /// One line that tells how the search was read; nothing for one of plain words alone.
    pub fn sentence(&self) -> Option<String> {
        if self.parts.iter().all(|part| part.is_text && !part.is_unknown) {
            return None;
        }
        let meanings: Vec<&str> = self.parts.iter().map(|part| part.meaning.as_str()).collect();
        Some(format!("Read as: {}.", meanings.join(", ")))
    }
}

/// Takes the text of a filter apart. What a word says of accounts, categories, amounts or dates takes the place of what
/// the filter said of them; the words that mean nothing special stay its text.
pub fn interpret(filter: TransactionFilter, vocabulary: &Vocabulary) -> Reading {
    let search = filter.text.clone().unwrap_or_default();
    let mut reader = Reader { vocabulary, found: Found::default() };
    let mut words = Vec::new();
    let mut parts = Vec::new();
    for token in tokens(&search) {
        let meaning = reader.special(&token);
        let is_special = token.key.as_deref().is_some_and(is_known_key)
            || (!token.is_quoted && token.value.starts_with(['<', '>', '=']));
        if meaning.is_none() {
            words.push(token.text());
        }
        parts.push(Part {
            is_text: meaning.is_none(),
            is_unknown: meaning.is_none() && is_special,
            meaning: meaning.unwrap_or_else(|| format!("“{}”", token.text())),
            source: token.source,
        });
    }
    let text = text::clean_line(&words.join(" "), usize::MAX).ok().filter(|text| !text.is_empty());
    Reading { filter: reader.found.over(TransactionFilter { text, ..filter }), parts }
}

/// The words that stand before a colon.
fn is_known_key(key: &str) -> bool {
    let key = key.strip_prefix('-').unwrap_or(key).to_ascii_lowercase();
    ["account", "category", "tag", "type", "status", "amount", "date", "from", "to"]
        .contains(&key.as_str())
}

struct Reader<'v> {
    vocabulary: &'v Vocabulary,
    found: Found,
}

impl Reader<'_> {
    /// Takes in what a word says, and tells what that is; nothing for a word that means nothing special.
    fn special(&mut self, token: &Token) -> Option<String> {
        let Some(key) = &token.key else {
            return if token.is_quoted { None } else { self.comparison(&token.value) };
        };
        let value = token.value.as_str();
        match key.to_ascii_lowercase().as_str() {
            "account" => self.account(value),
            "category" => self.category(value),
            "-category" => self.not_category(value),
            "tag" => self.tag(value),
            "-tag" => self.not_tag(value),
            "type" => self.r#type(value),
            "status" => self.status(value),
            "amount" => self.amount(value),
            "date" => {
                let (from, to) = span(value)?;
                self.between(from, to)
            }
            "from" => self.between(Some(first_and_last(value)?.0), None),
            "to" => self.between(None, Some(first_and_last(value)?.1)),
            _ => None,
        }
    }

    /// `>20`, `>=20`, `<50`, `<=50`, `=20`.
    fn comparison(&mut self, value: &str) -> Option<String> {
        let signs = value.len().saturating_sub(value.trim_start_matches(['<', '>', '=']).len());
        let (sign, number) = value.split_at_checked(signs)?;
        let number = hundredths(number)?;
        match sign {
            ">" => {
                self.amounts(number.checked_add(1), None, &format!("more than {}", amount(number)))
            }
            ">=" => self.amounts(Some(number), None, &format!("at least {}", amount(number))),
            "<" if number > 0 => {
                self.amounts(None, number.checked_sub(1), &format!("less than {}", amount(number)))
            }
            "<=" => self.amounts(None, Some(number), &format!("at most {}", amount(number))),
            "=" => self.exactly(number),
            _ => None,
        }
    }

    /// `20`, `20..50`, `20..`, `..50`, or a comparison.
    fn amount(&mut self, value: &str) -> Option<String> {
        let Some((from, to)) = value.split_once("..") else {
            return match hundredths(value) {
                Some(number) => self.exactly(number),
                None => self.comparison(value),
            };
        };
        let from = optional(from, hundredths).ok()?;
        let to = optional(to, hundredths).ok()?;
        let meaning = match (from, to) {
            (Some(from), Some(to)) => format!("{} to {}", amount(from), amount(to)),
            (Some(from), None) => format!("at least {}", amount(from)),
            (None, Some(to)) => format!("at most {}", amount(to)),
            (None, None) => return None,
        };
        self.amounts(from, to, &meaning)
    }

    fn exactly(&mut self, number: i64) -> Option<String> {
        self.amounts(Some(number), Some(number), &format!("exactly {}", amount(number)))
    }

    /// Narrows the amounts, unless nothing would be left of them.
    fn amounts(&mut self, min: Option<i64>, max: Option<i64>, meaning: &str) -> Option<String> {
        self.found.narrow_amounts(min, max).then(|| meaning.to_owned())
    }

    /// Narrows the dates, unless nothing would be left of them.
    fn between(&mut self, from: Option<Date>, to: Option<Date>) -> Option<String> {
        let meaning = date_label(from, to)?;
        self.found.narrow_dates(from, to).then_some(meaning)
    }

    fn account(&mut self, value: &str) -> Option<String> {
        let ids = self.vocabulary.accounts_by(value);
        let names: Vec<&str> =
            ids.iter().filter_map(|id| self.vocabulary.account_name(id)).collect();
        if names.is_empty() {
            return None;
        }
        let meaning = format!("account {}", names.join(" or "));
        self.found.accounts.extend(ids);
        Some(meaning)
    }

    fn category(&mut self, value: &str) -> Option<String> {
        let key = self.vocabulary.category_by(value)?;
        let meaning = self.vocabulary.category_name(&key).to_owned();
        self.found.categories.push(key);
        Some(meaning)
    }

    fn not_category(&mut self, value: &str) -> Option<String> {
        let key = self.vocabulary.category_by(value)?;
        let meaning = format!("not {}", self.vocabulary.category_name(&key));
        self.found.not_categories.push(key);
        Some(meaning)
    }

    fn tag(&mut self, value: &str) -> Option<String> {
        let tag = tags::parse(value).ok()?;
        let meaning = format!("#{tag}");
        self.found.tags.push(tag);
        Some(meaning)
    }

    fn not_tag(&mut self, value: &str) -> Option<String> {
        let tag = tags::parse(value).ok()?;
        let meaning = format!("not #{tag}");
        self.found.not_tags.push(tag);
        Some(meaning)
    }

    fn r#type(&mut self, value: &str) -> Option<String> {
        let r#type = match value.to_lowercase().as_str() {
            "in" => TransactionType::Credit,
            "out" => TransactionType::Debit,
            word => word.parse().ok()?,
        };
        if self.found.r#type.is_some_and(|known| known != r#type) {
            return None;
        }
        self.found.r#type = Some(r#type);
        Some(r#type.label().to_lowercase())
    }

    fn status(&mut self, value: &str) -> Option<String> {
        let status: TransactionStatus = value.to_lowercase().parse().ok()?;
        self.found.statuses.push(status);
        Some(status.label().to_lowercase())
    }
}

/// An amount without a sign, in hundredths.
fn hundredths(text: &str) -> Option<i64> {
    let starts = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '$'));
    money::parse_minor(text, Currency::USD).ok().filter(|minor| starts && *minor >= 0)
}

/// A text that is neither empty nor what was expected.
struct Unreadable;

/// The value of a text, and none of an empty one.
fn optional<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Unreadable> {
    if text.is_empty() { Ok(None) } else { parse(text).map(Some).ok_or(Unreadable) }
}

/// `2026`, `2026-05`, `2026-05-04`, or two of them with two points between, of which one may be missing.
fn span(text: &str) -> Option<(Option<Date>, Option<Date>)> {
    let Some((from, to)) = text.split_once("..") else {
        let (from, to) = first_and_last(text)?;
        return Some((Some(from), Some(to)));
    };
    let from = optional(from, first_and_last).ok()?.map(|(first, _)| first);
    let to = optional(to, first_and_last).ok()?.map(|(_, last)| last);
    let is_backwards = from.zip(to).is_some_and(|(from, to)| from > to);
    (!is_backwards).then_some((from, to))
}

/// The first and the last day of a year, a month or a day.
fn first_and_last(text: &str) -> Option<(Date, Date)> {
    if let Some(date) = day::parse_iso(text) {
        return Some((date, date));
    }
    if let Ok(month) = text.parse::<Month>() {
        return Some((month.first_day(), month.last_day()));
    }
    let first = day::parse_iso(&format!("{text}-01-01"))?;
    let last = day::parse_iso(&format!("{text}-12-31"))?;
    Some((first, last))
}
