//! The secret of a round: the two amounts or the code, as made, as kept and as typed.

use serde::Deserialize;

use super::{DepositKind, STATEMENT_TEXT};
use crate::form::Errors;
use crate::{Code, Currency, FieldError, money};

/// The largest single deposit, in cents.
const MOST: u8 = 98;
/// How many pairs of different amounts there are.
const PAIRS: u32 = 4_753;
/// Random numbers from here on would favour some pairs.
const PAIRS_LIMIT: u32 = u32::MAX - u32::MAX % PAIRS;

/// What a code is made of: no letter or digit that is read as another one. 32 of them.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Characters of a code.
pub(super) const CODE_LENGTH: usize = 4;
/// What stands before a code on the statement.
pub(super) const CODE_PREFIX: &str = "CF";

/// The secret of one round. It has no `Debug`: it stands in no log.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// Of [`DepositKind::Amounts`].
    Amounts(Amounts),
    /// Of [`DepositKind::Code`].
    Code(DepositCode),
}

impl Answer {
    /// A new secret, every one equally likely. `random` gives numbers that nobody can guess; about one in two million is
    /// asked for again.
    pub fn generate(kind: DepositKind, mut random: impl FnMut() -> u32) -> Self {
        match kind {
            DepositKind::Amounts => loop {
                if let Some(amounts) = Amounts::from_random(random()) {
                    return Self::Amounts(amounts);
                }
            },
            DepositKind::Code => Self::Code(DepositCode::from_random(random())),
        }
    }

    /// Which kind of deposits it belongs to.
    pub const fn kind(&self) -> DepositKind {
        match self {
            Self::Amounts(_) => DepositKind::Amounts,
            Self::Code(_) => DepositKind::Code,
        }
    }

    /// One text for all ways of typing it, to be hashed: `32,45` with the smaller amount first, or `7K2M`.
    pub fn canonical(&self) -> String {
        match self {
            Self::Amounts(amounts) => format!("{},{}", amounts.low, amounts.high),
            Self::Code(code) => code.0.clone(),
        }
    }

    /// Reads what [`Answer::canonical`] wrote, and nothing else.
    pub fn from_canonical(kind: DepositKind, text: &str) -> Option<Self> {
        let answer = match kind {
            DepositKind::Amounts => {
                let (low, high) = text.split_once(',')?;
                Self::Amounts(Amounts::new(low.parse().ok()?, high.parse().ok()?).ok()?)
            }
            DepositKind::Code => Self::Code(DepositCode::parse(text).ok()?),
        };
        (answer.canonical() == text).then_some(answer)
    }

    /// What is sent, in cents, as the account sees it: two credits and a debit of their sum, or one cent.
    pub fn deposits(&self) -> Vec<i64> {
        match self {
            Self::Amounts(Amounts { low, high }) => {
                let (low, high) = (i64::from(*low), i64::from(*high));
                vec![low, high, low.saturating_add(high).saturating_neg()]
            }
            Self::Code(_) => vec![1],
        }
    }

    /// What stands beside each of them on the statement.
    pub fn statement_text(&self) -> String {
        match self {
            Self::Amounts(_) => STATEMENT_TEXT.to_owned(),
            Self::Code(code) => format!("{STATEMENT_TEXT} {CODE_PREFIX}{}", code.0),
        }
    }
}

/// Two different amounts of 1 to 98 cents, in no order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    low: u8,
    high: u8,
}

impl Amounts {
    /// Both in cents.
    pub fn new(one: u8, other: u8) -> Result<Self, Code> {
        if ![one, other].iter().all(|cents| (1..=MOST).contains(cents)) {
            return Err(Code::AmountRange);
        }
        if one == other {
            return Err(Code::AmountsMustDiffer);
        }
        Ok(Self { low: one.min(other), high: one.max(other) })
    }

    /// One of the 4,753 pairs; none for the few numbers that would make some pairs likelier than others.
    pub fn from_random(random: u32) -> Option<Self> {
        let place = random.checked_rem(PAIRS).filter(|_| random < PAIRS_LIMIT)?;
        let highs = |low| (low..=MOST).skip(1).map(move |high| Self { low, high });
        (1..MOST).flat_map(highs).nth(usize::try_from(place).ok()?)
    }

    /// Both in cents, the smaller first.
    pub const fn cents(self) -> (u8, u8) {
        (self.low, self.high)
    }
}

/// The four characters of a code.
#[derive(Clone, PartialEq, Eq)]
pub struct DepositCode(String);

impl DepositCode {
    /// One of the 1,048,576 codes: five bits a character, so that all are equally likely.
    pub fn from_random(random: u32) -> Self {
        let letter = |place: usize| {
            let five_bits = random.checked_shr(u32::try_from(place).ok()?.checked_mul(5)?)? % 32;
            ALPHABET.get(usize::try_from(five_bits).ok()?).copied().map(char::from)
        };
        Self((0..CODE_LENGTH).filter_map(letter).collect())
    }

    /// Reads a code: small letters count as large ones, blanks are dropped, `CF` may stand before it.
    pub fn parse(text: &str) -> Result<Self, Code> {
        let typed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if typed.is_empty() {
            return Err(Code::CodeRequired);
        }
        let typed = typed.to_ascii_uppercase();
        // A code may begin with CF itself: only its length tells.
        let bare = typed.strip_prefix(CODE_PREFIX).filter(|rest| rest.len() == CODE_LENGTH);
        let code = bare.unwrap_or(&typed);
        if code.len() != CODE_LENGTH || !code.bytes().all(|b| ALPHABET.contains(&b)) {
            return Err(Code::DepositCodeInvalid);
        }
        Ok(Self(code.to_owned()))
    }

    /// The four characters, in large letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An answer as typed. What is wrong with its form is said at its fields and uses no try.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    /// `amount1`: one of the two amounts, whichever.
    pub amount1: String,
    /// `amount2`: the other one.
    pub amount2: String,
    /// `code`: where a code was sent.
    pub code: String,
}

impl AnswerForm {
    /// Reads the fields that the kind of deposits asks for, and gives all errors at once.
    pub fn parse(&self, kind: DepositKind) -> Result<Answer, Vec<FieldError>> {
        let mut errors = Errors::default();
        let answer = match kind {
            DepositKind::Amounts => self.amounts(&mut errors).map(Answer::Amounts),
            DepositKind::Code => {
                errors.take("code", DepositCode::parse(&self.code)).map(Answer::Code)
            }
        };
        errors.finish(answer)
    }

    fn amounts(&self, errors: &mut Errors) -> Option<Amounts> {
        let one = errors.take("amount1", cents(&self.amount1));
        let other = errors.take("amount2", cents(&self.amount2));
        errors.take("amount2", Amounts::new(one?, other?))
    }
}

/// Reads one amount of 1 to 98 cents: `0.32`, `.32`, `$0.32` and the bare `32` are 32 cents, `.3` is 30.
pub fn cents(text: &str) -> Result<u8, Code> {
    let typed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_whole = !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_digit());
    let minor = if is_whole {
        typed.parse().map_err(|_| Code::AmountRange)
    } else {
        money::parse_minor(&typed, Currency::USD)
    };
    match minor {
        Ok(minor) => u8::try_from(minor)
            .ok()
            .filter(|cents| (1..=MOST).contains(cents))
            .ok_or(Code::AmountRange),
        Err(Code::AmountPrecision(_)) => Err(Code::AmountNumber),
        Err(Code::AmountTooLarge) => Err(Code::AmountRange),
        Err(code) => Err(code),
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
