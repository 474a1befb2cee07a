//! Categories to choose from, with a person's own leaves and their words for ours.

use backend::categories::OwnCategory;
use domain::{
    category,
    search::{CategoryWords, Vocabulary},
};

use crate::ui::Choice;

/// The person's word for a category, else ours.
pub(crate) fn label<'l>(own: &'l [OwnCategory], key: &'l str) -> &'l str {
    let found = own.iter().find(|found| found.key == key);
    found.map_or_else(|| category::label(key), |found| found.label.as_str())
}

/// The keys of the leaves of a group, ours and then the person's own.
pub(crate) fn leaves<'l>(own: &'l [OwnCategory], group: &'l str) -> impl Iterator<Item = &'l str> {
    let theirs = own.iter().filter(move |found| found.own && found.group_key == group);
    category::leaves(group).map(|leaf| leaf.key).chain(theirs.map(|found| found.key.as_str()))
}

/// Each group, then its leaves: "Food", "Food · Groceries", "Food · School lunch".
pub(crate) fn categories(own: &[OwnCategory]) -> Vec<Choice> {
    let groups = category::ALL.iter().filter(|found| found.is_group());
    groups
        .flat_map(|group| {
            let name = label(own, group.key);
            let leaves = leaves(own, group.key)
                .map(|key| Choice::new(key, format!("{name} · {}", label(own, key))));
            std::iter::once(Choice::new(group.key, name)).chain(leaves).collect::<Vec<_>>()
        })
        .collect()
}

/// The groups that an own leaf can stand under.
pub(crate) fn groups(own: &[OwnCategory]) -> Vec<Choice> {
    category::ALL
        .iter()
        .filter(|found| found.is_group() && found.key != category::UNCATEGORIZED)
        .map(|group| Choice::new(group.key, label(own, group.key)))
        .collect()
}

/// What a search can name.
pub(super) fn vocabulary(accounts: &[domain::AccountView], own: &[OwnCategory]) -> Vocabulary {
    let accounts = accounts.iter().map(|account| domain::search::AccountWords {
        id: account.id.clone(),
        name: account.display_name(),
        words: [
            Some(account.account_type.label().to_owned()),
            Some(account.bank_name.clone()),
            account.mask.clone(),
        ]
        .into_iter()
        .flatten()
        .collect(),
    });
    let categories = own
        .iter()
        .map(|found| CategoryWords { key: found.key.clone(), label: found.label.clone() });
    Vocabulary { accounts: accounts.collect(), categories: categories.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Vec<OwnCategory> {
        let found = |key: &str, label: &str, own| OwnCategory {
            key: key.to_owned(),
            group_key: "food".to_owned(),
            label: label.to_owned(),
            own,
        };
        vec![
            found("food.coffee", "Caffeine", false),
            found("food.school-lunch", "School lunch", true),
        ]
    }

    #[test]
    fn own_leaves_stand_in_their_group_under_the_persons_own_words() {
        let labels: Vec<String> =
            categories(&own()).into_iter().map(|choice| choice.label).collect();

        for label in
            ["Food", "Food · Groceries", "Food · Caffeine", "Food · School lunch", "Uncategorized"]
        {
            assert!(labels.contains(&label.to_owned()), "{label} in {labels:?}");
        }
        assert!(!labels.contains(&"Food · Coffee".to_owned()));
    }

    #[test]
    fn a_leaf_cannot_stand_under_no_category() {
        let values: Vec<String> = groups(&[]).into_iter().map(|choice| choice.value).collect();

        assert!(
            values.contains(&"food".to_owned()) && !values.contains(&"uncategorized".to_owned())
        );
    }
}
