//! Plaid's personal finance categories, of both versions, as ours.

/// The key of our category: by `detailed`, else by `primary`. Nothing when Plaid has none or isn't sure of it
/// (confidence LOW or UNKNOWN), and for words that neither version has.
pub fn plaid_category(
    primary: Option<&str>,
    detailed: Option<&str>,
    confidence: Option<&str>,
) -> Option<&'static str> {
    if matches!(confidence, Some("LOW" | "UNKNOWN")) {
        return None;
    }
    detailed.and_then(by_detailed).or_else(|| primary.and_then(by_primary))
}

/// True when Plaid says that a row is a movement between accounts: a transfer, or the payment of a card.
pub fn plaid_is_transfer(primary: Option<&str>, detailed: Option<&str>) -> bool {
    matches!(primary, Some("TRANSFER_IN" | "TRANSFER_OUT"))
        || detailed == Some("LOAN_PAYMENTS_CREDIT_CARD_PAYMENT")
}

fn by_detailed(word: &str) -> Option<&'static str> {
    let at = DETAILED.binary_search_by_key(&word, |(known, _)| known).ok()?;
    DETAILED.get(at).map(|(_, key)| *key)
}

fn by_primary(word: &str) -> Option<&'static str> {
    let at = PRIMARY.binary_search_by_key(&word, |(known, _)| known).ok()?;
    PRIMARY.get(at).map(|(_, key)| *key)
}

/// The groups, sorted. `OTHER` says nothing and is left out.
#[rustfmt::skip]
static PRIMARY: &[(&str, &str)] = &[
    ("BANK_FEES", "financial.bank_fees"), ("ENTERTAINMENT", "entertainment"), ("FOOD_AND_DRINK", "food"),
    ("GENERAL_MERCHANDISE", "shopping.general"), ("GENERAL_SERVICES", "services"),
    ("GOVERNMENT_AND_NON_PROFIT", "giving"), ("HOME_IMPROVEMENT", "housing.home_improvement"),
    ("INCOME", "income.other"), ("LOAN_DISBURSEMENTS", "transfer"), ("LOAN_PAYMENTS", "financial.loan_payment"),
    ("MEDICAL", "health"), ("PERSONAL_CARE", "personal"), ("RENT_AND_UTILITIES", "utilities"),
    ("TRANSFER_IN", "transfer"), ("TRANSFER_OUT", "transfer"), ("TRANSPORTATION", "transport"), ("TRAVEL", "travel"),
];

