//! Two rows that are one movement between own accounts: which pairs are possible, how likely they are, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use super::provenance::Writer;
use crate::fingerprint::normalise_description;
use crate::{AccountId, AccountType, Code, Currency, Date, TransactionId, category};

/// Two sides are at most so many days apart.
const DAYS: u32 = 4;
/// From this score on a pair is linked at once, if it is the only one.
const AUTO: i64 = 90;
/// From this score on a pair is suggested.
const SUGGEST: i64 = 60;
/// A rival at most so far away makes a pair doubtful.
const RIVAL_WITHIN: u64 = 10;
/// What a rival takes from a score.
const RIVAL: i64 = -20;

/// Words of a transfer between own accounts, as they stand in a bank's text.
const WORDS: &[&str] = &["transfer", "xfer", "payment thank you", "autopay", "to savings"];
/// Groups of categories whose rows have no shop.
const WITHOUT_SHOP: &[&str] = &["income", "transfer", "financial", category::UNCATEGORIZED];

/// One row that may be a side of a transfer. Rows that are deleted or failed are not given at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Its id.
    pub id: TransactionId,
    /// The account it belongs to.
    pub account: AccountId,
    /// What that account is called; empty for one without a name.
    pub account_name: String,
    /// The last digits of that account's number.
    pub account_mask: Option<String>,
    /// The date it shows.
    pub date: Date,
    /// Minor units, in above zero.
    pub minor: i64,
    /// The currency of the amount.
    pub currency: Currency,
    /// The bank's text.
    pub description: String,
    /// The provider says that it is a transfer.
    pub provider_transfer: bool,
    /// It has a shop as its merchant ([`is_shop`]).
    pub shop: bool,
    /// It is paired, left out of budgets, or split: no side of another transfer.
    pub taken: bool,
    /// The account that a rule of the person's says is the other side: no other can be.
    pub named: Option<AccountId>,
}

impl Leg {
    /// Whether a rule has nothing against this other side.
    fn may_meet(&self, other: &Self) -> bool {
        self.named.as_ref().is_none_or(|named| *named == other.account)
    }
}

/// True for a row whose merchant is a shop: the provider named it, or its category is one of spending.
pub fn is_shop(merchant_by: Option<Writer>, category: &str) -> bool {
    merchant_by == Some(Writer::Provider) || !WITHOUT_SHOP.contains(&category::group_of(category))
}

/// The category of both sides of a transfer into an account of this kind.
pub const fn category_into(into: AccountType) -> &'static str {
    match into {
        AccountType::Credit => "transfer.card_payment",
        AccountType::Savings => "transfer.savings",
        AccountType::Cash => "transfer.cash",
        AccountType::Checking | AccountType::Loan | AccountType::Other => "transfer.internal",
    }
}

/// True for a side that keeps its category: its owner gave it one, or it is one of transfers already.
pub fn keeps_category(category: &str, by: Writer) -> bool {
    let is_sorted = category != category::UNCATEGORIZED;
    is_sorted && (by == Writer::User || category::group_of(category) == "transfer")
}

/// One side that a person chooses: what [`may_link`] asks about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen<'c> {
    /// The account it belongs to.
    pub account: &'c AccountId,
    /// Minor units, in above zero.
    pub minor: i64,
    /// The currency of the amount.
    pub currency: Currency,
    /// It is paired or split.
    pub taken: bool,
}

/// Whether a person may make these two a transfer: two accounts, money out and money in, the same amount unless the
/// currencies differ. How far apart their days are is theirs to judge.
pub fn may_link(one: Chosen<'_>, other: Chosen<'_>) -> Result<(), Code> {
    let is_opposite = if one.currency == other.currency {
        one.minor != 0 && other.minor.checked_neg() == Some(one.minor)
    } else {
        one.minor.signum().checked_mul(other.minor.signum()) == Some(-1)
    };
    if one.account == other.account || !is_opposite {
        return Err(Code::PairSides);
    }
    if one.taken || other.taken { Err(Code::PairTaken) } else { Ok(()) }
}

/// What is done with a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Linked, and marked as done by us.
    Auto,
    /// Put before the person.
    Suggest,
}

/// Two rows that may be one movement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The row of the money that left.
    pub out: TransactionId,
    /// The row of the money that came.
    pub into: TransactionId,
    /// How likely it is; 90 and more is as good as certain.
    pub score: i64,
    /// What is done.
    pub verdict: Verdict,
}

/// True when two rows can be two sides: own accounts that differ, opposite amounts in one currency, four days at most, and
/// no rule that names another account.
pub fn is_candidate(out: &Leg, into: &Leg) -> bool {
    out.minor < 0
        && into.minor.checked_neg() == Some(out.minor)
        && out.currency == into.currency
        && out.account != into.account
        && days_apart(out, into) <= DAYS
        && !out.taken
        && !into.taken
        && out.may_meet(into)
        && into.may_meet(out)
}

/// How likely a candidate is, before other candidates are looked at. A rule that names the other account says what a text
/// with its name and the word transfer says, and that the row is no purchase.
pub fn base_score(out: &Leg, into: &Leg) -> i64 {
    let days = match days_apart(out, into) {
        0 => 20,
        1 => 15,
        2 => 10,
        3 => 5,
        _ => 0,
    };
    let (out_text, into_text) = (words(&out.description), words(&into.description));
    let is_ruled = out.named.is_some() || into.named.is_some();
    let is_bought = |leg: &Leg| leg.shop && leg.named.is_none();
    let has_word = WORDS.iter().any(|word| has(&out_text, word) || has(&into_text, word));
    let names_other = mentions(&out_text, into) || mentions(&into_text, out);
    let points = [
        (true, 50),
        (true, days),
        (has_word || is_ruled, 20),
        (names_other || is_ruled, 15),
        (out.provider_transfer && into.provider_transfer, 20),
        (is_bought(out) || is_bought(into), -40),
    ];
    points.iter().filter(|(holds, _)| *holds).map(|(_, points)| points).sum()
}

