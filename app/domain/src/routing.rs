//! Routing numbers of US banks (ABA): nine digits with a check.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::Code;

/// A routing number that a person may link an account with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RoutingNumber(String);

impl RoutingNumber {
    /// Reads nine digits; spaces and hyphens are dropped.
    ///
    /// In this order: digits only, nine of them, the check digit, a prefix in use, a prefix that people hold accounts under.
    pub fn parse(text: &str) -> Result<Self, Code> {
        let number = Self::from_provider(text)?;
        match number.0.get(..2).unwrap_or_default() {
            "00" | "80" => Err(Code::RoutingNotConsumer),
            prefix if is_in_use(prefix) => Ok(number),
            _ => Err(Code::RoutingPrefix),
        }
    }

    /// Reads the number that a provider of bank data gave: nine digits and their check, under any prefix. Banks for
    /// tests have prefixes that no bank has.
    pub fn from_provider(text: &str) -> Result<Self, Code> {
        let number: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Code::RoutingDigits);
        }
        if number.len() != 9 {
            return Err(Code::RoutingLength);
        }
        if !checksum(&number).is_multiple_of(10) || number == "000000000" {
            return Err(Code::RoutingChecksum);
        }
        Ok(Self(number))
    }

    /// The nine digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bank's name, when it is one of the large ones.
    pub fn bank_name(&self) -> Option<&'static str> {
        BANKS
            .binary_search_by_key(&self.as_str(), |(number, _)| number)
            .ok()
            .and_then(|at| BANKS.get(at))
            .map(|bank| bank.1)
    }
}

/// 3(d1+d4+d7) + 7(d2+d5+d8) + (d3+d6+d9).
fn checksum(number: &str) -> u32 {
    let weighted = number.bytes().zip([3, 7, 1].into_iter().cycle());
    weighted.map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')).saturating_mul(weight)).sum()
}

/// Federal Reserve districts, thrifts, electronic.
fn is_in_use(prefix: &str) -> bool {
    matches!(prefix.parse::<u8>(), Ok(1..=12 | 21..=32 | 61..=72))
}

