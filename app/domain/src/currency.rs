//! ISO 4217: the currencies in use, their decimals and the signs people know them by.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Code;

/// A currency of ISO 4217 that is in use.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(&'static Info);

#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Info {
    code: &'static str,
    exponent: u32,
    symbol: Option<&'static str>,
}

const fn plain(code: &'static str, exponent: u32) -> Info {
    Info { code, exponent, symbol: None }
}

const fn known(code: &'static str, exponent: u32, symbol: &'static str) -> Info {
    Info { code, exponent, symbol: Some(symbol) }
}

static USD: Info = known("USD", 2, "$");

/// Every code with minor units, sorted; metals, test codes and units of account have none and are left out.
/// BGN ended on 1 January 2026 and stays for statements from before.
#[rustfmt::skip]
static TABLE: &[Info] = &[
    plain("AED", 2), plain("AFN", 2), plain("ALL", 2), plain("AMD", 2), plain("AOA", 2), plain("ARS", 2),
    known("AUD", 2, "A$"), plain("AWG", 2), plain("AZN", 2), plain("BAM", 2), plain("BBD", 2), plain("BDT", 2),
    plain("BGN", 2), plain("BHD", 3), plain("BIF", 0), plain("BMD", 2), plain("BND", 2), plain("BOB", 2),
    plain("BOV", 2), known("BRL", 2, "R$"), plain("BSD", 2), plain("BTN", 2), plain("BWP", 2), plain("BYN", 2),
    plain("BZD", 2), known("CAD", 2, "CA$"), plain("CDF", 2), plain("CHE", 2), plain("CHF", 2), plain("CHW", 2),
    plain("CLF", 4), plain("CLP", 0), known("CNY", 2, "CN¥"), plain("COP", 2), plain("COU", 2), plain("CRC", 2),
    plain("CUP", 2), plain("CVE", 2), plain("CZK", 2), plain("DJF", 0), plain("DKK", 2), plain("DOP", 2),
    plain("DZD", 2), plain("EGP", 2), plain("ERN", 2), plain("ETB", 2), known("EUR", 2, "€"), plain("FJD", 2),
    plain("FKP", 2), known("GBP", 2, "£"), known("GEL", 2, "₾"), known("GHS", 2, "₵"), plain("GIP", 2),
    plain("GMD", 2), plain("GNF", 0), plain("GTQ", 2), plain("GYD", 2), known("HKD", 2, "HK$"), plain("HNL", 2),
    plain("HTG", 2), plain("HUF", 2), plain("IDR", 2), known("ILS", 2, "₪"), known("INR", 2, "₹"), plain("IQD", 3),
    plain("IRR", 2), plain("ISK", 0), plain("JMD", 2), plain("JOD", 3), known("JPY", 0, "¥"), plain("KES", 2),
    plain("KGS", 2), plain("KHR", 2), plain("KMF", 0), plain("KPW", 2), known("KRW", 0, "₩"), plain("KWD", 3),
    plain("KYD", 2), known("KZT", 2, "₸"), plain("LAK", 2), plain("LBP", 2), plain("LKR", 2), plain("LRD", 2),
    plain("LSL", 2), plain("LYD", 3), plain("MAD", 2), plain("MDL", 2), plain("MGA", 2), plain("MKD", 2),
    plain("MMK", 2), plain("MNT", 2), plain("MOP", 2), plain("MRU", 2), plain("MUR", 2), plain("MVR", 2),
    plain("MWK", 2), known("MXN", 2, "MX$"), plain("MXV", 2), plain("MYR", 2), plain("MZN", 2), plain("NAD", 2),
    known("NGN", 2, "₦"), plain("NIO", 2), plain("NOK", 2), plain("NPR", 2), known("NZD", 2, "NZ$"), plain("OMR", 3),
    plain("PAB", 2), plain("PEN", 2), plain("PGK", 2), known("PHP", 2, "₱"), plain("PKR", 2), plain("PLN", 2),
    plain("PYG", 0), plain("QAR", 2), plain("RON", 2), plain("RSD", 2), plain("RUB", 2), plain("RWF", 0),
    plain("SAR", 2), plain("SBD", 2), plain("SCR", 2), plain("SDG", 2), plain("SEK", 2), plain("SGD", 2),
    plain("SHP", 2), plain("SLE", 2), plain("SOS", 2), plain("SRD", 2), plain("SSP", 2), plain("STN", 2),
    plain("SVC", 2), plain("SYP", 2), plain("SZL", 2), plain("THB", 2), plain("TJS", 2), plain("TMT", 2),
    plain("TND", 3), plain("TOP", 2), known("TRY", 2, "₺"), plain("TTD", 2), known("TWD", 2, "NT$"), plain("TZS", 2),
    known("UAH", 2, "₴"), plain("UGX", 0), known("USD", 2, "$"), plain("USN", 2), plain("UYI", 0), plain("UYU", 2),
    plain("UYW", 4), plain("UZS", 2), plain("VED", 2), plain("VES", 2), known("VND", 0, "₫"), plain("VUV", 0),
    plain("WST", 2), plain("XAD", 2), plain("XAF", 0), plain("XCD", 2), plain("XCG", 2), plain("XOF", 0),
    plain("XPF", 0), plain("YER", 2), plain("ZAR", 2), plain("ZMW", 2), plain("ZWG", 2),
];

