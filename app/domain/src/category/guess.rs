//! A first guess at the category of a new row, from its text and its sign. Rules and people overrule it.

use super::merchants::{AMBIGUOUS, MERCHANTS, PHRASES, WORDS};
use super::{UNCATEGORIZED, find};
use crate::fingerprint::normalise_description;
use crate::merchant;

/// The key of the likely category of a row with this text and this signed amount, or `uncategorized`.
///
/// A telling phrase decides first, then a known shop whichever way the money went (a refund lowers the same category),
/// then a telling word.
pub fn guess(description: &str, minor: i64) -> &'static str {
    let text = normalise_description(description);
    let words: Vec<&str> = text
        .split(' ')
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '&'))
        .filter(|word| !word.is_empty())
        .collect();
    let mut phrases = words.windows(2).map(|pair| pair.join(" "));
    phrases
        .find_map(|phrase| telling(PHRASES, &phrase, minor))
        .or_else(|| by_merchant(&merchant::key(description)))
        .or_else(|| words.iter().find_map(|word| telling(WORDS, word, minor)))
        .and_then(find)
        .map_or(UNCATEGORIZED, |category| category.key)
}

/// The longest known name the key starts with, in whole words.
fn by_merchant(key: &str) -> Option<&'static str> {
    let ends = key.match_indices(' ').map(|(at, _)| at).chain([key.len()]);
    let mut names: Vec<&str> = ends.filter_map(|end| key.get(..end)).collect();
    names.reverse();
    names.into_iter().find_map(|start| {
        let name = start.trim_end_matches([',', '.']);
        let at = MERCHANTS.binary_search_by_key(&name, |(known, _)| known).ok()?;
        let is_sure = start == key || AMBIGUOUS.binary_search(&name).is_err();
        MERCHANTS.get(at).filter(|_| is_sure).map(|(_, category)| *category)
    })
}

fn telling(
    list: &[(&str, &'static str, &'static str)],
    words: &str,
    minor: i64,
) -> Option<&'static str> {
    let at = list.binary_search_by_key(&words, |(known, ..)| known).ok()?;
    let (_, money_in, money_out) = list.get(at)?;
    Some(if minor > 0 { *money_in } else { *money_out }).filter(|category| !category.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_name_known_categories() {
        assert!(MERCHANTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(PHRASES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(WORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(AMBIGUOUS.windows(2).all(|pair| pair[0] < pair[1]));
        let named = MERCHANTS.iter().map(|(_, category)| category);
        let worded =
            PHRASES.iter().chain(WORDS).flat_map(|(_, money_in, money_out)| [money_in, money_out]);
        for category in named.chain(worded).filter(|category| !category.is_empty()) {
            assert!(find(category).is_some_and(|category| !category.is_group()), "{category}");
        }
    }

    #[test]
    fn every_shop_of_the_list_can_be_a_merchant_key() {
        for (name, category) in MERCHANTS {
            assert_eq!(guess(&name.to_uppercase(), -100), *category, "{name}");
        }
    }

    #[test]
    fn shops_are_known_by_their_merchant_key() {
        let cases = [
            ("SQ *BLUE BOTTLE 0231 SEATTLE WA", "food.coffee"),
            ("AMAZON.COM*5C7QC7 AMZN.COM/BILL", "shopping.online"),
            ("POS TRADER JOES #552", "food.groceries"),
            ("UBER *EATS PENDING", "food.delivery"),
            ("UBER EATS HELP.UBER.COM CA", "food.delivery"),
            ("NETFLIX.COM 866-579-7172 CA", "entertainment.streaming"),
            ("CITY POWER & LIGHT", "utilities.electricity_gas"),
            ("SHELL OIL 57442 AUSTIN TX", "transport.fuel"),
        ];
        for (text, category) in cases {
            assert_eq!(guess(text, -1000), category, "{text}");
        }
    }

    #[test]
    fn a_name_that_is_a_word_as_well_counts_alone() {
        assert_eq!(guess("ORANGE 0612345678", -3000), "utilities.phone");
        assert_eq!(guess("ORANGE COUNTY LLC", -3000), "uncategorized");
        assert_eq!(guess("ORANGE COUNTY WATER", -3000), "utilities.water");
    }

    #[test]
    fn words_decide_with_the_sign() {
        assert_eq!(guess("ACME CORP PAYROLL PPD", 240_000), "income.salary");
        assert_eq!(guess("ACME CORP PAYROLL PPD", -240_000), "uncategorized");
        assert_eq!(guess("Interest paid", 12), "income.interest");
        assert_eq!(guess("INTEREST CHARGE", -12), "financial.interest_charges");
        assert_eq!(guess("Monthly service fee", -1200), "financial.bank_fees");
        assert_eq!(guess("RENT JUNE", -180_000), "housing.rent");
        assert_eq!(guess("Miete Juni", -90_000), "housing.rent");
        assert_eq!(guess("Transfer to Savings 4567", -50_000), "transfer.savings");
        assert_eq!(guess("ONLINE XFER", 50_000), "transfer.internal");
        assert_eq!(guess("AUTOPAY PAYMENT - THANK YOU", -50_000), "transfer.card_payment");
    }

    #[test]
    fn a_refund_stays_in_the_category_of_the_shop() {
        assert_eq!(guess("TARGET 00012345", 2000), "shopping.general");
    }

    #[test]
    fn the_unknown_stays_uncategorized() {
        for text in ["", "   ", "XJ-22 LLC", "parental", "targeted", "0000000"] {
            assert_eq!(guess(text, -100), "uncategorized", "{text}");
        }
    }
}
