//! Two years of somebody's money: what comes every month, and what a day brings.

use domain::{Date, Month, TransactionStatus, TransactionType};
use time::Duration;

use super::names::pick;
use crate::{Random, transactions::NewTransaction};

/// Days that the ledger covers, today included: 24 months.
pub(super) const DAYS: i64 = 729;

/// Something that comes every month on the same day, or the last before it.
struct Monthly {
    day: u8,
    text: &'static str,
    merchant: &'static str,
    category: &'static str,
    minor: i64,
    /// How much the amount differs from month to month.
    spread: u64,
}

const fn monthly(
    day: u8,
    text: &'static str,
    merchant: &'static str,
    category: &'static str,
    minor: i64,
    spread: u64,
) -> Monthly {
    Monthly { day, text, merchant, category, minor, spread }
}

const MONTHLY: [Monthly; 10] = [
    monthly(1, "ACH RENT MAPLE COURT APTS", "Maple Court", "housing.rent", -145_000, 0),
    monthly(3, "IRONWORKS GYM MEMBERSHIP", "Ironworks Gym", "health.fitness", -3_900, 0),
    monthly(5, "LUMEN STREAMING", "Lumen Streaming", "entertainment.streaming", -1_599, 0),
    monthly(8, "SKYLINE MOBILE AUTOPAY", "Skyline Mobile", "utilities.phone", -4_500, 0),
    monthly(12, "TUNEBOX SUBSCRIPTION", "Tunebox", "services.subscriptions", -1_099, 0),
    monthly(15, "FIBERLINE INTERNET", "Fiberline", "utilities.internet", -6_500, 0),
    monthly(
        18,
        "CITY POWER & LIGHT",
        "City Power & Light",
        "utilities.electricity_gas",
        -6_000,
        6_500,
    ),
    monthly(20, "GUARDIAN MUTUAL INSURANCE", "Guardian Mutual", "financial.insurance", -11_200, 0),
    monthly(25, "PAYROLL BLUEGATE SOFTWARE", "Bluegate Software", "income.salary", 462_000, 0),
    monthly(27, "TRANSFER TO SAVINGS", "Savings", "transfer.savings", -40_000, 0),
];

/// Something a day may bring.
struct Purchase {
    text: &'static str,
    merchant: &'static str,
    category: &'static str,
    /// The smallest amount, and how much more it can be.
    from: u64,
    spread: u64,
}

const fn purchase(
    text: &'static str,
    merchant: &'static str,
    category: &'static str,
    from: u64,
    spread: u64,
) -> Purchase {
    Purchase { text, merchant, category, from, spread }
}

/// The more often something is bought, the more often it stands here.
const PURCHASES: [Purchase; 28] = [
    purchase("GREENFIELD MARKET #214", "Greenfield Market", "food.groceries", 1_800, 9_500),
    purchase("GREENFIELD MARKET #078", "Greenfield Market", "food.groceries", 1_200, 6_000),
    purchase("CORNER PANTRY 0553", "Corner Pantry", "food.groceries", 600, 2_400),
    purchase("HARVEST FOODS ONLINE", "Harvest Foods", "food.groceries", 4_500, 9_000),
    purchase("SUNDAY BAKERY", "Sunday Bakery", "food.groceries", 450, 1_100),
    purchase("SQ *TWIN PEAKS COFFEE", "Twin Peaks Coffee", "food.coffee", 350, 450),
    purchase("SQ *TWIN PEAKS COFFEE", "Twin Peaks Coffee", "food.coffee", 350, 450),
    purchase("MILL ROAD ESPRESSO", "Mill Road Espresso", "food.coffee", 300, 500),
    purchase("TST* NOODLE HOUSE", "Noodle House", "food.restaurants", 1_400, 2_800),
    purchase("TST* LA CANTINA", "La Cantina", "food.restaurants", 1_900, 4_800),
    purchase("SALT & STONE GRILL", "Salt & Stone Grill", "food.restaurants", 3_200, 6_500),
    purchase("QUICKPLATE DELIVERY", "Quickplate", "food.delivery", 1_800, 3_000),
    purchase("HARBOR WINES", "Harbor Wines", "food.alcohol", 1_100, 3_600),
    purchase("RIVERSIDE FUEL 4471", "Riverside Fuel", "transport.fuel", 2_600, 3_900),
    purchase("RIVERSIDE FUEL 2208", "Riverside Fuel", "transport.fuel", 2_400, 3_600),
    purchase("METRO TRANSIT FARE", "Metro Transit", "transport.transit", 275, 550),
    purchase("METRO TRANSIT FARE", "Metro Transit", "transport.transit", 275, 550),
    purchase("HAIL RIDE TRIP", "Hail", "transport.rideshare", 900, 2_700),
    purchase("CIVIC CENTER PARKING", "Civic Center Parking", "transport.parking_tolls", 400, 1_400),
    purchase("BRIGHTSIDE PHARMACY 119", "Brightside Pharmacy", "health.pharmacy", 700, 3_400),
    purchase("PARCELWAY*ORDER 88-1042", "Parcelway", "shopping.online", 1_200, 8_800),
    purchase("PARCELWAY*ORDER 88-7719", "Parcelway", "shopping.online", 900, 5_600),
    purchase("OAK & LINEN", "Oak & Linen", "shopping.clothing", 2_400, 9_600),
    purchase("VOLT ELECTRONICS", "Volt Electronics", "shopping.electronics", 3_900, 21_000),
    purchase("PAPERBACK ROW BOOKS", "Paperback Row", "entertainment.books", 800, 2_900),
    purchase("STARLIGHT CINEMA", "Starlight Cinema", "entertainment.events", 1_300, 2_300),
    purchase("SHEAR DELIGHT SALON", "Shear Delight", "personal.care", 2_800, 4_600),
    purchase("PAWS & CO", "Paws & Co", "family.pets", 1_500, 4_900),
];

