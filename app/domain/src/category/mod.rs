//! The categories: two levels, stable keys, one word for the screen and one icon (a Lucide name) each.

mod guess;
mod merchants;

pub use guess::guess;

use crate::Code;

/// The key of rows nobody has sorted yet.
pub const UNCATEGORIZED: &str = "uncategorized";

/// A group, such as `food`, or a leaf of one, such as `food.groceries`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    /// Never changes: `food.groceries`.
    pub key: &'static str,
    /// On the screen: "Groceries".
    pub label: &'static str,
    /// The key of its group; its own for a group.
    pub group: &'static str,
    /// The Lucide name of its icon.
    pub icon: &'static str,
}

impl Category {
    /// True for a group.
    pub fn is_group(&self) -> bool {
        self.key == self.group
    }
}

const fn group(key: &'static str, label: &'static str, icon: &'static str) -> Category {
    Category { key, label, group: key, icon }
}

const fn leaf(
    key: &'static str,
    label: &'static str,
    group: &'static str,
    icon: &'static str,
) -> Category {
    Category { key, label, group, icon }
}

/// Every group, each followed by its leaves.
pub const ALL: &[Category] = &[
    group("income", "Income", "banknote"),
    leaf("income.salary", "Salary", "income", "banknote"),
    leaf("income.interest", "Interest", "income", "banknote"),
    leaf("income.dividends", "Dividends", "income", "banknote"),
    leaf("income.refund_tax", "Tax refund", "income", "banknote"),
    leaf("income.benefits", "Benefits", "income", "banknote"),
    leaf("income.other", "Other income", "income", "banknote"),
    group("transfer", "Transfers", "arrow-left-right"),
    leaf("transfer.internal", "Between accounts", "transfer", "arrow-left-right"),
    leaf("transfer.card_payment", "Card payment", "transfer", "arrow-left-right"),
    leaf("transfer.savings", "To savings", "transfer", "arrow-left-right"),
    leaf("transfer.investment", "To investments", "transfer", "arrow-left-right"),
    leaf("transfer.cash", "Cash withdrawal", "transfer", "arrow-left-right"),
    group("housing", "Housing", "house"),
    leaf("housing.rent", "Rent", "housing", "house"),
    leaf("housing.mortgage", "Mortgage", "housing", "house"),
    leaf("housing.property_tax", "Property tax", "housing", "house"),
    leaf("housing.home_improvement", "Home improvement", "housing", "house"),
    leaf("housing.furnishing", "Furnishing", "housing", "house"),
    group("utilities", "Utilities", "plug"),
    leaf("utilities.electricity_gas", "Electricity and gas", "utilities", "plug"),
    leaf("utilities.water", "Water", "utilities", "plug"),
    leaf("utilities.internet", "Internet", "utilities", "plug"),
    leaf("utilities.phone", "Phone", "utilities", "plug"),
    leaf("utilities.waste", "Waste", "utilities", "plug"),
    group("food", "Food", "shopping-basket"),
    leaf("food.groceries", "Groceries", "food", "shopping-basket"),
    leaf("food.restaurants", "Restaurants", "food", "shopping-basket"),
    leaf("food.coffee", "Coffee", "food", "shopping-basket"),
    leaf("food.delivery", "Food delivery", "food", "shopping-basket"),
    leaf("food.alcohol", "Alcohol", "food", "shopping-basket"),
    group("transport", "Transport", "car"),
    leaf("transport.fuel", "Fuel", "transport", "car"),
    leaf("transport.transit", "Public transport", "transport", "car"),
    leaf("transport.rideshare", "Taxi and rides", "transport", "car"),
    leaf("transport.parking_tolls", "Parking and tolls", "transport", "car"),
    leaf("transport.vehicle", "Vehicle", "transport", "car"),
    group("shopping", "Shopping", "shopping-bag"),
    leaf("shopping.general", "General shopping", "shopping", "shopping-bag"),
    leaf("shopping.clothing", "Clothing", "shopping", "shopping-bag"),
    leaf("shopping.electronics", "Electronics", "shopping", "shopping-bag"),
    leaf("shopping.online", "Online shopping", "shopping", "shopping-bag"),
    group("health", "Health", "heart-pulse"),
    leaf("health.doctor", "Doctor", "health", "heart-pulse"),
    leaf("health.pharmacy", "Pharmacy", "health", "heart-pulse"),
    leaf("health.dental", "Dental", "health", "heart-pulse"),
    leaf("health.fitness", "Fitness", "health", "heart-pulse"),
    group("personal", "Personal care", "scissors"),
    leaf("personal.care", "Hair and beauty", "personal", "scissors"),
    leaf("personal.laundry", "Laundry", "personal", "scissors"),
    group("entertainment", "Entertainment", "ticket"),
    leaf("entertainment.streaming", "Streaming", "entertainment", "ticket"),
    leaf("entertainment.events", "Events", "entertainment", "ticket"),
    leaf("entertainment.games", "Games", "entertainment", "ticket"),
    leaf("entertainment.books", "Books", "entertainment", "ticket"),
    group("travel", "Travel", "plane"),
    leaf("travel.flights", "Flights", "travel", "plane"),
    leaf("travel.lodging", "Lodging", "travel", "plane"),
    leaf("travel.local", "Local travel", "travel", "plane"),
    group("family", "Family", "users"),
    leaf("family.childcare", "Childcare", "family", "users"),
    leaf("family.education", "Education", "family", "users"),
    leaf("family.pets", "Pets", "family", "users"),
    leaf("family.gifts", "Gifts", "family", "users"),
    group("financial", "Financial", "landmark"),
    leaf("financial.bank_fees", "Bank fees", "financial", "landmark"),
    leaf("financial.interest_charges", "Interest charges", "financial", "landmark"),
    leaf("financial.insurance", "Insurance", "financial", "landmark"),
    leaf("financial.loan_payment", "Loan payment", "financial", "landmark"),
    leaf("financial.taxes", "Taxes", "financial", "landmark"),
    group("services", "Services", "briefcase"),
    leaf("services.professional", "Professional services", "services", "briefcase"),
    leaf("services.subscriptions", "Subscriptions", "services", "briefcase"),
    leaf("services.postage", "Postage", "services", "briefcase"),
    group("giving", "Giving", "hand-heart"),
    leaf("giving.charity", "Charity", "giving", "hand-heart"),
    leaf("giving.government", "Government", "giving", "hand-heart"),
    group("uncategorized", "Uncategorized", "circle-dashed"),
];

