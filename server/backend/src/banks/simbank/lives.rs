//! What a day brings: each row from the moment it is authorised to the moment it is booked, or let go.

use domain::{Date, Month};
use time::{Duration, Weekday};

use super::{dice::Dice, institutions::SimAccount};

/// The longest time from the first sign of a row to the last change of it, in days.
pub(super) const LONGEST: i64 = 8;

/// How a row gets from its day to its booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// Booked on its day.
    Booked,
    /// Pending with this amount for so many days; the booked row says which pending row it was.
    Named { hold: i64, days: i64 },
    /// The same, but nothing says so, and the pending row goes a day later.
    Unnamed { hold: i64, days: i64 },
    /// Pending for so many days, and then gone.
    Released { days: i64 },
}

/// One row, with its whole past and future.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life {
    /// [`SimAccount::key`].
    pub account: &'static str,
    /// The day it is authorised.
    pub day: Date,
    /// Which row of that day.
    pub n: u16,
    pub text: &'static str,
    pub merchant: Option<&'static str>,
    pub category: Option<&'static str>,
    /// The bank says that it is a movement between own accounts.
    pub transfer: bool,
    /// Minor units when it is booked.
    pub minor: i64,
    pub course: Course,
    /// The shop's name is found a day after the booking.
    pub enriched: bool,
}

impl Life {
    /// The id of the booked row.
    pub fn id(&self) -> String {
        let day = self.day;
        let (month, n) = (u8::from(day.month()), self.n);
        format!("tx{:04}{month:02}{:02}x{n:03}", day.year(), day.day())
    }

    /// The id of the pending row.
    pub fn pending_id(&self) -> String {
        format!("{}p", self.id())
    }

    /// The day of booking, unless it never is.
    pub fn booked_on(&self) -> Option<Date> {
        match self.course {
            Course::Booked => Some(self.day),
            Course::Named { days, .. } | Course::Unnamed { days, .. } => {
                Some(later(self.day, days))
            }
            Course::Released { .. } => None,
        }
    }

    /// The amount and the last day of the pending row, where there is one.
    pub fn pending(&self) -> Option<(i64, Date)> {
        match self.course {
            Course::Booked => None,
            Course::Named { hold, days } => Some((hold, later(self.day, days - 1))),
            Course::Unnamed { hold, days } => Some((hold, later(self.day, days))),
            Course::Released { days } => Some((self.minor, later(self.day, days - 1))),
        }
    }

    /// The day from which the shop's name is known.
    pub fn named_on(&self) -> Option<Date> {
        let booked = self.booked_on()?;
        self.enriched.then(|| later(booked, 1))
    }
}

fn later(day: Date, days: i64) -> Date {
    day.checked_add(Duration::days(days)).unwrap_or(day)
}

/// Everything of one day that is being written down.
struct Day<'a> {
    seed: u64,
    accounts: &'a [SimAccount],
    date: Date,
    lives: Vec<Life>,
}

/// The text, the shop and the category of a row.
type Words = (&'static str, Option<&'static str>, Option<&'static str>);

impl Day<'_> {
    fn dice(&self, stream: u64) -> Dice {
        Dice::new(self.seed, stream, self.date)
    }

    fn has(&self, account: &str) -> bool {
        self.accounts.iter().any(|known| known.key == account)
    }

    /// Where purchases go.
    fn purse(&self) -> &'static str {
        if self.has("card") { "card" } else { "checking" }
    }

    /// Adds a row; none for an account that this login does not have.
    fn add(&mut self, account: &'static str, words: Words, minor: i64, course: Course) {
        if !self.has(account) {
            return;
        }
        let n = u16::try_from(self.lives.len()).unwrap_or(u16::MAX);
        let (text, merchant, category) = words;
        self.lives.push(Life {
            account,
            day: self.date,
            n,
            text,
            merchant,
            category,
            transfer: false,
            minor,
            course,
            enriched: false,
        });
    }

    /// Adds one side of a movement between own accounts.
    fn transfer(
        &mut self,
        account: &'static str,
        text: &'static str,
        category: &'static str,
        minor: i64,
    ) {
        self.add(account, (text, None, Some(category)), minor, Course::Booked);
        if let Some(life) = self.lives.last_mut().filter(|life| life.account == account) {
            life.transfer = true;
        }
    }
}

/// The rows that are authorised on one day, the same for the same seed.
pub(super) fn on(seed: u64, accounts: &[SimAccount], date: Date) -> Vec<Life> {
    let mut day = Day { seed, accounts, date, lives: Vec::new() };
    wages_and_rent(&mut day);
    subscriptions(&mut day);
    transfers(&mut day);
    shopping(&mut day);
    refunds(&mut day);
    abroad(&mut day);
    day.lives
}

fn wages_and_rent(day: &mut Day<'_>) {
    let fortnight = i64::from(day.date.to_julian_day()) / 7 + i64::from(day.seed.is_multiple_of(2));
    if day.date.weekday() == Weekday::Friday && fortnight % 2 == 0 {
        let words = ("PAYROLL BLUEGATE SOFTWARE", Some("Bluegate Software"), Some("income.salary"));
        day.add("checking", words, 241_237, Course::Booked);
    }
    if day.date == Month::containing(day.date).last_day() {
        let words = ("ACH RENT MAPLE COURT APTS", Some("Maple Court"), Some("housing.rent"));
        day.add("checking", words, -180_000, Course::Booked);
        let interest = day.dice(1).minor(120, 300);
        let words = ("INTEREST PAID", None, Some("income.interest"));
        day.add("savings", words, interest, Course::Booked);
    }
}

