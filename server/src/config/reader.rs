//! Reads one variable after the other and keeps every problem for the end.

use std::{collections::BTreeMap, fmt::Display, ops::RangeInclusive, str::FromStr};

use secrecy::SecretString;

use super::{
    problem::Problems,
    variables::Variable,
    vars::{Origin, Vars},
};

/// A reading in progress.
pub(super) struct Reader<'a> {
    vars: &'a Vars,
    pub(super) problems: Problems,
    pub(super) warnings: Vec<String>,
    pub(super) origins: BTreeMap<String, Origin>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(vars: &'a Vars) -> Self {
        Self { vars, problems: Problems::default(), warnings: Vec::new(), origins: BTreeMap::new() }
    }

    /// The words for which a member of one of these families is set.
    pub(super) fn words(&self, families: &[&Variable]) -> Vec<String> {
        self.vars.words(families)
    }

    /// The text of a variable.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let found = self.vars.find(name, &mut self.problems);
        let (value, origin) = match found {
            Some((value, origin)) => (Some(value), origin),
            None => (None, Origin::Default),
        };
        self.origins.insert(name.to_owned(), origin);
        value
    }

    pub(super) fn secret(&mut self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    /// A value that its own type reads; `expected` completes "must be …".
    pub(super) fn parsed<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        let text = self.text(name)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.problems.push(name, format!("The value must be {expected}."));
        }
        parsed
    }

    /// One word of a closed list.
    pub(super) fn choice<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            self.problems.push(name, format!("The value must be one of {}.", words.join(", ")));
        }
        found
    }

    pub(super) fn switch(&mut self, name: &str) -> Option<bool> {
        self.choice(
            name,
            &[
                ("true", true),
                ("false", false),
                ("on", true),
                ("off", false),
                ("1", true),
                ("0", false),
            ],
        )
    }

    /// A whole number inside its bounds.
    pub(super) fn number<T>(&mut self, name: &str, bounds: RangeInclusive<T>) -> Option<T>
    where
        T: FromStr + PartialOrd + Display,
    {
        let text = self.text(name)?;
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        if number.is_none() {
            let (low, high) = (bounds.start(), bounds.end());
            self.problems
                .push(name, format!("The value must be a whole number from {low} to {high}."));
        }
        number
    }

    /// A list, separated by commas. Blanks around the parts do not count.
    pub(super) fn list(&mut self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }
}