/// Every pair worth linking or suggesting, the likeliest first. `rejected` are pairs, out before in, that the person
/// turned down. The order of the rows makes no difference.
pub fn find(legs: &[Leg], rejected: &BTreeSet<(TransactionId, TransactionId)>) -> Vec<Found> {
    let pairs = candidates(legs, rejected);
    let mut of_leg: BTreeMap<&TransactionId, Vec<&Candidate<'_>>> = BTreeMap::new();
    for pair in &pairs {
        of_leg.entry(&pair.out.id).or_default().push(pair);
        of_leg.entry(&pair.into.id).or_default().push(pair);
    }
    let has_rival = |pair: &Candidate<'_>| {
        let sides = [&pair.out.id, &pair.into.id];
        let mut beside = sides.into_iter().filter_map(|id| of_leg.get(id)).flatten();
        beside.any(|other| *other != pair && other.score.abs_diff(pair.score) <= RIVAL_WITHIN)
    };
    let judge = |pair: &Candidate<'_>| {
        let is_unique = !has_rival(pair);
        let score = if is_unique { pair.score } else { pair.score.saturating_add(RIVAL) };
        let is_sure = is_unique && score >= AUTO;
        let verdict = if is_sure { Verdict::Auto } else { Verdict::Suggest };
        Found { out: pair.out.id.clone(), into: pair.into.id.clone(), score, verdict }
    };
    let mut found: Vec<Found> =
        pairs.iter().map(judge).filter(|found| found.score >= SUGGEST).collect();
    found.sort_by(|one, other| {
        let likelier = (other.verdict == Verdict::Auto, other.score);
        let by_id = || (&one.out, &one.into).cmp(&(&other.out, &other.into));
        likelier.cmp(&(one.verdict == Verdict::Auto, one.score)).then_with(by_id)
    });
    settle(found)
}

/// Drops the pairs whose side has been linked by a likelier one.
fn settle(found: Vec<Found>) -> Vec<Found> {
    let mut linked: BTreeSet<TransactionId> = BTreeSet::new();
    let mut kept = Vec::new();
    for pair in found {
        if linked.contains(&pair.out) || linked.contains(&pair.into) {
            continue;
        }
        if pair.verdict == Verdict::Auto {
            linked.extend([pair.out.clone(), pair.into.clone()]);
        }
        kept.push(pair);
    }
    kept
}

#[derive(PartialEq, Eq)]
struct Candidate<'l> {
    out: &'l Leg,
    into: &'l Leg,
    score: i64,
}

fn candidates<'l>(
    legs: &'l [Leg],
    rejected: &BTreeSet<(TransactionId, TransactionId)>,
) -> Vec<Candidate<'l>> {
    let mut incoming: BTreeMap<(Currency, i64), Vec<&Leg>> = BTreeMap::new();
    for leg in legs.iter().filter(|leg| leg.minor > 0 && !leg.taken) {
        incoming.entry((leg.currency, leg.minor)).or_default().push(leg);
    }
    for of_amount in incoming.values_mut() {
        of_amount.sort_by_key(|leg| leg.date);
    }
    let mut pairs = Vec::new();
    for out in legs.iter().filter(|leg| leg.minor < 0 && !leg.taken) {
        let amount = out.minor.checked_neg().and_then(|minor| incoming.get(&(out.currency, minor)));
        let Some(of_amount) = amount else { continue };
        let day = out.date.to_julian_day();
        let reach = i32::try_from(DAYS).unwrap_or(0);
        let first =
            of_amount.partition_point(|leg| leg.date.to_julian_day() < day.saturating_sub(reach));
        let near = of_amount.get(first..).unwrap_or_default().iter();
        let near = near.take_while(|leg| leg.date.to_julian_day() <= day.saturating_add(reach));
        for into in near.filter(|into| is_candidate(out, into)) {
            if !rejected.contains(&(out.id.clone(), into.id.clone())) {
                pairs.push(Candidate { out, into, score: base_score(out, into) });
            }
        }
    }
    pairs
}

fn days_apart(one: &Leg, other: &Leg) -> u32 {
    one.date.to_julian_day().abs_diff(other.date.to_julian_day())
}

/// The words of a text with one blank around each: `" payment thank you "`.
fn words(text: &str) -> String {
    let text = normalise_description(text);
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}

/// True when these words stand in the text, whole and in this order.
fn has(text: &str, word: &str) -> bool {
    text.contains(&format!(" {word} "))
}

/// True when a text names an account, by its last digits or its name.
fn mentions(text: &str, other: &Leg) -> bool {
    let name = words(&other.account_name);
    let is_named = !name.trim().is_empty() && text.contains(&name);
    is_named || other.account_mask.as_deref().is_some_and(|mask| has_mask(text, mask))
}

/// True for a word that is the mask, or ends with it after anything but a digit: `4567`, `x4567`.
fn has_mask(text: &str, mask: &str) -> bool {
    let mask = mask.to_lowercase();
    let ends = |word: &str| {
        let before = word.strip_suffix(mask.as_str());
        before.is_some_and(|before| !before.ends_with(|c: char| c.is_ascii_digit()))
    };
    !mask.is_empty() && text.split(' ').any(ends)
}

#[cfg(test)]
#[path = "transfers_tests.rs"]
mod tests;