/// The category with this key.
pub fn find(key: &str) -> Option<&'static Category> {
    ALL.iter().find(|category| category.key == key)
}

/// What a key is called on the screen; an unknown one is shown as uncategorized.
pub fn label(key: &str) -> &'static str {
    find(key).map_or("Uncategorized", |category| category.label)
}

/// The icon of a key; an unknown one has the icon of uncategorized.
pub fn icon(key: &str) -> &'static str {
    find(key).map_or("circle-dashed", |category| category.icon)
}

/// The groups, in the order of the table.
pub fn groups() -> impl Iterator<Item = &'static Category> {
    ALL.iter().filter(|category| category.is_group())
}

/// The leaves of a group.
pub fn leaves(group: &str) -> impl Iterator<Item = &'static Category> {
    ALL.iter().filter(move |category| category.group == group && !category.is_group())
}

/// The keys a filter on this key means: a group with all its leaves, or a leaf alone.
pub fn subtree(key: &str) -> Vec<&'static str> {
    ALL.iter()
        .filter(|category| category.key == key || category.group == key)
        .map(|category| category.key)
        .collect()
}

/// The key behind what a file or a person calls it: a label or a key, in either case.
pub fn from_label(text: &str) -> Option<&'static str> {
    let text = text.trim().to_lowercase();
    let leaf_name = |category: &&Category| {
        category.key.rsplit('.').next() == Some(text.as_str())
            && !matches!(text.as_str(), "other" | "general" | "local")
    };
    ALL.iter()
        .find(|category| category.key == text || category.label.to_lowercase() == text)
        .or_else(|| ALL.iter().find(leaf_name))
        .map(|category| category.key)
}