impl fmt::Display for RoutingNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for RoutingNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Well-known numbers, sorted.
static BANKS: &[(&str, &str)] = &[
    ("011000138", "Bank of America"),
    ("011103093", "TD Bank"),
    ("011500120", "Citizens Bank"),
    ("021000021", "Chase"),
    ("021000089", "Citibank"),
    ("021001088", "HSBC Bank USA"),
    ("021200025", "Wells Fargo"),
    ("021300077", "KeyBank"),
    ("021313103", "Citizens Bank"),
    ("022000046", "M&T Bank"),
    ("026009593", "Bank of America"),
    ("026013673", "TD Bank"),
    ("031000053", "PNC Bank"),
    ("031100649", "Discover Bank"),
    ("031101279", "The Bancorp Bank"),
    ("031176110", "Capital One"),
    ("031201360", "TD Bank"),
    ("036001808", "TD Bank"),
    ("041001039", "KeyBank"),
    ("042000013", "U.S. Bank"),
    ("042000314", "Fifth Third Bank"),
    ("043000096", "PNC Bank"),
    ("044000024", "Huntington National Bank"),
    ("044000037", "Chase"),
    ("051405515", "Capital One"),
    ("053000196", "Bank of America"),
    ("053101121", "Truist"),
    ("056073502", "Capital One"),
    ("061000104", "Truist"),
    ("062000019", "Regions Bank"),
    ("063100277", "Bank of America"),
    ("063107513", "Wells Fargo"),
    ("065000090", "Capital One"),
    ("071000013", "Chase"),
    ("071921891", "PNC Bank"),
    ("084106768", "Evolve Bank & Trust"),
    ("091000019", "Wells Fargo"),
    ("091000022", "U.S. Bank"),
    ("103100195", "Stride Bank"),
    ("111000025", "Bank of America"),
    ("111000614", "Chase"),
    ("111900659", "Wells Fargo"),
    ("121000248", "Wells Fargo"),
    ("121000358", "Bank of America"),
    ("121042882", "Wells Fargo"),
    ("121140399", "Silicon Valley Bank"),
    ("121202211", "Charles Schwab Bank"),
    ("122100024", "Chase"),
    ("122105278", "Wells Fargo"),
    ("122235821", "U.S. Bank"),
    ("123000220", "U.S. Bank"),
    ("124003116", "Ally Bank"),
    ("124085066", "American Express National Bank"),
    ("124303120", "Green Dot Bank"),
    ("253177049", "State Employees' Credit Union"),
    ("256074974", "Navy Federal Credit Union"),
    ("256078446", "PenFed Credit Union"),
    ("267084131", "Chase"),
    ("271070801", "Citibank"),
    ("314074269", "USAA Federal Savings Bank"),
    ("321171184", "Citibank"),
    ("322271627", "Chase"),
    ("325081403", "BECU"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<String, Code> {
        RoutingNumber::parse(text).map(|number| number.as_str().to_owned())
    }

    #[test]
    fn numbers_in_use_are_accepted() {
        for number in ["021000021", "011401533", "110000000", "322271627", "256074974", "613000002"]
        {
            assert_eq!(parse(number), Ok(number.to_owned()));
        }
        assert_eq!(parse(" 0210-0002 1"), Ok("021000021".to_owned()));
    }

    #[test]
    fn a_swap_of_neighbours_that_differ_by_five_is_a_known_limit() {
        assert_eq!(parse("256079474"), Ok("256079474".to_owned()));
    }

    #[test]
    fn the_first_rule_broken_is_named() {
        let cases: &[(&str, Code)] = &[
            ("021000022", Code::RoutingChecksum),
            ("012000021", Code::RoutingChecksum),
            ("123456789", Code::RoutingChecksum),
            ("000000000", Code::RoutingChecksum),
            ("130000006", Code::RoutingPrefix),
            ("330000000", Code::RoutingPrefix),
            ("500000005", Code::RoutingPrefix),
            ("333333334", Code::RoutingPrefix),
            ("000000518", Code::RoutingNotConsumer),
            ("800000006", Code::RoutingNotConsumer),
            ("02100002", Code::RoutingLength),
            ("0210000210", Code::RoutingLength),
            ("", Code::RoutingLength),
            ("\u{FF10}21000021", Code::RoutingDigits),
            ("02100002I", Code::RoutingDigits),
        ];
        for (number, code) in cases {
            assert_eq!(parse(number), Err(*code), "{number}");
        }
    }

    #[test]
    fn a_providers_number_may_have_any_prefix_and_needs_its_check() {
        for number in ["333333334", "021000021", "800000006", "000000518"] {
            let read = RoutingNumber::from_provider(number);
            assert_eq!(read.map(|read| read.to_string()), Ok(number.to_owned()));
        }
        for (number, code) in [
            ("333333335", Code::RoutingChecksum),
            ("000000000", Code::RoutingChecksum),
            ("33333333", Code::RoutingLength),
            ("33333333X", Code::RoutingDigits),
        ] {
            assert_eq!(RoutingNumber::from_provider(number), Err(code), "{number}");
        }
    }

    #[test]
    fn every_bank_of_the_list_has_a_number_people_can_link() {
        assert!(BANKS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (number, name) in BANKS {
            assert_eq!(RoutingNumber::parse(number).unwrap().bank_name(), Some(*name));
        }
        assert_eq!(RoutingNumber::parse("110000000").unwrap().bank_name(), None);
    }

    proptest! {
        #[test]
        fn no_single_wrong_digit_passes(body in 0_u32..100_000_000, at in 0_usize..9, digit in 0_u8..10) {
            let body = format!("{body:08}");
            let weighted: u32 = body.bytes().zip([3, 7, 1].into_iter().cycle()).map(|(d, w)| u32::from(d - b'0') * w).sum();
            let number = format!("{body}{}", (10 - weighted % 10) % 10);
            prop_assume!(RoutingNumber::parse(&number).is_ok());

            let mut changed = number.clone().into_bytes();
            changed[at] = b'0' + digit;
            let changed = String::from_utf8(changed).unwrap();

            prop_assert_eq!(changed == number, RoutingNumber::parse(&changed).is_ok());
        }

        #[test]
        fn any_text_is_answered_without_a_panic(text in "\\PC{0,20}") {
            let _ = RoutingNumber::parse(&text);
        }
    }
}
