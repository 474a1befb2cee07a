//! What the words of a search can name: a person's accounts and categories.

use crate::fingerprint::normalise_description;
use crate::{AccountId, category};

/// An account and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountWords {
    /// Its id.
    pub id: AccountId,
    /// What it is called on the screen.
    pub name: String,
    /// Further words it goes by: its kind, its bank, its last digits.
    pub words: Vec<String>,
}

/// A person's own leaf, or own word for a category of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryWords {
    /// Its key.
    pub key: String,
    /// What it is called on the screen.
    pub label: String,
}

/// Everything a search can name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// The person's accounts.
    pub accounts: Vec<AccountWords>,
    /// The person's own leaves and words; ours are known.
    pub categories: Vec<CategoryWords>,
}

impl Vocabulary {
    /// The accounts a word means, sorted: the one with this id, else all that go by it, else all whose name or words
    /// have it in them at the beginning of a word.
    pub fn accounts_by(&self, word: &str) -> Vec<AccountId> {
        let wanted = normalise_description(word);
        if wanted.is_empty() {
            return Vec::new();
        }
        let inside = format!(" {wanted}");
        let is_id = |account: &AccountWords| account.id.as_str() == word;
        let is_called = |account: &AccountWords| account.texts().any(|text| text == wanted);
        let begins = |account: &AccountWords| {
            account.texts().any(|text| format!(" {text}").contains(&inside))
        };
        let tests: [&dyn Fn(&AccountWords) -> bool; 3] = [&is_id, &is_called, &begins];
        for test in tests {
            let found = self.accounts.iter().filter(|account| test(account));
            let mut ids: Vec<AccountId> = found.map(|account| account.id.clone()).collect();
            if !ids.is_empty() {
                ids.sort();
                ids.dedup();
                return ids;
            }
        }
        Vec::new()
    }

    /// The key of the category a word means: a key, a person's own word, a label, or the name of a leaf of ours.
    pub fn category_by(&self, word: &str) -> Option<String> {
        let wanted = normalise_description(word);
        if matches!(wanted.as_str(), "none" | "uncategorised") {
            return Some(category::UNCATEGORIZED.to_owned());
        }
        let is_own =
            |own: &&CategoryWords| own.key == wanted || normalise_description(&own.label) == wanted;
        let ours = || category::find(&wanted).map(|category| category.key.to_owned());
        let own = || self.categories.iter().find(is_own).map(|own| own.key.clone());
        ours().or_else(own).or_else(|| category::from_label(&wanted).map(str::to_owned))
    }

    /// What an account is called.
    pub fn account_name(&self, id: &AccountId) -> Option<&str> {
        let account = self.accounts.iter().find(|account| account.id == *id);
        account.map(|account| account.name.as_str())
    }

    /// What a category is called: the person's word, else ours.
    pub fn category_name<'v>(&'v self, key: &str) -> &'v str {
        let own = self.categories.iter().find(|own| own.key == key);
        own.map_or_else(|| category::label(key), |own| own.label.as_str())
    }
}

impl AccountWords {
    /// Everything it goes by, normalised.
    fn texts(&self) -> impl Iterator<Item = String> {
        std::iter::once(&self.name).chain(&self.words).map(|text| normalise_description(text))
    }
}
