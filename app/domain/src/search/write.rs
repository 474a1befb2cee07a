//! A filter written as a search.

use super::read::interpret;
use super::token::{quote, tokens};
use super::vocabulary::Vocabulary;
use crate::{AccountId, Currency, Date, Money, Month, TransactionFilter, day};

/// The search that [`interpret`] reads as this filter. Accounts stand by their names where those are theirs alone.
pub fn write(filter: &TransactionFilter, vocabulary: &Vocabulary) -> String {
    let mut words: Vec<String> = Vec::new();
    let text = filter.text.as_deref().unwrap_or_default();
    words.extend(
        text.split(' ').filter(|word| !word.is_empty()).map(|word| plain(word, vocabulary)),
    );
    let accounts = filter.accounts_wanted();
    words.extend(accounts.iter().map(|id| format!("account:{}", account(id, vocabulary))));
    words.extend(filter.categories_wanted().iter().map(|key| format!("category:{key}")));
    words.extend(filter.not_categories.iter().map(|key| format!("-category:{key}")));
    words.extend(filter.tags.iter().map(|tag| format!("tag:{}", value(tag))));
    words.extend(filter.not_tags.iter().map(|tag| format!("-tag:{}", value(tag))));
    words.extend(filter.r#type.map(|r#type| format!("type:{type}")));
    words.extend(filter.statuses_wanted().iter().map(|status| format!("status:{status}")));
    words.extend(amounts(filter.min, filter.max));
    words.extend(dates(filter.from, filter.to));
    words.join(" ")
}

/// A word that is looked for as it stands: in quotes when it would be read otherwise.
fn plain(word: &str, vocabulary: &Vocabulary) -> String {
    let text = Some(word.to_owned());
    let reading = interpret(TransactionFilter { text, ..TransactionFilter::default() }, vocabulary);
    let is_itself = matches!(tokens(word).as_slice(), [token] if token.text() == word);
    let is_plain = is_itself && reading.parts.iter().all(|part| part.is_text && !part.is_unknown);
    if is_plain { word.to_owned() } else { quote(word) }
}

/// A value behind a colon: in quotes when it has blanks or quotes.
fn value(text: &str) -> String {
    let is_bare = !text.contains(|c: char| c.is_whitespace() || c == '"');
    if is_bare { text.to_owned() } else { quote(text) }
}

fn account(id: &AccountId, vocabulary: &Vocabulary) -> String {
    let name = vocabulary.account_name(id).unwrap_or_default();
    let is_its_own = vocabulary.accounts_by(name) == [id.clone()];
    value(if is_its_own { name } else { id.as_str() })
}

fn amounts(min: Option<i64>, max: Option<i64>) -> Vec<String> {
    match (min, max) {
        (Some(min), Some(max)) if min == max => vec![format!("={}", number(min))],
        (min, max) => {
            let min = min.map(|min| format!(">={}", number(min)));
            min.into_iter().chain(max.map(|max| format!("<={}", number(max)))).collect()
        }
    }
}

/// `20`, `20.50`.
fn number(hundredths: i64) -> String {
    let text = Money::new(hundredths, Currency::USD).to_plain();
    text.strip_suffix(".00").unwrap_or(&text).to_owned()
}

fn dates(from: Option<Date>, to: Option<Date>) -> Option<String> {
    let iso = |date: Option<Date>| date.map(day::format_iso).unwrap_or_default();
    let month = from.map(Month::containing);
    let is_month =
        month.is_some_and(|month| from == Some(month.first_day()) && to == Some(month.last_day()));
    match (from, to, month) {
        (None, None, _) => None,
        (Some(_), Some(_), Some(month)) if is_month => Some(format!("date:{month}")),
        (Some(from), Some(to), _) if from == to => Some(format!("date:{}", day::format_iso(from))),
        _ => Some(format!("date:{}..{}", iso(from), iso(to))),
    }
}