/// What the streaming service costs on a day: it rises every April.
fn streaming(date: Date) -> i64 {
    let rises = i64::from(date.year() - 2022) + i64::from(u8::from(date.month()) >= 4);
    1_099 + 150 * rises.clamp(0, 40)
}

fn subscriptions(day: &mut Day<'_>) {
    match day.date.day() {
        2 => {
            let words = ("NIMBUS CLOUD STORAGE", Some("Nimbus"), Some("services.subscriptions"));
            day.add(day.purse(), words, -299, Course::Booked);
        }
        5 => {
            let words = ("LUMEN STREAMING", Some("Lumen"), Some("entertainment.streaming"));
            day.add(day.purse(), words, -streaming(day.date), Course::Booked);
        }
        18 => {
            let words = ("NIMBUS CLOUD STUDIO", Some("Nimbus"), Some("services.subscriptions"));
            day.add(day.purse(), words, -1_099, Course::Booked);
        }
        _ => {}
    }
    let (month, at) = (1 + day.seed % 12, 1 + day.seed / 12 % 28);
    if u64::from(u8::from(day.date.month())) == month && u64::from(day.date.day()) == at {
        let words = (
            "GUARDIAN MUTUAL ANNUAL PREMIUM",
            Some("Guardian Mutual"),
            Some("financial.insurance"),
        );
        day.add("checking", words, -64_800, Course::Booked);
    }
}

/// Two sides, a day apart.
fn transfers(day: &mut Day<'_>) {
    let (both_savings, both_card) = (day.has("savings"), day.has("card"));
    match day.date.day() {
        10 if both_savings => {
            day.transfer("checking", "TRANSFER TO SAVINGS", "transfer.savings", -40_000);
        }
        11 if both_savings => {
            day.transfer("savings", "TRANSFER FROM CHECKING", "transfer.savings", 40_000);
        }
        20 if both_card => {
            day.transfer("checking", "HARBOR CARD AUTOPAY", "transfer.card_payment", -85_000);
        }
        21 if both_card => {
            day.transfer("card", "PAYMENT THANK YOU", "transfer.card_payment", 85_000);
        }
        _ => {}
    }
}

fn shopping(day: &mut Day<'_>) {
    let purse = day.purse();
    let mut dice = day.dice(2);
    if dice.below(7) < 2 {
        let minor = -dice.minor(1_800, 9_500);
        let words = ("GREENFIELD MARKET #214", Some("Greenfield Market"), Some("food.groceries"));
        day.add(purse, words, minor, Course::Named { hold: minor, days: 1 });
    }
    if dice.below(9) == 0 {
        // The pump holds a round sum before it knows how much is taken.
        let minor = -dice.minor(2_600, 3_900);
        let words = ("RIVERSIDE FUEL 4471", Some("Riverside Fuel"), Some("transport.fuel"));
        day.add(purse, words, minor, Course::Unnamed { hold: -12_500, days: 2 });
    }
    if dice.below(3) == 0 {
        let bill = dice.minor(1_400, 4_800);
        let tip = bill * i64::try_from(15 + dice.below(11)).unwrap_or(15) / 100;
        let (hold, named) = (-bill, dice.below(2) == 0);
        let words = ("TST* NOODLE HOUSE", Some("Noodle House"), Some("food.restaurants"));
        let days = 2;
        let course =
            if named { Course::Named { hold, days } } else { Course::Unnamed { hold, days } };
        day.add(purse, words, -bill - tip, course);
    }
    if dice.below(12) == 0 {
        let minor = -dice.minor(900, 8_800);
        day.add(purse, ("PARCELWAY*ORDER 88-1042", None, None), minor, Course::Booked);
        if let Some(life) = day.lives.last_mut() {
            (life.merchant, life.enriched) = (Some("Parcelway"), true);
        }
    }
    if matches!(day.date.day(), 8 | 22) {
        for _ in 0..2 {
            let words = ("METRO TRANSIT FARE", Some("Metro Transit"), Some("transport.transit"));
            day.add(purse, words, -275, Course::Booked);
        }
    }
    if day.date.day() == 2 {
        let words = ("SEASIDE HOTEL HOLD", Some("Seaside Hotel"), Some("travel.lodging"));
        day.add(purse, words, -20_000, Course::Released { days: 6 });
    }
}

/// What the coat costs that is bought on that day.
fn coat(seed: u64, bought: Date) -> i64 {
    Dice::new(seed, 3, bought).minor(6_400, 9_600)
}

/// Something is bought in January, April, July and October, and brought back in the month after.
fn refunds(day: &mut Day<'_>) {
    let words = ("OAK & LINEN", Some("Oak & Linen"), Some("shopping.clothing"));
    let month = Month::containing(day.date);
    if day.date.day() == 18 && month.month() % 3 == 1 {
        let minor = -coat(day.seed, day.date);
        day.add(day.purse(), words, minor, Course::Named { hold: minor, days: 1 });
    }
    let before = month.previous();
    if day.date.day() == 4 && before.month() % 3 == 1 {
        let bought = before.first_day().replace_day(18).unwrap_or(day.date);
        day.add(day.purse(), words, coat(day.seed, bought), Course::Booked);
    }
}

fn abroad(day: &mut Day<'_>) {
    if day.date.day() == 12 {
        day.add("euro", ("AUFLADUNG", None, Some("income.other")), 20_000, Course::Booked);
    }
    if day.date.weekday() == Weekday::Saturday {
        let minor = -day.dice(4).minor(320, 900);
        let words = ("CAFE CENTRAL WIEN", Some("Cafe Central"), Some("food.coffee"));
        day.add("euro", words, minor, Course::Named { hold: minor, days: 2 });
    }
}