impl Currency {
    /// The US dollar.
    pub const USD: Self = Self(&USD);

    /// Finds a currency by its three letters, in either case.
    pub fn parse(text: &str) -> Result<Self, Code> {
        let code = text.trim().to_ascii_uppercase();
        TABLE
            .binary_search_by(|info| info.code.cmp(&code))
            .ok()
            .and_then(|at| TABLE.get(at))
            .map(Self)
            .ok_or(Code::CurrencyUnknown)
    }

    /// Every currency, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(Self)
    }

    /// The three letters.
    pub const fn code(self) -> &'static str {
        self.0.code
    }

    /// The three letters, under the name every text column has.
    #[cfg(feature = "sqlx")]
    const fn as_str(self) -> &'static str {
        self.0.code
    }

    /// How many decimals the minor unit stands for: 2 for cents.
    pub const fn exponent(self) -> u32 {
        self.0.exponent
    }

    /// The sign people know it by, when it has one that can't be mistaken.
    pub const fn symbol(self) -> Option<&'static str> {
        self.0.symbol
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code)
    }
}

impl FromStr for Currency {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        Self::parse(text)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).map_err(serde::de::Error::custom)
    }
}

text_column!(Currency);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_no_code_twice() {
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(TABLE.iter().all(|info| info.code.len() == 3));
    }

    #[test]
    fn decimals_follow_iso_4217() {
        let none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
        let three = "BHD IQD JOD KWD LYD OMR TND";
        for currency in Currency::all() {
            let expected = match currency.code() {
                code if none.contains(code) => 0,
                code if three.contains(code) => 3,
                "CLF" | "UYW" => 4,
                _ => 2,
            };
            assert_eq!(currency.exponent(), expected, "{currency}");
        }
    }

    #[test]
    fn the_dollar_is_the_dollar_of_the_table() {
        assert_eq!(Currency::parse("usd"), Ok(Currency::USD));
        assert_eq!(serde_json::to_string(&Currency::USD).unwrap(), r#""USD""#);
        assert_eq!(serde_json::from_str::<Currency>(r#""USD""#).unwrap(), Currency::USD);
    }

    #[test]
    fn an_unknown_code_is_refused() {
        for code in ["", "XXX", "XAU", "ZZZ", "US", "USDX", "€€€"] {
            assert_eq!(Currency::parse(code), Err(Code::CurrencyUnknown), "{code}");
        }
    }
}