/// What is more exact than its group, sorted. Words that only the first version has: `INCOME_WAGES`,
/// `INCOME_OTHER_INCOME`, `TRANSFER_IN_CASH_ADVANCES_AND_LOANS`.
#[rustfmt::skip]
static DETAILED: &[(&str, &str)] = &[
    ("BANK_FEES_INTEREST_CHARGE", "financial.interest_charges"),
    ("ENTERTAINMENT_MUSIC_AND_AUDIO", "entertainment.streaming"),
    ("ENTERTAINMENT_SPORTING_EVENTS_AMUSEMENT_PARKS_AND_MUSEUMS", "entertainment.events"),
    ("ENTERTAINMENT_TV_AND_MOVIES", "entertainment.streaming"),
    ("ENTERTAINMENT_VIDEO_GAMES", "entertainment.games"),
    ("FOOD_AND_DRINK_BEER_WINE_AND_LIQUOR", "food.alcohol"),
    ("FOOD_AND_DRINK_COFFEE", "food.coffee"),
    ("FOOD_AND_DRINK_FAST_FOOD", "food.restaurants"),
    ("FOOD_AND_DRINK_GROCERIES", "food.groceries"),
    ("FOOD_AND_DRINK_RESTAURANT", "food.restaurants"),
    ("GENERAL_MERCHANDISE_BOOKSTORES_AND_NEWSSTANDS", "entertainment.books"),
    ("GENERAL_MERCHANDISE_CLOTHING_AND_ACCESSORIES", "shopping.clothing"),
    ("GENERAL_MERCHANDISE_ELECTRONICS", "shopping.electronics"),
    ("GENERAL_MERCHANDISE_GIFTS_AND_NOVELTIES", "family.gifts"),
    ("GENERAL_MERCHANDISE_ONLINE_MARKETPLACES", "shopping.online"),
    ("GENERAL_MERCHANDISE_PET_SUPPLIES", "family.pets"),
    ("GENERAL_SERVICES_ACCOUNTING_AND_FINANCIAL_PLANNING", "services.professional"),
    ("GENERAL_SERVICES_AUTOMOTIVE", "transport.vehicle"),
    ("GENERAL_SERVICES_CHILDCARE", "family.childcare"),
    ("GENERAL_SERVICES_CONSULTING_AND_LEGAL", "services.professional"),
    ("GENERAL_SERVICES_EDUCATION", "family.education"),
    ("GENERAL_SERVICES_INSURANCE", "financial.insurance"),
    ("GENERAL_SERVICES_POSTAGE_AND_SHIPPING", "services.postage"),
    ("GOVERNMENT_AND_NON_PROFIT_DONATIONS", "giving.charity"),
    ("GOVERNMENT_AND_NON_PROFIT_GOVERNMENT_DEPARTMENTS_AND_AGENCIES", "giving.government"),
    ("GOVERNMENT_AND_NON_PROFIT_TAX_PAYMENT", "financial.taxes"),
    ("HOME_IMPROVEMENT_FURNITURE", "housing.furnishing"),
    ("INCOME_DIVIDENDS", "income.dividends"),
    ("INCOME_INTEREST_EARNED", "income.interest"),
    ("INCOME_LONG_TERM_DISABILITY", "income.benefits"),
    ("INCOME_MILITARY", "income.benefits"),
    ("INCOME_RETIREMENT_PENSION", "income.benefits"),
    ("INCOME_SALARY", "income.salary"),
    ("INCOME_TAX_REFUND", "income.refund_tax"),
    ("INCOME_UNEMPLOYMENT", "income.benefits"),
    ("INCOME_WAGES", "income.salary"),
    ("LOAN_PAYMENTS_CREDIT_CARD_PAYMENT", "transfer.card_payment"),
    ("LOAN_PAYMENTS_MORTGAGE_PAYMENT", "housing.mortgage"),
    ("MEDICAL_DENTAL_CARE", "health.dental"),
    ("MEDICAL_EYE_CARE", "health.doctor"),
    ("MEDICAL_NURSING_CARE", "health.doctor"),
    ("MEDICAL_PHARMACIES_AND_SUPPLEMENTS", "health.pharmacy"),
    ("MEDICAL_PRIMARY_CARE", "health.doctor"),
    ("MEDICAL_VETERINARY_SERVICES", "family.pets"),
    ("PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS", "health.fitness"),
    ("PERSONAL_CARE_HAIR_AND_BEAUTY", "personal.care"),
    ("PERSONAL_CARE_LAUNDRY_AND_DRY_CLEANING", "personal.laundry"),
    ("RENT_AND_UTILITIES_GAS_AND_ELECTRICITY", "utilities.electricity_gas"),
    ("RENT_AND_UTILITIES_INTERNET_AND_CABLE", "utilities.internet"),
    ("RENT_AND_UTILITIES_RENT", "housing.rent"),
    ("RENT_AND_UTILITIES_SEWAGE_AND_WASTE_MANAGEMENT", "utilities.waste"),
    ("RENT_AND_UTILITIES_TELEPHONE", "utilities.phone"),
    ("RENT_AND_UTILITIES_WATER", "utilities.water"),
    ("TRANSFER_IN_ACCOUNT_TRANSFER", "transfer.internal"),
    ("TRANSFER_IN_INVESTMENT_AND_RETIREMENT_FUNDS", "transfer.investment"),
    ("TRANSFER_IN_SAVINGS", "transfer.savings"),
    ("TRANSFER_OUT_ACCOUNT_TRANSFER", "transfer.internal"),
    ("TRANSFER_OUT_CRYPTO", "transfer.investment"),
    ("TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS", "transfer.investment"),
    ("TRANSFER_OUT_SAVINGS", "transfer.savings"),
    ("TRANSFER_OUT_WITHDRAWAL", "transfer.cash"),
    ("TRANSPORTATION_GAS", "transport.fuel"),
    ("TRANSPORTATION_PARKING", "transport.parking_tolls"),
    ("TRANSPORTATION_PUBLIC_TRANSIT", "transport.transit"),
    ("TRANSPORTATION_TAXIS_AND_RIDE_SHARES", "transport.rideshare"),
    ("TRANSPORTATION_TOLLS", "transport.parking_tolls"),
    ("TRAVEL_FLIGHTS", "travel.flights"),
    ("TRAVEL_LODGING", "travel.lodging"),
    ("TRAVEL_RENTAL_CARS", "travel.local"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::category;

    #[test]
    fn the_tables_are_sorted_and_name_categories_of_ours() {
        for table in [PRIMARY, DETAILED] {
            assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
            for (word, key) in table {
                assert!(category::find(key).is_some(), "{word} {key}");
            }
        }
        for (word, _) in DETAILED {
            assert!(PRIMARY.iter().any(|(primary, _)| word.starts_with(primary)), "{word}");
        }
    }

    #[test]
    fn both_versions_lead_to_our_categories() {
        let cases = [
            ("INCOME", "INCOME_WAGES", "income.salary"),
            ("INCOME", "INCOME_SALARY", "income.salary"),
            ("INCOME", "INCOME_OTHER_INCOME", "income.other"),
            ("INCOME", "INCOME_GIG_ECONOMY", "income.other"),
            ("TRANSFER_IN", "TRANSFER_IN_CASH_ADVANCES_AND_LOANS", "transfer"),
            ("LOAN_DISBURSEMENTS", "LOAN_DISBURSEMENTS_EWA", "transfer"),
            ("LOAN_PAYMENTS", "LOAN_PAYMENTS_CAR_PAYMENT", "financial.loan_payment"),
            ("LOAN_PAYMENTS", "LOAN_PAYMENTS_BNPL", "financial.loan_payment"),
            ("RENT_AND_UTILITIES", "RENT_AND_UTILITIES_RENT", "housing.rent"),
            ("RENT_AND_UTILITIES", "RENT_AND_UTILITIES_OTHER_UTILITIES", "utilities"),
            ("HOME_IMPROVEMENT", "HOME_IMPROVEMENT_HARDWARE", "housing.home_improvement"),
            ("BANK_FEES", "BANK_FEES_LATE_FEES", "financial.bank_fees"),
            ("FOOD_AND_DRINK", "FOOD_AND_DRINK_GROCERIES", "food.groceries"),
            ("FOOD_AND_DRINK", "FOOD_AND_DRINK_OF_THE_FUTURE", "food"),
            ("TRAVEL", "", "travel"),
            ("A_NEW_GROUP", "TRAVEL_FLIGHTS", "travel.flights"),
        ];
        for (primary, detailed, key) in cases {
            for confidence in [None, Some("VERY_HIGH"), Some("HIGH"), Some("MEDIUM"), Some("NEW")] {
                let found = plaid_category(Some(primary), Some(detailed), confidence);
                assert_eq!(found, Some(key), "{primary} {detailed} {confidence:?}");
            }
        }
    }

    #[test]
    fn what_plaid_is_not_sure_of_has_no_category() {
        let food = (Some("FOOD_AND_DRINK"), Some("FOOD_AND_DRINK_COFFEE"));
        assert_eq!(plaid_category(food.0, food.1, Some("LOW")), None);
        assert_eq!(plaid_category(food.0, food.1, Some("UNKNOWN")), None);
        assert_eq!(plaid_category(None, None, None), None);
        assert_eq!(plaid_category(Some("OTHER"), Some("OTHER_OTHER"), Some("HIGH")), None);
        assert_eq!(plaid_category(Some("A_NEW_GROUP"), Some("A_NEW_GROUP_X"), None), None);
    }

    #[test]
    fn a_transfer_is_one_in_plaids_words() {
        assert!(plaid_is_transfer(Some("TRANSFER_OUT"), Some("TRANSFER_OUT_SAVINGS")));
        assert!(plaid_is_transfer(Some("TRANSFER_IN"), None));
        assert!(plaid_is_transfer(
            Some("LOAN_PAYMENTS"),
            Some("LOAN_PAYMENTS_CREDIT_CARD_PAYMENT")
        ));
        assert!(!plaid_is_transfer(Some("LOAN_PAYMENTS"), Some("LOAN_PAYMENTS_CAR_PAYMENT")));
        assert!(!plaid_is_transfer(None, None));
    }

    proptest! {
        #[test]
        fn no_words_ever_fail(primary in "[A-Z_]{0,12}|TRAVEL|INCOME", detailed in "\\PC{0,20}", level in "[A-Z]{0,4}") {
            let key = plaid_category(Some(&primary), Some(&detailed), Some(&level));
            prop_assert!(key.is_none_or(|key| category::find(key).is_some()));
        }
    }
}