/// A row that has no id yet.
struct Draft {
    date: Date,
    text: &'static str,
    merchant: &'static str,
    category: &'static str,
    minor: i64,
    /// Bought with a card, so that it is pending for a day.
    card: bool,
}

/// `count` rows between [`DAYS`] days ago and `today`, in the order of their days. The same `random` gives the
/// same rows.
pub(super) fn rows(random: &Random, today: Date, count: u32) -> Vec<NewTransaction> {
    let count = count as usize;
    let mut drafts = every_month(random, today);
    if drafts.len() > count {
        drafts = thinned(drafts, count);
    }
    while drafts.len() < count {
        drafts.push(bought(random, today));
    }
    drafts.sort_by_key(|draft| draft.date);
    drafts.iter().enumerate().map(|(n, draft)| row(random, today, draft, n)).collect()
}

fn every_month(random: &Random, today: Date) -> Vec<Draft> {
    let start = today - Duration::days(DAYS);
    let mut drafts = Vec::new();
    let mut month = Month::containing(start);
    while month.first_day() <= today {
        for monthly in &MONTHLY {
            let day = monthly.day.min(month.days());
            let date = month.first_day() + Duration::days(i64::from(day) - 1);
            let more = i64::try_from(random.below(monthly.spread + 1)).unwrap_or(0);
            drafts.push(Draft {
                date,
                text: monthly.text,
                merchant: monthly.merchant,
                category: monthly.category,
                minor: monthly.minor - more,
                card: false,
            });
        }
        month = month.next();
    }
    drafts.retain(|draft| (start..=today).contains(&draft.date));
    drafts
}

/// `count` of them, spread evenly.
fn thinned(drafts: Vec<Draft>, count: usize) -> Vec<Draft> {
    let all = drafts.len();
    let mut kept = 0;
    drafts
        .into_iter()
        .enumerate()
        .filter(|(n, _)| {
            let keep = n * count / all >= kept && kept < count;
            kept += usize::from(keep);
            keep
        })
        .map(|(_, draft)| draft)
        .collect()
}

fn bought(random: &Random, today: Date) -> Draft {
    let ago = random.below(DAYS.unsigned_abs() + 1);
    let purchase = pick(random, &PURCHASES);
    let minor = purchase.from + random.below(purchase.spread);
    Draft {
        date: today - Duration::days(i64::try_from(ago).unwrap_or(0)),
        text: purchase.text,
        merchant: purchase.merchant,
        category: purchase.category,
        minor: -i64::try_from(minor).unwrap_or(0),
        card: true,
    }
}

fn row(random: &Random, today: Date, draft: &Draft, n: usize) -> NewTransaction {
    let noon = draft.date.midnight().assume_utc() + Duration::hours(12);
    let moment = noon + Duration::milliseconds(i64::try_from(n).unwrap_or(0));
    let pending = draft.card && draft.date >= today - Duration::days(1);
    let transfer = draft.category.starts_with("transfer.");
    let (id, text) = (random.uuid_v7(moment), draft.text.to_owned());
    NewTransaction {
        merchant: Some(draft.merchant.to_owned()),
        merchant_by: "provider",
        category: draft.category.to_owned(),
        category_by: "provider",
        r#type: if transfer { TransactionType::Transfer } else { TransactionType::of(draft.minor) },
        status: if pending { TransactionStatus::Pending } else { TransactionStatus::Completed },
        ..NewTransaction::plain(id, draft.date, text, draft.minor, "USD".to_owned(), "seed")
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 05 - 31);

    #[test]
    fn there_are_as_many_rows_as_asked_for_within_two_years() {
        for count in [0, 1, 7, 239, 240, 1_000, 5_000] {
            let rows = rows(&Random::seeded(1), TODAY, count);

            assert_eq!(rows.len(), count as usize);
            assert!(rows.iter().all(|row| (date!(2024 - 06 - 01)..=TODAY).contains(&row.date)));
            assert!(
                rows.windows(2).all(|pair| pair[0].date <= pair[1].date && pair[0].id < pair[1].id)
            );
        }
    }

    #[test]
    fn every_category_is_one_of_ours() {
        let named = MONTHLY.iter().map(|m| m.category).chain(PURCHASES.iter().map(|p| p.category));
        for category in named {
            assert!(domain::category::find(category).is_some(), "{category}");
        }
    }

    #[test]
    fn a_thousand_rows_are_a_life_that_adds_up() {
        let rows = rows(&Random::seeded(3), TODAY, 1_000);
        let sum: i64 = rows.iter().map(|row| row.amount_minor).sum();

        assert!(sum > 0, "{sum}");
        assert_eq!(rows.iter().filter(|row| row.category == "income.salary").count(), 24);
        assert!(rows.iter().any(|row| row.status == TransactionStatus::Pending));
    }
}
