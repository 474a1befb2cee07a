//! Names of people and banks that don't exist.

use crate::Random;

const FIRST: [&str; 24] = [
    "Amara", "Bela", "Carmen", "Dario", "Elif", "Felix", "Greta", "Hiro", "Ines", "Jonas", "Keiko",
    "Lena", "Mateo", "Nadia", "Oscar", "Priya", "Quentin", "Rosa", "Samir", "Tilda", "Umar",
    "Vera", "Wanda", "Yusuf",
];

const LAST: [&str; 24] = [
    "Adler",
    "Brandt",
    "Castillo",
    "Dimitrov",
    "Eriksen",
    "Fontaine",
    "Garcia",
    "Haddad",
    "Ito",
    "Jensen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
    "Patel",
    "Quinn",
    "Rossi",
    "Silva",
    "Tanaka",
    "Umarov",
    "Varga",
    "Weber",
    "Zhang",
];

const BANKS: [&str; 6] = [
    "First Harbor Bank",
    "Northfield Credit Union",
    "Pine Street Savings",
    "Meridian Bank",
    "Lakeshore Federal",
    "Copper Valley Bank",
];

/// A made-up name.
pub(super) fn full_name(random: &Random) -> String {
    format!("{} {}", pick(random, &FIRST), pick(random, &LAST))
}

/// A made-up bank.
pub(super) fn bank(number: u32) -> &'static str {
    BANKS[number as usize % BANKS.len()]
}

/// One of several, each equally likely.
pub(super) fn pick<'t, T>(random: &Random, of: &'t [T]) -> &'t T {
    let at = usize::try_from(random.below(of.len() as u64)).unwrap_or(0);
    &of[at]
}
