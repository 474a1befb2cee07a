//! Charging a card.

use super::Engine;
use crate::{
    faults::{About, Charge, Switch},
    model::{CardKind, Customer, Notice, Subscription},
};

/// What a test card's number says about it. The number itself is forgotten at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestCard {
    Good,
    Declined,
    Insufficient,
    NeedsApproval,
    FailsLater,
}

/// Why a later charge was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decline {
    Card,
    NoCard,
    /// Trying again soon is of no use.
    Hopeless,
}

impl TestCard {
    /// By its digits; spaces do not count. `None` if they are no card number.
    pub fn read(number: &str) -> Option<Self> {
        let digits: String = number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let is_number = (12..=19).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && luhn(&digits);
        is_number.then_some(match digits.as_str() {
            "4000000000000002" => Self::Declined,
            "4000000000009995" => Self::Insufficient,
            "4000002500003155" => Self::NeedsApproval,
            "4000000000000341" => Self::FailsLater,
            _ => Self::Good,
        })
    }

    /// How it behaves when it is charged later.
    pub(super) const fn kind(self) -> CardKind {
        if matches!(self, Self::FailsLater) { CardKind::FailsLater } else { CardKind::Good }
    }

    /// Why it is refused at once.
    pub(super) const fn refused(self) -> Option<Notice> {
        match self {
            Self::Declined => Some(Notice::Declined),
            Self::Insufficient => Some(Notice::Insufficient),
            _ => None,
        }
    }
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place.is_multiple_of(2) { 1 } else { 2 };
            digit / 10 + digit % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

impl Engine {
    /// The switch for a customer's next charge, if one is set.
    pub(super) fn charge_switch(&mut self, ids: &[String]) -> Option<Charge> {
        self.take_fault(About { kind: "", ids }, |switch| match switch {
            Switch::Charge(charge) => Some(*charge),
            _ => None,
        })
    }

    /// Charges the card on file.
    pub(super) fn charge(
        &mut self,
        customer: &Customer,
        sub: Option<&Subscription>,
    ) -> Result<(), Decline> {
        let ids = self.ids_of(Some(customer.id), &[sub.map(|sub| sub.id)]);
        match self.charge_switch(&ids) {
            Some(Charge::Ok) => return Ok(()),
            Some(Charge::Hopeless) => return Err(Decline::Hopeless),
            Some(_) => return Err(Decline::Card),
            None => {}
        }
        match customer.card.map(|card| card.kind) {
            Some(CardKind::Good) => Ok(()),
            Some(CardKind::FailsLater) => Err(Decline::Card),
            None => Err(Decline::NoCard),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_known_by_its_number() {
        let pairs = [
            ("4242 4242 4242 4242", Some(TestCard::Good)),
            ("4000-0000-0000-0002", Some(TestCard::Declined)),
            ("4000000000009995", Some(TestCard::Insufficient)),
            ("4000 0025 0000 3155", Some(TestCard::NeedsApproval)),
            ("4000 0000 0000 0341", Some(TestCard::FailsLater)),
            ("5555 5555 5555 4444", Some(TestCard::Good)),
            ("4242 4242 4242 4241", None),
            ("4242", None),
            ("", None),
            ("4242 4242 4242 424x", None),
            ("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", None),
        ];
        for (number, card) in pairs {
            assert_eq!(TestCard::read(number), card, "{number}");
        }
    }
}
