//! Rules asked of a row, and what they may change on it.

use super::condition::{Prepared, Subject, Test};
use super::{Action, Match, Rule};
use crate::ledger::provenance::{Writer, may_write};
use crate::{AccountId, Code, tags};

/// A rule made ready for many rows.
pub struct Compiled {
    r#match: Match,
    tests: Vec<Test>,
    actions: Vec<Action>,
    stop: bool,
}

impl Compiled {
    /// Makes a rule ready; says what is wrong with a pattern of it.
    pub fn new(rule: &Rule) -> Result<Self, Code> {
        Ok(Self {
            r#match: rule.r#match,
            tests: rule.conditions.iter().map(Test::new).collect::<Result<_, _>>()?,
            actions: rule.actions.clone(),
            stop: rule.stop,
        })
    }

    /// True when the conditions hold. A rule without any never does.
    pub fn matches(&self, row: &Subject<'_>) -> bool {
        self.fits(&Prepared::new(row))
    }

    fn fits(&self, row: &Prepared<'_>) -> bool {
        match self.r#match {
            _ if self.tests.is_empty() => false,
            Match::All => self.tests.iter().all(|test| test.holds(row)),
            Match::Any => self.tests.iter().any(|test| test.holds(row)),
        }
    }
}

/// A value and the place of the rule that set it, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen<T> {
    /// The value.
    pub value: T,
    /// Which rule of the list.
    pub rule: usize,
}

/// What the rules say of a row: for each field the first rule that sets it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The key of a category.
    pub category: Option<Chosen<String>>,
    /// The name of a merchant.
    pub merchant: Option<Chosen<String>>,
    /// The tags of one rule, sorted.
    pub tags: Option<Chosen<Vec<String>>>,
    /// A note.
    pub note: Option<Chosen<String>>,
    /// It is left out.
    pub exclude: Option<Chosen<()>>,
    /// It is a transfer with this account.
    pub transfer: Option<Chosen<AccountId>>,
    /// The places of all rules that fit, as far as they were looked at.
    pub fitting: Vec<usize>,
}

/// Asks the rules in their order, to the end or to the first that fits and stops.
pub fn evaluate(rules: &[Compiled], row: &Subject<'_>) -> Outcome {
    let row = Prepared::new(row);
    let mut outcome = Outcome::default();
    for (place, rule) in rules.iter().enumerate() {
        if !rule.fits(&row) {
            continue;
        }
        outcome.fitting.push(place);
        outcome.take(place, &rule.actions);
        if rule.stop {
            break;
        }
    }
    outcome
}

impl Outcome {
    fn take(&mut self, rule: usize, actions: &[Action]) {
        let mut tags = Vec::new();
        for action in actions {
            match action {
                Action::Category(key) => first(&mut self.category, rule, key.clone()),
                Action::Merchant(name) => first(&mut self.merchant, rule, name.clone()),
                Action::Tag(tag) => tags.push(tag.clone()),
                Action::Note(note) => first(&mut self.note, rule, note.clone()),
                Action::Exclude => first(&mut self.exclude, rule, ()),
                Action::Transfer(account) => first(&mut self.transfer, rule, account.clone()),
            }
        }
        if let Some(tags) = tags::join(tags).filter(|tags| !tags.is_empty()) {
            first(&mut self.tags, rule, tags);
        }
    }

    /// What would be different on a row afterwards: what a person set is left alone, and what is so already.
    pub fn changes(&self, row: &Current<'_>) -> Changes {
        let may = |by: Writer| may_write(by, Writer::Rule);
        let text = |chosen: &Option<Chosen<String>>, now: Option<&str>, by: Writer| {
            let chosen = chosen.as_ref().filter(|_| may(by))?;
            (now != Some(chosen.value.as_str())).then(|| chosen.value.clone())
        };
        Changes {
            category: text(&self.category, Some(row.category), row.category_by),
            merchant: text(&self.merchant, row.merchant, row.merchant_by),
            note: text(&self.note, row.note, row.note_by),
            tags: self.tags.as_ref().filter(|_| may(row.tags_by)).and_then(|chosen| {
                let all = row.tags.iter().chain(&chosen.value).cloned();
                tags::join(all).filter(|tags| tags != row.tags)
            }),
            exclude: self.exclude.is_some() && !row.excluded && may(row.excluded_by),
            transfer: self.transfer.as_ref().filter(|_| !row.paired).map(|to| to.value.clone()),
        }
    }
}

/// What stands on a row now, and who set it.
#[derive(Clone, Copy, Debug)]
pub struct Current<'r> {
    /// The key of its category.
    pub category: &'r str,
    /// Who set that.
    pub category_by: Writer,
    /// The name of its merchant.
    pub merchant: Option<&'r str>,
    /// Who set that.
    pub merchant_by: Writer,
    /// Its note.
    pub note: Option<&'r str>,
    /// Who set that.
    pub note_by: Writer,
    /// Its tags, sorted.
    pub tags: &'r [String],
    /// Who set them.
    pub tags_by: Writer,
    /// Left out already.
    pub excluded: bool,
    /// Who set that.
    pub excluded_by: Writer,
    /// One side of a transfer already.
    pub paired: bool,
}

/// What rules change on a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// A new category.
    pub category: Option<String>,
    /// A new name of the merchant.
    pub merchant: Option<String>,
    /// A new note.
    pub note: Option<String>,
    /// All of its tags, with the new ones.
    pub tags: Option<Vec<String>>,
    /// It is left out from now on.
    pub exclude: bool,
    /// The account that is the other side.
    pub transfer: Option<AccountId>,
}

impl Changes {
    /// True when nothing would be different.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn first<T>(field: &mut Option<Chosen<T>>, rule: usize, value: T) {
    field.get_or_insert(Chosen { value, rule });
}
