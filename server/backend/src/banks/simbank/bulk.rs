//! The account of Big Ledger: a hundred thousand rows on the day it is opened, all booked at once. Any part of it can be
//! made without the rest.

use domain::Date;
use time::Duration;

use super::{
    dice::Dice,
    lives::{Course, Life},
};

/// Days of the past that a login sees, today included.
const DAYS: i64 = 730;
/// Rows on the day of opening.
const ROWS: i64 = 100_000;

const WORDS: [(&str, &str, &str); 8] = [
    ("CARD SALE TERMINAL 4471", "Terminal", "income.other"),
    ("SUPPLIES DEPOT 0112", "Supplies Depot", "shopping.general"),
    ("PARCELWAY BUSINESS", "Parcelway", "services.postage"),
    ("CITY POWER & LIGHT", "City Power & Light", "utilities.electricity_gas"),
    ("CARD SALE TERMINAL 4472", "Terminal", "income.other"),
    ("GREENFIELD WHOLESALE", "Greenfield", "food.groceries"),
    ("METRO COURIER", "Metro Courier", "services.postage"),
    ("TELLER FEE", "Big Ledger", "financial.bank_fees"),
];

/// How many rows there are on a day, for an account whose first day is `since`.
pub(super) fn count_on(since: Date, day: Date) -> usize {
    let (each, more) = (ROWS / DAYS, ROWS % DAYS);
    let n = (day - since).whole_days();
    usize::try_from(each + i64::from((0..more).contains(&n))).unwrap_or(0)
}

/// The row with number `n` of a day.
pub(super) fn row(seed: u64, day: Date, n: usize) -> Life {
    let n = u16::try_from(n).unwrap_or(u16::MAX);
    let mut dice = Dice::new(seed, 1_000 + u64::from(n), day);
    let at = usize::try_from(dice.below(8)).unwrap_or(0);
    let (text, merchant, category) = WORDS[at % WORDS.len()];
    let amount = dice.minor(150, 24_000);
    let minor = if category == "income.other" { amount * 3 } else { -amount };
    Life {
        account: "bulk",
        day,
        n,
        text,
        merchant: Some(merchant),
        category: Some(category),
        transfer: false,
        minor,
        course: Course::Booked,
        enriched: false,
    }
}

/// The first day of a login's past.
pub(super) fn first_day(opened: Date) -> Date {
    opened.checked_sub(Duration::days(DAYS - 1)).unwrap_or(opened)
}