/// Longest name of a person's own leaf, in its key.
const OWN_NAME_MAX: usize = 40;

/// Reads the key of a category of ours, or of a person's own leaf under a group of ours, such as `food.school-lunch`.
/// Whether an own leaf exists only its owner's list knows.
pub fn parse_key(text: &str) -> Result<String, Code> {
    if find(text).is_some() || is_own(text) {
        return Ok(text.to_owned());
    }
    Err(Code::CategoryUnknown)
}

/// True for the key of an own leaf: a group of ours, a point, and a name that is none of ours.
pub fn is_own(key: &str) -> bool {
    let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    let is_name = |name: &str| (1..=OWN_NAME_MAX).contains(&name.len()) && name.bytes().all(known);
    let Some((group, name)) = key.split_once('.') else { return false };
    group != UNCATEGORIZED
        && find(group).is_some_and(Category::is_group)
        && is_name(name)
        && find(key).is_none()
}

/// The key of the group a key belongs to, of ours or an own one; `uncategorized` for one that is neither.
pub fn group_of(key: &str) -> &'static str {
    let group = key.split_once('.').map_or(key, |(group, _)| group);
    find(group).map_or(UNCATEGORIZED, |category| category.group)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_and_labels_are_unique() {
        let keys: BTreeSet<_> = ALL.iter().map(|category| category.key).collect();
        let labels: BTreeSet<_> =
            ALL.iter().map(|category| category.label.to_lowercase()).collect();
        assert_eq!(keys.len(), ALL.len());
        assert_eq!(labels.len(), ALL.len());
    }

    #[test]
    fn every_leaf_stands_behind_its_group() {
        let mut current = "";
        for category in ALL {
            if category.is_group() {
                current = category.key;
            }
            assert_eq!(category.group, current);
            assert!(
                category.key == current || category.key.starts_with(&format!("{current}.")),
                "{}",
                category.key
            );
        }
        assert_eq!(groups().count(), 16);
    }

    #[test]
    fn a_group_means_all_of_its_leaves() {
        assert_eq!(subtree("personal"), ["personal", "personal.care", "personal.laundry"]);
        assert_eq!(subtree("food.coffee"), ["food.coffee"]);
        assert_eq!(subtree("nothing"), Vec::<&str>::new());
        assert_eq!(leaves("uncategorized").count(), 0);
    }

    #[test]
    fn labels_lead_back_to_keys() {
        for category in ALL {
            assert_eq!(from_label(category.label), Some(category.key));
            assert_eq!(from_label(category.key), Some(category.key));
        }
        assert_eq!(from_label(" GROCERIES "), Some("food.groceries"));
        assert_eq!(from_label("rent"), Some("housing.rent"));
        assert_eq!(from_label("other"), None);
        assert_eq!(from_label("whatever"), None);
    }

    #[test]
    fn an_unknown_key_is_shown_as_uncategorized() {
        assert_eq!(label("custom.thing"), "Uncategorized");
        assert_eq!(label("food.groceries"), "Groceries");
        assert_eq!(icon("food.groceries"), "shopping-basket");
        assert_eq!(icon("zzz"), "circle-dashed");
    }

    #[test]
    fn a_person_can_have_leaves_of_their_own_under_any_group() {
        for key in ["food", "food.coffee", "uncategorized", "food.school-lunch", "family.c_1"] {
            assert_eq!(parse_key(key).as_deref(), Ok(key));
        }
        let long = format!("food.{}", "x".repeat(41));
        for key in ["", "zzz", "zzz.a", "food.", "food.A b", "food.a.b", "uncategorized.a", &long] {
            assert_eq!(parse_key(key), Err(Code::CategoryUnknown), "{key}");
        }
        assert!(is_own("food.school-lunch") && !is_own("food.coffee"));
        assert_eq!(group_of("food.school-lunch"), "food");
        assert_eq!(group_of("food"), "food");
        assert_eq!(group_of("zzz.a"), "uncategorized");
    }
}
